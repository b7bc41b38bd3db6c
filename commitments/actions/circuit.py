"""The circuit: while the mail server is ill nothing is sent to it, so no mail fails for a fault that is not its own."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from commitments.domain.delivery import Outcome, Pace, Result
from commitments.models.outbox import MailCircuit


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whether mails may be tried now, or only one to see whether the server is well again."""

    any: bool
    is_probe: bool = False

    def limit(self, at_once: int) -> int:
        return 1 if self.is_probe else at_once


def admits(now: datetime, pace: Pace) -> Admitted:
    """What may be tried now; of several senders that ask after a rest, one gets to probe."""
    row = MailCircuit.objects.get(pk=1)
    if row.open_until is None:
        return Admitted(any=True)
    if now < row.open_until:
        return Admitted(any=False)
    probing = MailCircuit.objects.filter(pk=1, open_until=row.open_until).update(
        open_until=now + pace.conversation, is_probing=True
    )
    return Admitted(any=bool(probing), is_probe=bool(probing))


def heard(result: Result, now: datetime, pace: Pace) -> None:
    """Learn from an answer that is no receipt: a word about a mail itself shows a server that works."""
    if result.outcome == Outcome.RELAY_ILL:
        _rest(result, now, pace)
    elif result.outcome != Outcome.UNCERTAIN:
        _close()


def end_probe(now: datetime, *, is_well: bool) -> None:
    """Close the circuit when the probe got a receipt; one that learnt nothing makes way for the next."""
    if is_well:
        _close()
    else:
        MailCircuit.objects.filter(pk=1, is_probing=True).update(open_until=now, is_probing=False)


def _close() -> None:
    MailCircuit.objects.filter(Q(failures__gt=0) | Q(open_until__isnull=False), pk=1).update(
        failures=0, ill_since=None, open_until=None, is_probing=False, code="", words=""
    )


def _rest(result: Result, now: datetime, pace: Pace) -> None:
    """Let the server rest, longer each time; senders that meet the same fault during a rest count once."""
    row = MailCircuit.objects.select_for_update().get(pk=1)
    if row.open_until and now < row.open_until and not row.is_probing:
        return
    rest = pace.rests[min(row.failures, len(pace.rests) - 1)]
    MailCircuit.objects.filter(pk=1).update(
        failures=F("failures") + 1,
        ill_since=row.ill_since or now,
        open_until=now + rest,
        is_probing=False,
        code=str(result.code or ""),
        words=result.words[:500],
    )
