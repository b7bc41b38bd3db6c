"""A figure and its period are read as they are meant, or not at all."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from commitments.domain.codes import Precision
from commitments.forms.measurement import FigureField, MeasurementForm, PeriodField


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5.3", "5.3"),
        ("5,3", "5.3"),
        (" 10 ", "10"),
        ("−2.5", "-2.5"),
        ("1234567.1234", "1234567.1234"),
        ("0", "0"),
    ],
)
def test_a_number_is_read_with_a_point_or_a_comma(text, value):
    assert FigureField().clean(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "5 bn", "1e9", "NaN", "Infinity", "--5", "1,234.5", "٣", "5.12345", "9" * 17, "9" * 100_000, "0x10", "\x00"],
)
def test_what_is_no_plain_number_is_an_error(text):
    with pytest.raises(ValidationError):
        FigureField().clean(text)


@pytest.mark.parametrize(("language", "text"), [("en", "1,234"), ("tr", "1.234"), ("ms", "1,234")])
def test_a_number_that_can_be_read_in_two_ways_is_asked_for_again(language, text):
    with translation.override(language), pytest.raises(ValidationError) as refusal:
        FigureField().clean(text)

    assert refusal.value.code == "ambiguous"


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2025", date(2025, 1, 1), Precision.YEAR),
        ("2026-H2", date(2026, 7, 1), Precision.HALF),
        ("2026-Q3", date(2026, 7, 1), Precision.QUARTER),
        ("Ç3 2026", date(2026, 7, 1), Precision.QUARTER),
        ("2026-09", date(2026, 9, 1), Precision.MONTH),
        ("9.2026", date(2026, 9, 1), Precision.MONTH),
        ("2026-09-30", date(2026, 9, 30), Precision.DAY),
        ("30.09.2026", date(2026, 9, 30), Precision.DAY),
    ],
)
def test_a_period_is_read_in_one_word(text, day, precision):
    assert PeriodField().clean(text) == (day, precision)


@pytest.mark.parametrize(
    "text", ["", "0000", "2026-13", "2026-02-30", "29.02.2027", "10000", "2026-Q5", "2026-H3", "soon", "\x00", "٢٠٢٦"]
)
def test_what_is_no_period_is_an_error(text):
    with pytest.raises(ValidationError):
        PeriodField().clean(text)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example", "data:text/html,x"])
def test_a_source_is_linked_by_http_only(url):
    form = MeasurementForm({"period": "2025", "value": "5", "source": "Ministry", "source_url": url})

    assert list(form.errors) == ["source_url"]
