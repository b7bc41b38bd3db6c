"""What is asked of whom: the open request on a part, and what those who asked see of the answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.domain.codes import Role
from commitments.domain.deadlines import ENDED
from commitments.models.commitment import Assignment
from commitments.models.permission import may_ask_for_update, may_withdraw_request
from commitments.models.person import User
from commitments.models.update_request import UpdateRequest, UpdateRequestState
from commitments.queries.commitment_list import Row
from commitments.queries.past import past_shown

ANSWER_SHOWN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Asking:
    """One part of the own side: the request that is open or was answered lately, and what this person may do."""

    assignment: Assignment
    request: UpdateRequest | None
    may_ask: bool
    may_withdraw: bool

    @property
    def is_open(self) -> bool:
        return bool(self.request and self.request.state == UpdateRequestState.OPEN)


def askings(assignments: Iterable[Assignment], user: User, today: date, *, has_any: bool = True) -> dict[int, Asking]:
    """By assignment, for those of the person's own side; one query. None of the past: asking is of the present."""
    if past_shown():
        return {}
    own = {part.pk: part for part in assignments if part.party_id == user.party_id}
    rows = _shown(UpdateRequest.objects.filter(assignment__in=own), today).select_related("by", "answer__by")
    newest = {row.assignment_id: row for row in rows.order_by("asked_at", "pk")} if has_any else {}
    return {pk: _asking(part, newest.get(pk), user) for pk, part in own.items()}


def askings_of(rows: Iterable[Row], user: User, today: date) -> dict[int, Asking]:
    """The same for rows of the list, for those who may ask at all: one query for them, none for the others."""
    if not user.has_rank(Role.MANAGER):
        return {}
    return askings((part.assignment for row in rows for part in row.parts), user, today)


def _asking(part: Assignment, request: UpdateRequest | None, user: User) -> Asking:
    is_open = bool(request and request.state == UpdateRequestState.OPEN)
    if request:
        request.assignment = part
    can_answer = part.status not in ENDED and part.officer_id != user.pk
    return Asking(
        assignment=part,
        request=request,
        may_ask=not is_open and can_answer and may_ask_for_update(user, part),
        may_withdraw=bool(request and is_open and may_withdraw_request(user, request)),
    )


def asked_by(user: User, today: date) -> QuerySet[UpdateRequest]:
    """What the person asked and waits for, and what was answered lately, newest first."""
    rows = _shown(UpdateRequest.objects.visible_to(user).filter(by=user), today)
    return rows.select_related(
        "assignment__commitment__statement",
        "assignment__party",
        "assignment__lead",
        "assignment__officer",
        "answer__by",
    ).defer("assignment__commitment__statement__text", "assignment__commitment__search_text")


def is_asked(user: User) -> Q:
    """Somebody else waits for an update of the assignment."""
    return Q(Exists(UpdateRequest.objects.open().exclude(by=user).filter(assignment=OuterRef("pk"))))


def _shown(requests: QuerySet[UpdateRequest], today: date) -> QuerySet[UpdateRequest]:
    answered = Q(state=UpdateRequestState.ANSWERED, ended_at__date__gt=today - ANSWER_SHOWN)
    return requests.filter(Q(state=UpdateRequestState.OPEN) | answered)
