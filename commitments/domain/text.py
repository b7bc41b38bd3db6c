"""Folding of text for search, and the white space of published pages."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable

_DOTLESS = str.maketrans({"İ": "i", "I": "i", "ı": "i"})
_BLANK = re.compile(r"[^\S\n]+")
_SEPARATORS = re.compile(r"[\W_]+")
LONGEST_WORD = 100  # characters; PostgreSQL takes no more than 2046 bytes
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def fold(text: str) -> str:
    """Text as search compares it: no case, no accents, İ I ı all i, single spaces.

    Both the stored text and the query are folded, so "isbirligi" finds "işbirliği".
    """
    lower = _without_marks(text).translate(_DOTLESS).casefold()
    return " ".join(_without_marks(lower).translate(_DOTLESS).casefold().split())


def search_words(text: str) -> str:
    """The folded text as the word index keeps it: its words alone, one space between; a word is letters and digits."""
    return " ".join(word[:LONGEST_WORD] for word in _SEPARATORS.split(fold(text)) if word)


def _without_marks(text: str) -> str:
    return "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))


def sort_key(text: str, language: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts by the language's alphabet; in Turkish ç ğ ı i ö ş ü are letters of their own."""
    if language != "tr":
        return tuple((0, ch) for ch in fold(text))
    lower = text.replace("I", "ı").replace("İ", "i").lower()
    return tuple((_TURKISH.get(ch, 0 if ch < "a" else 100), ch) for ch in lower)


_TURKISH = {letter: place for place, letter in enumerate("abcçdefgğhıijklmnoöpqrsştuüvwxyz", start=1)}


def tidy(text: str) -> str:
    """What a person typed, as it is kept: line ends as \\n, no control characters, no outer white space.

    Lone surrogates, which no database can store, become the replacement character.
    """
    clean = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
    return clean.encode("utf-8", "replace").decode("utf-8").strip()


def plain_spaces(text: str) -> str:
    """The text with every run of blanks other than line breaks as one space (no-break spaces included)."""
    return _BLANK.sub(" ", text)


def sha256(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def statement_digest(paragraphs: Iterable[tuple[str, str, str]]) -> str:
    """SHA-256 over (heading, number, text) of every paragraph in order."""
    return sha256(json.dumps([list(row) for row in paragraphs], ensure_ascii=False, separators=(",", ":")))
