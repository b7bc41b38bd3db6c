"""A statement as plain text that a person can read and the tracker can read back.

The first line names the format. `key: value` lines follow; `# sec_3` opens a section, `## sec_3__para_20` a paragraph
whose lines are its text, `# commitments` the commitments, `# text` the page as published, to the end of the file. A
line of a paragraph that begins with # or \\ carries a \\ before it; in a value, \\n is a line break and \\\\ is \\.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from commitments.exchange.statement_file import StatementFileError, checked
from commitments.queries.statement_document import HEAD, Document

FIRST = "Joint statement, file version 1"
HEAD_VALUES = (*HEAD, "adopted_on", "published_on")
COMMITMENT = ("ref", "title", "kind", "strength", "remark", "due_on", "due_precision", "due_basis", "quote")
_ESCAPED = re.compile(r"\\(.)")


def statement_txt(document: Document) -> bytes:
    lines = [FIRST, *_values(document, HEAD_VALUES), *_rows("party", document["parties"])]
    lines += [*_rows("body", document["bodies"]), ""]
    for section in document["sections"]:
        lines += [
            f"# {section['id']}",
            *_values(section, ("heading", "short_heading")),
            f"level: {section['level']}",
            "",
        ]
        for paragraph in section["paragraphs"]:
            lines += [f"## {paragraph['id']}", *_values(paragraph, ("number", "sha256")), ""]
            lines += [*(_guarded(line) for line in paragraph["text"].split("\n")), ""]
    lines.append("# commitments")
    for row in document["commitments"]:
        lines += _commitment(row)
    return "\n".join([*lines, "# text", document["text"]]).encode("utf-8")


def read_statement_txt(content: bytes) -> Document:
    """The document that `statement_txt` wrote; raises StatementFileError for anything else."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StatementFileError("not_text") from error
    first, _, rest = text.partition("\n")
    above, mark, published = rest.partition("\n# text\n")
    if first != FIRST or not mark:
        raise StatementFileError("not_ours")
    try:
        return checked({**_document(above.split("\n")), "text": published})
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, StatementFileError):
            raise
        raise StatementFileError("wrong_shape") from error


def _commitment(row: Document) -> list[str]:
    place = f"{row['paragraph']} {row['start']}-{row['end']}"
    known = ("is_priority", "continues")
    return [
        f"## {row['id']}",
        *_values(row, COMMITMENT),
        f"place: {place}",
        *(f"{name}: {_json(row[name])}" for name in known if row[name]),
        *_rows("part", row["parts"]),
        *_rows("indicator", row["indicators"]),
        "",
    ]


def _values(row: Document, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if row[name] is not None:
            escaped = row[name].replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
            yield f"{name}: {escaped}"


def _rows(name: str, rows: list[Document]) -> Iterator[str]:
    return (f"{name}: {_json(row)}" for row in rows)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _guarded(line: str) -> str:
    return f"\\{line}" if line.startswith(("#", "\\")) else line


def _document(lines: list[str]) -> Document:
    groups = list(_groups(lines))
    head = groups[0][1]
    document = {name: _value(head, name) for name in HEAD_VALUES}
    document |= {"parties": _read_rows(head, "party"), "bodies": _read_rows(head, "body")}
    document |= {"sections": [], "commitments": []}
    for name, inner in groups[1:]:
        if name.startswith("# sec_"):
            values = {key: _value(inner, key) for key in ("heading", "short_heading")}
            values["level"] = int(_value(inner, "level"))
            document["sections"].append({"id": name[2:], **values, "paragraphs": []})
        elif name.startswith("## sec_"):
            document["sections"][-1]["paragraphs"].append(_read_paragraph(name[3:], inner))
        elif name.startswith("## com_"):
            document["commitments"].append(_read_commitment(name[3:], inner))
        elif name != "# commitments":
            raise StatementFileError("wrong_shape", name)
    return document


def _groups(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The lines under each mark; the first group, before any mark, is the head."""
    name, group = "", []
    for line in lines:
        if line.startswith("#"):
            yield name, group
            name, group = line, []
        else:
            group.append(line)
    yield name, group


def _read_paragraph(name: str, lines: list[str]) -> Document:
    blank = lines.index("")
    text = "\n".join(line.removeprefix("\\") for line in lines[blank + 1 : -1])
    values = {key: _value(lines[:blank], key) for key in ("number", "sha256")}
    return {"id": name, "text": text, **values}


def _read_commitment(name: str, lines: list[str]) -> Document:
    paragraph, span = _value(lines, "place").split(" ")
    start, end = span.split("-")
    return {
        "id": name,
        **{key: _value(lines, key) for key in COMMITMENT},
        "paragraph": paragraph,
        "start": int(start),
        "end": int(end),
        "is_priority": json.loads(_value(lines, "is_priority") or "false"),
        "continues": json.loads(_value(lines, "continues") or "null"),
        "parts": _read_rows(lines, "part"),
        "indicators": _read_rows(lines, "indicator"),
    }


def _read_rows(lines: list[str], name: str) -> list[Document]:
    return [json.loads(line.partition(": ")[2]) for line in lines if line.startswith(f"{name}: ")]


def _value(lines: list[str], name: str) -> str | None:
    found = next((line for line in lines if line.startswith(f"{name}: ")), None)
    if found is None:
        return None
    return _ESCAPED.sub(lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), found.partition(": ")[2])
