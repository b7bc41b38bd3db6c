"""What each block can be, before the parts are put together: numbered paragraph, heading, note, body or not."""

from collections.abc import Mapping, Sequence

from commitments.domain.cleaning import ends_sentence
from commitments.domain.headings import Style, heading_style, is_capitals, run_in_heading
from commitments.domain.language import Language
from commitments.domain.layout import Block, Layout, is_item
from commitments.domain.notes import note_mark
from commitments.domain.numbering import Candidate, Label, main_row, roman_value
from commitments.domain.readings import Footnote
from commitments.domain.titles import MAX_LENGTH as MAX_TITLE

_PROSE_LENGTH = 150
_FRONT_LIMIT = 80
_TITLE_LIMIT = 8


class Survey:
    """The blocks with their numbers, heading styles and notes; `body` is the range that holds the statement's text."""

    def __init__(self, folded: str, layout: Layout, language: Language) -> None:
        self.blocks = list(layout.blocks)
        self.layout = layout
        self.language = language
        self.prose = [False] * len(self.blocks)
        row = main_row(self._candidates())
        self.prose = [self._is_prose(block) for block in self.blocks]
        self.numbers = {at: label for at, label in row.items() if self._opens_numbered(at, row)}
        self.last_number = max(self.numbers, default=-1)
        self.headings = self._heading_styles()
        self.notes = self._notes(folded)
        self.has_run_ins = self._has_run_ins()
        self.body = self._body_range()

    def _candidates(self) -> list[Candidate]:
        found = []
        for at, block in enumerate(self.blocks):
            if block.label is None:
                continue
            if block.label.style == "alone":
                block.label = _label_alone(block, block.label)
            before = self.blocks[at - 1] if at else None
            lead_in = bool(before and before.text.endswith(":"))
            found.append(Candidate(at, block.label, True, self._is_prose(block), lead_in, self._may_head(before)))
        return found

    def _may_head(self, before: Block | None) -> bool:
        """Whether a block may be a heading, so that numbers may begin again under it."""
        if before is None or _is_marked_heading(before):
            return True
        return not self._is_prose(before) and not ends_sentence(before.text)

    def _is_prose(self, block: Block) -> bool:
        text = block.body.strip()
        if _is_marked_heading(block):
            return False
        if len(text) > _PROSE_LENGTH or self.language.is_sentence(text):
            return True
        return ends_sentence(text) and len(text.split()) > 3

    def _opens_numbered(self, at: int, row: Mapping[int, Label]) -> bool:
        """Whether a block of the row is a paragraph; a short one is, where a list stands under it."""
        block = self.blocks[at]
        if self.prose[at] or _is_marked_heading(block):
            return self.prose[at]
        return (
            len(row) > 2 and not is_capitals(block.body) and at + 1 < len(self.blocks) and is_item(self.blocks[at + 1])
        )

    def _heading_styles(self) -> dict[int, Style]:
        found: dict[int, Style] = {}
        for at, block in enumerate(self.blocks):
            if at in self.numbers:
                continue
            after = self.blocks[at + 1] if at + 1 < len(self.blocks) else None
            above = at == 0 or block.gap > 0 or block.lines[0].page or self.layout.width > 0
            if style := heading_style(block, after, self.language, apart=above and _is_parted(after)):
                found[at] = style
        return {at: style for at, style in found.items() if at not in self._listed(found)}

    def _listed(self, found: Mapping[int, Style]) -> set[int]:
        """Two lines or more below a colon that look like headings, one right under the other, are its list."""
        listed: set[int] = set()
        for at, block in enumerate(self.blocks):
            if not block.text.rstrip("-–").endswith(":") or at in found:
                continue
            end = at + 1
            while end in found and self.blocks[end].label is None and self.blocks[end].hint is None:
                end += 1
            listed |= set(range(at + 1, end)) if end - at > 2 else set()
        return listed

    def _notes(self, folded: str) -> dict[int, Footnote]:
        found = {}
        for at, block in enumerate(self.blocks):
            hinted = block.hint is not None and block.hint.kind == "footnote"
            if at in self.numbers or at in self.headings or (at < 3 and not hinted):
                continue
            mark, length = note_mark(block, folded)
            if mark:
                found[at] = Footnote(mark, block.text[length:].strip())
        return found

    def _has_run_ins(self) -> bool:
        """Whether headings within paragraphs are this statement's way: at least two, and three in ten paragraphs."""
        total = sum(run_in_heading(block, self.language) is not None for block in self.blocks)
        return total >= max(2, 0.3 * sum(self.prose))

    # The range of the body

    def _body_range(self) -> tuple[int, int]:
        begin = self._first_body_block()
        end = len(self.blocks)
        while end > begin and not self._is_body(end - 1) and end - 1 not in self.notes:
            end -= 1
        return begin, end

    def _is_body(self, at: int) -> bool:
        block = self.blocks[at]
        if at in self.numbers:
            return True
        if at in self.headings or self.language.is_dateline(block.text) or self.language.signature.match(block.text):
            return False
        return self.prose[at] or (is_item(block) and at > 0 and len(block.body) > 8)

    def _first_body_block(self) -> int:
        begin = 0
        for at, block in enumerate(self.blocks[:_FRONT_LIMIT]):
            if self.language.introduction.search(block.text) and len(block.text) < 400 and at + 1 < len(self.blocks):
                begin = at + 1
        below = max(begin, self._end_of_title())
        first = next((at for at in range(below, len(self.blocks)) if self._opens_body(at)), len(self.blocks))
        return self._with_first_headings(begin, first)

    def _opens_body(self, at: int) -> bool:
        block = self.blocks[at]
        if at in self.numbers:
            return True
        if at in self.headings or at in self.notes or self.language.is_dateline(block.text):
            return False
        if block.text[-1] in ",:" and self.language.formula.match(block.text):
            return True
        if is_capitals(block.text) and self.language.title.search(block.text):
            return False
        if self._is_long_title(at) or (at < _TITLE_LIMIT and self._tells_of_issue(block)):
            return False
        if self.numbers and len(block.text) < 60 and not ends_sentence(block.text):
            return False
        return self.prose[at] and (len(block.text) > 60 or self.language.is_sentence(block.text))

    def _tells_of_issue(self, block: Block) -> bool:
        """Whether a line only tells that the statement was issued, and by whom."""
        return len(block.text) < _PROSE_LENGTH and bool(self.language.told.search(block.text))

    def _end_of_title(self) -> int:
        """Behind a line near the beginning that names the statement; sentences above it are the page's, not its."""
        named = [at for at, block in enumerate(self.blocks[:_TITLE_LIMIT]) if self._names_statement(at, block)]
        return named[-1] + 1 if named and not any(at < named[-1] for at in self.numbers) else 0

    def _names_statement(self, at: int, block: Block) -> bool:
        opens = self.language.title_opening.match(block.text) and at not in self.numbers and not block.label
        return bool(opens) and len(block.text) <= MAX_TITLE and block.text[-1] not in ".:;,"

    def _is_long_title(self, at: int) -> bool:
        """Whether a block is a title as long as a sentence: it closes with no stop, and what follows it reads on."""
        block = self.blocks[at]
        if at > _TITLE_LIMIT or ends_sentence(block.text) or len(block.text) > MAX_TITLE or at + 1 == len(self.blocks):
            return False
        after = self.blocks[at + 1]
        if after.text[0].islower() or not (after.gap or after.label or after.hint or after.lines[0].page):
            return False
        return bool(self.language.title_opening.match(block.text)) or (
            at == 0 and not self.language.is_sentence(block.text)
        )

    def _with_first_headings(self, begin: int, first: int) -> int:
        """The start of the body with the headings right above its first paragraph that are no part of the title."""
        later = {style.name for at, style in self.headings.items() if at > first}
        start = first
        for at in range(first - 1, begin - 1, -1):
            if not self._heads_body(at, begin, later):
                break
            start = at
        return start

    def _heads_body(self, at: int, begin: int, later: set[str]) -> bool:
        block, language = self.blocks[at], self.language
        if at not in self.headings or language.is_dateline(block.text) or block.text[0] in '"“‘':
            return False
        if at and language.is_place_below(block.text, self.blocks[at - 1].text):
            return False
        if language.opening_heading.fullmatch(block.body.strip(": ")):
            return True
        above = self.blocks[begin:at]
        dated = any(language.is_dateline(each.text) for each in above)
        if language.title.search(block.text) and not dated:
            return False
        marked = _is_marked_heading(block)
        if marked and self.headings[at].rank <= 1:
            return False
        if self.headings[at].name not in later and not (dated or marked):
            return False
        if not any(language.title.search(each.text) for each in above):
            return False
        return not (is_capitals(block.text) and block.gap == 0 and above and is_capitals(above[-1].text))


def _is_marked_heading(block: Block) -> bool:
    return block.hint is not None and block.hint.kind == "heading"


def _is_parted(after: Block | None) -> bool:
    """Whether what follows a line stands apart from it."""
    if after is None:
        return True
    marked = after.hint is not None or after.label is not None
    return after.gap > 0 or after.lines[0].page or marked or len(after.text) > _PROSE_LENGTH


def _label_alone(block: Block, label: Label) -> Label:
    """A number on a line of its own belongs with the row that its marks show."""
    first = block.lines[0].text
    if label.printed.isalpha():
        style, value = "roman", roman_value(label.printed)
    else:
        marks = {".": "dot", ")": "both" if first.startswith("(") else "paren"}
        style, value = marks.get(first[-1], "bare"), label.value
    return Label(style, label.printed, value, len(first) + (len(block.lines) > 1))


def datelines(blocks: Sequence[Block]) -> list[str]:
    """The texts of the blocks that turned out to be datelines; a place above a date is one line with it."""
    texts: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if block.role != "dateline":
            continue
        if before is not None and before.role == "dateline" and texts and not any(ch.isdigit() for ch in texts[-1]):
            texts[-1] = f"{texts[-1]}, {block.text}"
        else:
            texts.append(block.text)
    return texts
