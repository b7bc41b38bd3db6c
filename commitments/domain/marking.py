"""A paragraph's text cut where a mark begins or ends, and where a sub-paragraph does."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

_BREAK = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks: the places of their spans, the shortest span first."""

    text: str
    marks: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()

    @property
    def head(self) -> str:
        """All but the last word, which stays with the number printed behind it."""
        return self.text[: len(self.text) - len(self.tail)]

    @property
    def tail(self) -> str:
        return self.text.rpartition(" ")[2] if self.closes else ""


def marked(text: str, spans: Sequence[tuple[int, int]]) -> list[list[Piece]]:
    """Sub-paragraphs as lists of pieces; joined, with their blank lines, the pieces are the text itself.

    Spans are (first character, character after the last) and may overlap or cross a blank line.
    """
    breaks = [match.span() for match in _BREAK.finditer(text)]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    return [_pieces(text, start, end, spans) for start, end in zip(starts, ends, strict=True) if start < end]


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    edges = {edge for span in spans for edge in span if start < edge < end}
    cuts = sorted({start, end, *edges})
    return [_piece(text, left, right, spans) for left, right in itertools.pairwise(cuts)]


def _piece(text: str, left: int, right: int, spans: Sequence[tuple[int, int]]) -> Piece:
    covering = [place for place, (start, end) in enumerate(spans) if start <= left and right <= end]
    covering.sort(key=lambda place: spans[place][1] - spans[place][0])
    return Piece(
        text[left:right],
        tuple(covering),
        opens=tuple(place for place in covering if spans[place][0] == left),
        closes=tuple(place for place in covering if spans[place][1] == right),
    )
