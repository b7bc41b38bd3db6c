"""What a mail becomes: the writes that preparing, sending and sweeping share. All expect the row to be locked."""

from datetime import datetime

from commitments.domain.delivery import UNCERTAIN_RESENDS, Pace
from commitments.models.outbox import MailState, OutgoingMail
from commitments.models.reminder import DropReason, Reminder, ReminderState

WORDS = 500  # characters kept of what a server says
WRITTEN = [
    "state",
    "lease_until",
    "available_at",
    "attempts",
    "uncertain_resends",
    "address",
    "last_code",
    "last_words",
]


def settle(mail: OutgoingMail, state: MailState, *, available_at: datetime | None = None) -> None:
    """Let go of the mail in this state."""
    mail.state, mail.lease_until = state, None
    mail.available_at = available_at or mail.available_at
    mail.save(update_fields=WRITTEN)


def fail(mail: OutgoingMail, reason: DropReason, code: str = "", words: str = "") -> None:
    """Nothing more is tried; the mail and its reminders stay, with the reason, for a person to see."""
    mail.last_code, mail.last_words = code or mail.last_code, words[:WORDS] or mail.last_words
    mail.address = mail.address or mail.recipient.email
    Reminder.objects.filter(mail=mail, state=ReminderState.QUEUED).update(state=ReminderState.FAILED, reason=reason)
    settle(mail, MailState.FAILED)


def be_uncertain(mail: OutgoingMail, now: datetime, pace: Pace) -> None:
    """Perhaps delivered: the same bytes again, late and at most twice; then a person decides."""
    if mail.uncertain_resends >= UNCERTAIN_RESENDS:
        settle(mail, MailState.HELD)
        return
    mail.uncertain_resends += 1
    settle(mail, MailState.UNCERTAIN, available_at=now + pace.uncertain)


def untouched_state(mail: OutgoingMail) -> MailState:
    """Where a mail goes back to when an attempt has changed nothing."""
    if mail.uncertain_resends:
        return MailState.UNCERTAIN
    return MailState.RETRY if mail.attempts else MailState.PENDING
