"""How fast a figure moves, and how fast it would have to: sums over one side's own series, never over two.

A pace is an amount a year. The present one is the straight way from the first figure to the last, the needed one that
from the last figure to the target at the end of its period. Nothing here is a forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Outlook(StrEnum):
    """Whether a pace is needed, or why none can be told."""

    NO_FIGURE = "no_figure"
    NO_TARGET = "no_target"
    REACHED = "reached"
    NO_DATE = "no_date"
    PAST = "past"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value at the end of its period."""

    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached, and by the end of which period where one is set; `falls` where less is better."""

    target: Decimal | None
    due_on: date | None
    falls: bool = False

    def is_reached_by(self, value: Decimal) -> bool:
        if self.target is None:
            return False
        return value <= self.target if self.falls else value >= self.target


@dataclass(frozen=True, slots=True)
class Pace:
    """`present` needs two figures of different days; `needed` and `arrives_at` (by the goal's day) a goal ahead."""

    outlook: Outlook
    present: Decimal | None = None
    needed: Decimal | None = None
    arrives_at: Decimal | None = None


def pace(figures: Sequence[Figure], goal: Goal) -> Pace:
    """The paces of one series, whatever the order it comes in."""
    if not figures:
        return Pace(Outlook.NO_FIGURE)
    first, last = min(figures, key=lambda each: each.day), max(figures, key=lambda each: each.day)
    present = (last.value - first.value) / years_between(first.day, last.day) if first.day < last.day else None
    outlook = _outlook(last, goal)
    if outlook != Outlook.NEEDED:
        return Pace(outlook, present)
    ahead = years_between(last.day, goal.due_on)
    arrives_at = None if present is None else last.value + present * ahead
    return Pace(outlook, present, (goal.target - last.value) / ahead, arrives_at)


def _outlook(last: Figure, goal: Goal) -> Outlook:
    if goal.target is None:
        return Outlook.NO_TARGET
    if goal.is_reached_by(last.value):
        return Outlook.REACHED
    if goal.due_on is None:
        return Outlook.NO_DATE
    return Outlook.PAST if goal.due_on <= last.day else Outlook.NEEDED


def years_between(first: date, last: date) -> Decimal:
    """Years from one day to a later one; whole from one year's end to another's, leap years or not."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return Decimal(months) / 12 + Decimal(last.day - first.day) / 365
