from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments.domain.cleaning import fold_text, repair_mojibake
from commitments.domain.parsing import MAX_CHARACTERS, TooLongError, read_statement
from commitments.domain.readings import LineHint

WORDS = st.sampled_from(
    [
        "The Leaders agreed to", "strengthen trade.", "1.", "2.", "(a)", "•", "\n", "\n\n", "\f", "I.", "ANNEX",
        "Ankara,", "7 January 2026", "[1]", "Done at", "Political Cooperation", "coopera-\n", "tion", "HOME > News",
        "3", "by 2027", "Source: x",
        "Joint Statement", "We will", "Recalling", ":", ";", "“", "USD 10 billion", "\u00a0", "\u00ad", "Page 1 of 2",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=400))
def test_the_pieces_joined_are_the_folded_text(text):
    reading = read_statement(text)

    assert "".join(piece.text for piece in reading.pieces) == fold_text(repair_mojibake(text))
    assert all(before.end == after.start for before, after in pairwise(reading.pieces))


@settings(deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_every_word_of_a_paragraph_stands_in_its_piece(text):
    reading = read_statement(text)
    placed = "".join(piece.text for piece in reading.pieces if piece.role in {"paragraph", "heading", "annex"})
    kept = _letters(placed)

    for paragraph in (*reading.paragraphs, *reading.annexes):
        assert _is_within(_letters(paragraph.text), kept)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_a_quote_is_the_slice_of_its_paragraph(text):
    for paragraph in read_statement(text).paragraphs:
        for proposal in paragraph.proposals:
            assert proposal.quote == paragraph.text[proposal.start : proposal.end]
            assert all(proposal.start <= start < end <= proposal.end for start, end in proposal.finer_splits)


def test_folding_changes_white_space_and_nothing_else():
    assert fold_text("a\u00a0b\t c \r\n\u2009d\u00adé\ufeff\x00") == "a b c\ndé"


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("TÃ¼rkiyeâ€™s ties", "Türkiye’s ties"),
        ("Ankara â€“ Kuala Lumpur", "Ankara – Kuala Lumpur"),
        ("Türkiye’s Ã©lan", "Türkiye’s élan"),
        ("Ångström and Ærø", "Ångström and Ærø"),
        ("Türkiye", "Türkiye"),
    ],
)
def test_mojibake_is_mended_and_other_text_left_alone(broken, mended):
    assert repair_mojibake(broken) == mended


STATEMENT = """JOINT STATEMENT OF CHILE AND INDIA

(New Delhi, 3 April 2026)

30 Years of Friendship
{body}"""


@pytest.mark.parametrize("mark", ["{}. ", "{}) ", "({}) ", "{} ", "{}- ", "{}.\n", "[{}] "])
def test_paragraph_numbers_are_known_in_every_style(mark):
    sentences = ["The leaders met in New Delhi.", "They agreed to meet again in 2027.", "They will exchange experts."]
    body = "\n\n".join(mark.format(at) + sentence for at, sentence in enumerate(sentences, 1))

    reading = read_statement(STATEMENT.format(body=body))

    assert [paragraph.number for paragraph in reading.paragraphs] == ["1", "2", "3"]
    assert [paragraph.text for paragraph in reading.paragraphs] == sentences
    assert [heading.text for heading in reading.headings] == ["30 Years of Friendship"]


def test_roman_numbers_alone_on_their_lines_number_paragraphs():
    reading = read_statement(
        "Joint Communiqué\n\nI.\nThe parties met in Riga.\n\nII.\nThe parties agreed to open a centre.\n"
    )

    assert [(each.number, each.text) for each in reading.paragraphs] == [
        ("I", "The parties met in Riga."),
        ("II", "The parties agreed to open a centre."),
    ]


def test_numbers_that_restart_under_each_heading_stay_as_printed():
    body = "TRADE\n1. The sides agreed to meet.\n2. They agreed to trade.\n\nCULTURE\n1. They will hold a festival.\n"

    reading = read_statement("Joint Declaration\n\nRiga, 2 May 2026\n\n" + body)

    assert [(each.heading, each.number) for each in reading.paragraphs] == [
        ("TRADE", "1"),
        ("TRADE", "2"),
        ("CULTURE", "1"),
    ]


def test_all_ones_stay_ones():
    body = "\n\n".join(f"1. The sides agreed to take step number {word} together." for word in ("one", "two", "three"))

    assert [each.number for each in read_statement("Joint Declaration\n\n" + body).paragraphs] == ["1", "1", "1"]


def test_items_belong_to_their_paragraph():
    body = (
        "1. The sides agreed to:\n(a) open a centre;\n(b) train experts; and\n(c) meet every year.\n\n2. "
        "They will report.\n"
    )

    reading = read_statement("Joint Declaration\n\n" + body)

    assert [each.number for each in reading.paragraphs] == ["1", "2"]
    assert [each.quote for each in reading.paragraphs[0].proposals] == [
        "open a centre",
        "train experts",
        "meet every year",
    ]


def test_a_letter_alone_above_a_paragraph_heads_it():
    paragraph = "The two sides agreed to explore collaboration in green hydrogen and in ammonia."
    text = (
        f"Joint Statement\n\nMuscat, 2 May 2026\n\nB. ECONOMY\n\ni) Trade\n\n{paragraph}\n\nii) Energy\n\n{paragraph}\n"
    )

    assert [each.text for each in read_statement(text).headings] == ["B. ECONOMY", "i) Trade", "ii) Energy"]


def test_headings_may_run_into_their_paragraphs():
    text = (
        "Joint Statement\n\nTrade: The sides agreed to trade.\n\nEnergy. They will meet yearly.\n\nCulture – "
        "They praised artists.\n"
    )

    reading = read_statement(text)

    assert [each.text for each in reading.headings] == ["Trade", "Energy", "Culture"]
    assert reading.paragraphs[0].text == "The sides agreed to trade."


PDF_TEXT = """JOINT COMMUNIQUÉ

1. The Presidents met in Accra on 3 March 2026 and reviewed the full range of the ties that bind their
two countries since 1957, when the first ambassadors took up their posts. They agreed to facil-
itate business visas¹ and to

Joint Communiqué Ghana-Brazil
2

continue consultations on the dates that the experts had left open at their meeting in Brasília in
2024. They were pleased with the results.

2. The Presidents will meet again in 2028.

¹ For stays of up to ninety days.

Joint Communiqué Ghana-Brazil
3
"""


def test_pages_broken_in_mid_sentence_are_mended():
    reading = read_statement(PDF_TEXT)

    assert [each.number for each in reading.paragraphs] == ["1", "2"]
    assert (
        "agreed to facilitate business visas and to continue consultations on the dates" in reading.paragraphs[0].text
    )
    assert "meeting in Brasília in 2024. They" in reading.paragraphs[0].text
    assert [(note.mark, note.text) for note in reading.footnotes] == [("1", "For stays of up to ninety days.")]


def test_a_hyphen_that_belongs_stays():
    text = (
        "The high-\nlevel council of the well-known coun-\ntries agreed to meet. A high-level council. The "
        "countries met."
    )

    assert (
        read_statement(text).paragraphs[0].text.startswith("The high-level council of the well-known countries agreed")
    )


def test_the_page_around_a_statement_is_no_part_of_it():
    text = (
        "Home > News > Statements\nPublished: 3 May 2026\n\nJoint Statement of Fiji and Samoa\n\nSuva, 2 May "
        "2026\n\nPhoto: Ministry\n\n"
        "1. The leaders agreed to meet yearly.\n\n2. They will report on progress.\n\nSource: Ministry of Fiji\nShare\n"
    )

    reading = read_statement(text)

    assert reading.title == "Joint Statement of Fiji and Samoa"
    assert (reading.place, reading.adopted_on) == ("Suva", date(2026, 5, 2))
    assert [each.number for each in reading.paragraphs] == ["1", "2"]
    assert not reading.unplaced


def test_a_span_of_days_or_a_date_of_publication_is_no_day_of_adoption():
    text = (
        "Joint Statement\n\nPublished: 9 May 2026\n\nThe President paid a visit to Chile from 2 to 5 May "
        "2026. They agreed to meet."
    )

    assert read_statement(text).adopted_on is None


@pytest.mark.parametrize(
    "front",
    [
        "Joint Communiqué issued at the conclusion of the second session of the Commission of the Republic of Chile "
        "and the Republic of Fiji, which was held in the city of Suva on the margins of the Forum of the Islands",
        "Joint Communiqué of Chile and Fiji\n\nOffice of the Spokesperson\n\nBegin text:",
        "Joint Communiqué of Chile and Fiji\n\nThe press release was issued by the Foreign Office on 9 May 2026.",
    ],
)
def test_a_long_title_and_lines_about_the_statement_are_no_paragraphs(front):
    reading = read_statement(f"{front}\n\nThe Ministers met in Suva. They agreed to open a harbour for small boats.")

    assert reading.title.startswith("Joint Communiqué")
    assert [each.text[:17] for each in reading.paragraphs] == ["The Ministers met"]
    assert (reading.headings, reading.adopted_on) == ((), None)


def test_signatures_and_annexes_are_kept_apart():
    text = (
        "Joint Statement\n\n1. The sides agreed to meet.\n\n2. They will report.\n\nFor the Republic of "
        "Chile\nGabriel Soto\nPresident\n\n"
        "ANNEX: LIST OF DOCUMENTS\n1. Memorandum on Energy\n2. Letter of Intent on Sport\n"
    )

    reading = read_statement(text)

    assert [each.number for each in reading.paragraphs] == ["1", "2"]
    assert reading.signatures == ("For the Republic of Chile", "Gabriel Soto", "President")
    assert [each.text for each in reading.annexes] == ["Memorandum on Energy", "Letter of Intent on Sport"]


def test_what_fits_nowhere_is_unplaced_and_said_so():
    reading = read_statement(
        "Joint Statement\n\n1. The sides agreed to meet.\n\n2. They will report.\n\nOddments Of The Page\n"
    )

    assert reading.unplaced == ("Oddments Of The Page",)
    assert "unplaced" in reading.warnings


def test_hints_of_the_file_make_headings():
    text = (
        "Joint Statement\n\ntrade and what comes of it, in the long run\n\nThe sides agreed to trade more "
        "with each other.\n"
    )

    reading = read_statement(text, hints={2: LineHint("heading", 2)})

    assert [each.text for each in reading.headings] == ["trade and what comes of it, in the long run"]


def test_a_text_longer_than_any_statement_is_refused():
    with pytest.raises(TooLongError):
        read_statement("a" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize(
    "text",
    [
        "The Leaders dıscussed trade and wıll meet by Aprıl 2027, in sprıng 2028, on 5 Aprıl 2027.",
        "They agreed to trıple trade to 5 bıllıon dollars by the ﬁrst half of 2027, within ten years’ time.",
        "Jan. 5, 2026\n\nThe sides agreed to meet on 30 Feb. 2027 and by Sept. 2027.",
        "İstanbul, 31 June 2026\n\nWe agreed to meet in 20٢٧ and by 99/99/2027.",
    ],
)
def test_odd_letters_and_days_that_do_not_exist_crash_nothing(text):
    assert read_statement(text).pieces


def _letters(text):
    return [ch for ch in text if ch.isalnum()]


def _is_within(part, whole):
    """Whether the letters of one stand in the other in the same order."""
    rest = iter(whole)
    return all(letter in rest for letter in part)
