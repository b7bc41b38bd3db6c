"""Milestones as one person may see them: on the way of a commitment, and ahead on the timeline."""

from django.db.models import QuerySet

from commitments.domain.deadlines import ENDED
from commitments.models import Commitment, Milestone, User


def milestones_of(commitment: Commitment, user: User) -> QuerySet[Milestone]:
    """All of the commitment, in the order of their dates."""
    return with_sides(Milestone.objects.visible_to(user).filter(assignment__commitment=commitment)).in_order()


def open_milestones(commitments: QuerySet[Commitment], user: User) -> QuerySet[Milestone]:
    """What is still to be done on parts that are open themselves, the earliest first."""
    rows = Milestone.objects.visible_to(user).open().filter(assignment__commitment__in=commitments.order_by())
    return with_sides(rows.exclude(assignment__status__in=list(ENDED))).in_order()


def with_sides(rows: QuerySet[Milestone]) -> QuerySet[Milestone]:
    return rows.select_related("assignment__party")
