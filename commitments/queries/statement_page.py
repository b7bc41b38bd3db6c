"""The statement as it is read: sections, paragraphs with their commitments marked, and the margin beside them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from commitments.domain.codes import Schedule, Status
from commitments.domain.coverage import Bare, Coverage, Passed, coverage, passed_over
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
class BareSentence:
    """A sentence without a commitment, lettered within its paragraph."""

    letter: str
    bare: Bare


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the text; `mark` is the innermost commitment that covers it, else the bare sentence it belongs to."""

    piece: Piece
    mark: Mark | None
    opens: tuple[Mark, ...]
    closes: tuple[Mark, ...]
    bare: BareSentence | None = None

    @property
    def ends_bare(self) -> bool:
        return self.bare is not None and bool(self.piece.closes)


@dataclass(frozen=True, slots=True)
class ReaderParagraph:
    paragraph: Paragraph
    anchor: str
    runs: list[list[Run]]
    marks: list[Mark]
    sentences: int = 0
    bare: tuple[BareSentence, ...] = ()


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
    """The text; `sentences` and `bare` are counted where the coverage was asked for."""

    statement: Statement
    sections: list[ReaderSection]

    @property
    def sentences(self) -> int:
        return sum(entry.sentences for section in self.sections for entry in section.paragraphs)

    @property
    def bare(self) -> int:
        return sum(len(entry.bare) for section in self.sections for entry in section.paragraphs)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How many bare sentences there are of each reason, the most frequent first."""
        lines = (each for section in self.sections for entry in section.paragraphs for each in entry.bare)
        return Counter(each.bare.reason for each in lines if each.bare.reason).most_common()

    @property
    def paragraphs(self) -> int:
        return sum(len(section.paragraphs) for section in self.sections)

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)


def statement_page(statement: Statement, user: User, today: date, *, covered: bool = False) -> StatementPage:
    """The whole text in order; a fixed number of queries whatever its length.

    With `covered`, the sentences without a commitment are told apart, each with the reason where there is one.
    """
    marks = _marks(statement, user, today)
    sections = list(statement.sections.order_by("position"))
    rows = list(statement.paragraphs.order_by("position"))
    passed = _passed(statement, sections, rows) if covered else {}
    paragraphs: dict[int, list[ReaderParagraph]] = defaultdict(list)
    taken: set[str] = set()
    for row in rows:
        anchor = paragraph_anchor(row)
        anchor = f"at{row.position}" if anchor in taken else anchor  # numbers may begin anew in each section
        taken.add(anchor)
        found = coverage(row.text, _spans(marks[row.pk]), passed.get(row.pk)) if covered else Coverage(0, ())
        paragraphs[row.section_id].append(_paragraph(row, anchor, marks[row.pk], found))
    return StatementPage(
        statement,
        [ReaderSection(section, f"s{section.position}", paragraphs[section.pk]) for section in sections],
    )


def _passed(statement: Statement, sections: Sequence[Section], rows: Sequence[Paragraph]) -> dict[int, Passed]:
    """What the reading passes over, by the paragraph's key; empty where it was not read."""
    headings = {section.pk: section.heading for section in sections}
    texts = [(headings[row.section_id], row.text) for row in rows]
    found = passed_over(statement.title, statement.language, statement.adopted_on, texts)
    return dict(zip((row.pk for row in rows), found, strict=True)) if found is not None else {}


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


def _spans(marks: Sequence[Mark]) -> list[tuple[int, int]]:
    return [(mark.commitment.start, mark.commitment.end) for mark in marks]


def _paragraph(paragraph: Paragraph, anchor: str, marks: list[Mark], found: Coverage) -> ReaderParagraph:
    for mark in marks:
        mark.commitment.paragraph = paragraph  # known already: its quote asks for no row
    bare = tuple(BareSentence(letter_of(place), each) for place, each in enumerate(found.bare))
    spans = _spans(marks) + [(each.start, each.end) for each in found.bare]
    return ReaderParagraph(
        paragraph=paragraph,
        anchor=anchor,
        runs=[[_run(piece, marks, bare) for piece in pieces] for pieces in marked(paragraph.text, spans)],
        marks=marks,
        sentences=found.sentences,
        bare=bare,
    )


def letter_of(place: int) -> str:
    """a to z, then aa, ab and so on."""
    before, last = divmod(place, 26)
    return (letter_of(before - 1) if before else "") + chr(ord("a") + last)


def _run(piece: Piece, marks: list[Mark], bare: Sequence[BareSentence]) -> Run:
    if piece.marks and piece.marks[0] >= len(marks):  # no commitment touches a bare sentence
        return Run(piece=piece, mark=None, opens=(), closes=(), bare=bare[piece.marks[0] - len(marks)])
    return Run(
        piece=piece,
        mark=marks[piece.marks[0]] if piece.marks else None,
        opens=tuple(marks[place] for place in piece.opens),
        closes=tuple(marks[place] for place in piece.closes),
    )
