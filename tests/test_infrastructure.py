"""The test servers and databases do what the other tests rely on."""

import smtplib
import threading
from pathlib import Path

import pytest
import redis
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from tests.smtp_sink import Sink


def send(sink: Sink, text: str = "Subject: hello\r\n\r\nText") -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=5) as client:
        client.sendmail("from@example.org", ["to@example.org"], text)


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_a_rolled_back_row_is_gone_in_the_next_test(turn):
    _, made = ContentType.objects.get_or_create(app_label="tests", model="rolled_back")

    assert made


@pytest.mark.parametrize("turn", [1, 2])
def test_a_row_committed_in_a_fresh_database_is_seen_by_other_threads_and_gone_in_the_next_test(fresh_database, turn):
    seen = []

    def look() -> None:
        seen.append(ContentType.objects.filter(app_label="tests").count())
        connection.close()

    look_before = threading.Thread(target=look)
    look_before.start()
    look_before.join()
    ContentType.objects.create(app_label="tests", model="committed")
    look_after = threading.Thread(target=look)
    look_after.start()
    look_after.join()

    assert seen == [0, 1]


def test_the_chosen_database_is_the_one_in_use(pytestconfig, fresh_database):
    assert connection.vendor == pytestconfig.getoption("database")


def test_redis_answers_and_is_empty(redis_url):
    client = redis.Redis.from_url(redis_url)

    assert client.dbsize() == 0
    assert client.set("key", "value")


def test_the_mail_server_writes_down_what_it_accepts(smtp_sink):
    send(smtp_sink)

    assert [mail["subject"] for mail in smtp_sink.mails()] == ["hello"]
    assert smtp_sink.lines()[0]["recipients"] == ["to@example.org"]


@pytest.mark.parametrize(
    ("fault", "error", "stored"),
    [
        ("rcpt_temporary", smtplib.SMTPRecipientsRefused, 0),
        ("rcpt_permanent", smtplib.SMTPRecipientsRefused, 0),
        ("data_temporary", smtplib.SMTPDataError, 0),
        ("data_permanent", smtplib.SMTPDataError, 0),
        ("drop", smtplib.SMTPServerDisconnected, 0),
        ("drop_after", smtplib.SMTPServerDisconnected, 1),
    ],
)
def test_a_fault_of_the_mail_server_strikes(tmp_path: Path, fault: str, error: type[Exception], stored: int):
    with Sink(tmp_path / "mails.jsonl", faults={fault: 1}) as sink:
        with pytest.raises(error):
            send(sink)

        assert len(sink.lines()) == stored
