"""What a page notes for the next one need not wait for the disk; what is saved together with it still does."""

import pytest
from django.db import connection

from commitments.views.sessions import SessionStore


def noted():
    store = SessionStore()
    store.create()
    store["noted"] = 7
    store.save()
    return SessionStore(store.session_key)["noted"]


@pytest.mark.django_db
def test_a_session_saved_within_a_transaction_leaves_it_as_safe_as_it_was():
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL answers before the disk has it")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO on")

    assert noted() == 7

    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)


def test_the_next_page_finds_what_was_noted(fresh_database):
    assert noted() == 7
