"""What feeds hold: the dates of a person's own commitments, and the newest changes of a saved view."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from commitments.domain.codes import Role
from commitments.domain.deadlines import ENDED
from commitments.models import Assignment, Change, Commitment, FeedAddress, Meeting, Milestone, User
from commitments.queries.deadline import DatedCommitment, with_moves

MOST_ENTRIES = 50


@dataclass(frozen=True, slots=True)
class UpdateDate:
    """The day by which a word is due on an assignment."""

    assignment: Assignment
    day: date


@dataclass(frozen=True, slots=True)
class OwnDates:
    """What stands in a person's calendar."""

    deadlines: list[DatedCommitment]
    updates: list[UpdateDate]
    milestones: list[Milestone]
    meetings: list[Meeting]


def own_dates(person: User) -> OwnDates:
    """Of the parts that the person answers for, as long as they are open; and the meetings that the person may see."""
    rows = (
        answered_by(person)
        .exclude(status__in=list(ENDED))
        .select_related("commitment__statement", "commitment__paragraph", "party")
        .defer("commitment__statement__text", "commitment__search_text")
        .order_by("commitment__due_on", "commitment_id")
    )
    parts = list(rows)
    updates = [UpdateDate(part, part.update_due_on) for part in parts if part.update_due_on]
    milestones = Milestone.objects.visible_to(person).open().filter(assignment__in=rows.order_by().values("pk"))
    by_key = {part.pk: part for part in parts}
    steps = list(milestones.in_order())
    for step in steps:
        step.assignment = by_key[step.assignment_id]
    meetings = Meeting.objects.visible_to(person).open().filter(held_on__isnull=False).select_related("statement")
    return OwnDates(with_moves([part.commitment for part in parts]), updates, steps, list(meetings.in_order()))


def answered_by(person: User) -> QuerySet[Assignment]:
    """A coordinator answers for the whole side, everybody else for what the body leads and what names the person."""
    rows = Assignment.objects.visible_to(person).filter(party=person.party_id)
    if person.has_rank(Role.COORDINATOR):
        return rows
    return rows.filter(Q(lead=person.body_id) | Q(officer=person.pk))


def changes_in(commitments: QuerySet[Commitment], viewer: User) -> QuerySet[Change]:
    """The newest changes of these commitments that the viewer may know of."""
    return (
        Change.objects.visible_to(viewer)
        .filter(commitment__in=commitments.order_by())
        .select_related("by__body__party", "party", "commitment__statement", "statement", "note")
        .defer("statement__text", "commitment__search_text")
        .newest_first()[:MOST_ENTRIES]
    )


def feeds_of(person: User) -> QuerySet[FeedAddress]:
    return FeedAddress.objects.filter(person=person).select_related("view", "person").order_by("kind", "view__name")
