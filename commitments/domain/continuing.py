"""Which earlier commitment a new one carries on: the rarer the words that two share, the more they weigh.

The share is that of the weight of the common words in the weight of all (a weighted Jaccard index, the weights as in
Spärck Jones 1972). The same amount in the same unit, such as USD 10 billion, weighs as much as two rare words.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import log

from commitments.domain.text import fold

LEAST = 0.18  # of pairs tried, those that belong together share 0.19 and more, others 0.10 at most
STEM = 6  # letters by which words are compared: "convene" and "convening" are one
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Wording:
    """A commitment's words: its title and its quote, and its target as "10 USD billion" where it has one."""

    key: Hashable
    words: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Continuation:
    """An earlier commitment that a new one may carry on, and how alike they are (0 to 1)."""

    key: Hashable
    share: float


def continued(new: Wording, earlier: Sequence[Wording], most: int = 3) -> list[Continuation]:
    """The earlier commitments that the new one may carry on, the most alike first; none where none is alike enough."""
    stems = {each.key: _stems(each) for each in earlier}
    weight = _weights(stems.values())
    own = _stems(new)
    found = [Continuation(key, _share(own, other, weight)) for key, other in stems.items()]
    alike = [each for each in found if each.share >= LEAST]
    return sorted(alike, key=lambda each: (-each.share, str(each.key)))[:most]


def _stems(wording: Wording) -> frozenset[str]:
    words = "".join(ch if ch.isalnum() else " " for ch in fold(wording.words)).split()
    stems = {word[:STEM] for word in words if len(word) >= SHORTEST}
    return frozenset(stems | ({f"={fold(wording.target)}", f"=={fold(wording.target)}"} if wording.target else set()))


def _weights(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """What is in every text weighs next to nothing, what is in one alone the most."""
    held = list(texts)
    counts = Counter(stem for stems in held for stem in stems)
    return {stem: log(1 + len(held) / number) for stem, number in counts.items()} | {"": log(1 + len(held))}


def _share(own: frozenset[str], other: frozenset[str], weight: dict[str, float]) -> float:
    rare = weight[""]
    whole = sum(weight.get(stem, rare) for stem in own | other)
    return sum(weight.get(stem, rare) for stem in own & other) / whole if whole else 0.0
