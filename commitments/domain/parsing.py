"""Reading a joint statement: its structure verbatim, and the commitments proposed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from commitments.domain.cleaning import fold_text, repair_mojibake
from commitments.domain.datelines import Adoption, adoption
from commitments.domain.finding import find_commitments
from commitments.domain.language import Language, language
from commitments.domain.parties import Parties, find_parties
from commitments.domain.readings import LineHint, Paragraph, Reading
from commitments.domain.structure import Structure, structure_of

MAX_CHARACTERS = 2_000_000


class TooLongError(ValueError):
    """The text is longer than any statement (`MAX_CHARACTERS`)."""


def read_statement(
    text: str, *, hints: Mapping[int, LineHint] | None = None, code: str = "en", adopted_on: date | None = None
) -> Reading:
    """The structure of a published text and the commitments found in it; any text at all can be read.

    `hints` are what the file's marking said, by line number of `text`. `adopted_on` is a date that a person gave;
    without it the text's own is used, and where there is none, "within six months" stays without a date.
    Raises `TooLongError` above 2 million characters (about 700 pages).
    """
    if len(text) > MAX_CHARACTERS:
        raise TooLongError(len(text))
    words = language(code)
    folded = fold_text(repair_mojibake(text))
    structure = structure_of(folded, hints or {}, words)
    where = _adoption(structure, words)
    anchor = adopted_on or where.anchor
    parties = find_parties(structure.title, _opening(structure), words)
    return Reading(
        title=structure.title,
        place=where.place,
        adopted_on=where.adopted_on,
        parties=parties.names,
        headings=tuple(structure.headings),
        paragraphs=with_findings(structure.paragraphs, parties, anchor, words),
        annexes=with_findings(structure.annexes, parties, anchor, words),
        signatures=tuple(structure.signatures),
        footnotes=tuple(structure.footnotes),
        unplaced=tuple(structure.unplaced),
        pieces=tuple(structure.pieces),
        warnings=_warnings(structure, where),
    )


def with_findings(
    paragraphs: Sequence[Paragraph], parties: Parties, anchor: date | None, words: Language
) -> tuple[Paragraph, ...]:
    """The paragraphs with what is proposed in each, and what is passed over; a list goes on under the same heading."""
    found = []
    lead, heading = "", ""
    for paragraph in paragraphs:
        if paragraph.heading != heading:
            lead, heading = "", paragraph.heading
        proposals, passed_over = find_commitments(paragraph.text, parties, anchor, words, lead)
        found.append(replace(paragraph, proposals=proposals, passed_over=passed_over))
        if paragraph.text.endswith(":"):
            lead = paragraph.text
    return tuple(found)


def _opening(structure: Structure) -> str:
    return "\n".join(paragraph.text for paragraph in structure.paragraphs[:3])


def _adoption(structure: Structure, words: Language) -> Adoption:
    return adoption(structure.datelines, structure.signatures, _opening(structure), structure.title, words)


def _warnings(structure: Structure, where: Adoption) -> tuple[str, ...]:
    """Codes of what a person should look at: no_date, no_place, no_title, unplaced, gap_in_numbers, no_headings."""
    found = []
    if not structure.title:
        found.append("no_title")
    if where.adopted_on is None:
        found.append("no_date")
    if not where.place:
        found.append("no_place")
    if structure.unplaced:
        found.append("unplaced")
    if not structure.headings:
        found.append("no_headings")
    if _has_gap([paragraph.number for paragraph in structure.paragraphs]):
        found.append("gap_in_numbers")
    return tuple(found)


def _has_gap(numbers: Sequence[str | None]) -> bool:
    counted = [int(number) for number in numbers if number and number.isdigit()]
    return any(after not in {before, before + 1, 1} for before, after in pairwise(counted))
