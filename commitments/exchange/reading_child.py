"""The child process of `reading`: bytes on standard input, a reading or a refusal as JSON on standard output."""

import json
import resource
import sys
from datetime import date

from commitments.domain.parsing import TooLongError, read_statement
from commitments.exchange.encodings import decoded
from commitments.exchange.reading_docx import read_docx
from commitments.exchange.reading_form import document_of
from commitments.exchange.reading_html import read_html
from commitments.exchange.reading_pdf import read_pdf
from commitments.exchange.source_text import SourceText, UnreadableError

MEMORY = 768 * 1024 * 1024
SECONDS = 8


def source_of(content: bytes, name: str) -> SourceText:
    """The text of a file by what its bytes are; its name only tells HTML from plain text."""
    if content[:1024].lstrip().startswith(b"%PDF"):
        return read_pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return read_docx(content)
    if content.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x7fELF", b"MZ", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise UnreadableError("unknown_kind")
    if _is_html(content, name):
        return read_html(decoded(content, markup=True))
    text = decoded(content)
    if text.count("\x00") > len(text) // 100:
        raise UnreadableError("unknown_kind")
    return SourceText(text, {})


def main() -> None:
    """Limits itself, reads, answers."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    order = json.loads(sys.argv[1])
    given = date.fromisoformat(order["adopted_on"]) if order["adopted_on"] else None
    try:
        source = source_of(sys.stdin.buffer.read(), order["name"])
        if not source.text.strip():
            raise UnreadableError("no_text")
        answer = document_of(read_statement(source.text, hints=source.hints, adopted_on=given))
    except UnreadableError as refusal:
        answer = {"refused": refusal.code}
    except TooLongError:
        answer = {"refused": "too_large"}
    except (MemoryError, RecursionError):
        answer = {"refused": "hostile"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def _is_html(content: bytes, name: str) -> bool:
    head = content[:3000].replace(b"\x00", b"").lower()
    named = name.lower().endswith((".html", ".htm", ".xhtml"))
    return named or b"<!doctype html" in head or b"<html" in head or b"<body" in head


if __name__ == "__main__":
    main()
