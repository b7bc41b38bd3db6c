"""Looks after files: those that waited for the virus scanner, those that no row names, dossiers kept long enough."""

import logging

from celery import shared_task
from django.core.files.storage import default_storage
from django.utils import timezone

from commitments.actions.dossier_order import remove_expired
from commitments.actions.stored_files import remove_orphans
from commitments.exchange.scanned_storage import Scanning

log = logging.getLogger(__name__)


@shared_task(name="commitments.scan_files")
def scan_files() -> None:
    if isinstance(default_storage, Scanning):
        default_storage.look_again()


@shared_task(name="commitments.remove_orphans")
def remove_orphaned_files() -> None:
    """Each day; a store that is away is asked again the next."""
    if expired := remove_expired(timezone.now()):
        log.info("%d dossiers were kept long enough and are deleted", expired)
    try:
        count = remove_orphans(at=timezone.now())
    except OSError as error:
        log.error("The store of files does not answer, nothing is cleared: %s", error)
        return
    if count:
        log.info("%d files without a row were deleted from the store", count)
