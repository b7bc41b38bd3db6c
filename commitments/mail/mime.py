"""A mail as bytes: heads (RFC 5322, RFC 2047), its text as plain text and as HTML, and a file at most (RFC 2046).

Written straight down: the library's generator, made for any message there is, took half as long as the templates.
"""

import binascii
from dataclasses import dataclass
from email.header import Header
from uuid import uuid4

LONGEST_LINE = 998  # bytes, RFC 5322 section 2.1.1
HEAD_LINE = 76


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a mail; `kind` is its media type with parameters."""

    name: str
    kind: str
    content: bytes


def mail_bytes(heads: dict[str, str], *, text: str, html: str, file: File | None = None) -> bytes:
    """The mail with lines that end in LF. Raises ValueError where a head would be more than one."""
    both = _multipart("alternative", [_text_part("plain", text), _text_part("html", html)])
    body = _multipart("mixed", [both, _file_part(file)]) if file else both
    lines = [_head(name, value) for name, value in heads.items()]
    return "\n".join([*lines, "MIME-Version: 1.0", ""]).encode("ascii") + body


def encoded(words: str, head: str = "") -> str:
    """Words as they may stand in a head."""
    return words if words.isascii() else Header(words, "utf-8", maxlinelen=HEAD_LINE, header_name=head).encode()


def _head(name: str, value: str) -> str:
    if "\n" in value or "\r" in value:
        raise ValueError(f"{name} would be more than one head: {value!r}")
    if not value.isascii():
        return f"{name}: {encoded(value, name)}"
    if len(name) + len(value) <= HEAD_LINE or " " not in value:
        return f"{name}: {value}"
    return f"{name}: {Header(value, 'us-ascii', maxlinelen=HEAD_LINE, header_name=name).encode()}"


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    boundary = f"=_{uuid4().hex}".encode("ascii")
    begin = b'Content-Type: multipart/%s; boundary="%s"\n' % (kind.encode("ascii"), boundary)
    return b"%s%s\n--%s--\n" % (begin, b"".join(b"\n--%s\n%s" % (boundary, part) for part in parts), boundary)


def _text_part(kind: str, text: str) -> bytes:
    """As it is, so that it can be read and searched; a line too long for the road is broken by quoted-printable."""
    content, encoding = text.encode(), "7bit" if text.isascii() else "8bit"
    if max(map(len, content.split(b"\n"))) > LONGEST_LINE:
        content, encoding = binascii.b2a_qp(content, istext=True), "quoted-printable"
    head = f'Content-Type: text/{kind}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'
    return head.encode("ascii") + content


def _file_part(file: File) -> bytes:
    head = (
        f"Content-Type: {file.kind}\nContent-Transfer-Encoding: base64\n"
        f'Content-Disposition: attachment; filename="{file.name}"\n\n'
    )
    return head.encode("ascii") + b"\n".join(_base64_lines(file.content))


def _base64_lines(content: bytes) -> list[bytes]:
    return [binascii.b2a_base64(content[start : start + 57], newline=False) for start in range(0, len(content), 57)]
