"""How often somebody did something in this minute, over all web processes: kept in Redis, or in a row."""

import logging
from functools import cache

from django.conf import settings
from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

from commitments.models import RequestCount

MINUTE = 60  # seconds
PREFIX = "statement-tracker:requests"
COUNT = f"""
    INSERT INTO {RequestCount._meta.db_table} AS kept (key, minute, count) SELECT %s, %s, 1 WHERE {{quickly}}
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN kept.minute = excluded.minute THEN kept.count + 1 ELSE 1 END,
        minute = excluded.minute
    RETURNING count
"""
QUICKLY = {  # a count may be lost with the machine, so nobody waits until the disk has it
    "postgresql": "set_config('synchronous_commit', 'off', true) = 'off'",
    "sqlite": "true",
}

log = logging.getLogger(__name__)


def counted(key: str, now: float) -> int:
    """Count one more, and tell how many there are in the minute of `now` (seconds since 1970).

    Whoever asks first counts first, whatever the process: one command to Redis, or one statement of SQL. A Redis that
    is away costs its time-out, and the count begins anew in the database.
    """
    minute = int(now // MINUTE)
    if settings.REDIS_URL:
        try:
            return in_redis(key, minute)
        except RedisError as error:
            log.warning("Redis is away, requests are counted in the database: %s", error)
    return in_database(key, minute)


def in_redis(key: str, minute: int) -> int:
    name = f"{PREFIX}:{key}:{minute}"
    with server(settings.REDIS_URL).pipeline() as commands:
        commands.incr(name)
        commands.expire(name, 2 * MINUTE)
        return commands.execute()[0]


@cache
def server(address: str) -> Redis:
    return Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1)


def in_database(key: str, minute: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(quickly=QUICKLY[connection.vendor]), [key, minute])
        return cursor.fetchone()[0]
