"""A statement in Akoma Ntoso 3.0 (OASIS LegalDocML, `<statement>`), and back.

The text stands in the body: sections with their headings, paragraphs with numbers, blocks as `<p>`, line breaks as
`<eol>`. What Akoma Ntoso has no element for stands in our own namespace: commitments in `<otherAnalysis>`, each with a
reference to the paragraph's eId and offsets in code points of its text; the page as published in `<proprietary>`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from commitments.exchange.statement_file import StatementFileError, checked
from commitments.queries.statement_document import Document

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OWN = "urn:statement-tracker:1"
ISO_639_2 = {"en": "eng", "tr": "tur", "ms": "msa", "fr": "fra", "es": "spa", "ar": "ara", "ru": "rus", "de": "deu"}
SOURCE = {"source": "#tracker"}

akn = ElementMaker(namespace=AKN, nsmap={None: AKN, "st": OWN})
own = ElementMaker(namespace=OWN, nsmap={"st": OWN})
Element = etree._Element


def statement_xml(document: Document) -> bytes:
    """The file; raises StatementFileError (not_in_xml) where the text holds a character that XML cannot."""
    try:
        body, texts = _body(document)
        root = akn.akomaNtoso(akn.statement(_meta(document), _preface(document), body, name="jointStatement"))
        etree.indent(root)
        for element, text in texts:
            _fill(element, text)
    except ValueError as error:
        raise StatementFileError("not_in_xml") from error
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def read_statement_xml(content: bytes) -> Document:
    """The document that `statement_xml` wrote. Entities and document types are refused, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StatementFileError("not_xml") from error
    statement = root.find(f"{{{AKN}}}statement")
    if root.getroottree().docinfo.doctype or statement is None or statement.find(f".//{{{OWN}}}statement") is None:
        raise StatementFileError("not_ours")
    try:
        return checked(_document(statement))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, StatementFileError):
            raise
        raise StatementFileError("wrong_shape") from error


def _meta(document: Document) -> Element:
    country = document["parties"][0]["code"].lower() if document["parties"] else "un"
    work = f"/akn/{country}/statement/{document['adopted_on']}/{document['slug']}"
    language = ISO_639_2.get(document["language"], document["language"])
    head = {name: document[name] for name in ("slug", "short_title", "place", "language", "source")}
    hashes = {name: document[name] for name in ("sha256", "structure_sha256")}
    published = _given({"published_on": document["published_on"]})
    return akn.meta(
        akn.identification(
            akn.FRBRWork(
                *_named(work, document["adopted_on"], "adoption"),
                *(akn.FRBRauthor(href=f"#party_{row['code']}", **{"as": "#author"}) for row in document["parties"]),
                akn.FRBRcountry(value=country),
            ),
            akn.FRBRExpression(
                *_named(f"{work}/{language}@", document["published_on"] or document["adopted_on"], "publication"),
                akn.FRBRauthor(href="#tracker"),
                akn.FRBRlanguage(language=language),
            ),
            akn.FRBRManifestation(
                *_named(f"{work}/{language}@.xml", document["adopted_on"], "adoption"), akn.FRBRauthor(href="#tracker")
            ),
            **SOURCE,
        ),
        akn.analysis(akn.otherAnalysis(*map(_commitment, document["commitments"]), **SOURCE), **SOURCE),
        akn.references(
            akn.TLCOrganization(eId="tracker", href="/ontology/organization/tracker", showAs="Statement Tracker"),
            *_organizations(document),
            akn.TLCRole(eId="author", href="/ontology/role/author", showAs="Author"),
            **SOURCE,
        ),
        akn.proprietary(own.statement(own.published(document["text"]), **head, **hashes, **published), **SOURCE),
    )


def _named(uri: str, day: str, name: str) -> Iterator[Element]:
    yield akn.FRBRthis(value=f"{uri}/!main")
    yield akn.FRBRuri(value=uri)
    yield akn.FRBRdate(date=day, name=name)


def _organizations(document: Document) -> Iterator[Element]:
    for row in document["parties"]:
        yield _organization("party", row["code"], row["name"], {})
    for row in document["bodies"]:
        rest = {f"{{{OWN}}}{name}": row[name] for name in ("party", "short", "name_own")}
        yield _organization("body", row["code"], row["name_en"], rest)


def _organization(kind: str, code: str, name: str, rest: Mapping[str, str]) -> Element:
    fixed = {"eId": f"{kind}_{code}", "href": f"/ontology/organization/{code}", "showAs": name}
    return akn.TLCOrganization({**fixed, **rest})


def _preface(document: Document) -> Element:
    return akn.preface(akn.longTitle(akn.p(akn.docTitle(document["title"]))), eId="preface")


def _body(document: Document) -> tuple[Element, list[tuple[Element, str]]]:
    """The body with its paragraphs still empty, and what each is to hold: filled in last, its spaces are kept."""
    body, texts = akn.mainBody(eId="body"), []
    for section in document["sections"]:
        marks = {f"{{{OWN}}}short": section["short_heading"], f"{{{OWN}}}level": str(section["level"])}
        home = akn.section({"eId": section["id"], **marks})
        if section["heading"]:
            home.append(akn.heading(section["heading"]))
        for paragraph in section["paragraphs"]:
            number = [akn.num(paragraph["number"])] if paragraph["number"] else []
            blocks = [(akn.p(), block) for block in paragraph["text"].split("\n\n")]
            texts += blocks
            marks = {"eId": paragraph["id"], f"{{{OWN}}}sha256": paragraph["sha256"]}
            home.append(akn.paragraph(*number, akn.content(*(element for element, _ in blocks)), marks))
        body.append(home)
    return body, texts


def _fill(element: Element, text: str) -> None:
    first, *others = text.split("\n")
    element.text = first
    for line in others:
        etree.SubElement(element, f"{{{AKN}}}eol").tail = line


def _commitment(row: Document) -> Element:
    plain = ("id", "ref", "title", "kind", "strength", "remark", "due_on", "due_precision", "due_basis")
    values = {name: row[name] for name in plain}
    return own.commitment(
        own.quote(row["quote"]),
        *(own.part(_given({**part, "supporting": " ".join(part["supporting"])})) for part in row["parts"]),
        *(own.indicator(_given(indicator)) for indicator in row["indicators"]),
        _given(values),
        href=f"#{row['paragraph']}",
        start=str(row["start"]),
        end=str(row["end"]),
        priority=json.dumps(row["is_priority"]),
        **({"continues": json.dumps(row["continues"])} if row["continues"] else {}),
    )


def _given(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _document(statement: Element) -> Document:
    head = statement.find(f".//{{{OWN}}}statement").attrib
    work = statement.find(f".//{{{AKN}}}FRBRWork")
    names = ("slug", "short_title", "place", "language", "source", "sha256", "structure_sha256")
    return {
        **{name: head[name] for name in names},
        "title": "".join(statement.find(f".//{{{AKN}}}docTitle").itertext()),
        "adopted_on": work.find(f"{{{AKN}}}FRBRdate").get("date"),
        "published_on": head.get("published_on"),
        "parties": _each(statement, AKN, "TLCOrganization", _read_party),
        "bodies": _each(statement, AKN, "TLCOrganization", _read_body),
        "sections": _each(statement, AKN, "section", _read_section),
        "commitments": _each(statement, OWN, "commitment", _read_commitment),
        "text": statement.find(f".//{{{OWN}}}published").text or "",
    }


def _each(parent: Element, namespace: str, name: str, read: Callable[[Element], Document | None]) -> list[Any]:
    rows = (read(element) for element in parent.iterfind(f".//{{{namespace}}}{name}"))
    return [row for row in rows if row is not None]


def _read_party(element: Element) -> Document | None:
    kind, _, code = element.get("eId").partition("_")
    return {"code": code, "name": element.get("showAs")} if kind == "party" else None


def _read_body(element: Element) -> Document | None:
    kind, _, code = element.get("eId").partition("_")
    if kind != "body":
        return None
    rest = {name: element.get(f"{{{OWN}}}{name}") for name in ("party", "short", "name_own")}
    return {"code": code, "name_en": element.get("showAs"), **rest}


def _read_section(element: Element) -> Document:
    return {
        "id": element.get("eId"),
        "heading": element.findtext(f"{{{AKN}}}heading", ""),
        "short_heading": element.get(f"{{{OWN}}}short"),
        "level": int(element.get(f"{{{OWN}}}level")),
        "paragraphs": _each(element, AKN, "paragraph", _read_paragraph),
    }


def _read_paragraph(element: Element) -> Document:
    blocks = element.iterfind(f"{{{AKN}}}content/{{{AKN}}}p")
    return {
        "id": element.get("eId"),
        "number": element.findtext(f"{{{AKN}}}num", ""),
        "text": "\n\n".join("\n".join([block.text or "", *(line.tail or "" for line in block)]) for block in blocks),
        "sha256": element.get(f"{{{OWN}}}sha256"),
    }


def _read_commitment(element: Element) -> Document:
    at = element.attrib
    return {
        **{name: at[name] for name in ("id", "ref", "title", "kind", "strength", "remark")},
        **{name: at.get(name) for name in ("due_on", "due_precision", "due_basis")},
        "paragraph": at["href"].removeprefix("#"),
        "start": int(at["start"]),
        "end": int(at["end"]),
        "quote": element.findtext(f"{{{OWN}}}quote", ""),
        "is_priority": json.loads(at["priority"]),
        "continues": json.loads(at.get("continues", "null")),
        "parts": _each(element, OWN, "part", _read_part),
        "indicators": _each(element, OWN, "indicator", _read_indicator),
    }


def _read_part(element: Element) -> Document:
    return {"party": element.get("party"), "lead": element.get("lead"), "supporting": element.get("supporting").split()}


def _read_indicator(element: Element) -> Document:
    maybe = ("baseline", "target", "target_on", "target_precision")
    return {name: element.attrib[name] for name in ("name", "unit", "direction")} | {
        name: element.get(name) for name in maybe
    }
