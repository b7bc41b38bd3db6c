"""Answering whether a proposal carries on the earlier commitment that was offered for it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.draft import conflict, locked_draft, tell, touch
from commitments.models.draft import Continuing, Decision, ProposedCommitment
from commitments.models.history import Act
from commitments.models.person import User


@transaction.atomic
def answer_earlier(proposal: ProposedCommitment, answer: Continuing, *, version: int, by: User, at: datetime) -> None:
    """Say that it carries the earlier one on, that it is new, or take the answer back.

    Codes: closed, conflict, no_earlier.
    """
    draft = locked_draft(proposal.draft, by=by)
    row = draft.proposals.filter(pk=proposal.pk).exclude(decision=Decision.REFUSED).first()
    if row is None or row.version != version:
        raise conflict()
    if row.continues_id is None:
        raise ValidationError(_("No earlier commitment is offered here."), code="no_earlier")
    row.continuing = answer
    row.version += 1
    row.save(update_fields=["continuing", "version"])
    touch(draft, at)
    tell(draft, Act.DRAFT_DECIDED, {"proposal": row.pk, "continues": answer}, by=by, at=at)
