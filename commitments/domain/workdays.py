"""Working days of a party: its weekend, its public holidays, and what was entered by hand."""

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Workdays:
    """`weekend` holds days of the week (0 is Monday); `working` are days worked in spite of weekend and holidays."""

    weekend: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_day_off(self, day: date) -> bool:
        return day not in self.working and (day.weekday() in self.weekend or day in self.off)

    def next_workday(self, day: date, limit: int) -> date:
        """The day itself or the first working day after it; the day itself where none comes within the limit."""
        return self._first(day, ONE_DAY, limit)

    def previous_workday(self, day: date, limit: int) -> date:
        """The day itself or the last working day before it; the day itself where none comes within the limit."""
        return self._first(day, -ONE_DAY, limit)

    def after(self, day: date, count: int) -> date:
        """The day on which so many working days have passed since the day."""
        for _ in range(count):
            day = self.next_workday(day + ONE_DAY, 366)
        return day

    def is_first_of_week(self, day: date) -> bool:
        """Whether it is the week's first working day; in a week without one, its Monday."""
        monday = day - ONE_DAY * day.weekday()
        return self.next_workday(monday, 7) == day

    def _first(self, day: date, step: timedelta, limit: int) -> date:
        found = day
        for _ in range(limit):
            if not self.is_day_off(found):
                return found
            found += step
        return day
