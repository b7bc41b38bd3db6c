"""How well readings agree with labelled statements: precision, recall and F1, and what each proposal got right.

A found commitment matches a label when their spans in the same paragraph share at least half of the words of both
(intersection over union ≥ 0.5), one to one, best first. Paragraphs and headings are compared without case and marks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from commitments.domain.readings import Paragraph, Proposal, Reading

OVERLAP = 0.5
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


@dataclass
class Score:
    """Counts over any number of statements; `bands` holds, by band of confidence, proposals and those that matched."""

    found: int = 0
    labelled: int = 0
    matched: int = 0
    headings: list[int] = field(default_factory=lambda: [0, 0, 0])
    paragraphs: list[int] = field(default_factory=lambda: [0, 0, 0])
    right: Counter[str] = field(default_factory=Counter)
    dated: list[int] = field(default_factory=lambda: [0, 0])
    keys: dict[str, list[int]] = field(default_factory=dict)
    bands: dict[float, list[int]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.matched / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        return _f1(self.matched, self.found, self.labelled)

    @property
    def heading_f1(self) -> float:
        return _f1(*self.headings)

    @property
    def paragraph_f1(self) -> float:
        return _f1(*self.paragraphs)

    def share(self, field_name: str) -> float:
        """Of the matched proposals, the share whose strength, side, deadline or target is the label's."""
        return self.right[field_name] / self.matched if self.matched else 1.0


def score_reading(score: Score, reading: Reading, labels: dict[str, Any]) -> None:
    """Adds one statement to the score; `labels` has the shape of `read_statement --json`."""
    _count(
        score.headings, [_plain(each.text) for each in reading.headings], [_plain(each) for each in labels["headings"]]
    )
    found = [_paragraph_key(each.number, each.heading, each.text) for each in reading.paragraphs]
    wanted = [_paragraph_key(each["number"], each["heading"], each["text"]) for each in labels["paragraphs"]]
    _count(score.paragraphs, found, wanted)
    by_text = {_plain(each.text): each for each in reading.paragraphs}
    seen = set()
    for label in labels["paragraphs"]:
        paragraph = by_text.get(_plain(label["text"]))
        seen.add(_plain(label["text"]))
        _score_paragraph(score, paragraph, label)
    for text, paragraph in by_text.items():
        if text not in seen:
            _add_others(score, paragraph.proposals)


def _score_paragraph(score: Score, paragraph: Paragraph | None, label: dict[str, Any]) -> None:
    proposals = paragraph.proposals if paragraph else ()
    wanted = label["commitments"]
    score.labelled += len(wanted)
    pairs = _pairs(paragraph.text if paragraph else "", proposals, label["text"], wanted)
    score.matched += len(pairs)
    score.found += len(proposals)
    for at, proposal in enumerate(proposals):
        _note(score, proposal, matched=at in pairs)
        if at not in pairs:
            score.others.append(f"[{proposal.cues[-1]}] {proposal.quote}")
    score.missed += [each["quote"] for at, each in enumerate(wanted) if at not in pairs.values()]
    for at, to in pairs.items():
        _compare(score, proposals[at], wanted[to])


def _compare(score: Score, proposal: Proposal, label: dict[str, Any]) -> None:
    due = (
        (proposal.deadline.due_on.isoformat(), proposal.deadline.precision.value) if proposal.deadline else (None, None)
    )
    same_date = due == (label["due_on"], label["due_precision"])
    target = (proposal.target.amount, proposal.target.unit) if proposal.target else None
    wanted = (label["target"]["amount"], label["target"]["unit"]) if label["target"] else None
    score.right["strength"] += proposal.strength.value == label["strength"]
    score.right["side"] += proposal.side == label["side"]
    score.right["deadline"] += same_date
    score.right["target"] += target == wanted
    if label["due_on"]:
        score.dated[1] += 1
        score.dated[0] += same_date


def _pairs(
    text: str, proposals: Sequence[Proposal], label_text: str, labels: Sequence[dict[str, Any]]
) -> dict[int, int]:
    """Proposals to labels, by position, best overlap first."""
    overlaps = []
    for at, proposal in enumerate(proposals):
        for to, label in enumerate(labels):
            share = _overlap(
                _words(text, proposal.start, proposal.end), _words(label_text, label["start"], label["end"])
            )
            if share >= OVERLAP:
                overlaps.append((share, at, to))
    pairs: dict[int, int] = {}
    for _, at, to in sorted(overlaps, reverse=True):
        if at not in pairs and to not in pairs.values():
            pairs[at] = to
    return pairs


def _words(text: str, start: int, end: int) -> set[int]:
    """The words of a span, by their place among the words of the text."""
    return {at for at, match in enumerate(re.finditer(r"\w+", text)) if start <= match.start() < end}


def _overlap(first: set[int], second: set[int]) -> float:
    return len(first & second) / len(first | second) if first or second else 0.0


def _note(score: Score, proposal: Proposal, *, matched: bool) -> None:
    band = next(low for low, high in _bands() if low <= proposal.confidence < high)
    for counts in (score.bands.setdefault(band, [0, 0]), score.keys.setdefault(proposal.cues[-1], [0, 0])):
        counts[0] += 1
        counts[1] += matched


def _bands() -> Iterator[tuple[float, float]]:
    return pairwise(BANDS)


def _add_others(score: Score, proposals: Iterable[Proposal]) -> None:
    for proposal in proposals:
        score.found += 1
        _note(score, proposal, matched=False)
        score.others.append(f"[{proposal.cues[-1]}] {proposal.quote}")


def _count(counts: list[int], found: Sequence[Any], wanted: Sequence[Any]) -> None:
    """Adds matched, found and labelled, in this order."""
    counts[0] += (Counter(found) & Counter(wanted)).total()
    counts[1] += len(found)
    counts[2] += len(wanted)


def _paragraph_key(number: str | None, heading: str, text: str) -> tuple[str, str, str]:
    return number or "", _plain(heading), _plain(text)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _f1(matched: int, found: int, labelled: int) -> float:
    return 2 * matched / (found + labelled) if found + labelled else 1.0
