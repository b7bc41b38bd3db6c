"""What a file is, judged by its content and structure and never by its name.

Told by the first bytes, then proven: an Office file is a sound zip of the right parts without macros, a
PDF has a catalogue and pages and runs nothing, an image decodes, a text is UTF-8. What could be read as two
kinds of file at once is refused.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import pypdf
from defusedxml import DefusedXmlException, ElementTree
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image
from pypdf.errors import DependencyError, PyPdfError

MEGABYTE = 1024 * 1024
MAX_MEMBERS = 2_000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100  # unpacked to packed, over the whole archive; sheets of numbers reach 30
MAX_PART = 4 * MEGABYTE  # of the small parts that are read here
MAX_PIXELS = 40_000_000
HEAD = 4096

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
WEBP = "image/webp"
TEXT = "text/plain"
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
MAIN_PARTS = {
    f"{OFFICE}wordprocessingml.document.main+xml": f"{OFFICE}wordprocessingml.document",
    f"{OFFICE}spreadsheetml.sheet.main+xml": f"{OFFICE}spreadsheetml.sheet",
    f"{OFFICE}presentationml.presentation.main+xml": f"{OFFICE}presentationml.presentation",
}
SUFFIXES = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    WEBP: (".webp",),
    TEXT: (".txt", ".csv", ".tsv", ".md", ".log", ".eml"),
    f"{OFFICE}wordprocessingml.document": (".docx",),
    f"{OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{OFFICE}presentationml.presentation": (".pptx",),
    f"{OPEN}text": (".odt",),
    f"{OPEN}spreadsheet": (".ods",),
    f"{OPEN}presentation": (".odp",),
}
ACCEPT = ",".join(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
OUTSIDE_ALLOWED = ("/hyperlink", "/externalLinkPath", "/externalLink")

_MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.I)
_ACTIVE_PARTS = re.compile(r"vbaproject|vbadata|/activex/|(^|/)basic/|(^|/)scripts/", re.I)
_UNREADABLE_PDF = (
    PyPdfError,
    DependencyError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_UNREADABLE_IMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    LookupError,
    struct.error,
    zlib.error,
)
_UNREADABLE_ZIP = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    LookupError,
    OSError,
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
)


def judge(file: BinaryIO, size: int) -> str:
    """The media type that the content proves. ValidationError codes: empty, too_large, forbidden, broken, active."""
    if size == 0:
        raise ValidationError(_("The file is empty."), code="empty")
    if size > settings.MAX_UPLOAD_BYTES:
        raise too_large()
    file.seek(0)
    media_type = _judge_for(file.read(HEAD))(file)
    file.seek(0)
    return media_type


def too_large() -> ValidationError:
    limit = settings.MAX_UPLOAD_BYTES // MEGABYTE
    return ValidationError(
        _("The file is too large: %(limit)d MB at most. Make it smaller, or give a link to it."),
        code="too_large",
        params={"limit": limit},
    )


def _judge_for(head: bytes) -> Callable[[BinaryIO], str]:
    if head.startswith(b"%PDF-"):
        return _judge_pdf
    if head.startswith(b"PK\x03\x04"):
        return _judge_zip
    if head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return _judge_image
    return _judge_text


def _forbidden() -> ValidationError:
    return ValidationError(
        _(
            "Files of this kind are not accepted. Use PDF, Word, Excel, PowerPoint, OpenDocument, an image "
            "(PNG, JPEG, WebP) or plain text."
        ),
        code="forbidden",
    )


def _broken() -> ValidationError:
    return ValidationError(
        _("The file is damaged or protected by a password. Save it anew and try again."), code="broken"
    )


def _active() -> ValidationError:
    return ValidationError(
        _("The file holds macros, scripts or parts loaded from elsewhere. Save it as a PDF and attach that."),
        code="active",
    )


def _judge_pdf(file: BinaryIO) -> str:
    _refuse_second_kind(file)
    try:
        active = _runs_something(pypdf.PdfReader(file, strict=False))
    except _UNREADABLE_PDF as error:
        raise _broken() from error
    if active:
        raise _active()
    return PDF


def _runs_something(reader: pypdf.PdfReader) -> bool:
    """Whether opening the PDF would run a script or a program; raises where it is not a sound PDF."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("it opens with a password only")
    catalogue = reader.trailer["/Root"].get_object()
    if int(catalogue["/Pages"]["/Count"]) < 1:
        raise ValueError("no pages that can be read")
    names = catalogue.get("/Names", {}).get_object() if "/Names" in catalogue else {}
    if "/JavaScript" in names or "/AA" in catalogue:
        return True
    action = catalogue["/OpenAction"].get_object() if "/OpenAction" in catalogue else None
    return isinstance(action, dict) and action.get("/S") in ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm")


def _judge_image(file: BinaryIO) -> str:
    """An image that decodes; a JPEG at an eighth of its size, which reads every byte of it all the same."""
    _refuse_second_kind(file)
    try:
        file.seek(0)
        with Image.open(file, formats=["PNG", "JPEG", "WEBP"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise too_large()
            media_type = {"PNG": PNG, "JPEG": JPEG, "WEBP": WEBP}[image.format]
            image.draft("L", (1, 1))
            image.load()
    except Image.DecompressionBombError as error:
        raise too_large() from error
    except _UNREADABLE_IMAGE as error:
        raise _broken() from error
    return media_type


def _judge_text(file: BinaryIO) -> str:
    file.seek(0)
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _forbidden() from error
    if _MARKUP.search(content[:HEAD]) or any(ch < " " and ch not in "\t\n\r\f" for ch in text):
        raise _forbidden()
    return TEXT


def _refuse_second_kind(file: BinaryIO) -> None:
    """Refuse a file that is also an archive or a web page."""
    file.seek(0)
    if zipfile.is_zipfile(file):
        raise _forbidden()
    file.seek(0, 2)
    file.seek(max(file.tell() - HEAD, 0))
    if re.search(rb"<\s*(?:html|script|svg)\b|<!doctype", file.read(), re.I):
        raise _forbidden()
    file.seek(0)


def _judge_zip(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members)
            return _opendocument(archive, members) or _office(archive, members)
    except _UNREADABLE_ZIP as error:
        raise _broken() from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise ValidationError(_("The file unpacks to more than it may."), code="too_large")
    if not members or min(member.header_offset for member in members) != 0:
        raise _forbidden()
    for member in members:
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename or member.flag_bits & 1:
            raise _forbidden()
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _forbidden()
        if _ACTIVE_PARTS.search(member.filename):
            raise _active()


def _opendocument(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str | None:
    """The type of an OpenDocument file: its first part, stored as it is, names it."""
    first = members[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.file_size > HEAD:
        return None
    media_type = archive.read(first).decode("ascii")
    if media_type not in SUFFIXES or "content.xml" not in archive.namelist():
        raise _forbidden()
    return media_type


def _office(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    """The type of an Office file by its main part's declared content; parts loaded from elsewhere are refused."""
    if "[Content_Types].xml" not in archive.namelist():
        raise _forbidden()
    declared = {element.get("ContentType", "") for element in _elements(archive, "[Content_Types].xml")}
    if any("macroEnabled" in media_type or "vbaProject" in media_type for media_type in declared):
        raise _active()
    types = [MAIN_PARTS[media_type] for media_type in declared if media_type in MAIN_PARTS]
    if len(types) != 1:
        raise _forbidden()
    for member in members:
        if member.filename.endswith(".rels"):
            _refuse_parts_from_elsewhere(archive, member.filename)
    return types[0]


def _refuse_parts_from_elsewhere(archive: zipfile.ZipFile, name: str) -> None:
    for element in _elements(archive, name):
        if element.get("TargetMode") == "External" and not element.get("Type", "").endswith(OUTSIDE_ALLOWED):
            raise _active()


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[Any]:
    with archive.open(name) as part:
        content = part.read(MAX_PART + 1)
    if len(content) > MAX_PART:
        raise ValidationError(_("The file unpacks to more than it may."), code="too_large")
    try:
        return ElementTree.fromstring(content).iter()
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise _broken() from error
