"""The statement as it is read: sections, paragraphs with their commitments marked, and the margin beside them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from commitments.domain.codes import Schedule, Status
from commitments.domain.deadlines import Deadline, schedule
from commitments.domain.marking import Piece, marked
from commitments.domain.status import less_advanced
from commitments.models import Assignment, Commitment, Paragraph, Party, Section, Statement, User


@dataclass(frozen=True, slots=True)
class Mark:
    """A commitment in the text: its status is that of the less advanced side."""

    commitment: Commitment
    status: Status
    sides: tuple[tuple[Party, Status], ...]
    deadline: Deadline | None
    schedule: Schedule

    @property
    def sides_differ(self) -> bool:
        return len({status for _, status in self.sides}) > 1


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the text; `mark` is the innermost commitment that covers it."""

    piece: Piece
    mark: Mark | None
    opens: tuple[Mark, ...]
    closes: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ReaderParagraph:
    paragraph: Paragraph
    anchor: str
    runs: list[list[Run]]
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class ReaderSection:
    section: Section
    anchor: str
    paragraphs: list[ReaderParagraph]

    @property
    def numbers(self) -> str:
        """The paragraphs' numbers: "3" or "3–5"."""
        numbers = [entry.paragraph.number for entry in self.paragraphs if entry.paragraph.number]
        return "–".join(dict.fromkeys([numbers[0], numbers[-1]])) if numbers else ""

    @property
    def total(self) -> int:
        return sum(len(entry.marks) for entry in self.paragraphs)


@dataclass(frozen=True, slots=True)
class StatementPage:
    statement: Statement
    sections: list[ReaderSection]

    @property
    def paragraphs(self) -> int:
        return sum(len(section.paragraphs) for section in self.sections)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)


def statement_page(statement: Statement, user: User, today: date) -> StatementPage:
    """The whole text in order; a fixed number of queries whatever its length."""
    marks = _marks(statement, user, today)
    paragraphs: dict[int, list[ReaderParagraph]] = defaultdict(list)
    taken: set[str] = set()
    for paragraph in statement.paragraphs.order_by("position"):
        anchor = paragraph_anchor(paragraph)
        anchor = f"at{paragraph.position}" if anchor in taken else anchor  # numbers may begin anew in each section
        taken.add(anchor)
        paragraphs[paragraph.section_id].append(_paragraph(paragraph, anchor, marks[paragraph.pk]))
    return StatementPage(
        statement,
        [
            ReaderSection(section, f"s{section.position}", paragraphs[section.pk])
            for section in statement.sections.order_by("position")
        ],
    )


def paragraph_anchor(paragraph: Paragraph) -> str:
    """Where the reader shows a paragraph: #p3 by its number, #at7 by its place where it has none."""
    return f"p{paragraph.number}" if paragraph.number else f"at{paragraph.position}"


def _marks(statement: Statement, user: User, today: date) -> dict[int, list[Mark]]:
    """The commitments of each paragraph, by the paragraph's key."""
    parts = Assignment.objects.select_related("party").only(
        "commitment", "status", "status_since", "party__code", "party__name", "party__names"
    )
    rows = (
        Commitment.objects.visible_to(user)
        .filter(statement=statement)
        .defer("search_text", "remark")
        .prefetch_related(Prefetch("assignments", parts))
        .order_by("position")
    )
    places = dict(statement.adoptions.values_list("party", "position"))
    marks: dict[int, list[Mark]] = defaultdict(list)
    for row in rows:
        marks[row.paragraph_id].append(_mark(row, places, today))
    return marks


def _mark(commitment: Commitment, places: dict[int, int], today: date) -> Mark:
    parts = sorted(commitment.assignments.all(), key=lambda part: places.get(part.party_id, len(places)))
    status = less_advanced(Status(part.status) for part in parts)
    since = max((part.status_since for part in parts if part.status_since), default=None)
    deadline = commitment.deadline
    return Mark(
        commitment=commitment,
        status=status,
        sides=tuple((part.party, Status(part.status)) for part in parts),
        deadline=deadline,
        schedule=schedule(deadline, status, since, today),
    )


def _paragraph(paragraph: Paragraph, anchor: str, marks: list[Mark]) -> ReaderParagraph:
    spans = [(mark.commitment.start, mark.commitment.end) for mark in marks]
    return ReaderParagraph(
        paragraph=paragraph,
        anchor=anchor,
        runs=[[_run(piece, marks) for piece in pieces] for pieces in marked(paragraph.text, spans)],
        marks=marks,
    )


def _run(piece: Piece, marks: list[Mark]) -> Run:
    return Run(
        piece=piece,
        mark=marks[piece.marks[0]] if piece.marks else None,
        opens=tuple(marks[place] for place in piece.opens),
        closes=tuple(marks[place] for place in piece.closes),
    )
