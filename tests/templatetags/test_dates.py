"""Dates in words: as precise as they are and no more."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from commitments.domain.codes import Basis, Precision, Schedule
from commitments.domain.deadlines import Deadline
from commitments.templatetags.dates import ago, day, days_text, due_left, due_text

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("due_on", "precision", "words"),
    [
        (date(2026, 11, 9), Precision.DAY, "9 Nov 2026"),
        (date(2026, 11, 30), Precision.MONTH, "November 2026"),
        (date(2026, 3, 31), Precision.QUARTER, "Q1 2026"),
        (date(2026, 12, 31), Precision.QUARTER, "Q4 2026"),
        (date(2026, 6, 30), Precision.HALF, "First half of 2026"),
        (date(2026, 12, 31), Precision.HALF, "Second half of 2026"),
        (date(2028, 12, 31), Precision.YEAR, "2028"),
    ],
)
def test_a_deadline_is_told_with_its_own_precision(due_on, precision, words):
    assert due_text(Deadline(due_on, precision, Basis.TEXT)) == words


def test_no_deadline_is_told_as_such():
    assert due_text(None) == "No date"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "1 day overdue"),
        (-54, "54 days overdue"),
        (0, "Due today"),
        (1, "1 day left"),
        (60, "60 days left"),
        (61, "in 2 months"),
        (700, "in 23 months"),
        (768, "in 2 years"),
    ],
)
def test_distances_are_days_then_months_then_years(days, words):
    assert days_text(days) == words


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule.MET_ON_TIME, "Met"),
        (Schedule.MET_LATE, "Met late"),
        (Schedule.ENDED, "Not pursued"),
        (Schedule.OVERDUE, "4 days overdue"),
    ],
)
def test_what_became_of_a_deadline_comes_before_its_distance(schedule, words):
    assert due_left(Deadline(date(2026, 11, 20), Precision.DAY, Basis.SET), schedule, TODAY) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, "never"),
        (datetime(2026, 11, 24, 8, tzinfo=UTC), "today"),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "yesterday"),
        (datetime(2026, 10, 25, 8, tzinfo=UTC), "30 days ago"),
        (datetime(2026, 5, 24, 8, tzinfo=UTC), "6 months ago"),
        (date(2026, 11, 22), "2 days ago"),
    ],
)
def test_how_long_ago_a_word_was_given(moment, words):
    assert ago(moment, TODAY) == words


def test_a_day_is_marked_up_for_machines_and_written_in_the_pages_language():
    assert day(date(2026, 12, 31)) == '<time datetime="2026-12-31">31 Dec 2026</time>'
    assert day(date(2026, 12, 31), year=False) == '<time datetime="2026-12-31">31 Dec</time>'
    assert day(None) == "–"
    with translation.override("tr"):
        assert ">31 Ara 2026<" in day(date(2026, 12, 31))
