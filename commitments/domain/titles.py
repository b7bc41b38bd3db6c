"""The title of a statement, from the lines before its body."""

import re
from collections.abc import Sequence

from commitments.domain.headings import is_capitals
from commitments.domain.language import Language
from commitments.domain.layout import Block
from commitments.domain.text import fold

MAX_LENGTH = 400
_BRACKETS = re.compile(r"^\[[^\]]{2,14}\]\s*|\s*\[[^\]]{2,40}\]$")


def title_blocks(front: Sequence[Block], language: Language) -> list[int]:
    """The blocks that make up the title: from a line with a title's word to the dateline or the body."""
    fit = [at for at, block in enumerate(front) if not block.role and not _is_told(block, language)]
    starts = [at for at in fit if language.title.search(front[at].text) and len(front[at].text) < MAX_LENGTH]
    if not starts:
        return _without_title_words(front, fit, language)
    capitals = [at for at in starts if is_capitals(front[at].text)]
    named = [at for at in starts if language.title_opening.match(front[at].text)]
    start = (capitals or named or starts)[-1]
    while start - 1 in starts and front[start].gap == 0 and _set_alike(front[start - 1], front[start]):
        start -= 1
    chosen = [start]
    for at in range(start + 1, len(front)):
        block = front[at]
        closes = language.is_dateline(block.text) or language.person.match(block.text) or block.role
        if (
            closes
            or _is_place(front, at, language)
            or _is_told(block, language)
            or _is_below(front, at, language)
            or (block.gap and not _set_alike(block, front[start]))
        ):
            break
        chosen.append(at)
    return _extended_up(front, chosen, language)


def title_of_blocks(front: Sequence[Block], taken: Sequence[int]) -> str:
    """The title's lines as one; a copy of it in ordinary letters elsewhere in the front is preferred to capitals."""
    title = _BRACKETS.sub("", " ".join(front[at].text for at in taken).strip())
    if title.count('"') == 1:
        title = title.strip('"')
    if not is_capitals(title):
        return title
    copies = (block.text for at, block in enumerate(front) if at not in taken and not is_capitals(block.text))
    return next((copy for copy in copies if fold(copy) == fold(title)), title)


def _is_place(front: Sequence[Block], at: int, language: Language) -> bool:
    """Whether a line is the place above a date that stands alone."""
    if at + 1 >= len(front) or len(front[at].text.split()) > 4 or not language.is_dateline(front[at + 1].text):
        return False
    if language.not_places.search(front[at].text) or any(
        word.islower() and word not in language.set_of("layout", "place_words") for word in front[at].text.split()
    ):
        return False
    hangs = front[at - 1].text.rsplit(" ", 1)[-1].casefold() in language.function_words
    return not hangs and bool(language.date.fullmatch(front[at + 1].text.strip("() ,.")))


def place_above_date(front: Sequence[Block], language: Language) -> int | None:
    """The line of the front that names the place above a date alone, if there is one."""
    return next((at for at in range(1, len(front)) if _is_place(front, at, language)), None)


def _without_title_words(front: Sequence[Block], fit: Sequence[int], language: Language) -> list[int]:
    marked = [at for at in fit if (hint := front[at].hint) and hint.kind == "heading"]
    worded = [
        at
        for at in fit
        if not front[at].label and len(front[at].text.split()) >= 3 and language.is_heading_words(front[at].text)
    ]
    undated = [at for at in worded if not language.is_dateline(front[at].text) and not _is_below(front, at, language)]
    return marked[:1] or undated[-1:] or worded[:1]


def _is_below(front: Sequence[Block], at: int, language: Language) -> bool:
    return at > 0 and language.is_place_below(front[at].text, front[at - 1].text)


def _set_alike(first: Block, second: Block) -> bool:
    return is_capitals(first.text) == is_capitals(second.text)


def _is_told(block: Block, language: Language) -> bool:
    """Whether a line of the front is a sentence about the statement and no part of its title."""
    text = block.text
    if text[-1] not in ".:,":
        return False
    if language.told.search(text):
        return True
    return text[-1] == "," or language.is_sentence(text) or bool(language.introduction.search(text))


def _extended_up(front: Sequence[Block], chosen: list[int], language: Language) -> list[int]:
    """The title with the lines above it that are set in capitals as it is, or that cannot end where they do."""
    while chosen[0] > 0:
        above, first = front[chosen[0] - 1], front[chosen[0]]
        hangs = above.text.rsplit(" ", 1)[-1].casefold() in language.function_words and len(above.text) < 200
        raised = is_capitals(above.text) and is_capitals(first.text) and not above.role
        if not hangs and not (raised and not language.is_dateline(above.text)):
            break
        chosen.insert(0, chosen[0] - 1)
    return chosen
