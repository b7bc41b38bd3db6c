"""Marks cut a paragraph into pieces, and the pieces put together are the paragraph."""

import re

from hypothesis import given
from hypothesis import strategies as st

from commitments.domain.marking import Piece, marked

TEXTS = st.text(alphabet="ab \nİ💥", min_size=1, max_size=60)


@st.composite
def texts_with_spans(draw):
    text = draw(TEXTS)
    spans = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text) - 1))
        spans.append((start, draw(st.integers(start + 1, len(text)))))
    return text, spans


@given(texts_with_spans())
def test_the_pieces_are_the_text(case):
    text, spans = case

    pieces = marked(text, spans)

    assert ["".join(piece.text for piece in part) for part in pieces] == [
        part for part in re.split(r"\n{2,}", text) if part
    ]


@given(texts_with_spans())
def test_every_piece_lies_wholly_in_its_marks_and_no_other(case):
    text, spans = case
    at = 0

    for part in marked(text, spans):
        for piece in part:
            at = text.index(piece.text, at)
            inside = {place for place, (start, end) in enumerate(spans) if start <= at and at + len(piece.text) <= end}
            assert set(piece.marks) == inside
            assert set(piece.opens) | set(piece.closes) <= inside
            at += len(piece.text)


def test_the_innermost_mark_comes_first():
    (pieces,) = marked("abcdef", [(0, 6), (2, 4)])

    assert [(piece.text, piece.marks) for piece in pieces] == [("ab", (0,)), ("cd", (1, 0)), ("ef", (0,))]
    assert (pieces[1].opens, pieces[1].closes, pieces[2].closes) == ((1,), (1,), (0,))


def test_a_mark_across_a_blank_line_opens_in_one_part_and_closes_in_the_next():
    first, second = marked("one two\n\nthree four", [(4, 14)])

    assert first == [Piece("one "), Piece("two", (0,), opens=(0,))]
    assert second == [Piece("three", (0,), closes=(0,)), Piece(" four")]


def test_the_last_word_is_parted_where_the_mark_ends():
    (pieces,) = marked("agreed to expand trade now", [(0, 22)])

    assert (pieces[0].head, pieces[0].tail) == ("agreed to expand ", "trade")
    assert (pieces[1].head, pieces[1].tail) == (" now", "")
