"""The pages on which people say how they want to be reminded, that they are away, and what is to rest."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from commitments.domain.codes import Role
from commitments.models import Absence, Act, Change, ReminderPreference, Snooze
from tests.actions.test_planning import DAY, TODAY, make_part
from tests.make import AT, make_body, make_user

pytestmark = pytest.mark.django_db
SETTINGS, ABSENCES = "/settings/reminders/", "/settings/absences/"


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(AT):
        yield


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body)


@pytest.fixture
def coordinator():
    return make_user(Role.COORDINATOR, make_body("TR"))


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def as_shown(person, address=SETTINGS):
    """What the form holds when it is sent back as it is shown."""
    form = browser(person).get(address).context["form"]
    return {field.name: field.value() if field.value() is not None else "" for field in form}


def saved(person, address=SETTINGS, **changed):
    return browser(person).post(address, {**as_shown(person, address), **changed})


def changes(act):
    return Change.objects.filter(act=act).order_by("seq")


# Preferences


def test_a_form_sent_back_as_it_is_shown_changes_nothing(officer):
    assert saved(officer).status_code == 302

    assert not ReminderPreference.objects.exists()
    assert not Change.objects.exists()


def test_everything_chosen_is_kept_and_told_to_the_own_side_alone(officer):
    response = saved(
        officer,
        rhythm="weekly",
        hour="14",
        kinds=["overdue", "asked"],
        lead_day="3; 14 14",
        lead_year="",
        paused_until=str(TODAY + 5 * DAY),
        language="tr",
        time_zone="Asia/Tokyo",
    )

    assert response.status_code == 302
    row = ReminderPreference.objects.get()
    assert (row.rhythm, row.hour, row.paused_until, row.version) == ("weekly", 14, TODAY + 5 * DAY, 1)
    assert row.lead_days == {"day": [14, 3], "year": []}
    assert {"deadline_ahead", "update_due"} <= set(row.kinds_off)
    assert not {"overdue", "asked", "last_day", "body_digest"} & set(row.kinds_off)
    officer.refresh_from_db()
    assert (officer.language, officer.time_zone) == ("tr", "Asia/Tokyo")
    change = changes(Act.REMINDERS_CHOSEN).get()
    assert (change.by, change.visibility, change.after["hour"]) == (officer, "own", 14)


def test_what_was_chosen_comes_back_into_the_form(officer):
    saved(officer, rhythm="weekly", kinds=["overdue"], lead_day="14, 3")

    form = as_shown(officer)

    assert (form["rhythm"], form["kinds"], form["lead_day"]) == ("weekly", ["overdue"], "14, 3")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kinds", ["last_day"]),
        ("kinds", ["party_digest"]),
        ("hour", "24"),
        ("rhythm", "never"),
        ("lead_day", "7, soon"),
        ("lead_day", "0"),
        ("lead_day", "400"),
        ("lead_day", "-7"),
        ("lead_month", " ".join(map(str, range(1, 12)))),
        ("paused_until", str(TODAY)),
        ("paused_until", str(TODAY + 91 * DAY)),
        ("paused_until", "tomorrow"),
        ("time_zone", "Mars/Olympus"),
        ("language", "xx"),
        ("version", ""),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(officer, field, value):
    response = saved(officer, **{field: value})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not ReminderPreference.objects.exists()


def test_two_windows_do_not_overwrite_each_other_unseen(officer):
    first = as_shown(officer)
    saved(officer, hour="9")

    response = browser(officer).post(SETTINGS, {**first, "hour": "10"})

    assert response.status_code == 409
    assert ReminderPreference.objects.get().hour == 9
    again = {field.name: field.value() or "" for field in response.context["form"]}
    assert browser(officer).post(SETTINGS, again).status_code == 302
    assert ReminderPreference.objects.get().hour == 10


def test_a_kind_of_another_role_stays_as_it_was(body):
    manager = make_user(Role.MANAGER, body)
    saved(manager, kinds=["overdue"])
    manager.role = Role.OFFICER
    manager.save()

    saved(manager, kinds=["overdue", "update_due"])

    assert "body_digest" in ReminderPreference.objects.get().kinds_off


def test_the_page_says_what_cannot_be_switched_off(officer):
    page = browser(officer).get(SETTINGS).content.decode()

    assert "Last day" in page
    assert "cannot be switched off" in page


# Absences


def test_a_person_enters_an_absence_with_a_deputy_of_the_side(officer, body):
    deputy = make_user(Role.OFFICER, make_body("TR"))

    saved(officer, ABSENCES, begins_on=str(TODAY), ends_on=str(TODAY + 3 * DAY), deputy=deputy.pk)

    row = Absence.objects.get()
    assert (row.person, row.deputy, row.ends_on) == (officer, deputy, TODAY + 3 * DAY)
    assert changes(Act.ABSENCE_ENTERED).get().after["deputy"] == deputy.pk
    assert f"You stand in for {officer}" in browser(deputy).get(ABSENCES).content.decode()


def test_a_coordinator_enters_one_for_the_own_side_and_for_no_other(officer, coordinator):
    abroad = make_user(Role.OFFICER, make_body("MY"))
    days = {"begins_on": str(TODAY), "ends_on": str(TODAY), "version": "0"}
    send = browser(coordinator).post

    assert send(reverse("person_absences", args=[officer.pk]), days).status_code == 302
    assert send(reverse("person_absences", args=[abroad.pk]), days).status_code == 404
    assert Absence.objects.get().person == officer


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [(3, 2, "ends_on"), (-5, -1, "ends_on"), (0, 800, "ends_on"), (10, 12, "begins_on"), (8, 30, "begins_on")],
)
def test_days_that_cannot_be_are_refused(officer, begins, ends, field):
    Absence.objects.create(person=officer, begins_on=TODAY + 9 * DAY, ends_on=TODAY + 11 * DAY)

    response = saved(officer, ABSENCES, begins_on=str(TODAY + begins * DAY), ends_on=str(TODAY + ends * DAY))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("who", ["self", "reader", "other side", "closed"])
def test_not_everybody_can_be_a_deputy(officer, body, who):
    deputy = {
        "self": lambda: officer,
        "reader": lambda: make_user(Role.READER, body),
        "other side": lambda: make_user(Role.OFFICER, make_body("MY")),
        "closed": lambda: make_user(Role.OFFICER, body, is_active=False),
    }[who]()

    response = saved(officer, ABSENCES, begins_on=str(TODAY), ends_on=str(TODAY), deputy=deputy.pk)

    assert "deputy" in response.context["form"].errors


def test_one_that_has_begun_can_be_shortened_and_keeps_its_first_day(officer):
    row = Absence.objects.create(person=officer, begins_on=TODAY - DAY, ends_on=TODAY + 9 * DAY)
    address = reverse("absence_change", args=[row.pk])

    assert saved(officer, address, ends_on=str(TODAY + DAY)).status_code == 302
    assert saved(officer, address, begins_on=str(TODAY)).status_code == 422
    row.refresh_from_db()
    assert (row.begins_on, row.ends_on) == (TODAY - DAY, TODAY + DAY)


def test_an_absence_changed_meanwhile_is_not_overwritten_unseen(officer, coordinator):
    row = Absence.objects.create(person=officer, begins_on=TODAY + DAY, ends_on=TODAY + 9 * DAY)
    address = reverse("absence_change", args=[row.pk])
    seen = as_shown(officer, address)
    saved(coordinator, address, ends_on=str(TODAY + 5 * DAY))

    assert browser(officer).post(address, {**seen, "ends_on": str(TODAY + 2 * DAY)}).status_code == 409
    row.refresh_from_db()
    assert row.ends_on == TODAY + 5 * DAY


def test_ending_takes_a_coming_one_back_and_ends_a_running_one_yesterday(officer):
    running = Absence.objects.create(person=officer, begins_on=TODAY - DAY, ends_on=TODAY + DAY)
    coming = Absence.objects.create(person=officer, begins_on=TODAY + 5 * DAY, ends_on=TODAY + 6 * DAY)
    client = browser(officer)

    for row in (running, coming, coming):
        client.post(reverse("absence_end", args=[row.pk]))

    assert [row.ends_on for row in Absence.objects.all()] == [TODAY - DAY]
    assert changes(Act.ABSENCE_ENTERED).count() == 2


def test_what_is_over_stays_as_it_was(officer):
    row = Absence.objects.create(person=officer, begins_on=TODAY - 3 * DAY, ends_on=TODAY - DAY)
    days = {"begins_on": str(TODAY), "ends_on": str(TODAY), "version": "0"}

    assert browser(officer).post(reverse("absence_change", args=[row.pk]), days).status_code == 422
    browser(officer).post(reverse("absence_end", args=[row.pk]))

    assert Absence.objects.get().ends_on == TODAY - DAY


def test_nobody_touches_a_colleagues_absence(officer, body):
    row = Absence.objects.create(person=officer, begins_on=TODAY, ends_on=TODAY)
    manager = browser(make_user(Role.MANAGER, body))

    assert manager.get(reverse("absence_change", args=[row.pk])).status_code == 404
    assert manager.post(reverse("absence_end", args=[row.pk])).status_code == 404


# Snoozed


def snooze_address(part):
    commitment = part.commitment
    return reverse("snooze", args=[commitment.statement.slug, commitment.ref, part.party.code])


def test_reminders_are_put_off_and_let_come_again(officer):
    part = make_part(officer, 20)
    address, client = snooze_address(part), browser(officer)

    assert client.get(address).status_code == 200
    for _ in range(2):
        client.post(address, {"until": str(TODAY + 7 * DAY), "next": "/my-work/"})
    assert Snooze.objects.get().until == TODAY + 7 * DAY
    assert changes(Act.SNOOZED).count() == 1
    assert "reminders rest until" in client.get("/my-work/").content.decode()
    assert "rest until" in client.get(f"/statements/{part.commitment.statement.slug}/1.1/").content.decode()

    assert client.post(address, {"until": ""})["Location"].endswith("/1.1/")
    assert not Snooze.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 91, 4000])
def test_a_snooze_lies_ahead_and_within_a_quarter(officer, days):
    part = make_part(officer, 20)

    response = browser(officer).post(snooze_address(part), {"until": str(TODAY + days * DAY)})

    assert response.status_code == 422
    assert not Snooze.objects.exists()


def test_a_snooze_is_ones_own(officer, body):
    part = make_part(officer, 20)
    browser(make_user(Role.MANAGER, body)).post(snooze_address(part), {"until": str(TODAY + DAY)})

    assert "rest until" not in browser(officer).get(snooze_address(part)).content.decode()


def test_the_history_says_in_words_what_was_chosen(officer):
    part = make_part(officer, 20)
    saved(officer, kinds=["overdue"], lead_day="14", paused_until=str(TODAY + DAY))
    saved(officer, ABSENCES, begins_on=str(TODAY), ends_on=str(TODAY))
    browser(officer).post(snooze_address(part), {"until": str(TODAY + DAY)})

    page = browser(officer).get("/history/").content.decode()

    for words in (
        "Chose how to be reminded",
        "switched off: ",
        "Day: 14",
        "paused until",
        "Entered an absence",
        "until",
    ):
        assert words in page
    assert "{" not in page.split("<main", 1)[1].split("</main>")[0]
