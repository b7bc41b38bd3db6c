"""Milestones: added, changed, shared, met, dropped, opened again; each step with what stood before it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.actions.assignment import about, locked
from commitments.actions.deadline import check_year
from commitments.actions.history import Fact, record_changes
from commitments.domain.codes import Precision, Visibility
from commitments.domain.deadlines import last_day
from commitments.domain.text import tidy
from commitments.models.commitment import Assignment
from commitments.models.history import Act
from commitments.models.milestone import Milestone
from commitments.models.permission import may_record_progress
from commitments.models.person import User

LONGEST = 200  # characters of a title
TWICE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """What the step is called, the period that holds the day, and who may know of it."""

    title: str
    day: date
    precision: Precision
    visibility: Visibility = Visibility.BOTH
    is_sample: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "title": " ".join(tidy(self.title).split()),
            "due_on": last_day(self.day, self.precision),
            "due_precision": self.precision,
            "visibility": self.visibility,
        }


@transaction.atomic
def add_milestone(assignment: Assignment, facts: MilestoneFacts, *, by: User, at: datetime) -> Milestone:
    """Add a step on the way. The same again by the same person within a minute (a double click) is one.

    Codes of refusal: no_title, too_long, far_off, not_own.
    """
    row = locked(assignment)
    if not may_record_progress(by, row):
        raise PermissionDenied
    columns = _checked(facts, row, by)
    twice = row.milestones.open().filter(by=by, added_at__gt=at - TWICE, **columns).first()
    if twice:
        return twice
    milestone = Milestone.objects.create(assignment=row, by=by, added_at=at, is_sample=facts.is_sample, **columns)
    _tell(milestone, Act.MILESTONE_ADDED, {}, by=by, at=at)
    return milestone


@transaction.atomic
def change_milestone(milestone: Milestone, facts: MilestoneFacts, *, version: int, by: User, at: datetime) -> None:
    """Change what it is called or when it is due, or share it; what is shared stays shared.

    Words that the own side changes with the sharing are told to the own side first: the others learn what they read
    now. Codes of refusal: no_title, too_long, far_off, not_own, is_shared, is_over, conflict.
    """
    row = _locked_milestone(milestone, version, by)
    columns = _checked(facts, row.assignment, by)
    if not row.is_open:
        raise ValidationError(_("It is done or dropped: open it again first."), code="is_over")
    if row.visibility == Visibility.BOTH and facts.visibility == Visibility.OWN:
        raise ValidationError(_("The other side knows of it already."), code="is_shared")
    is_shared_now = row.visibility != facts.visibility
    before = state_of(row)
    row.title, row.due_on, row.due_precision = columns["title"], columns["due_on"], columns["due_precision"]
    if state_of(row) != before:
        _save(row, "title", "due_on", "due_precision")
        _tell(row, Act.MILESTONE_CHANGED, before, by=by, at=at)
    if is_shared_now:
        before = state_of(row)
        row.visibility = facts.visibility
        _save(row, "visibility")
        _tell(row, Act.MILESTONE_SHARED, before, by=by, at=at)


@transaction.atomic
def finish_milestone(milestone: Milestone, on: date, *, version: int, by: User, at: datetime) -> None:
    """Say that it was met on that day. Codes of refusal: is_over, in_the_future, far_off, conflict."""
    row = _locked_milestone(milestone, version, by)
    if not row.is_open:
        raise ValidationError(_("It is done or dropped already."), code="is_over")
    if on > _day_of(at):
        raise ValidationError(_("This day has not come yet."), code="in_the_future")
    check_year(on)
    _step(row, Act.MILESTONE_DONE, by=by, at=at, done_on=on)


@transaction.atomic
def drop_milestone(milestone: Milestone, *, version: int, by: User, at: datetime) -> None:
    """Say that it will not be done. Codes of refusal: is_over, conflict."""
    row = _locked_milestone(milestone, version, by)
    if not row.is_open:
        raise ValidationError(_("It is done or dropped already."), code="is_over")
    _step(row, Act.MILESTONE_DROPPED, by=by, at=at, dropped_on=_day_of(at))


@transaction.atomic
def reopen_milestone(milestone: Milestone, *, version: int, by: User, at: datetime) -> None:
    """Take "done" or "dropped" back. Code of refusal: conflict."""
    row = _locked_milestone(milestone, version, by)
    if not row.is_open:
        _step(row, Act.MILESTONE_REOPENED, by=by, at=at, done_on=None, dropped_on=None)


def _day_of(at: datetime) -> date:
    """The day on which the person acts, in the time zone that is active."""
    return at.astimezone(timezone.get_current_timezone()).date()


def state_of(row: Milestone) -> dict[str, Any]:
    """All that moves of a milestone, as the history keeps it."""
    return {
        "milestone": row.pk,
        "title": row.title,
        "due_on": row.due_on.isoformat(),
        "precision": str(row.due_precision),
        "visibility": str(row.visibility),
        "done_on": row.done_on and row.done_on.isoformat(),
        "dropped_on": row.dropped_on and row.dropped_on.isoformat(),
    }


def _locked_milestone(milestone: Milestone, version: int, by: User) -> Milestone:
    rows = Milestone.objects.select_for_update(of=["self"])
    row = rows.select_related("assignment__commitment__statement", "assignment__party").get(pk=milestone.pk)
    if not may_record_progress(by, row.assignment):
        raise PermissionDenied
    if version != row.version:
        raise ValidationError(_("Somebody has changed this since you opened it."), code="conflict")
    return row


def _checked(facts: MilestoneFacts, assignment: Assignment, by: User) -> dict[str, Any]:
    columns = facts.columns
    if not columns["title"]:
        raise ValidationError(_("Say what the step is."), code="no_title")
    if len(columns["title"]) > LONGEST:
        raise ValidationError(_("Keep it under %(limit)s characters."), code="too_long", params={"limit": LONGEST})
    if facts.visibility == Visibility.OWN and by.party_id != assignment.party_id:
        raise ValidationError(_("What another side reported is for all sides to read."), code="not_own")
    check_year(columns["due_on"])
    return columns


def _step(row: Milestone, act: Act, *, by: User, at: datetime, **columns: date | None) -> None:
    before = state_of(row)
    for name, value in columns.items():
        setattr(row, name, value)
    _save(row, *columns)
    _tell(row, act, before, by=by, at=at)


def _save(row: Milestone, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def _tell(row: Milestone, act: Act, before: dict[str, Any], *, by: User, at: datetime) -> None:
    """Record the step, for those who may know of the milestone; what it was before, in full, to look back by."""
    visibility = Visibility(row.visibility)
    fact = Fact(act, before, state_of(row), visibility=visibility, **about(row.assignment))
    record_changes([fact], by=by, at=at)
