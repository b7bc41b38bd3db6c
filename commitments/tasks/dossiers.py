"""The bell for large dossiers: each ring makes what waits longest; any ring may be lost or doubled."""

import logging
from threading import BoundedSemaphore

from celery import shared_task
from django.utils import timezone

from commitments.actions.dossier_order import make_next, sweep_orders
from statement_tracker.celery import ring

log = logging.getLogger(__name__)
place = BoundedSemaphore(1)  # of a worker's four threads: a large dossier takes much memory


@shared_task(name="commitments.make_dossiers")
def make_dossiers() -> None:
    """Make one, and ring for the next. While one is being made, another ring leaves the rest to it."""
    if not place.acquire(blocking=False):
        return
    try:
        if abandoned := sweep_orders(timezone.now()):
            log.warning("%d dossiers were left behind by workers that stopped", abandoned)
        has_made = make_next(timezone.now)
    finally:
        place.release()
    if has_made:
        ring(make_dossiers)
