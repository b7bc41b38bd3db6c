"""Whatever a person has entered is what planning and sending keep to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commitments.actions.assignment import name_officer
from commitments.actions.planning import plan_reminders
from commitments.actions.preparing import prepare
from commitments.actions.progress import confirm_nothing_new
from commitments.actions.sending import claim_mails
from commitments.domain.codes import Role
from commitments.domain.delivery import Pace
from commitments.models import (
    Absence,
    DropReason,
    MailState,
    OutgoingMail,
    Reminder,
    ReminderPreference,
    ReminderState,
    Snooze,
)
from commitments.queries.ledger import coming_days
from tests.actions.test_planning import DAY, TODAY, due_in, kinds, make_part, send_everything
from tests.make import AT, make_assignment, make_body, make_commitment, make_user

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 30, 9, tzinfo=UTC)
Rhythm = ReminderPreference.Rhythm


@pytest.fixture
def body():
    return make_body("TR", "TR-MOT")


@pytest.fixture
def officer(body):
    return make_user(Role.OFFICER, body)


def prefer(person, **wishes):
    return ReminderPreference.objects.create(person=person, **wishes)


def mails(**filters):
    return OutgoingMail.objects.exclude(state=MailState.CANCELLED).filter(**filters)


def text_of_the_mail(at):
    """What the mail that waits would say."""
    (ready,) = prepare(claim_mails(at, Pace(), limit=1), at)
    return ready.mail.raw.decode()


def test_own_lead_times_hold_for_their_precision_alone(officer):
    prefer(officer, lead_days={"day": [14, 3]})
    for days in (30, 14, 3):
        make_part(officer, days)
    month = make_commitment(due=(date(2026, 12, 31), "month", "set"))
    make_assignment(month, "TR", officer.body, officer=officer)

    plan_reminders(AT)
    plan_reminders(AT + 7 * DAY)  # 30 days before the end of the month

    assert kinds(kind="deadline_ahead") == [("deadline_ahead", -30), ("deadline_ahead", -14), ("deadline_ahead", -3)]
    assert Reminder.objects.get(seq=-30).assignment.commitment == month


def test_the_own_hour_is_the_hour(officer):
    prefer(officer, hour=15)
    make_part(officer, 7)
    before = datetime(2026, 11, 24, 11, 59, tzinfo=UTC)

    assert plan_reminders(before).mails == 0
    assert plan_reminders(before + timedelta(minutes=1)).mails == 1


def test_at_once_means_before_the_hour_and_beside_the_mail_of_the_day(officer, body):
    manager = make_user(Role.MANAGER, body)
    prefer(officer, rhythm=Rhythm.IMMEDIATE)
    early = datetime(2026, 11, 24, 3, tzinfo=UTC)  # six in Istanbul
    plan_reminders(early - DAY)
    send_everything(early - DAY)
    for hour in (0, 4, 8):
        part = make_assignment(make_commitment(), "TR", body)
        name_officer(part, officer, by=manager, at=early + timedelta(hours=hour))
        plan_reminders(early + timedelta(hours=hour, minutes=1))
        send_everything(early + timedelta(hours=hour, minutes=1))

    assert list(mails(recipient=officer).order_by("number").values_list("day", "number")) == [
        (TODAY, 0),
        (TODAY, 1),
        (TODAY, 2),
    ]


def test_at_once_still_waits_for_the_hour_with_what_a_date_brings(officer):
    prefer(officer, rhythm=Rhythm.IMMEDIATE)
    make_part(officer, 7)

    assert plan_reminders(datetime(2026, 11, 24, 4, 59, tzinfo=UTC)).mails == 0
    assert plan_reminders(datetime(2026, 11, 24, 5, 0, tzinfo=UTC)).mails == 1


def test_nothing_but_a_last_day_goes_on_a_day_off(officer, body):
    manager = make_user(Role.MANAGER, body)
    saturday = datetime(2026, 11, 28, 9, tzinfo=UTC)
    part = make_assignment(make_commitment(), "TR", body)
    name_officer(part, officer, by=manager, at=saturday)

    assert plan_reminders(saturday).mails == 0
    assert plan_reminders(saturday + DAY).mails == 0
    assert plan_reminders(MONDAY).mails == 2, "the officer’s, and the manager’s digest"
    assert "should have reached you" not in text_of_the_mail(MONDAY)


def test_what_waits_for_the_weekly_mail_is_not_called_late(officer):
    prefer(officer, rhythm=Rhythm.WEEKLY)
    make_part(officer, 7)
    for number in range(7):
        plan_reminders(AT + number * DAY)

    assert mails().get().day == MONDAY.date()
    assert "should have reached you" not in text_of_the_mail(MONDAY)


def test_a_weekly_mail_whose_day_fell_into_an_outage_goes_after_it(officer):
    prefer(officer, rhythm=Rhythm.WEEKLY)
    make_part(officer, 7)
    plan_reminders(AT)

    plan_reminders(MONDAY + 2 * DAY)

    assert mails().get().day == MONDAY.date() + 2 * DAY


def test_a_weekly_mail_that_could_not_go_is_not_put_off_for_a_week(officer):
    prefer(officer, rhythm=Rhythm.WEEKLY)
    make_part(officer, 7)
    plan_reminders(AT)
    plan_reminders(MONDAY)

    plan_reminders(MONDAY + DAY)

    assert mails().get().day == MONDAY.date() + DAY


def test_what_comes_up_in_a_pause_is_said_in_one_mail_after_it(officer):
    prefer(officer, paused_until=TODAY + 8 * DAY)
    make_part(officer, 7)
    make_part(officer, update_due_on=TODAY)
    last = make_part(officer, 6)
    for number in range(8):
        plan_reminders(AT + number * DAY)
        send_everything(AT + number * DAY)
    in_the_pause = kinds(state=ReminderState.SENT)
    confirm_nothing_new(last, by=officer, at=AT + 7 * DAY)

    plan_reminders(AT + 8 * DAY)

    assert in_the_pause == [("last_day", 0), ("last_day", 0)]
    assert kinds(state=ReminderState.QUEUED) == [("update_due", 0)]


def test_a_pause_entered_after_planning_is_kept_to_by_the_sender(officer):
    make_part(officer, 7)
    make_part(officer, 0)
    plan_reminders(AT)
    prefer(officer, paused_until=TODAY + 3 * DAY)

    assert prepare(claim_mails(AT, Pace(), limit=1), AT)
    assert kinds(state=ReminderState.QUEUED) == [("last_day", 0)]
    assert kinds(state=ReminderState.PLANNED) == [("deadline_ahead", -7)]


def test_a_kind_switched_off_after_planning_is_dropped_by_the_sender(officer):
    make_part(officer, 7)
    plan_reminders(AT)
    prefer(officer, kinds_off=["deadline_ahead"])

    assert not prepare(claim_mails(AT, Pace(), limit=1), AT)
    assert Reminder.objects.get().reason == DropReason.SWITCHED_OFF
    assert OutgoingMail.objects.get().state == MailState.CANCELLED


# Snoozed


def test_a_snoozed_part_rests_and_is_said_on_the_day(officer):
    part = make_part(officer, update_due_on=TODAY)
    Snooze.objects.create(person=officer, assignment=part, until=TODAY + 10 * DAY)
    for number in range(10):
        assert plan_reminders(AT + number * DAY).mails == 0

    assert plan_reminders(AT + 10 * DAY).mails == 1
    assert kinds(state=ReminderState.QUEUED) == [("update_due", 0)]
    assert "should have reached you" not in text_of_the_mail(AT + 10 * DAY)


def test_a_snooze_rests_one_part_and_no_other(officer):
    part = make_part(officer, 7)
    other = make_part(officer, 7)
    Snooze.objects.create(person=officer, assignment=part, until=TODAY + DAY)

    plan_reminders(AT)

    assert Reminder.objects.get(state=ReminderState.QUEUED).assignment == other


def test_a_last_day_cannot_be_snoozed_away(officer):
    part = make_part(officer, 0)
    Snooze.objects.create(person=officer, assignment=part, until=TODAY + 5 * DAY)

    assert plan_reminders(AT).mails == 1


def test_a_snooze_after_planning_is_kept_to_by_the_sender(officer):
    part = make_part(officer, 7)
    plan_reminders(AT)
    Snooze.objects.create(person=officer, assignment=part, until=TODAY + DAY)

    assert not prepare(claim_mails(AT, Pace(), limit=1), AT)
    plan_reminders(AT + DAY)
    assert Reminder.objects.get().mail.day == TODAY + DAY


def test_an_answer_ends_what_was_snoozed(officer):
    part = make_part(officer, update_due_on=TODAY)
    Snooze.objects.create(person=officer, assignment=part, until=TODAY + 3 * DAY)
    plan_reminders(AT)

    confirm_nothing_new(part, by=officer, at=AT + DAY)
    plan_reminders(AT + 3 * DAY)

    assert Reminder.objects.get().reason == DropReason.ANSWERED


# Foreseen


@pytest.mark.parametrize(
    "wishes", [{"rhythm": Rhythm.WEEKLY}, {"rhythm": Rhythm.IMMEDIATE}, {"paused_until": TODAY + 12 * DAY}, {}]
)
@pytest.mark.parametrize("rests", [0, 9])
def test_what_the_next_days_are_said_to_bring_is_what_they_bring(officer, wishes, rests):
    prefer(officer, **wishes)
    part = make_part(officer, 20, update_due_on=TODAY + 2 * DAY)
    make_part(officer, 14)
    if rests:
        Snooze.objects.create(person=officer, assignment=part, until=TODAY + rests * DAY)
    foreseen = {
        (coming.day, row.assignment.pk)
        for coming in coming_days(officer, AT)
        for mail in coming.mails
        for row in mail.reminders
    }
    for number in range(31):
        plan_reminders(AT + number * DAY)
        send_everything(AT + number * DAY)

    told = {(row.mail.day, row.assignment_id) for row in Reminder.objects.filter(state=ReminderState.SENT)}
    assert told <= foreseen


# Away


def test_an_absence_entered_after_planning_sends_what_waits_to_the_deputy(officer, body):
    deputy = make_user(Role.OFFICER, body)
    make_part(officer, 7)
    plan_reminders(AT)
    Absence.objects.create(person=officer, begins_on=TODAY, ends_on=TODAY, deputy=deputy)

    plan_reminders(AT + timedelta(minutes=1))

    assert mails().get().recipient == deputy
    assert f"You get this for {officer.name}, who is away." in text_of_the_mail(AT + timedelta(minutes=2))


def test_what_rested_meanwhile_goes_to_who_is_back(officer, body):
    make_user(Role.MANAGER, body)
    part = make_part(officer, 7)
    Absence.objects.create(person=officer, begins_on=TODAY, ends_on=TODAY + DAY)
    Snooze.objects.create(person=officer, assignment=part, until=TODAY + 2 * DAY)
    for number in range(3):
        plan_reminders(AT + number * DAY)

    assert mails().get().recipient == officer


def test_a_deputy_of_the_other_side_or_away_is_passed_over(officer, body):
    manager, colleague = make_user(Role.MANAGER, body), make_user(Role.OFFICER, body)
    abroad = make_user(Role.OFFICER, make_body("MY"))
    for deputy in (abroad, colleague):
        Absence.objects.all().delete()
        Absence.objects.create(person=officer, begins_on=TODAY, ends_on=TODAY, deputy=deputy)
        Absence.objects.create(person=colleague, begins_on=TODAY, ends_on=TODAY)
        make_assignment(due_in(7), "TR", body, officer=officer)
        plan_reminders(AT)

        assert set(Reminder.objects.values_list("recipient", flat=True)) == {manager.pk}
