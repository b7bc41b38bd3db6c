"""Dates in mails are as precise as they are, and no more."""

from datetime import date

import pytest
from django.utils import translation

from commitments.domain.codes import Basis, Precision
from commitments.domain.deadlines import Deadline
from commitments.mail.wording import due_words, shortened

TODAY = date(2026, 11, 23)


def words(last, precision, today=TODAY):
    return due_words(Deadline(date.fromisoformat(last), precision, Basis.TEXT), today)


@pytest.mark.parametrize(
    ("last", "precision", "said"),
    [
        ("2026-12-31", Precision.YEAR, "Due by the end of 2026, 38 days left."),
        ("2026-12-31", Precision.HALF, "Due by the end of 2026, 38 days left."),
        ("2027-06-30", Precision.HALF, "Due by the end of the first half of 2027, 219 days left."),
        ("2027-03-31", Precision.QUARTER, "Due by the end of quarter 1 of 2027, 128 days left."),
        ("2026-11-30", Precision.MONTH, "Due by the end of November 2026, 7 days left."),
        ("2026-11-24", Precision.DAY, "Due on 24 November 2026, 1 day left."),
        ("2026-11-23", Precision.DAY, "Due on 23 November 2026, today is the last day."),
        ("2026-11-09", Precision.DAY, "Was due on 9 November 2026, 14 days overdue."),
    ],
)
def test_a_date_is_told_with_its_own_precision(last, precision, said):
    assert words(last, precision) == said


def test_months_have_the_names_of_the_readers_language():
    with translation.override("tr"):
        assert "30 Kasım 2026" in words("2026-11-30", Precision.DAY)


def test_a_long_text_is_cut_at_a_word():
    assert shortened("one two three four", 9) == "one two …"
    assert shortened("one\n\ntwo", 9) == "one two"
