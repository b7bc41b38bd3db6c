"""Absences: days on which a person is away, entered by themselves or by the coordinator of their side."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Role, Visibility
from commitments.models.history import Act
from commitments.models.permission import may_keep_absences
from commitments.models.person import User
from commitments.models.reminder import Absence

ONE_DAY = timedelta(days=1)
FURTHEST = timedelta(days=731)  # a later day is a slip of the pen


@dataclass(frozen=True, slots=True)
class Away:
    """From the first to the last day away; without a deputy the manager is told."""

    begins_on: date
    ends_on: date
    deputy: User | None = None


@transaction.atomic
def enter_absence(person: User, away: Away, *, by: User, at: datetime, today: date) -> Absence:
    """Enter days to come, or days that have begun. Codes of refusal: over, too_far, overlaps, not_a_deputy."""
    person = _locked(person, by)
    _check(person, away, today)
    row = Absence.objects.create(person=person, begins_on=away.begins_on, ends_on=away.ends_on, deputy=away.deputy)
    _record(person, {}, _values(row), by=by, at=at)
    return row


@transaction.atomic
def change_absence(absence: Absence, away: Away, *, by: User, at: datetime, today: date, version: int) -> None:
    """Change an absence that is not over; the first day of one that has begun stands.

    Codes of refusal: conflict, has_begun, and those of `enter_absence`.
    """
    row = _locked_absence(absence, by, today)
    if row.version != version:
        raise ValidationError(_("This was changed in the meantime."), code="conflict")
    if row.begins_on <= today and away.begins_on != row.begins_on:
        raise ValidationError(_("It has begun already; its first day stands."), code="has_begun")
    _check(row.person, away, today, changed=row)
    before = _values(row)
    row.begins_on, row.ends_on, row.deputy = away.begins_on, away.ends_on, away.deputy
    if _values(row) == before:
        return
    row.version += 1
    row.save(update_fields=["begins_on", "ends_on", "deputy", "version"])
    _record(row.person, before, _values(row), by=by, at=at)


@transaction.atomic
def end_absence(absence: Absence, *, by: User, at: datetime, today: date) -> None:
    """Take an absence to come back; one that has begun ends with yesterday. Code of refusal: over."""
    row = _locked_absence(absence, by, today)
    before = _values(row)
    if row.begins_on < today:
        row.ends_on = today - ONE_DAY
        row.version += 1
        row.save(update_fields=["ends_on", "version"])
        after = _values(row)
    else:
        row.delete()
        after = {"removed": True}
    _record(row.person, before, after, by=by, at=at)


def _locked(person: User, by: User) -> User:
    """The person, locked, so that two absences entered at once cannot overlap."""
    row = User.objects.select_for_update(of=["self"]).select_related("body__party").get(pk=person.pk)
    if not may_keep_absences(by, row):
        raise PermissionDenied
    return row


def _locked_absence(absence: Absence, by: User, today: date) -> Absence:
    person = _locked(absence.person, by)
    row = Absence.objects.filter(pk=absence.pk).select_related("deputy").first()
    if row is None or row.ends_on < today:
        raise ValidationError(_("This absence is over, or was taken back."), code="over")
    row.person = person
    return row


def _check(person: User, away: Away, today: date, changed: Absence | None = None) -> None:
    if away.ends_on < away.begins_on:
        raise ValidationError(_("The last day lies before the first."), code="reversed")
    if away.ends_on < today:
        raise ValidationError(_("These days are over already."), code="over")
    if away.ends_on > today + FURTHEST:
        raise ValidationError(_("This is more than two years away."), code="too_far")
    others = Absence.objects.filter(person=person, begins_on__lte=away.ends_on, ends_on__gte=away.begins_on)
    if others.exclude(pk=changed.pk if changed else None).exists():
        raise ValidationError(_("Another absence lies on these days already."), code="overlaps")
    deputy = away.deputy
    if deputy and (deputy.pk == person.pk or deputy.party_id != person.party_id or not deputy.has_rank(Role.OFFICER)):
        raise ValidationError(_("Choose an active desk officer of the same side."), code="not_a_deputy")


def _values(row: Absence) -> dict[str, Any]:
    days = {"begins_on": row.begins_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    return {**days, "deputy": row.deputy_id}


def _record(person: User, before: dict[str, Any], after: dict[str, Any], *, by: User, at: datetime) -> None:
    fact = Fact(
        Act.ABSENCE_ENTERED,
        {"person": person.pk, **before},
        {"person": person.pk, **after},
        visibility=Visibility.OWN,
        party=person.body.party if person.body else None,
    )
    record_change(fact, by=by, at=at)
