"""A reading as JSON: what `manage.py read_statement --json` prints, and back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from commitments.domain.codes import Kind, Precision, Strength
from commitments.domain.readings import (
    Deadline,
    Footnote,
    Heading,
    Paragraph,
    PassedOver,
    Piece,
    Proposal,
    Reading,
    Target,
)


def document_of(reading: Reading) -> dict[str, Any]:
    """The documented shape; dates are ISO, `number` a string or null, `side` "both" or a party's name."""
    return {
        "title": reading.title,
        "place": reading.place or None,
        "adopted_on": reading.adopted_on.isoformat() if reading.adopted_on else None,
        "parties": list(reading.parties),
        "headings": [heading.text for heading in reading.headings],
        "paragraphs": [_paragraph(each) for each in reading.paragraphs],
        "annexes": [_paragraph(each) for each in reading.annexes],
        "signatures": list(reading.signatures),
        "footnotes": [{"mark": note.mark, "text": note.text} for note in reading.footnotes],
        "unplaced": list(reading.unplaced),
        "warnings": list(reading.warnings),
        "outline": [{"text": each.text, "level": each.level, "start": each.start} for each in reading.headings],
        "pieces": [
            {"start": each.start, "end": each.end, "role": each.role, "text": each.text} for each in reading.pieces
        ],
    }


def reading_from(document: Mapping[str, Any]) -> Reading:
    """The reading that `document_of` wrote."""
    return Reading(
        title=document["title"],
        place=document["place"] or "",
        adopted_on=_day(document["adopted_on"]),
        parties=tuple(document["parties"]),
        headings=tuple(Heading(**each) for each in document["outline"]),
        paragraphs=_paragraphs(document["paragraphs"]),
        annexes=_paragraphs(document["annexes"]),
        signatures=tuple(document["signatures"]),
        footnotes=tuple(Footnote(**each) for each in document["footnotes"]),
        unplaced=tuple(document["unplaced"]),
        pieces=tuple(Piece(**each) for each in document["pieces"]),
        warnings=tuple(document["warnings"]),
    )


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "number": paragraph.number,
        "heading": paragraph.heading,
        "part": paragraph.part,
        "start": paragraph.start,
        "text": paragraph.text,
        "commitments": [_commitment(each) for each in paragraph.proposals],
        "passed_over": [
            {"start": each.start, "end": each.end, "reason": each.reason} for each in paragraph.passed_over
        ],
    }


def _commitment(proposal: Proposal) -> dict[str, Any]:
    deadline, target = proposal.deadline, proposal.target
    return {
        "start": proposal.start,
        "end": proposal.end,
        "quote": proposal.quote,
        "title": proposal.title,
        "kind": proposal.kind.value,
        "strength": proposal.strength.value,
        "side": proposal.side,
        "due_on": deadline.due_on.isoformat() if deadline else None,
        "due_precision": deadline.precision.value if deadline else None,
        "due_words": deadline.words if deadline else None,
        "target": {"amount": target.amount, "unit": target.unit, "indicator": target.indicator} if target else None,
        "confidence": proposal.confidence,
        "cues": list(proposal.cues),
        "finer_splits": [list(span) for span in proposal.finer_splits],
    }


def _paragraphs(documents: Sequence[Mapping[str, Any]]) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(
            number=each["number"],
            heading=each["heading"],
            text=each["text"],
            part=each["part"],
            start=each["start"],
            proposals=tuple(_proposal(one) for one in each["commitments"]),
            passed_over=tuple(PassedOver(**one) for one in each["passed_over"]),
        )
        for each in documents
    )


def _proposal(one: Mapping[str, Any]) -> Proposal:
    due, target = _day(one["due_on"]), one["target"]
    return Proposal(
        start=one["start"],
        end=one["end"],
        quote=one["quote"],
        title=one["title"],
        kind=Kind(one["kind"]),
        strength=Strength(one["strength"]),
        side=one["side"],
        deadline=Deadline(due, Precision(one["due_precision"]), one["due_words"]) if due else None,
        target=Target(**target) if target else None,
        confidence=one["confidence"],
        cues=tuple(one["cues"]),
        finer_splits=tuple((start, end) for start, end in one["finer_splits"]),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
