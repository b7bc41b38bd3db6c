"""Senders that are killed, mail servers that misbehave: nobody is missed, and copies are bounded and the same."""

import random
import signal
import time

import pytest

from commitments.models import MailAttempt, MailCircuit, MailState, OutgoingMail, SuppressedAddress
from tests.faults.conftest import all_settled, copies, draw_the_sum, wait_until_settled
from tests.servers import wait_until
from tests.smtp_sink import Sink

pytestmark = pytest.mark.faults
KILLS = 50


def test_senders_killed_fifty_times_at_random_miss_nobody(crowd, senders, tmp_path):
    """Two senders, a server that takes its time; one of them is killed again and again, wherever it stands."""
    chance = random.Random(7)
    with Sink(tmp_path / "mails.jsonl", faults={"delay": 0.12}) as sink:
        group = senders(sink)
        group.start(2)
        wait_until(sink.lines, 60, "the first mail arrives")
        for _ in range(KILLS):
            group.start(2 - len(group.running))
            time.sleep(chance.uniform(0.1, 0.6))
            group.kill(chance.choice(group.running))
        group.start(2)
        wait_until_settled()
        group.end()
        killed_in_a_conversation = MailAttempt.objects.filter(outcome="uncertain").count()
        assert killed_in_a_conversation <= KILLS
        draw_the_sum(crowd, sink.lines(), extra=killed_in_a_conversation)


def test_a_sender_that_dies_between_the_receipt_and_its_note_makes_one_copy_at_most(people, senders, tmp_path):
    deaths = 0
    with Sink(tmp_path / "mails.jsonl") as sink:
        group = senders(sink, kill_after=0.08)
        group.start(2)
        deadline = time.monotonic() + 120
        while not all_settled() and time.monotonic() < deadline:
            deaths += group.replace_dead()
            time.sleep(0.05)
        deaths += group.ended()
        wait_until_settled(1)
        group.end()
        assert deaths
        draw_the_sum(people, sink.lines(), extra=deaths)


def test_a_server_that_stores_at_once_and_answers_late_gets_no_copies(people, senders, tmp_path):
    with Sink(tmp_path / "mails.jsonl", faults={"delay": 1}) as sink:
        for person in people[4:]:
            person.assignments.update(officer=people[0])
        group = senders(sink)
        group.start(2)
        wait_until_settled()
        group.end()
        assert set(copies(sink.lines()).values()) == {1}


def test_a_server_that_refuses_for_now_gets_every_mail_once(people, senders, tmp_path):
    with Sink(tmp_path / "mails.jsonl", faults={"rcpt_temporary": 0.3, "data_temporary": 0.3}) as sink:
        group = senders(sink)
        group.start(2)
        wait_until_settled()
        group.end()
        draw_the_sum(people, sink.lines(), extra=0)


def test_a_server_that_hangs_up_costs_nobody_a_mail(people, senders, tmp_path):
    """Before it has stored the mail or after: we cannot tell, so the same bytes come again, twice at most."""
    with Sink(tmp_path / "mails.jsonl", faults={"drop": 0.05, "drop_after": 0.1}) as sink:
        group = senders(sink)
        group.start(2)
        wait_until_settled()
        group.end()
        uncertain = MailAttempt.objects.filter(outcome="uncertain").count()
        assert uncertain
        draw_the_sum(people, sink.lines(), extra=uncertain)


def test_one_bad_recipient_in_a_batch_fails_alone(people, senders, tmp_path):
    with Sink(tmp_path / "mails.jsonl", faults={"rcpt_permanent": 0.1}) as sink:
        group = senders(sink)
        group.start(2)
        wait_until_settled()
        group.end()
        failed = OutgoingMail.objects.filter(state=MailState.FAILED)
        assert 0 < failed.count() < len(people)
        assert len(sink.lines()) + failed.count() == len(people)
        assert set(failed.values_list("recipient__email", flat=True)) == set(
            SuppressedAddress.objects.values_list("address", flat=True)
        )
        assert all(failed.values_list("last_words", flat=True))


def test_a_server_that_is_away_fails_nobody_and_gets_everything_when_it_is_back(people, senders, smtp_sink):
    smtp_sink.stop()
    group = senders(smtp_sink)
    group.start(2)
    wait_until(lambda: MailCircuit.objects.get().failures >= 2, 60, "the circuit opens")
    assert not OutgoingMail.objects.exclude(state__in=[MailState.PENDING, MailState.SENDING]).exists()

    smtp_sink.start()

    wait_until_settled()
    group.end()
    draw_the_sum(people, smtp_sink.lines(), extra=0)


def test_a_server_that_hangs_is_given_up_on_and_gets_one_copy_at_most(people, senders, smtp_sink):
    """Stopped by SIGSTOP it neither answers nor hangs up; ours waits for the receipt, then calls it uncertain."""
    group = senders(smtp_sink, receipt=1)
    group.start(1)
    wait_until(smtp_sink.lines, 60, "the first mail arrives")
    smtp_sink.process.send_signal(signal.SIGSTOP)
    time.sleep(2)
    smtp_sink.process.send_signal(signal.SIGCONT)

    wait_until_settled()
    group.end()
    uncertain = MailAttempt.objects.filter(outcome="uncertain").count()
    draw_the_sum(people, smtp_sink.lines(), extra=uncertain)
