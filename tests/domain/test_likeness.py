from pathlib import Path

import pytest

from commitments.domain.likeness import likeness, nearly_the_same, shingles

FOLDER = Path(__file__).parents[1] / "data" / "statements"
OF_THE_SAME_STYLE = ("china_malaysia", "turkiye_azerbaijan", "turkiye_saudi_arabia")


def text_of(name):
    return (FOLDER / f"{name}.txt").read_text("utf-8")


def test_a_text_is_recognised_through_another_layout():
    text = text_of("turkiye_malaysia_2026")
    other = "\n".join(text.replace("’", "'").upper().split())

    assert nearly_the_same(text, {"same": other})[0] == ("same", pytest.approx(1, abs=0.03))


def test_an_excerpt_is_recognised_and_a_statement_of_the_same_style_is_not():
    text = text_of("turkiye_malaysia_2026")
    others = {name: text_of(name) for name in OF_THE_SAME_STYLE}

    assert nearly_the_same(text, {**others, "excerpt": text[2000:5000]}) == [("excerpt", pytest.approx(1, abs=0.03))]


@pytest.mark.parametrize("text", ["", " . ", "two words"])
def test_a_text_of_few_words_is_like_itself_at_most(text):
    assert likeness(shingles(text), shingles("the leaders met in Ankara today")) == 0
