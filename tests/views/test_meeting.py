"""The pages of meetings: what each may see and do there, and that what was typed comes back."""

import io
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from commitments.actions.agenda import add_point, add_to_agenda, flag, score, set_criterion, share_point
from commitments.actions.meeting import MeetingFacts, agree_to_close, begin_meeting, plan_meeting, share_meeting
from commitments.actions.progress import NewNote, record_progress
from commitments.domain.codes import Role, Status
from commitments.models import AgendaItem, Decision, Flag, Meeting, Point
from tests.make import AT, make_assignment, make_body, make_commitment, make_party, make_statement, make_user
from tests.views.kit import browser_of, words

pytestmark = pytest.mark.django_db
FACTS = MeetingFacts("Joint Commission", "Twelfth session")


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def statement():
    statement = make_statement()
    for title in ("Firstly", "Secondly"):
        commitment = make_commitment(statement, title=title)
        for side in ("TR", "MY"):
            make_assignment(commitment, side, make_body(side, f"{side}-LEAD"))
    return statement


@pytest.fixture
def ours(statement):
    return make_user(Role.COORDINATOR, make_body("TR"))


@pytest.fixture
def theirs(statement):
    return make_user(Role.COORDINATOR, make_body("MY"))


@pytest.fixture
def meeting(statement, ours):
    """Shared, with both commitments on its agenda and a criterion for the first."""
    meeting = plan_meeting(statement, FACTS, by=ours, at=AT)
    add_to_agenda(meeting, statement.commitments.all(), by=ours, at=AT)
    set_criterion(meeting.items.first(), "Two exchanges were held.", version=0, by=ours, at=AT)
    share_meeting(meeting, by=ours, at=AT)
    return Meeting.objects.get(pk=meeting.pk)


def page(meeting):
    return reverse("meeting_detail", args=[meeting.pk])


def item_address(item, act):
    return reverse("agenda_item", args=[item.pk, act])


def test_a_coordinator_plans_one_from_the_list(statement, ours):
    browser = browser_of(ours)
    typed = {"joint_body": "Joint Commission", "name": "Twelfth", "day": "2026-12-10", "precision": "month"}
    response = browser.post(reverse("meeting_list", args=[statement.slug]), typed, follow=True)

    assert "Only your side sees it" in words(response)
    assert "December 2026" in words(response)
    empty = browser.post(reverse("meeting_list", args=[statement.slug]), {"precision": "day"})
    assert empty.status_code == 422


def test_the_agenda_is_built_from_flags_sections_and_the_list(statement, ours):
    meeting = plan_meeting(statement, FACTS, by=ours, at=AT)
    first, second = statement.commitments.order_by("position")
    flag([first], by=ours, at=AT)
    browser = browser_of(ours)
    agenda = reverse("meeting_agenda", args=[meeting.pk])

    browser.post(agenda, {"source": "flagged"})
    assert [item.commitment for item in meeting.items.all()] == [first]
    browser.post(reverse("agenda_from_list") + f"?q={second.ref}", {"target": meeting.pk})
    assert meeting.items.count() == 2
    assert "Put on the agenda: 0." in words(browser.post(agenda, {"source": "0"}, follow=True))
    assert browser.post(agenda, {"source": "nothing"}).status_code == 422


def test_ticked_rows_are_flagged(statement, ours):
    second = statement.commitments.last()
    part = second.assignments.get(party__code="TR")
    address = reverse("agenda_from_list") + f"?query=&pick={part.pk}.0"
    browser = browser_of(ours)

    assert "1 commitment is in the list" in words(browser.get(address))
    browser.post(address, {"target": "flag"})

    assert [row.commitment for row in Flag.objects.all()] == [second]


def test_a_flag_is_set_and_taken_back_on_the_commitments_page(statement, ours, theirs):
    commitment = statement.commitments.first()
    address = reverse("commitment_detail", args=[statement.slug, commitment.ref])
    flagging = reverse("commitment_flag", args=[statement.slug, commitment.ref])
    browser = browser_of(ours)
    assert "Flag for the next meeting" in words(browser.get(address))

    assert "Your side has flagged it" in words(browser.post(flagging, follow=True))
    assert "flagged it" not in words(browser_of(theirs).get(address))
    browser.post(flagging, {"flagged": "no"})

    assert not Flag.objects.exists()


def test_the_other_side_reads_the_agenda_and_not_our_points(meeting, ours, theirs):
    point = add_point(meeting.items.first(), "Ask for the list.", by=ours, at=AT)
    assert "Ask for the list." in words(browser_of(ours).get(page(meeting)))
    assert "Ask for the list." not in words(browser_of(theirs).get(page(meeting)))

    browser_of(ours).post(reverse("point_step", args=[point.pk]), {"step": "share"})

    assert "Ask for the list." in words(browser_of(theirs).get(page(meeting)))


def test_an_officer_notes_points_and_runs_nothing(meeting):
    browser = browser_of(make_user(Role.OFFICER, make_body("TR", "TR-LEAD")))
    item = meeting.items.first()
    html = browser.get(page(meeting)).content.decode()

    assert "Note a point to raise" in html
    assert "Begin the meeting" not in html
    assert browser.post(reverse("agenda_point", args=[item.pk]), {"text": "Ask."}).status_code == 302
    assert browser.post(item_address(item, "criterion"), {"criterion": "x", "version": "1"}).status_code == 403
    assert Point.objects.get().text == "Ask."


def test_what_is_refused_comes_back_with_what_was_typed(meeting, ours):
    item = meeting.items.first()
    browser = browser_of(ours)
    response = browser.post(item_address(item, "criterion"), {"criterion": "Mine alone", "version": "0"})

    assert response.status_code == 422
    assert "Somebody has changed this" in words(response)
    assert "Mine alone" in response.content.decode()
    assert browser.post(reverse("agenda_point", args=[item.pk]), {"text": " "}).status_code == 422


def test_it_is_held_scored_and_closed_by_both(meeting, ours, theirs):
    browser, other = browser_of(ours), browser_of(theirs)
    step = reverse("meeting_step", args=[meeting.pk])
    item, second = meeting.items.all()
    browser.post(step, {"step": "begin"})
    browser.post(item_address(item, "score"), {"score_TR": "1", "score_MY": "-1"})
    browser.post(item_address(item, "carry"), {"carries": "yes"})
    dated = {"decision": "By next year.", "day": "2027-06-01", "precision": "year"}
    assert "once the other side’s coordinator agrees" in words(
        browser.post(item_address(second, "decision"), dated, follow=True)
    )
    other.post(reverse("meeting_decide", args=[meeting.pk]), {"decision": "Meet in Ankara."})
    assert browser.get(reverse("meeting_dossier", args=[meeting.pk])).status_code == 404
    browser.post(step, {"step": "agree"})
    assert "frozen" in words(other.post(step, {"step": "agree"}, follow=True))

    shown = words(browser.get(page(meeting)))
    assert "+1" in shown
    assert "−1" in shown
    assert "2027" in shown
    assert Decision.objects.count() == 2
    assert browser.get(reverse("meeting_dossier", args=[meeting.pk])).content.startswith(b"%PDF-")
    assert other.post(step, {"step": "begin"}).status_code == 422


def test_a_closed_meeting_shows_the_statuses_of_its_close(meeting, ours, theirs):
    begin_meeting(meeting, by=ours, at=AT)
    for person in (ours, theirs):
        agree_to_close(meeting, by=person, at=AT)
    item = meeting.items.first()
    part = item.commitment.assignments.get(party__code="TR")
    with time_machine.travel(AT.replace(hour=12), tick=False):
        later = NewNote(text="Later", status=Status.UNDER_WAY)
        record_progress(part, later, by=ours, at=AT.replace(hour=12))
        html = words(browser_of(ours).get(page(meeting)))

    assert "Not assessed" in html
    assert "Under way" not in html


def test_two_meetings_stand_side_by_side(meeting, statement, ours, theirs):
    for value in (-1, 1):
        held = meeting if value < 0 else Meeting.objects.last()
        begin_meeting(held, by=ours, at=AT)
        score(held.items.first(), make_party("TR"), value, by=ours, at=AT)
        for person in (ours, theirs):
            agree_to_close(held, by=person, at=AT)
        if value < 0:
            following = plan_meeting(statement, FACTS, by=ours, at=AT)
            add_to_agenda(following, statement.commitments.all()[:1], by=ours, at=AT)
            set_criterion(following.items.get(), "Three exchanges.", version=0, by=ours, at=AT)
            share_meeting(following, by=ours, at=AT)
    first, second = Meeting.objects.order_by("pk")

    shown = words(browser_of(theirs).get(reverse("meeting_compare", args=[first.pk, second.pk])))

    assert "better" in shown
    assert "not on the agenda" in shown


def test_the_dossier_of_the_agenda_holds_the_points_of_its_edition(meeting, statement, ours, theirs):
    item = meeting.items.first()
    add_point(item, "Ours alonequx.", by=ours, at=AT)
    share_point(add_point(item, "For both to hear.", by=ours, at=AT), by=ours, at=AT)
    address = reverse("dossier_file", args=[statement.slug])

    def xml(person, **query):
        response = browser_of(person).get(address, {"format": "docx", "meeting": meeting.pk, **query})
        return Document(io.BytesIO(response.content)).element.xml

    assert "Ours alonequx." in xml(ours, edition="own")
    for text in (xml(ours, edition="shared"), xml(theirs, edition="own")):
        assert "For both to hear." in text
        assert "Ours alonequx." not in text
    AgendaItem.objects.filter(pk=meeting.items.last().pk).update(removed_at=AT)
    book = load_workbook(io.BytesIO(browser_of(ours).get(address, {"format": "xlsx", "meeting": meeting.pk}).content))
    assert {row[0].value for row in book.worksheets[0].iter_rows(min_row=2)} == {item.commitment.ref}


def test_the_page_asks_a_fixed_number_of_times(meeting, statement, ours):
    browser = browser_of(ours)
    browser.get(page(meeting))

    def asked():
        with CaptureQueriesContext(connection) as found:
            assert browser.get(page(meeting)).status_code == 200
        return len(found)

    few = asked()
    more = [make_commitment(statement, title=f"Number {number}") for number in range(8)]
    for commitment in more:
        make_assignment(commitment, "TR", make_body("TR", "TR-LEAD"))
    add_to_agenda(meeting, more, by=ours, at=AT)
    for item in meeting.items.all():
        add_point(item, f"Ask {item.pk}.", by=ours, at=AT)

    assert asked() <= few + 1


def test_building_an_agenda_is_no_news(meeting, ours):
    shown = words(browser_of(ours).get("/"))

    assert "Shared a meeting" in shown
    assert "Put it on an agenda" not in shown


def test_a_stranger_finds_no_meeting(meeting):
    browser = browser_of(make_user(Role.COORDINATOR, make_body("QA")))

    assert browser.get(page(meeting)).status_code == 404
    assert not re.search("Twelfth", browser.get("/").content.decode())
