"""What the log says cannot be made to say more."""

import logging
import sys

from statement_tracker.logs import LineFormatter

FORMATTER = LineFormatter("{asctime} {levelname} {name}: {message}", style="{")


def line(message, *values, caught=None):
    record = logging.LogRecord("tracker", logging.INFO, "x.py", 1, message, values, caught)
    record.created, record.msecs = 0.25, 250
    return FORMATTER.format(record)


def test_an_event_is_one_line_with_its_time_in_utc():
    assert line("all is well") == "1970-01-01T00:00:00.250Z INFO tracker: all is well"


def test_a_value_with_line_breaks_begins_no_line_of_its_own():
    told = line("from %s", "a\r\n2026-01-01 INFO tracker: forged\x1b[2J\u2028x")

    assert len(told.splitlines()) == 1
    assert "\x1b" not in told


def test_every_line_of_a_traceback_is_set_in():
    try:
        raise ValueError("one\n1970-01-01T00:00:00.250Z INFO tracker: forged")
    except ValueError:
        told = line("failed", caught=sys.exc_info())

    first, *rest = told.splitlines()
    assert first.endswith("failed")
    assert rest
    assert all(each.startswith("    ") for each in rest)
