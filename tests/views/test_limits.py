"""Counts that several web processes share: none is lost, whoever asks."""

import os
import subprocess
import sys

import pytest

from commitments.models import RequestCount
from commitments.views.limits import counted
from tests.servers import ROOT, free_port

NOW = 1_764_000_000.0
COUNT = f"""
import django
django.setup()
from commitments.views.limits import counted
print(*[counted("write:1", {NOW}) for _ in range(100)])
"""


def in_two_processes(url, **variables):
    """What two processes were told that each counted a hundred times, all in one minute."""
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "statement_tracker.settings",
        "DATABASE_URL": url,
        **variables,
    }
    started = [
        subprocess.Popen([sys.executable, "-c", COUNT], cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    return sorted(int(count) for process in started for count in process.communicate(timeout=120)[0].split())


def test_two_processes_share_one_count(fresh_database):
    assert in_two_processes(fresh_database) == list(range(1, 201))
    assert RequestCount.objects.get().count == 200


def test_two_processes_share_one_count_in_redis(fresh_database, redis_url):
    assert in_two_processes(fresh_database, REDIS_URL=redis_url) == list(range(1, 201))
    assert not RequestCount.objects.exists()


@pytest.mark.django_db
def test_a_new_minute_begins_a_new_count():
    told = [counted("write:1", NOW + seconds) for seconds in (0, 1, 61, 62)]

    assert told == [1, 2, 1, 2]
    assert counted("search:1", NOW) == 1


@pytest.mark.django_db
def test_a_redis_that_is_away_leaves_the_count_to_the_database(settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"

    assert [counted("write:1", NOW) for _ in range(3)] == [1, 2, 3]
