"""The parts of a statement: title, headings, paragraphs with their numbers, signatures, annexes and notes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commitments.domain.cleaning import ends_sentence, joined
from commitments.domain.headings import Style, heading_style, is_capitals, run_in_heading
from commitments.domain.language import Language
from commitments.domain.layout import Block, Layout, is_item, lay_out
from commitments.domain.numbering import Candidate, Label, main_row, roman_value
from commitments.domain.text import fold
from commitments.domain.readings import Footnote, Heading, LineHint, Paragraph, Piece

_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(r"(?P<mark>\[\d{1,2}\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|\*{1,3}|[†‡])\s?(?=\S)")
_PROSE_LENGTH = 150


@dataclass
class Draft:
    """A paragraph as it grows."""

    number: str | None
    heading: str
    part: str
    text: str
    open_list: bool = False


@dataclass
class Structure:
    """What the blocks turned out to be."""

    title: str = ""
    front: list[Block] = field(default_factory=list)
    tail: list[Block] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    annexes: list[Paragraph] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def structure_of(folded: str, hints: Mapping[int, LineHint], language: Language) -> Structure:
    """The structure of a folded text; blocks that fit nowhere are unplaced, never dropped."""
    layout = lay_out(folded, hints, language)
    return _Assembly(folded, layout, language).run()


class _Assembly:
    """Walks the blocks once and gives each its part."""

    def __init__(self, folded: str, layout: Layout, language: Language) -> None:
        self.folded = folded
        self.layout = layout
        self.blocks = list(layout.blocks)
        self.language = language
        self.result = Structure()
        self.marks: list[tuple[int, int, str]] = []
        self.drafts: list[Draft] = []
        self.styles: list[Style] = []
        self.heading = ""
        self.part = "body"
        self.footnote_marks: set[str] = set()

    def run(self) -> Structure:
        row = main_row(self._candidates())
        self.numbers = {at: label for at, label in row.items() if self._is_numbered_paragraph(at, label, row)}
        self.headings = self._heading_styles()
        self._set_aside_notes()
        begin, end = self._body_range()
        self._take_front(begin)
        for at in range(begin, end):
            self._take(at)
        self._take_tail(end)
        self._finish()
        return self.result

    # Numbers and headings

    def _candidates(self) -> list[Candidate]:
        found = []
        for at, block in enumerate(self.blocks):
            if block.label is None:
                continue
            label = block.label
            if label.style == "alone":
                label = self._label_alone(block, label)
            before = self.blocks[at - 1] if at else None
            lead_in = bool(before and before.text.endswith(":"))
            found.append(Candidate(at, label, True, self._is_prose(block), lead_in, self._may_head(before)))
        return found

    def _may_head(self, before: Block | None) -> bool:
        """Whether a block may be a heading, so that numbers may begin again under it."""
        if before is None or (before.hint and before.hint.kind == "heading"):
            return True
        return not self._is_prose(before) and not ends_sentence(before.text)

    def _label_alone(self, block: Block, label: Label) -> Label:
        """A number on a line of its own belongs with the row that its marks show."""
        first = block.lines[0].text
        if label.printed.isalpha():
            style, value = "roman", roman_value(label.printed)
        else:
            marks = {".": "dot", ")": "both" if first.startswith("(") else "paren"}
            style, value = marks.get(first[-1], "bare"), label.value
        block.label = Label(style, label.printed, value, len(first) + (1 if len(block.lines) > 1 else 0))
        return block.label

    def _is_prose(self, block: Block) -> bool:
        text = block.body.strip()
        if block.hint and block.hint.kind == "heading":
            return False
        if len(text) > _PROSE_LENGTH or self.language.is_sentence(text):
            return True
        return ends_sentence(text) and len(text.split()) > 3

    def _is_numbered_paragraph(self, at: int, label: Label, row: Mapping[int, Label]) -> bool:
        block = self.blocks[at]
        if block.hint and block.hint.kind == "heading":
            return False
        if self._is_prose(block):
            return True
        return (
            len(row) > 2 and not is_capitals(block.body) and at + 1 < len(self.blocks) and is_item(self.blocks[at + 1])
        )

    def _heading_styles(self) -> dict[int, Style]:
        found: dict[int, Style] = {}
        for at, block in enumerate(self.blocks):
            if at in self.numbers:
                continue
            after = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
            apart = (at == 0 or block.gap > 0 or block.lines[0].page or self.layout.width > 0) and (
                after is None or self._parted(after)
            )
            if style := heading_style(block, after, self.language, apart=apart):
                found[at] = style
        return found

    def _parted(self, after: Block) -> bool:
        return (
            after.gap > 0
            or after.lines[0].page
            or after.hint is not None
            or after.label is not None
            or len(after.text) > 150
        )

    # Notes

    def _set_aside_notes(self) -> None:
        """Footnotes: blocks that open with a mark, or with a bare number whose mark is glued to a word above."""
        for at, block in enumerate(self.blocks):
            if at in self.numbers or at in self.headings:
                continue
            mark, length = self._note_mark(at, block)
            if not mark:
                continue
            block.role = "footnote"
            self.footnote_marks.add(mark)
            self.result.footnotes.append(Footnote(mark, block.text[length:].strip()))

    def _note_mark(self, at: int, block: Block) -> tuple[str, int]:
        if block.hint and block.hint.kind == "footnote":
            match = re.match(r"[\[(]?(\d{1,3}|[*†‡]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)[\])]?[.:]?\s*", block.text)
            return (_plain_mark(match.group(1)), match.end()) if match else ("*", 0)
        if at < 3:
            return "", 0
        match = _MARK.match(block.text)
        if match and (self._mark_stands(match["mark"], block)):
            return _plain_mark(match["mark"]), match.end()
        label = block.label
        if label and label.style == "bare" and self._glued(label.printed, block):
            return label.printed, label.length
        return "", 0

    def _mark_stands(self, mark: str, block: Block) -> bool:
        """Whether a mark also stands in the text, after a word; a bullet or an item does not."""
        return bool(re.search(r"[\w.,;:”’\")]\s?" + re.escape(mark), self.folded[: block.start]))

    def _glued(self, number: str, block: Block) -> bool:
        raised = "".join(_SUPERSCRIPT[int(digit)] for digit in number)
        if raised in self.folded[: block.start]:
            return True
        return bool(re.search(r"[^\W\d_][.,;:”’\")]?" + number + r"(?=[\s.,;:)]|$)", self.folded[: block.start]))

    # The range of the body

    def _body_range(self) -> tuple[int, int]:
        begin = self._first_body_block()
        end = len(self.blocks)
        while end > begin and not self._is_body(end - 1) and self.blocks[end - 1].role != "footnote":
            end -= 1
        return begin, end

    def _is_body(self, at: int) -> bool:
        block = self.blocks[at]
        if at in self.numbers or block.role == "footnote":
            return block.role != "footnote"
        if at in self.headings or self.language.is_dateline(block.text):
            return False
        if self.language.signature.match(block.text):
            return False
        return self._is_prose(block) or (is_item(block) and at > 0 and len(block.body) > 8)

    def _first_body_block(self) -> int:
        begin = 0
        for at, block in enumerate(self.blocks[:80]):
            if self.language.introduction.search(block.text) and len(block.text) < 400 and at + 1 < len(self.blocks):
                begin = at + 1
        first = next((at for at in range(begin, len(self.blocks)) if self._opens_body(at)), len(self.blocks))
        return self._with_first_headings(begin, first)

    def _opens_body(self, at: int) -> bool:
        block = self.blocks[at]
        if at in self.headings or block.role == "footnote":
            return False
        if at in self.numbers:
            return True
        if block.text[-1] in ",:" and self.language.formula.match(block.text):
            return True
        if self.numbers and self._is_caption(at):
            return False
        return (
            self._is_prose(block)
            and (len(block.text) > 60 or self.language.is_sentence(block.text))
            and not self.language.is_dateline(block.text)
        )

    def _is_caption(self, at: int) -> bool:
        """A short line before the first number that is a summary or a caption."""
        return len(self.blocks[at].text) < 60 and not ends_sentence(self.blocks[at].text)

    def _with_first_headings(self, begin: int, first: int) -> int:
        """The headings right above the first paragraph that are no part of the title."""
        later = {self.headings[at].name for at in self.headings if at > first}
        start = first
        for at in range(first - 1, begin - 1, -1):
            block = self.blocks[at]
            dated = any(self.language.is_dateline(above.text) for above in self.blocks[begin:at])
            if at not in self.headings or (self.language.title.search(block.text) and not dated):
                break
            if self.language.is_dateline(block.text):
                break
            if self.language.opening_heading.fullmatch(block.body.strip(": ")):
                start = at
                continue
            marked = block.hint is not None and block.hint.kind == "heading" and block.hint.level <= 1
            if marked or self.headings[at].name not in later or not self._has_title_above(at):
                break
            if is_capitals(block.text) and block.gap == 0 and at and is_capitals(self.blocks[at - 1].text):
                break
            start = at
        return start

    def _has_title_above(self, at: int) -> bool:
        return any(self.language.title.search(block.text) for block in self.blocks[:at])

    # Taking the blocks

    def _take_front(self, begin: int) -> None:
        titles = _title_blocks(self.blocks[:begin], self.language)
        self.result.title = _best_title([self.blocks[at].text for at in titles], self.blocks[:begin], titles)
        for at, block in enumerate(self.blocks[:begin]):
            dateline = self.language.is_dateline(block.text)
            block.role = block.role or ("title" if at in titles else "dateline" if dateline else "front")
        self.result.front = self.blocks[:begin]

    def _take(self, at: int) -> None:
        block = self.blocks[at]
        if block.role == "footnote":
            return
        if self.language.annex.match(block.text) and len(block.text) < 200 and at not in self.numbers:
            self.part = "annex"
            self.heading = block.text.rstrip(": ").strip()
            block.role = "annex"
            return
        if at in self.numbers:
            self._open_paragraph(block, self.numbers[at].printed, self.numbers[at].length)
        elif at in self.headings and self.part == "annex":
            self._open_paragraph(
                block, block.label.printed if block.label else None, block.label.length if block.label else 0
            )
        elif at in self.headings:
            self._take_heading(at, block)
        elif self._is_signature(at, block):
            block.role = "signature"
            self.result.signatures.append(block.text)
        elif self._belongs_to_last(at, block):
            self._append(block)
        else:
            self._open_paragraph(block, None, 0)

    def _is_signature(self, at: int, block: Block) -> bool:
        late = all(later not in self.numbers for later in range(at, len(self.blocks)))
        return late and bool(self.drafts) and bool(self.language.signature.match(block.text)) and len(block.text) < 400

    def _take_heading(self, at: int, block: Block) -> None:
        before = self.blocks[at - 1] if at else None
        style = self.headings[at]
        if before and before.role == "heading" and at - 1 in self.headings and self._same_heading(before, block, at):
            last = self.result.headings[-1]
            self.heading = joined(last.text, block.text.rstrip(":").strip(), frozenset())
            self.result.headings[-1] = Heading(self.heading, last.level, last.start)
        else:
            self.heading = block.text.rstrip(": ").strip()
            self.styles.append(style)
            self.result.headings.append(Heading(self.heading, style.rank, block.start))
        block.role = "heading"

    def _same_heading(self, before: Block, block: Block, at: int) -> bool:
        """Two lines of one heading: no gap between them and set alike, or the first cannot end there."""
        if block.label or block.gap or block.lines[0].page or block.hint:
            return False
        hangs = before.text.rsplit(" ", 1)[-1].casefold() in self.language.function_words or before.text[-1] in ",–-&"
        alike = self.headings[at - 1].name.removeprefix("labelled ") == self.headings[at].name or (
            is_capitals(before.text) and is_capitals(block.text)
        )
        return hangs or (alike and len(before.text) > 0.5 * max(self.layout.width, 60))

    def _belongs_to_last(self, at: int, block: Block) -> bool:
        """Whether a block goes on with the paragraph above it instead of opening its own."""
        if not self.drafts or self.blocks[at - 1].role == "heading" or self._heading_since_draft:
            return False
        last = self.drafts[-1]
        if last.part != self.part:
            return False
        if last.number is not None:
            return True
        if is_item(block):
            return last.open_list or not last.text.startswith(("•", "-"))
        listing = (
            block.label is not None and block.label.style in {"dot", "paren", "both", "small_roman"} and last.open_list
        )
        return listing or last.text.endswith((":", ",")) and not self.numbers and block.text[0].islower()

    @property
    def _heading_since_draft(self) -> bool:
        return bool(self.drafts) and self.drafts[-1].heading != self.heading

    def _open_paragraph(self, block: Block, number: str | None, label_length: int) -> None:
        text, heading_end = block.text[label_length:], 0
        block.role = "paragraph"
        part = self.part
        if (
            number is None
            and self.numbers
            and part == "body"
            and not self.result.headings
            and not any(d.number for d in self.drafts)
        ):
            part = "preamble"
        if run_in := self._run_in(block):
            head, heading_end = run_in
            self.heading = head
            self.result.headings.append(Heading(head, 50, block.start))
            text = (
                block.body[heading_end:]
                if label_length or not block.label
                else block.text[block.label.length + heading_end :]
            )
        self.drafts.append(Draft(number, self.heading, part, text.strip(), text.rstrip().endswith(":")))
        if label_length and number is not None:
            self.marks.append((block.start, block.start + self._raw_label(block), "number"))

    def _raw_label(self, block: Block) -> int:
        assert block.label is not None
        return min(block.label.length, len(block.lines[0].text))

    def _append(self, block: Block) -> None:
        block.role = "paragraph"
        last = self.drafts[-1]
        item = is_item(block) or (block.label is not None and last.open_list)
        last.text += ("\n\n" if block.gap or not item else "\n") + block.text
        if block.text.endswith(":"):
            last.open_list = True

    def _run_in(self, block: Block) -> tuple[str, int] | None:
        if not self._run_ins_counted:
            self._run_in_total = sum(
                1 for other in self.blocks if other.role != "footnote" and run_in_heading(other, self.language)
            )
            self._run_ins_counted = True
        if self._run_in_total < max(2, 0.3 * sum(self._is_prose(other) for other in self.blocks)):
            return None
        return run_in_heading(block, self.language)

    _run_ins_counted = False
    _run_in_total = 0

    def _take_tail(self, end: int) -> None:
        for at in range(end, len(self.blocks)):
            block = self.blocks[at]
            if block.role == "footnote":
                continue
            if self.part == "annex" or self.language.annex.match(block.text):
                self.part = "annex"
                self._take(at)
            elif self.language.is_dateline(block.text):
                block.role = "dateline"
                self.result.tail.append(block)
            elif (
                self.language.signature.match(block.text)
                or self.language.person.match(block.text)
                or self._names_only(block)
            ):
                block.role = "signature"
                self.result.signatures.append(block.text)
            else:
                block.role = "unplaced"
                self.result.unplaced.append(block.text)

    def _names_only(self, block: Block) -> bool:
        return (
            bool(self.result.signatures) and len(block.text.split()) <= 8 and not self.language.is_sentence(block.text)
        )

    # The end

    def _finish(self) -> None:
        for draft in self.drafts:
            text = self._without_marks(draft.text)
            paragraph = Paragraph(draft.number, draft.heading, text, draft.part)
            (self.result.annexes if draft.part == "annex" else self.result.paragraphs).append(paragraph)
        self.result.pieces = _pieces(self.folded, self.layout, self.marks)

    def _without_marks(self, text: str) -> str:
        for mark in self.footnote_marks:
            if mark.isdigit():
                raised = "".join(_SUPERSCRIPT[int(digit)] for digit in mark)
                text = re.sub(rf"\s?\[{mark}\]|{raised}(?![{_SUPERSCRIPT}])", "", text)
                text = re.sub(rf"(?<=[^\W\d_]){mark}(?=[\s.,;:)]|$)|(?<=[^\W\d_][.,;:”’\")]){mark}(?=\s|$)", "", text)
            elif mark in "***†‡":
                text = re.sub(rf"(?<=\w){re.escape(mark)}(?=[\s.,;:)]|$)", "", text)
        return text


def _plain_mark(mark: str) -> str:
    bare = mark.strip("[]()")
    return "".join(str(_SUPERSCRIPT.index(ch)) if ch in _SUPERSCRIPT else ch for ch in bare)


def _title_blocks(front: Sequence[Block], language: Language) -> list[int]:
    """The blocks of the front that make up the title: from a line with a title's word to the dateline or the body."""
    fit = [at for at, block in enumerate(front) if not block.role and not _is_told(block, language)]
    starts = [at for at in fit if language.title.search(front[at].text) and len(front[at].text) < 400]
    if not starts:
        marked = [at for at in fit if front[at].hint and front[at].hint.kind == "heading"]  # type: ignore[union-attr]
        plain = [at for at in fit if len(front[at].text.split()) >= 3 and language.is_heading_words(front[at].text)]
        return marked[:1] or [at for at in plain if not language.is_dateline(front[at].text)][-1:]
    capitals = [at for at in starts if is_capitals(front[at].text)]
    start = capitals[-1] if capitals else starts[-1]
    while (
        start - 1 in starts
        and is_capitals(front[start - 1].text) == is_capitals(front[start].text)
        and front[start].gap == 0
    ):
        start -= 1
    chosen = [start]
    for at in range(start + 1, len(front)):
        block = front[at]
        if (
            language.is_dateline(block.text)
            or language.person.match(block.text)
            or block.role
            or _is_told(block, language)
        ):
            break
        same = is_capitals(block.text) == is_capitals(front[start].text)
        if not same and not (block.gap == 0):
            break
        chosen.append(at)
    return _extended_up(front, chosen, language)


def _is_told(block: Block, language: Language) -> bool:
    """Whether a line of the front is a sentence about the statement and no part of its title."""
    text = block.text
    return text[-1] in ".:," and (
        text[-1] == "," or language.is_sentence(text) or bool(language.introduction.search(text))
    )


def _extended_up(front: Sequence[Block], chosen: list[int], language: Language) -> list[int]:
    while chosen[0] > 0:
        above = front[chosen[0] - 1]
        hangs = above.text.rsplit(" ", 1)[-1].casefold() in language.function_words
        if (
            is_capitals(above.text)
            and is_capitals(front[chosen[0]].text)
            and not language.is_dateline(above.text)
            and not above.role
        ):
            chosen.insert(0, chosen[0] - 1)
        elif hangs and len(above.text) < 200:
            chosen.insert(0, chosen[0] - 1)
        else:
            break
    return chosen


def _best_title(parts: Sequence[str], front: Sequence[Block], taken: Sequence[int]) -> str:
    """The title's lines as one; a copy of it in ordinary letters elsewhere in the front is preferred to capitals."""
    title = re.sub(r"^\[[^\]]{2,14}\]\s*|\s*\[[^\]]{2,40}\]$", "", " ".join(parts).strip())
    if is_capitals(title):
        for at, block in enumerate(front):
            if at not in taken and fold(block.text) == fold(title) and not is_capitals(block.text):
                return block.text
    return title


def _pieces(folded: str, layout: Layout, marks: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """Slices that cover the whole folded text in order, each with its part."""
    spans = [(line.start, line.end, "furniture") for line in layout.furniture]
    numbers = {start: end for start, end, _ in marks}
    for block in layout.blocks:
        for line in block.lines:
            cut = numbers.get(line.start)
            if cut and line is block.lines[0]:
                spans.append((line.start, cut, "number"))
                spans.append((cut, line.end, block.role or "unplaced"))
            else:
                spans.append((line.start, line.end, block.role or "unplaced"))
    pieces: list[Piece] = []
    position = 0
    for start, end, role in sorted(spans):
        if start > position:
            pieces.append(Piece(position, start, "separator", folded[position:start]))
        if end > start:
            pieces.append(Piece(start, end, role, folded[start:end]))
        position = end
    if position < len(folded):
        pieces.append(Piece(position, len(folded), "separator", folded[position:]))
    return pieces
