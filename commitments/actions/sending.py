"""Sending: claim a few mails, prepare them, hand each over outside any transaction, write down what became of it.

A claim has a fence and a lease. Only the last claimant may write the outcome; what a dead sender leaves behind
is taken up when its lease is over. Once the server may have kept a mail it is sent again as the same bytes, late
and at most twice.
"""

import random
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from commitments.actions import circuit
from commitments.actions.preparing import Claim, Ready, look_once_more, ours, written
from commitments.actions.settling import WORDS, be_uncertain, fail, settle, untouched_state
from commitments.domain.delivery import Outcome, Pace, Phase, Result
from commitments.mail.relay import FrozenMail, Relay
from commitments.models import many
from commitments.models.outbox import MailAttempt, MailState, OutgoingMail, SuppressedAddress
from commitments.models.reminder import DropReason, Reminder, ReminderState

Clock = Callable[[], datetime]
MAY_STILL_BE_OURS = [MailState.SENDING, MailState.UNCERTAIN, MailState.HELD]


@dataclass(frozen=True, slots=True)
class Handed:
    """A mail that the mail server has answered about, which is not written down yet."""

    ready: Ready
    result: Result
    at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """What was written down of a mail, and whether the one after it could be begun with it."""

    outcome: str
    has_begun: bool


def send_due_mails(clock: Clock, pace: Pace = Pace()) -> Counter[str]:  # noqa: B008 (frozen)
    """Send what waits until nothing does, the mail server is ill or the session is over; gives outcomes counted."""
    done: Counter[str] = Counter()
    until = clock() + pace.session
    with Relay(pace.receipt) as relay:
        while clock() < until and _send_some(relay, until, clock, pace, done):
            pass
    return done


def _send_some(relay: Relay, until: datetime, clock: Clock, pace: Pace, done: Counter[str]) -> bool:
    """Claim as many as may be tried now and send them; False where there was nothing to claim."""
    admitted = circuit.admits(clock(), pace)
    claims = claim_mails(clock(), pace, limit=admitted.limit(pace.at_once)) if admitted.any else []
    left, sent_before = claims, done[Outcome.SENT]
    while left and clock() < until:
        left = _send_claimed(relay, left, clock, pace, done)
    give_back(left)
    if admitted.is_probe:
        circuit.end_probe(clock(), is_well=done[Outcome.SENT] > sent_before)
    return bool(claims)


@transaction.atomic
def claim_mails(now: datetime, pace: Pace, *, limit: int) -> list[Claim]:
    """Take up to so many waiting mails; two senders never hold the same one."""
    rows = OutgoingMail.objects.claimable(now).order_by("available_at", "pk").select_for_update(skip_locked=True)
    claims = [Claim(pk, fence + 1) for pk, fence in rows.values_list("pk", "fence")[:limit]]
    OutgoingMail.objects.filter(pk__in=[claim.pk for claim in claims]).update(
        state=MailState.SENDING, fence=F("fence") + 1, lease_until=now + pace.claim
    )
    return claims


def _send_claimed(relay: Relay, claims: list[Claim], clock: Clock, pace: Pace, done: Counter[str]) -> list[Claim]:
    """Send one after the other; gives those that have to be looked at again, because a slow server kept them waiting.

    When the server turns out to be ill, the rest is released untouched. The outcome of one mail and the beginning of
    the next are one transaction: there is a wait for the disk between two mails, not two.
    """
    looked_at = clock()
    drafts = look_once_more(claims, looked_at)
    left = deque(draft.claim for draft in drafts)
    handed, is_ill = None, False
    with closing(written(drafts, looked_at)) as mails:
        for ready in mails:
            left.popleft()
            if ready and (handed := _send_next(relay, ready, handed, clock, pace, done)):
                is_ill = handed.result.outcome == Outcome.RELAY_ILL
                if is_ill or handed.at - looked_at > pace.fresh:
                    break
    if handed:
        done[mark(handed, pace).outcome] += 1
    if is_ill:
        give_back(list(left))
    return [] if is_ill else list(left)


def _send_next(
    relay: Relay, ready: Ready, before: Handed | None, clock: Clock, pace: Pace, done: Counter[str]
) -> Handed | None:
    """Hand the mail over; None where it is not ours any more.

    While sender and recipient are named to the server, the database learns what became of the mail before and that
    this one begins; only then its text goes out. So never more than one mail stands between its receipt and its note.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a mail is never handed over inside a transaction")
    mail, has_begun = ready.mail, False
    conversation = relay.begin(FrozenMail(bytes(mail.raw), sender=settings.DEFAULT_FROM_EMAIL, to=mail.address))
    try:
        has_begun = _turn_to(ready, before, clock, pace, done)
    finally:
        conversation.decide(may_go=has_begun)
    result = conversation.result()
    return Handed(ready, result, clock()) if result else None


def _turn_to(ready: Ready, before: Handed | None, clock: Clock, pace: Pace, done: Counter[str]) -> bool:
    """Whether the mail is still ours to send, now that this is written down together with what became of the last."""
    if before:
        noted = mark(before, pace, following=ready)
        done[noted.outcome] += 1
        has_begun = noted.has_begun
    else:
        has_begun = begin(ready, clock(), pace)
    if not has_begun:
        done["fenced"] += 1
    return has_begun


def begin(ready: Ready, now: datetime, pace: Pace) -> bool:
    """Freeze the bytes and note the attempt before the text is on the wire; False where it is not ours any more."""
    return many.take_steps(_beginning(ready, now, pace))[0]


def _beginning(ready: Ready, now: datetime, pace: Pace) -> many.Step:
    """From here on the lease lasts for a conversation with the mail server."""
    claim, mail = ready.claim, ready.mail
    frozen = many.Change(
        OutgoingMail,
        {"id": claim.pk, "fence": claim.fence, "state": MailState.SENDING},
        {"raw": mail.raw, "subject": mail.subject, "address": mail.address, "lease_until": now + pace.conversation},
    )
    attempt = MailAttempt(mail_id=claim.pk, number=ready.number, fence=claim.fence, started_at=now)
    return many.Step(frozen, new=[attempt])


def mark(handed: Handed, pace: Pace, following: Ready | None = None) -> Noted:
    """Write the outcome down if the mail is still ours; a mail that somebody else has taken up is left to them.

    A receipt that comes after the lease was over still counts, unless the mail was claimed again. That the following
    mail begins is noted in the same breath: between two mails there is one wait for the disk.
    """
    next_step = [_beginning(following, handed.at, pace)] if following else []
    if handed.result.outcome == Outcome.SENT:
        is_ours, *begun = many.take_steps(_receipt(handed), *next_step)
    else:
        is_ours, *begun = _mark_unsent(handed, pace, next_step)
    return Noted(handed.result.outcome if is_ours else "fenced", has_begun=any(begun))


def _receipt(handed: Handed) -> many.Step:
    claim, result = handed.ready.claim, handed.result
    sent = many.Change(
        OutgoingMail,
        {"id": claim.pk, "fence": claim.fence, "state": MAY_STILL_BE_OURS},
        {
            "state": MailState.SENT,
            "sent_at": handed.at,
            "lease_until": None,
            "last_code": str(result.code),
            "last_words": result.words[:WORDS],
        },
    )
    # all that is in a mail on its way is queued; to ask for that as well would tempt PostgreSQL to read all that waits
    said = many.Change(Reminder, {"mail": claim.pk}, {"state": ReminderState.SENT})
    return many.Step(sent, [said, _ending(handed)])


def _ending(handed: Handed) -> many.Change:
    result = handed.result
    return many.Change(
        MailAttempt,
        {"mail": handed.ready.claim.pk, "number": handed.ready.number},
        {
            "ended_at": handed.at,
            "phase": result.phase,
            "outcome": result.outcome,
            "code": str(result.code or ""),
            "words": result.words[:WORDS],
        },
    )


@transaction.atomic
def _mark_unsent(handed: Handed, pace: Pace, next_step: list[many.Step]) -> list[bool]:
    is_ours = _follow(handed.ready, handed.result, handed.at, pace)
    ending = [many.Step(_ending(handed))] if is_ours else []
    met = many.take_steps(*ending, *next_step) if ending or next_step else []
    return [is_ours, *met[len(ending) :]]


def _follow(ready: Ready, result: Result, now: datetime, pace: Pace) -> bool:
    """What an outcome other than a receipt means for the mail and for the reminders in it."""
    mails = OutgoingMail.objects.filter(pk=ready.claim.pk, fence=ready.claim.fence, state__in=MAY_STILL_BE_OURS)
    mail = mails.select_for_update().defer("raw").first()
    if mail is None:
        return False
    mail.last_code, mail.last_words = str(result.code or ""), result.words[:WORDS]
    outcome = result.outcome
    if outcome == Outcome.RELAY_ILL:
        settle(mail, untouched_state(mail))
    elif outcome == Outcome.RETRY and mail.attempts < len(pace.retries):
        wait = pace.retries[mail.attempts] * random.uniform(0.5, 1)  # noqa: S311 (no secret)
        mail.attempts += 1
        settle(mail, MailState.RETRY, available_at=now + wait)
    elif outcome == Outcome.UNCERTAIN:
        be_uncertain(mail, now, pace)
    else:
        if outcome == Outcome.UNKNOWN_ADDRESS:
            _suppress(mail.address, mail.last_words, now)
        fail(mail, DropReason.GIVEN_UP if outcome == Outcome.RETRY else DropReason.REFUSED)
    circuit.heard(result, now, pace)
    return True


def _suppress(address: str, words: str, now: datetime) -> None:
    if not SuppressedAddress.objects.filter(address__iexact=address).exists():
        SuppressedAddress.objects.create(address=address, words=words, since=now)


@transaction.atomic
def give_back(claims: list[Claim]) -> None:
    """Release mails that were claimed and not begun."""
    for mail in ours(claims):
        settle(mail, untouched_state(mail))


@transaction.atomic
def sweep_mails(now: datetime, pace: Pace = Pace()) -> int:  # noqa: B008 (frozen)
    """Take up what dead senders left behind: begun and unanswered is uncertain, not begun is as if never claimed."""
    abandoned = OutgoingMail.objects.select_for_update(skip_locked=True).defer("raw")
    abandoned = list(abandoned.filter(state=MailState.SENDING, lease_until__lt=now))
    for mail in abandoned:
        begun = mail.attempts_made.filter(fence=mail.fence, ended_at=None).update(
            ended_at=now, phase=Phase.DOT, outcome=Outcome.UNCERTAIN, words="the sender stopped"
        )
        if begun:
            be_uncertain(mail, now, pace)
        else:
            settle(mail, untouched_state(mail))
    return len(abandoned)
