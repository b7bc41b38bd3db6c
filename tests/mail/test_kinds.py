"""What each kind of mail says, to whom it may say it, and the file that it brings along."""

import email
import email.policy
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from icalendar import Calendar

from commitments.actions.assignment import name_officer
from commitments.actions.deadline import decide_date, propose_date
from commitments.actions.milestone import MilestoneFacts, add_milestone
from commitments.actions.planning import plan_reminders
from commitments.actions.preparing import look_once_more, prepare
from commitments.actions.progress import NewNote, record_progress
from commitments.actions.sending import Handed, begin, claim_mails, mark
from commitments.actions.update_request import ask_for_update
from commitments.domain.codes import Precision, Role, Visibility
from commitments.domain.delivery import Outcome, Pace, Phase, Result
from commitments.mail.reminder_mail import compose
from commitments.models import MailState, OutgoingMail
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_statement, make_user
from tests.views.kit import browser_of
from tests.views.pages import total

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body, name="Deniz")


@pytest.fixture
def manager(body):
    return make_user(Role.MANAGER, body, name="Selim")


@pytest.fixture
def abroad():
    return make_user(Role.COORDINATOR, make_body("MY"), name="Aisyah")


@pytest.fixture
def part(body, officer, abroad):
    commitment = make_commitment(due=(date(2026, 12, 31), "year", "set"))
    make_assignment(commitment, "MY", abroad.body)
    return make_assignment(commitment, "TR", body, officer=officer)


def frozen(person, at=AT):
    """Plan, and write down the person's mail as it would go out; gives the mail and its message."""
    plan_reminders(at)
    for ready in prepare(claim_mails(at, Pace(), limit=50), at):
        begin(ready, at, Pace())
    mail = OutgoingMail.objects.filter(recipient=person).latest("day")
    return mail, email.message_from_bytes(bytes(mail.raw), policy=email.policy.default)


def text(message):
    return message.get_body(("plain",)).get_content()


def calendars(message):
    return [Calendar.from_ical(each.get_content()) for each in message.iter_attachments()]


def test_a_request_names_who_asks_and_offers_both_ways_to_answer(part, officer, manager):
    ask_for_update(part, text="How far is the study?", by=manager, at=AT - MINUTE)

    _, message = frozen(officer)

    assert message["Subject"] == "1.1 Expand trade: You are asked for an update"
    assert "Selim asked for an update on 24 November 2026: How far is the study?" in text(message)
    assert re.search(r"Write a note: \S+/1\.1/#note\n", text(message))
    assert re.search(r"Checked, nothing new: \S+/1\.1/TR/nothing-new/\n", text(message))


def test_a_proposal_brings_the_reason_to_those_who_may_read_it(part, officer, abroad):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"), name="Ela")
    change = propose_date(
        part.commitment,
        date(2028, 1, 1),
        Precision.YEAR,
        reason="SECRET elections",
        visibility=Visibility.OWN,
        by=officer,
        at=AT - MINUTE,
    )
    _, ours = frozen(coordinator)
    decide_date(change, agrees=True, words="More time is needed", by=coordinator, at=AT + MINUTE)
    _, theirs = frozen(abroad, AT + 2 * MINUTE)

    assert "Türkiye proposes another date: by the end of 2028. Reason: SECRET elections" in text(ours)
    assert "Türkiye proposes another date: by the end of 2028. Reason: More time is needed" in text(theirs)
    assert "SECRET" not in theirs.as_string()
    assert re.search(r"Decide: \S+/1\.1/date/\n", text(theirs))


def test_a_decided_date_says_what_it_was_and_comes_as_a_calendar_entry(part, officer, abroad):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    change = propose_date(
        part.commitment,
        date(2028, 1, 1),
        Precision.YEAR,
        reason="Elections",
        visibility=Visibility.BOTH,
        by=coordinator,
        at=AT - MINUTE,
    )
    decide_date(change, agrees=True, by=abroad, at=AT - MINUTE)

    _, message = frozen(officer)

    assert "The date is changed: by the end of 2028; before, it was by the end of 2026. Reason: Elections" in text(
        message
    )
    assert "The date is attached as a file for your calendar." in text(message)
    (calendar,) = calendars(message)
    (event,) = calendar.walk("VEVENT")
    assert (event["dtstart"].dt, event["sequence"]) == (date(2028, 1, 1), 1)
    assert event["summary"] == "1.1 Expand trade (2028)"
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == calendar["method"] == "PUBLISH"


def test_a_refusal_says_who_and_in_which_words(part, officer, abroad):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    proposal = {"reason": "Elections", "visibility": Visibility.BOTH, "by": coordinator, "at": AT - MINUTE}
    change = propose_date(part.commitment, date(2028, 1, 1), Precision.YEAR, **proposal)
    decide_date(change, agrees=False, words="It is urgent", by=abroad, at=AT - MINUTE)

    _, message = frozen(officer)

    assert "Malaysia declined the proposed date (by the end of 2028). “It is urgent”" in text(message)
    assert not calendars(message)


def test_who_is_named_desk_officer_gets_the_deadline_for_the_calendar(part, body, manager):
    named = make_user(Role.OFFICER, body)
    name_officer(part, named, by=manager, at=AT - MINUTE)

    _, message = frozen(named)

    (event,) = calendars(message)[0].walk("VEVENT")
    assert event["uid"].startswith(f"deadline-{part.commitment_id}@")


def test_a_commitment_without_a_date_brings_no_file(body, officer, manager):
    bare = make_assignment(make_commitment(), "TR", body)
    name_officer(bare, officer, by=manager, at=AT - MINUTE)

    _, message = frozen(officer)

    assert not calendars(message)
    assert "calendar" not in text(message)


def test_a_mail_with_a_file_is_resent_as_the_same_bytes(part, body, manager):
    named = make_user(Role.OFFICER, body)
    name_officer(part, named, by=manager, at=AT - MINUTE)
    plan_reminders(AT)
    (claim,) = [
        each for each in claim_mails(AT, Pace(), limit=50) if OutgoingMail.objects.get(pk=each.pk).recipient == named
    ]
    (first,) = prepare([claim], AT)
    begin(first, AT, Pace())
    mark(Handed(first, Result(Outcome.UNCERTAIN, Phase.DOT), AT), Pace())

    later = AT + timedelta(hours=1)
    (again,) = prepare(claim_mails(later, Pace(), limit=1), later)

    assert bytes(again.mail.raw) == first.mail.raw
    assert b"text/calendar" in first.mail.raw


def test_two_notes_of_the_other_side_are_both_quoted(part, officer, abroad):
    theirs = part.commitment.assignments.get(party__code="MY")
    for words in ("First we met.", "Then we signed."):
        record_progress(theirs, NewNote(text=words), by=abroad, at=AT - MINUTE)

    _, message = frozen(officer)

    assert "Malaysia wrote: First we met." in text(message)
    assert "Malaysia wrote: Then we signed." in text(message)


def test_every_figure_of_a_digest_links_to_exactly_its_rows(body, officer, manager):
    """Other bodies, the other side and settled ones are there to be counted by mistake."""
    statement = make_statement()
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    monday = TODAY + 6 * DAY
    for days, status, lead, named in (
        (-40, "under_way", body, officer),
        (-3, "done", body, officer),
        (20, "not_started", body, None),
        (20, "being_honoured", body, officer),
        (20, "not_started", make_body("TR"), None),
        (60, "not_started", body, officer),
    ):
        commitment = make_commitment(statement, due=(monday + days * DAY, "day", "set"))
        dates = {"update_due_on": monday - DAY, "shared_update_due_on": monday - DAY} if days < 0 else {}
        make_assignment(commitment, "TR", lead, officer=named, status=status, **dates)
        make_assignment(commitment, "MY", status="not_started", update_due_on=monday - DAY)

    at = AT + 6 * DAY
    messages = {person: text(frozen(person, at)[1]) for person in (manager, coordinator)}

    with time_machine.travel(at):
        for person, message in messages.items():
            figures = re.findall(r"^[^\n:]+: (\d+)\n {2}https?://[^/\n]+(/\S+)$", message, re.MULTILINE)
            shown = [(int(count), total(browser_of(person).get(href).content.decode())) for count, href in figures]
            assert len(shown) == 5
            assert [count for count, rows in shown if count != rows] == []
    assert [int(n) for n in re.findall(r"^[A-Z][a-z][^\n:]+: (\d+)$", messages[manager], re.MULTILINE)] == [
        5,
        1,
        2,
        1,
        1,
    ]


def test_a_mail_is_put_into_words_without_asking_the_database(part, officer, manager, abroad):
    """A thread of its own does it, which has no connection to the database."""
    ask_for_update(part, by=manager, at=AT - MINUTE)
    at = AT + 6 * DAY
    plan_reminders(at)
    drafts = look_once_more(claim_mails(at, Pace(), limit=50), at)
    assert {kind for draft in drafts for kind in draft.letter.own_digests} == {"body_digest", "party_digest"}

    with connection.execute_wrapper(refuse):
        assert all(compose(draft.letter, address=draft.mail.address, at=at).raw for draft in drafts)


def refuse(execute, sql, *more):
    raise AssertionError(sql)


def test_every_kind_of_mail_is_settled_by_its_receipt(part, officer, manager):
    ask_for_update(part, by=manager, at=AT - MINUTE)
    plan_reminders(AT)
    for ready in prepare(claim_mails(AT, Pace(), limit=50), AT):
        begin(ready, AT, Pace())
        mark(Handed(ready, Result(Outcome.SENT, Phase.DONE, 250), AT), Pace())

    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.SENT}


def test_a_commitment_stands_once_in_a_mail_beside_a_digest_too(body, manager):
    monday = AT + 6 * DAY
    for title in ("Open the trade office", "Hold the fair"):
        commitment = make_commitment(due=(monday.date(), "day", "set"), title=title)
        make_assignment(commitment, "TR", body, officer=manager if "office" in title else None)

    mail, message = frozen(manager, monday)

    assert "Your body this week" in mail.subject
    assert [text(message).count(title) for title in ("Open the trade office", "Hold the fair")] == [1, 1]


def test_a_subject_says_the_most_urgent_and_cuts_nothing_in_the_middle(body, officer):
    dates = [(AT.date() + number * DAY, "day", "set") for number in (0, -7, 7)]
    for due in [*dates, None]:
        part = make_assignment(make_commitment(due=due), "TR", body, officer=officer, update_due_on=AT.date())
    ask_for_update(part, by=make_user(Role.MANAGER, body), at=AT - MINUTE)
    add_milestone(
        make_assignment(make_commitment(), "TR", body, officer=officer, update_due_on=None),
        MilestoneFacts("Draft", AT.date() + DAY, Precision.DAY, Visibility.OWN),
        by=officer,
        at=AT - DAY,
    )
    name_officer(
        make_assignment(make_commitment(), "TR", body), officer, by=make_user(Role.MANAGER, body), at=AT - MINUTE
    )

    mail, _ = frozen(officer)

    assert mail.subject.startswith("1 on its last day, 1 overdue, 1 update asked for")
    assert mail.subject.endswith(", …")
    assert len(mail.subject) <= 95


def test_a_long_title_leaves_room_for_what_is_due_in_the_subject(body, officer):
    commitment = make_commitment(due=(AT.date(), "day", "set"), title="Deepen cooperation " * 8)
    make_assignment(commitment, "TR", body, officer=officer)

    mail, _ = frozen(officer)

    assert mail.subject.endswith("Deepen …: Due on 24 November 2026, today is the last day")
    assert len(mail.subject) <= 110


def test_a_digest_names_body_and_side_in_the_readers_language(body):
    body.name_en, body.name_own = "Ministry of Trade", "Ticaret Bakanlığı"
    body.save()
    reader = make_user(Role.MANAGER, body, language="tr")

    _, message = frozen(reader, AT + 6 * DAY)

    assert "Kurumunuz bu hafta: Ticaret Bakanlığı" in text(message)


def test_the_ledger_names_the_file_that_came_along(part, body, manager):
    named = make_user(Role.OFFICER, body)
    name_officer(part, named, by=manager, at=AT - MINUTE)

    mail, _ = frozen(named)

    assert "deadlines.ics" in browser_of(named).get(f"/reminders/mails/{mail.pk}/").content.decode()


def test_a_milestone_is_named_with_its_own_date_beside_that_of_the_commitment(part, officer):
    facts = MilestoneFacts("Draft sent", date(2026, 11, 26), Precision.MONTH, Visibility.OWN)
    add_milestone(part, facts, by=officer, at=AT)

    mail, message = frozen(officer, AT + 6 * DAY)

    said = "Milestone “Draft sent”. Due by the end of November 2026, today is the last day."
    assert mail.subject == f"1.1 Expand trade: {said.rstrip('.')}"
    assert "The last day of a milestone" in text(message)
    assert said in text(message)
    assert "Due by the end of 2026, 31 days left." in text(message)
    assert re.search(r"See the milestones: \S+/1\.1/#milestones\n", text(message))
    assert "Checked, nothing new" not in text(message)
