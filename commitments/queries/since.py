"""What others did since a person's last visit, as far as that person may see it."""

from dataclasses import dataclass
from datetime import datetime

from commitments.models import Change, Statement, User, Visit
from commitments.queries.counting import MOST_BESIDE, Count, count_up_to
from commitments.queries.overview import News, steps

MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Since:
    """Newest first; `commitments` counts those that something was done about."""

    at: datetime
    commitments: Count
    news: list[News]


def previous_visit(user: User) -> datetime | None:
    """When the visit before this one ended; it came with the session's person."""
    if hasattr(user, "previous_visit_at"):
        return user.previous_visit_at
    return Visit.objects.filter(person=user).values_list("previous_at", flat=True).first()


def since_last_visit(statement: Statement, user: User) -> Since | None:
    """None on the first visit, and for who belongs to no body."""
    at = previous_visit(user)
    if at is None or user.party_id is None:
        return None
    seen = Change.objects.visible_to(user).filter(statement=statement, commitment__isnull=False, at__gt=at)
    changes = seen.exclude(by=user)
    shown = changes.select_related("by__body__party", "commitment__statement", "note").newest_first()
    touched = statement.commitments.filter(pk__in=changes.order_by().values("commitment"))
    return Since(
        at=at,
        commitments=count_up_to(touched, MOST_BESIDE),
        news=steps(shown.defer("commitment__statement__text")[: MOST_SHOWN * 2])[:MOST_SHOWN],
    )
