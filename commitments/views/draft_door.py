"""What the pages of a draft share: who may come in, which draft it is, and what a refusal looks like."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from commitments.models import DraftAgreement, DraftPart, ProposedCommitment, StatementDraft
from commitments.models.draft import DraftState
from commitments.models.permission import may_change_draft, may_take_in

View = Callable[..., HttpResponse]


def for_takers(view: View) -> View:
    """The page is there for coordinators; others are told that it is not theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_take_in(request.user):
            raise PermissionDenied(_("Only coordinators take statements in."))
        return view(request, *args, **kwargs)

    return guarded


def draft_of(request: HttpRequest, pk: int) -> StatementDraft:
    """A draft that the person may see, with its text left in the database until it is asked for."""
    rows = StatementDraft.objects.visible_to(request.user).exclude(state=DraftState.DROPPED)
    rows = rows.defer("text").select_related("party", "statement")
    return get_object_or_404(rows.prefetch_related("adoptions__party", "agreements__party"), pk=pk)


def part_of(draft: StatementDraft, pk: int) -> DraftPart:
    row = get_object_or_404(draft.parts, pk=pk)
    row.draft = draft
    return row


def proposal_of(draft: StatementDraft, pk: int) -> ProposedCommitment:
    row = get_object_or_404(draft.proposals.select_related("part"), pk=pk)
    row.draft = draft
    return row


def framed(request: HttpRequest, draft: StatementDraft, step: str, **context: object) -> dict[str, object]:
    """What every page of a draft shows: the step, and whether the person may change anything."""
    agreements: list[DraftAgreement] = list(draft.agreements.all())
    asked = next((row for row in agreements if row.party_id == request.user.party_id), None)
    may_change = may_change_draft(request.user, draft) and draft.is_open
    return {"draft": draft, "step": step, "may_change": may_change, "asked": asked, **context}


def version_in(request: HttpRequest) -> int:
    """The version that the form was made of; −1, which is nothing's, where it is none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
