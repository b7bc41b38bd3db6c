"""A published statement as one document: everything that stands in it, and nothing that anybody reported about it.

What every file of a statement holds (`exchange/statement_json.py`, `statement_xml.py`, `statement_txt.py`): objects,
lists, strings, whole numbers, flags and None. Dates are ISO, decimals are strings. Paragraphs are named by `id`
(`sec_3__para_20`, section and place in the statement); commitments refer to them with offsets in code points.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from commitments.models import Assignment, Body, Commitment, Indicator, Paragraph, Section, Statement

Document = dict[str, Any]

HEAD = ("slug", "title", "short_title", "place", "language", "source", "sha256", "structure_sha256")


def statement_document(statement: Statement) -> Document:
    """The document, in eight queries whatever the statement's length."""
    sections = [_section(row) for row in statement.sections.prefetch_related("paragraphs")]
    commitments = list(_commitments(statement))
    return {
        **{name: getattr(statement, name) for name in HEAD},
        "adopted_on": _day(statement.adopted_on),
        "published_on": _day(statement.published_on),
        "parties": [
            {"code": row.party.code, "name": row.party.name} for row in statement.adoptions.select_related("party")
        ],
        "bodies": _bodies(commitments),
        "sections": sections,
        "commitments": [_commitment(row) for row in commitments],
        "text": statement.text,
    }


def section_id(section: Section) -> str:
    return f"sec_{section.position}"


def paragraph_id(section: Section, paragraph: Paragraph) -> str:
    return f"{section_id(section)}__para_{paragraph.position}"


def _section(section: Section) -> Document:
    return {
        "id": section_id(section),
        "heading": section.heading,
        "short_heading": section.short_heading,
        "level": section.level,
        "paragraphs": [
            {"id": paragraph_id(section, row), "number": row.number, "text": row.text, "sha256": row.sha256}
            for row in section.paragraphs.all()
        ],
    }


def _commitments(statement: Statement) -> Any:
    parts = Assignment.objects.select_related("party", "lead__party").prefetch_related(
        Prefetch("support__body", Body.objects.select_related("party"))
    )
    return (
        Commitment.objects.filter(statement=statement)
        .select_related("paragraph", "section", "continues__statement")
        .prefetch_related(Prefetch("assignments", parts), Prefetch("indicators", Indicator.objects.order_by("name")))
        .order_by("position")
    )


def _commitment(row: Commitment) -> Document:
    return {
        "id": f"com_{row.position}",
        "ref": row.ref,
        "paragraph": paragraph_id(row.section, row.paragraph),
        "start": row.start,
        "end": row.end,
        "quote": row.quote,
        "title": row.title,
        "kind": str(row.kind),
        "strength": str(row.strength),
        "is_priority": row.is_priority,
        "due_on": _day(row.due_on),
        "due_precision": row.due_precision,
        "due_basis": row.due_basis,
        "remark": row.remark,
        "continues": {"statement": row.continues.statement.slug, "ref": row.continues.ref} if row.continues else None,
        "parts": [_part(part) for part in sorted(row.assignments.all(), key=lambda part: part.party.code)],
        "indicators": [_indicator(each) for each in row.indicators.all()],
    }


def _part(part: Assignment) -> Document:
    return {
        "party": part.party.code,
        "lead": part.lead.code if part.lead else None,
        "supporting": sorted(support.body.code for support in part.support.all()),
    }


def _indicator(row: Indicator) -> Document:
    return {
        "name": row.name,
        "unit": row.unit,
        "baseline": _number(row.baseline),
        "target": _number(row.target),
        "direction": str(row.direction),
        "target_on": _day(row.target_on),
        "target_precision": row.target_precision,
    }


def _bodies(commitments: list[Commitment]) -> list[Document]:
    """Every body that leads or supports, by its code."""
    bodies = {}
    for commitment in commitments:
        for part in commitment.assignments.all():
            named = [support.body for support in part.support.all()] + ([part.lead] if part.lead else [])
            bodies |= {body.code: body for body in named}
    return [
        {
            "code": code,
            "party": body.party.code,
            "short": body.short,
            "name_en": body.name_en,
            "name_own": body.name_own,
        }
        for code, body in sorted(bodies.items())
    ]


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")
