"""Each night: are texts and history as they were written?"""

import logging

from celery import shared_task

from commitments.actions.integrity import faults_found, tell_administrator

log = logging.getLogger(__name__)


@shared_task(name="commitments.check_texts")
def check_texts() -> None:
    """Log what is wrong, and mail it to the administrator; say nothing where nothing is."""
    faults = list(faults_found())
    for fault in faults:
        log.error("%s", fault)
    if faults:
        tell_administrator(faults)
