"""Sessions in the database; what one page notes for the next does not wait until the disk has it."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import connections, router, transaction


class SessionStore(DatabaseSessions):
    """Django's own, whose changes may be lost with the machine, as the page in the browser may be.

    Nobody is signed in by such a loss: what begins a session, and what ends it, waits for the disk.
    """

    def save(self, must_create: bool = False) -> None:
        connection = connections[router.db_for_write(self.model)]
        may_be_lost = connection.vendor == "postgresql" and not must_create and not connection.in_atomic_block
        if not may_be_lost:
            super().save(must_create)
            return
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
            super().save()
