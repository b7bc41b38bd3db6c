"""An indicator's figures: each side's series for itself, and the pace of each against the target."""

from dataclasses import dataclass

from django.db.models import F, Prefetch

from commitments.domain.codes import Basis, Precision
from commitments.domain.deadlines import Deadline
from commitments.domain.pace import Figure, Goal, Pace, pace
from commitments.models import Commitment, Direction, Indicator, Measurement, Party

PACED = (Precision.YEAR, Precision.DAY)  # a month's trade has no pace towards a year's


@dataclass(frozen=True, slots=True)
class Series:
    """One party's figures for periods of one length, oldest first; corrected ones are left out."""

    party: Party
    precision: str
    points: list[Measurement]

    @property
    def last(self) -> Measurement:
        return self.points[-1]

    @property
    def previous(self) -> Measurement | None:
        return self.points[-2] if len(self.points) > 1 else None


@dataclass(frozen=True, slots=True)
class SeriesPace:
    """A series with its pace; computed, never reported."""

    series: Series
    pace: Pace


@dataclass(frozen=True, slots=True)
class Figures:
    """An indicator: what is drawn, and every row behind it, newest period first.

    `due` is the date of the target: the indicator's own, from the text, or the date of its commitment.
    """

    indicator: Indicator
    series: list[Series]
    rows: list[Measurement]
    due: Deadline | None
    paces: list[SeriesPace]

    @property
    def is_dated_by_the_parties(self) -> bool:
        return self.due is not None and self.due.basis == Basis.SET

    @property
    def goal(self) -> Goal:
        return goal_of(self.indicator, self.due)


def figures_of(commitment: Commitment, order: dict[int, int]) -> list[Figures]:
    """Each indicator of the commitment; `order` holds the place of each party's series."""
    measurements = Measurement.objects.select_related("party", "by__body", "corrected_by", "file")
    indicators = commitment.indicators.select_related("by__body__party").order_by(
        F("added_at").asc(nulls_first=True), "name"
    )
    indicators = indicators.prefetch_related(Prefetch("measurements", measurements))
    return [_figures(indicator, commitment.deadline, order) for indicator in indicators]


def _figures(indicator: Indicator, deadline: Deadline | None, order: dict[int, int]) -> Figures:
    rows = sorted(indicator.measurements.all(), key=lambda row: (row.period_ends_on, row.pk), reverse=True)
    found: dict[tuple[int, str], Series] = {}
    for row in sorted(rows, key=lambda row: (order.get(row.party_id, len(order)), row.period_ends_on)):
        if not is_corrected(row):
            key = (row.party_id, row.period_precision)
            found.setdefault(key, Series(row.party, row.period_precision, [])).points.append(row)
    series, due = list(found.values()), due_of(indicator, deadline)
    goal = goal_of(indicator, due)
    return Figures(indicator, series, rows, due, [_paced(each, goal) for each in series if each.precision in PACED])


def _paced(series: Series, goal: Goal) -> SeriesPace:
    return SeriesPace(series, pace([Figure(row.period_ends_on, row.value) for row in series.points], goal))


def due_of(indicator: Indicator, deadline: Deadline | None) -> Deadline | None:
    """By when the target is to be met: as the text says of it, else by the date of the commitment."""
    if indicator.target_on is None:
        return deadline
    basis = Basis.SET if indicator.by_id else Basis.TEXT
    return Deadline(indicator.target_on, Precision(indicator.target_precision), basis)


def goal_of(indicator: Indicator, due: Deadline | None) -> Goal:
    return Goal(indicator.target, due.due_on if due else None, indicator.direction == Direction.DOWN)


def is_corrected(measurement: Measurement) -> bool:
    """Whether a newer row stands in this one's place."""
    return hasattr(measurement, "corrected_by")
