import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commitments.exchange.encodings import decoded
from commitments.exchange.reading import MAX_BYTES, read_pasted, read_upload
from commitments.exchange.reading_child import source_of
from commitments.exchange.reading_form import document_of, reading_from
from commitments.exchange.reading_html import read_html
from commitments.exchange.source_text import UnreadableError

STATEMENTS = Path(__file__).parent.parent / "data" / "statements"
TEXT = "Türkiye’nin ığdır – İstanbul: the two sides agreed to meet again in 2027."
DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def docx(document, **parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def refusal(content, name="statement"):
    with pytest.raises(UnreadableError) as raised:
        read_upload(content, name=name)
    return raised.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1254"])
def test_a_text_file_is_read_in_any_usual_encoding(encoding):
    assert decoded(TEXT.encode(encoding)) == TEXT


def test_western_and_latin_five_files_are_told_apart():
    assert decoded("Côte d’Ivoire – naïve".encode("cp1252")) == "Côte d’Ivoire – naïve"
    assert decoded("Şanlıurfa, Iğdır".encode("iso-8859-9")) == "Şanlıurfa, Iğdır"


def test_a_page_is_read_in_the_encoding_that_it_declares():
    page = "<html><head><meta charset='windows-1254'></head><body><p>Şişli</p></body></html>".encode("cp1254")

    assert "Şişli" in decoded(page, markup=True)


@pytest.mark.parametrize("name", ["india_kazakhstan.docx", "us_indonesia_fact_sheet.html", "uk_indonesia.pdf"])
def test_every_kind_of_file_gives_its_labelled_paragraphs(name):
    labels = json.loads((STATEMENTS / name).with_suffix(".json").read_text(encoding="utf-8"))

    reading = read_upload((STATEMENTS / name).read_bytes(), name=name)

    assert [each.number for each in reading.paragraphs] == [each["number"] for each in labels["paragraphs"]]
    assert [each.text for each in reading.headings] == labels["headings"]
    assert [each.text.split() for each in reading.paragraphs] == [each["text"].split() for each in labels["paragraphs"]]


def test_a_page_gives_its_words_without_its_navigation():
    page = (
        "<nav><a>Home</a></nav><article><h2>Trade</h2><p>The sides<br>agreed to "
        "trade<sup>1</sup>.</p><ol><li>First</li><li>Second</li></ol>"
        "<ul><li>Point</li></ul><p><b>Energy:</b> They will meet.</p></article><footer>Copyright</footer>"
        + "<p>filler words</p>"
        * 30
    )

    source = read_html(page)

    lines = [line for line in source.text.split("\n") if line]
    assert lines[:8] == [
        "Trade",
        "The sides",
        "agreed to trade¹.",
        "1. First",
        "2. Second",
        "• Point",
        "Energy:",
        "They will meet.",
    ]
    assert source.hints[0].kind == "heading"


def test_a_word_file_gives_the_numbers_that_word_prints_and_its_notes():
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    numbering = (
        f'<w:numbering {space}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    paragraph = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    )
    reference = '<w:p><w:r><w:t>Trade</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>In goods.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {space}>{note}</w:footnotes>"
    content = docx(
        DOCUMENT.format(paragraph.format("One") + paragraph.format("Two") + reference),
        numbering=numbering,
        footnotes=notes,
    )

    assert source_of(content, "x.docx").text == "I. One\n\nII. Two\n\nTrade²\n\n2 In goods."


def test_a_reading_survives_its_own_json():
    reading = read_pasted((STATEMENTS / "turkiye_malaysia_2026.txt").read_text(encoding="utf-8"))

    assert reading_from(json.loads(json.dumps(document_of(reading)))) == reading


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_text"),
        (b"   \n ", "no_text"),
        (b"a" * (MAX_BYTES + 1), "too_large"),
        (b"The sides agreed. " * 150_000, "too_large"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "unknown_kind"),
        (b"{\\rtf1 text}", "unknown_kind"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"%PDF-1.7 not a pdf", "damaged"),
        (docx("<w:document"), "damaged"),
        (docx('<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), "hostile"),
    ],
)
def test_what_cannot_be_a_statement_is_refused_with_a_reason(content, code):
    assert refusal(content) == code


def test_a_zip_bomb_is_refused():
    assert refusal(docx(DOCUMENT.format("<w:p><w:r><w:t>" + "a" * 60_000_000 + "</w:t></w:r></w:p>"))) == "hostile"


def test_html_of_any_depth_is_read():
    deep = b"<html>" + b"<div>" * 60_000 + b"The sides agreed to meet." + b"</div>" * 60_000

    assert read_upload(deep, name="deep.html").paragraphs[0].text == "The sides agreed to meet."


def test_a_page_of_tags_without_words_is_refused():
    assert refusal(b"<html>" + b"<b>" * 500_000, name="tags.html") == "hostile"


def test_a_pdf_of_a_million_objects_is_refused_in_time():
    objects = b"".join(b"%d 0 obj\n<< /A %d 0 R >>\nendobj\n" % (at, at + 1) for at in range(4, 400_000))

    assert refusal(b"%PDF-1.4\n" + objects + b"trailer << /Root 1 0 R /Size 1000000 >>\n%%EOF") in {
        "damaged",
        "too_slow",
        "hostile",
    }


def test_the_command_prints_the_documented_json(capsys):
    call_command("read_statement", STATEMENTS / "turkiye_malaysia_2026.txt", "--json")

    printed = json.loads(capsys.readouterr().out)
    assert printed["adopted_on"] == "2026-01-07"
    assert printed["place"] == "Ankara"
    assert len(printed["headings"]) == 9
    assert [paragraph["number"] for paragraph in printed["paragraphs"]] == [str(number) for number in range(1, 21)]
    found = printed["paragraphs"][2]["commitments"][0]
    assert found["target"] == {"amount": "10", "unit": "USD billion", "indicator": "bilateral trade"}
    dated = [each for each in printed["paragraphs"][19]["commitments"] if each["due_on"]]
    assert [(each["due_on"], each["due_precision"]) for each in dated] == [
        ("2026-12-31", "year"),
        ("2026-12-31", "year"),
        ("2028-12-31", "year"),
    ]


def test_the_command_says_why_it_refuses(tmp_path):
    path = tmp_path / "scan.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")

    with pytest.raises(CommandError, match="unknown_kind"):
        call_command("read_statement", path)
