"""Files for tests: sound ones of every accepted kind, and the tricks that are played with them."""

import io
import stat
import zipfile
import zlib

import docx
import openpyxl
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

ODT = b"application/vnd.oasis.opendocument.text"


def pdf(action: str = "") -> bytes:
    """One blank page; with an action ("/JavaScript", "/Launch") that runs on opening."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if action:
        what = {NameObject("/S"): NameObject(action), NameObject("/F"): TextStringObject("calc.exe")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(what)
    return written(writer.write)


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer.write)


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("İşbirliği protokolü")
    return written(document.save)


def excel() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = 5.3
    return written(book.save)


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    return written(lambda file: Image.new("RGB", size, "navy").save(file, kind))


def huge_png() -> bytes:
    """60,000 × 60,000 pixels in a few hundred kilobytes."""
    small = bytearray(image())
    small[16:24] = (60_000).to_bytes(4, "big") * 2
    small[29:33] = zlib.crc32(small[12:29]).to_bytes(4, "big")
    return bytes(small)


def opendocument(*, script: bool = False) -> bytes:
    parts = {"content.xml": b"<office/>"}
    if script:
        parts["Basic/Standard/Module1.xml"] = b"Sub Main"
    return archive(parts, first=("mimetype", ODT))


def with_part(content: bytes, name: str, part: bytes = b"x") -> bytes:
    """An archive with one part more."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(name, part)
    return file.getvalue()


def with_replaced(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """An archive in whose part NAME something is replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        parts = {item: zipped.read(item) for item in zipped.namelist()}
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    return archive(parts)


def with_link(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as zipped:
        member = zipfile.ZipInfo("word/link")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped.writestr(member, "/etc/passwd")
    return file.getvalue()


def zip_bomb() -> bytes:
    return with_part(word(), "word/media/image1.png", bytes(250_000_000))


def archive(parts: dict[str, bytes], first: tuple[str, bytes] | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        if first:
            zipped.writestr(*first, compress_type=zipfile.ZIP_STORED)
        for name, content in parts.items():
            zipped.writestr(name, content)
    return file.getvalue()


def written(save) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()
