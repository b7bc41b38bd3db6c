"""Snoozing: a person lets the reminders of one part rest until a day; what comes up meanwhile is said then."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.assignment import about, locked
from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Visibility
from commitments.models.commitment import Assignment
from commitments.models.history import Act
from commitments.models.permission import may_snooze
from commitments.models.person import User
from commitments.models.snooze import Snooze

LONGEST = timedelta(days=90)  # a quarter, the usual cadence: longer would be forgetting


@transaction.atomic
def snooze(assignment: Assignment, until: date, *, by: User, at: datetime, today: date) -> None:
    """Say nothing of it to the person before the day; a last day and escalations are said all the same.

    Codes of refusal: not_ahead, too_long.
    """
    row = _locked(assignment, by)
    if until <= today:
        raise ValidationError(_("Choose a day after today."), code="not_ahead")
    if until > today + LONGEST:
        raise ValidationError(_("At most %(days)s days ahead."), params={"days": LONGEST.days}, code="too_long")
    _put(row, until, by=by, at=at)


@transaction.atomic
def wake(assignment: Assignment, *, by: User, at: datetime) -> None:
    """Let the reminders come again from now on."""
    _put(_locked(assignment, by), None, by=by, at=at)


def _locked(assignment: Assignment, by: User) -> Assignment:
    row = locked(assignment)
    if not may_snooze(by, row):
        raise PermissionDenied
    return row


def _put(row: Assignment, until: date | None, *, by: User, at: datetime) -> None:
    """Write the day, or take it away, with its fact; nothing where it stands like that already."""
    standing = Snooze.objects.filter(person=by, assignment=row).first()
    before = standing.until if standing else None
    if before == until:
        return
    if until is None:
        standing.delete()
    else:
        Snooze.objects.update_or_create(person=by, assignment=row, defaults={"until": until})
    days = [{"until": day.isoformat() if day else None} for day in (before, until)]
    record_change(Fact(Act.SNOOZED, *days, visibility=Visibility.OWN, **about(row)), by=by, at=at)
