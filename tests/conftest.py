"""What every test may ask for: databases, real servers, and the product's own environment."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.core.management import call_command

from commitments.filters.widgets import kept_options
from commitments.views.kept import kept, kept_counts
from tests import servers
from tests.chromium import ADVICE, MISSING
from tests.databases import Databases, connected_to, rolled_back
from tests.make import AT
from tests.product import run_command
from tests.settings import FOLDER
from tests.smtp_sink import Sink

DATABASES = ("sqlite", "postgresql")
exit_stack = ExitStack()

# A loaded machine is slow, which says nothing of a law: no example has a time limit of its own.
hypothesis.settings.register_profile("tracker", deadline=None)
hypothesis.settings.load_profile("tracker")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=DATABASES,
        default=os.environ.get("TEST_DATABASE", DATABASES[0]),
        help="the database under test; PostgreSQL is started by the test run",
    )


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ[FOLDER])
    folder.chmod(0o711)  # PostgreSQL's own user passes through
    if config.getoption("database") == "postgresql":
        (folder / "pg").mkdir()
        exit_stack.enter_context(servers.PostgreSQL(folder / "pg").running())


def pytest_unconfigure() -> None:
    exit_stack.close()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('database')}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    reports = [*terminalreporter.getreports("skipped"), *terminalreporter.getreports("error")]
    if any(MISSING in str(report.longrepr) for report in reports):
        terminalreporter.write_line(f"{MISSING}: they did not run. {ADVICE}", red=True, bold=True)


@pytest.fixture(autouse=True)
def no_pieces_of_other_tests() -> None:
    """Pieces of pages are kept in the memory of the process, which all tests of a worker share."""
    for pieces in (kept, kept_counts, kept_options):
        pieces.clear()


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Databases:
    folder = Path(os.environ[FOLDER])
    postgresql = pytestconfig.getoption("database") == "postgresql"
    return Databases(folder, servers.PostgreSQL(folder / "pg") if postgresql else None)


@pytest.fixture(scope="session")
def migrated_template(databases: Databases, django_test_environment, django_db_blocker) -> str:
    """A database as `manage.py migrate` leaves it; connect to copies only."""

    def migrate(url: str) -> None:
        with connected_to(url):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable")

    with django_db_blocker.unblock():
        return databases.template("migrated", migrate)


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, migrated_template: str) -> Iterator[None]:
    """pytest-django's database for tests that roll back: this worker's copy of the template."""
    with databases.copy_of(migrated_template) as url, connected_to(url):
        yield


@pytest.fixture
def fresh_database(request, databases: Databases, migrated_template: str, django_db_blocker, monkeypatch):
    """A migrated database of the test's own, in which commits last: for threads, processes, races and kills.

    Django is connected to it in this process, and DATABASE_URL names it for processes that the test starts.
    Gives its address. Not to be mixed with `django_db`, which rolls back.
    """
    assert "db" not in request.fixturenames, "take fresh_database or django_db, not both"
    assert not request.node.get_closest_marker("django_db"), "take fresh_database or django_db, not both"
    with databases.copy_of(migrated_template) as url, django_db_blocker.unblock(), connected_to(url):
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


@pytest.fixture(scope="session")
def statement_template(databases: Databases, migrated_template: str, django_db_blocker) -> str:
    """The migrated database with the statement of 7 January 2026."""

    def load(url: str) -> None:
        with connected_to(url):
            call_command("loaddata", "turkiye_malaysia_2026", verbosity=0)

    with django_db_blocker.unblock():
        return databases.template("statement", load, source=migrated_template)


@pytest.fixture(scope="session")
def sample_template(databases: Databases, statement_template: str, django_db_blocker) -> str:
    """The same with the sample data, as it was loaded at AT."""

    def load(url: str) -> None:
        with connected_to(url), time_machine.travel(AT, tick=False):
            call_command("load_demo", verbosity=0)

    with django_db_blocker.unblock():
        return databases.template("sample", load, source=statement_template)


@pytest.fixture(scope="session")
def prepared_folder(databases: Databases, statement_template: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `manage.py prepare` leaves it, with the static files as they are served in service."""
    folder = tmp_path_factory.mktemp("prepared")
    with databases.copy_of(statement_template) as url:
        run_command("prepare", folder=folder, DATABASE_URL=url)
    return folder


@pytest.fixture(scope="session")
def statement_copy(databases: Databases, statement_template: str) -> Iterator[str]:
    with databases.copy_of(statement_template) as url:
        yield url


@pytest.fixture(scope="session")
def sample_copy(databases: Databases, sample_template: str) -> Iterator[str]:
    with databases.copy_of(sample_template) as url:
        yield url


@pytest.fixture
def statement_db(statement_copy: str, django_db_blocker) -> Iterator[None]:
    """As `db`, on a database that holds the statement: nothing has to be loaded, and what is written is rolled back."""
    with django_db_blocker.unblock(), rolled_back(statement_copy):
        yield


@pytest.fixture
def sample_db(sample_copy: str, django_db_blocker) -> Iterator[None]:
    """As `db`, on a database that holds the statement and the sample data."""
    with django_db_blocker.unblock(), rolled_back(sample_copy):
        yield


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real Redis that lasts for the test run."""
    program = servers.redis_program()
    if not program:
        pytest.skip("no Redis for this machine: install redis-server")
    port = servers.free_port()
    with servers.redis(program, tmp_path_factory.mktemp("redis"), port):
        yield port


@pytest.fixture
def redis_url(redis_server: int) -> str:
    """The address of an empty Redis."""
    servers.empty_redis(redis_server)
    return f"redis://127.0.0.1:{redis_server}/0"


@pytest.fixture
def smtp_sink(tmp_path: Path) -> Iterator[Sink]:
    """A mail server that accepts everything; `Sink(…, faults=…)` makes one that does not."""
    with Sink(tmp_path / "mails.jsonl") as sink:
        yield sink
