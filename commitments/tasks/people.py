"""Sweeps the invitations that still have to be sent."""

from celery import shared_task
from django.utils import timezone

from commitments.actions.inviting import send_invitations


@shared_task(name="commitments.send_invitations")
def send_waiting_invitations() -> None:
    send_invitations(at=timezone.now())
