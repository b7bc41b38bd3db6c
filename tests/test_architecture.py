"""The layers hold: imports point inwards, the domain needs no framework, and only doors and tasks ask the clock."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ROOT

PACKAGE = ROOT / "commitments"
RANKS = {
    name: rank
    for rank, names in enumerate(
        [
            "domain",
            "models",
            "migrations queries forms filters",
            "mail exchange",
            "actions",
            "tasks",
            "views api admin management templatetags urls apps",
        ]
    )
    for name in names.split()
}
DOORS = RANKS["views"]
CLOCK = {"date.today", "datetime.now", "timezone.now", "timezone.localdate", "timezone.localtime", "time.time"}
Parsed = dict[Path, ast.Module]


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def layer_of(module: str) -> str | None:
    """The layer of a module of ours by its dotted name; None for anybody else's."""
    package, _, rest = module.partition(".")
    return rest.split(".")[0] if package == "commitments" and rest else None


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the module of every import; a relative one begins with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def without_typing(tree: ast.Module) -> ast.Module:
    """The module as it runs: what stands under `if TYPE_CHECKING:` does not."""
    body = [node for node in tree.body if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")]
    return ast.Module(body, tree.type_ignores)


@pytest.fixture(scope="module")
def modules() -> Parsed:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return {path: ast.parse(path.read_text("utf-8")) for path in paths}


def at(path: Path, line: int, what: str) -> str:
    return f"{path.relative_to(ROOT)}:{line} {what}"


def test_every_module_belongs_to_a_layer(modules):
    assert {layer(path) for path in modules} <= set(RANKS)


def test_imports_point_inwards(modules):
    outward = [
        at(path, line, name)
        for path, tree in modules.items()
        for line, name in imports(without_typing(tree))
        if (theirs := layer_of(name)) not in (None, layer(path))
        and RANKS[theirs] >= RANKS[layer(path)]
        and RANKS[layer(path)] < DOORS
    ]

    assert outward == []


def test_imports_are_absolute_and_at_the_top(modules):
    relative = [
        at(path, line, name) for path, tree in modules.items() for line, name in imports(tree) if name.startswith(".")
    ]
    hidden = [
        at(path, line, name)
        for path, tree in modules.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for line, name in imports(function)
    ]

    assert relative + hidden == []


def test_the_domain_needs_the_standard_library_alone(modules):
    foreign = [
        at(path, line, name)
        for path, tree in modules.items()
        if layer(path) == "domain"
        for line, name in imports(tree)
        if name.split(".")[0] not in sys.stdlib_module_names and layer_of(name) != "domain"
    ]

    assert foreign == []


def test_only_doors_and_tasks_ask_the_clock(modules):
    asked = [
        at(path, node.lineno, ast.unparse(node.func))
        for path, tree in modules.items()
        if RANKS[layer(path)] < RANKS["tasks"]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCK
    ]

    assert asked == []


def test_pages_hold_no_script_or_style_that_the_content_policy_would_drop():
    marks = (" style=", "<style", "<script>", " onclick=", " onchange=", " onsubmit=", "javascript:")
    inline = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in (ROOT / "templates").rglob("*.html")
        if "mail" not in path.parts
        for mark in marks
        if mark in path.read_text("utf-8")
    ]

    assert inline == []
