import pytest

from commitments.domain.references import paragraph_labels, shortened


@pytest.mark.parametrize(
    ("paragraphs", "labels"),
    [
        ([(0, "1"), (1, "2"), (1, "20")], ["1", "2", "20"]),
        ([(0, "(3a)"), (1, "IV.")], ["3a", "IV"]),
        ([(1, "1"), (1, "2"), (2, "1"), (2, "3")], ["1-1", "2", "2-1", "3"]),
        ([(0, ""), (0, ""), (1, "")], ["1", "2", "3"]),
        ([(0, ""), (1, "1"), (2, "")], ["P1", "1", "P2"]),
        ([(1, "1"), (1, "1"), (1, "1")], ["P1", "P2", "P3"]),
        ([], []),
    ],
)
def test_each_paragraph_is_called_by_its_number_where_that_is_its_own(paragraphs, labels):
    assert paragraph_labels(paragraphs) == labels


def test_a_long_heading_is_cut_between_words():
    assert shortened("Trade", 60) == "Trade"
    assert shortened("Working Together on Energy, Climate Change and Technology", 30) == "Working Together on Energy…"
