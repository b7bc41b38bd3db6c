"""What reading needs to know of a language; each language is one file of words beside this one."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_MAX_DATELINE = 160


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(f"(?:{words})", re.I)


def _on_one_line(table: dict[str, Any]) -> dict[str, Any]:
    """The file's content with the line breaks of its lists taken out."""
    return {
        name: _on_one_line(value) if isinstance(value, dict) else _joined(value) if isinstance(value, str) else value
        for name, value in table.items()
    }


def _joined(words: str) -> str:
    return words.replace("|\n", "|").replace("\n|", "|").replace("\n", " ").strip()


@dataclass(frozen=True, eq=False)
class Language:
    """The words of one language, compiled; `words` is the file's content."""

    code: str
    words: dict[str, Any]
    function_words: frozenset[str]
    finite: re.Pattern[str]
    openers: tuple[str, ...]
    abbreviations: frozenset[str]
    title: re.Pattern[str]
    title_opening: re.Pattern[str]
    told: re.Pattern[str]
    not_places: re.Pattern[str]
    person: re.Pattern[str]
    signature: re.Pattern[str]
    annex: re.Pattern[str]
    introduction: re.Pattern[str]
    note: re.Pattern[str]
    one_body: re.Pattern[str]
    formula: re.Pattern[str]
    opening_heading: re.Pattern[str]
    furniture: re.Pattern[str]
    date: re.Pattern[str]

    def set_of(self, table: str, name: str) -> frozenset[str]:
        """A list of words as a set."""
        return _set_of(self, table, name)

    def is_sentence(self, text: str) -> bool:
        """Whether a line has a finite verb in small letters, or opens as sentences do."""
        return bool(self.finite.search(text)) or text.startswith(self.openers)

    def is_abbreviation(self, word: str) -> bool:
        """Whether a full stop after this word need not end the sentence; single initials are such too."""
        bare = word.lstrip("(“\"‘'[")
        return bare in self.abbreviations or bool(re.fullmatch(r"(?:[A-ZÀ-ÞİŞĞÇÖÜ]\.)+", bare))

    def is_heading_words(self, text: str) -> bool:
        """Whether a line is worded as a heading: short, raised words, no verb."""
        words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if word.casefold() not in self.function_words]
        if not words or len(text) > 160 or self.is_sentence(text):
            return False
        return sum(word[0].isupper() for word in words) >= 0.7 * len(words)

    def is_dateline(self, text: str) -> bool:
        """Whether a line is a place and a date, or a date alone."""
        if re.match(r"\[(?:place|date)\]", text, re.I):
            return True
        match = self.date.search(text)
        if text[0].islower() or text[-1] == ",":
            return False
        if not match or len(text) > _MAX_DATELINE or self.is_sentence(text) or self.told.search(text):
            return False
        rest = text[: match.start()] + text[match.end() :]
        return len(re.findall(r"[^\W\d_]+", rest)) <= 9 and not self.title.search(rest)

    def is_place_below(self, text: str, above: str) -> bool:
        """Whether a line below a date alone is its place: "Parliament House, Canberra"."""
        words = text.split()
        raised = all(word[0].isupper() or word in self.set_of("layout", "place_words") - {"and"} for word in words)
        return bool(self.date.fullmatch(above.strip(" ,."))) and "," in text and len(words) <= 7 and raised


@cache
def _set_of(known: Language, table: str, name: str) -> frozenset[str]:
    return frozenset(known.words[table][name].split())


@cache
def language(code: str = "en") -> Language:
    """The language of that code; a `LookupError` where there is no file for it."""
    path = _HERE / f"{code}.toml"
    if not path.is_file():
        raise LookupError(code)
    words = _on_one_line(tomllib.loads(path.read_text(encoding="utf-8")))
    layout = words["layout"]
    months = "|".join(name for month in words["dates"]["months"].split("|") for name in month.split())
    return Language(
        code=code,
        words=words,
        function_words=frozenset(layout["function_words"].split()),
        finite=re.compile(rf"\b(?:{'|'.join(layout['finite_verbs'].split())})\b"),
        openers=tuple(layout["sentence_openers"].split("|")),
        abbreviations=frozenset(layout["abbreviations"].split()),
        title=_pattern(layout["title"]),
        title_opening=_pattern(layout["title_opening"]),
        told=_pattern(layout["told"]),
        not_places=_pattern(layout["not_places"]),
        person=_pattern(layout["person"]),
        signature=_pattern(layout["signature"]),
        annex=_pattern(layout["annex"]),
        introduction=_pattern(layout["introduction"]),
        note=_pattern(layout["note"]),
        one_body=_pattern(layout["one_body"]),
        formula=_pattern(layout["formula"]),
        opening_heading=_pattern(layout["opening_heading"]),
        furniture=_pattern(layout["furniture"]),
        date=re.compile(
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:\s?(?:-|–|—|to|and|&)\s?\d{{1,2}}(?:st|nd|rd|th)?)?(?:\s+day)?(?:\s+of)?\s+(?:{months})\b\.?,?\s*\d{{4}}"
            rf"|\b(?:{months})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s?(?:-|–|—|to|and|&)\s?\d{{1,2}}(?:st|nd|rd|th)?)?,?\s+\d{{4}}"
            r"|\b(?:19|20)\d{2}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}\b",
            re.I,
        ),
    )
