from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.domain.cleaning import fold_text, repair_mojibake
from commitments.domain.parsing import read_statement
from commitments.domain.parts import (
    CannotError,
    Part,
    PartRole,
    full_text,
    is_whole,
    merged,
    numbered,
    parts_of,
    place_of_words,
    places_to_split,
    split,
    unnumbered,
    with_role,
)
from tests.domain.test_parsing import WORDS

TEXT = """HOME > News
JOINT STATEMENT OF CHILE AND INDIA

(New Delhi, 3 April 2026)

1. The leaders met in New Delhi. They agreed to strengthen
coopera-
tion in trade.
Page 1 of 2
2. They will exchange experts.

Looking Ahead
3. They agreed to meet again in 2027.
"""
CORRECTIONS = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "role", "number", "plain", "move"]), st.integers(0, 40)), max_size=12
)


def corrected(parts: Sequence[Part], folded: str, what: str, number: int) -> list[Part]:
    """The parts after one correction of the sort that a person makes, or as they were where it makes no sense."""
    at = number % len(parts)
    part, rest = parts[at], [*parts[:at], *parts[at + 1 :]]
    if what == "merge" and at:
        whole, moved = merged(parts[at - 1], part, folded)
        assert whole.text[moved:] == part.text
        return [*parts[: at - 1], whole, *parts[at + 1 :]]
    if what == "split" and (places := places_to_split(part)):
        first, second, moved = split(part, places[number % len(places)], folded)
        assert part.text[moved:] == second.text
        return [*parts[:at], first, second, *parts[at + 1 :]]
    if what == "move":
        return [*rest[: number // 2], part, *rest[number // 2 :]]
    turned = {
        "role": lambda: with_role(part, [*PartRole][number % len(PartRole)], folded),
        "number": lambda: numbered(part) if part.role == PartRole.PARAGRAPH else part,
        "plain": lambda: unnumbered(part, folded),
    }
    return [*parts[:at], turned.get(what, lambda: part)(), *parts[at + 1 :]]


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join) | st.text(max_size=300), CORRECTIONS)
def test_the_parts_are_the_whole_text_after_every_correction(text, corrections):
    folded = fold_text(repair_mojibake(text))
    parts = parts_of(read_statement(text))
    if not parts:
        assert not folded.strip()
        return
    assert is_whole(parts, folded)

    for what, number in corrections:
        parts = corrected(parts, folded, what, number)

        assert is_whole(parts, folded)
        for part in parts:
            raw = "".join(folded[start:end] for start, end in part.slices)
            assert stands_in(letters(full_text(part, folded)), letters(raw))


def letters(text):
    return "".join(text.split())


def stands_in(words, raw):
    rest = iter(raw)
    return all(letter in rest for letter in words)


@pytest.fixture
def parts():
    return parts_of(read_statement(TEXT))


def test_a_reading_becomes_parts(parts):
    shown = [(part.role.value, part.number, part.text) for part in parts]

    assert shown == [
        ("left_out", "", "HOME > News"),
        ("title", "", "JOINT STATEMENT OF CHILE AND INDIA"),
        ("dateline", "", "(New Delhi, 3 April 2026)"),
        (
            "paragraph",
            "1",
            "The leaders met in New Delhi. They agreed to strengthen cooperation in trade.",
        ),
        ("left_out", "", "Page 1 of 2"),
        ("paragraph", "2", "They will exchange experts."),
        ("heading", "", "Looking Ahead"),
        ("paragraph", "3", "They agreed to meet again in 2027."),
    ]


def test_a_paragraph_goes_on_behind_what_a_page_put_between():
    parts = parts_of(read_statement(TEXT.replace("agreed to strengthen\n", "agreed to strengthen\n\nPage 9 of 9\n\n")))

    first = next(part for part in parts if part.number == "1")
    assert "strengthen cooperation" in first.text
    assert len(first.slices) == 2


def test_a_heading_takes_its_number_along_and_gives_it_back(parts):
    paragraph = parts[-1]

    heading = with_role(paragraph, PartRole.HEADING, TEXT, level=2)

    assert (heading.text, heading.level) == ("3. They agreed to meet again in 2027.", 2)
    assert with_role(heading, PartRole.PARAGRAPH, TEXT) == paragraph


def test_what_is_split_can_be_merged_again(parts):
    paragraph = parts[3]

    first, second, moved = split(paragraph, place_of_words(paragraph, "They agreed"), TEXT)
    whole, moved_back = merged(first, second, TEXT)

    assert (first.text, first.number) == ("The leaders met in New Delhi.", "1")
    assert second.text == "They agreed to strengthen cooperation in trade."
    assert moved == 30
    assert whole.text == f"{first.text}\n\n{second.text}"
    assert moved_back == 31
    assert whole.slices == paragraph.slices


def test_a_paragraph_that_was_split_off_finds_its_number(parts):
    whole, _moved = merged(parts[3], parts[5], TEXT)
    assert whole.text.endswith("\n\n2. They will exchange experts.")

    _first, second, _moved = split(whole, place_of_words(whole, "2. They"), TEXT)

    assert (second.number, second.text) == ("2", "They will exchange experts.")


@pytest.mark.parametrize("words", ["", "nowhere", "The"])
def test_words_that_do_not_stand_there_or_begin_the_part_split_nothing(words, parts):
    with pytest.raises(CannotError) as refusal:
        split(parts[3], place_of_words(parts[3], words), TEXT)

    assert refusal.value.code == "no_place"


def test_a_part_joined_out_of_order_is_split_where_its_words_stand():
    folded = "Old words. New words. More of them."
    part = Part(PartRole.PARAGRAPH, "New words. More of them. Old words.", ((11, 35), (0, 11)))

    first, second, _ = split(part, part.text.index("Old"), folded)

    assert (first.slices, second.slices) == (((11, 35),), ((0, 11),))
