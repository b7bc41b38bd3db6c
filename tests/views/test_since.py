"""Since your last visit: what others did meanwhile, and nothing that the person may not see."""

from datetime import timedelta

import pytest
import time_machine

from commitments.actions.progress import NewNote, record_progress
from commitments.actions.visit import AWAY, KEPT_TO, note_visit
from commitments.domain.codes import Role, Visibility
from commitments.models import Visit
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db
YESTERDAY = AT - timedelta(days=1)


@pytest.fixture
def part():
    return make_assignment(make_commitment(make_statement()), lead=make_body())


@pytest.fixture
def manager(part):
    return make_user(Role.MANAGER, part.lead)


def write(part, by, text, **new):
    record_progress(part, NewNote(text, **new), by=by, at=AT - timedelta(hours=1))


def overview_of(person):
    return words(browser_of(person).get("/"))


def test_what_others_did_since_is_told_with_its_rows(part, manager):
    note_visit(manager, at=YESTERDAY)
    write(part, make_user(Role.OFFICER, part.lead), "Talks began")
    write(part, manager, "My own words")

    page = overview_of(manager)

    assert "1 commitment has news since your last visit" in page
    told = page[page.index("Since your last visit") :]
    assert "Talks began" in told
    assert "My own words" not in told


def test_nothing_is_said_on_the_first_visit(part, manager):
    write(part, make_user(Role.OFFICER, part.lead), "Talks began")

    assert "since your last visit" not in overview_of(manager).lower()


def test_what_one_side_keeps_to_itself_is_no_news_to_the_other(part):
    make_assignment(part.commitment, "MY", make_body("MY"))
    other = make_user(Role.MANAGER, make_body("MY"))
    note_visit(other, at=YESTERDAY)
    write(part, make_user(Role.OFFICER, part.lead), "Between us", visibility=Visibility.OWN)

    page = overview_of(other)

    assert "Between us" not in page
    assert "Nobody else has changed anything that you may see." in page


def test_a_visit_lasts_until_one_was_away_for_a_while(manager):
    times = [AT, AT + KEPT_TO / 2, AT + timedelta(hours=1), AT + timedelta(hours=1) + AWAY, AT + timedelta(days=1)]
    marks = []
    for at in times:
        note_visit(manager, at=at)
        marks.append(Visit.objects.get(person=manager))

    assert [(mark.last_at, mark.previous_at) for mark in marks] == [
        (times[0], None),
        (times[0], None),
        (times[2], None),
        (times[3], None),
        (times[4], times[3]),
    ]


def test_pages_within_minutes_of_each_other_write_no_mark(manager):
    browser = browser_of(manager)
    with time_machine.travel(AT, tick=False):
        browser.get("/")
    with time_machine.travel(AT + timedelta(minutes=5), tick=False):
        browser.get("/")

    assert Visit.objects.get().last_at == AT
