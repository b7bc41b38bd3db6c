"""The overview of one statement: counts by status, what needs attention, dates, sections, what changed."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db.models import Count, Exists, Q, QuerySet

from commitments.domain import codes
from commitments.domain.status import SHOWN
from commitments.models import Act, Change, Commitment, Milestone, Paragraph, Party, Section, Statement, User
from commitments.models.conditions import is_overdue, least_rank, parts_of_commitment
from commitments.models.history import PREPARING
from commitments.models.sharing import sharing
from commitments.models.words import Kind
from commitments.queries.commitment_list import Row, list_rows
from commitments.queries.milestone import open_milestones
from commitments.queries.update_request import Asking, askings

WANTING_SHOWN = 6
DATES_SHOWN = 6
CHANGES_SHOWN = 8
MOST_BLOCKS = 400  # commitments; beyond it the strip's blocks are too thin to see
MOST_DATES = 200

Counts = dict[codes.Status, int]


@dataclass(frozen=True, slots=True)
class SideCounts:
    """One side's statuses; None for the party means both sides: the less advanced counts."""

    party: Party | None
    duties: Counts
    positions: Counts

    @property
    def total(self) -> int:
        return sum(self.duties.values())

    @property
    def total_positions(self) -> int:
        return sum(self.positions.values())


@dataclass(frozen=True, slots=True)
class Wanting:
    """How many commitments want attention, and why; one may be counted for several reasons."""

    overdue: int = 0
    trouble: int = 0
    silent: int = 0
    any: int = 0


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section: its paragraphs, its statuses (both sides, positions included), what it owes next."""

    section: Section
    paragraphs: str
    counts: Counts
    wanting: Wanting
    next: Commitment | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Block:
    """One commitment on the strip: what it is, and the status of each side in the parties' order."""

    ref: str
    title: str
    section: int
    paragraph: str
    statuses: tuple[codes.Status | None, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What one person did in one step: a note, a change of status, or both."""

    change: Change
    before: str
    after: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of one side ("" for both)."""

    side: str
    count: int


@dataclass(frozen=True, slots=True)
class StatusGroup:
    """The table of statuses by side, for duties or for positions; statuses that nobody has are left out."""

    kind: str
    rows: list[tuple[codes.Status, list[Cell]]]
    totals: list[Cell]


@dataclass(frozen=True, slots=True)
class WantingRow:
    """A commitment that wants attention, and for managers whether the own desk can be asked, or was."""

    row: Row
    asking: Asking | None


@dataclass(frozen=True, slots=True)
class Overview:
    statement: Statement
    parties: tuple[Party, ...]
    both: SideCounts
    sides: tuple[SideCounts, ...]
    duties_wanting: Wanting
    wanting: Wanting
    wanting_rows: list[WantingRow]
    dated: int
    next_rows: list[Row]
    dates: list[Row]
    milestones: list[Milestone]
    sections: list[SectionLine]
    blocks: list[Block]
    news: list[News]

    @property
    def next_milestones(self) -> list[Milestone]:
        return self.milestones[:DATES_SHOWN]

    @property
    def total(self) -> int:
        return self.both.total

    @property
    def positions(self) -> int:
        return self.both.total_positions

    @property
    def undated(self) -> int:
        return self.total + self.positions - self.dated

    @property
    def largest_section(self) -> int:
        return max((line.total for line in self.sections), default=1)

    @property
    def columns(self) -> list[SideCounts]:
        return [self.both, *self.sides]

    @property
    def width(self) -> int:
        """How many columns the table of statuses has, its row headings included."""
        return len(self.columns) + 1

    @property
    def status_groups(self) -> list[StatusGroup]:
        duties = status_group("not_position", {_code(side): side.duties for side in self.columns})
        positions = status_group("position", {_code(side): side.positions for side in self.columns})
        return [group for group in (duties, positions) if group.rows]


def status_group(kind: str, columns: dict[str, Counts]) -> StatusGroup:
    rows = [
        (status, [Cell(side, counts[status]) for side, counts in columns.items()])
        for status in SHOWN
        if any(counts[status] for counts in columns.values())
    ]
    return StatusGroup(kind, rows, [Cell(side, sum(counts.values())) for side, counts in columns.items()])


def _code(side: SideCounts) -> str:
    return side.party.code if side.party else ""


def overview(statement: Statement, parties: list[Party], user: User, today: date) -> Overview:
    """All figures of the page, each over exactly the rows that the list shows for its link.

    The rows are read once and counted here: a statement has as many commitments as two governments can write into one
    text, and each of a dozen counts in the database would read them all again.
    """
    rows = list_rows(_commitments(statement, user), user, today)
    signs = {row.commitment.pk: _signs(row, today) for row in rows}
    dates = sorted((row for row in rows if row.deadline), key=lambda row: row.deadline.due_on)
    open_dates = [row for row in dates[:MOST_DATES] if row.deadline.due_on >= today and is_open(row)]
    paragraphs = list(Paragraph.objects.filter(statement=statement).order_by("position").only("number", "section"))
    duties = [row for row in rows if row.commitment.kind != Kind.POSITION]
    return Overview(
        statement=statement,
        parties=tuple(parties),
        both=SideCounts(None, *_split(rows, lambda row: row.status)),
        sides=tuple(SideCounts(party, *_split(rows, partial(_status_of, party))) for party in parties),
        duties_wanting=_wanting(signs[row.commitment.pk] for row in duties),
        wanting=_wanting(signs.values()),
        wanting_rows=_wanting_rows(rows, signs, user, today),
        dated=len(dates),
        next_rows=open_dates[:DATES_SHOWN],
        dates=dates[:MOST_DATES],
        milestones=list(_milestones(statement, user)),
        sections=_sections(paragraphs, rows, signs, open_dates),
        blocks=_blocks(rows, paragraphs, parties),
        news=_news(statement, user),
    )


def _commitments(statement: Statement, user: User) -> list[Commitment]:
    """All that the person may see, in the order of the text; they know the statement as it is at hand."""
    rows = Commitment.objects.visible_to(user).filter(statement=statement).select_related("section")
    found = list(sharing(rows.defer("search_text").order_by("position")))
    for row in found:
        row.statement = statement
    return found


def is_open(row: Row) -> bool:
    """Whether one side or more still owes it."""
    return row.schedule in (
        codes.Schedule.OVERDUE,
        codes.Schedule.DUE_SOON,
        codes.Schedule.FINAL_PERIOD,
        codes.Schedule.AHEAD,
    )


def _milestones(statement: Statement, user: User) -> QuerySet[Milestone]:
    """What is still to be done on the way, with what the timeline says of it."""
    rows = Commitment.objects.visible_to(user).filter(statement=statement)
    found = open_milestones(rows, user).select_related("assignment__party", "assignment__commitment__section")
    return found.defer("assignment__commitment__search_text")[:MOST_DATES]


@dataclass(frozen=True, slots=True)
class Signs:
    """Why a commitment wants attention, as far as this person may know."""

    overdue: bool
    trouble: bool
    silent: bool
    silent_since: date | None

    @property
    def any(self) -> bool:
        return self.overdue or self.trouble or self.silent


def _signs(row: Row, today: date) -> Signs:
    since = min((part.update_due_on for part in row.parts if part.update_due_on), default=None)
    return Signs(
        overdue=any(part.schedule == codes.Schedule.OVERDUE for part in row.parts),
        trouble=row.trouble is not None,
        silent=since is not None and since <= today,
        silent_since=since,
    )


def _split(rows: list[Row], status_of: Callable[[Row], codes.Status | None]) -> tuple[Counts, Counts]:
    """Duties and positions by status; a row without one is not counted."""
    both = (Counter(), Counter())
    for row in rows:
        both[row.commitment.kind == Kind.POSITION][status_of(row)] += 1
    return tuple({status: kind[status] for status in SHOWN} for kind in both)


def _status_of(party: Party, row: Row) -> codes.Status | None:
    return next((codes.Status(part.assignment.status) for part in row.parts if part.assignment.party == party), None)


def _wanting(signs: Iterable[Signs]) -> Wanting:
    found = list(signs)
    return Wanting(
        **{name: sum(getattr(each, name) for each in found) for name in ("overdue", "trouble", "silent", "any")}
    )


def _wanting_rows(rows: list[Row], signs: dict[int, Signs], user: User, today: date) -> list[WantingRow]:
    """What wants attention most: overdue, then off track, then at risk, then the longest silent."""
    ranked = sorted(
        (row for row in rows if signs[row.commitment.pk].any), key=lambda row: _urgency(row, signs[row.commitment.pk])
    )
    shown = ranked[:WANTING_SHOWN]
    own = [part.assignment for row in shown for part in row.parts if part.assignment.party_id == user.party_id]
    asking = askings(own, user, today) if user.has_rank(codes.Role.MANAGER) else {}
    by_commitment = {each.assignment.commitment_id: each for each in asking.values()}
    return [WantingRow(row, by_commitment.get(row.commitment.pk)) for row in shown]


def _urgency(row: Row, signs: Signs) -> tuple[int, date, date, int]:
    """The order of those that want attention; what has no date comes last."""
    if signs.overdue:
        rank = 0
    elif signs.trouble:
        rank = 1 if row.trouble == codes.Confidence.OFF_TRACK else 2
    else:
        rank = 3
    due = row.deadline.due_on if row.deadline else date.max
    return rank, due, signs.silent_since or date.max, row.commitment.position


def _sections(
    paragraphs: list[Paragraph],
    rows: list[Row],
    signs: dict[int, Signs],
    open_dates: list[Row],
) -> list[SectionLine]:
    inside: dict[Section, list[Row]] = {}
    for row in rows:
        inside.setdefault(row.commitment.section, []).append(row)
    lines = []
    for section in sorted(inside, key=lambda section: section.position):
        counts = Counter(row.status for row in inside[section])
        lines.append(
            SectionLine(
                section=section,
                paragraphs=span([paragraph.number for paragraph in paragraphs if paragraph.section_id == section.pk]),
                counts={status: counts[status] for status in SHOWN},
                wanting=_wanting(signs[row.commitment.pk] for row in inside[section]),
                next=next((row.commitment for row in open_dates if row.commitment.section_id == section.pk), None),
            )
        )
    return lines


def span(numbers: list[str]) -> str:
    """Paragraph numbers as a range: "¶3–5"."""
    if not numbers:
        return ""
    return f"¶{numbers[0]}" if len(numbers) == 1 else f"¶{numbers[0]}–{numbers[-1]}"


def _blocks(rows: list[Row], paragraphs: list[Paragraph], parties: list[Party]) -> list[Block]:
    """The strip's blocks in the order of the text; none where there are too many to see."""
    if len(rows) > MOST_BLOCKS:
        return []
    numbers = {paragraph.pk: paragraph.number for paragraph in paragraphs}
    return [
        Block(
            ref=row.commitment.ref,
            title=row.commitment.title,
            section=row.commitment.section.position,
            paragraph=numbers[row.commitment.paragraph_id],
            statuses=tuple(_status_of(party, row) for party in parties),
        )
        for row in rows
    ]


def _news(statement: Statement, user: User) -> list[News]:
    """The newest steps."""
    changes = (
        Change.objects.visible_to(user)
        .filter(statement=statement)
        .exclude(act__in=PREPARING)
        .select_related("by__body__party", "commitment__statement", "note")
        .defer("commitment__statement__text", "commitment__search_text")
        .newest_first()[: CHANGES_SHOWN * 2]
    )
    return steps(sharing(changes))[:CHANGES_SHOWN]


def steps(changes: Iterable[Change]) -> list[News]:
    """The changes, newest first, with a note and the status that it brought as one step."""
    found: dict[tuple[int | None, int | None, datetime], News] = {}
    for change in changes:
        key = (change.by_id, change.assignment_id, change.at)
        found[key] = _merged(found.get(key), change)
    return list(found.values())


def _merged(step: News | None, change: Change) -> News:
    moved = change.act == Act.STATUS_CHANGED
    text = change.note.text if change.note_id else ""
    return News(
        change=step.change if step and not text else change,
        before=change.before["status"] if moved else (step.before if step else ""),
        after=change.after["status"] if moved else (step.after if step else ""),
        text=text or (step.text if step else ""),
    )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One of several statements, with how many it holds; overdue and not assessed are of all, positions included."""

    statement: Statement
    total: int
    positions: int
    overdue: int
    not_assessed: int

    @property
    def duties(self) -> int:
        return self.total - self.positions


def statement_lines(statements: list[Statement], user: User, today: date) -> list[StatementLine]:
    """These statements with their counts, in one query; nothing else is counted."""
    marked = (
        Commitment.objects.visible_to(user)
        .filter(statement__in=statements)
        .annotate(least=least_rank(), overdue=Exists(parts_of_commitment().filter(is_overdue(today))))
    )
    grouped = (
        marked.order_by()
        .values_list("statement")
        .annotate(
            total=Count("pk"),
            positions=Count("pk", filter=Q(kind=Kind.POSITION)),
            late=Count("pk", filter=Q(overdue=True)),
            waiting=Count("pk", filter=Q(least=0)),
        )
    )
    found = {statement: numbers for statement, *numbers in grouped}
    return [StatementLine(statement, *found.get(statement.pk, (0, 0, 0, 0))) for statement in statements]
