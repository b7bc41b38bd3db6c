"""Sending: claim a few mails, look once more, hand each over outside any transaction, write down what became of it.

A claim has a fence and a lease. Only the last claimant may write the outcome; what a dead sender leaves behind
is taken up when its lease is over. Once the server may have kept a mail it is sent again as the same bytes, late
and at most twice.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.template import TemplateSyntaxError
from django.urls import NoReverseMatch

from commitments.actions import circuit
from commitments.actions.planning import drop_stale
from commitments.actions.wishes import respect_wishes
from commitments.domain.delivery import UNCERTAIN_RESENDS, Outcome, Pace, Phase, Result
from commitments.exchange.calendar_ics import calendar
from commitments.mail.relay import FrozenMail, Relay
from commitments.mail.reminder_mail import compose
from commitments.models.outbox import MailAttempt, MailState, OutgoingMail, SuppressedAddress
from commitments.models.reminder import DropReason, Reminder, ReminderState
from commitments.queries.mailing import letter

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
POISON = (ValueError, TypeError, LookupError, NoReverseMatch, TemplateSyntaxError)  # what one bad mail may raise
WORDS = 500  # characters kept of what a server says


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that is ours to send until the lease is over, as long as the fence is still this one."""

    pk: object
    fence: int


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that stands in the database as it will stand on the wire."""

    claim: Claim
    attempt: int
    address: str
    raw: bytes


def send_due_mails(clock: Clock, pace: Pace = Pace()) -> Counter[str]:  # noqa: B008 (frozen)
    """Send what waits until nothing does, the mail server is ill or the session is over; gives outcomes counted."""
    done: Counter[str] = Counter()
    begun = clock()
    with Relay(pace.receipt) as relay:
        while clock() - begun < pace.session:
            admitted = circuit.admits(clock(), pace)
            claims = claim_mails(clock(), pace, limit=admitted.limit(pace.at_once)) if admitted.any else []
            if claims:
                _send_claimed(relay, claims, clock, pace, done)
            if admitted.is_probe:
                circuit.end_probe(clock())
            if not claims:
                break
    return done


@transaction.atomic
def claim_mails(now: datetime, pace: Pace, *, limit: int) -> list[Claim]:
    """Take up to so many waiting mails; two senders never hold the same one."""
    rows = OutgoingMail.objects.claimable(now).order_by("available_at", "pk").select_for_update(skip_locked=True)
    claims = [Claim(pk, fence + 1) for pk, fence in rows.values_list("pk", "fence")[:limit]]
    OutgoingMail.objects.filter(pk__in=[claim.pk for claim in claims]).update(
        state=MailState.SENDING, fence=F("fence") + 1, lease_until=now + pace.claim
    )
    return claims


def _send_claimed(relay: Relay, claims: list[Claim], clock: Clock, pace: Pace, done: Counter[str]) -> None:
    """Send one after the other; when the server turns out to be ill, give the rest back untouched."""
    for place, claim in enumerate(claims):
        ready = prepare(claim, clock(), pace)
        if ready is None:
            done["not_sent"] += 1
            continue
        result = _hand_over(relay, ready)
        outcome = mark(ready, result, clock(), pace)
        done[outcome] += 1
        if result.outcome == Outcome.RELAY_ILL:
            give_back(claims[place + 1 :])
            return


def _hand_over(relay: Relay, ready: Ready) -> Result:
    if connection.in_atomic_block:
        raise RuntimeError("a mail is never handed over inside a transaction")
    return relay.send(FrozenMail(ready.raw, sender=settings.DEFAULT_FROM_EMAIL, to=ready.address))


@transaction.atomic
def prepare(claim: Claim, now: datetime, pace: Pace) -> Ready | None:
    """Look once more whether it is to be said, freeze the bytes and note the attempt; None where nothing is sent."""
    mail = _ours(claim)
    if mail is None:
        return None
    if SuppressedAddress.objects.filter(address__iexact=mail.recipient.email).exists():
        _fail(mail, DropReason.REFUSED, "", "")
        return None
    is_frozen = bool(mail.uncertain_resends or mail.resend_of_id)
    if is_frozen and not mail.recipient.is_active:
        _fail(mail, DropReason.INACTIVE, "", "")
        return None
    if not is_frozen and not _freeze(mail, now):
        return None
    number = (mail.attempts_made.aggregate(last=Max("number"))["last"] or 0) + 1
    attempt = MailAttempt.objects.create(mail=mail, number=number, fence=claim.fence, started_at=now)
    mail.lease_until = now + pace.conversation
    mail.save(update_fields=["lease_until", "raw", "subject", "address"])
    return Ready(claim, attempt.pk, mail.address, bytes(mail.raw))


def _ours(claim: Claim) -> OutgoingMail | None:
    rows = OutgoingMail.objects.select_for_update(of=["self"]).select_related("recipient__body__party")
    return rows.filter(pk=claim.pk, fence=claim.fence, state=MailState.SENDING).first()


def _freeze(mail: OutgoingMail, now: datetime) -> bool:
    """Write the mail from what is still to be said; False (and the mail settled) where nothing is, or it cannot be."""
    drop_stale(Reminder.objects.filter(mail=mail, state=ReminderState.QUEUED))
    rows = Reminder.objects.filter(mail=mail, state=ReminderState.QUEUED).select_related(
        "person",
        "person__body__party",
        "person__reminder_preference",
        "assignment__party",
        "assignment__commitment__statement",
        "assignment__commitment__paragraph",
    )
    reminders = respect_wishes(rows, mail.day)
    if not reminders:
        _settle(mail, MailState.CANCELLED)
        return False
    mail.address = mail.recipient.email
    try:
        content = letter(mail, reminders, now)
        dates = calendar(content.new_dates, language=content.reader.language, at=now) if content.new_dates else b""
        composed = compose(content, address=mail.address, at=now, calendar=dates)
    except POISON as error:
        logger.exception("Mail %s cannot be written", mail.pk)
        _fail(mail, DropReason.UNSENDABLE, "", f"{type(error).__name__}: {error}")
        return False
    mail.subject, mail.raw = composed.subject, composed.raw
    return True


@transaction.atomic
def mark(ready: Ready, result: Result, now: datetime, pace: Pace) -> str:
    """Write the outcome down if the mail is still ours; a mail that somebody else has taken up is left to them.

    A receipt that comes after the lease was over still counts, unless the mail was claimed again.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=ready.claim.pk)
    late = (MailState.SENDING, MailState.UNCERTAIN, MailState.HELD)
    if mail.fence != ready.claim.fence or mail.state not in late:
        return "fenced"
    words = result.words[:WORDS]
    MailAttempt.objects.filter(pk=ready.attempt).update(
        ended_at=now, phase=result.phase, outcome=result.outcome, code=str(result.code or ""), words=words
    )
    mail.last_code, mail.last_words = str(result.code or ""), words
    _follow(mail, result, now, pace)
    circuit.heard(result, now, pace)
    return result.outcome


def _follow(mail: OutgoingMail, result: Result, now: datetime, pace: Pace) -> None:
    """What an outcome means for the mail and for the reminders in it."""
    outcome = result.outcome
    if outcome == Outcome.SENT:
        mail.sent_at = now
        Reminder.objects.filter(mail=mail, state=ReminderState.QUEUED).update(state=ReminderState.SENT)
        _settle(mail, MailState.SENT)
    elif outcome == Outcome.RELAY_ILL:
        _settle(mail, _untouched_state(mail))
    elif outcome == Outcome.RETRY and mail.attempts < len(pace.retries):
        wait = pace.retries[mail.attempts] * random.uniform(0.5, 1)  # noqa: S311 (no secret)
        mail.attempts += 1
        _settle(mail, MailState.RETRY, available_at=now + wait)
    elif outcome == Outcome.UNCERTAIN:
        _be_uncertain(mail, now, pace)
    else:
        if outcome == Outcome.UNKNOWN_ADDRESS:
            _suppress(mail.address, result.words[:WORDS], now)
        reason = DropReason.GIVEN_UP if outcome == Outcome.RETRY else DropReason.REFUSED
        _fail(mail, reason, mail.last_code, mail.last_words)


def _be_uncertain(mail: OutgoingMail, now: datetime, pace: Pace) -> None:
    """Perhaps delivered: the same bytes again, late and at most twice; then a person decides."""
    if mail.uncertain_resends >= UNCERTAIN_RESENDS:
        _settle(mail, MailState.HELD)
        return
    mail.uncertain_resends += 1
    _settle(mail, MailState.UNCERTAIN, available_at=now + pace.uncertain)


def _untouched_state(mail: OutgoingMail) -> MailState:
    """Where a mail goes back to when an attempt has changed nothing."""
    if mail.uncertain_resends:
        return MailState.UNCERTAIN
    return MailState.RETRY if mail.attempts else MailState.PENDING


def _settle(mail: OutgoingMail, state: MailState, *, available_at: datetime | None = None) -> None:
    mail.state, mail.lease_until = state, None
    mail.available_at = available_at or mail.available_at
    mail.save()


def _fail(mail: OutgoingMail, reason: DropReason, code: str, words: str) -> None:
    """Nothing more is tried; the mail and its reminders stay, with the reason, for a person to see."""
    mail.last_code, mail.last_words = code or mail.last_code, words[:WORDS] or mail.last_words
    mail.address = mail.address or mail.recipient.email
    Reminder.objects.filter(mail=mail, state=ReminderState.QUEUED).update(state=ReminderState.FAILED, reason=reason)
    _settle(mail, MailState.FAILED)


def _suppress(address: str, words: str, now: datetime) -> None:
    if not SuppressedAddress.objects.filter(address__iexact=address).exists():
        SuppressedAddress.objects.create(address=address, words=words, since=now)


@transaction.atomic
def give_back(claims: list[Claim]) -> None:
    """Release mails that were claimed and not begun."""
    for claim in claims:
        mail = _ours(claim)
        if mail is not None:
            _settle(mail, _untouched_state(mail))


@transaction.atomic
def sweep_mails(now: datetime, pace: Pace = Pace()) -> int:  # noqa: B008 (frozen)
    """Take up what dead senders left behind: begun and unanswered is uncertain, not begun is as if never claimed."""
    abandoned = list(
        OutgoingMail.objects.select_for_update(skip_locked=True).filter(state=MailState.SENDING, lease_until__lt=now)
    )
    for mail in abandoned:
        begun = mail.attempts_made.filter(fence=mail.fence, ended_at=None).update(
            ended_at=now, phase=Phase.DOT, outcome=Outcome.UNCERTAIN, words="the sender stopped"
        )
        if begun:
            _be_uncertain(mail, now, pace)
        else:
            _settle(mail, _untouched_state(mail))
    return len(abandoned)
