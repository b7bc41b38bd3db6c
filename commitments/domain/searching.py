"""What a search shows of a text: the words around the first that was found."""

import re

from commitments.domain.text import fold

MOST_WORDS = 8
WORD = re.compile(r"\S+")
BEFORE, AFTER = 60, 120  # characters around the word


def folded_words(query: str) -> list[str]:
    """The words to look for, folded as texts are; the first few, each once."""
    return list(dict.fromkeys(fold(query).split()))[:MOST_WORDS]


def excerpt(text: str, words: list[str]) -> str:
    """The text around the first of the words; its beginning where none is found."""
    at = next((match.start() for match in WORD.finditer(text) if any(word in fold(match[0]) for word in words)), 0)
    begin = _word_begin(text, max(0, at - BEFORE))
    end = _word_begin(text, min(len(text), at + AFTER))
    inner = " ".join(text[begin:end].split())
    return f"{'… ' if begin else ''}{inner}{' …' if end < len(text) else ''}"


def _word_begin(text: str, at: int) -> int:
    """The nearest beginning of a word at or before; the end of the text where it ends there."""
    if at in (0, len(text)):
        return at
    return text.rfind(" ", 0, at) + 1
