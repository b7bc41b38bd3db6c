"""Asking the other side to agree to a draft: from then on its coordinators see it, and their answer is kept."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.draft import conflict, locked_draft, tell
from commitments.actions.draft_notices import tell_answered, tell_asked
from commitments.domain.text import tidy
from commitments.models.draft import DraftAgreement, StatementDraft
from commitments.models.history import Act
from commitments.models.party import Party
from commitments.models.permission import may_answer_draft
from commitments.models.person import User

MAX_WORDS = 5000


@transaction.atomic
def ask_side(draft: StatementDraft, party: Party, *, by: User, at: datetime) -> None:
    """Put the draft as it stands before another party's coordinators, also anew. Codes: closed, not_a_party."""
    row = locked_draft(draft, by=by)
    if party.pk == row.party_id or not row.adoptions.filter(party=party).exists():
        raise ValidationError(_("Choose another party of the statement."), code="not_a_party")
    asked = {"asked_by": by, "asked_at": at, "agrees": None, "words": "", "by": None, "at": None}
    agreement, _new = DraftAgreement.objects.update_or_create(draft=row, party=party, defaults=asked)
    tell_asked(agreement)
    tell(row, Act.DRAFT_ASKED, {"side": party.code}, by=by, at=at)


@transaction.atomic
def stop_asking(draft: StatementDraft, party: Party, *, by: User, at: datetime) -> None:
    """Take the question back: the other side sees the draft no more. Code: closed."""
    row = locked_draft(draft, by=by)
    row.agreements.filter(party=party).delete()
    tell(row, Act.DRAFT_ASKED, {"side": party.code, "withdrawn": True}, by=by, at=at)


@transaction.atomic
def answer_draft(
    agreement: DraftAgreement, *, agrees: bool, words: str = "", version: int, by: User, at: datetime
) -> None:
    """Agree to the draft or not; `version` is the draft as the person read it. Codes: closed, conflict, needs_words."""
    draft = StatementDraft.objects.select_for_update(of=["self"]).get(pk=agreement.draft_id)
    row = DraftAgreement.objects.filter(pk=agreement.pk).first()
    if row is None or not may_answer_draft(by, row):
        raise PermissionDenied
    if not draft.is_open:
        raise ValidationError(_("This draft is closed."), code="closed")
    if draft.version != version:
        raise conflict()
    words = tidy(words)
    if not agrees and not words:
        raise ValidationError(_("Say what should be changed."), code="needs_words")
    if len(words) > MAX_WORDS:
        raise ValidationError(_("The text is too long."), code="too_long")
    row.agrees, row.words, row.by, row.at, row.draft_version = agrees, words, by, at, draft.version
    row.save()
    row.draft = draft
    tell_answered(row, at)
    tell(draft, Act.DRAFT_ANSWERED, {"agrees": agrees}, by=by, at=at)
