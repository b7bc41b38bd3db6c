"""The database's own clock, to see whether ours can be trusted."""

from datetime import UTC, datetime

from django.db import connection


def database_lag(now: datetime) -> float:
    """Seconds by which our clock is ahead of the database's; 0 where the database has no clock of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return (now - cursor.fetchone()[0].astimezone(UTC)).total_seconds()
