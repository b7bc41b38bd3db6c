"""From folded text to blocks: page furniture set aside, broken lines of one paragraph put together again."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from commitments.domain.cleaning import PAGE_BREAK, ends_sentence, joined, vocabulary_of
from commitments.domain.language import Language
from commitments.domain.numbering import ITEM_STYLES, Label, label_of
from commitments.domain.readings import LineHint
from commitments.domain.text import fold

_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|pg\.?)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|\d{1,4}\s*(?:of|/)\s*\d{1,4}|[-–—|]\s*\d{1,4}\s*[-–—|]|"
    r"\d{1,4}\s*\|\s*p(?:age|\s?a\s?g\s?e)|\[?page \d+\]?",
    re.I,
)
_PAGE_AT_END = re.compile(r"\b[Pp]age\s+\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?$")
_BARE_NUMBER = re.compile(r"\d{1,3}")
_SEPARATOR = re.compile(r"[*_=~#•.·\-–—\s]{2,}|[-–— ]*(?:end|ends|###)[-–— ]*", re.I)
_URL_LINE = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.I)
_CRUMBS = re.compile(r"^(?:home|main|start|news)\b.*[>»›/|]", re.I)
_COUNTED = re.compile(r"(?:article|section|chapter|part|pillar|theme|area|goal|priority|annex)\s+(?:\d|[IVX])", re.I)
_RECITAL = re.compile(
    r"(?:[A-Z][a-z]+ing|Convinced|Aware|Guided|Mindful|Determined|Inspired|Desirous|Conscious|Declare|Have|"
    r"Do hereby|Agree|Resolve)\b"
)
_DIGITS = re.compile(r"\d+")
_OPEN_END = re.compile(r"[,(–—/&-]$")
RUNNING_HEAD_LENGTH = 140
# No paragraph is this long; without a limit a text of one endless sentence would cost the square of its length.
MAX_BLOCK = 20_000


@dataclass(frozen=True)
class Line:
    """One line of the folded text; `gap` counts the empty lines before it, `page` says that a page begins here."""

    text: str
    start: int
    end: int
    gap: int
    page: bool
    hint: LineHint | None


@dataclass
class Block:
    """Lines that read as one; `between` are lines of furniture that stand inside it."""

    lines: list[Line]
    text: str
    label: Label | None = None
    joined_over_gap: bool = False
    role: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def gap(self) -> int:
        return self.lines[0].gap

    @property
    def start(self) -> int:
        return self.lines[0].start

    @property
    def hint(self) -> LineHint | None:
        return self.lines[0].hint

    @property
    def body(self) -> str:
        """The text without its label."""
        return self.text[self.label.length :] if self.label else self.text


@dataclass(frozen=True)
class Layout:
    """The blocks in order, the furniture and page breaks by their lines, and the width that lines were broken at."""

    blocks: tuple[Block, ...]
    furniture: tuple[Line, ...]
    width: int


def lines_of(folded: str, hints: Mapping[int, LineHint]) -> list[Line]:
    """The lines with words in them, each knowing the gap before it."""
    lines: list[Line] = []
    position, gap, page = 0, 0, False
    for number, raw in enumerate(folded.split("\n")):
        end = min(position + len(raw) + 1, len(folded))
        if raw == PAGE_BREAK:
            page = True
        elif not raw:
            gap += 1
        else:
            lines.append(Line(raw, position, end, gap, page, hints.get(number)))
            gap, page = 0, False
        position = end
    return lines


def lay_out(folded: str, hints: Mapping[int, LineHint], language: Language) -> Layout:
    """Blocks of the text; whatever repeats on pages or leads around the site is furniture."""
    lines = lines_of(folded, hints)
    furniture = _furniture(lines, language)
    kept = [line for line in lines if line.start not in furniture]
    width = _wrap_width(kept)
    builder = _Builder(width, _vocabulary(folded, language), language, furniture)
    previous: Line | None = None
    for line in lines:
        if line.start in furniture:
            builder.skip(line)
        else:
            builder.add(line, previous)
            previous = line
    return Layout(tuple(builder.blocks), tuple(line for line in lines if line.start in furniture), width)


def _vocabulary(folded: str, language: Language) -> frozenset[str]:
    return vocabulary_of(folded) | {f"{head}-" for head in language.set_of("layout", "hyphen_heads")}


def _furniture(lines: Sequence[Line], language: Language) -> set[int]:
    """Starts of the lines that are page numbers, running heads, separators, navigation or credits."""
    shapes = Counter(_shape(line.text) for line in lines if len(line.text) <= RUNNING_HEAD_LENGTH)
    pages = sum(line.page for line in lines)
    found: set[int] = set()
    seen: set[str] = set()
    # A line that repeats is kept once above the first sentence, where it may be the title.
    front = next((at for at, line in enumerate(lines) if label_of(line.text) or ends_sentence(line.text)), len(lines))
    for position, line in enumerate(lines):
        shape = _shape(line.text)
        if _is_furniture(line, language) or (
            _repeats(shapes[shape], pages, line, lines, position)
            and (shape in seen or shape.endswith("#") or position > front)
        ):
            found.add(line.start)
        seen.add(shape)
    return found | _page_numbers(lines)


def _is_furniture(line: Line, language: Language) -> bool:
    text = line.text
    if line.hint and line.hint.kind == "heading":
        return False
    return bool(
        _PAGE_NUMBER.fullmatch(text)
        or (len(text) < RUNNING_HEAD_LENGTH and _PAGE_AT_END.search(text))
        or _SEPARATOR.fullmatch(text)
        or _URL_LINE.fullmatch(text)
        or (len(text) < 200 and _CRUMBS.match(text))
        or (len(text) < 200 and language.furniture.match(text))
    )


def _repeats(count: int, pages: int, line: Line, lines: Sequence[Line], position: int) -> bool:
    """Whether a short line that stands several times is a running head and no refrain of the text."""
    if _COUNTED.match(line.text) and len(line.text.split()) <= 3:
        return False
    if count < 2 or not any(ch.isalpha() for ch in line.text) or line.text[-1:] in ".;,":
        return False
    if count >= 3 and not label_of(line.text):
        return True
    around = lines[max(0, position - 1) : position + 2]
    return (
        line.page
        or any(_PAGE_NUMBER.fullmatch(near.text) or _BARE_NUMBER.fullmatch(near.text) or near.page for near in around)
        or (pages > 0 and count >= pages)
    )


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    """Lone numbers that count pages: few for the length of the text, or each beside a page's edge."""
    alone = [(at, line) for at, line in enumerate(lines) if _BARE_NUMBER.fullmatch(line.text)]
    if not alone:
        return set()
    at_edge = {
        line.start
        for at, line in alone
        if line.page or at in {0, len(lines) - 1} or (at + 1 < len(lines) and lines[at + 1].page)
    }
    letters = sum(len(line.text) for line in lines)
    numbered = [line for line in lines if (label := label_of(line.text)) and label.style in {"dot", "paren", "both"}]
    if len(numbered) >= min(3, len(alone)) or letters / len(alone) > 1200 or len(alone) == 1:
        return {line.start for _, line in alone}
    return at_edge


def _shape(text: str) -> str:
    return _DIGITS.sub("#", fold(text))


def _wrap_width(lines: Sequence[Line]) -> int:
    """The width at which lines were broken, or 0 where a line is a whole paragraph."""
    if len(lines) < 6:
        return 0
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[int(len(lengths) * 0.9)]
    if width > 160:
        return 0
    broken = sum(_is_broken(before.text, after.text, width) for before, after in pairwise(lines))
    return width if broken >= max(2, 0.06 * len(lines)) else 0


def _is_broken(before: str, after: str, width: int) -> bool:
    """Whether a line was cut in mid-sentence: the next goes on in small letters, or this one is full."""
    if ends_sentence(before):
        return False
    return (after[0].islower() and len(before) > 0.4 * width) or (len(before) > 0.8 * width and not label_of(after))


class _Builder:
    """Puts lines together to blocks, one line at a time."""

    def __init__(self, width: int, vocabulary: frozenset[str], language: Language, furniture: set[int]) -> None:
        self.width = width
        self.vocabulary = vocabulary
        self.language = language
        self.furniture = furniture
        self.blocks: list[Block] = []
        self.skipped = False
        self.last_value = 0

    def skip(self, line: Line) -> None:
        self.skipped = True

    def add(self, line: Line, previous: Line | None) -> None:
        label = label_of(line.text)
        if previous and self.blocks and self._continues(previous, line, label):
            block = self.blocks[-1]
            block.joined_over_gap = block.joined_over_gap or line.gap > 0
            block.text = joined(block.text, line.text, self.vocabulary)
            block.lines.append(line)
        else:
            self.blocks.append(Block([line], line.text, label))
            if label and label.style in {"dot", "paren", "both", "bare"}:
                self.last_value = label.value
        self.skipped = False

    def _continues(self, previous: Line, line: Line, label: Label | None) -> bool:
        """Whether a line goes on with the sentence or paragraph of the one before it."""
        block = self.blocks[-1]
        if block.label and block.label.style == "alone" and len(block.lines) == 1:
            return True
        if len(block.text) > MAX_BLOCK or (label and self._opens(previous, line, label)):
            return False
        if self._is_marked(previous, line):
            return self._mid_sentence(block, previous, line) and not _is_heading_hint(previous)
        if line.gap or line.page or self.skipped:
            return self._mid_sentence(block, previous, line)
        return self._next_line_continues(block, previous, line)

    def _is_marked(self, previous: Line, line: Line) -> bool:
        return line.hint is not None or (previous.hint is not None and previous.hint.kind == "heading")

    def _opens(self, previous: Line, line: Line, label: Label) -> bool:
        """Whether a label opens a block here and is no number within a sentence."""
        if line.gap or ends_sentence(previous.text) or (line.hint and line.hint.kind == "item"):
            return not (line.gap and label.style == "bare" and self._hangs(previous.text))
        if label.style in {"bullet", "letter", "small_roman"}:
            dash = label.style == "bullet" and line.text[0] in "-–—" and previous.text[-1:] == ","
            return not dash or self.blocks[-1].text[0] == line.text[0]
        if label.style in {"bare", "alone"}:
            return label.value == self.last_value + 1 and len(previous.text) < 0.7 * self.width
        if not self.width:
            return True
        return label.value == self.last_value + 1 or len(previous.text) < 0.6 * self.width

    def _hangs(self, text: str) -> bool:
        """Whether a line ends so that something must follow."""
        return bool(_OPEN_END.search(text)) or text.rsplit(" ", 1)[-1].casefold() in self.language.function_words

    def _mid_sentence(self, block: Block, previous: Line, line: Line) -> bool:
        """Whether a sentence goes on over an empty line, a page's edge or furniture."""
        if ends_sentence(previous.text) or line.text[0] in "•·▪●○◦*-–—(":
            return False
        if len(block.text) < 40 and not block.label:
            return False
        if self.language.is_heading_words(block.body) and not self._hangs(previous.text):
            return False
        if line.text[0].islower():
            return True
        return self._hangs(previous.text) and previous.text[-1] != "," and len(block.text) > 60

    def _is_prose(self, block: Block) -> bool:
        numbered = block.label is not None and len(block.text) > 0.6 * self.width
        return numbered or self.language.is_sentence(block.text)

    def _next_line_continues(self, block: Block, previous: Line, line: Line) -> bool:
        """Whether the very next line belongs to the same paragraph."""
        if self.language.is_dateline(line.text) or _is_set_apart(previous.text, line.text):
            return False
        if previous.text[-1] in ",;" and _RECITAL.match(line.text):
            return False
        if line.text[0].islower() or self._hangs(previous.text):
            return not (ends_sentence(previous.text) and block.label is None and not self.width)
        if not self.width:
            return False
        if ends_sentence(previous.text):
            return len(previous.text) >= 0.72 * self.width
        if self._is_prose(block) and not self.language.is_heading_words(line.text):
            return True
        if len(previous.text) >= 0.72 * self.width:
            return not (line.text.isupper() and not previous.text.isupper())
        return False


def _is_set_apart(before: str, after: str) -> bool:
    """Whether capitals end here: a title in capitals and the line below it are two."""
    return len(before) > 12 and before.isupper() and not after.isupper() and any(ch.islower() for ch in after[:12])


def _is_heading_hint(line: Line) -> bool:
    return line.hint is not None and line.hint.kind == "heading"


def is_item(block: Block) -> bool:
    """Whether a block is a bullet or a lettered item."""
    if block.hint and block.hint.kind == "item" and (block.label is None or block.label.style in ITEM_STYLES):
        return True
    return block.label is not None and block.label.style in ITEM_STYLES
