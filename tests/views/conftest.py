"""Pages as a signed-in person sees them, over the real statement and its sample data."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from commitments.models import Statement, User
from tests.make import AT

PASSWORD = "joint-statement-2026"
SLUG = "turkiye-malaysia-hlsc-2026"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Every page is made on the same day, so that what is overdue stays overdue."""
    with time_machine.travel(AT):
        yield


@pytest.fixture
def statement(statement_db) -> Statement:
    return Statement.objects.get(slug=SLUG)


@pytest.fixture
def demo(sample_db) -> Statement:
    return Statement.objects.get(slug=SLUG)


@pytest.fixture
def signed_in(db):
    """A browser signed in as the sample account: `signed_in("officer.miti")`."""

    def client(name: str) -> Client:
        browser = Client()
        browser.force_login(User.objects.get(email=f"{name}@example.org"))
        return browser

    return client
