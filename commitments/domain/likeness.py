"""How alike two texts are, by the runs of five words that they share (Broder 1997, "shingles")."""

from collections.abc import Mapping
from typing import TypeVar

from commitments.domain.text import fold

WORDS_IN_A_RUN = 5
NEARLY_THE_SAME = 0.6
Key = TypeVar("Key")


def shingles(text: str) -> frozenset[int]:
    """The runs of five words of a text, without case, accents and punctuation; a shorter text is one run."""
    words = "".join(ch if ch.isalnum() else " " for ch in fold(text)).split()
    last = max(len(words) - WORDS_IN_A_RUN, 0)
    return frozenset(hash(tuple(words[at : at + WORDS_IN_A_RUN])) for at in range(last + 1)) if words else frozenset()


def likeness(first: frozenset[int], second: frozenset[int]) -> float:
    """The share of the shorter text's runs that the other has as well: 1 for a text and an excerpt of it."""
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0


def nearly_the_same(text: str, others: Mapping[Key, str], least: float = NEARLY_THE_SAME) -> list[tuple[Key, float]]:
    """Those of the other texts that are nearly this one, the most alike first."""
    own = shingles(text)
    found = [(key, likeness(own, shingles(other))) for key, other in others.items()]
    return sorted([pair for pair in found if pair[1] >= least], key=lambda pair: -pair[1])
