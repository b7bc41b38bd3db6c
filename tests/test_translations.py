"""Every string of the product is translated, and each translation fits its string."""

import ast
import re
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ["tr", "ms"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%(?:\([a-z_]+\))?[sd%]|<a [^>]+>")
LETTERS = "İıŞşğÇçÖöÜüâîû"  # Ğ begins no word


def sources():
    for folder in ("commitments", "statement_tracker"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    yield from (path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt"})


def messages_of(path):
    """(context, singular) of every string that the file marks for translation."""
    code = path.read_text("utf-8")
    for function, texts in calls_in(code) if path.suffix == ".py" else tags_in(code, path):
        if not texts or not isinstance(texts[0], str):
            continue
        if "pgettext" in function:
            yield texts[0], texts[1]
        else:
            yield None, texts[0]


def calls_in(code):
    """The calls of a Python file, those inside of f-strings too, which a reader of tokens passes over."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            yield node.func.id, [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]


def tags_in(code, path):
    pythonic = templatize(code, origin=str(path)).encode()
    for _line, function, found, _comments in extract_python(BytesIO(pythonic), KEYWORDS, [], {}):
        yield function, found if isinstance(found, tuple) else (found,)


@pytest.fixture(scope="module")
def marked():
    return {message for path in sources() for message in messages_of(path) if message[1]}


def catalog(language, reader, suffix):
    with (ROOT / "locale" / language / "LC_MESSAGES" / f"django.{suffix}").open("rb") as file:
        return reader(file)


def by_key(messages):
    """Translations by (context, string); a compiled catalogue gives the context as bytes."""
    keyed = {}
    for message in messages:
        if message.id:
            context = message.context.decode() if isinstance(message.context, bytes) else message.context
            keyed[context, singular(message)] = translations(message)
    return keyed


def singular(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def translations(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_string_is_in_the_catalogue_and_none_is_stale(language, marked):
    held = {(message.context, singular(message)) for message in catalog(language, read_po, "po") if message.id}

    assert marked - held == set(), "run makemessages and translate"
    assert held - marked == set(), "no longer used"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_or_fuzzy(language):
    wanting = [
        singular(message)
        for message in catalog(language, read_po, "po")
        if message.id and (message.fuzzy or not all(translations(message)))
    ]

    assert wanting == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_string(language):
    for message in catalog(language, read_po, "po"):
        if not message.id:
            continue
        plural = message.id if isinstance(message.id, str) else message.id[-1]
        wanted = sorted(PLACEHOLDER.findall(plural))
        for text in translations(message):
            assert sorted(PLACEHOLDER.findall(text)) == wanted, f"{language}: {text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_source(language):
    assert by_key(catalog(language, read_mo, "mo")) == by_key(catalog(language, read_po, "po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end_as_the_original_does(language):
    for message in catalog(language, read_po, "po"):
        original = singular(message) if message.id else ""
        if original.endswith(".") and not original.endswith("..."):
            assert all(text.endswith((".", "…")) for text in translations(message)), original


def test_turkish_is_written_in_its_own_letters():
    letters = {
        letter for message in catalog("tr", read_po, "po") if message.id for letter in "".join(translations(message))
    }

    assert set(LETTERS[:11]) <= letters
    assert not {letter for letter in letters if letter.isalpha() and letter not in string.ascii_letters + LETTERS}
