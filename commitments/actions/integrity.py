"""The whole check that texts and history are as they were written, and the word to the administrator where not."""

import hashlib
from collections.abc import Iterator

from django.core.mail import mail_admins
from django.db import connection
from django.utils.translation import gettext as _

from commitments.actions.history import broken_links
from commitments.actions.statement import altered_texts
from commitments.models import locks, word_index
from commitments.models.meeting import Meeting
from commitments.queries.meeting import record_digest

MOST_LINES = 200  # of one mail


def faults_found() -> Iterator[str]:
    """What is missing, altered, removed or put in between; nothing where all is well."""
    yield from missing_locks()
    yield from altered_texts()
    yield from broken_links()
    yield from altered_meetings()


def altered_meetings() -> Iterator[str]:
    """Closed meetings whose record or dossier is not what the sides consented to."""
    rows = Meeting.objects.filter(closed_at__isnull=False).select_related("statement", "dossier").order_by("pk")
    for meeting in rows.defer("statement__text").iterator(chunk_size=50):
        if record_digest(meeting) != meeting.record_sha256:
            yield f"the record of meeting {meeting.pk} was altered"
        if hashlib.sha256(bytes(meeting.dossier.content)).hexdigest() != meeting.dossier.sha256:
            yield f"the dossier of meeting {meeting.pk} was altered"


def tell_administrator(faults: list[str]) -> None:
    """Mail what was found to the addresses of ADMIN_EMAILS."""
    more = len(faults) - MOST_LINES
    lines = [*faults[:MOST_LINES], *([_("and %(count)s more") % {"count": more}] if more > 0 else [])]
    mail_admins(_("Texts or history were altered"), "\n".join(lines))


def missing_locks() -> list[str]:
    """The triggers that should be in the database and are not."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
    expected = locks.trigger_names() | word_index.trigger_names(connection.vendor)
    return [f"the lock {name} is missing from the database" for name in sorted(expected - present)]
