"""Sending: claim a few mails, prepare them, hand each over outside any transaction, write down what became of it.

A claim has a fence and a lease. Only the last claimant may write the outcome; what a dead sender leaves behind
is taken up when its lease is over. Once the server may have kept a mail it is sent again as the same bytes, late
and at most twice.
"""

import random
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from commitments.actions import circuit
from commitments.actions.preparing import Claim, Ready, ours, prepare
from commitments.actions.settling import WORDS, be_uncertain, fail, settle, untouched_state
from commitments.domain.delivery import Outcome, Pace, Phase, Result
from commitments.mail.relay import FrozenMail, Relay
from commitments.models import many
from commitments.models.outbox import MailAttempt, MailState, OutgoingMail, SuppressedAddress
from commitments.models.reminder import DropReason, Reminder, ReminderState

Clock = Callable[[], datetime]
MAY_STILL_BE_OURS = [MailState.SENDING, MailState.UNCERTAIN, MailState.HELD]


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
    """Send one after the other; gives those that have to be prepared again, because a slow server kept them waiting.

    When the server turns out to be ill, the rest is released untouched. The outcome of one mail and the beginning of
    the next are one transaction: there is a wait for the disk between two mails, not two.
    """
    prepared_at = clock()
    rest = deque(prepare(claims, prepared_at, pace))
    if settled := len(claims) - len(rest):
        done["not_sent"] += settled
    mail, is_ill = rest.popleft() if rest else None, False
    if mail:
        begin(mail, prepared_at)
    while mail:
        result, now = _hand_over(relay, mail), clock()
        is_ill = result.outcome == Outcome.RELAY_ILL
        following = rest.popleft() if rest and not is_ill and now - prepared_at <= pace.fresh else None
        done[mark(mail, result, now, pace, following)] += 1
        mail = following
    left = [ready.claim for ready in rest]
    if is_ill:
        give_back(left)
    return [] if is_ill else left


def _hand_over(relay: Relay, ready: Ready) -> Result:
    if connection.in_atomic_block:
        raise RuntimeError("a mail is never handed over inside a transaction")
    return relay.send(FrozenMail(ready.raw, sender=settings.DEFAULT_FROM_EMAIL, to=ready.address))


def begin(ready: Ready, now: datetime) -> None:
    """Note the attempt before a byte of it is on the wire."""
    many.insert(MailAttempt, [_attempt(ready, now)])


def _attempt(ready: Ready, now: datetime) -> MailAttempt:
    return MailAttempt(mail_id=ready.claim.pk, number=ready.number, fence=ready.claim.fence, started_at=now)


def mark(ready: Ready, result: Result, now: datetime, pace: Pace, following: Ready | None = None) -> str:
    """Write the outcome down if the mail is still ours; a mail that somebody else has taken up is left to them.

    A receipt that comes after the lease was over still counts, unless the mail was claimed again. That the following
    mail begins is noted in the same breath: between two mails there is one wait for the disk.
    """
    answer = {"code": str(result.code or ""), "words": result.words[:WORDS]}
    attempt = many.Change(
        MailAttempt,
        {"mail": ready.claim.pk, "number": ready.number},
        {"ended_at": now, "phase": result.phase, "outcome": result.outcome, **answer},
    )
    new = [_attempt(following, now)] if following else []
    if result.outcome == Outcome.SENT:
        is_ours = _mark_sent(ready.claim, answer, now, attempt, new)
    else:
        is_ours = _mark_unsent(ready, result, now, pace, attempt, new)
    return result.outcome if is_ours else "fenced"


def _mark_sent(
    claim: Claim, answer: dict[str, str], now: datetime, attempt: many.Change, new: list[MailAttempt]
) -> bool:
    last = {f"last_{name}": said for name, said in answer.items()}
    sent = many.Change(
        OutgoingMail,
        {"id": claim.pk, "fence": claim.fence, "state": MAY_STILL_BE_OURS},
        {"state": MailState.SENT, "sent_at": now, "lease_until": None, **last},
    )
    said = many.Change(Reminder, {"mail": claim.pk, "state": ReminderState.QUEUED}, {"state": ReminderState.SENT})
    return many.change_together(sent, said, attempt, new=new)


@transaction.atomic
def _mark_unsent(
    ready: Ready, result: Result, now: datetime, pace: Pace, attempt: many.Change, new: list[MailAttempt]
) -> bool:
    is_ours = _follow(ready, result, now, pace)
    if is_ours:
        many.change_together(attempt, new=new)
    else:
        many.insert(MailAttempt, new)
    return is_ours


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
