"""Which earlier commitment a new one carries on: the rarer the words that two share, the more they weigh.

The share is that of the weight of the common words in the weight of all (a weighted Jaccard index, the weights as in
Spärck Jones 1972). The same amount in the same unit, such as USD 10 billion, weighs as much as two rare words.
"""

from collections import Counter, defaultdict
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
    return Earlier(earlier).continued_by(new, most)


class Earlier:
    """Earlier commitments by their words, so that each new one is compared with those alone that share some."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        held = {each.key: _stems(each) for each in wordings}
        self._weight = _weights(held.values())
        self._rare = self._weight[""]
        self._whole = {key: self._sum(stems) for key, stems in held.items()}
        self._holders: dict[str, list[Hashable]] = defaultdict(list)
        for key, stems in held.items():
            for stem in stems:
                self._holders[stem].append(key)

    def continued_by(self, new: Wording, most: int = 3) -> list[Continuation]:
        """What the new one may carry on, the most alike first."""
        own = _stems(new)
        whole = self._sum(own)
        shared: Counter[Hashable] = Counter()
        for stem in own:
            for key in self._holders.get(stem, ()):
                shared[key] += self._weight[stem]  # type: ignore[assignment]
        found = [Continuation(key, both / (whole + self._whole[key] - both)) for key, both in shared.items()]
        alike = [each for each in found if each.share >= LEAST]
        return sorted(alike, key=lambda each: (-each.share, str(each.key)))[:most]

    def _sum(self, stems: frozenset[str]) -> float:
        return sum(self._weight.get(stem, self._rare) for stem in stems)


def _stems(wording: Wording) -> frozenset[str]:
    words = "".join(ch if ch.isalnum() else " " for ch in fold(wording.words)).split()
    stems = {word[:STEM] for word in words if len(word) >= SHORTEST}
    return frozenset(stems | ({f"={fold(wording.target)}", f"=={fold(wording.target)}"} if wording.target else set()))


def _weights(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """What is in every text weighs next to nothing, what is in one alone the most."""
    held = list(texts)
    counts = Counter(stem for stems in held for stem in stems)
    return {stem: log(1 + len(held) / number) for stem, number in counts.items()} | {"": log(1 + len(held))}
