"""The characters of a text file whose encoding nobody wrote down."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{3,20})", re.I)
# Where Windows-1254 (Turkish) has letters that Windows-1252 gives to Icelandic; the quotes of both lie elsewhere.
_TURKISH_BYTES = frozenset(b"\xd0\xdd\xde\xf0\xfd\xfe")


def decoded(content: bytes, *, markup: bool = False) -> str:
    """The text of a file: by its byte order mark, by what its markup declares, as UTF-8, or as Turkish or Western."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name, "replace").lstrip("\ufeff")
    if sixteen := _utf16_without_mark(content):
        return content.decode(sixteen, "replace")
    for name in (*_declared(content, markup=markup), "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return _single_bytes(content)


def _declared(content: bytes, *, markup: bool) -> tuple[str, ...]:
    match = _DECLARED.search(content[:4096]) if markup else None
    if not match:
        return ()
    name = match.group(1).decode("ascii").lower()
    # Browsers read these labels as the Windows tables that hold them (WHATWG Encoding Standard, 4.2).
    return ({"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "iso-8859-9": "cp1254"}.get(name, name),)


def _utf16_without_mark(content: bytes) -> str:
    """UTF-16 by its zeros: every second byte of Western text is one."""
    head = content[:2000]
    if len(head) < 4 or b"\x00" not in head:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head) / 2 and even < odd / 10:
        return "utf-16-le"
    if even > 0.4 * len(head) / 2 and odd < even / 10:
        return "utf-16-be"
    return ""


def _single_bytes(content: bytes) -> str:
    turkish = any(byte in _TURKISH_BYTES for byte in content)
    for name in ("cp1254", "cp1252") if turkish else ("cp1252",):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode("iso-8859-9" if turkish else "latin-1")
