"""Preparing: just before a few claimed mails are sent, look once more what is still to be said, and write it.

Looking is for all of them at once; putting them into words, which takes most of the time, is in no transaction.
"""

import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.template import TemplateSyntaxError
from django.urls import NoReverseMatch

from commitments.actions.planning import drop_stale
from commitments.actions.settling import fail, settle
from commitments.actions.wishes import respect_wishes
from commitments.exchange.calendar_ics import calendar
from commitments.mail.reminder_mail import Composed, compose
from commitments.models.outbox import MailAttempt, MailState, OutgoingMail, SuppressedAddress
from commitments.models.reminder import DropReason, Reminder, ReminderState
from commitments.queries.mailing import Letter, letter

logger = logging.getLogger(__name__)

POISON = (ValueError, TypeError, LookupError, NoReverseMatch, TemplateSyntaxError)  # what one bad mail may raise


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that is ours to send until the lease is over, as long as the fence is still this one."""

    pk: UUID
    fence: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that is still to be sent, before it is in words; `number` is that of the attempt to come.

    `letter` is what it says; None where its bytes stand already.
    """

    mail: OutgoingMail
    number: int
    letter: Letter | None

    @property
    def claim(self) -> Claim:
        return Claim(self.mail.pk, self.mail.fence)


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail as it goes on the wire; the database gets its bytes when the attempt begins."""

    claim: Claim
    number: int
    mail: OutgoingMail


def prepare(claims: list[Claim], now: datetime) -> list[Ready]:
    """The mails that are still to be sent, in the order of their claims; the others are settled."""
    return [ready for ready in written(look_once_more(claims, now), now) if ready]


def written(drafts: list[Draft], now: datetime) -> Iterator[Ready | None]:
    """The drafts in words and bytes, each put into words while the one before it is on its way.

    A thread does that, and nothing but that: it asks neither database nor mail server. None for a mail that cannot be
    written; it fails, and stops no other.
    """
    with ThreadPoolExecutor(1, "mail") as desk:
        coming: deque[Future[Composed | None]] = deque()
        ahead = iter(drafts)
        for draft in drafts:
            for following in islice(ahead, 2 - len(coming)):
                coming.append(desk.submit(_in_words, following, now))
            yield _finished(draft, coming.popleft())


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
def look_once_more(claims: list[Claim], now: datetime) -> list[Draft]:
    """Who may still be written to about what, in the order of the claims; what is not to be sent is settled."""
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
    mails = [mail for mail in mails if mail.state == MailState.SENDING]
    attempts = MailAttempt.objects.filter(mail__in=mails).order_by()
    numbers = dict(attempts.values_list("mail").annotate(Max("number")))
    drafts = [_draft(mail, numbers.get(mail.pk, 0) + 1, said[mail.pk], now) for mail in mails]
    return [draft for draft in drafts if draft]


def _draft(mail: OutgoingMail, number: int, reminders: list[Reminder], now: datetime) -> Draft | None:
    """What the mail says; None where that cannot be told, and the mail has failed."""
    if is_frozen(mail):
        return Draft(mail, number, None)
    mail.address = mail.recipient.email
    try:
        return Draft(mail, number, letter(mail, reminders, now))
    except POISON as error:
        _fail_unsendable(mail, error)
        return None


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
        # by the mails' keys: through the mails' days the database would look at all of the day's
        theirs = rows.filter(mail__in=[mail for mail in mails if mail.day == day])
        for reminder in respect_wishes(theirs, day):
            said[reminder.mail_id].append(reminder)
    return said


def _in_words(draft: Draft, now: datetime) -> Composed | None:
    """What takes the time of a processor; None where the bytes stand already."""
    content = draft.letter
    if content is None:
        return None
    dates = calendar(content.new_dates, language=content.reader.language, at=now) if content.new_dates else b""
    return compose(content, address=draft.mail.address, at=now, calendar=dates)


def _finished(draft: Draft, words: Future[Composed | None]) -> Ready | None:
    try:
        composed = words.result()
    except POISON as error:
        _fail_unsendable(draft.mail, error)
        return None
    if composed:
        draft.mail.subject, draft.mail.raw = composed.subject, composed.raw
    return Ready(draft.claim, draft.number, draft.mail)


@transaction.atomic
def _fail_unsendable(mail: OutgoingMail, error: Exception) -> None:
    logger.error("Mail %s cannot be written", mail.pk, exc_info=error)
    for kept in ours([Claim(mail.pk, mail.fence)]):
        kept.address = mail.address
        fail(kept, DropReason.UNSENDABLE, words=f"{type(error).__name__}: {error}")
