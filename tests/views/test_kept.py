"""What is kept of a page is never what somebody else may not see, nor what was true before the last recorded step."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString

from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Visibility
from commitments.models import Assignment, User
from commitments.views.kept import Kept
from tests.make import AT

pytestmark = pytest.mark.django_db


def page(client):
    with CaptureQueriesContext(connection) as asked:
        html = client.get("/").content.decode()
    return html.partition("<main")[2], len(asked)


def note(text, visibility):
    row = Assignment.objects.get(commitment__ref="3.1", party__code="MY")
    author = User.objects.get(email="officer.miti@example.org")
    record_progress(row, NewNote(text=text, visibility=visibility), by=author, at=AT)


def without_tokens(html):
    return [line for line in html.splitlines() if "csrf" not in line]


def test_the_overview_is_made_once_for_a_side_and_asks_little_again(demo, signed_in):
    first, many = page(signed_in("officer.miti"))
    again, few = page(signed_in("officer.miti"))

    assert without_tokens(again) == without_tokens(first)
    assert few <= many - 10


def test_the_next_page_shows_what_was_recorded_and_the_other_side_only_its_own(demo, signed_in):
    mine, theirs = signed_in("officer.miti"), signed_in("officer.ticaret")
    page(mine), page(theirs)

    note("A word for our side alone", Visibility.OWN)

    assert "A word for our side alone" in page(mine)[0]
    assert "A word for our side alone" not in page(theirs)[0]


def test_a_language_has_a_page_of_its_own(demo, signed_in):
    client = signed_in("officer.miti")
    assert "Needs attention" in page(client)[0]
    User.objects.filter(email="officer.miti@example.org").update(language="tr")

    assert "Needs attention" not in page(client)[0]


def test_what_was_not_asked_for_longest_goes_first_and_nothing_lasts():
    kept, made = Kept(most=2, seconds=60), []

    def make(name):
        return lambda: made.append(name) or SafeString(name)

    for name in "abacab":
        assert kept.get(name, make(name)) == name
    old = Kept(most=2, seconds=0)
    old.get("a", make("old"))
    old.get("a", make("old"))

    assert made == ["a", "b", "c", "b", "old", "old"]
