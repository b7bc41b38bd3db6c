"""Who might answer for a clause: the body whose earlier work, or whose name, is nearest to its words.

Each body is known by its name and by the commitments that it leads. A word counts the more, the fewer bodies it
stands for (tf-idf); a body's likeness is that of its nearest text, so that a ministry of many subjects is not
outweighed by one of few.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from commitments.domain.text import fold

LEAST = 0.1  # below it, a shared word is chance
SHORTEST = 4  # letters of a word that tells a subject
STEM = 6  # letters that count: "invest", "investment" and "investing" are one subject
_COMMON = """with from that this their both sides between which through including also into such other under within
agreed leaders reaffirmed commitment cooperation strengthen strengthening enhance enhancing ministry ministers minister
department agency authority national general directorate countries further areas field fields development promote
promoting expand importance"""
COMMON = frozenset(_COMMON.split())  # words that tell no subject
Vector = dict[str, float]


class Subjects:
    """Bodies by the texts that tell what they deal with: the name first, then what each leads already."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        self.words = {key: [_words(text) for text in each] for key, each in texts.items()}
        self.bodies = Counter(word for each in self.words.values() for word in {w for one in each for w in one})
        self.vectors = {key: [self._vector(one) for one in each] for key, each in self.words.items()}

    def nearest(self, text: str) -> list[tuple[str, float]]:
        """The bodies near enough to a text to be suggested, the nearest first."""
        asked = self._vector(_words(text))
        found = [(key, max((_cosine(asked, one) for one in each), default=0.0)) for key, each in self.vectors.items()]
        return sorted([pair for pair in found if pair[1] >= LEAST], key=lambda pair: -pair[1])

    def _vector(self, words: Sequence[str]) -> Vector:
        total = len(self.words) + 1
        weights = {word: math.log(total / self.bodies[word]) for word in set(words) if self.bodies[word]}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}


def _words(text: str) -> list[str]:
    plain = "".join(ch if ch.isalnum() else " " for ch in fold(text)).split()
    return [word[:STEM] for word in plain if len(word) >= SHORTEST and word not in COMMON]


def _cosine(first: Vector, second: Vector) -> float:
    return sum(weight * second.get(word, 0.0) for word, weight in first.items())
