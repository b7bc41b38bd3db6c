"""What workers do: an id or a moment in, one action called, safe to lose and safe to run twice."""

from commitments.tasks import dossiers, files, integrity, reminders
from commitments.tasks.people import send_waiting_invitations

__all__ = ["dossiers", "files", "integrity", "reminders", "send_waiting_invitations"]
