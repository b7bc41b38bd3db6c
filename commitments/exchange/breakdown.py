"""Turns a breakdown (a statement with its commitments, as edited by hand) into the rows of a fixture.

The rows name each other by natural keys, so that loading them twice doubles nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from commitments.domain.codes import Kind, Status
from commitments.domain.status import default_cadence, update_due_on
from commitments.domain.text import plain_spaces, search_words, sha256, statement_digest

Row = dict[str, Any]


class BreakdownError(ValueError):
    """The breakdown does not agree with the published text or with itself."""


def fixture_rows(breakdown: Row, published: str, editorial: Row) -> list[Row]:
    """All rows in an order that loads; raises BreakdownError where a quote is not the paragraph's own words."""
    check_against(breakdown, published)
    return [
        *_parties(breakdown, editorial),
        *_bodies(breakdown),
        *_statement(breakdown, published, editorial),
        *_commitments(breakdown, editorial),
    ]


def check_against(breakdown: Row, published: str) -> None:
    """Every paragraph stands in the published text, in order; every quote is the slice it claims to be."""
    page, at = plain_spaces(published), 0
    texts = {p["number"]: p["text"] for s in breakdown["sections"] for p in s["paragraphs"]}
    for number, text in texts.items():
        at = page.find(f"{number}. {text}", at)
        if at < 0:
            raise BreakdownError(f"paragraph {number} is not in the published text")
    for row in breakdown["commitments"]:
        if texts[row["paragraph"]][row["start"] : row["end"]] != row["quote"]:
            raise BreakdownError(f"{row['ref']}: the quote is not the text at {row['start']}–{row['end']}")


def _row(model: str, **fields: Any) -> Row:
    return {"model": f"commitments.{model}", "fields": fields}


def _parties(breakdown: Row, editorial: Row) -> Iterator[Row]:
    for party in breakdown["statement"]["parties"]:
        yield _row("party", code=party["code"], name=party["name"], **editorial["parties"][party["code"]])


def _bodies(breakdown: Row) -> Iterator[Row]:
    for body in breakdown["bodies"]:
        names = {name: body[name] for name in ("code", "short", "name_en", "name_own")}
        yield _row("body", party=[body["party"]], **names)


def _statement(breakdown: Row, published: str, editorial: Row) -> Iterator[Row]:
    head = breakdown["statement"]
    paragraphs = [
        (section["heading"], str(paragraph["number"]), paragraph["text"])
        for section in breakdown["sections"]
        for paragraph in section["paragraphs"]
    ]
    names = ("slug", "title", "place", "adopted_on", "published_on", "language", "source")
    yield _row(
        "statement",
        **{name: head[name] for name in names},
        short_title=editorial["short_title"],
        text=published,
        sha256=sha256(published),
        structure_sha256=statement_digest(paragraphs),
        locked_at=f"{head['published_on']}T00:00:00Z",
    )
    for place, party in enumerate(head["parties"]):
        yield _row("adoption", statement=[head["slug"]], party=[party["code"]], position=place)
    yield from _sections(breakdown, editorial)


def _sections(breakdown: Row, editorial: Row) -> Iterator[Row]:
    slug, position = breakdown["statement"]["slug"], 0
    for place, section in enumerate(breakdown["sections"]):
        yield _row(
            "section",
            statement=[slug],
            position=place,
            heading=section["heading"],
            short_heading=editorial["short_headings"][place],
        )
        for paragraph in section["paragraphs"]:
            position += 1
            yield _row(
                "paragraph",
                statement=[slug],
                section=[slug, place],
                position=position,
                number=str(paragraph["number"]),
                text=paragraph["text"],
                sha256=sha256(paragraph["text"]),
            )


def _commitments(breakdown: Row, editorial: Row) -> Iterator[Row]:
    slug = breakdown["statement"]["slug"]
    homes, position = {}, 0
    for place, section in enumerate(breakdown["sections"]):
        for paragraph in section["paragraphs"]:
            position += 1
            homes[paragraph["number"]] = (position, place, section["heading"])
    for order, row in enumerate(breakdown["commitments"], start=1):
        paragraph, place, heading = homes[row["paragraph"]]
        yield _row(
            "commitment",
            statement=[slug],
            paragraph=[slug, paragraph],
            section=[slug, place],
            position=order,
            **{name: row[name] for name in ("ref", "start", "end", "title", "kind", "strength")},
            due_on=row["due"],
            due_precision=row["due_precision"],
            due_basis=row["due_basis"],
            remark=row["note"] or "",
            search_text=search_words(f"{row['ref']} {row['title']} {row['quote']} {heading}"),
        )
        yield from (_row("commitmenttheme", commitment=[slug, row["ref"]], theme=[code]) for code in row["themes"])
        yield from _assignments(breakdown, row)
        if row["indicator"]:
            measured = {name: row["indicator"][name] for name in ("name", "unit", "target", "baseline")}
            yield _row("indicator", commitment=[slug, row["ref"]], **measured)


def _assignments(breakdown: Row, row: Row) -> Iterator[Row]:
    """One for each party that is bound; the first suggested body of the party leads, the others support."""
    head = breakdown["statement"]
    party_of = {body["code"]: body["party"] for body in breakdown["bodies"]}
    cadence = default_cadence(Kind(row["kind"]))
    due = update_due_on(date.fromisoformat(head["adopted_on"]), cadence, Status.NOT_ASSESSED)
    for party in head["parties"]:
        if row["side"] not in ("both", party["code"]):
            continue
        bodies = [code for code in row["suggested_leads"] if party_of[code] == party["code"]]
        yield _row(
            "assignment",
            commitment=[head["slug"], row["ref"]],
            party=[party["code"]],
            lead=[bodies[0]] if bodies else None,
            lead_is_suggested=bool(bodies),
            cadence=cadence,
            update_due_on=due and due.isoformat(),
            shared_update_due_on=due and due.isoformat(),
        )
        for code in bodies[1:]:
            yield _row("support", assignment=[head["slug"], row["ref"], party["code"]], body=[code])
