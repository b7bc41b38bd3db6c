"""Coverage: each sentence carries a commitment, or none with its reason."""

from datetime import date

from commitments.domain.coverage import LONGEST_READ, NOT_ASKED, NOT_KEPT, coverage, passed_over

ADOPTED = date(2026, 1, 7)
TITLE = "Joint Statement of the Republic of Türkiye and Malaysia"
TEXT = "The two sides thanked the people of Ankara. They agreed to open a school. They agreed to build a bridge."


def test_a_sentence_counts_as_carrying_where_a_commitment_touches_it():
    school = (TEXT.index("open"), TEXT.index("open") + 4)

    found = coverage(TEXT, [school], None)

    assert found.sentences == 3
    assert [TEXT[each.start : each.end] for each in found.bare] == [
        "The two sides thanked the people of Ankara.",
        "They agreed to build a bridge.",
    ]
    assert {each.reason for each in found.bare} == {NOT_ASKED}


def test_the_reading_says_why_a_sentence_carries_none():
    (passed,) = passed_over(TITLE, "en", ADOPTED, [("", TEXT)])

    reasons = [each.reason for each in coverage(TEXT, [], passed).bare]

    assert reasons == ["praise", NOT_KEPT, NOT_KEPT]


def test_no_reason_is_given_in_another_language_or_beyond_the_length_of_statements():
    assert passed_over(TITLE, "tr", ADOPTED, [("", TEXT)]) is None
    assert passed_over(TITLE, "en", ADOPTED, [("", "a" * (LONGEST_READ + 1))]) is None


def test_a_paragraph_without_words_has_no_sentence():
    assert coverage("", [], ()).sentences == 0
