"""Who might answer for a clause: the body whose earlier work, or whose name, is nearest to its words.

Each body is known by its name and by the commitments that it leads. A word counts the more, the fewer bodies it
stands for (tf-idf); a body's likeness is that of its nearest text, so that a ministry of many subjects is not
outweighed by one of few.
"""

import math
from collections import defaultdict
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
        told = [(key, _words(text)) for key, each in texts.items() for text in each]
        bodies: dict[str, set[str]] = defaultdict(set)
        for key, words in told:
            for word in words:
                bodies[word].add(key)
        self.weights = {word: math.log((len(texts) + 1) / len(known)) for word, known in bodies.items()}
        self.keys = [key for key, _ in told]
        self.standing: dict[str, list[tuple[int, float]]] = defaultdict(list)  # where each word stands, and its weight
        for place, (_, words) in enumerate(told):
            for word, weight in self._vector(words).items():
                self.standing[word].append((place, weight))

    def nearest(self, text: str) -> list[tuple[str, float]]:
        """The bodies near enough to a text to be suggested, the nearest first."""
        scores: dict[int, float] = defaultdict(float)
        for word, weight in self._vector(_words(text)).items():
            for place, other in self.standing[word]:
                scores[place] += weight * other
        best: dict[str, float] = {}
        for place, score in scores.items():
            best[self.keys[place]] = max(score, best.get(self.keys[place], 0.0))
        return sorted([pair for pair in best.items() if pair[1] >= LEAST], key=lambda pair: (-pair[1], pair[0]))

    def _vector(self, words: Sequence[str]) -> Vector:
        """The words with their weights, as a vector of length one (cosine)."""
        weights = {word: self.weights[word] for word in set(words) if word in self.weights}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}


def _words(text: str) -> list[str]:
    plain = "".join(ch if ch.isalnum() else " " for ch in fold(text)).split()
    return [word[:STEM] for word in plain if len(word) >= SHORTEST and word not in COMMON]
