"""The bell for reminders: each tick plans, sends and sweeps what the database says; any tick may be lost or doubled."""

import logging
from threading import BoundedSemaphore

from celery import shared_task
from django.utils import timezone

from commitments.actions.planning import ClockJumpedError, plan_reminders
from commitments.actions.sending import send_due_mails, sweep_mails
from commitments.queries.clock import database_lag
from commitments.queries.invariants import broken_invariants
from statement_tracker.celery import ring

logger = logging.getLogger(__name__)
MOST_LAG = 60  # seconds between our clock and the database's
SENDERS = 2  # of a worker's four threads: a mail server that hangs leaves the others to planning and sweeping
places = BoundedSemaphore(SENDERS)


@shared_task(name="commitments.plan_reminders")
def plan() -> None:
    """Make what is due by now into rows and mails; refuse while the clocks cannot be trusted."""
    now = timezone.now()
    lag = database_lag(now)
    if abs(lag) > MOST_LAG:
        logger.error("Nothing is planned: our clock and the database's are %.0f seconds apart", lag)
        return
    try:
        planned = plan_reminders(now)
    except ClockJumpedError as error:
        logger.error("Nothing is planned. %s `manage.py remind --force` goes on.", error)
        return
    if planned and planned.reminders:
        logger.info("%d reminders planned, %d new mails", planned.reminders, planned.mails)
    if planned and planned.mails:
        ring(send)


@shared_task(name="commitments.send_mails")
def send() -> None:
    """Send what waits. Two of these at once share the work; one more leaves it to them."""
    if not places.acquire(blocking=False):
        return
    try:
        done = send_due_mails(timezone.now)
    finally:
        places.release()
    if done:
        logger.info("Mails: %s", ", ".join(f"{count} {outcome}" for outcome, count in sorted(done.items())))


@shared_task(name="commitments.sweep_mails")
def sweep() -> None:
    """Take up what dead senders left, and say aloud what must not be."""
    now = timezone.now()
    if abandoned := sweep_mails(now):
        logger.warning("%d mails were taken over from senders that stopped", abandoned)
    for fault in broken_invariants(now):
        logger.error("Reminders: %s", fault)
