"""The bench runs from end to end, with real servers and few rows; its figures are for `make bench`."""

import pytest

from bench.dossiers import Made, report
from bench.measure import Answer, Times, WrongAnswerError, percentile
from bench.pages import FLOOR_ROWS, LIST_ROWS, Page
from bench.run import main, same_rows

PAGE = Page("list", "/commitments/", "/list/", LIST_ROWS)


@pytest.mark.faults
def test_a_small_run_finds_the_rows_of_the_floor_and_loses_no_note(tmp_path):
    page = tmp_path / "page.md"

    main(["--sizes", "200", "--rounds", "1", "--seconds", "0.2", "--saves", "1", "--output", str(page)])

    written = page.read_text("utf-8")
    assert "| commitment with 200 notes |" in written
    assert "officers save at once, each on one of their own" in written
    assert "20 officers save at once, all on the same one: 20 notes" in written


def shown(*keys, pattern):
    rows = "".join(f'<tr id="c-{key}">' if pattern == LIST_ROWS else f'<tr data-row="{key}">' for key in keys)
    return Answer(200, {}, rows.encode(), 0.01)


def test_rows_in_another_order_than_the_floor_s_end_the_run():
    with pytest.raises(WrongAnswerError, match="shows 2 rows"):
        same_rows(PAGE, shown(1, 2, pattern=LIST_ROWS), shown(2, 1, pattern=FLOOR_ROWS))


def test_a_page_without_rows_ends_the_run():
    with pytest.raises(WrongAnswerError, match="no rows"):
        same_rows(PAGE, shown(pattern=LIST_ROWS), shown(pattern=FLOOR_ROWS))


def test_a_ratio_is_the_median_over_the_rounds():
    assert Times([1, 2, 9]).ratio(Times([1, 1, 1])) == 2
    assert percentile([3, 1, 2], 0.95) == 3


def test_a_dossier_that_takes_longer_than_it_may_is_told_in_bold():
    quick, slow = Made("xlsx", 2000, 11, 6.4, 7.2, 400_000, 175), Made("docx", 2000, 11, 6.0, 58.1, 400_000, 403)

    table = report([quick, slow])

    assert "| 2,000 | Excel | 11 | 6.4 | 7.2 (≤ 15) | 0.4 | 175 |" in table
    assert "| **58.1, not reached** (≤ 60) | 0.4 | 403 (≤ 500) |" in table
