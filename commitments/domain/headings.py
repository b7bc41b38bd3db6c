"""Whether a block is a heading, and of what style; headings of one style share a level."""

import re
from dataclasses import dataclass

from commitments.domain.cleaning import ends_sentence
from commitments.domain.language import Language
from commitments.domain.layout import Block

MAX_LENGTH = 200
MAX_WORDS = 26
_WORD = re.compile(r"[^\W\d_][\w'’&./-]*")
_RUN_IN = re.compile(r"(?P<head>[A-ZÀ-ÞİŞĞÇÖÜ][^.:;!?\n]{2,90}?)(?P<mark>\s?[:.]|\s[–—-])\s+(?=[A-ZÀ-ÞİŞĞÇÖÜ“\"])")


@dataclass(frozen=True)
class Style:
    """How a heading is set; `rank` orders the styles from the outermost inwards."""

    name: str
    rank: int


def heading_style(block: Block, after: Block | None, language: Language, *, apart: bool) -> Style | None:
    """The style of a heading, or None for anything else; `apart` says that the block stands alone between gaps."""
    text = block.body.strip()
    words = _WORD.findall(text)
    if block.hint and block.hint.kind == "heading":
        fits = len(text) <= 300 and not (len(words) > 25 and ends_sentence(text))
        return Style(f"marked {block.hint.level}", block.hint.level) if words and fits else None
    if not words or len(text) > MAX_LENGTH or len(words) > MAX_WORDS:
        return None
    if _is_lettered(block, text, words, after, language):
        return Style("labelled letter", 45)
    if _cannot_be(block, text, language):
        return None
    if block.label and block.label.style in {"roman", "capital", "dot", "paren", "multi", "dash", "word"}:
        named = _labelled_style(block.label.style, text, words, after, language)
        if named:
            return named
    if is_capitals(text):
        return Style("capitals", 20)
    if is_title_case(words, language) and not language.is_sentence(text):
        return Style("title case", 30)
    return _plain_style(text, words, after, language) if apart else None


def is_capitals(text: str) -> bool:
    """Whether a line is set in capitals."""
    letters = [ch for ch in text if ch.isalpha()]
    return len(letters) >= 3 and sum(ch.isupper() for ch in letters) > 0.85 * len(letters)


def is_title_case(words: list[str], language: Language) -> bool:
    """Whether the words that carry meaning begin with capitals."""
    weighty = [word for word in words if word.casefold() not in language.function_words]
    raised = sum(word[0].isupper() for word in weighty)
    return (
        bool(weighty) and words[0][0].isupper() and raised >= 0.65 * len(weighty) and (len(words) == 1 or raised >= 2)
    )


def run_in_heading(block: Block, language: Language) -> tuple[str, int] | None:
    """A heading that opens its paragraph's own line, and where the paragraph begins; None without one."""
    match = _RUN_IN.match(block.body)
    if not match or len(block.body) - match.end() < 15:
        return None
    head = match["head"].strip()
    words = _WORD.findall(head)
    limit = 12 if ":" in match["mark"] else 7
    if (
        len(words) > limit
        or language.is_sentence(head)
        or language.is_abbreviation(head + ".")
        or _is_lead_in(head, language)
    ):
        return None
    if ":" not in match["mark"] and not is_title_case(words, language) and len(words) > 5:
        return None
    return head, match.end()


def _is_lead_in(head: str, language: Language) -> bool:
    return bool(language.person.match(head) or language.note.match(head))


def _is_lettered(block: Block, text: str, words: list[str], after: Block | None, language: Language) -> bool:
    """ "ii) Energy": a letter's item is a heading where it stands alone and a paragraph follows it."""
    if not block.label or block.label.style not in {"letter", "small_roman"} or after is None or after.label:
        return False
    apart = block.gap > 0 and after.gap > 0 and len(after.text) > 60
    closed = text[-1] in ".;,:" or text.endswith(" and")
    return apart and not closed and len(words) <= 8 and text[0].isupper() and not language.is_sentence(text)


def _cannot_be(block: Block, text: str, language: Language) -> bool:
    if block.label and block.label.style in {"bullet", "letter", "small_roman"}:
        return True
    if text[-1] in ".;,!" and not language.is_abbreviation(text.rsplit(" ", 1)[-1]):
        return True
    if text.rstrip(": ").casefold() in language.set_of("layout", "never_headings"):
        return True
    if text[0].islower() or (text[0] in '(“"' and text[-1] in ")"):
        return True
    return bool(language.person.match(text) or language.is_dateline(text)) or block.joined_over_gap


def _labelled_style(style: str, text: str, words: list[str], after: Block | None, language: Language) -> Style | None:
    ranks = {"roman": 10, "capital": 12, "dot": 14, "paren": 16, "word": 14, "dash": 14, "multi": 18}
    if language.is_sentence(text) or (after is not None and after.text[0].islower()):
        return None
    if len(words) > 18 and not is_title_case(words, language):
        return None
    return Style(f"labelled {style}", ranks[style])


def _plain_style(text: str, words: list[str], after: Block | None, language: Language) -> Style | None:
    """A short phrase in ordinary letters that stands alone before a paragraph."""
    if len(words) > 14 or language.is_sentence(text) or after is None or len(after.text) < 60 or text[-1] in "?":
        return None
    return Style("plain", 40) if text[0].isupper() or text[0].isdigit() else None
