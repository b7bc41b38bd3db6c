"""Sweeps the invitations and the mails about drafts that still have to be sent."""

from celery import shared_task
from django.utils import timezone

from commitments.actions.draft_notices import send_draft_notices
from commitments.actions.inviting import send_invitations


@shared_task(name="commitments.send_invitations")
def send_waiting_invitations() -> None:
    send_invitations(at=timezone.now())


@shared_task(name="commitments.send_draft_notices")
def send_waiting_draft_notices() -> None:
    send_draft_notices(at=timezone.now())
