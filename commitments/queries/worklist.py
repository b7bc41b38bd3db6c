"""What one person owes: computed from dates, cadences and who is named, never kept as a list."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from commitments.domain import codes
from commitments.domain.codes import Role
from commitments.domain.deadlines import ENDED, SOON, Deadline, schedule
from commitments.models import Assignment, Snooze, UpdateRequest, User
from commitments.models.conditions import is_overdue, unsettled
from commitments.models.sharing import sharing
from commitments.queries.update_request import is_asked

VERY_SOON = timedelta(days=7)
FAR = date(9999, 12, 31)


class Reason(IntEnum):
    """Why something is on the list, most urgent first."""

    OVERDUE = 0
    DUE_THIS_WEEK = 1
    ASKED = 2
    UPDATE_DUE = 3
    DUE_SOON = 4
    NO_LEAD = 5
    NO_OFFICER = 6


@dataclass(frozen=True, slots=True)
class Owed:
    """One assignment with every reason that it is on the list; the first is the most urgent."""

    assignment: Assignment
    reasons: tuple[Reason, ...]
    deadline: Deadline | None
    schedule: codes.Schedule

    @property
    def reason(self) -> Reason:
        return self.reasons[0]

    @property
    def codes(self) -> list[str]:
        return [reason.name.lower() for reason in self.reasons]


def owed_by(user: User, today: date) -> QuerySet[Assignment]:
    """The person's assignments that ask for something, most urgent first, each with its `urgency`.

    An officer owes what names them, and what their body leads while it names nobody; a manager all that
    the body leads; a coordinator also what nobody else would be reminded of. A reader owes nothing.
    """
    if user.party_id is None or not user.has_rank(Role.OFFICER):
        return Assignment.objects.annotate(urgency=Value(None, output_field=IntegerField())).none()
    conditions = _conditions(user, today)
    urgency = Case(
        *(When(condition, then=Value(int(reason))) for reason, condition in conditions.items()), default=None
    )
    when = Least(Coalesce("commitment__due_on", Value(FAR)), Coalesce("update_due_on", Value(FAR)))
    return (
        Assignment.objects.filter(_duty(user), party=user.party_id)
        .annotate(urgency=urgency)
        .filter(urgency__isnull=False)
        .order_by("urgency", when, "commitment__statement_id", "commitment__position", "pk")
    )


def _duty(user: User) -> Q:
    """Whose turn it is; the same persons whom a reminder would reach."""
    mine = Q(officer=user) | Q(officer=None, lead=user.body_id)
    if user.has_rank(Role.COORDINATOR):
        return mine | Q(officer=None)
    if user.has_rank(Role.MANAGER):
        return mine | Q(lead=user.body_id)
    return mine


def _conditions(user: User, today: date) -> dict[Reason, Q]:
    """The reasons that a person of this role can have, most urgent first."""
    live = ~Q(status__in=list(ENDED))
    conditions = {
        Reason.OVERDUE: is_overdue(today),
        Reason.DUE_THIS_WEEK: unsettled() & Q(commitment__due_on__range=(today, today + VERY_SOON)),
        Reason.ASKED: live & is_asked(user),
        Reason.UPDATE_DUE: Q(update_due_on__lte=today),
        Reason.DUE_SOON: unsettled() & Q(commitment__due_on__range=(today, today + SOON)),
    }
    if user.has_rank(Role.COORDINATOR):
        conditions[Reason.NO_LEAD] = live & Q(lead=None)
    if user.has_rank(Role.MANAGER):
        conditions[Reason.NO_OFFICER] = live & Q(officer=None)
    return conditions


Line = tuple[int, int]  # the most urgent reason, the key of the assignment


def lines_of(owed: QuerySet[Assignment]) -> list[Line]:
    """The whole list in its order, by keys alone: one pass through what is owed gives the counts and every page."""
    return list(owed.values_list("urgency", "pk"))


def urgencies(lines: Iterable[Line]) -> dict[Reason, int]:
    """How many of the list have each as their most urgent reason."""
    found = Counter(urgency for urgency, _key in lines)
    return {reason: found[reason] for reason in Reason if reason in found}


def with_details(owed: QuerySet[Assignment], user: User, today: date) -> QuerySet[Assignment]:
    """The list with all that its page shows, in one query; every reason is a column of its own."""
    flags = {
        f"is_{reason.name.lower()}": ExpressionWrapper(condition, output_field=BooleanField())
        for reason, condition in _conditions(user, today).items()
    }
    open_requests = UpdateRequest.objects.open().select_related("by")
    snoozes = Snooze.objects.filter(person=user, assignment=OuterRef("pk"), until__gt=today)
    return sharing(
        owed.annotate(**flags, snoozed_until=Subquery(snoozes.values("until")))
        .select_related("commitment__statement", "party", "lead", "officer")
        .defer("commitment__statement__text", "commitment__search_text")
        .prefetch_related(Prefetch("update_requests", open_requests, to_attr="open_requests"))
    )


def list_owed(assignments: Iterable[Assignment], today: date) -> list[Owed]:
    """The rows of assignments that came through `with_details`."""
    return [_owed(assignment, today) for assignment in assignments]


def _owed(row: Assignment, today: date) -> Owed:
    deadline, status = row.commitment.deadline, codes.Status(row.status)
    found = tuple(reason for reason in Reason if getattr(row, f"is_{reason.name.lower()}", False))
    if Reason.DUE_THIS_WEEK in found:
        found = tuple(reason for reason in found if reason != Reason.DUE_SOON)
    return Owed(row, found, deadline, schedule(deadline, status, row.status_since, today))
