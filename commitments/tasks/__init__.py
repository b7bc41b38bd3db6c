"""Periodic tasks; Celery finds them here."""

from commitments.tasks import reminders

__all__ = ["reminders"]
