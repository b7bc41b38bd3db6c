"""Who is responsible: the lead body, the desk officer, the cadence."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_changes
from commitments.domain.codes import Cadence, Role, Status
from commitments.domain.status import update_due_on
from commitments.models.commitment import Assignment
from commitments.models.history import Act
from commitments.models.party import Body
from commitments.models.permission import may_name_officer, may_set_lead
from commitments.models.person import User


def locked(assignment: Assignment) -> Assignment:
    """The assignment as it stands now, locked until the transaction ends."""
    return (
        Assignment.objects.select_for_update(of=["self"])
        .select_related("commitment__statement", "party", "officer", "lead")
        .defer("commitment__statement__text", "commitment__search_text")
        .get(pk=assignment.pk)
    )


def about(row: Assignment) -> dict[str, Any]:
    """Where a fact about an assignment belongs in the history."""
    return {
        "statement": row.commitment.statement,
        "commitment": row.commitment,
        "assignment": row,
        "party": row.party,
    }


def set_update_dates(row: Assignment) -> None:
    """Compute when the next word is due, from the last one (or the adoption) and the cadence."""
    adopted = row.commitment.statement.adopted_on
    cadence, status = Cadence(row.cadence), Status(row.status)
    own = row.last_word_at.date() if row.last_word_at else adopted
    shared = row.last_shared_word_at.date() if row.last_shared_word_at else adopted
    row.update_due_on = update_due_on(own, cadence, status)
    row.shared_update_due_on = update_due_on(shared, cadence, status)


def save_step(row: Assignment) -> None:
    """Save the status and the last words that the row now has, with the dates and the version that follow."""
    set_update_dates(row)
    row.version += 1
    step = ["status", "status_since", "last_word_at", "last_shared_word_at"]
    row.save(update_fields=[*step, "update_due_on", "shared_update_due_on", "version"])


@transaction.atomic
def name_officer(assignment: Assignment, officer: User | None, *, by: User, at: datetime) -> None:
    """Name the desk officer, an active person of the lead body; None takes the name away."""
    row = locked(assignment)
    if not may_name_officer(by, row):
        raise PermissionDenied
    if officer and not (officer.has_rank(Role.OFFICER) and officer.body_id == row.lead_id):
        raise ValidationError(_("Choose an active desk officer of the lead body."), code="not_of_the_body")
    fact = Fact(Act.OFFICER_NAMED, {"officer": row.officer_id}, {"officer": officer and officer.pk}, **about(row))
    row.officer = officer
    _save(row, "officer")
    record_changes([fact], by=by, at=at)


@transaction.atomic
def set_lead(assignment: Assignment, lead: Body, *, by: User, at: datetime) -> None:
    """Set or confirm the lead body; an officer of another body is no longer named."""
    row = locked(assignment)
    if not may_set_lead(by, row):
        raise PermissionDenied
    if lead.party_id != row.party_id or not lead.is_active:
        raise ValidationError(_("Choose an active body of this side."), code="not_of_the_party")
    before = {"lead": row.lead_id, "suggested": row.lead_is_suggested}
    facts = [Fact(Act.LEAD_SET, before, {"lead": lead.pk}, **about(row))]
    if row.officer and row.officer.body_id != lead.pk:
        facts.append(Fact(Act.OFFICER_NAMED, {"officer": row.officer_id}, {"officer": None}, **about(row)))
        row.officer = None
    row.lead, row.lead_is_suggested = lead, False
    _save(row, "lead", "lead_is_suggested", "officer")
    record_changes(facts, by=by, at=at)


@transaction.atomic
def restore_lead(assignment: Assignment, before: dict[str, Any], *, by: User, at: datetime) -> None:
    """Take a lead body back: the one before stands again, a suggestion where it was one, with the officer of then."""
    row = locked(assignment)
    if not may_set_lead(by, row):
        raise PermissionDenied
    officer = User.objects.active().filter(pk=before["officer"], body=before["lead"]).first()
    after = {"lead": before["lead"], "suggested": before["suggested"]}
    facts = [Fact(Act.LEAD_SET, {"lead": row.lead_id}, after, **about(row))]
    if row.officer != officer:
        change = {"officer": row.officer_id}, {"officer": officer and officer.pk}
        facts.append(Fact(Act.OFFICER_NAMED, *change, **about(row)))
    row.lead_id, row.lead_is_suggested, row.officer = before["lead"], before["suggested"], officer
    _save(row, "lead", "lead_is_suggested", "officer")
    record_changes(facts, by=by, at=at)


@transaction.atomic
def set_cadence(assignment: Assignment, cadence: Cadence, *, by: User, at: datetime) -> None:
    """Set how often a word is owed; the next one's date follows at once."""
    row = locked(assignment)
    if not may_set_lead(by, row):
        raise PermissionDenied
    fact = Fact(Act.CADENCE_SET, {"cadence": row.cadence}, {"cadence": cadence}, **about(row))
    row.cadence = cadence
    set_update_dates(row)
    _save(row, "cadence", "update_due_on", "shared_update_due_on")
    record_changes([fact], by=by, at=at)


def _save(row: Assignment, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=[*fields, "version"])
