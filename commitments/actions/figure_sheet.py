"""A series out of a file: looked at first, then saved in one go or not at all, through the usual action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.indicator import NewMeasurement, add_measurement
from commitments.domain.codes import Precision
from commitments.domain.deadlines import first_day
from commitments.exchange.figure_sheet import FigureRow
from commitments.models.indicator import Indicator, Measurement
from commitments.models.person import User


class Becomes(StrEnum):
    """What a row would become."""

    NEW = "new"
    CORRECTION = "correction"
    SAME = "same"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class FigureOutcome:
    """What would become of one row; `standing` is the own side's figure for its period, as it stands now."""

    row: FigureRow
    becomes: Becomes
    standing: Measurement | None = None
    words: tuple[str, ...] = ()

    @property
    def seen(self) -> int | None:
        return self.standing.pk if self.standing else None


class SeriesNotSavedError(Exception):
    """Nothing was saved: a row is faulty, or the figures have changed since they were looked at."""


def try_series(
    indicator: Indicator, rows: Sequence[FigureRow], source: str, *, by: User, at: datetime
) -> list[FigureOutcome]:
    """What saving each row would bring; nothing is kept. `source` stands where the file names none."""
    with transaction.atomic():
        outcomes = _each(indicator, rows, source, by=by, at=at)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def save_series(
    indicator: Indicator,
    rows: Sequence[FigureRow],
    source: str,
    seen: Mapping[int, int | None],
    *,
    by: User,
    at: datetime,
) -> int:
    """Save all the rows, or none and raise SeriesNotSavedError; gives the number of figures that are new or corrected.

    `seen` holds by line the figure that the person saw in the row's place.
    """
    Indicator.objects.select_for_update().get(pk=indicator.pk)  # who imports at the same time takes turns
    outcomes = _each(indicator, rows, source, by=by, at=at)
    if any(one.becomes == Becomes.FAULTY or seen.get(one.row.line) != one.seen for one in outcomes):
        transaction.set_rollback(True)
        raise SeriesNotSavedError
    return sum(one.becomes != Becomes.SAME for one in outcomes)


def _each(
    indicator: Indicator, rows: Sequence[FigureRow], source: str, *, by: User, at: datetime
) -> list[FigureOutcome]:
    standing = _standing(indicator, by)
    return [_one(indicator, row, source, standing.get((row.day, row.precision)), by=by, at=at) for row in rows]


def _one(
    indicator: Indicator, row: FigureRow, source: str, standing: Measurement | None, *, by: User, at: datetime
) -> FigureOutcome:
    if row.faults:
        words = tuple(f"{fault.cell}: {fault.words}" for fault in row.faults)
        return FigureOutcome(row, Becomes.FAULTY, standing, words)
    new = NewMeasurement(
        row.value,
        first_day(row.day, row.precision),
        row.precision,
        row.source or source or (standing.source if standing else ""),
        row.link,
        note=row.note,
        corrects=standing,
    )
    if standing and _is_the_same(standing, new):
        return FigureOutcome(row, Becomes.SAME, standing)
    try:
        with transaction.atomic():
            add_measurement(indicator, new, by=by, at=at)
    except ValidationError as refusal:
        words = tuple(_("Row %(line)d: %(words)s") % {"line": row.line, "words": text} for text in refusal.messages)
        return FigureOutcome(row, Becomes.FAULTY, standing, words)
    return FigureOutcome(row, Becomes.CORRECTION if standing else Becomes.NEW, standing)


def _is_the_same(standing: Measurement, new: NewMeasurement) -> bool:
    return (standing.value, standing.source, standing.source_url, standing.note) == (
        new.value,
        new.source,
        new.source_url or standing.source_url,
        new.note or standing.note,
    )


def _standing(indicator: Indicator, by: User) -> dict[tuple[date, Precision], Measurement]:
    """The own side's figures that hold, by their periods; of two for one period the newer."""
    rows = indicator.measurements.filter(party=by.party_id, corrected_by=None).order_by("entered_at", "pk")
    return {(row.period_ends_on, Precision(row.period_precision)): row for row in rows}
