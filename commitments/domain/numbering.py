"""The labels at the head of a line, and which of them number the statement's paragraphs.

A number is a paragraph's only as one of a row: 1, 2, 3 … (starting again at 1 under a heading, or 1, 1, 1 …). So a
year, a number in the middle of a sentence and "30 Years of …" are none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

DECIMAL_STYLES = ("dot", "paren", "both", "bracket", "dash", "word", "bare", "alone")

_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("multi", r"(\d{1,2}(?:\.\d{1,2})+)[.)]?\s+(?=\S)"),
        ("alone", r"[\[(]?(\d{1,3}|(?=[IVXLC])[IVXLC]{1,6}(?=[.)]))[.)\]]?[-–]?$"),
        ("dot", r"(\d{1,3})\.\s*(?=[^\W\d]|[\"'“‘«(\[*])"),
        ("both", r"\((\d{1,3})\)\s*(?=\S)"),
        ("paren", r"(\d{1,3})\)\s*(?=\S)"),
        ("bracket", r"\[(\d{1,3})\]\s*(?=\S)"),
        ("dash", r"(\d{1,3})\s?[-–—:]\s*(?=[A-ZÀ-ÞİŞĞÇÖÜ“\"])"),
        ("word", r"(?:Paragraph|Para\.?|§|Article|OP|PP)\s?(\d{1,3})\s?[.:)–-]?\s+(?=\S)"),
        ("bare", r"(\d{1,3})\s+(?=[A-ZÀ-ÞİŞĞÇÖÜ“\"‘(])"),
        ("roman", r"(?=[IVXLC])([IVXLC]{1,7})\s?[.)–—:-]\s*(?=\S)"),
        ("small_roman", r"\(?(?=[ivx])([ivx]{1,5})[.)]\s*(?=\S)"),
        ("capital", r"\(?([A-Z])[.)]\s+(?=\S)"),
        ("letter", r"\(?([a-z])[.)]\s+(?=\S)"),
        ("bullet", r"([•·▪●○◦‣∙■□►➢➤✓❖*\uf0b7\uf0a7–—-])\s+(?=\S)"),
    )
)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
# So many numbers may be missing from a row, where an excerpt left paragraphs out.
MAX_GAP = 9
ITEM_STYLES = frozenset({"small_roman", "letter", "bullet"})


@dataclass(frozen=True)
class Label:
    """`printed` is the number without its marks; `length` counts the characters before the text proper."""

    style: str
    printed: str
    value: int
    length: int


@dataclass(frozen=True)
class Candidate:
    """A labelled line as the row is sought: `fresh` when the line before it ends a sentence or is no sentence.

    `prose` when the text after the label reads as a sentence, not as a heading.
    """

    line: int
    label: Label
    fresh: bool
    prose: bool
    lead_in: bool
    under_heading: bool


def label_of(line: str) -> Label | None:
    """The label at the head of a line, or None."""
    for style, pattern in _LABELS:
        if match := pattern.match(line):
            printed = match.group(1)
            return Label(style, printed, _value(style, printed), match.end())
    return None


def main_row(candidates: Sequence[Candidate]) -> dict[int, Label]:
    """The lines that open numbered paragraphs, by line: the row with most sentences wins."""
    best: dict[int, Label] = {}
    best_weight = 0.0
    for style in (*DECIMAL_STYLES, "roman", "capital", "multi"):
        row = _row([c for c in candidates if c.label.style == style], style)
        weight = sum(1.0 if c.prose else 0.1 for c in row) - (0.5 if style == "bare" else 0)
        if weight > best_weight and _is_credible(row, style):
            best, best_weight = {c.line: c.label for c in row}, weight
    return best


def _is_credible(row: Sequence[Candidate], style: str) -> bool:
    prose = sum(c.prose for c in row)
    if style in {"bare", "capital", "roman", "alone"}:
        return prose >= 2 and prose >= 0.6 * len(row)
    return prose >= 1 and prose >= 0.4 * len(row)


def _row(candidates: Sequence[Candidate], style: str) -> list[Candidate]:
    """The longest believable count through the candidates: +1, a restart at 1, a repeat, or a small gap."""
    row: list[Candidate] = []
    last = 0
    inner: int | None = None
    for position, candidate in enumerate(candidates):
        value = candidate.label.value
        if candidate.lead_in and value == 1 and last and _resumes(candidates[position + 1 :], last):
            inner = 1
            continue
        if inner is not None and value == inner + 1 and value != last + 1:
            inner = value
            continue
        if _follows(value, last, candidate, style):
            row.append(candidate)
            last, inner = value, None
    return row


def _follows(value: int, last: int, candidate: Candidate, style: str) -> bool:
    if style == "multi":
        return candidate.fresh
    if value == last + 1:
        return candidate.fresh or (style != "bare" and candidate.prose and last > 0)
    if not candidate.fresh:
        return False
    if last == 0:
        return value <= 3 or style == "dot"
    if style == "bare" and value == 1:
        return candidate.under_heading
    gap = value - last
    return value in {1, last} or (style != "bare" and (0 < gap <= 2 or (candidate.prose and 0 < gap <= MAX_GAP)))


def _resumes(later: Sequence[Candidate], last: int) -> bool:
    """Whether the outer count goes on after a list that began at 1 inside its paragraph."""
    return any(candidate.label.value == last + 1 for candidate in later[:15]) and last > 1


def _value(style: str, printed: str) -> int:
    if style == "multi":
        return int(printed.rsplit(".", 1)[1])
    if style in {"roman", "small_roman"}:
        return roman_value(printed.upper())
    if style in {"capital", "letter"}:
        return ord(printed.upper()) - 64
    return int(printed) if printed.isdigit() else 0


def roman_value(numeral: str) -> int:
    """The number that Roman capitals write."""
    values = [_ROMAN_VALUES[ch] for ch in numeral]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
