"""What is to be said on which day: rules are data, and every occurrence is a function of facts and days alone.

An occurrence is known by its kind, its anchor (the date it is about) and its offset in days from that anchor, so it
stays the same one whenever and however often it is worked out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from commitments.domain.codes import Precision, Status
from commitments.domain.deadlines import ENDED, SETTLED
from commitments.domain.workdays import Workdays

LONGEST_SHIFT = 21  # days that a reminder may move over days off; longer breaks are not shifted over


class ReminderKind(StrEnum):
    DEADLINE_AHEAD = "deadline_ahead"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    UPDATE_DUE = "update_due"
    ESCALATION_MANAGER = "escalation_manager"
    ESCALATION_COORDINATOR = "escalation_coordinator"
    ASKED = "asked"
    DATE_PROPOSED = "date_proposed"
    DATE_DECIDED = "date_decided"
    ASSIGNED = "assigned"
    OTHER_SIDE_NOTE = "other_side_note"
    BODY_DIGEST = "body_digest"
    PARTY_DIGEST = "party_digest"


K = ReminderKind
DEADLINE_KINDS = (K.DEADLINE_AHEAD, K.LAST_DAY, K.OVERDUE)
ESCALATIONS = (K.ESCALATION_MANAGER, K.ESCALATION_COORDINATOR)
DIGESTS = frozenset({K.BODY_DIGEST, K.PARTY_DIGEST})
ASKS = frozenset({*DEADLINE_KINDS, K.UPDATE_DUE, K.ASKED, *ESCALATIONS})  # an answer ends these
COUNTS_AS_ASKED = (K.LAST_DAY, K.OVERDUE, K.UPDATE_DUE, K.ASKED)  # left without an answer, these are escalated
CANNOT_BE_SWITCHED_OFF = frozenset({K.LAST_DAY, *ESCALATIONS})
SAME_DAY = frozenset({K.LAST_DAY})  # worth a second mail on a day whose mail has gone
FAMILIES = tuple(  # one a family is enough
    frozenset(kinds) for kinds in (DEADLINE_KINDS, {K.UPDATE_DUE}, {K.ASKED}, ESCALATIONS)
)
MOST_URGENT_FIRST = (
    K.LAST_DAY,
    K.OVERDUE,
    K.ESCALATION_COORDINATOR,
    K.ESCALATION_MANAGER,
    K.ASKED,
    K.DATE_PROPOSED,
    K.DEADLINE_AHEAD,
    K.UPDATE_DUE,
    K.DATE_DECIDED,
    K.ASSIGNED,
    K.OTHER_SIDE_NOTE,
    K.BODY_DIGEST,
    K.PARTY_DIGEST,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Days on which a kind is said: `first` days after the anchor (negative: before), then every so many, so often.

    `times` None means for as long as the facts hold. `grace` is how many days late it is still said when
    it came up late for another reason than an outage (a date that was changed, an officer who was named).
    """

    kind: ReminderKind
    first: int
    precision: Precision | None = None
    every: int = 0
    times: int | None = 1
    grace: int = 3

    def offsets(self, lowest: int, highest: int) -> Iterator[int]:
        """Offsets of this rule that lie between the two, both included."""
        if not self.every:
            if lowest <= self.first <= highest:
                yield self.first
            return
        turn = max(0, -((self.first - lowest) // self.every)) if lowest > self.first else 0
        while (self.times is None or turn < self.times) and self.first + turn * self.every <= highest:
            if self.first + turn * self.every >= lowest:
                yield self.first + turn * self.every
            turn += 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What one side's part in a commitment stands at, as far as reminders depend on it."""

    status: Status
    due_on: date | None
    precision: Precision | None
    update_due_on: date | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing to be said: `seq` is the offset from the anchor, `day` when it is said."""

    kind: ReminderKind
    anchor_on: date
    seq: int
    day: date


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a planning covers: `until` is today where the person is, `covered` the last day covered before.

    After an outage everything since `covered` is caught up, however long it was, and what came up late just before it
    is as late as it was then.
    """

    until: date
    covered: date | None

    def since(self, grace: int) -> date:
        """The first day that still counts: so many days before the first one not covered yet, at the latest today."""
        first = self.until if self.covered is None else min(self.until, self.covered + timedelta(days=1))
        return first - timedelta(days=grace)

    def told(self, day: date) -> date:
        """The day that counts as the day of telling: in an outage the one it was missed on, else today."""
        return day if self.covered is not None and day > self.covered else self.until


def deadline_occurrences(
    rules: Iterable[Rule], facts: Facts, workdays: Workdays, window: Window
) -> Iterator[Occurrence]:
    """What is to be said about the date of a commitment, as long as the side has not met it or given it up."""
    if facts.due_on is not None and facts.status not in SETTLED:
        yield from date_occurrences(rules, facts.due_on, facts.precision, workdays, window)


def date_occurrences(
    rules: Iterable[Rule], due_on: date, precision: Precision | None, workdays: Workdays, window: Window
) -> Iterator[Occurrence]:
    """What is to be said about a date: ahead by the lead times of its precision, on its last day, when overdue."""
    for rule in rules:
        if rule.kind in DEADLINE_KINDS and rule.precision in (None, precision):
            too_late = rule.kind == K.DEADLINE_AHEAD and window.since(0) >= due_on
            since = window.since(0 if too_late else rule.grace)
            lowest = (since - due_on).days - LONGEST_SHIFT
            highest = (window.until - due_on).days + LONGEST_SHIFT
            for offset in rule.offsets(lowest, highest):
                day = told_on(rule.kind, due_on + timedelta(days=offset), due_on, workdays)
                if since <= day <= window.until:
                    yield Occurrence(rule.kind, due_on, offset, day)


def update_occurrences(
    rules: Iterable[Rule], facts: Facts, workdays: Workdays, window: Window, first_told_on: date | None
) -> Iterator[Occurrence]:
    """What is to be said once an update is due: at the date, then the follow-ups, counted from the first telling.

    `first_told_on` is the day of the first telling for this date, where there was one. An update that came
    up late (on the first planning of all, or for a new officer) is first told today, not in the past; after an outage
    on the first day of it.
    """
    anchor = facts.update_due_on
    if anchor is None or facts.status in ENDED:
        return
    nominal = told_on(K.UPDATE_DUE, anchor, None, workdays)
    start = first_told_on or max(nominal, window.since(0))
    if start > window.until:
        return
    for rule in rules:
        if rule.kind == K.UPDATE_DUE:
            for offset in rule.offsets(0, (window.until - start).days):
                day = told_on(K.UPDATE_DUE, start + timedelta(days=offset), None, workdays) if offset else start
                if day <= window.until:
                    yield Occurrence(K.UPDATE_DUE, anchor, offset, day)


def told_on(kind: ReminderKind, day: date, due_on: date | None, workdays: Workdays) -> date:
    """The day it is said: never on a day off, the last day of a period apart.

    It moves to the next working day; before a deadline only where that still lies before it, else back to
    the last working day.
    """
    if kind == K.LAST_DAY or not workdays.is_day_off(day):
        return day
    later = workdays.next_workday(day, LONGEST_SHIFT)
    if kind != K.DEADLINE_AHEAD or due_on is None or later < due_on:
        return later
    return workdays.previous_workday(day, LONGEST_SHIFT)


def urgency(kind: ReminderKind, seq: int, anchor_on: date) -> tuple[int, date, int]:
    """A key that sorts most urgent first: by kind, then the earlier date, then the later stage."""
    return MOST_URGENT_FIRST.index(kind), anchor_on, -seq


def family(kind: ReminderKind) -> int | None:
    """Which kinds make each other needless on one assignment; None for those that stand alone."""
    return next((number for number, kinds in enumerate(FAMILIES) if kind in kinds), None)


def stage(kind: ReminderKind, seq: int) -> tuple[int, int]:
    """A key within a family: the largest is the latest stage, the only one worth saying."""
    order = (*DEADLINE_KINDS, K.UPDATE_DUE, K.ASKED, *ESCALATIONS)
    return order.index(kind), seq
