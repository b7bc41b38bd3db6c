"""What is told because something happened: a request, a proposed or decided date, notes without a desk officer."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.actions.deadline import decide_date, propose_date, withdraw_date
from commitments.actions.planning import plan_reminders
from commitments.actions.progress import NewNote, confirm_nothing_new, record_progress
from commitments.actions.takeback import take_back
from commitments.actions.update_request import ask_for_update, withdraw_request
from commitments.domain.codes import Precision, Role, Visibility
from commitments.models import (
    Absence,
    DropReason,
    MailState,
    OutgoingMail,
    Reminder,
    ReminderKind,
    ReminderPreference,
    ReminderState,
)
from commitments.queries.invariants import broken_invariants
from tests.actions.test_planning import send_everything
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_user

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
K = ReminderKind


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body, name="officer")


@pytest.fixture
def manager(body):
    return make_user(Role.MANAGER, body, name="manager")


@pytest.fixture
def coordinator():
    return make_user(Role.COORDINATOR, make_body("TR"), name="coordinator")


@pytest.fixture
def abroad():
    """The other side's officer, manager and coordinator, by role."""
    body = make_body("MY", "MY-MITI")
    return {
        role: make_user(role, body, name=f"abroad {role}") for role in (Role.OFFICER, Role.MANAGER, Role.COORDINATOR)
    }


@pytest.fixture
def part(body, officer):
    return make_assignment(make_commitment(), "TR", body, officer=officer)


def told(kind, **filters):
    """Who is told of the kind, by name."""
    return sorted(Reminder.objects.filter(kind=kind, **filters).values_list("recipient__name", flat=True))


def told_by_day(days):
    """Plan and send on each day; gives (day, name, kinds) of every mail, digests aside."""
    found = []
    for number in range(days):
        plan_reminders(AT + number * DAY)
        for mail in OutgoingMail.objects.filter(state=MailState.PENDING).order_by("recipient__name"):
            kinds = {row.kind for row in mail.reminders.all()} - {K.BODY_DIGEST, K.PARTY_DIGEST}
            found += [(number, mail.recipient.name, *sorted(kinds))] if kinds else []
        send_everything(AT + number * DAY)
    assert not list(broken_invariants(AT + days * DAY))
    return found


# A manager asks


def test_the_officer_is_asked_at_once_and_after_7_days_then_the_manager_then_the_coordinator(
    part, manager, coordinator
):
    ask_for_update(part, by=manager, at=AT - MINUTE)

    assert told_by_day(40) == [
        (0, "officer", "asked"),
        (7, "officer", "asked"),
        (14, "manager", "escalation_manager"),
        (21, "coordinator", "escalation_coordinator"),
    ]


def test_an_answer_drops_what_is_planned_and_stops_the_ladder(part, officer, manager):
    ask_for_update(part, by=manager, at=AT - MINUTE)
    plan_reminders(AT)

    confirm_nothing_new(part, by=officer, at=AT + MINUTE)

    assert told_by_day(20) == []
    assert Reminder.objects.get(kind=K.ASKED).reason == DropReason.ANSWERED


def test_a_request_that_is_taken_back_is_not_said_and_may_be_asked_again_the_same_day(part, manager):
    withdrawn = ask_for_update(part, by=manager, at=AT - MINUTE)
    plan_reminders(AT)

    withdraw_request(withdrawn, by=manager, at=AT + MINUTE)
    ask_for_update(part, text="Rather this", by=manager, at=AT + 2 * MINUTE)
    plan_reminders(AT + 3 * MINUTE)

    states = Reminder.objects.filter(kind=K.ASKED).order_by("pk").values_list("state", "reason")
    assert list(states) == [(ReminderState.DROPPED, DropReason.WITHDRAWN), (ReminderState.QUEUED, "")]


def test_without_a_desk_officer_the_lead_bodys_officers_and_the_coordinators_are_asked(
    body, officer, manager, coordinator
):
    bare = make_assignment(make_commitment(), "TR", body)
    ask_for_update(bare, by=manager, at=AT - MINUTE)

    plan_reminders(AT)

    assert told(K.ASKED) == ["coordinator", "officer"]


def test_a_new_officer_is_asked_instead_of_the_old_one(part, body, officer, manager):
    ask_for_update(part, by=manager, at=AT - MINUTE)
    plan_reminders(AT)
    part.officer = make_user(Role.OFFICER, body, name="newcomer")
    part.save()

    plan_reminders(AT + MINUTE)

    assert told(K.ASKED, state=ReminderState.DROPPED) == ["officer"]
    assert told(K.ASKED, state=ReminderState.QUEUED) == ["newcomer"]


def test_of_both_stages_missed_in_an_outage_the_officer_hears_once(part, manager):
    plan_reminders(AT - MINUTE)
    ask_for_update(part, by=manager, at=AT)

    plan_reminders(AT + 9 * DAY)

    assert told(K.ASKED, state=ReminderState.QUEUED) == ["officer"]
    assert told(K.ASKED, state=ReminderState.SUPERSEDED) == ["officer"]


# Dates


def propose(commitment, by, visibility=Visibility.BOTH, year=2028):
    return propose_date(
        commitment, date(year, 1, 1), Precision.YEAR, reason="Elections", visibility=visibility, by=by, at=AT - MINUTE
    )


@pytest.fixture
def both(part, abroad):
    """The commitment with the other side's part as well."""
    make_assignment(part.commitment, "MY", abroad[Role.OFFICER].body, officer=abroad[Role.OFFICER])
    return part.commitment


def test_the_coordinators_of_every_bound_side_are_told_of_a_proposal(both, officer, coordinator, abroad):
    propose(both, officer)

    plan_reminders(AT)
    plan_reminders(AT + MINUTE)

    assert told(K.DATE_PROPOSED) == ["abroad coordinator", "coordinator"]


def test_a_proposal_for_the_own_side_is_told_there_alone_until_it_is_put_before_the_other(
    both, officer, coordinator, abroad
):
    change = propose(both, officer, Visibility.OWN)
    plan_reminders(AT)
    assert told(K.DATE_PROPOSED) == ["coordinator"]

    decide_date(change, agrees=True, words="For elections", by=coordinator, at=AT + MINUTE)
    plan_reminders(AT + 2 * MINUTE)

    assert told(K.DATE_PROPOSED, state=ReminderState.QUEUED) == ["abroad coordinator"]
    assert told(K.DATE_PROPOSED, reason=DropReason.ANSWERED) == ["coordinator"]


def test_a_withdrawn_proposal_waits_for_nobody(both, officer, coordinator, abroad):
    change = propose(both, officer)
    plan_reminders(AT)

    withdraw_date(change, by=officer, at=AT + MINUTE)
    plan_reminders(AT + 2 * MINUTE)

    assert told(K.DATE_PROPOSED, reason=DropReason.WITHDRAWN) == ["abroad coordinator", "coordinator"]


def test_a_made_date_is_told_to_proposer_desks_managers_and_who_agreed(both, officer, manager, coordinator, abroad):
    change = propose(both, manager)
    decide_date(change, agrees=True, by=coordinator, at=AT - MINUTE)
    decide_date(change, agrees=True, by=abroad[Role.COORDINATOR], at=AT)

    plan_reminders(AT + MINUTE)

    assert told(K.DATE_DECIDED) == ["abroad manager", "abroad officer", "coordinator", "manager", "officer"]


def test_what_the_own_coordinator_declines_the_other_side_never_hears(both, officer, manager, coordinator, abroad):
    change = propose(both, officer, Visibility.OWN)
    decide_date(change, agrees=False, words="No", by=coordinator, at=AT)

    plan_reminders(AT + MINUTE)

    assert told(K.DATE_DECIDED) == ["manager", "officer"]


def test_an_overtaken_proposal_is_told_to_who_made_it(both, officer, coordinator, abroad):
    propose(both, officer)
    other = propose(both, abroad[Role.OFFICER], year=2029)
    decide_date(other, agrees=True, by=abroad[Role.COORDINATOR], at=AT - MINUTE)
    decide_date(other, agrees=True, by=coordinator, at=AT)

    plan_reminders(AT + MINUTE)

    told_officer = Reminder.objects.filter(kind=K.DATE_DECIDED, recipient=officer)
    assert told_officer.count() == 2  # the date that was made, and what became of the own proposal


# Notes


def test_where_no_desk_officer_is_named_the_body_and_the_coordinator_hear_of_the_other_sides_note(
    body, officer, coordinator, abroad
):
    commitment = make_commitment()
    make_assignment(commitment, "TR", body)
    theirs = make_assignment(commitment, "MY", abroad[Role.OFFICER].body, officer=abroad[Role.OFFICER])
    record_progress(theirs, NewNote(text="Shared."), by=abroad[Role.OFFICER], at=AT - MINUTE)

    plan_reminders(AT)

    assert told(K.OTHER_SIDE_NOTE) == ["coordinator", "officer"]


# One mail a day


def test_a_last_day_known_in_the_morning_is_in_the_deputys_mail_of_that_morning(body, officer):
    """The deputy reads at eight; that the one who is away would have read at ten makes no second mail."""
    deputy = make_user(Role.OFFICER, body, name="deputy")
    ReminderPreference.objects.create(person=officer, hour=10)
    Absence.objects.create(person=officer, begins_on=TODAY, ends_on=TODAY + 3 * DAY, deputy=deputy)
    for person, days in ((officer, 0), (deputy, 7)):
        make_assignment(make_commitment(due=(TODAY + days * DAY, "day", "set")), "TR", body, officer=person)
    eight = datetime(2026, 11, 24, 5, tzinfo=UTC)

    for hour in range(6):
        plan_reminders(eight + timedelta(hours=hour))
        send_everything(eight + timedelta(hours=hour))

    mail = OutgoingMail.objects.get(recipient=deputy)
    assert sorted(mail.reminders.values_list("kind", flat=True)) == ["deadline_ahead", "last_day"]


def test_only_a_last_day_that_arises_after_the_mail_of_the_day_is_worth_another(part, body, officer, manager):
    make_assignment(make_commitment(due=(TODAY + 7 * DAY, "day", "set")), "TR", body, officer=officer)
    plan_reminders(AT)
    send_everything(AT)

    ask_for_update(part, by=manager, at=AT + MINUTE)
    plan_reminders(AT + 2 * MINUTE)
    assert OutgoingMail.objects.filter(recipient=officer).count() == 1
    make_assignment(make_commitment(due=(TODAY, "day", "set")), "TR", body, officer=officer)
    plan_reminders(AT + 3 * MINUTE)

    second = OutgoingMail.objects.get(recipient=officer, number=1)
    assert sorted(second.reminders.values_list("kind", flat=True)) == ["asked", "last_day"]


# What is taken back, and taken back again


def test_a_date_moved_and_moved_back_is_said_after_all(body, officer):
    commitment = make_commitment(due=(TODAY + 7 * DAY, "day", "set"))
    make_assignment(commitment, "TR", body, officer=officer)
    plan_reminders(AT)
    for days, minutes in ((40, 1), (7, 2)):
        commitment.due_on = TODAY + days * DAY
        commitment.save()
        plan_reminders(AT + minutes * MINUTE)

    reminder = Reminder.objects.get()
    assert (reminder.kind, reminder.seq, reminder.state) == (K.DEADLINE_AHEAD, -7, ReminderState.QUEUED)
    assert reminder.mail.state == MailState.PENDING


def test_an_answer_that_is_undone_leaves_the_request_to_be_said(part, officer, manager):
    ask_for_update(part, by=manager, at=AT - MINUTE)
    plan_reminders(AT)
    note = record_progress(part, NewNote(text="A slip"), by=officer, at=AT + MINUTE)
    plan_reminders(AT + 2 * MINUTE)
    assert told(K.ASKED, reason=DropReason.ANSWERED) == ["officer"]

    part.refresh_from_db()
    take_back(note, by=officer, at=AT + 3 * MINUTE, version=part.version)
    plan_reminders(AT + 4 * MINUTE)

    assert told(K.ASKED, state=ReminderState.QUEUED) == ["officer"]


def test_an_answer_that_stands_is_not_followed_by_what_it_answered(part, officer, manager):
    ask_for_update(part, by=manager, at=AT - MINUTE)
    plan_reminders(AT)
    confirm_nothing_new(part, by=officer, at=AT + MINUTE)

    for minute in range(2, 5):
        plan_reminders(AT + minute * MINUTE)

    assert told(K.ASKED, state=ReminderState.DROPPED) == ["officer"]
