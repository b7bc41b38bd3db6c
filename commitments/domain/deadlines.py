"""Deadlines with honest precision: a period whose last day counts, never a false day."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from commitments.domain.codes import Basis, Precision, Schedule, Status

MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}
SOON = timedelta(days=30)
ENDED = frozenset({Status.DONE, Status.NOT_PURSUED})
SETTLED = ENDED | {Status.BEING_HONOURED}


def last_day(day: date, precision: Precision) -> date:
    """The last day of the period of this precision that holds the day."""
    if precision == Precision.DAY:
        return day
    size = MONTHS[precision]
    month = (day.month - 1) // size * size + size
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def first_day(due_on: date, precision: Precision) -> date:
    """The first day of the period that ends on due_on."""
    if precision == Precision.DAY:
        return due_on
    return date(due_on.year, due_on.month - MONTHS[precision] + 1, 1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A period by whose end something is due; `due_on` is its last day.

    Raises ValueError where due_on is not the last day of a period of that precision.
    """

    due_on: date
    precision: Precision
    basis: Basis

    def __post_init__(self) -> None:
        if last_day(self.due_on, self.precision) != self.due_on:
            raise ValueError(f"{self.due_on} is not the last day of a {self.precision}")

    @property
    def begins_on(self) -> date:
        return first_day(self.due_on, self.precision)

    def days_left(self, today: date) -> int:
        """Days from today to the last day of the period; negative once it is over."""
        return (self.due_on - today).days


def schedule(deadline: Deadline | None, status: Status, ended_on: date | None, today: date) -> Schedule:
    """Where one side stands against the deadline; computed, never typed.

    `ended_on` is the day the status became done or being honoured. A period is overdue only when
    all of it has passed; "due soon" means that 30 days or fewer remain.
    """
    if status == Status.NOT_PURSUED:
        return Schedule.ENDED
    if deadline is None:
        return Schedule.NO_DATE
    if status in SETTLED:
        return Schedule.MET_LATE if ended_on and ended_on > deadline.due_on else Schedule.MET_ON_TIME
    if today > deadline.due_on:
        return Schedule.OVERDUE
    if deadline.due_on - today <= SOON:
        return Schedule.DUE_SOON
    if today >= deadline.begins_on:
        return Schedule.FINAL_PERIOD
    return Schedule.AHEAD
