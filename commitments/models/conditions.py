"""Conditions on assignments that depend on who asks and on the day; filters and figures share them.

What one side keeps to itself does not count for the other: of a foreign assignment only the
shared last word, the shared due date and a shared confidence are used.
"""

from datetime import date, datetime

from django.db.models import Case, F, Max, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import Combinable

from commitments.domain.codes import Confidence, Visibility
from commitments.domain.deadlines import SETTLED
from commitments.models.commitment import Assignment
from commitments.models.person import User

TROUBLE = frozenset({Confidence.AT_RISK, Confidence.OFF_TRACK})


def unsettled() -> Q:
    """Still owed: neither done nor being honoured nor given up."""
    return ~Q(status__in=list(SETTLED))


def is_overdue(today: date) -> Q:
    return unsettled() & Q(commitment__due_on__lt=today)


def update_is_due(user: User, today: date) -> Q:
    """No word for as long as the cadence allows, as far as this person may know."""
    own = Q(party=user.party_id)
    return (own & Q(update_due_on__lte=today)) | (~own & Q(shared_update_due_on__lte=today))


def never_reported(user: User) -> Q:
    own = Q(party=user.party_id)
    return (own & Q(last_word_at=None)) | (~own & Q(last_shared_word_at=None))


def confidence_is(user: User, *codes: Confidence) -> Q:
    """The confidence is one of these, and this person may see it."""
    seen = Q(party=user.party_id) | Q(confidence_visibility=Visibility.BOTH)
    if Confidence.NOT_GIVEN in codes:
        return ~seen | Q(confidence__in=codes)
    return seen & Q(confidence__in=codes)


def needs_attention(user: User, today: date) -> Q:
    """Overdue, at risk or off track, or silent for longer than its cadence."""
    return is_overdue(today) | confidence_is(user, *TROUBLE) | update_is_due(user, today)


def last_word(user: User) -> Combinable:
    """When the last word that this person may know of was given."""
    return Case(When(party=user.party_id, then=F("last_word_at")), default=F("last_shared_word_at"))


def parts_of_commitment() -> QuerySet[Assignment]:
    """The assignments of the outer query's commitment."""
    return Assignment.objects.order_by().filter(commitment=OuterRef("pk"))


def least_rank() -> Subquery:
    """The rank of the less advanced side's status: the one answer for both sides."""
    return Subquery(parts_of_commitment().values("commitment").annotate(least=Min("status_rank")).values("least"))


def newest_word(user: User) -> Subquery:
    """The newest last word of any side that this person may know of."""
    newest = parts_of_commitment().values("commitment").annotate(newest=Max(last_word(user)))
    return Subquery(newest.values("newest"))


def seen_last_word(assignment: Assignment, user: User) -> datetime | None:
    return assignment.last_word_at if assignment.party_id == user.party_id else assignment.last_shared_word_at


def seen_update_due_on(assignment: Assignment, user: User) -> date | None:
    return assignment.update_due_on if assignment.party_id == user.party_id else assignment.shared_update_due_on


def seen_confidence(assignment: Assignment, user: User) -> Confidence:
    """The manager's confidence, or "not given" where it is kept from this person."""
    if assignment.party_id == user.party_id or assignment.confidence_visibility == Visibility.BOTH:
        return Confidence(assignment.confidence)
    return Confidence.NOT_GIVEN
