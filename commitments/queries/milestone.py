"""Milestones as one person may see them: on the way of a commitment, and ahead on the timeline."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from commitments.domain.codes import Visibility
from commitments.domain.deadlines import ENDED, Deadline
from commitments.models import Commitment, Milestone, User


@dataclass(frozen=True, slots=True)
class Stage:
    """What a milestone was on a day: called, due, and met or dropped."""

    title: str
    deadline: Deadline
    done_on: date | None
    dropped_on: date | None
    is_own_side: bool = False


def stage_of(row: Milestone) -> Stage:
    return Stage(row.title, row.deadline, row.done_on, row.dropped_on, row.visibility == Visibility.OWN)


def milestones_of(commitment: Commitment, user: User) -> QuerySet[Milestone]:
    """All of the commitment, in the order of their dates."""
    return with_sides(Milestone.objects.visible_to(user).filter(assignment__commitment=commitment)).in_order()


def open_milestones(commitments: QuerySet[Commitment], user: User) -> QuerySet[Milestone]:
    """What is still to be done on parts that are open themselves, the earliest first."""
    rows = Milestone.objects.visible_to(user).open().filter(assignment__commitment__in=commitments.order_by())
    return with_sides(rows.exclude(assignment__status__in=list(ENDED))).in_order()


def with_sides(rows: QuerySet[Milestone]) -> QuerySet[Milestone]:
    return rows.select_related("assignment__party")
