"""After a restore: what may have been sent since the backup is held, neither sent twice in silence nor lost."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from commitments.actions.planning import plan_reminders
from commitments.actions.preparing import prepare
from commitments.actions.resending import send_again
from commitments.actions.restoring import hold_after_restore
from commitments.actions.sending import begin, claim_mails, send_due_mails
from commitments.domain.codes import Role
from commitments.domain.delivery import Pace
from commitments.models import Holiday, MailState, OutgoingMail, Reminder, ReminderState
from commitments.queries.invariants import broken_invariants
from tests.make import AT, make_assignment, make_body, make_commitment, make_user

pytestmark = pytest.mark.usefixtures("fresh_database")
DAY = timedelta(days=1)
RESTORED_AT = AT + 3 * DAY  # a Friday


@pytest.fixture
def officer():
    return make_user(Role.OFFICER, make_body("TR", "TR-MOT"))


def make_part(officer, days):
    """The officer's part in a commitment whose last day is so many days after the backup."""
    due = (AT.date() + days * DAY, "day", "set")
    return make_assignment(make_commitment(due=due), "TR", officer.body, officer=officer)


def states():
    return {mail.day: mail.state for mail in OutgoingMail.objects.exclude(state=MailState.CANCELLED)}


def restored(officer, *days):
    """The backup was made when all was planned; after it the database ran for three days that it lost."""
    parts = [make_part(officer, number) for number in days]
    plan_reminders(AT)
    return parts


def test_what_the_lost_days_may_have_sent_is_held_and_nothing_goes_out(officer, mailoutbox):
    restored(officer, 1, 3, 5)

    held = hold_after_restore(RESTORED_AT)

    assert held == 4
    assert states() == {AT.date() + number * DAY: MailState.HELD for number in range(4)}
    assert not send_due_mails(lambda: RESTORED_AT)
    assert not mailoutbox
    assert not list(broken_invariants(RESTORED_AT))


def test_what_comes_after_the_restore_goes_out_by_itself(officer):
    restored(officer, 1, 4)
    hold_after_restore(RESTORED_AT)
    held = OutgoingMail.objects.held_after_restore().count()

    plan_reminders(RESTORED_AT + DAY)

    assert states()[AT.date() + 4 * DAY] == MailState.PENDING
    assert OutgoingMail.objects.held_after_restore().count() == held


def test_a_restore_on_a_day_off_holds_what_the_day_before_may_have_sent(officer):
    restored(officer, 2 + 7)  # seven days ahead on Thursday
    Holiday.objects.create(party=officer.body.party, on=RESTORED_AT.date(), name="Day off")

    assert hold_after_restore(RESTORED_AT) == 1

    assert Reminder.objects.get().mail.day == AT.date() + 2 * DAY
    plan_reminders(RESTORED_AT + 4 * DAY)
    assert not OutgoingMail.objects.filter(state=MailState.PENDING).exists()


def test_a_mail_that_the_backup_caught_on_its_way_is_held_with_its_bytes(officer):
    restored(officer, 0)
    (ready,) = prepare(claim_mails(AT, Pace(), limit=1), AT)
    begin(ready, AT, Pace())

    hold_after_restore(RESTORED_AT)

    mail = OutgoingMail.objects.get(pk=ready.claim.pk)
    assert (mail.state, bytes(mail.raw), mail.uncertain_resends) == (MailState.HELD, ready.mail.raw, 1)
    assert not list(broken_invariants(RESTORED_AT))


def test_a_coordinator_sees_what_is_held_and_sends_it(officer, client, mailoutbox):
    restored(officer, 1)
    hold_after_restore(RESTORED_AT)
    coordinator = make_user(Role.COORDINATOR, officer.body)
    mail = OutgoingMail.objects.held_after_restore().get(day=AT.date() + DAY)
    client.force_login(coordinator)

    page = client.get(f"/reminders/mails/{mail.pk}/").content.decode()
    send_again(mail, by=coordinator, at=RESTORED_AT)

    assert "restored from a backup" in page
    assert send_due_mails(lambda: RESTORED_AT) == {"sent": 1}
    assert set(Reminder.objects.filter(mail=mail).values_list("state", flat=True)) == {ReminderState.SENT}


def test_what_was_answered_before_it_is_released_is_not_said(officer, mailoutbox):
    part = restored(officer, 0)[0]
    hold_after_restore(RESTORED_AT)
    type(part).objects.filter(pk=part.pk).update(last_word_at=RESTORED_AT)

    with time_machine.travel(RESTORED_AT + timedelta(minutes=1)):
        call_command("remind", release_restored=True)

    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.DROPPED}
    assert not mailoutbox


def test_the_command_says_how_many_are_held_and_sends_nothing(officer, mailoutbox, capsys):
    restored(officer, 1, 2)

    with time_machine.travel(RESTORED_AT):
        call_command("remind", after_restore=True)

    assert "3 mails are held" in capsys.readouterr().out
    assert not mailoutbox
