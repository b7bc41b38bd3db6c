"""Planning: from state and clock to reminders and mails."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.actions.assignment import name_officer
from commitments.actions.milestone import (
    MilestoneFacts,
    add_milestone,
    change_milestone,
    drop_milestone,
    finish_milestone,
    reopen_milestone,
)
from commitments.actions.planning import ClockJumpedError, plan_reminders
from commitments.actions.progress import NewNote, confirm_nothing_new, record_progress
from commitments.domain.codes import Precision, Role, Status
from commitments.models import (
    Absence,
    Commitment,
    DropReason,
    Holiday,
    MailAttempt,
    MailState,
    OutgoingMail,
    PlannerState,
    Reminder,
    ReminderKind,
    ReminderPreference,
    ReminderState,
)
from commitments.queries.invariants import broken_invariants
from tests.make import AT, make_assignment, make_body, make_commitment, make_statement, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = AT.date()  # a Tuesday


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body)


def due_in(days, **fields):
    return make_commitment(due=(TODAY + timedelta(days=days), "day", "set"), **fields)


def make_part(officer, days=None, **fields):
    """The officer's part in a commitment that is due in so many days (None: no date)."""
    commitment = make_commitment() if days is None else due_in(days)
    return make_assignment(commitment, "TR", officer.body, officer=officer, **fields)


def kinds(**filters):
    return sorted(Reminder.objects.filter(**filters).values_list("kind", "seq"))


def send_everything(at):
    """Mark all that waits as sent, as the sender would."""
    for mail in OutgoingMail.objects.filter(state=MailState.PENDING):
        mail.reminders.update(state=ReminderState.SENT)
        mail.state, mail.sent_at, mail.raw = MailState.SENT, at, b"sent"
        mail.save()
        MailAttempt.objects.create(mail=mail, number=1, fence=1, started_at=at, ended_at=at, outcome="sent")


@pytest.mark.parametrize("days", [30, 7, 1, 0, -7, -14, -56, -86])
def test_the_desk_officer_is_told_on_each_of_the_days(officer, days):
    make_part(officer, days)

    plan_reminders(AT)

    assert Reminder.objects.get().recipient == officer


@pytest.mark.parametrize("days", [200, 90, 45, 15])
def test_nobody_is_told_on_other_days(officer, days):
    make_part(officer, days)

    assert plan_reminders(AT).reminders == 0


def test_planning_again_makes_nothing_new(officer):
    make_part(officer, 7)
    make_part(officer, update_due_on=TODAY - DAY)
    plan_reminders(AT)

    again = [plan_reminders(AT + timedelta(minutes=minute)) for minute in (0, 1, 5, 300)]

    assert [(planned.reminders, planned.mails) for planned in again] == [(0, 0)] * 4


def test_without_a_desk_officer_the_body_and_the_coordinator_are_told(body):
    first, second = make_user(Role.OFFICER, body), make_user(Role.OFFICER, body)
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    make_user(Role.OFFICER, make_body("TR"))
    make_user(Role.READER, body)
    make_user(Role.COORDINATOR, make_body("MY"))
    make_assignment(due_in(7), "TR", body)

    plan_reminders(AT)

    assert {row.recipient for row in Reminder.objects.all()} == {first, second, coordinator}


def test_an_officer_who_has_left_counts_as_none(officer, body):
    colleague = make_user(Role.OFFICER, body)
    make_part(officer, 7)
    officer.is_active = False
    officer.save()

    plan_reminders(AT)

    assert Reminder.objects.get().recipient == colleague


def test_a_person_gets_one_mail_a_day_with_everything_in_it(officer):
    for days in (30, 7, 1, 0, -7, -14):
        make_part(officer, days)
    make_part(officer, update_due_on=TODAY)

    plan_reminders(AT)

    mail = OutgoingMail.objects.get()
    assert mail.recipient == officer
    assert mail.reminders.count() == 7


def test_nothing_is_planned_before_the_hour_of_sending(officer):
    """Istanbul is three hours ahead: 4:59 UTC is one minute before eight."""
    make_part(officer, 7)
    morning = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)

    assert plan_reminders(morning).reminders == 0
    assert plan_reminders(morning + timedelta(minutes=1)).reminders == 1


def test_three_dead_days_are_caught_up_with_one_mail_and_the_same_reminders(officer):
    friday = datetime(2026, 11, 20, 9, tzinfo=UTC)
    plan_reminders(friday)
    make_part(officer, days=(date(2026, 11, 23) + 7 * DAY - TODAY).days)  # said on Monday
    make_part(officer, days=(date(2026, 11, 23) - TODAY).days)  # its last day is Monday

    plan_reminders(friday + 5 * DAY)

    assert kinds(state=ReminderState.QUEUED) == [("deadline_ahead", -7), ("last_day", 0)]
    said = Reminder.objects.filter(state=ReminderState.QUEUED)
    assert set(said.values_list("day", flat=True)) == {date(2026, 11, 23)}
    assert OutgoingMail.objects.get().day == date(2026, 11, 25)


def test_of_several_stages_missed_only_the_latest_is_said(officer):
    plan_reminders(AT)
    make_part(officer, 9)

    plan_reminders(AT + 9 * DAY)

    assert kinds(state=ReminderState.QUEUED) == [("last_day", 0)]
    assert kinds(state=ReminderState.SUPERSEDED) == [("deadline_ahead", -7), ("deadline_ahead", -1)]


def test_a_date_moved_just_before_a_long_outage_is_told_after_it(officer):
    """Moved on the day of the last planning to a date whose 30 days ahead were two days ago: late, within the grace."""
    part = make_part(officer, 60)
    plan_reminders(AT)
    Commitment.objects.filter(pk=part.commitment_id).update(due_on=TODAY + timedelta(days=28))

    plan_reminders(AT + 9 * DAY)

    assert kinds(kind=ReminderKind.DEADLINE_AHEAD, state=ReminderState.QUEUED) == [("deadline_ahead", -30)]


def test_a_long_silence_is_asked_about_once_then_after_7_and_14_days(officer, body):
    """125 parts without a note since January: one mail, two follow-ups, then the manager, then the coordinator."""
    manager = make_user(Role.MANAGER, body)
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    statement = make_statement()
    for _ in range(5):
        make_assignment(make_commitment(statement), "TR", body, officer=officer, update_due_on=date(2026, 4, 7))
    told = {}
    for number in range(45):
        at = AT + number * DAY
        plan_reminders(at)
        for row in OutgoingMail.objects.filter(state=MailState.PENDING):
            told.setdefault(row.recipient, []).append((number, sorted({r.kind for r in row.reminders.all()})))
        send_everything(at)

    assert told[officer] == [(0, ["update_due"]), (7, ["update_due"]), (14, ["update_due"])]
    assert [entry for entry in told[manager] if "escalation_manager" in entry[1]] == [(14, ["escalation_manager"])]
    assert [entry for entry in told[coordinator] if "escalation_coordinator" in entry[1]] == [
        (21, ["escalation_coordinator"])
    ]
    assert not list(broken_invariants(AT + 45 * DAY))


def test_an_answer_drops_what_is_planned_and_not_sent(officer):
    part = make_part(officer, update_due_on=TODAY)
    plan_reminders(AT)

    confirm_nothing_new(part, by=officer, at=AT + timedelta(hours=1))
    plan_reminders(AT + timedelta(hours=2))

    reminder = Reminder.objects.get()
    assert (reminder.state, reminder.reason) == (ReminderState.DROPPED, DropReason.ANSWERED)
    assert OutgoingMail.objects.get().state == MailState.CANCELLED


def test_an_answer_stops_the_escalation(officer, body):
    make_user(Role.MANAGER, body)
    part = make_part(officer, update_due_on=TODAY)
    for number in range(30):
        plan_reminders(AT + number * DAY)
        send_everything(AT + number * DAY)
        if number == 9:
            record_progress(part, NewNote(text="We met."), by=officer, at=AT + 9 * DAY)

    assert not Reminder.objects.filter(kind=ReminderKind.ESCALATION_MANAGER).exists()


def test_a_changed_date_takes_back_what_is_unsent_and_starts_its_own_series(officer):
    part = make_part(officer, 7)
    plan_reminders(AT)
    part.commitment.due_on = TODAY + 30 * DAY
    part.commitment.save()

    plan_reminders(AT + timedelta(minutes=1))

    assert kinds(state=ReminderState.DROPPED, reason=DropReason.DATE_MOVED) == [("deadline_ahead", -7)]
    assert kinds(state=ReminderState.QUEUED) == [("deadline_ahead", -30)]


def test_a_new_officer_is_told_instead_of_the_old_one(officer, body):
    manager, other = make_user(Role.MANAGER, body), make_user(Role.OFFICER, body)
    part = make_part(officer, 7)
    plan_reminders(AT)

    name_officer(part, other, by=manager, at=AT + timedelta(minutes=1))
    plan_reminders(AT + timedelta(minutes=2))

    assert kinds(recipient=officer, reason=DropReason.OWNER_CHANGED) == [("deadline_ahead", -7)]
    assert [kind for kind, _ in kinds(recipient=other, state=ReminderState.QUEUED)] == ["assigned", "deadline_ahead"]


@pytest.mark.parametrize("status", [Status.DONE, Status.BEING_HONOURED, Status.NOT_PURSUED])
def test_what_is_settled_is_dropped(officer, status):
    part = make_part(officer, 7)
    plan_reminders(AT)
    part.status = status
    part.save()

    plan_reminders(AT + timedelta(minutes=1))

    assert Reminder.objects.get().reason == DropReason.CLOSED


def test_the_other_sides_shared_note_is_told_to_the_desk_and_its_own_are_not(officer, body):
    statement = make_statement()
    commitment = make_commitment(statement)
    make_assignment(commitment, "TR", body, officer=officer)
    abroad = make_body("MY")
    writer = make_user(Role.OFFICER, abroad)
    theirs = make_assignment(commitment, "MY", abroad, officer=writer)
    record_progress(theirs, NewNote(text="Shared."), by=writer, at=AT - timedelta(hours=2))
    record_progress(theirs, NewNote(text="Secret.", visibility="own"), by=writer, at=AT - timedelta(hours=1))

    plan_reminders(AT)

    assert Reminder.objects.get().recipient == officer


def test_of_someone_away_the_deputy_is_told_and_without_one_the_manager(officer, body):
    deputy, manager = make_user(Role.OFFICER, body), make_user(Role.MANAGER, body)
    make_part(officer, 7)
    absence = Absence.objects.create(person=officer, begins_on=TODAY, ends_on=TODAY + 5 * DAY, deputy=deputy)
    plan_reminders(AT)
    assert (Reminder.objects.get().person, Reminder.objects.get().recipient) == (officer, deputy)

    Reminder.objects.all().delete()
    absence.deputy = None
    absence.save()
    plan_reminders(AT + timedelta(minutes=1))
    assert Reminder.objects.get().recipient == manager


def test_holidays_by_hand_move_a_reminder_to_the_next_working_day(officer, body):
    Holiday.objects.create(party=body.party, on=TODAY, name="Election")
    make_part(officer, 7)

    assert plan_reminders(AT).reminders == 0
    assert plan_reminders(AT + DAY).reminders == 1


def test_public_holidays_are_days_off(officer):
    """29 October is Republic Day in Türkiye."""
    make_part(officer, (date(2026, 10, 29) + 7 * DAY - TODAY).days)

    assert plan_reminders(datetime(2026, 10, 29, 9, tzinfo=UTC)).reminders == 0
    assert plan_reminders(datetime(2026, 10, 30, 9, tzinfo=UTC)).reminders == 1


def test_days_off_are_those_of_the_seat_of_the_government():
    """Deepavali (Monday 9 November 2026, in lieu) is off in Putrajaya, though not in every state of Malaysia."""
    officer = make_user(body=make_body("MY"))
    days = (date(2026, 11, 9) + 7 * DAY - TODAY).days
    make_assignment(due_in(days), "MY", officer.body, officer=officer)

    assert plan_reminders(datetime(2026, 11, 9, 9, tzinfo=UTC)).reminders == 0
    assert plan_reminders(datetime(2026, 11, 10, 9, tzinfo=UTC)).reminders == 1


def test_a_kind_switched_off_is_not_planned_but_the_last_day_is(officer):
    ReminderPreference.objects.create(person=officer, kinds_off=["deadline_ahead", "last_day"])
    make_part(officer, 7)
    make_part(officer, 0)

    plan_reminders(AT)

    assert kinds() == [("last_day", 0)]


def test_own_lead_times_replace_those_of_the_rules(officer):
    ReminderPreference.objects.create(person=officer, lead_days={"day": [14]})
    make_part(officer, 7)
    make_part(officer, 14)

    plan_reminders(AT)

    assert kinds() == [("deadline_ahead", -14)]


def test_a_weekly_rhythm_waits_for_the_first_working_day_except_for_a_last_day(officer):
    ReminderPreference.objects.create(person=officer, rhythm=ReminderPreference.Rhythm.WEEKLY)
    make_part(officer, 7)

    assert plan_reminders(AT).mails == 0
    assert plan_reminders(datetime(2026, 11, 30, 9, tzinfo=UTC)).mails == 1


def test_a_mail_that_could_not_go_yesterday_is_folded_into_todays(officer):
    make_part(officer, 7)
    make_part(officer, 8)
    plan_reminders(AT)

    plan_reminders(AT + DAY)

    states = dict(OutgoingMail.objects.values_list("day", "state"))
    assert states == {TODAY: MailState.CANCELLED, TODAY + DAY: MailState.PENDING}
    assert Reminder.objects.filter(mail__day=TODAY + DAY).count() == 2


def test_after_todays_mail_has_gone_only_a_last_day_is_worth_another(officer):
    make_part(officer, 7)
    plan_reminders(AT)
    send_everything(AT)

    make_part(officer, 30)
    assert plan_reminders(AT + timedelta(hours=1)).mails == 0
    make_part(officer, 0)
    assert plan_reminders(AT + timedelta(hours=2)).mails == 1


def test_on_a_day_chosen_by_hand_planning_leaves_no_trace_in_the_clock(officer):
    make_part(officer, 37)

    plan_reminders(AT, on=TODAY + 7 * DAY)

    assert kinds() == [("deadline_ahead", -30)]
    assert PlannerState.objects.get().last_ok_at is None


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=366)])
def test_a_clock_that_jumps_stops_the_planning_with_an_alarm(officer, jump):
    plan_reminders(AT)

    with pytest.raises(ClockJumpedError):
        plan_reminders(AT + jump)

    assert PlannerState.objects.get().alarm
    assert plan_reminders(AT + jump, force=True) is not None
    assert not PlannerState.objects.get().alarm


def test_managers_and_coordinators_get_a_digest_on_the_weeks_first_working_day(body):
    manager = make_user(Role.MANAGER, body)
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    monday = datetime(2026, 11, 30, 9, tzinfo=UTC)

    plan_reminders(monday)
    plan_reminders(monday + DAY)

    assert {(row.kind, row.recipient) for row in Reminder.objects.all()} == {
        ("body_digest", manager),
        ("party_digest", coordinator),
    }


def make_step(part, days, title="Draft sent"):
    facts = MilestoneFacts(title, TODAY + timedelta(days=days), Precision.DAY)
    return add_milestone(part, facts, by=part.officer, at=AT)


@pytest.mark.parametrize("days", [30, 7, 1, 0, -7, -14])
def test_a_milestone_is_told_of_on_the_days_of_a_deadline(officer, days):
    milestone = make_step(make_part(officer), days)

    plan_reminders(AT)

    assert Reminder.objects.get().milestone == milestone
    assert plan_reminders(AT + timedelta(hours=3)).reminders == 0


def test_each_milestone_of_a_part_is_told_of_for_itself_beside_the_deadline(officer):
    part = make_part(officer, 7)
    steps = [make_step(part, 7), make_step(part, 7, title="Talks held")]

    planned = plan_reminders(AT)

    assert (planned.reminders, planned.mails, planned.superseded) == (3, 1, 0)
    assert set(Reminder.objects.values_list("milestone", flat=True)) == {None, *(step.pk for step in steps)}


def test_a_milestone_that_moves_takes_the_unsent_of_its_old_date_back_and_has_a_new_series(officer):
    milestone = make_step(make_part(officer), 7)
    plan_reminders(AT)
    later = MilestoneFacts("Draft sent", TODAY + timedelta(days=31), Precision.DAY)
    change_milestone(milestone, later, version=0, by=officer, at=AT)

    planned = plan_reminders(AT + timedelta(hours=1))
    plan_reminders(AT + DAY)

    assert planned.dropped == {DropReason.DATE_MOVED: 1}
    assert list(Reminder.objects.filter(state=ReminderState.QUEUED).values_list("anchor_on", "seq")) == [
        (TODAY + timedelta(days=31), -30)
    ]
    assert not list(broken_invariants(AT + DAY))


@pytest.mark.parametrize("how", ["done", "dropped"])
def test_a_milestone_that_is_over_is_told_of_no_more_and_again_once_it_is_open_again(officer, how):
    milestone = make_step(make_part(officer), 7)
    plan_reminders(AT)
    if how == "done":
        finish_milestone(milestone, TODAY, version=0, by=officer, at=AT)
    else:
        drop_milestone(milestone, version=0, by=officer, at=AT)

    assert plan_reminders(AT + timedelta(hours=1)).dropped == {DropReason.CLOSED: 1}
    assert OutgoingMail.objects.get().state == MailState.CANCELLED
    reopen_milestone(milestone, version=1, by=officer, at=AT)
    assert plan_reminders(AT + timedelta(hours=2)).reminders == 1


def test_a_note_answers_the_deadline_and_not_the_milestone(officer):
    part = make_part(officer, 7)
    make_step(part, 7)
    plan_reminders(AT)
    record_progress(part, NewNote("We are at it."), by=officer, at=AT + timedelta(hours=1))

    assert plan_reminders(AT + timedelta(hours=2)).dropped == {DropReason.ANSWERED: 1}
    assert Reminder.objects.get(state=ReminderState.QUEUED).milestone is not None


def test_a_part_that_is_done_is_told_of_no_milestone(officer):
    part = make_part(officer)
    make_step(part, 7)
    plan_reminders(AT)
    part.status = Status.NOT_PURSUED
    part.save()

    assert plan_reminders(AT + timedelta(hours=1)).dropped == {DropReason.CLOSED: 1}


def test_a_milestone_left_alone_is_escalated_to_nobody(officer, body):
    make_user(Role.MANAGER, body)
    make_step(make_part(officer, update_due_on=None), 0)
    plan_reminders(AT)
    send_everything(AT)

    for days in range(1, 40):
        plan_reminders(AT + days * DAY)
        send_everything(AT + days * DAY)

    assert not Reminder.objects.filter(kind__startswith="escalation").exists()


def test_planning_asks_as_often_for_thirty_milestones_as_for_one(officer):
    numbers = []
    for count in (1, 30):
        part = make_part(officer)
        for number in range(count):
            make_step(part, 7, f"Step {number} of {count}")
        with CaptureQueriesContext(connection) as asked:
            assert plan_reminders(AT + timedelta(hours=count)).reminders == count
        numbers.append(len(asked))

    assert numbers[1] <= numbers[0]
