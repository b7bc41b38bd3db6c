"""Visits: kept to a few minutes, so that no page waits for a write."""

from datetime import datetime, timedelta

from django.db.models import Case, F, When

from commitments.models.person import User
from commitments.models.visit import Visit

KEPT_TO = timedelta(minutes=10)
AWAY = timedelta(hours=2)  # whoever comes back after that begins another visit


def note_visit(person: User, *, at: datetime) -> None:
    """The person is here now; after a while away, what changed since the last visit is new to them."""
    seen = Visit.objects.filter(person=person)
    begun = Case(When(last_at__lt=at - AWAY, then=F("last_at")), default=F("previous_at"))
    if not seen.filter(last_at__lt=at - KEPT_TO).update(previous_at=begun, last_at=at) and not seen.exists():
        Visit.objects.get_or_create(person=person, defaults={"last_at": at})
