"""Numbers as people and spreadsheets write them: with a point or a comma, in groups of three, never guessed."""

import re
from collections.abc import Iterable
from decimal import Decimal

_SPACED = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019](?=\d{3}(?!\d))")
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_ONE_MARK = re.compile(r"[+-]?(\d+)([.,])(\d+)", re.ASCII)
_GROUPED = {  # the decimal mark, by how the groups of three are parted
    ",": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:\.\d{3}){2,}", re.ASCII),
    ".": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:,\d{3}){2,}", re.ASCII),
}


class NotANumberError(ValueError):
    """The text is no number."""


class AmbiguousError(ValueError):
    """ "1.234" is one thousand in Ankara and one and a bit in Kuala Lumpur."""


def decimal_mark(texts: Iterable[str]) -> str:
    """The mark before the decimals that these numbers use where they leave no doubt; empty where they do not agree."""
    marks = {mark for text in texts if (mark := _certain_mark(_normal(text)))}
    return marks.pop() if len(marks) == 1 else ""


def number_of(text: str, mark: str = "") -> Decimal:
    """The number; `mark` says what parts the decimals where the text alone could be read in two ways.

    Raises NotANumberError and AmbiguousError.
    """
    plain = _normal(text)
    if _WHOLE.fullmatch(plain):
        return Decimal(plain)
    decimals = _certain_mark(plain) or (mark if _is_ambiguous(plain) else "")
    if decimals:
        return Decimal(plain.replace("," if decimals == "." else ".", "").replace(decimals, "."))
    if _is_ambiguous(plain):
        raise AmbiguousError(text)
    raise NotANumberError(text)


def _normal(text: str) -> str:
    """Without the spaces and apostrophes that part groups of three, with a plain minus."""
    return _SPACED.sub("", text.strip()).replace("\N{MINUS SIGN}", "-")


def _certain_mark(plain: str) -> str:
    """What parts the decimals of a number that can be read in one way; empty where it cannot, or has none."""
    for mark, pattern in _GROUPED.items():
        if pattern.fullmatch(plain):
            return mark
    match = _ONE_MARK.fullmatch(plain)
    return match[2] if match and not _is_ambiguous(plain) else ""


def _is_ambiguous(plain: str) -> bool:
    """One mark with three digits after it, and one to three before it: a group of three, or decimals."""
    match = _ONE_MARK.fullmatch(plain)
    return bool(match) and len(match[3]) == 3 and len(match[1]) <= 3 and match[1].lstrip("0") != ""
