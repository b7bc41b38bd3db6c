"""A month of dates: deadlines, milestones, days on which a word is due, meetings, the holidays of every side.

What is known by a period alone ("2028", "Q4 2026") stands beside the days of the month, never on one of them.
"""

from calendar import Calendar, monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.domain.codes import Basis, Precision
from commitments.domain.deadlines import ENDED, MONTHS, Deadline, last_day
from commitments.models import Adoption, Assignment, Commitment, Holiday, Meeting, Milestone, Party, Statement, User
from commitments.models.conditions import seen_update_due_on
from commitments.models.party import default_weekend
from commitments.models.words import Whose
from commitments.queries.calendars import named_holidays
from commitments.queries.commitment_list import Row, list_rows, with_parts

MOST_SHOWN = 300  # of each kind


class What(StrEnum):
    """What falls on a date, in the order in which a day tells it."""

    MEETING = "meeting"
    DEADLINE = "deadline"
    MILESTONE = "milestone"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing, and when it is, as precisely as that is known."""

    what: What
    date: Deadline
    of: Row | Milestone | Assignment | Meeting


@dataclass(frozen=True, slots=True)
class DayOff:
    """A public holiday of one side, or a day entered by hand; `language` is that of the name, "" where unknown."""

    party: Party
    name: str
    language: str
    is_day_off: bool


@dataclass(slots=True)
class Day:
    on: date
    is_of_month: bool
    is_weekend: bool
    off: list[DayOff] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    updates: list[Entry] = field(default_factory=list)

    @property
    def is_bare(self) -> bool:
        return not (self.off or self.entries or self.updates)


@dataclass(frozen=True, slots=True)
class Period:
    """What is to happen at some time in a period that the month is part of."""

    date: Deadline
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: list[list[Day]]
    periods: list[Period]
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        return not self.periods and not any(day.entries or day.updates for week in self.weeks for day in week)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose dates are asked for, by whom, and of which statement; None is all that the person may see."""

    person: User
    whose: Whose
    statement: Statement | None

    def parts(self) -> QuerySet[Assignment]:
        person = self.person
        rows = Assignment.objects.visible_to(person)
        if self.statement:
            rows = rows.filter(commitment__statement=self.statement)
        if self.whose == Whose.ALL:
            return rows
        rows = rows.filter(party=person.party_id)
        return rows if self.whose == Whose.SIDE else rows.filter(Q(lead=person.body_id) | Q(officer=person.pk))

    def statements(self) -> QuerySet[Statement]:
        rows = Statement.objects.visible_to(self.person)
        return rows.filter(pk=self.statement.pk) if self.statement else rows


def month_of(scope: Scope, first: date, today: date, *, first_weekday: int, language: str) -> Month:
    """The month that begins on `first`, in a fixed number of queries; weeks begin on `first_weekday` (0 is Monday)."""
    kinds = [meetings(scope, first), deadlines(scope, first, today), milestones(scope, first), updates(scope, first)]
    parties = list(Party.objects.filter(Exists(adopted_by(scope))))
    own = next((party for party in parties if party.pk == scope.person.party_id), None)
    weekend = own.weekend if own else default_weekend()
    days = {
        on: Day(on, on.month == first.month, on.weekday() in weekend)
        for on in Calendar(first_weekday).itermonthdates(first.year, first.month)
    }
    for on, off in days_off(parties, first, language):
        days[on].off.append(off)
    periods: dict[Deadline, list[Entry]] = defaultdict(list)
    for entry in chain.from_iterable(rows[:MOST_SHOWN] for rows in kinds):
        if entry.date.precision == Precision.DAY:
            day = days[entry.date.due_on]
            (day.updates if entry.what == What.UPDATE else day.entries).append(entry)
        else:
            periods[Deadline(entry.date.due_on, entry.date.precision, Basis.SET)].append(entry)
    row = list(days.values())
    return Month(
        first=first,
        weeks=[row[at : at + 7] for at in range(0, len(row), 7)],
        periods=[Period(date, periods[date]) for date in sorted(periods, key=lambda date: date.due_on)],
        is_cut=any(len(rows) > MOST_SHOWN for rows in kinds),
    )


def last_of(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def falls_in(first: date, day: str, precision: str) -> Q:
    """The date in these fields is a day of the month, or a period that the month is part of."""
    found = Q(**{f"{day}__range": (first, last_of(first)), precision: Precision.DAY})
    for each in MONTHS:
        found |= Q(**{day: last_day(first, each), precision: each})
    return found


def deadlines(scope: Scope, first: date, today: date) -> list[Entry]:
    parts = scope.parts().order_by().filter(commitment=OuterRef("pk"))
    rows = Commitment.objects.visible_to(scope.person).filter(falls_in(first, "due_on", "due_precision"), Exists(parts))
    rows = with_parts(rows.order_by("due_on", "statement", "position"))[: MOST_SHOWN + 1]
    return [Entry(What.DEADLINE, row.deadline, row) for row in list_rows(rows, scope.person, today)]


def milestones(scope: Scope, first: date) -> list[Entry]:
    """Steps of these parts, done ones too; what was dropped is no date any more."""
    rows = (
        Milestone.objects.visible_to(scope.person)
        .filter(falls_in(first, "due_on", "due_precision"), dropped_on=None, assignment__in=scope.parts().order_by())
        .select_related("assignment__party", "assignment__commitment__statement")
        .defer("assignment__commitment__statement__text", "assignment__commitment__search_text")
        .in_order()[: MOST_SHOWN + 1]
    )
    return [Entry(What.MILESTONE, row.deadline, row) for row in rows]


def updates(scope: Scope, first: date) -> list[Entry]:
    """Days on which a word is due on an open part, as far as this person may know."""
    within = (first, last_of(first))
    own = Q(party=scope.person.party_id)
    known = own & Q(update_due_on__range=within)
    if scope.whose == Whose.ALL:
        known |= ~own & Q(shared_update_due_on__range=within)
    rows = (
        scope.parts()
        .filter(known)
        .exclude(status__in=list(ENDED))
        .select_related("commitment__statement", "party")
        .defer("commitment__statement__text", "commitment__search_text")
        .order_by("commitment__statement", "commitment__position", "party__code")[: MOST_SHOWN + 1]
    )
    return [Entry(What.UPDATE, _on(seen_update_due_on(part, scope.person)), part) for part in rows]


def meetings(scope: Scope, first: date) -> list[Entry]:
    rows = (
        Meeting.objects.visible_to(scope.person)
        .filter(falls_in(first, "held_on", "precision"), called_off_at=None, statement__in=scope.statements())
        .select_related("statement")
        .defer("statement__text")
        .in_order()[: MOST_SHOWN + 1]
    )
    return [Entry(What.MEETING, meeting.date, meeting) for meeting in rows]


def adopted_by(scope: Scope) -> QuerySet[Adoption]:
    """Of the outer query's party, the statements asked for."""
    return Adoption.objects.order_by().filter(party=OuterRef("pk"), statement__in=scope.statements().order_by())


def days_off(parties: Iterable[Party], first: date, language: str) -> Iterator[tuple[date, DayOff]]:
    """The public holidays of the parties in the month, and what was entered by hand."""
    parties = list(parties)
    for party in parties:
        named_in, found = named_holidays(party.holiday_country, first.year, language)
        for on, name in sorted(found.items()):
            if on.month == first.month:
                yield on, DayOff(party, name, named_in, is_day_off=True)
    by_key = {party.pk: party for party in parties}
    for row in Holiday.objects.filter(party__in=parties, on__range=(first, last_of(first))):
        yield row.on, DayOff(by_key[row.party_id], row.name, "", row.is_day_off)


def _on(day: date) -> Deadline:
    return Deadline(day, Precision.DAY, Basis.SET)
