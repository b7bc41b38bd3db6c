"""Looks again at files that were kept aside while the virus scanner was away."""

from celery import shared_task
from django.core.files.storage import default_storage

from commitments.exchange.scanned_storage import Scanning


@shared_task(name="commitments.scan_files")
def scan_files() -> None:
    if isinstance(default_storage, Scanning):
        default_storage.look_again()
