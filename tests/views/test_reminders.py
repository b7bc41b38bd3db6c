"""The ledger of reminders: who sees which mail, as it was sent, and what can be done about one that failed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments.actions.planning import plan_reminders
from commitments.domain.codes import Role
from commitments.models import MailCircuit, MailState, OutgoingMail, PlannerState, User
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_sent_mail, make_statement, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body, name="Desk officer")


@pytest.fixture
def coordinator():
    return make_user(Role.COORDINATOR, make_body("TR"), name="Coordinator")


def page(viewer, name="reminder_list", *args, **query):
    browser = Client()
    browser.force_login(viewer)
    return browser.get(reverse(name, args=args), query)


def subjects(response):
    return set(re.findall(r"Subject \d+", response.content.decode()))


def test_an_officer_sees_the_own_mails_alone(officer, body):
    own, other = make_sent_mail(officer), make_sent_mail(make_user(Role.OFFICER, body))

    assert subjects(page(officer)) == {own.subject}
    assert page(officer, "mail_detail", other.pk).status_code == 404
    assert page(officer, "mail_html", other.pk).status_code == 404


def test_a_manager_sees_the_bodys_mails_and_a_coordinator_the_sides(officer, body, coordinator):
    of_body = make_sent_mail(officer)
    of_side = make_sent_mail(make_user(Role.OFFICER, make_body("TR")))
    make_sent_mail(make_user(Role.OFFICER, make_body("MY")))

    assert subjects(page(make_user(Role.MANAGER, body))) == {of_body.subject}
    assert subjects(page(coordinator)) == {of_body.subject, of_side.subject}


def test_a_mail_is_shown_as_it_was_sent(officer):
    mail = make_sent_mail(officer)

    html = page(officer, "mail_detail", mail.pk).content.decode()

    assert "Plain words" in html
    assert "&lt;p&gt;Formatted words&lt;/p&gt;" in html
    assert mail.message_id in html.replace("&lt;", "<").replace("&gt;", ">")


def test_the_formatted_version_may_run_and_load_nothing(officer):
    response = page(officer, "mail_html", make_sent_mail(officer).pk)

    assert response.content == b"<p>Formatted words</p>"
    policy = response["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_failures_are_found_with_the_servers_words(officer, coordinator):
    failed = make_sent_mail(
        officer, state=MailState.FAILED, sent_at=None, last_code="550", last_words="5.1.1 no such person"
    )
    make_sent_mail(officer)

    response = page(coordinator, state="failed")

    assert subjects(response) == {failed.subject}
    assert "5.1.1 no such person" in response.content.decode()
    assert "1 mail could not be delivered" in response.content.decode()


@pytest.mark.parametrize("query", [{"state": "nonsense"}, {"person": "x"}, {"person": "99999999999"}, {"page": "-3"}])
def test_a_broken_filter_is_told_and_breaks_nothing(coordinator, query):
    assert page(coordinator, **query).status_code == 200


def test_a_failed_mail_is_sent_again_by_the_coordinator_and_not_by_the_officer(officer, coordinator):
    failed = make_sent_mail(officer, state=MailState.FAILED, sent_at=None)
    for person, status in ((officer, 403), (coordinator, 302)):
        browser = Client()
        browser.force_login(person)
        assert browser.post(reverse("mail_send_again", args=[failed.pk])).status_code == status

    failed.refresh_from_db()
    assert failed.state == MailState.PENDING


def test_a_mail_under_way_is_not_sent_again(officer, coordinator):
    waiting = make_sent_mail(officer, state=MailState.PENDING, sent_at=None)
    browser = Client()
    browser.force_login(coordinator)

    response = browser.post(reverse("mail_send_again", args=[waiting.pk]), follow=True)

    assert "still being sent" in response.content.decode()
    assert OutgoingMail.objects.count() == 1


def test_the_preview_says_what_the_next_days_bring(officer, coordinator):
    make_assignment(make_commitment(due=(TODAY + 10 * DAY, "day", "set")), "TR", officer.body, officer=officer)
    make_assignment(make_commitment(), "TR", officer.body, officer=officer, update_due_on=TODAY + 8 * DAY)

    days = page(coordinator, "reminder_preview").context["days"]

    said = [(coming.day - TODAY, row.kind) for coming in days for mail in coming.mails for row in mail.reminders]
    assert [(days.days, str(kind)) for days, kind in said] == [
        (3, "Deadline ahead"),
        (8, "Update due"),
        (9, "Deadline ahead"),
        (10, "Last day"),
        (15, "Update due"),
        (17, "Overdue"),
        (22, "Update due"),
        (24, "Overdue"),
    ]


def test_the_preview_is_what_the_planning_then_does(officer, coordinator):
    make_assignment(make_commitment(due=(TODAY + 10 * DAY, "day", "set")), "TR", officer.body, officer=officer)
    make_assignment(make_commitment(), "TR", officer.body, officer=officer, update_due_on=TODAY + 8 * DAY)
    days = page(coordinator, "reminder_preview").context["days"]
    expected = {(coming.day, row.anchor_on) for coming in days for mail in coming.mails for row in mail.reminders}

    for number in range(31):
        plan_reminders(AT + number * DAY)

    planned = {(row.day, row.anchor_on) for mail in OutgoingMail.objects.all() for row in mail.reminders.all()}
    told = set(officer.reminders.exclude(kind="body_digest").values_list("day", "anchor_on"))
    assert told == expected
    assert planned <= told | {(row.day, row.anchor_on) for row in coordinator.reminders.all()}


def test_nobody_elses_preview_is_shown(officer, body):
    other = make_user(Role.OFFICER, body)
    make_assignment(make_commitment(due=(TODAY + 10 * DAY, "day", "set")), "TR", body, officer=officer)

    assert page(other, "reminder_preview").context["days"] == []


def test_a_standstill_is_told_to_coordinators(coordinator):
    PlannerState.objects.update(last_ok_at=AT - timedelta(minutes=6))
    MailCircuit.objects.update(ill_since=AT - timedelta(minutes=11), failures=3, words="535 wrong password")

    html = page(coordinator).content.decode()

    assert "periodic tasks do not run" in html
    assert "535 wrong password" in html


@pytest.mark.parametrize(
    ("role", "seen"), [(Role.COORDINATOR, True), (Role.MANAGER, True), (Role.OFFICER, False), (Role.READER, False)]
)
def test_who_runs_it_is_told_of_a_standstill_on_every_page(body, role, seen):
    PlannerState.objects.update(last_ok_at=AT - timedelta(minutes=6))
    person = make_user(role, body)

    for name in ("overview", "commitment_list", "my_work", "history", "reminder_list"):
        assert ("periodic tasks do not run" in page(person, name).content.decode()) is seen


def test_an_administrator_is_told_as_well_and_of_an_alarm_in_its_words(db):
    PlannerState.objects.update(last_ok_at=AT, alarm="The clock has gone back")

    html = page(User.objects.create_superuser("root@example.org", "x", name="Root"), "overview").content.decode()

    assert "The clock has gone back" in html


def test_while_all_runs_nobody_is_told_anything(coordinator):
    PlannerState.objects.update(last_ok_at=AT - timedelta(minutes=4))

    assert "periodic tasks do not run" not in page(coordinator, "overview").content.decode()


def test_no_page_asks_for_the_planning_with_a_query_of_its_own(coordinator):
    with CaptureQueriesContext(connection) as queries:
        page(coordinator, "my_work")

    assert not [query for query in queries if query["sql"].startswith('SELECT "commitments_plannerstate"')]


@pytest.mark.parametrize("name", ["reminder_list", "reminder_preview"])
def test_the_number_of_queries_does_not_grow_with_the_mails(officer, coordinator, name):
    statement, asked = make_statement(), []
    page(coordinator, name)  # notes the day's visit, once
    for days in range(5, 35):
        make_sent_mail(officer)
        due = (TODAY + days * DAY, "day", "set")
        make_assignment(make_commitment(statement, due=due), "TR", officer.body, officer=officer)
        if days in (6, 34):
            with CaptureQueriesContext(connection) as queries:
                page(coordinator, name)
            asked.append(len(queries))

    assert asked[0] == asked[1]
    assert asked[1] <= 40
