"""The dossier's PDF, read back: what PDF/UA-1 (ISO 14289-1) asks of a file that a program can see.

typst refuses to write a file that breaks its own checks of the standard; here another library reads what it wrote.
"""

import io
import re
from collections import Counter
from itertools import pairwise

import pytest
from django.utils import translation
from pypdf import PdfReader
from pypdf.generic import ContentStream

from commitments.domain.codes import Confidence, Kind, Schedule, Status, Strength
from commitments.exchange.dossier_pdf import dossier_pdf
from commitments.models import Party, Statement
from commitments.queries.dossier import Chapter, Clause, Dossier, Promise, Proof, Side, Word
from tests.make import AT, TODAY

NAMED = """Document Part Sect Div P H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Link
Figure TOC TOCI Reference Artifact NonStruct BlockQuote Caption"""
STANDARD = frozenset(NAMED.split())
LETTERS = "ğüşıöçĞÜŞİÖÇ â î – ’ “Iğdır’da İĞNE, şöyle çağrı”"


@pytest.fixture(scope="module")
def reader():
    """In Turkish over an English statement, with a note in Turkish."""
    turkiye = Party(pk=1, code="TR", name="Türkiye", names={"tr": "Türkiye"})
    statement = Statement(title="Joint Statement on Trade", short_title="Ankara 2026", language="en")
    word = Word(LETTERS, "", AT, "Ticaret", Status.UNDER_WAY, is_own_side=False, is_sample=False)
    proof = Proof("Belge", "https://example.org/belge")
    side = Side(
        turkiye, "Bakanlık", (), Status.UNDER_WAY, Schedule.NO_DATE, Confidence.NOT_GIVEN, AT, (word,), (proof,)
    )
    promise = Promise("1.1", "Expand trade", "expand trade", Kind.ACTION, Strength.AGREED, False, None, (side,))
    chapter = Chapter("Trade", True, (Clause("1", "The Leaders agreed to expand trade.", (promise,)),))
    with translation.override("tr"):
        read = Dossier(statement, (turkiye,), None, "…", AT, TODAY, (chapter,))
        return PdfReader(io.BytesIO(dossier_pdf(read)))


def children(element):
    found = element.get("/K", [])
    found = found.get_object() if hasattr(found, "get_object") else found
    for each in found if isinstance(found, list) else [found]:
        child = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(child, dict) and "/S" in child:
            yield child


def elements(element):
    for child in children(element):
        yield child
        yield from elements(child)


def structure(reader):
    """Each element with the standard type that its own name stands for."""
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    roles = root.get("/RoleMap", {})
    return [(roles.get(element["/S"], element["/S"])[1:], element) for element in elements(root)]


def test_it_says_what_it_is(reader):
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()

    assert root["/MarkInfo"]["/Marked"]
    assert root["/MarkInfo"].get("/Suspects") in (None, False)
    assert root["/Lang"] == "tr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert re.search(r"<dc:title>.*Ortak nüsha.*</dc:title>", metadata)
    assert not reader.is_encrypted


def test_every_element_is_of_a_standard_type(reader):
    assert {kind for kind, _element in structure(reader)} <= STANDARD


def test_headings_begin_at_the_first_level_and_leave_none_out(reader):
    levels = [int(kind[1]) for kind, _element in structure(reader) if re.fullmatch("H[1-6]", kind)]

    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {1, 2, 3} == set(levels)


def test_the_chart_has_words_and_is_the_only_picture(reader):
    (figure,) = [element for kind, element in structure(reader) if kind == "Figure"]

    assert "Türkiye: Sürüyor 1" in figure["/Alt"]


def test_tables_are_regular_and_their_heads_say_what_they_head(reader):
    tables = [element for kind, element in structure(reader) if kind == "Table"]
    assert tables
    for table in tables:
        rows = [list(children(row)) for row in elements(table) if row["/S"] == "/TR"]
        assert len({len(row) for row in rows}) == 1
        assert {cell["/S"] for cell in rows[0]} == {"/TH"}
        for cell in rows[0]:
            attributes = cell["/A"].get_object()
            attributes = attributes if isinstance(attributes, list) else [attributes]
            assert "/Column" in {each.get_object().get("/Scope") for each in attributes}


def test_the_statement_s_own_words_carry_its_language(reader):
    """On the element where all of it is in that language, else on the piece of text that is drawn."""
    said = Counter(element["/Lang"] for _kind, element in structure(reader) if "/Lang" in element)
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"BDC" and isinstance(operands[1], dict) and "/Lang" in operands[1]:
                said[operands[1]["/Lang"]] += 1

    assert said["en"] >= 4  # title, heading, text, quotation
    assert set(said) <= {"en", "tr"}


def test_all_that_is_drawn_is_tagged_or_an_artifact(reader):
    for page in reader.pages:
        depth = 0
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in (b"BDC", b"BMC"):
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in (b"Tj", b"TJ", b"'", b'"', b"Do", b"sh"):
                assert depth > 0, operands
        assert depth == 0


def test_links_are_in_the_order_of_the_structure_and_say_where_they_lead(reader):
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert links
    assert all(link["/Subtype"] == "/Link" and link.get("/Contents") and "/StructParent" in link for link in links)
    assert {page["/Tabs"] for page in reader.pages if "/Annots" in page} == {"/S"}


def test_fonts_are_embedded_and_every_letter_can_be_read_out(reader):
    for page in reader.pages:
        for each in page["/Resources"].get("/Font", {}).values():
            font = each.get_object()
            assert "/ToUnicode" in font
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_turkish_letters_come_out_as_they_went_in(reader):
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    assert LETTERS in text
    assert "Gündeme getirilecek hususlar" in text
