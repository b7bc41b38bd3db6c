"""Preparing: just before a few claimed mails are sent, look once more what is still to be said, write and freeze it.

Each step is for all of them at once; putting them into words, which takes most of the time, is in no transaction.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.template import TemplateSyntaxError
from django.urls import NoReverseMatch

from commitments.actions.planning import drop_stale
from commitments.actions.settling import fail, settle
from commitments.actions.wishes import respect_wishes
from commitments.domain.delivery import Pace
from commitments.exchange.calendar_ics import calendar
from commitments.mail.reminder_mail import compose
from commitments.models import many
from commitments.models.outbox import MailAttempt, MailState, OutgoingMail, SuppressedAddress
from commitments.models.reminder import DropReason, Reminder, ReminderState
from commitments.queries.mailing import letter

logger = logging.getLogger(__name__)

POISON = (ValueError, TypeError, LookupError, NoReverseMatch, TemplateSyntaxError)  # what one bad mail may raise


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that is ours to send until the lease is over, as long as the fence is still this one."""

    pk: UUID
    fence: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail as it will stand in the database and on the wire; `number` is that of the attempt to come."""

    claim: Claim
    number: int
    address: str
    raw: bytes


def prepare(claims: list[Claim], now: datetime, pace: Pace) -> list[Ready]:
    """The mails that are still to be sent, in the order of their claims; the others are settled.

    From here on the lease lasts for a conversation with the mail server.
    """
    wanted = _look_once_more(claims)
    written = [mail for mail, reminders in wanted if is_frozen(mail) or _write(mail, reminders, now)]
    return _freeze(written, now + pace.conversation)


def is_frozen(mail: OutgoingMail) -> bool:
    """Whether a mail server may have these bytes already, so that they are not written anew."""
    return bool(mail.uncertain_resends or mail.resend_of_id)


def ours(claims: list[Claim]) -> list[OutgoingMail]:
    """The claimed mails that nobody else has taken up since, locked, in the order of their claims."""
    fences = {claim.pk: claim.fence for claim in claims}
    rows = OutgoingMail.objects.select_for_update(of=["self"]).select_related("recipient__body__party")
    found = {mail.pk: mail for mail in rows.filter(pk__in=fences, state=MailState.SENDING)}
    return [mail for pk, fence in fences.items() if (mail := found.get(pk)) and mail.fence == fence]


@transaction.atomic
def _look_once_more(claims: list[Claim]) -> list[tuple[OutgoingMail, list[Reminder]]]:
    """Who may still be written to about what."""
    mails = []
    claimed = ours(claims)
    suppressed = _suppressed(claimed)
    for mail in claimed:
        if mail.recipient.email.lower() in suppressed:
            fail(mail, DropReason.REFUSED)
        elif is_frozen(mail) and not mail.recipient.is_active:
            fail(mail, DropReason.INACTIVE)
        else:
            mails.append(mail)
    said = _still_said([mail for mail in mails if not is_frozen(mail)])
    for mail in mails:
        if not is_frozen(mail) and not said[mail.pk]:
            settle(mail, MailState.CANCELLED)
    return [(mail, said[mail.pk]) for mail in mails if mail.state == MailState.SENDING]


def _suppressed(mails: list[OutgoingMail]) -> set[str]:
    addresses = {mail.recipient.email.lower() for mail in mails}
    rows = SuppressedAddress.objects.annotate(lower=Lower("address")).filter(lower__in=addresses)
    return set(rows.values_list("lower", flat=True))


def _still_said(mails: list[OutgoingMail]) -> dict[UUID, list[Reminder]]:
    """What each of the mails says, after what became stale or unwanted since planning has been taken out."""
    queued = Reminder.objects.filter(mail__in=mails, state=ReminderState.QUEUED)
    drop_stale(queued)
    rows = queued.select_related(
        "assignment__party", "assignment__commitment__statement", "assignment__commitment__paragraph", "milestone"
    ).defer("assignment__commitment__statement__text", "assignment__commitment__search_text")
    rows = rows.prefetch_related("person__body__party", "person__reminder_preference")
    said = defaultdict(list)
    for day in sorted({mail.day for mail in mails}):
        for reminder in respect_wishes(rows.filter(mail__day=day), day):
            said[reminder.mail_id].append(reminder)
    return said


def _write(mail: OutgoingMail, reminders: list[Reminder], now: datetime) -> bool:
    """Whether the mail could be put into words and bytes; one that cannot be written fails, and stops no other."""
    mail.address = mail.recipient.email
    try:
        content = letter(mail, reminders, now)
        dates = calendar(content.new_dates, language=content.reader.language, at=now) if content.new_dates else b""
        composed = compose(content, address=mail.address, at=now, calendar=dates)
    except POISON as error:
        logger.exception("Mail %s cannot be written", mail.pk)
        _fail_unsendable(mail, f"{type(error).__name__}: {error}")
        return False
    mail.subject, mail.raw = composed.subject, composed.raw
    return True


@transaction.atomic
def _freeze(mails: list[OutgoingMail], lease: datetime) -> list[Ready]:
    """Keep the bytes before one is on the wire; a mail that somebody else has taken up meanwhile is left out."""
    by_key = {mail.pk: mail for mail in mails}
    attempts = MailAttempt.objects.filter(mail__in=by_key).order_by()
    numbers = dict(attempts.values_list("mail").annotate(Max("number")))
    kept = [by_key[mail.pk] for mail in ours([Claim(mail.pk, mail.fence) for mail in mails])]
    for mail in kept:
        mail.lease_until = lease
    many.save(kept, "lease_until", "address", "subject", "raw")
    return [
        Ready(Claim(mail.pk, mail.fence), numbers.get(mail.pk, 0) + 1, mail.address, bytes(mail.raw)) for mail in kept
    ]


@transaction.atomic
def _fail_unsendable(mail: OutgoingMail, words: str) -> None:
    for kept in ours([Claim(mail.pk, mail.fence)]):
        kept.address = mail.address
        fail(kept, DropReason.UNSENDABLE, words=words)
