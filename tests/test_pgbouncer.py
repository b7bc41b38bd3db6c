"""Behind PgBouncer in transaction mode: two server connections serve eight threads, and nothing relies on a session."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from commitments.actions.history import broken_links
from commitments.actions.progress import NewNote, record_progress
from commitments.models import Assignment, ProgressNote, User
from tests.databases import connected_to
from tests.make import AT
from tests.servers import NOBODY, free_port, process, wait_until

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
OFFICERS, NOTES = 8, 5
SETTINGS = """
[databases]
{name} = host={folder} dbname={name} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
admin_users = postgres
"""


@pytest.fixture
def pooled(pytestconfig, request, tmp_path_factory):
    """The sample data behind a pool of two server connections; Django is connected to it."""
    if pytestconfig.getoption("database") != "postgresql":
        pytest.skip("PgBouncer stands before PostgreSQL alone")
    if PROGRAM is None:
        pytest.skip("PgBouncer is not installed: this test did not run (Debian: apt-get install pgbouncer)")
    databases, template = (request.getfixturevalue(name) for name in ("databases", "sample_template"))
    unblocked = request.getfixturevalue("django_db_blocker")
    folder, port = tmp_path_factory.mktemp("pgbouncer"), free_port()
    for path in (folder, *folder.parents):  # one level more where several processes run the tests
        if path.name.startswith(("pgbouncer", "popen-", "pytest-")):
            path.chmod(0o711)
    with databases.copy_of(template) as url, unblocked.unblock():
        settings = folder / "pgbouncer.ini"
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        settings.write_text(SETTINGS.format(name=name, folder=databases.backend.server.folder, port=port))
        settings.chmod(0o644)
        as_user = {"user": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        with process([PROGRAM, str(settings)], folder / "pgbouncer.log", cwd="/", **as_user):
            address = f"postgresql://postgres@127.0.0.1:{port}/{name}"
            wait_until(lambda: answers(address), 20, "PgBouncer answers")
            with connected_to(address, pgbouncer=True):
                yield f"postgresql://postgres@127.0.0.1:{port}/pgbouncer"


def answers(address):
    try:
        psycopg.connect(address, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def server_connections(admin):
    with psycopg.connect(admin, autocommit=True, cursor_factory=psycopg.ClientCursor) as connected:
        return len(connected.execute("SHOW SERVERS").fetchall())


@pytest.mark.faults
def test_pages_notes_and_cursors_work_with_fewer_connections_than_threads(pooled):
    officer = User.objects.get(email="officer.miti@example.org")
    rows = list(Assignment.objects.filter(lead=officer.body).order_by("pk")[:OFFICERS])
    before = ProgressNote.objects.count()

    def work(row):
        client = Client()
        client.force_login(officer)
        for turn in range(NOTES):
            record_progress(row, NewNote(text=f"Note {turn}"), by=officer, at=AT)
            for address in ("/", "/commitments/?q=trade&sort=-updated", "/my-work/", "/?as_of=2026-11-01"):
                assert client.get(address).status_code == 200, address
        connection.close()

    with ThreadPoolExecutor(len(rows)) as threads:
        list(threads.map(work, rows))

    assert ProgressNote.objects.count() == before + len(rows) * NOTES
    assert list(broken_links()) == []
    call_command("remind", on=AT.date(), verbosity=0)
    assert server_connections(pooled) <= 2
