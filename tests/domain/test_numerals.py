"""Numbers of every country's spreadsheets, read in the one way in which they can be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.domain.numerals import AmbiguousError, NotANumberError, decimal_mark, number_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"),
        ("-5", "-5"),
        ("−5,3", "-5.3"),
        ("5.3", "5.3"),
        ("5,3", "5.3"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.25", "1234567.25"),
        ("12 345,6", "12345.6"),
        ("12\u00a0345", "12345"),
        ("1'234.5", "1234.5"),
        ("0.123", "0.123"),
        ("1234.567", "1234.567"),
        ("5.3456", "5.3456"),
    ],
)
def test_a_number_that_can_be_read_in_one_way_is_read_so(text, value):
    assert number_of(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.345"])
def test_what_could_be_a_thousand_is_not_guessed(text):
    with pytest.raises(AmbiguousError):
        number_of(text)


def test_the_rest_of_the_column_settles_it():
    assert decimal_mark(["1.234", "5,3"]) == ","
    assert number_of("1.234", ",") == 1234
    assert number_of("1.234", ".") == Decimal("1.234")
    assert decimal_mark(["5.3", "5,3"]) == ""
    assert decimal_mark(["5", "abc"]) == ""


@pytest.mark.parametrize(
    "text", ["", "abc", "5 %", "USD 5", "5..3", "1.23.456", "1,2,3", "٣", "1e5", "NaN", "--5", "1 2"]
)
def test_what_is_no_number_is_none(text):
    with pytest.raises(NotANumberError):
        number_of(text)


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([(",", "."), (".", ",")]))
def test_what_a_country_writes_is_read_back(value, marks):
    groups, decimals = marks
    text = f"{value:,.2f}".replace(",", "G").replace(".", decimals).replace("G", groups)

    assert number_of(text) == value
