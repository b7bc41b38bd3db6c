"""Files are judged by what they are, kept once under opaque names, and never trusted by their names."""

import io
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commitments.exchange.file_types import JPEG, OFFICE, OPEN, PDF, PNG, SUFFIXES, TEXT, WEBP, judge
from commitments.exchange.uploads import MAX_NAME, safe_name, store
from commitments.models import StoredFile
from tests import files
from tests.make import AT

RELATIONS = "word/_rels/document.xml.rels"
TEMPLATE = (
    b'<Relationship Id="x" TargetMode="External" Target="http://evil.example/t.dotm" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)


SOUND = [files.pdf(), files.word(), files.excel(), files.image(), files.image("JPEG"), files.opendocument()]


def verdict(content: bytes) -> str:
    """The media type, or the code of the refusal."""
    try:
        return judge(io.BytesIO(content), len(content))
    except ValidationError as refusal:
        return refusal.code


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (files.pdf(), PDF),
        (files.word(), f"{OFFICE}wordprocessingml.document"),
        (files.excel(), f"{OFFICE}spreadsheetml.sheet"),
        (files.opendocument(), f"{OPEN}text"),
        (files.image("PNG"), PNG),
        (files.image("JPEG"), JPEG),
        (files.image("WEBP"), WEBP),
        ("Türkiye;5,3\r\nMalaysia;5,4\r\n".encode(), TEXT),
        (b"\xef\xbb\xbfa,b\n1,2\n", TEXT),
        (b"1 < 2 and 3 > 2", TEXT),
    ],
)
def test_a_sound_file_is_told_by_its_content(content, media_type):
    assert verdict(content) == media_type


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "forbidden", id="svg"),
        pytest.param(b"\n <!DOCTYPE html><script>alert(1)</script>", "forbidden", id="web page"),
        pytest.param(b"<?xml version='1.0'?><x/>", "forbidden", id="xml"),
        pytest.param(b"\xef\xbb\xbf<html>", "forbidden", id="web page after a byte order mark"),
        pytest.param(b"MZ\x90\x00\x03", "forbidden", id="program"),
        pytest.param(b"text with a \x00 NUL", "forbidden", id="NUL in text"),
        pytest.param("Türkiye".encode("cp1254"), "forbidden", id="text of an old encoding"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "forbidden", id="old Word"),
        pytest.param(b"GIF89a" + bytes(20), "forbidden", id="gif"),
        pytest.param(files.pdf()[:400], "broken", id="truncated pdf"),
        pytest.param(b"%PDF-1.7\n<script>alert(1)</script>", "forbidden", id="web page that says pdf"),
        pytest.param(b"%PDF-1.7 nothing else", "broken", id="pdf in name only"),
        pytest.param(files.locked_pdf(), "broken", id="pdf with a password"),
        pytest.param(files.pdf("/JavaScript"), "active", id="pdf with a script"),
        pytest.param(files.pdf("/Launch"), "active", id="pdf that starts a program"),
        pytest.param(files.pdf() + files.word(), "forbidden", id="pdf and archive at once"),
        pytest.param(files.image() + files.word(), "forbidden", id="image and archive at once"),
        pytest.param(files.image("JPEG") + b"<script>alert(1)</script>", "forbidden", id="image and web page"),
        pytest.param(files.image("PNG", (400, 300))[:200], "broken", id="truncated image"),
        pytest.param(files.image("JPEG", (400, 300))[:700], "broken", id="truncated photo"),
        pytest.param(files.huge_png(), "too_large", id="image of 60,000 by 60,000"),
        pytest.param(files.archive({"a.txt": b"x"}), "forbidden", id="plain archive"),
        pytest.param(files.word()[:3000], "broken", id="truncated Word"),
        pytest.param(files.with_part(files.word(), "word/vbaProject.bin"), "active", id="macros"),
        pytest.param(files.with_part(files.word(), "word/activeX/activeX1.bin"), "active", id="active parts"),
        pytest.param(files.with_part(files.word(), "../../etc/x"), "forbidden", id="way out of the archive"),
        pytest.param(files.with_part(files.word(), "/etc/x"), "forbidden", id="absolute path"),
        pytest.param(files.with_link(files.word()), "forbidden", id="symbolic link"),
        pytest.param(files.opendocument(script=True), "active", id="OpenDocument with Basic"),
        pytest.param(b"x" + files.word(), "forbidden", id="archive behind something else"),
        pytest.param(
            files.with_replaced(
                files.word(),
                "[Content_Types].xml",
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
            "active",
            id="docm called docx",
        ),
        pytest.param(
            files.with_replaced(files.word(), RELATIONS, b"</Relationships>", TEMPLATE), "active", id="remote template"
        ),
        pytest.param(
            files.archive({"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
            "broken",
            id="entities",
        ),
    ],
)
def test_a_forbidden_or_broken_file_is_refused_with_its_reason(content, code):
    assert verdict(content) == code


def test_a_zip_bomb_is_refused_without_unpacking_it():
    content = files.zip_bomb()

    assert len(content) < 400_000
    assert verdict(content) == "too_large"


def test_hyperlinks_in_a_document_are_no_reason_to_refuse_it():
    link = TEMPLATE.replace(b"attachedTemplate", b"hyperlink")

    assert verdict(files.with_replaced(files.word(), RELATIONS, b"</Relationships>", link)).endswith("document")


def test_a_file_over_the_limit_is_refused_by_its_size(settings):
    settings.MAX_UPLOAD_BYTES = 100

    assert verdict(b"a" * 101) == "too_large"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [files.pdf(), files.word(), files.excel(), files.image(), files.image("JPEG"), files.opendocument()]
    ),
    st.data(),
)
def test_whatever_is_broken_in_a_file_it_gets_a_verdict(content, data):
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(broken)))

    assert verdict(bytes(broken[:cut])) in {*SUFFIXES, "empty", "too_large", "forbidden", "broken", "active"}


def upload(content=b"A report", name="report.txt"):
    return SimpleUploadedFile(name, content)


@pytest.mark.django_db
def test_the_same_content_is_kept_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    first = store(upload(), at=AT)
    second = store(upload(name="other name.txt"), at=AT)

    assert first == second
    assert StoredFile.objects.count() == 1
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


@pytest.mark.django_db
def test_a_stored_file_has_an_opaque_name_and_is_closed_to_others(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    row = store(upload(name="../../evil.txt"), at=AT)

    path = tmp_path / row.name
    assert "evil" not in row.name
    assert path.read_bytes() == b"A report"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert (row.size, row.media_type) == (8, TEXT)


@pytest.mark.django_db
def test_a_file_that_was_lost_is_there_again_when_it_is_sent_again(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = store(upload(), at=AT)
    (tmp_path / row.name).unlink()

    again = store(upload(), at=AT)

    assert again == row
    assert (tmp_path / row.name).read_bytes() == b"A report"


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_a_reason_and_leaves_no_row(settings, tmp_path):
    settings.MEDIA_ROOT = Path("/proc/nowhere")

    with pytest.raises(ValidationError, match="try again later"):
        store(upload(), at=AT)

    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "media_type", "shown"),
    [
        ("Protokol İş.pdf", PDF, "Protokol İş.pdf"),
        ("report.PDF", PDF, "report.PDF"),
        ("page.html", TEXT, "page.html.txt"),
        ("data.csv", TEXT, "data.csv"),
        ("invoice.exe", PDF, "invoice.exe.pdf"),
        ("con.txt", TEXT, "_con.txt"),
        ("..\\..\\x.pdf", PDF, "_.._x.pdf"),
        ("gpj.\u202efdp", PDF, "gpj.fdp.pdf"),
        ("a\r\nSet-Cookie: b.pdf", PDF, "aSet-Cookie_ b.pdf"),
        ('"quoted".pdf', PDF, "_quoted_.pdf"),
        (".pdf", PDF, "pdf.pdf"),
        ("", PDF, "file.pdf"),
        ("...", TEXT, "file.txt"),
    ],
)
def test_a_shown_name_is_one_line_without_tricks_and_with_a_true_ending(name, media_type, shown):
    assert safe_name(name, media_type) == shown


@given(st.text(max_size=400), st.sampled_from(list(SUFFIXES)))
def test_every_name_becomes_a_usable_one(name, media_type):
    shown = safe_name(name, media_type)

    assert 0 < len(shown) <= MAX_NAME + 5
    assert shown.casefold().endswith(SUFFIXES[media_type])
    assert not set(shown) & set('\\/:*?"<>|\r\n\0')
