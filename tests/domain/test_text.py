import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.domain.text import fold, plain_spaces, sort_key, tidy


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("isbirligi", "İşbirliği"),
        ("TURKIYE", "Türkiye"),
        ("istişare", "İSTİŞARE"),
        ("şöğ", "ŞÖĞ"),
        ("ışık", "IŞIK"),
        ("strasse", "Straße"),
        ("kuala lumpur", "Kuala\u00a0Lumpur"),
    ],
)
def test_folding_makes_equal_what_people_mean_as_equal(query, text):
    assert fold(query) == fold(text)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_turkish_sorts_by_its_own_alphabet():
    towns = ["Zonguldak", "İzmir", "Isparta", "Çorum", "Cizre", "Şile", "Sivas"]

    assert sorted(towns, key=lambda town: sort_key(town, "tr")) == [
        "Cizre",
        "Çorum",
        "Isparta",
        "İzmir",
        "Sivas",
        "Şile",
        "Zonguldak",
    ]


@given(st.text(st.characters()))
def test_what_is_tidied_can_be_stored(text):
    tidied = tidy(text)

    assert "\x00" not in tidied
    assert tidied.encode("utf-8").decode("utf-8") == tidied
    assert tidy(tidied) == tidied


def test_blanks_become_single_spaces_but_line_breaks_stay():
    assert plain_spaces("a\u00a0 b\n\n c\td") == "a b\n\n c d"
