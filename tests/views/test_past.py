"""Pages as they stood: what was said since is gone, nothing can be changed, and the day stays in the links."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx import Document

from commitments.actions.deadline import decide_date, propose_date
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Precision, Role, Status, Visibility
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of, page_of, words

pytestmark = pytest.mark.django_db
BEFORE = (TODAY - timedelta(days=30)).isoformat()
BETWEEN = (TODAY - timedelta(days=10)).isoformat()


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def commitment():
    """Twenty days ago Türkiye began, yesterday it was done; a date was set five days ago."""
    commitment = make_commitment(make_statement(), title="Expand trade")
    part = make_assignment(commitment, "TR")
    make_assignment(commitment, "MY")
    by, other = make_user(Role.COORDINATOR, make_body("TR")), make_user(Role.COORDINATOR, make_body("MY"))
    begun = NewNote(text="Talks began", status=Status.UNDER_WAY)
    record_progress(part, begun, by=by, at=AT - timedelta(days=20))
    held = NewNote(text="Alonequx", visibility=Visibility.OWN)
    record_progress(part, held, by=by, at=AT - timedelta(days=20))
    change = propose_date(
        commitment, TODAY, Precision.YEAR, reason="So", visibility="both", by=by, at=AT - timedelta(days=5)
    )
    decide_date(change, agrees=True, by=other, at=AT - timedelta(days=5))
    ended = NewNote(text="Signed at last", status=Status.DONE, waiver="Seen by all")
    record_progress(part, ended, by=by, at=AT - timedelta(days=1))
    return commitment


@pytest.fixture
def coordinator(commitment):
    return browser_of(make_user(Role.COORDINATOR, make_body("TR")))


@pytest.fixture
def stranger(commitment):
    return browser_of(make_user(Role.COORDINATOR, make_body("MY")))


def test_the_commitment_says_what_it_said_then(commitment, coordinator):
    page = words(coordinator.get(page_of(commitment), {"as_of": BETWEEN}))

    assert "As it stood on" in page
    assert "Under way" in page
    assert "Talks began" in page
    assert "Signed at last" not in page
    assert "2026 (" not in page


def test_before_anything_was_said_nothing_is_there(commitment, coordinator):
    page = words(coordinator.get(page_of(commitment), {"as_of": BEFORE}))

    assert "Not assessed" in page
    assert "Talks began" not in page


def test_nothing_can_be_changed_there(commitment, coordinator):
    html = coordinator.get(page_of(commitment), {"as_of": BETWEEN}).content.decode()
    listed = coordinator.get("/commitments/", {"as_of": BETWEEN}).content.decode()

    assert "/note/" not in html
    assert "/date/" not in html
    assert not [
        form for form in re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', html) if "/statements/" in form
    ]
    assert "hx-get" not in re.sub(r"<form.*?</form>", "", listed[listed.index("<main") :], flags=re.S)


def test_the_links_keep_the_day(commitment, coordinator):
    for address in ("/", "/commitments/", page_of(commitment)):
        html = coordinator.get(address, {"as_of": BETWEEN}).content.decode()
        inner = html[html.index("<main") :]
        links = [
            href
            for href in re.findall(r'href="([^"]*)"', inner)
            if href.startswith(("/commitments/", page_of(commitment))) and not href.endswith("/history/")
        ]
        assert links
        assert [href for href in links if f"as_of={BETWEEN}" not in href] == []


def test_the_list_filters_as_of_the_day(commitment, coordinator):
    asked = {"as_of": BETWEEN, "side": "TR", "status": "under_way"}
    assert "Expand trade" in words(coordinator.get("/commitments/", asked))
    assert "Expand trade" not in words(coordinator.get("/commitments/", asked | {"as_of": BEFORE}))
    assert "Expand trade" not in words(coordinator.get("/commitments/", asked | {"as_of": ""}, follow=True))


def test_the_other_side_sees_no_more_of_the_past_than_it_saw(commitment, stranger):
    assert "Alonequx" not in words(stranger.get(page_of(commitment), {"as_of": BETWEEN}))


@pytest.mark.parametrize(
    ("day", "said"),
    [("31.12.2026", "is not a day"), ("2027-01-01", "has not come yet"), ("2025-12-31", "Nothing stood yet on")],
)
def test_a_day_that_cannot_be_shown_is_said_to_be_so(commitment, coordinator, day, said):
    response = coordinator.get(page_of(commitment), {"as_of": day})

    assert response.status_code == 200
    assert said in words(response)
    assert "Signed at last" in words(response)


def test_the_dossier_holds_what_stood_then(commitment, coordinator):
    address = reverse("dossier_file", args=[commitment.statement.slug])
    then = coordinator.get(address, {"format": "docx", "as_of": BETWEEN})
    xml = Document(io.BytesIO(then.content)).element.xml

    assert "Talks began" in xml
    assert "Signed at last" not in xml
    assert BETWEEN in then["Content-Disposition"]
    assert coordinator.get(address, {"format": "docx", "as_of": "yesterday"}).status_code == 404


def test_brief_writes_it_as_of_a_day(commitment, tmp_path):
    file = tmp_path / "then.docx"
    call_command("brief", commitment.statement.slug, "--as-of", BETWEEN, "-o", str(file))

    assert "Signed at last" not in Document(file).element.xml
    with pytest.raises(CommandError, match="Choose a day"):
        call_command("brief", commitment.statement.slug, "--as-of", "2030-01-01", "-o", str(file))


def test_the_day_ends_where_the_reader_is(commitment):
    """What was said at 18:00 UTC belongs to the next day in Kuala Lumpur."""
    part = commitment.assignments.get(party__code="MY")
    by = make_user(Role.COORDINATOR, make_body("MY"))
    late = AT.replace(hour=18) - timedelta(days=3)
    record_progress(part, NewNote(text="Said in the evening"), by=by, at=late)
    day = {"as_of": late.date().isoformat()}
    reader = browser_of(make_user(Role.READER, make_body("TR"), time_zone="Europe/London"))

    assert "Said in the evening" not in words(browser_of(by).get(page_of(commitment), day))
    assert "Said in the evening" in words(reader.get(page_of(commitment), day))


def test_the_file_of_the_list_holds_what_stood_then(commitment, coordinator):
    then = coordinator.get("/commitments.csv", {"as_of": BETWEEN})
    rows = b"".join(then.streaming_content).decode() if then.streaming else then.content.decode()

    assert "Under way" in rows
    assert "Done" not in rows
    assert coordinator.get("/commitments.csv", {"as_of": "soon"}).status_code == 404
