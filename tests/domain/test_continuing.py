"""Which earlier commitment a new one carries on: found by its rarer words and its target, and no other."""

import json
from pathlib import Path

import pytest

from commitments.domain.continuing import Wording, continued

BREAKDOWN = Path(__file__).resolve().parents[2] / "fixtures" / "sources" / "turkiye_malaysia_2026" / "breakdown.json"
REPEATED = [  # composed: how a later statement would say it, and what it carries on
    ("reaffirmed the target of raising bilateral trade to USD 10 billion", "10 USD billion", "3.1"),
    ("agreed to hold the Joint Commission Meeting in 2027", "", "20.2"),
    ("looked forward to the Second High-Level Strategic Cooperation Council Meeting in Malaysia in 2028", "", "20.4"),
    ("to make full use of the Malaysia–Türkiye Free Trade Agreement", "", "3.2"),
    ("agreed to cooperate on economic corridors linking Europe, the Middle East and the Asia-Pacific", "", "4.3"),
]
NEW = [
    "agreed to establish a joint working group on fisheries and coral reef protection",
    "decided to open a consulate in Penang",
    "expressed their readiness to exchange archives of the nineteenth century",
]


@pytest.fixture(scope="module")
def earlier():
    rows = json.loads(BREAKDOWN.read_text("utf-8"))["commitments"]
    return [Wording(row["ref"], f"{row['title']} {row['quote']}", target_of(row)) for row in rows]


def target_of(row):
    measured = row["indicator"]
    return f"{float(measured['target']):g} {measured['unit']}" if measured and measured["target"] else ""


@pytest.mark.parametrize(("words", "target", "ref"), REPEATED, ids=[row[2] for row in REPEATED])
def test_a_repeated_commitment_is_among_the_few_that_are_offered(earlier, words, target, ref):
    found = continued(Wording(None, words, target), earlier)

    assert ref in [each.key for each in found]
    assert len(found) <= 3


@pytest.mark.parametrize("words", NEW)
def test_something_new_carries_nothing_on(earlier, words):
    assert continued(Wording(None, words), earlier) == []


def test_the_same_amount_counts_though_the_words_differ(earlier):
    words = "underlined the goal of doubling the volume of commerce"

    without = continued(Wording(None, words), earlier)

    assert without == []


def test_nothing_is_compared_with_nothing():
    assert continued(Wording(None, "anything"), []) == []
    assert continued(Wording(None, ""), [Wording("1.1", "")]) == []
