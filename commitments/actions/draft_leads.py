"""Lead bodies of a draft: suggested from the subject, chosen by the coordinators."""

from collections import defaultdict
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.draft import tell
from commitments.models.draft import Decision, ProposedCommitment, ProposedLead, StatementDraft
from commitments.models.history import Act
from commitments.models.party import Body, Party
from commitments.models.permission import may_choose_leads
from commitments.models.person import User
from commitments.queries.draft import headings_above, subjects_of


@transaction.atomic
def suggest_leads(draft: StatementDraft) -> None:
    """Suggest a body for each side of what is accepted and has no line yet; nobody's choice is touched."""
    parties = {party.code: party for party in draft.parties.all()}
    known = set(draft.proposals.values_list("pk", "leads__party__code"))
    accepted = draft.proposals.filter(decision=Decision.ACCEPTED).select_related("part")
    wanted: dict[str, list[ProposedCommitment]] = defaultdict(list)
    for row in accepted:
        for code in row.sides or parties:
            if code in parties and (row.pk, code) not in known:
                wanted[code].append(row)
    headings = headings_above(draft) if wanted else {}
    made = [line for code, rows in wanted.items() for line in _suggested(parties[code], rows, headings)]
    ProposedLead.objects.bulk_create(made, ignore_conflicts=True)


def _suggested(party: Party, rows: list[ProposedCommitment], headings: dict[int, str]) -> list[ProposedLead]:
    subjects = subjects_of(party)
    bodies = {body.code: body for body in party.bodies.active()}
    lines = []
    for row in rows:
        nearest = subjects.nearest(f"{row.title} {row.quote} {headings.get(row.part_id, '')}")
        lines.append(ProposedLead(proposal=row, party=party, lead=bodies[nearest[0][0]] if nearest else None))
    return lines


@transaction.atomic
def choose_leads(draft: StatementDraft, chosen: dict[tuple[int, int], Body | None], *, by: User, at: datetime) -> int:
    """Set lead bodies by (proposal, party); gives how many were changed. A side's own choice is no suggestion.

    Codes of refusal: closed, not_of_the_party.
    """
    row = StatementDraft.objects.select_for_update(of=["self"]).get(pk=draft.pk)
    if not row.is_open:
        raise ValidationError(_("This draft is closed."), code="closed")
    changed = 0
    for line in ProposedLead.objects.filter(proposal__draft=row).select_related("party"):
        key = (line.proposal_id, line.party_id)
        if key not in chosen or not _differs(line, chosen[key], by):
            continue
        lead = chosen[key]
        if not may_choose_leads(by, row, line.party):
            raise PermissionDenied
        if lead and (lead.party_id != line.party_id or not lead.is_active):
            raise ValidationError(_("Choose an active body of this side."), code="not_of_the_party")
        line.lead, line.is_suggested = lead, by.party_id != line.party_id
        line.save(update_fields=["lead", "is_suggested"])
        changed += 1
    if changed:
        tell(row, Act.DRAFT_LED, {"count": changed}, by=by, at=at)
    return changed


def _differs(line: ProposedLead, lead: Body | None, by: User) -> bool:
    """Whether another body was chosen, or a side confirms what was suggested to it."""
    confirms = line.is_suggested and lead is not None and by.party_id == line.party_id
    return line.lead_id != (lead and lead.pk) or confirms
