"""Confirmation by both sides: a coordinator of each says that a commitment was met."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change
from commitments.domain.deadlines import SETTLED
from commitments.domain.status import NEEDS_COORDINATOR
from commitments.models.commitment import Commitment
from commitments.models.confirmation import Confirmation
from commitments.models.history import Act
from commitments.models.permission import may_confirm
from commitments.models.person import User

MET = SETTLED - NEEDS_COORDINATOR  # done, or being honoured


@transaction.atomic
def confirm(commitment: Commitment, *, by: User, at: datetime) -> None:
    """Confirm for the own side, where every side says done or being honoured; a later step of a status ends it.

    Code of refusal: not_met. A second word of the same side changes nothing.
    """
    row = _locked(commitment, by)
    if any(part.status not in MET for part in row.assignments.all()):
        raise ValidationError(_("Not every side says that it is done."), code="not_met")
    if not _stands(row, by):
        _say(row, True, Act.CONFIRMED, by=by, at=at)


@transaction.atomic
def withdraw_confirmation(commitment: Commitment, *, by: User, at: datetime) -> None:
    """Take the own side's confirmation back."""
    row = _locked(commitment, by)
    if _stands(row, by):
        _say(row, False, Act.CONFIRMATION_WITHDRAWN, by=by, at=at)


def _locked(commitment: Commitment, by: User) -> Commitment:
    rows = Commitment.objects.select_for_update(of=["self"]).select_related("statement").defer("statement__text")
    row = rows.prefetch_related("assignments").get(pk=commitment.pk)
    if not may_confirm(by, row):
        raise PermissionDenied
    return row


def _stands(row: Commitment, by: User) -> bool:
    return row.confirmations.standing().filter(party=by.party_id).exists()


def _say(row: Commitment, is_confirmed: bool, act: Act, *, by: User, at: datetime) -> None:
    Confirmation.objects.create(commitment=row, party=by.body.party, is_confirmed=is_confirmed, by=by, at=at)
    fact = Fact(act, {}, {}, statement=row.statement, commitment=row, party=by.body.party)
    record_change(fact, by=by, at=at)
