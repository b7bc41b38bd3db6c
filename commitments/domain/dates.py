"""Deadlines in the wording of a clause: the last day of the period that the words name.

A date inside a name ("Visit Malaysia 2026", "2030 Agenda") or of another event is no deadline.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from commitments.domain.codes import Precision
from commitments.domain.language import Language
from commitments.domain.readings import Deadline
from commitments.domain.text import fold

_YEAR = r"(?P<year>20\d\d)(?![\d/]|\s?[-–]\s?(?:20)?\d\d|\s+and\s+(?:beyond|thereafter|onwards?)\b)"
_BY = r"(?:by|before|until|till|no later than|not later than|prior to|within|ahead of)"
_SEASONS = "spring|summer|autumn|fall|winter"
_SEASON_ENDS = {"spring": 6, "summer": 9, "autumn": 12, "fall": 12, "winter": 3}
_QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": 4,
    "final": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}


@dataclass(frozen=True)
class _Rule:
    """One way to word a date; `firm` when the words can only be a limit ("by …"), whatever the verb."""

    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], date | None, "_Words"], tuple[date, Precision] | None]
    firm: bool


@dataclass(frozen=True)
class _Words:
    months: dict[str, int]
    numbers: dict[str, int]
    month: str
    number: str

    def month_of(self, written: str) -> int:
        """A month's number; a dotless ı in its name is read as i, which is how the patterns match."""
        return self.months[fold(written).rstrip(".")]


def find_deadline(clause: str, anchor: date | None, language: Language, *, dated: bool) -> Deadline | None:
    """The clause's own deadline, or None.

    `anchor` is the day of adoption: the past is no deadline, and "this year" counts from it. `dated` says that the
    clause's verb is one that happens on a day (hold, launch, sign), so that "in 2028" is its date.
    """
    masked = _mask_names(clause, language.set_of("dates", "not_names"))
    for rule in _rules(language.code, language):
        for match in rule.pattern.finditer(masked):
            if not (rule.firm or dated) or _belongs_elsewhere(masked, match, language, firm=rule.firm):
                continue
            resolved = rule.resolve(match, anchor, _words(language.code, language))
            if resolved and (anchor is None or resolved[0] > anchor):
                return Deadline(resolved[0], resolved[1], match.group().strip())
    return None


def may_name_date(text: str, language: Language) -> bool:
    """Whether a text has any word or figure that a deadline could be made of."""
    return bool(_time_words(language).search(text))


@cache
def _time_words(language: Language) -> re.Pattern[str]:
    months = language.words["dates"]["months"].replace(" ", "|")
    return re.compile(rf"\b20\d\d\b|\b(?:{months}|{language.words['dates']['periods']})\b", re.I)


def find_date(text: str, language: Language) -> tuple[date, date] | None:
    """The first and last day of the first full date in a text, or None; 7-8 May gives both days."""
    match = language.date.search(text)
    return _full_date(match.group(), _words(language.code, language)) if match else None


def _full_date(written: str, words: _Words) -> tuple[date, date] | None:
    if iso := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", written):
        return _same(*(int(part) for part in iso.groups()))
    if dotted := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", written):
        day, month, year = (int(part) for part in dotted.groups())
        return _same(year, month, day)
    month_match = re.search(words.month, written, re.I)
    numbers = [int(part) for part in re.findall(r"\d+", written)]
    if not month_match or len(numbers) < 2:
        return None
    month, year, days = words.month_of(month_match.group()), numbers[-1], numbers[:-1]
    first, last = _same(year, month, days[0]), _same(year, month, days[-1])
    return (first[0], last[1]) if first and last else None


def _same(year: int, month: int, day: int) -> tuple[date, date] | None:
    try:
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def _mask_names(clause: str, not_names: frozenset[str]) -> str:
    """The clause with what stands in quotes or is a name's own year put out of sight, lengths kept."""

    def hide(match: re.Match[str]) -> str:
        return "x" * len(match.group())

    clause = re.sub(r"[“\"][^”\"]{3,120}[”\"]", hide, clause)
    clause = re.sub(r"\b(?:19|20)\d\d\s?[-–/]\s?(?:20)?\d\d\b", hide, clause)

    def hide_name(match: re.Match[str]) -> str:
        words = match.group().casefold().split()
        return match.group() if {words[0].rstrip("."), words[-1]} & not_names else hide(match)

    return _NAMED_YEAR.sub(hide_name, clause)


_NAMED_YEAR = re.compile(
    r"\b[A-ZÀ-ÞİŞĞÇÖÜ][\w’'-]*\s(?:19|20)\d\d\b"
    r"|(?<!\bin )(?<!\bby )(?<!\bof )(?<!during )(?<!before )(?<!until )\b(?:19|20)\d\d\s[A-ZÀ-ÞİŞĞÇÖÜ]\w+"
)


def _belongs_elsewhere(clause: str, match: re.Match[str], language: Language, *, firm: bool) -> bool:
    """Whether the date is another event's: "the summit held in 2027", "since 2020", "the run-up to … in November"."""
    before = clause[: match.start()].rstrip()
    words = language.words["dates"]
    if re.search(rf"\b(?:{words['not_after']})$", before, re.I):
        return True
    if re.search(r"\b\d{1,2}(?:st|nd|rd|th)?,?(?:\s+of)?$", before):
        return True
    if firm:
        return bool(re.search(r"\b(?:adopted|signed|endorsed|approved)\s*$", before))
    clauses = language.words["clauses"]
    if re.search(r"\b(?:its|their|our)\s+next\s+\w+$", before, re.I):
        return False
    if re.search(rf"\b(?:{clauses['event_words']})\b(?:\s+\w+){{0,3}}$", before, re.I) and not re.search(
        rf"\b(?:{clauses['event_verbs'].removesuffix('|visit')}|{clauses['event_makers']})\b", clause, re.I
    ):
        return True
    if re.search(rf"\b(?:{clauses['marked_events']})\b[^,;]*$", before, re.I) and not re.search(
        rf"\b(?:{clauses['event_markers']})\b", clause, re.I
    ):
        return True
    if re.search(r"\b(?:in view of|ahead of|in the run-up to|in preparation for|on the occasion of)\b", before, re.I):
        return True
    near = " ".join(before.split()[-4:])
    if re.search(r"\b(?:to be|be)\s+\w+(?:\s+\w+){0,3}$", near):
        return bool(
            re.search(
                r"(?<!will )(?<!shall )(?<!would )(?<!should )\bto be (?:held|hosted|organi[sz]ed|convened)\b", near
            )
        ) and not re.search(r"\b(?:meeting|session|summit|council|commission|committee|round)\b", before, re.I)
    return bool(re.search(rf"\b(?:{words['other_events']})(?:\s+(?:in|at|by)\s+\w+)?$", near, re.I)) or bool(
        re.search(
            r"\b(?:run-up to|ahead of|in preparation for|on the margins of|on the sidelines of|outcomes? of|"
            r"results of|success of|during)\b",
            before,
            re.I,
        )
    )


@cache
def _words_of(code: str, months: str, numbers: str, more: str) -> _Words:
    by_name = {name.casefold(): at for at, month in enumerate(months.split("|"), 1) for name in month.split()}
    counted = {word: at for at, word in enumerate(numbers.split(), 1)}
    counted.update({word: int(value) for word, value in (pair.split("=") for pair in more.split())})
    names = "|".join(sorted(by_name, key=len, reverse=True))
    return _Words(
        by_name, counted, rf"\b(?:{names})\b\.?", rf"(?:\d{{1,3}}|{'|'.join(sorted(counted, key=len, reverse=True))})"
    )


def _words(code: str, language: Language) -> _Words:
    table = language.words["dates"]
    return _words_of(code, table["months"], table["numbers"], table["more_numbers"])


_RULES: dict[str, tuple[_Rule, ...]] = {}


def _rules(code: str, language: Language) -> tuple[_Rule, ...]:
    """The wordings in the order in which they are tried, most exact first."""
    if code not in _RULES:
        _RULES[code] = _english_rules(_words(code, language))
    return _RULES[code]


def _english_rules(words: _Words) -> tuple[_Rule, ...]:
    month = rf"(?P<month>{words.month})"
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    span = rf"(?:{day}\s?(?:-|–|to|and)\s?)?(?P<last>\d{{1,2}})(?:st|nd|rd|th)?"
    lead = rf"(?P<by>{_BY})\s+(?:the\s+)?"
    part = r"(?P<part>first|second|third|fourth|last|final|1st|2nd|3rd|4th|beginning|middle|start)"
    table: list[tuple[str, Callable[..., tuple[date, Precision] | None], bool]] = [
        (rf"(?:{lead}|\bon\s+|\bfrom\s+)?{span}(?:\s+of)?\s+{month},?\s+{_YEAR}", _day, False),
        (rf"(?:{lead}|\bon\s+)?{month}\s+{span},?\s+{_YEAR}", _day, False),
        (rf"{_BY}\s+(?:the\s+)?{month}\s+{day}(?![\d,]*\s*\d)", _next_day, True),
        (rf"{_BY}\s+(?:the\s+)?{day}(?:\s+of)?\s+{month}(?!,?\s+(?:of\s+)?\d)", _next_day, True),
        (rf"{_BY}\s+the\s+end\s+of\s+{month}(?:,?\s+(?:of\s+)?{_YEAR})?", _month_end, True),
        (
            rf"(?:{_BY}|in|during)\s+the\s+(?:first|second|third|last|early|latter)\s+(?:half|week|part|days)\s+of\s+"
            rf"{month}(?:,?\s+{_YEAR})?",
            _month_end,
            False,
        ),
        (rf"{lead}(?:end[- ](?:of[- ])?){month}\s+{_YEAR}", _month_end, True),
        (
            rf"{_BY}\s+(?:the\s+)?(?:end of\s+(?:the\s+)?)?{part}\s+quarter\s+of\s+(?P<rel>this year|next year|"
            rf"the year|{_YEAR})",
            _quarter,
            True,
        ),
        (rf"in\s+(?:the\s+)?{part}\s+quarter\s+of\s+(?P<rel>this year|next year|the year|{_YEAR})", _quarter, False),
        (rf"(?:{_BY}|in|during)\s+Q(?P<q>[1-4])\s+(?:of\s+)?{_YEAR}", _quarter, True),
        (
            rf"{_BY}\s+(?:the\s+)?(?:end of\s+(?:the\s+)?)?{part}\s+half\s+of\s+(?P<rel>this year|next year|"
            rf"the year|{_YEAR})",
            _half,
            True,
        ),
        (
            rf"(?:in|during)\s+(?:the\s+)?{part}\s+half\s+of\s+(?P<rel>this year|next year|the year|{_YEAR})",
            _half,
            False,
        ),
        (rf"(?:{_BY}|in)\s+(?P<mid>mid|early|late)[- ](?:in\s+)?{_YEAR}", _part_year, True),
        (
            rf"\b(?:{_BY}\s+|in\s+)?(?P<mid>early|late)\s+(?:in\s+)?(?P<rel>the new year|next year|{_YEAR})",
            _part_year,
            False,
        ),
        (rf"(?:{_BY}|in)\s+(?:the\s+)?(?P<season>{_SEASONS})\s+(?:of\s+)?{_YEAR}", _season, True),
        (
            rf"(?:{_BY}\s+(?:the\s+|this\s+|next\s+)?|\bthis\s+)(?P<season>{_SEASONS})(?!\s+\w+ing|\s+of)\b",
            _next_season,
            True,
        ),
        (rf"{_BY}\s+(?:the\s+)?(?:year[- ]end|end[- ](?:of[- ])?(?:the\s+year\s+)?)\s*(?:of\s+)?{_YEAR}", _year, True),
        (rf"(?:{_BY}|at|for|towards?)\s+the\s+end\s+of\s+(?:the\s+year\s+)?{_YEAR}", _year, True),
        (rf"{lead}{month},?\s+{_YEAR}", _month, True),
        (rf"(?:in|during|this|next|for)\s+(?:early\s+|late\s+|mid-?\s?)?{month},?\s+(?:of\s+)?{_YEAR}", _month, False),
        (
            rf"(?:\b(?:by|in|during|before)\s+)(?P<month>{words.month})\s+(?P<rel>this year|next year|"
            rf"of this year|of next year)",
            _month_relative,
            True,
        ),
        (rf"\b(?:by|in|during|before|for)\s+{month}(?![\w,]*\s+(?:of\s+)?\d)(?=[\s.,;:)]|$)", _next_month, False),
        (
            r"(?:by|before|until|towards?|at)\s+(?:the\s+)?(?:year[- ]end|end of (?:the|this|the current|next|"
            r"the next|the following)(?: calendar)? year)",
            _relative_year,
            True,
        ),
        (
            rf"(?:in|within|over|during)\s+(?:a period of\s+)?(?:the\s+)?(?:next\s+|coming\s+|following\s+|"
            rf"upcoming\s+)?(?P<count>{words.number}|a|an)\s*(?:\(\d+\)\s*)?(?:calendar\s+)?(?P<unit>days?|"
            rf"weeks?|months?|years?)(?!\s*(?:ago|old|of experience))(?:['’]?\s+time)?",
            _within,
            True,
        ),
        (
            r"(?:within|by|before|during|in the course of|later|over)\s+(?:the\s+)?(?:this|the current|the|"
            r"coming|same|next)\s+(?:calendar\s+)?year(?!s)",
            _relative_year,
            True,
        ),
        (r"\b(?:later\s+|early\s+|in\s+)?(?:this|next)\s+year\b", _relative_year, False),
        (rf"{_BY}\s+(?:the\s+(?:target\s+)?year\s+)?(?:FY\s?)?{_YEAR}", _year, True),
        (rf"between\s+(?:now|20\d\d)\s+and\s+{_YEAR}", _year, True),
        (rf"(?:from|over|during|in)\s+(?:the\s+period\s+)?(?:of\s+)?20\d\d\s+to\s+{_YEAR}", _year, True),
        (rf"in\s+20\d\d\s+and\s+{_YEAR}", _year, False),
        (rf"(?:designat|declar|proclaim)\w*\s+(?:the\s+year\s+)?{_YEAR}\s+(?:as|to\s+be)\b", _year, True),
        (rf"\b(?:in|during|throughout|for)\s+(?:the\s+year\s+)?(?:late\s+)?{_YEAR}", _year, False),
    ]
    return tuple(_Rule(re.compile(pattern, re.I), resolve, firm) for pattern, resolve, firm in table)


def _before(match: re.Match[str]) -> bool:
    return match.group().casefold().startswith("before")


def _day(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    month = words.month_of(match["month"])
    found = _same(int(match["year"]), month, int(match["last"]))
    return (found[0] - timedelta(days=1) if _before(match) else found[0], Precision.DAY) if found else None


def _next_day(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    """ "by 15 April", without its year: the next one after adoption."""
    if anchor is None or match["month"].islower():
        return None
    month, day = words.month_of(match["month"]), int(match["day"])
    year = anchor.year + ((month, day) < (anchor.month, anchor.day))
    found = _same(year, month, day)
    return (found[0] - timedelta(days=_before(match)), Precision.DAY) if found else None


def _month_end(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    month = words.month_of(match["month"])
    if match["year"]:
        return _end_of(int(match["year"]), month), Precision.MONTH
    if anchor is None:
        return None
    return _end_of(anchor.year + (month < anchor.month), month), Precision.MONTH


def _month(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision]:
    year, month = int(match["year"]), words.month_of(match["month"])
    if _before(match):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return _end_of(year, month), Precision.MONTH


def _month_relative(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    if anchor is None:
        return None
    year = anchor.year + ("next" in match["rel"].casefold())
    return _end_of(year, words.month_of(match["month"])), Precision.MONTH


def _next_month(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    """ "in October", without its year: the next one after adoption."""
    if anchor is None or match["month"].islower():
        return None
    month = words.month_of(match["month"])
    return _end_of(anchor.year + (month < anchor.month), month), Precision.MONTH


def _year_of(match: re.Match[str], anchor: date | None) -> int | None:
    if match["year"]:
        return int(match["year"])
    return anchor.year + ("next" in match["rel"].casefold()) if anchor else None


def _quarter(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else _year_of(match, anchor)
    quarter = int(groups["q"]) if groups.get("q") else _QUARTERS.get((groups.get("part") or "").casefold(), 0)
    return (_end_of(year, quarter * 3), Precision.QUARTER) if year and quarter else None


def _half(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    year = _year_of(match, anchor)
    first = match["part"].casefold() in {"first", "1st"}
    return (_end_of(year, 6 if first else 12), Precision.HALF) if year else None


def _part_year(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    year, part = match["year"], match["mid"].casefold()
    if year is None and anchor is None:
        return None
    year = int(year) if year else anchor.year + 1
    if part == "mid":
        return date(year, 6, 30), Precision.HALF
    return (date(year, 3, 31), Precision.QUARTER) if part == "early" else (date(year, 12, 31), Precision.QUARTER)


def _season(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision]:
    return _end_of(int(match["year"]), _SEASON_ENDS[fold(match["season"])]), Precision.QUARTER


def _next_season(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    """ "by spring", without its year: the next one that ends after adoption."""
    if anchor is None:
        return None
    month = _SEASON_ENDS[fold(match["season"])]
    return _end_of(anchor.year + (month < anchor.month), month), Precision.QUARTER


def _year(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision]:
    limit = _before(match) and "end" not in match.group().casefold()
    return date(int(match["year"]) - limit, 12, 31), Precision.YEAR


def _relative_year(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    following = re.search(r"\b(?:next|following|coming)\b", match.group(), re.I)
    return (date(anchor.year + bool(following), 12, 31), Precision.YEAR) if anchor else None


def _within(match: re.Match[str], anchor: date | None, words: _Words) -> tuple[date, Precision] | None:
    if anchor is None:
        return None
    written, unit = match["count"].casefold(), match["unit"].casefold()
    count = int(written) if written.isdigit() else words.numbers.get(written, 1)
    if unit.startswith(("day", "week")):
        return anchor + timedelta(days=count * (7 if unit.startswith("week") else 1)), Precision.DAY
    months = anchor.month - 1 + count * (12 if unit.startswith("year") else 1)
    year, month = anchor.year + months // 12, months % 12 + 1
    return date(year, month, min(anchor.day, monthrange(year, month)[1])), Precision.DAY


def _end_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
