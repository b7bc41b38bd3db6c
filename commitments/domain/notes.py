"""Footnotes and their marks: kept apart from the paragraphs that they belong to."""

import re

from commitments.domain.layout import Block

_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(r"(?P<mark>\[\d{1,2}\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}|\*{1,3}|[†‡])\s?(?=\S)")
_HINTED = re.compile(r"[\[(]?(\d{1,3}|[*†‡]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)[\])]?[.:]?\s*")


def note_mark(block: Block, folded: str) -> tuple[str, int]:
    """The mark of a footnote and its length, or an empty mark: only a block whose mark stands in the text is one."""
    if block.hint and block.hint.kind == "footnote":
        match = _HINTED.match(block.text)
        return (_plain(match.group(1)), match.end()) if match else ("*", 0)
    match = _MARK.match(block.text)
    if match and _stands(match["mark"], folded[: block.start]):
        return _plain(match["mark"]), match.end()
    label = block.label
    if label and label.style == "bare" and _is_glued(label.printed, folded[: block.start]):
        return label.printed, label.length
    return "", 0


def without_marks(text: str, marks: set[str]) -> str:
    """A paragraph's text without the marks of the statement's footnotes."""
    for mark in marks:
        if mark.isdigit():
            text = re.sub(rf"\s?\[{mark}\]|{_raised(mark)}(?![{_SUPERSCRIPT}])", "", text)
            text = re.sub(rf"(?<=[^\W\d_]){mark}(?=[\s.,;:)]|$)|(?<=[^\W\d_][.,;:”’\")]){mark}(?=\s|$)", "", text)
        elif mark in "***†‡":
            text = re.sub(rf"(?<=\w){re.escape(mark)}(?=[\s.,;:)]|$)", "", text)
    return text


def _stands(mark: str, before: str) -> bool:
    """Whether a mark also stands in the text, after a word; a bullet or an item does not."""
    return bool(re.search(r"[\w.,;:”’\")]\s?" + re.escape(mark), before))


def _is_glued(number: str, before: str) -> bool:
    """Whether a number is glued to a word of the text, raised or not."""
    return _raised(number) in before or bool(re.search(r"[^\W\d_][.,;:”’\")]?" + number + r"(?=[\s.,;:)]|$)", before))


def _raised(number: str) -> str:
    return "".join(_SUPERSCRIPT[int(digit)] for digit in number)


def _plain(mark: str) -> str:
    return "".join(str(_SUPERSCRIPT.index(ch)) if ch in _SUPERSCRIPT else ch for ch in mark.strip("[]()"))
