"""The parts of a statement as a person corrects them: merged, split, moved, given another role.

A part holds slices of the folded text. **Law**: the slices of all parts, in the order of the text, are the text, end
to end; every correction keeps it (`is_whole`). A part's `text` is its slices' words as they will stand: broken lines
joined, a number taken off. Nothing is typed, so nothing can be misquoted.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from commitments.domain.cleaning import ends_sentence, joined
from commitments.domain.numbering import DECIMAL_STYLES, label_of
from commitments.domain.readings import Heading, Paragraph, Piece, Reading

MAX_LEVEL = 3
LONGEST_NUMBER = 16  # characters that a paragraph's number has room for
_NUMBER_STYLES = frozenset({*DECIMAL_STYLES, "multi", "roman"}) - {"alone"}
_BREAKS = re.compile(r"\s*\n\s*")


class PartRole(StrEnum):
    TITLE = "title"
    DATELINE = "dateline"
    FRONT = "front"
    HEADING = "heading"
    ANNEX = "annex"
    PARAGRAPH = "paragraph"
    SIGNATURE = "signature"
    FOOTNOTE = "footnote"
    LEFT_OUT = "left_out"
    UNPLACED = "unplaced"


HEADINGS = frozenset({PartRole.HEADING, PartRole.ANNEX})
_ROLE_OF_PIECE = {"number": PartRole.PARAGRAPH, "furniture": PartRole.LEFT_OUT}
_ONE_EACH = frozenset({PartRole.HEADING, PartRole.PARAGRAPH, PartRole.TITLE})  # go on behind a page's edge

Slice = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """One part: its role, its words, and where in the folded text they stand.

    `number` is a paragraph's number as printed; `level` is a heading's, 1 to 3, and 0 for all else.
    """

    role: PartRole
    text: str
    slices: tuple[Slice, ...]
    number: str = ""
    level: int = 0


class CannotError(ValueError):
    """A correction that makes no sense here; `code` says why: no_place, not_alike, not_a_part."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_whole(parts: Iterable[Part], folded: str) -> bool:
    """Whether the parts hold the whole text, each character once."""
    slices = sorted(each for part in parts for each in part.slices)
    if not slices:
        return not folded
    meet = all(before[1] == after[0] for before, after in pairwise(slices))
    return meet and slices[0][0] == 0 and slices[-1][1] == len(folded)


def parts_of(reading: Reading) -> list[Part]:
    """The parts of a reading, in the order of the text."""
    folded = "".join(piece.text for piece in reading.pieces)
    starts = {each.start for each in (*reading.paragraphs, *reading.annexes)}
    starts |= {heading.start for heading in reading.headings}
    paragraphs = {each.start: each for each in (*reading.paragraphs, *reading.annexes)}
    levels = _levels(reading.headings)
    found: list[Part] = []
    for role, start, slices in _grouped(reading.pieces, starts):
        level = levels.get(start, 1)
        if role == PartRole.PARAGRAPH and start in paragraphs:
            found += _paragraph(folded, paragraphs[start], slices, level if start in levels else 0)
        else:
            found.append(_plain(folded, role, slices, level if role in HEADINGS else 0))
    return found


def _levels(headings: Sequence[Heading]) -> dict[int, int]:
    """The level of each heading by its beginning; all on one where the first does not stand above the others."""
    ranks = sorted({heading.level for heading in headings})
    nested = bool(headings) and headings[0].level == ranks[0]
    return {each.start: min(ranks.index(each.level) + 1, MAX_LEVEL) if nested else 1 for each in headings}


def _grouped(pieces: Sequence[Piece], starts: set[int]) -> list[tuple[PartRole, int, tuple[Slice, ...]]]:
    """Pieces of one part together, with its beginning; white space belongs to the piece before it."""
    groups: list[tuple[PartRole, int, list[Slice]]] = []
    newest: dict[PartRole, list[Slice]] = {}
    latest: list[Slice] = []
    last = None
    for piece in pieces:
        if piece.role == "separator":
            if latest:
                latest[-1] = (latest[-1][0], piece.end)
            last = None
            continue
        role = _ROLE_OF_PIECE.get(piece.role) or PartRole(piece.role)
        goes_on = role == last or (role in _ONE_EACH and role in newest)
        if goes_on and piece.start not in starts:
            latest = newest[role]
            _extend(latest, piece.start, piece.end)
        else:
            latest = newest[role] = [(piece.start if groups else 0, piece.end)]
            groups.append((role, piece.start, latest))
        last = role
    return [(role, start, tuple(slices)) for role, start, slices in groups]


def _extend(slices: list[Slice], start: int, end: int) -> None:
    if slices[-1][1] == start:
        slices[-1] = (slices[-1][0], end)
    else:
        slices.append((start, end))


def _paragraph(folded: str, paragraph: Paragraph, slices: tuple[Slice, ...], level: int) -> list[Part]:
    """A paragraph as one part; where its heading is run into its first line, as two."""
    text, number = paragraph.text, paragraph.number or ""
    body = Part(PartRole.PARAGRAPH, text, slices, number)
    if len(number) > LONGEST_NUMBER and text:
        body = unnumbered(body, folded)
    if not level:
        return [body] if text else [_plain(folded, PartRole.UNPLACED, slices, 0)]
    cut = _places(folded, slices, text)[0] if text else slices[-1][1]
    before, after = _cut(slices, cut)
    heading = _plain(folded, PartRole.HEADING, before, level)
    return [heading, replace(body, slices=after)] if after else [heading]


def _plain(folded: str, role: PartRole, slices: tuple[Slice, ...], level: int) -> Part:
    words = " ".join(" ".join(folded[start:end].split()) for start, end in slices)
    text = words.rstrip(": ") if role in HEADINGS else words
    return Part(role, text or words, slices, level=level)


def _places(folded: str, slices: Sequence[Slice], text: str) -> list[int]:
    """Where in the folded text each character of a part's text stands; blanks stand where the next letter does.

    Found from the end: a label before the text and marks taken out of it are passed by.
    """
    raw = [at for start, end in slices for at in range(start, end)]
    places = [0] * len(text)
    here = len(raw) - 1
    for at in range(len(text) - 1, -1, -1):
        if not text[at].isspace():
            while here >= 0 and folded[raw[here]] != text[at]:
                here -= 1
            if here < 0:
                raise CannotError("not_a_part")
            places[at] = raw[here]
            here -= 1
        else:
            places[at] = places[at + 1] if at + 1 < len(text) else raw[-1] + 1
    return places


def _cut(slices: Sequence[Slice], at: int) -> tuple[tuple[Slice, ...], tuple[Slice, ...]]:
    """The slices before and behind a place, in their order, which need not be the text's after a move."""
    for index, (start, end) in enumerate(slices):
        if start <= at < end:
            head = ((start, at),) if at > start else ()
            return (*slices[:index], *head), ((at, end), *slices[index + 1 :])
    return tuple(slices), ()


def full_text(part: Part, folded: str) -> str:
    """The text with its number as it is printed before it."""
    if not part.number:
        return part.text
    first = _places(folded, part.slices, part.text)[0] if part.text else part.slices[0][0]
    before, _after = _cut(part.slices, first)
    label = " ".join(" ".join(folded[start:end].split()) for start, end in before)
    return f"{label} {part.text}".strip()


def with_role(part: Part, role: PartRole, folded: str, level: int = 1) -> Part:
    """The part in another role; a paragraph's number goes into a heading's words, and out of them again."""
    text = full_text(part, folded)
    if role in HEADINGS:
        one_line = " ".join(text.split()).rstrip(": ") or text
        return replace(part, role=role, text=one_line, number="", level=min(max(level, 1), MAX_LEVEL))
    plain = replace(part, role=role, text=text, number="", level=0)
    return numbered(plain) if role == PartRole.PARAGRAPH else plain


def numbered(part: Part) -> Part:
    """The paragraph with the number that is printed before its words taken off them; unchanged where none is."""
    label = label_of(part.text)
    if part.number or label is None or label.style not in _NUMBER_STYLES or len(label.printed) > LONGEST_NUMBER:
        return part
    if not part.text[label.length :].strip():
        return part
    return replace(part, number=label.printed, text=part.text[label.length :].strip())


def unnumbered(part: Part, folded: str) -> Part:
    """The paragraph with its number as a part of its words."""
    return replace(part, text=full_text(part, folded), number="")


def merged(first: Part, second: Part, folded: str, vocabulary: frozenset[str] = frozenset()) -> tuple[Part, int]:
    """Two parts as one in the role of the first, and how far the second's text has moved.

    A sentence that goes on is joined; else paragraphs are parted by an empty line, all others by a blank.
    """
    words = full_text(second, folded)
    goes_on = first.role != PartRole.PARAGRAPH or (not ends_sentence(first.text) and words[:1].islower())
    text = joined(first.text, words, vocabulary) if goes_on else f"{first.text}\n\n{words}"
    whole = replace(first, text=text, slices=_tidied((*first.slices, *second.slices)))
    return whole, len(text) - len(second.text)


def _tidied(slices: Iterable[Slice]) -> tuple[Slice, ...]:
    """The slices in their order, neighbours as one."""
    found: list[Slice] = []
    for start, end in slices:
        _extend(found, start, end) if found else found.append((start, end))
    return tuple(found)


def split(part: Part, at: int, folded: str) -> tuple[Part, Part, int]:
    """A part as two, the second beginning with the character at a place of its text, and where its text then begins.

    Raises CannotError (no_place) where one of the two would have no words.
    """
    left, right = part.text[:at].rstrip(), part.text[at:].lstrip()
    if not 0 < at < len(part.text) or not left or not right:
        raise CannotError("no_place")
    begins = len(part.text) - len(right)
    before, after = _cut(part.slices, _places(folded, part.slices, part.text)[begins])
    second = replace(part, text=right, slices=after, number="")
    if part.number:
        second = numbered(second)
    return replace(part, text=left, slices=before), second, len(part.text) - len(second.text)


def places_to_split(part: Part) -> list[int]:
    """Where a part can be split without a thought: at its sentences and line breaks."""
    ends = {match.end() for match in re.finditer(r"[.;:!?][”\"’)]*\s+(?=\S)|\n+", part.text)}
    return sorted(at for at in ends if 0 < at < len(part.text))


def place_of_words(part: Part, words: str) -> int:
    """Where the words begin that a person typed or selected; CannotError (no_place) unless exactly once."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    found = [match.start() for match in pattern.finditer(part.text)] if words.split() else []
    if len(found) != 1:
        raise CannotError("no_place")
    return found[0]


def place_of_selection(text: str, words: str, before: str = "") -> tuple[int, int] | None:
    """Where selected words stand in a text, whatever the blanks; `before` is what precedes them where they recur."""
    if not words.split():
        return None
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    found = [match.span() for match in pattern.finditer(text)]
    lead = "".join(before.split())
    told = [span for span in found if "".join(text[: span[0]].split()).endswith(lead)]
    return (told or found or [None])[0]


def words_of(text: str) -> list[Slice]:
    """The words of a text, each with where it begins and ends."""
    return [match.span() for match in re.finditer(r"\S+", text)]


def warnings_of(parts: Sequence[Part]) -> list[tuple[str, int]]:
    """What a person should look at: a code, and the part that it is about.

    unplaced, gap_in_numbers, long_heading, short_paragraph (no sentence), no_headings, no_paragraphs.
    """
    found = [("unplaced", at) for at, part in enumerate(parts) if part.role == PartRole.UNPLACED]
    found += [("long_heading", at) for at, part in enumerate(parts) if part.role in HEADINGS and len(part.text) > 160]
    last = None
    for at, part in enumerate(parts):
        if part.role != PartRole.PARAGRAPH:
            continue
        if len(part.text.split()) < 4:
            found.append(("short_paragraph", at))
        if part.number.isdigit():
            if last is not None and int(part.number) not in {last + 1, last, 1}:
                found.append(("gap_in_numbers", at))
            last = int(part.number)
    roles = {part.role for part in parts}
    found += [] if roles & HEADINGS else [("no_headings", 0)]
    found += [] if PartRole.PARAGRAPH in roles else [("no_paragraphs", 0)]
    return sorted(found, key=lambda each: each[1])
