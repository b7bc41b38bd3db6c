"""Feeds: what the person may see at that moment, by an address that can be taken away."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from commitments.actions.feed import end_feed, make_feed
from commitments.actions.milestone import MilestoneFacts, add_milestone, change_milestone, finish_milestone
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Precision, Role, Status, Visibility
from commitments.models import Audience, Change, FeedAddress, SavedView
from tests.make import AT, make_assignment, make_body, make_commitment, make_user

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def officer():
    return make_user(Role.OFFICER, make_body("TR"))


@pytest.fixture
def part(officer):
    return make_assignment(make_commitment(due=(date(2028, 12, 31), "year", "text")), "TR", officer.body)


def dates_of(client, feed):
    response = client.get(f"/feeds/{feed.token}.ics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    return {str(event["summary"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def unfolded(content):
    """Another reader of the standard, of our own: lines unfolded, names and values apart (RFC 5545, 3.1)."""
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    return [tuple(line.partition(":")[::2]) for line in lines if line]


def test_a_calendar_without_signing_in_holds_the_persons_own_dates(client, officer, part):
    part.update_due_on = date(2026, 12, 1)
    part.save()
    make_assignment(make_commitment(due=(date(2027, 3, 1), "day", "set")), "TR")
    feed = make_feed(officer, None, at=AT)

    events = dates_of(client, feed)

    assert set(events) == {"1.1 Expand trade (2028)", "Update due: 1.1 Expand trade"}
    assert events["1.1 Expand trade (2028)"]["dtstart"].dt == date(2028, 1, 1)
    assert events["1.1 Expand trade (2028)"]["dtend"].dt == date(2029, 1, 1)


def test_a_milestone_is_an_entry_that_moves_and_goes_with_it(client, officer, part):
    step = add_milestone(part, MilestoneFacts("Draft sent", date(2027, 2, 3), Precision.QUARTER), by=officer, at=AT)
    feed = make_feed(officer, None, at=AT)

    (first,) = [event for name, event in dates_of(client, feed).items() if "Draft" in name]
    assert (first["summary"], first["dtstart"].dt) == ("1.1 Draft sent (Q1 2027)", date(2027, 1, 1))
    moved = MilestoneFacts("Draft sent", date(2027, 5, 4), Precision.DAY)
    change_milestone(step, moved, version=0, by=officer, at=AT)
    second = dates_of(client, feed)["1.1 Draft sent"]
    assert (second["uid"], int(second["sequence"])) == (first["uid"], 1)
    finish_milestone(step, AT.date(), version=1, by=officer, at=AT)
    assert not [name for name in dates_of(client, feed) if "Draft" in name]


def test_another_reader_finds_whole_days_and_balanced_components(client, officer, part):
    content = client.get(f"/feeds/{make_feed(officer, None, at=AT).token}.ics").content

    lines = unfolded(content)
    begun = [value for name, value in lines if name == "BEGIN"]
    assert sorted(begun) == sorted(value for name, value in lines if name == "END")
    assert ("DTSTART;VALUE=DATE", "20280101") in lines
    assert {"UID", "DTSTAMP", "SEQUENCE"} <= {name for name, _value in lines}


def test_what_the_person_may_no_longer_see_is_gone_from_the_next_fetch(client, officer, part):
    feed = make_feed(officer, None, at=AT)
    assert dates_of(client, feed)

    officer.body = make_body("MY")
    officer.save()

    assert dates_of(client, feed) == {}


def test_done_is_off_the_calendar(client, officer, part):
    part.status = Status.DONE
    part.save()

    assert dates_of(client, make_feed(officer, None, at=AT)) == {}


def test_an_address_that_was_replaced_ended_or_forged_opens_nothing(client, officer):
    first = make_feed(officer, None, at=AT).token
    second = make_feed(officer, None, at=AT).token
    assert client.get(f"/feeds/{first}.ics").status_code == 404
    assert client.get(f"/feeds/{second}.ics").status_code == 200

    end_feed(FeedAddress.objects.get(), by=officer, at=AT)

    assert client.get(f"/feeds/{second}.ics").status_code == 404
    for forged in (second[:-1] + "0", "1-", "-", "9" * 30 + "-a", second.replace("-", "")):
        assert client.get(f"/feeds/{forged}.ics").status_code == 404
    assert Change.objects.filter(act__startswith="feed_").count() == 3


def test_a_closed_account_has_no_feed(client, officer):
    feed = make_feed(officer, None, at=AT)
    officer.is_active = False
    officer.save()

    assert client.get(f"/feeds/{feed.token}.ics").status_code == 404


def test_a_saved_view_as_atom_tells_what_the_person_may_know(client, officer, part):
    colleague = make_user(Role.OFFICER, officer.body)
    stranger = make_user(Role.COORDINATOR, make_body("MY"))
    view = SavedView.objects.create(owner=stranger, party=stranger.body.party, slug="all", name="Alles")
    record_progress(part, NewNote(text="For all", status=Status.UNDER_WAY), by=colleague, at=AT)
    own = NewNote(text="Between us", visibility=Visibility.OWN)
    record_progress(part, own, by=colleague, at=AT + timedelta(hours=1))

    response = client.get(f"/feeds/{make_feed(stranger, view, at=AT).token}.atom")

    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert b"For all" in response.content
    assert b"Between us" not in response.content
    assert all(entry.findtext(f"{ATOM}id").startswith("tag:") for entry in entries)
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == 2
    assert feed.findtext(f"{ATOM}updated").startswith("2026-11-24T09:00:00")


def test_a_view_that_is_no_longer_shared_is_no_feed(client, officer):
    owner = make_user(Role.OFFICER, officer.body)
    view = SavedView.objects.create(
        owner=owner, party=owner.body.party, slug="ours", name="Ours", audience=Audience.BODY
    )
    feed = make_feed(officer, view, at=AT)
    assert client.get(f"/feeds/{feed.token}.atom").status_code == 200

    view.audience = Audience.SELF
    view.save()

    assert client.get(f"/feeds/{feed.token}.atom").status_code == 404


def test_the_page_makes_and_ends_an_address(client, officer):
    client.force_login(officer)

    client.post("/feeds/make/")
    feed = FeedAddress.objects.get()
    assert feed.token in client.get("/feeds/").content.decode()

    client.post(f"/feeds/{feed.pk}/end/")
    assert not FeedAddress.objects.exists()


def test_both_say_of_which_moment_they_are_filtered_how_and_by_whose_eyes(client, officer, part):
    view = SavedView.objects.create(
        owner=officer, party=officer.body.party, slug="actions", name="Actions", query="kind=action"
    )
    calendar, changes = make_feed(officer, None, at=AT), make_feed(officer, view, at=AT)
    told = "Edition: As Türkiye sees it: not for the other side"

    found = Calendar.from_ical(client.get(f"/feeds/{calendar.token}.ics").content)
    atom = client.get(f"/feeds/{changes.token}.atom").content.decode()

    assert told in found["x-wr-caldesc"]
    assert "As it stood on: " in found["description"]
    assert f"Filter: Kind: Action; {told}</subtitle>" in atom
