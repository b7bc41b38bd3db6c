"""Stopping a digest by the link in its mail: no sign-in, and nothing else can be changed by it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from commitments.actions.preferences import locked_preference, save_preference, values_of
from commitments.mail.unsubscribing import told
from commitments.models.outbox import OutgoingMail
from commitments.models.person import User
from commitments.models.reminder import ReminderKind


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whose digests a link stops."""

    person: User
    kinds: list[str]

    @property
    def names(self) -> list[str]:
        return [ReminderKind(kind).label for kind in self.kinds]


def subscription_of(signed: str) -> Subscription | None:
    """What the link can stop; None where it is forged, or the account is closed."""
    link = told(signed)
    mail = OutgoingMail.objects.filter(pk=link.mail).select_related("recipient").first() if link else None
    if mail is None or not mail.recipient.is_active:
        return None
    return Subscription(mail.recipient, link.kinds)


@transaction.atomic
def unsubscribe(subscription: Subscription, *, at: datetime) -> None:
    """Switch the digests off for their reader; a second time changes nothing. Nobody is named as having done it."""
    person, row = locked_preference(subscription.person)
    off = sorted({*row.kinds_off, *subscription.kinds})
    if off == sorted(row.kinds_off):
        return
    before = values_of(person, row)
    row.kinds_off = off
    save_preference(row, before, by=None, at=at)
