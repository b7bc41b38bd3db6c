"""Lead bodies of a draft: suggested from the subject, chosen by the coordinators."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.draft import conflict, tell
from commitments.models.draft import ProposedLead, StatementDraft
from commitments.models.history import Act
from commitments.models.party import Body
from commitments.models.permission import may_choose_leads, may_take_in
from commitments.models.person import User
from commitments.queries.draft import suggested_leads


@transaction.atomic
def suggest_leads(draft: StatementDraft) -> None:
    """Keep a suggestion for each side of what is accepted and has none yet; nobody's choice is touched."""
    ProposedLead.objects.bulk_create(suggested_leads(draft), ignore_conflicts=True)


Line = tuple[int, int]  # a proposal's key, and a party's
Chosen = Mapping[Line, Body | None]
Seen = Mapping[Line, int | None]


@transaction.atomic
def choose_leads(
    draft: StatementDraft,
    chosen: Chosen,
    *,
    seen: Seen,
    by: User,
    at: datetime,
) -> int:
    """Set lead bodies; gives how many were changed. `seen` are the bodies' keys as the person saw them.

    A body that a coordinator of its own side chose or confirmed is no suggestion any more.
    Codes of refusal: closed, conflict, not_of_the_party.
    """
    row = StatementDraft.objects.select_for_update(of=["self"]).get(pk=draft.pk)
    if not may_take_in(by):
        raise PermissionDenied
    if not row.is_open:
        raise ValidationError(_("This draft is closed."), code="closed")
    suggest_leads(row)
    lines = ProposedLead.objects.filter(proposal__draft=row).select_related("party")
    changed = [line for line in lines if _set(row, line, chosen, seen, by)]
    ProposedLead.objects.bulk_update(changed, ["lead", "is_suggested"])
    if changed:
        tell(row, Act.DRAFT_LED, {"count": len(changed)}, by=by, at=at)
    return len(changed)


def _set(
    draft: StatementDraft,
    line: ProposedLead,
    chosen: Chosen,
    seen: Seen,
    by: User,
) -> bool:
    """Take what was chosen for a line; False where it stays as it is."""
    key = (line.proposal_id, line.party_id)
    if key not in chosen:
        return False
    lead, own = chosen[key], by.party_id == line.party_id
    if line.lead_id == (lead and lead.pk) and not (own and line.is_suggested and lead):
        return False
    if not may_choose_leads(by, draft, line.party):
        raise PermissionDenied
    if lead and (lead.party_id != line.party_id or not lead.is_active):
        raise ValidationError(_("Choose an active body of this side."), code="not_of_the_party")
    if line.lead_id != seen.get(key):
        raise conflict()
    line.lead, line.is_suggested = lead, not own
    return True
