"""What must hold of reminders and mails at all times; each sentence that comes out is a fault of ours."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from commitments.models.history import Change
from commitments.models.outbox import ARRIVED, MailAttempt, MailCircuit, MailState, OutgoingMail
from commitments.models.reminder import PlannerState, Reminder, ReminderState
from commitments.queries.past import MILESTONE_ACTS
from commitments.queries.planning import changeable, step_has_moved, step_is_over

LATE = timedelta(minutes=15)


def broken_invariants(now: datetime) -> Iterator[str]:
    """What is wrong, in words for the administrator; nothing where all is well."""
    yield from _late_mails(now)
    yield from _abandoned_mails(now)
    yield from _reminders_out_of_step()
    yield from _doubled_mails()
    yield from _attempts_out_of_step()
    yield from _milestones_out_of_step()


def _late_mails(now: datetime) -> Iterator[str]:
    """A mail that could go has gone within a quarter of an hour, while planning runs and the server is well."""
    planner = PlannerState.objects.get(pk=1)
    circuit = MailCircuit.objects.get(pk=1)
    if circuit.open_until is not None or planner.is_stale(now):
        return
    count = OutgoingMail.objects.claimable(now - LATE).count()
    if count:
        yield f"{count} mails wait for more than 15 minutes although the mail server is well"


def _abandoned_mails(now: datetime) -> Iterator[str]:
    count = OutgoingMail.objects.filter(state=MailState.SENDING, lease_until__lt=now - timedelta(minutes=2)).count()
    if count:
        yield f"{count} mails are being sent by nobody"


def _reminders_out_of_step() -> Iterator[str]:
    """A reminder says what its mail says, and one that ended says why."""
    sent = Reminder.objects.filter(state=ReminderState.SENT).exclude(mail__state=MailState.SENT).count()
    if sent:
        yield f"{sent} reminders count as sent and their mail does not"
    waiting = Reminder.objects.filter(state=ReminderState.QUEUED, mail__state__in=[MailState.SENT, MailState.CANCELLED])
    if count := waiting.count():
        yield f"{count} reminders wait in mails that are gone"
    empty = OutgoingMail.objects.filter(state__in=[MailState.PENDING, MailState.RETRY], resend_of=None).filter(
        ~Exists(Reminder.objects.filter(mail=OuterRef("pk")))
    )
    if count := empty.count():
        yield f"{count} mails wait with nothing to say"
    lost = Reminder.objects.filter(state=ReminderState.SUPERSEDED, superseded_by__state=ReminderState.SUPERSEDED)
    circular = lost.filter(superseded_by__superseded_by=F("pk")).count()
    if circular:
        yield f"{circular} reminders replace each other and nobody is told"


def _doubled_mails() -> Iterator[str]:
    """A person gets one mail a day; beside it only copies by hand and those for a last day."""
    doubled = OutgoingMail.objects.values(key=Lower("message_id")).annotate(count=Count("pk")).filter(count__gt=1)
    if count := doubled.count():
        yield f"{count} Message-IDs are used twice"


def _attempts_out_of_step() -> Iterator[str]:
    unproven = (
        OutgoingMail.objects.filter(state=MailState.SENT)
        .exclude(last_code=ARRIVED)
        .filter(~Exists(MailAttempt.objects.filter(mail=OuterRef("pk"), outcome="sent")))
    )
    if count := unproven.count():
        yield f"{count} mails count as sent without an attempt that says so"
    open_attempts = MailAttempt.objects.filter(ended_at=None).exclude(
        Q(mail__state=MailState.SENDING) & Q(fence=F("mail__fence"))
    )
    if count := open_attempts.count():
        yield f"{count} attempts have no end"


def _milestones_out_of_step() -> Iterator[str]:
    """A reminder is about a milestone of its own part; planning takes back what is about a date that holds no more."""
    strays = Reminder.objects.filter(milestone__isnull=False).exclude(assignment=F("milestone__assignment"))
    if count := strays.count():
        yield f"{count} reminders are about a milestone of another part"
    planned_at = PlannerState.objects.get(pk=1).last_ok_at
    if planned_at is None:
        return
    since = Change.objects.filter(assignment=OuterRef("assignment"), act__in=MILESTONE_ACTS, at__gte=planned_at)
    stale = Reminder.objects.filter(changeable(), step_is_over() | step_has_moved()).filter(~Exists(since))
    if count := stale.count():
        yield f"{count} reminders wait about milestones that are over or have moved"
