"""Dates: a working date moves by a proposal that every bound side agrees to; a date in the text stands for ever."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_changes
from commitments.actions.progress import MAX_TEXT
from commitments.domain.codes import Basis, Precision, Role, Visibility
from commitments.domain.deadlines import last_day
from commitments.domain.text import tidy
from commitments.models.commitment import Assignment, Commitment
from commitments.models.datechange import DateChange, DateChangeState, DateDecision, DateRemark, is_fixed
from commitments.models.history import Act
from commitments.models.permission import (
    may_decide_date,
    may_propose_date,
    may_remark_on_date,
    may_report_for_others,
    may_withdraw_date,
)
from commitments.models.person import User

FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond these a date is a slip of the finger


@transaction.atomic
def propose_date(
    commitment: Commitment,
    day: date,
    precision: Precision,
    *,
    reason: str,
    visibility: Visibility,
    by: User,
    at: datetime,
) -> DateChange:
    """Propose the period of this precision that holds the day.

    What a coordinator proposes, that side has agreed to; a reason kept to the own side waits for words to the others.
    Codes of refusal: date_in_text, needs_reason, too_long, same_date, far_off, is_proposed.
    """
    row = _locked(commitment)
    if not may_propose_date(by, row):
        raise PermissionDenied
    _check_proposal(row, day, precision, reason, by)
    change = DateChange.objects.create(
        commitment=row,
        party=by.body.party,
        old_due_on=row.due_on,
        old_precision=row.due_precision,
        new_due_on=last_day(day, precision),
        new_precision=precision,
        reason=tidy(reason),
        visibility=visibility,
        is_open_to_all=visibility == Visibility.BOTH,
        by=by,
        proposed_at=at,
    )
    proposed = Fact(
        Act.DATE_PROPOSED,
        _date(row.due_on, row.due_precision),
        {"change": change.pk, **_date(change.new_due_on, precision)},
        visibility=visibility,
        **_about(change),
    )
    record_changes([proposed], by=by, at=at)
    if by.has_rank(Role.COORDINATOR) and (change.is_open_to_all or not _undecided(change) - {by.party_id}):
        decide_date(change, agrees=True, by=by, at=at)
        change.refresh_from_db()
    return change


@transaction.atomic
def decide_date(change: DateChange, *, agrees: bool, words: str = "", by: User, at: datetime) -> None:
    """Say for the own side whether the date may move; with the last side's consent it moves, with one refusal it stays.

    A proposal whose reason stays on one side goes to the others with the own coordinator's words.
    Codes of refusal: decided, needs_words, too_long.
    """
    row = _locked_change(change)
    if row.state != DateChangeState.PROPOSED:
        raise ValidationError(_("This proposal is decided already."), code="decided")
    if not may_decide_date(by, row):
        raise PermissionDenied
    words = tidy(words)
    _check_length(words)
    others = set() if may_report_for_others(by) else _undecided(row) - {by.party_id}
    if agrees and others and not (row.is_open_to_all or words):
        raise ValidationError(
            _("The reason stays on your side: write what the other side may read."), code="needs_words"
        )
    DateDecision.objects.create(change=row, party=by.body.party, agrees=agrees, words=words, by=by, at=at)
    if not agrees:
        _end(row, DateChangeState.DECLINED, at)
        _tell(row, Act.DATE_DECLINED, by=by, at=at)
        return
    if not others:
        _tell(row, Act.DATE_AGREED, by=by, at=at)
        _make(row, by=by, at=at)
        return
    if not row.is_open_to_all:
        row.is_open_to_all = True
        row.save(update_fields=["is_open_to_all"])
    _tell(row, Act.DATE_AGREED, by=by, at=at)


@transaction.atomic
def withdraw_date(change: DateChange, *, by: User, at: datetime) -> None:
    """Take an open proposal back. Code of refusal: decided."""
    row = _locked_change(change)
    if row.state != DateChangeState.PROPOSED:
        raise ValidationError(_("This proposal is decided already."), code="decided")
    if not may_withdraw_date(by, row):
        raise PermissionDenied
    _end(row, DateChangeState.WITHDRAWN, at)
    _tell(row, Act.DATE_WITHDRAWN, by=by, at=at)


@transaction.atomic
def remark_on_date(commitment: Commitment, text: str, *, visibility: Visibility, by: User, at: datetime) -> DateRemark:
    """Say something about the date, or about a proposal; all that can be done where the date stands in the text.

    Codes of refusal: empty, too_long.
    """
    row = _locked(commitment)
    if not may_remark_on_date(by, row):
        raise PermissionDenied
    words = tidy(text)
    if not words:
        raise ValidationError(_("Write the remark."), code="empty")
    _check_length(words)
    remark = DateRemark.objects.create(
        commitment=row, party=by.body.party, text=words, visibility=visibility, by=by, at=at
    )
    fact = Fact(
        Act.DATE_REMARKED,
        {},
        {"remark": remark.pk},
        visibility=visibility,
        statement=row.statement,
        commitment=row,
        party=by.body.party,
    )
    record_changes([fact], by=by, at=at)
    return remark


def _check_proposal(row: Commitment, day: date, precision: Precision, reason: str, by: User) -> None:
    if is_fixed(row):
        raise ValidationError(
            _("This date stands in the text, or follows from a fact: it can be remarked on and not moved."),
            code="date_in_text",
        )
    if not tidy(reason):
        raise ValidationError(_("Say why."), code="needs_reason")
    _check_length(tidy(reason))
    check_year(day)
    if (last_day(day, precision), precision) == (row.due_on, row.due_precision):
        raise ValidationError(_("This is the date that stands now."), code="same_date")
    if row.date_changes.open().filter(party=by.party_id).exists():
        raise ValidationError(_("Your side has an open proposal for this date already."), code="is_proposed")


def check_year(day: date) -> None:
    """Refuse a slip of the finger. Code of refusal: far_off."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Choose a year that people will live to see."), code="far_off")


def _check_length(words: str) -> None:
    if len(words) > MAX_TEXT:
        raise ValidationError(_("Keep it under %(limit)s characters."), code="too_long", params={"limit": MAX_TEXT})


def _locked(commitment: Commitment) -> Commitment:
    """The commitment as it stands now, locked; whatever changes its date comes through here."""
    rows = Commitment.objects.select_for_update(of=["self"]).select_related("statement")
    return rows.defer("statement__text").prefetch_related("assignments").get(pk=commitment.pk)


def _locked_change(change: DateChange) -> DateChange:
    """The proposal as it stands now; its commitment is locked first, so that two deciders take turns."""
    commitment = _locked(change.commitment)
    row = DateChange.objects.select_related("party").prefetch_related("decisions").get(pk=change.pk)
    row.commitment = commitment
    return row


def _undecided(change: DateChange) -> set[int]:
    """The bound sides that have not said anything yet."""
    bound = {assignment.party_id for assignment in change.commitment.assignments.all()}
    return bound - {decision.party_id for decision in change.decisions.all()}


def _make(change: DateChange, *, by: User, at: datetime) -> None:
    """Move the date; other open proposals, which were about the date before, are overtaken."""
    row = change.commitment
    before = _date(row.due_on, row.due_precision)
    change.old_due_on, change.old_precision = row.due_on, row.due_precision
    change.save(update_fields=["old_due_on", "old_precision"])
    _end(change, DateChangeState.MADE, at)
    row.due_on, row.due_precision, row.due_basis = change.new_due_on, change.new_precision, Basis.SET
    row.save(update_fields=["due_on", "due_precision", "due_basis"])
    for other in row.date_changes.open():
        _end(other, DateChangeState.SUPERSEDED, at)
    after = {"change": change.pk, **_date(change.new_due_on, change.new_precision)}
    record_changes([Fact(Act.DATE_CHANGED, before, after, **_about(change))], by=by, at=at)


def _end(change: DateChange, state: DateChangeState, at: datetime) -> None:
    change.state, change.ended_at = state, at
    change.save(update_fields=["state", "ended_at"])


def _tell(change: DateChange, act: Act, *, by: User, at: datetime) -> None:
    """Record an act on a proposal: for its own side alone as long as only that side knows of it."""
    fact = Fact(
        act,
        {},
        {"change": change.pk, **_date(change.new_due_on, change.new_precision)},
        visibility=Visibility.BOTH if change.is_open_to_all else Visibility.OWN,
        **{**_about(change), "party": by.body.party},
    )
    record_changes([fact], by=by, at=at)


def _date(due_on: date | None, precision: str | None) -> dict[str, Any]:
    return {"due_on": due_on and due_on.isoformat(), "precision": precision}


def _about(change: DateChange) -> dict[str, Any]:
    """Where a fact about a proposal belongs: with the proposing side's own part, where it has one."""
    own: Assignment | None = next(
        (part for part in change.commitment.assignments.all() if part.party_id == change.party_id), None
    )
    return {
        "statement": change.commitment.statement,
        "commitment": change.commitment,
        "assignment": own,
        "party": change.party,
    }
