"""Sending: what becomes of a mail, by what the mail server says and when."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends import filebased
from django.db import OperationalError, connection, transaction

from commitments.actions.planning import plan_reminders
from commitments.actions.preparing import prepare
from commitments.actions.progress import confirm_nothing_new
from commitments.actions.resending import confirm_arrival, send_again
from commitments.actions.sending import Handed, begin, claim_mails, give_back, mark, send_due_mails, sweep_mails
from commitments.domain.codes import Role
from commitments.domain.delivery import Outcome, Pace, Phase, Result
from commitments.models import (
    Change,
    DropReason,
    MailAttempt,
    MailCircuit,
    MailState,
    OutgoingMail,
    Reminder,
    ReminderState,
    SuppressedAddress,
)
from commitments.models.history import Act
from commitments.queries.invariants import broken_invariants
from tests.make import AT, TODAY, make_assignment, make_body, make_commitment, make_user
from tests.smtp_sink import Sink

pytestmark = pytest.mark.usefixtures("fresh_database")
PACE = Pace()
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def officer():
    return make_user(Role.OFFICER, make_body("TR", "TR-MOT"))


@pytest.fixture
def part(officer):
    """A part with a mail that waits."""
    due = (TODAY + timedelta(days=7), "day", "set")
    part = make_assignment(make_commitment(due=due), "TR", officer.body, officer=officer, update_due_on=TODAY)
    plan_reminders(AT)
    return part


@pytest.fixture
def through(settings):
    """Send through a mail server at a moment; gives the outcomes."""

    def send(sink, at=AT, pace=PACE):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        return send_due_mails(lambda: at, pace)

    return send


def mail():
    return OutgoingMail.objects.get()


def claimed(at=AT):
    return claim_mails(at, PACE, limit=20)[0]


def begun(at=AT):
    (ready,) = prepare([claimed(at)], at)
    assert begin(ready, at, PACE)
    return ready


def answered(ready, outcome, phase, code, words="", at=AT):
    return mark(Handed(ready, Result(outcome, phase, code, words), at), PACE).outcome


def test_a_mail_goes_out_as_it_is_kept(part, through, smtp_sink):
    assert through(smtp_sink) == {"sent": 1}

    (line,) = smtp_sink.lines()
    assert line["source"].encode().replace(b"\r\n", b"\n").strip() == bytes(mail().raw).strip()
    assert line["recipients"] == [part.officer.email]
    assert mail().state == MailState.SENT
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}
    assert not list(broken_invariants(AT))


def test_sending_again_finds_nothing_to_send(part, through, smtp_sink):
    through(smtp_sink)

    assert through(smtp_sink, AT + MINUTE) == {}
    assert len(smtp_sink.lines()) == 1


def test_an_answer_between_planning_and_sending_is_noticed(part, officer, through, smtp_sink):
    confirm_nothing_new(part, by=officer, at=AT + MINUTE)

    through(smtp_sink, AT + 2 * MINUTE)

    assert not smtp_sink.lines()
    assert set(Reminder.objects.values_list("reason", flat=True)) == {DropReason.ANSWERED}
    assert mail().state == MailState.CANCELLED


@pytest.mark.parametrize("change", [{"is_active": False}, {"body": "MY"}, {"body": "other"}])
def test_who_has_left_or_changed_sides_since_is_not_written_to(part, officer, through, smtp_sink, change):
    if "body" in change:
        change = {"body": make_body("MY" if change["body"] == "MY" else "TR")}
    type(officer).objects.filter(pk=officer.pk).update(**change)

    through(smtp_sink)

    sent = bool(smtp_sink.lines())
    assert sent == (change.get("body") is not None and change["body"].party.code == "TR")


def test_a_refusal_for_now_is_tried_again_later(part, through, tmp_path):
    with Sink(tmp_path / "busy.jsonl", faults={"rcpt_temporary": 1}) as busy:
        assert through(busy) == {"retry": 1}

    assert mail().state == MailState.RETRY
    assert AT + MINUTE / 2 <= mail().available_at <= AT + MINUTE
    assert mail().last_code == "451"


def test_after_the_last_retry_it_is_given_up(part):
    at = AT
    for _ in range(len(PACE.retries) + 1):
        attempt = begun(at)
        answered(attempt, Outcome.RETRY, Phase.RCPT, 451, "later", at)
        at += timedelta(days=1)

    assert mail().state == MailState.FAILED
    assert set(Reminder.objects.values_list("reason", flat=True)) == {DropReason.GIVEN_UP}


def test_an_unknown_address_fails_at_once_and_is_not_written_to_again(part, officer, through, tmp_path):
    with Sink(tmp_path / "strict.jsonl", faults={"rcpt_permanent": 1}) as strict:
        assert through(strict) == {"unknown_address": 1}

    assert mail().state == MailState.FAILED
    assert "no such person" in mail().last_words
    assert SuppressedAddress.objects.get().address == officer.email


def test_a_refused_text_fails_with_the_servers_words(part, through, tmp_path):
    with Sink(tmp_path / "strict.jsonl", faults={"data_permanent": 1}) as strict:
        through(strict)

    assert (mail().state, mail().last_code, mail().last_words) == (MailState.FAILED, "554", "5.6.0 refused")
    assert not SuppressedAddress.objects.exists()


def test_an_ill_server_opens_the_circuit_and_fails_nobody(part, through, smtp_sink):
    smtp_sink.stop()

    assert through(smtp_sink) == {"relay_ill": 1}
    assert through(smtp_sink, AT + MINUTE / 2) == {}, "it rests"
    assert through(smtp_sink, AT + 2 * MINUTE) == {"relay_ill": 1}
    assert (mail().state, mail().attempts) == (MailState.PENDING, 0)
    assert MailCircuit.objects.get().failures == 2

    smtp_sink.start()
    assert through(smtp_sink, AT + 10 * MINUTE) == {"sent": 1}
    assert MailCircuit.objects.get().failures == 0


def test_a_probe_without_a_mail_leaves_the_circuit_ready_for_the_next(part, through, smtp_sink):
    MailCircuit.objects.update(failures=1, ill_since=AT, open_until=AT)
    OutgoingMail.objects.update(available_at=AT + 5 * MINUTE)

    through(smtp_sink, AT + MINUTE)

    assert through(smtp_sink, AT + 6 * MINUTE) == {"sent": 1}


def test_what_was_dropped_before_the_dot_is_sent_once(part, through, tmp_path, smtp_sink):
    """The sink hangs up after the dot and stores nothing: to us that is uncertain, so the same bytes come later."""
    with Sink(tmp_path / "drop.jsonl", faults={"drop": 1}) as dropping:
        assert through(dropping) == {"uncertain": 1}

    assert through(smtp_sink, AT + 29 * MINUTE) == {}
    assert through(smtp_sink, AT + 30 * MINUTE) == {"sent": 1}


def test_what_is_uncertain_is_sent_again_as_the_same_bytes_twice_at_most(part, through, tmp_path):
    with Sink(tmp_path / "drop.jsonl", faults={"drop_after": 1}) as dropping:
        for number in range(6):
            through(dropping, AT + number * 31 * MINUTE)
        copies = [line["source"] for line in dropping.lines()]

    assert len(copies) == 3
    assert len(set(copies)) == 1
    assert mail().state == MailState.HELD


def test_a_held_mail_that_has_arrived_after_all_counts_as_sent(part, officer, through, tmp_path, smtp_sink):
    coordinator, stranger = make_user(Role.COORDINATOR, make_body("TR")), make_user(Role.COORDINATOR, make_body("MY"))
    with Sink(tmp_path / "drop.jsonl", faults={"drop_after": 1}) as dropping:
        for number in range(3):
            through(dropping, AT + number * 31 * MINUTE)
    assert mail().state == MailState.HELD
    for person in (officer, stranger):
        with pytest.raises(PermissionDenied):
            confirm_arrival(mail(), by=person, at=AT + DAY)

    confirm_arrival(mail(), by=coordinator, at=AT + DAY)

    assert (mail().state, mail().sent_at) == (MailState.SENT, AT + 62 * MINUTE)
    assert set(Reminder.objects.values_list("state", flat=True)) == {ReminderState.SENT}
    assert Change.objects.get(act=Act.MAIL_ARRIVED).after["person"] == officer.pk
    assert through(smtp_sink, AT + DAY) == {}
    assert not list(broken_invariants(AT + DAY))
    with pytest.raises(ValidationError):
        confirm_arrival(mail(), by=coordinator, at=AT + DAY)


def test_an_uncertain_mail_takes_in_nothing_new(part, officer, through, tmp_path):
    with Sink(tmp_path / "drop.jsonl", faults={"drop_after": 1}) as dropping:
        through(dropping)
    make_assignment(make_commitment(due=(TODAY, "day", "set")), "TR", officer.body, officer=officer, update_due_on=None)

    plan_reminders(AT + MINUTE)

    assert OutgoingMail.objects.filter(state=MailState.UNCERTAIN).get().reminders.count() == 2
    assert OutgoingMail.objects.filter(state=MailState.PENDING).get().reminders.count() == 1


def test_two_senders_never_hold_the_same_mail(part):
    assert len(claim_mails(AT, PACE, limit=20)) == 1
    assert claim_mails(AT, PACE, limit=20) == []


def test_a_claim_that_was_never_begun_is_as_if_it_had_not_been(part):
    claimed()

    assert sweep_mails(AT + MINUTE) == 0, "its lease still holds"
    assert sweep_mails(AT + 3 * MINUTE) == 1
    assert mail().state == MailState.PENDING


def test_an_attempt_whose_sender_died_is_uncertain(part):
    begun()

    sweep_mails(AT + 16 * MINUTE)

    assert mail().state == MailState.UNCERTAIN
    assert mail().available_at == AT + 46 * MINUTE
    assert MailAttempt.objects.get().outcome == Outcome.UNCERTAIN


def test_a_sender_that_lost_its_claim_writes_nothing(part):
    slow = begun()
    sweep_mails(AT + 16 * MINUTE)
    claim_mails(AT + 60 * MINUTE, PACE, limit=20)

    assert answered(slow, Outcome.REFUSED, Phase.DOT, 554, "no", AT + 61 * MINUTE) == "fenced"
    assert mail().state == MailState.SENDING


def test_a_receipt_that_comes_late_still_counts_while_nobody_else_sends(part):
    slow = begun()
    sweep_mails(AT + 16 * MINUTE)

    assert answered(slow, Outcome.SENT, Phase.DONE, 250, at=AT + 17 * MINUTE) == "sent"
    assert mail().state == MailState.SENT


def test_a_claim_given_back_is_free_at_once(part):
    give_back([claimed()])

    assert len(claim_mails(AT, PACE, limit=20)) == 1


@pytest.mark.parametrize("address", ["a@example.org\nBcc: all@example.org", "two@@example.org"])
def test_one_mail_that_cannot_be_written_stops_no_other(part, officer, through, smtp_sink, address):
    colleague = make_user(Role.OFFICER, officer.body)
    make_assignment(make_commitment(due=(TODAY, "day", "set")), "TR", officer.body, officer=colleague)
    plan_reminders(AT + MINUTE)
    type(officer).objects.filter(pk=officer.pk).update(email=address)

    through(smtp_sink, AT + 2 * MINUTE)

    assert [line["recipients"] for line in smtp_sink.lines() if "all@" not in str(line)] == [[colleague.email]]
    assert OutgoingMail.objects.get(recipient=officer).state == MailState.FAILED


def test_a_full_disk_for_mails_in_files_fails_nobody(part, settings, tmp_path):
    settings.EMAIL_BACKEND = "tests.actions.test_sending.FullDisk"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")

    assert send_due_mails(lambda: AT) == {"relay_ill": 1}

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert send_due_mails(lambda: AT + 2 * MINUTE) == {"sent": 1}


def test_a_failed_mail_can_be_sent_anew_by_the_coordinator(part, through, tmp_path, smtp_sink):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    with Sink(tmp_path / "strict.jsonl", faults={"rcpt_permanent": 1}) as strict:
        through(strict)

    send_again(mail(), by=coordinator, at=AT + MINUTE)

    assert through(smtp_sink, AT + MINUTE) == {"sent": 1}


def test_a_sent_mail_goes_again_as_a_copy_with_its_own_id(part, through, smtp_sink):
    coordinator = make_user(Role.COORDINATOR, make_body("TR"))
    through(smtp_sink)

    send_again(mail(), by=coordinator, at=AT + MINUTE)
    plan_reminders(AT + MINUTE)

    assert through(smtp_sink, AT + MINUTE) == {"sent": 1}
    first, second = smtp_sink.mails()
    assert first["Message-ID"] != second["Message-ID"]
    assert first.get_body().get_content() == second.get_body().get_content()


def test_no_mail_is_handed_over_inside_a_transaction(part):
    with transaction.atomic(), pytest.raises(RuntimeError):
        send_due_mails(lambda: AT)


def test_a_text_goes_out_only_when_the_database_knows_that_the_mail_has_begun(part, settings, smtp_sink):
    """The database goes away after the sender and the recipient were named: the server gets nothing to keep."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = smtp_sink.host, smtp_sink.port
    with connection.execute_wrapper(gone_at_the_beginning), pytest.raises(OperationalError):
        send_due_mails(lambda: AT)

    assert not smtp_sink.lines()
    sweep_mails(AT + 3 * MINUTE)
    assert (mail().state, mail().uncertain_resends) == (MailState.PENDING, 0)


def test_a_mail_that_somebody_else_took_up_while_it_was_written_is_left_to_them(part, through, smtp_sink, settings):
    ready, later = prepare([claimed()], AT)[0], AT + 3 * MINUTE
    sweep_mails(later)
    claim_mails(later, PACE, limit=20)

    assert not begin(ready, later, PACE)
    assert not MailAttempt.objects.exists()
    assert mail().raw is None


def gone_at_the_beginning(execute, sql, *more):
    """The database from the moment on that an attempt is to be noted."""
    if "INSERT INTO" in sql or 'SET "raw"' in sql:
        raise OperationalError("gone")
    return execute(sql, *more)


class FullDisk(filebased.EmailBackend):
    """Django's backend for files on a disk that has no room left."""

    def _get_filename(self):
        return "/dev/full"
