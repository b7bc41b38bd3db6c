"""The marks of an axis are round, even, few, and enclose what is drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.domain.scale import axis_marks


@pytest.mark.parametrize(
    ("low", "high", "most", "marks"),
    [
        (0, 10.2, 7, [0, 2, 4, 6, 8, 10, 12]),
        (0, 10.2, 5, [0, 5, 10, 15]),
        (0, 0, 5, [0, 0.25, 0.5, 0.75, 1]),
        (-3, 4, 5, [-4, -2, 0, 2, 4]),
        (0, 1_000_000, 6, [0, 200_000, 400_000, 600_000, 800_000, 1_000_000]),
    ],
)
def test_marks_are_round(low, high, most, marks):
    assert axis_marks(low, high, most) == marks


FIGURES = st.integers(-(10**16), 10**16).map(lambda number: number / 10_000)  # as many decimals as figures have


@given(FIGURES, FIGURES.map(abs), st.integers(4, 10))
def test_marks_enclose_both_ends_and_are_few(low, width, most):
    marks = axis_marks(low, low + width, most)

    assert 2 <= len(marks) <= most
    assert marks == sorted(marks)
    slack = abs(marks[-1] - marks[0]) * 1e-6
    assert marks[0] <= low + slack
    assert marks[-1] >= low + width - slack
