"""Adds indicators and records measurements; a correction is a new row and the old value stays."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.deadline import check_year
from commitments.actions.history import Fact, record_changes
from commitments.domain.codes import Precision
from commitments.domain.deadlines import last_day
from commitments.domain.text import tidy
from commitments.models.commitment import Commitment
from commitments.models.history import Act
from commitments.models.indicator import Direction, Indicator, Measurement
from commitments.models.permission import may_add_indicator, may_add_measurement
from commitments.models.person import User
from commitments.models.progress import StoredFile


@dataclass(frozen=True, slots=True)
class NewMeasurement:
    """A value for the period of that precision which holds the day; its source is named, with a link or a file."""

    value: Decimal
    day: date
    precision: Precision
    source: str
    source_url: str = ""
    file: StoredFile | None = None
    file_name: str = ""
    note: str = ""
    corrects: Measurement | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class NewIndicator:
    """What is to be measured; the target's day stands for the period of that precision which holds it."""

    name: str
    unit: str
    baseline: Decimal | None = None
    target: Decimal | None = None
    direction: Direction = Direction.UP
    day: date | None = None
    precision: Precision = Precision.YEAR

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "name": " ".join(tidy(self.name).split()),
            "unit": " ".join(tidy(self.unit).split()),
            "baseline": self.baseline,
            "target": self.target,
            "direction": self.direction,
            "target_on": self.day and last_day(self.day, self.precision),
            "target_precision": self.precision if self.day else None,
        }


@transaction.atomic
def add_indicator(commitment: Commitment, new: NewIndicator, *, by: User, at: datetime) -> Indicator:
    """Add what a side wants to measure by, beside what the statement names; it stands from then on.

    Codes of refusal: no_name, no_unit, far_off, needs_target, name_taken.
    """
    row = Commitment.objects.select_for_update(of=["self"]).select_related("statement").get(pk=commitment.pk)
    if not may_add_indicator(by, row):
        raise PermissionDenied
    columns = new.columns
    if not columns["name"]:
        raise ValidationError(_("Say what is measured."), code="no_name")
    if not columns["unit"]:
        raise ValidationError(_("Name the unit."), code="no_unit")
    if new.day:
        check_year(new.day)
        if new.target is None:
            raise ValidationError(_("A date without a target says nothing: write the target."), code="needs_target")
    if row.indicators.filter(name=columns["name"]).exists():
        raise ValidationError(_("There is an indicator of this name already."), code="name_taken")
    indicator = Indicator.objects.create(commitment=row, by=by, added_at=at, **columns)
    after = {"indicator": indicator.pk, "name": indicator.name, "unit": indicator.unit}
    if indicator.target is not None:
        after["target"] = str(indicator.target)
    fact = Fact(Act.INDICATOR_ADDED, {}, after, statement=row.statement, commitment=row, party=by.body.party)
    record_changes([fact], by=by, at=at)
    return indicator


@transaction.atomic
def add_measurement(indicator: Indicator, new: NewMeasurement, *, by: User, at: datetime) -> Measurement:
    """Add a value of the person's own side. Codes: no_source, in_the_future, not_yours, corrected_already."""
    if not may_add_measurement(by, indicator.commitment):
        raise PermissionDenied
    if new.corrects:
        _check_correction(indicator, new.corrects, by)
    if not new.source.strip():
        raise ValidationError(_("Name the source of the figure."), code="no_source")
    if new.day > at.date():
        raise ValidationError(_("This period has not begun yet."), code="in_the_future")
    measurement = Measurement.objects.create(
        indicator=indicator,
        party_id=by.party_id,
        value=new.value,
        period_ends_on=last_day(new.day, new.precision),
        period_precision=new.precision,
        source=new.source.strip(),
        source_url=new.source_url,
        file=new.file,
        file_name=new.file_name,
        note=" ".join(tidy(new.note).split()),
        corrects=new.corrects,
        by=by,
        entered_at=at,
        is_sample=new.is_sample,
    )
    fact = Fact(
        Act.MEASUREMENT_ADDED,
        {"value": str(new.corrects.value)} if new.corrects else {},
        {
            "value": str(new.value),
            "indicator": indicator.pk,
            "period": measurement.period_ends_on.isoformat(),
            "precision": new.precision,
        },
        statement=indicator.commitment.statement,
        commitment=indicator.commitment,
        party=by.body.party,
    )
    record_changes([fact], by=by, at=at)
    return measurement


def _check_correction(indicator: Indicator, old: Measurement, by: User) -> None:
    """Only a figure of the own side and the same indicator, and only once: then its correction is corrected."""
    row = Measurement.objects.select_for_update().filter(pk=old.pk, indicator=indicator, party=by.party_id).first()
    if row is None:
        raise ValidationError(_("Only a figure of the own side can be corrected."), code="not_yours")
    if Measurement.objects.filter(corrects=row).exists():
        raise ValidationError(_("This figure is corrected already; correct the newer one."), code="corrected_already")
