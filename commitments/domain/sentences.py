"""A paragraph's text cut into sentences and the items of its lists."""

import re
from dataclasses import dataclass

from commitments.domain.language import Language
from commitments.domain.numbering import ITEM_STYLES, label_of

_STOP = re.compile(r"[.!?]+[\"'”’)\]»]*(?=\s)|;\s*(?=\n)|\n+|:\s*(?=\n)")
_INLINE_ITEM = re.compile(r"(?<=[\s:;,])\((?:[a-h]|i{1,3}|iv|v|vi{0,3}|\d)\)\s+")
_SEMICOLON_ITEMS = re.compile(r";\s+(?:and\s+)?")


@dataclass(frozen=True)
class Segment:
    """A sentence or a list's item; `lead` is the span of the words that introduce the item's list."""

    start: int
    end: int
    is_item: bool = False
    lead: tuple[int, int] | None = None


def segments(text: str, language: Language) -> list[Segment]:
    """The sentences and items of a paragraph, in order; together they hold every word."""
    found: list[Segment] = []
    lead: tuple[int, int] | None = None
    for start, end in _sentence_spans(text, language):
        words = text[start:end]
        label = label_of(words)
        opens = label is not None and (label.style in ITEM_STYLES if start == 0 else text[start - 1] == "\n")
        item = opens and label is not None and label.style != "alone"
        listed = item or (lead is not None and text[start - 1 : start] == "\n" and not words[:1].isupper())
        inline = list(_INLINE_ITEM.finditer(text, start, end))
        if len(inline) >= 2 and not item:
            found.extend(_inline_segments(text, start, end, [match.start() for match in inline]))
            continue
        begin = start + (label.length if item and label else 0)
        found.append(Segment(begin, end, item, lead if listed else None))
        if words.rstrip().endswith(":"):
            lead = (start, end)
        elif not listed:
            lead = None
    return found


def _sentence_spans(text: str, language: Language) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        if match.end() <= start or not _is_end(text, match, language):
            continue
        _add(spans, text, start, match.end())
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _is_end(text: str, match: re.Match[str], language: Language) -> bool:
    """Whether a stop ends a sentence: no abbreviation before it, no small letter after it."""
    rest = text[match.end() : match.end() + _WINDOW].lstrip()
    before = text[max(0, match.start() - _WINDOW) : match.start()]
    if match.group().startswith("\n"):
        goes_on = bool(rest) and rest[0].islower() and before.rstrip()[-1:] not in ".:;!?"
        return not goes_on or label_of(rest) is not None
    if match.group()[0] != "." or not rest:
        return True
    if _LABEL_BEFORE.search(before):
        return False
    words = f"{before}.".split()
    word = re.split(r"[-–/]", words[-1])[-1]
    if language.is_abbreviation(word):
        return (word in _MAY_END or len(word) == 2) and rest.startswith(_OPENERS)
    return not rest[0].islower()


_WINDOW = 60
_LABEL_BEFORE = re.compile(r"(?:^|\n)\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})$")
_MAY_END = frozenset({"etc.", "U.S.", "U.K.", "U.N.", "E.U."})
_OPENERS = ("The ", "They ", "Both ", "We ")


def _inline_segments(text: str, start: int, end: int, cuts: list[int]) -> list[Segment]:
    """ "… agreed to: (a) …; (b) …" as its lead and its items."""
    lead = (start, cuts[0])
    found = [Segment(start, cuts[0])]
    for cut, until in zip(cuts, [*cuts[1:], end], strict=True):
        begin = cut + len(re.match(r"\([^)]*\)\s+", text[cut:]).group())  # type: ignore[union-attr]
        found.append(Segment(begin, len(text[:until].rstrip()), True, lead))
    return found
