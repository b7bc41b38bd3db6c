"""The parts of a statement: title, headings, paragraphs with their numbers, signatures, annexes and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commitments.domain.cleaning import joined
from commitments.domain.headings import is_capitals, run_in_heading
from commitments.domain.language import Language
from commitments.domain.layout import Block, Layout, is_item, lay_out
from commitments.domain.notes import without_marks
from commitments.domain.readings import Footnote, Heading, LineHint, Paragraph, Piece
from commitments.domain.roles import Survey, datelines
from commitments.domain.titles import place_above_date, title_blocks, title_of_blocks

_RUN_IN_RANK = 50
_LIST_STYLES = frozenset({"dot", "paren", "both", "small_roman"})


@dataclass
class _Draft:
    """A paragraph as it grows; `open_list` once a block of it ended with a colon."""

    number: str | None
    heading: str
    part: str
    text: str
    start: int
    open_list: bool = False


@dataclass
class Structure:
    """What the blocks turned out to be; `datelines` are those above the body and those below it."""

    title: str = ""
    datelines: list[str] = field(default_factory=list)
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
    return _Assembly(folded, layout, Survey(folded, layout, language)).run()


class _Assembly:
    """Walks the blocks once and gives each its part."""

    def __init__(self, folded: str, layout: Layout, survey: Survey) -> None:
        self.folded = folded
        self.layout = layout
        self.survey = survey
        self.blocks = survey.blocks
        self.language = survey.language
        self.result = Structure(footnotes=list(survey.notes.values()))
        self.label_ends: dict[int, int] = {}
        self.drafts: list[_Draft] = []
        self.heading = ""
        self.part = "body"

    def run(self) -> Structure:
        begin, end = self.survey.body
        for at in self.survey.notes:
            self.blocks[at].role = "footnote"
        self._take_front(begin)
        for at in range(begin, end):
            self._take(at)
        for at in range(end, len(self.blocks)):
            self._take_after(at)
        self.result.datelines = datelines(self.blocks)
        self._finish()
        return self.result

    def _take_front(self, begin: int) -> None:
        front = self.blocks[:begin]
        taken = title_blocks(front, self.language)
        self.result.title = title_of_blocks(front, taken)
        place = place_above_date(front, self.language)
        for at, block in enumerate(front):
            below = at > 0 and self.language.is_place_below(block.text, front[at - 1].text)
            dated = self.language.is_dateline(block.text) or (at == place and at not in taken) or below
            block.role = block.role or ("title" if at in taken else "dateline" if dated else "front")

    def _take(self, at: int) -> None:
        block, survey = self.blocks[at], self.survey
        if block.role == "footnote":
            return
        if at in survey.numbers:
            self._open_paragraph(block, survey.numbers[at].printed)
        elif self.language.annex.match(block.text) and len(block.text) < 200:
            self._open_annex(block)
        elif at in survey.headings and self.part == "annex":
            self._open_paragraph(block, block.label.printed if block.label else None)
        elif at in survey.headings:
            self._take_heading(at, block)
        elif self._is_signature(at, block):
            block.role = "signature"
            self.result.signatures.append(block.text)
        elif self._belongs_to_last(at, block):
            self._append(block)
        else:
            self._open_paragraph(block, None)

    def _open_annex(self, block: Block) -> None:
        self.part = "annex"
        self.heading = block.text.rstrip(": ").strip()
        block.role = "annex"

    def _is_signature(self, at: int, block: Block) -> bool:
        late = at > self.survey.last_number and bool(self.drafts)
        return late and len(block.text) < 400 and bool(self.language.signature.match(block.text))

    def _take_heading(self, at: int, block: Block) -> None:
        text = block.text.rstrip(": ").strip()
        if self._goes_on_with_heading(at, block):
            last = self.result.headings.pop()
            self.heading = joined(last.text, text, frozenset())
            self.result.headings.append(Heading(self.heading, last.level, last.start))
        else:
            self.heading = text
            self.result.headings.append(Heading(text, self.survey.headings[at].rank, block.start))
        block.role = "heading"

    def _goes_on_with_heading(self, at: int, block: Block) -> bool:
        """Two lines of one heading: no gap between them and set alike, or the first cannot end there."""
        before = self.blocks[at - 1] if at else None
        if before is None or before.role != "heading" or block.label or block.gap or block.lines[0].page or block.hint:
            return False
        hangs = before.text.rsplit(" ", 1)[-1].casefold() in self.language.function_words or before.text[-1] in ",–-&"
        styles = self.survey.headings
        alike = styles[at - 1].name == styles[at].name or (is_capitals(before.text) and is_capitals(block.text))
        return hangs or (alike and len(before.text) > 0.5 * max(self.layout.width, 60))

    def _belongs_to_last(self, at: int, block: Block) -> bool:
        """Whether a block goes on with the paragraph above it instead of opening its own."""
        last = self.drafts[-1] if self.drafts else None
        if (
            last is None
            or last.heading != self.heading
            or last.part != self.part
            or self.blocks[at - 1].role == "heading"
        ):
            return False
        if last.number is not None:
            return True
        if is_item(block):
            return last.open_list or not last.text.startswith(("•", "-"))
        if block.label is not None and block.label.style in _LIST_STYLES and last.open_list:
            return True
        return last.text.endswith((":", ",")) and not self.survey.numbers and block.text[0].islower()

    def _open_paragraph(self, block: Block, number: str | None) -> None:
        label_length = block.label.length if block.label and number is not None else 0
        text = block.text[label_length:]
        part = self.part
        if number is None and part == "body" and self.survey.numbers and not self._has_begun:
            part = "preamble"
        run_in = run_in_heading(block, self.language) if self.survey.has_run_ins else None
        if run_in:
            self.heading = run_in[0]
            self.result.headings.append(Heading(self.heading, _RUN_IN_RANK, block.start))
            text = block.body[run_in[1] :]
        self.drafts.append(_Draft(number, self.heading, part, text.strip(), block.start, text.rstrip().endswith(":")))
        block.role = "paragraph"
        if label_length:
            self.label_ends[block.start] = block.start + min(label_length, len(block.lines[0].text))

    @property
    def _has_begun(self) -> bool:
        return bool(self.result.headings) or any(draft.number is not None for draft in self.drafts[-1:])

    def _append(self, block: Block) -> None:
        last = self.drafts[-1]
        item = is_item(block) or (block.label is not None and last.open_list)
        last.text += ("\n\n" if block.gap or not item else "\n") + block.text
        last.open_list = last.open_list or block.text.endswith(":")
        block.role = "paragraph"

    def _take_after(self, at: int) -> None:
        """Blocks below the body: annexes, names, a closing dateline; what is none of these stays unplaced."""
        block, language = self.blocks[at], self.language
        if block.role == "footnote":
            return
        if self.part == "annex" or language.annex.match(block.text):
            self._take(at)
        elif language.is_dateline(block.text) or self._is_place_above_date(at):
            block.role = "dateline"
        elif language.signature.match(block.text) or language.person.match(block.text) or self._is_name(block):
            block.role = "signature"
            self.result.signatures.append(block.text)
        else:
            block.role = "unplaced"
            self.result.unplaced.append(block.text)

    def _is_place_above_date(self, at: int) -> bool:
        after = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
        return len(self.blocks[at].text.split()) <= 3 and after is not None and self.language.is_dateline(after.text)

    def _is_name(self, block: Block) -> bool:
        return (
            bool(self.result.signatures) and len(block.text.split()) <= 8 and not self.language.is_sentence(block.text)
        )

    def _finish(self) -> None:
        marks = {note.mark for note in self.result.footnotes}
        for draft in self.drafts:
            text = without_marks(draft.text, marks)
            paragraph = Paragraph(draft.number, draft.heading, text, draft.part, start=draft.start)
            (self.result.annexes if draft.part == "annex" else self.result.paragraphs).append(paragraph)
        self.result.pieces = _pieces(self.folded, self.layout, self.label_ends)


def _pieces(folded: str, layout: Layout, label_ends: Mapping[int, int]) -> list[Piece]:
    """Slices that cover the whole folded text in order, each with its part."""
    spans = [(line.start, line.end, "furniture") for line in layout.furniture]
    for block in layout.blocks:
        for line in block.lines:
            cut = label_ends.get(line.start, line.start)
            spans += [(line.start, cut, "number"), (cut, line.end, block.role or "unplaced")]
    return _tiled(folded, sorted(spans))


def _tiled(folded: str, spans: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """The spans as pieces, with the white space between them as separators."""
    pieces: list[Piece] = []
    position = 0
    for start, end, role in [*spans, (len(folded), len(folded), "")]:
        if start > position:
            pieces.append(Piece(position, start, "separator", folded[position:start]))
        if end > start:
            pieces.append(Piece(start, end, role, folded[start:end]))
        position = max(position, end)
    return pieces
