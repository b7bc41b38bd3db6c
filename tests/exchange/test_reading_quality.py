"""What reading must reach on the labelled statements; `make evaluate` prints the whole table."""

import json
from pathlib import Path

import pytest

from commitments.domain.parsing import read_statement
from commitments.exchange.reading_child import source_of
from commitments.exchange.reading_scores import Score, score_reading

STATEMENTS = Path(__file__).parent.parent / "data" / "statements"


def score_of(*names):
    score = Score()
    for name in names:
        labels = json.loads((STATEMENTS / f"{name}.json").read_text(encoding="utf-8"))
        source = source_of((STATEMENTS / labels["file"]).read_bytes(), labels["file"])
        score_reading(score, read_statement(source.text, hints=source.hints), labels)
    return score


@pytest.fixture(scope="module")
def real():
    return score_of("turkiye_malaysia_2026")


@pytest.fixture(scope="module")
def composed():
    return score_of(*(path.stem for path in STATEMENTS.glob("*.json") if path.stem != "turkiye_malaysia_2026"))


def test_the_real_statement_has_its_paragraphs_and_headings(real):
    assert real.paragraphs == [20, 20, 20]
    assert real.headings == [9, 9, 9]


def test_58_of_the_64_real_commitments_are_found_with_few_others(real):
    assert real.matched >= 58
    assert real.found - real.matched <= 6


def test_the_real_deadlines_and_target_are_exact(real):
    assert real.dated == [3, 3]
    assert real.share("target") == 1


def test_composed_statements_of_many_styles_are_read(composed):
    assert composed.heading_f1 >= 0.95
    assert composed.paragraph_f1 >= 0.95
    assert composed.f1 >= 0.9
    assert composed.dated[0] >= 0.9 * composed.dated[1]
    assert composed.share("strength") >= 0.9
    assert composed.share("side") >= 0.9
