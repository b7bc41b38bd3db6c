"""Where and when a statement was adopted: from its dateline, its closing words, or its first sentences.

A date of publication is none of these, and nothing is guessed: a visit of several days has no day of adoption unless
a dateline names one. `anchor` is still the last day known, because "within six months" must count from something.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from commitments.domain.dates import find_date
from commitments.domain.language import Language

_PLACE = (
    r"[A-ZÀ-ÞİŞĞÇÖÜ][\w’'.-]*(?:[ -](?:(?:of|the|de|la|el|al|bin|am|sur|"
    r"upon)\s)?[A-ZÀ-ÞİŞĞÇÖÜ][\w’'.-]*){0,4}(?:,\s+[A-ZÀ-ÞİŞĞÇÖÜ][\w’'.]*(?:\s[A-ZÀ-ÞİŞĞÇÖÜ][\w’'.]*){0,3})?"
)
_CLOSED = re.compile(
    rf"\b(?i:done|signed|adopted|issued|made)\s+(?i:at|in)\s+(?i:the\s+city\s+of\s+)?(?P<place>{_PLACE})"
)


@dataclass(frozen=True)
class Adoption:
    place: str
    adopted_on: date | None
    anchor: date | None


def adoption(
    datelines: Sequence[str], closing: Sequence[str], opening: str, title: str, language: Language
) -> Adoption:
    """The place and day of adoption; an empty place and no day where the text gives none."""
    for line in (*datelines, *closing, title):
        days = find_date(line, language)
        if days and (line is not title or days[0] == days[1]):
            place = _place_in(line, language) or _lone_place(datelines, language)
            place = place or _place_on(days[1], opening, language)
            return Adoption(place, days[1], days[1])
    day, anchor, place = _from_opening(opening, language)
    return Adoption(_lone_place(datelines, language) or place or _opening_place(opening, language), day, anchor)


def _place_on(day: date, opening: str, language: Language) -> str:
    """The place where the first sentences have the parties meet on that day, or meet undated."""
    _, met_on, place = _from_opening(opening, language)
    return place if place and met_on == day else _opening_place(opening, language)


def _place_in(line: str, language: Language) -> str:
    """The place in a dateline: what stands before its date, or after it."""
    if match := _CLOSED.search(line):
        return match["place"].strip(" ,")
    written = language.date.search(line)
    if not written or language.title.search(line):
        return ""
    for part in (line[: written.start()], line[written.end() :]):
        place = re.sub(
            r"\b(?:on|at|in|dated|date|the|this|day|of|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|"
            r"Sunday)\b|[()|\[\]–—:;/]",
            " ",
            part,
        )
        place = re.sub(r"\s+", " ", place).strip(" ,-")
        place = place if place.endswith("D.C.") else place.rstrip(".")
        if place and place[0].isalpha() and len(place.split()) <= 7 and not any(ch.isdigit() for ch in place):
            return place if not place.isupper() or len(place) <= 4 else place.title()
    return ""


def _lone_place(datelines: Sequence[str], language: Language) -> str:
    for line in datelines:
        if marked := re.match(r"\[place\]\s*(?P<place>.+)", line, re.I):
            return marked["place"].strip()
    for line in datelines:
        if place := _place_in(line, language):
            return place
    return ""


def _from_opening(opening: str, language: Language) -> tuple[date | None, date | None, str]:
    """The day on which the first sentences say that the parties met; none for a span of days."""
    meeting = language.words["dates"]["meeting"]
    for match in language.date.finditer(opening[:1500]):
        before = opening[max(0, match.start() - 220) : match.start()]
        days = find_date(match.group(), language)
        if not days or not re.search(rf"\b(?:{meeting})\b", before, re.I):
            continue
        if re.search(r"\bfrom\s*$|\bfrom\s+\d{1,2}(?:\s\w+)?\s+to\s*$", before):
            return None, days[1], ""
        place = re.findall(rf"\b(?:in|at|to)\s+(?P<place>{_PLACE})", before)
        return (days[0] if days[0] == days[1] else None), days[1], (place[-1].rstrip(",") if place else "")
    return None, None, ""


def _opening_place(opening: str, language: Language) -> str:
    """The place where the first sentence has the parties meet; none from a sentence that dates another meeting."""
    first = opening[:800].split(". ")[0]
    met = r"\b(?:met|gathered|convened|held|meeting|assembled|talks)\b"
    match = re.search(rf"{met}[^.]{{0,120}}?\bin\s+(?P<place>{_PLACE})", first)
    if not match or re.search(r"\b(?:19|20)\d\d\b", first):
        return ""
    return match["place"].strip(" ,")
