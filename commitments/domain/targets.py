"""Measurable aims in the wording of a clause: an amount, its unit, and what is measured."""

import re
from dataclasses import dataclass
from functools import cache

from commitments.domain.language import Language
from commitments.domain.readings import Target
from commitments.domain.text import fold

_NUMBER = r"(?P<amount>\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"


@dataclass(frozen=True)
class _Patterns:
    money: re.Pattern[str]
    money_named: re.Pattern[str]
    percent: re.Pattern[str]
    count: re.Pattern[str]
    doubling: re.Pattern[str]
    aim: re.Pattern[str]
    indicator: re.Pattern[str]


def find_target(clause: str, language: Language, context: str = "") -> Target | None:
    """The clause's aim in figures, or None; `context` is the sentence, searched for what is measured.

    A figure alone is no aim: the clause must say reach, raise, provide, target … beside it.
    """
    words = language.words["targets"]
    patterns = _patterns(language.code, language)
    if not patterns.aim.search(clause):
        return None
    if match := patterns.money.search(clause):
        code = _pairs(words["currency_codes"]).get(match["currency"], match["currency"].rstrip("."))
        return Target(_plain(match["amount"]), _unit(code, match["scale"]), _indicator(clause, context, patterns))
    if match := patterns.money_named.search(clause):
        code = _pairs(fold(words["currency_names"]))[fold(match["name"])].upper()
        return Target(_plain(match["amount"]), _unit(code, match["scale"]), _indicator(clause, context, patterns))
    if match := patterns.percent.search(clause):
        return Target(_plain(match["amount"]), "%", _indicator(clause, context, patterns))
    if match := patterns.count.search(clause):
        unit = f"{_scale(match['scale'])} {match['unit']}".strip() if match["scale"] else match["unit"]
        return Target(_plain(match["amount"]), unit, _indicator(clause, context, patterns) or match["unit"])
    if match := patterns.doubling.search(clause):
        stem = next(stem for stem in _pairs(words["factors"]) if fold(match.group()).startswith(stem))
        return Target(_pairs(words["factors"])[stem], "times", _indicator(clause, context, patterns))
    return None


@cache
def _compiled(
    currencies: str, names: str, scales: str, units: str, doubling: str, aims: str, indicators: str
) -> _Patterns:
    scale = rf"(?:[\s-]?(?P<scale>{scales})\b)?"
    flat = "|".join(part.strip() for part in indicators.split("|"))
    named = "|".join(re.escape(name) for name in sorted(names.split("|"), key=len, reverse=True))
    counted = "|".join(part.strip() for part in units.split("|"))
    return _Patterns(
        money=re.compile(rf"(?P<currency>{currencies})\s?{_NUMBER}{scale}", re.I),
        money_named=re.compile(rf"{_NUMBER}{scale}\s+(?P<name>{named})", re.I),
        percent=re.compile(rf"{_NUMBER}\s?(?:%|per ?cent)", re.I),
        count=re.compile(
            rf"(?<![\w./+-]){_NUMBER}(?:[\s-](?P<scale>{scales}))?\s+(?:(?!of\b|and\b|in\b|for\b|to\b|with\b)[a-z-]+\s+){{0,3}}?(?P<unit>{counted})\b"
        ),
        doubling=re.compile(rf"\b(?:{doubling})\b", re.I),
        aim=re.compile(rf"\b(?:{'|'.join(part.strip() for part in aims.split('|'))})\b", re.I),
        indicator=re.compile(rf"\b(?:{flat})\b", re.I),
    )


def _patterns(code: str, language: Language) -> _Patterns:
    words = language.words["targets"]
    names = "|".join(pair.split("=")[0] for pair in words["currency_names"].split("|"))
    return _compiled(
        words["currencies"],
        names,
        words["scales"],
        words["units"],
        words["doubling"],
        words["aims"],
        words["indicators"],
    )


def _pairs(written: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in written.split("|"))


def _indicator(clause: str, context: str, patterns: _Patterns) -> str:
    """What is measured: named in the clause, or else the last thing named before it in the sentence."""
    if match := patterns.indicator.search(clause):
        return match.group()
    named = patterns.indicator.findall(context)
    return named[-1] if named else ""


def _unit(currency: str, scale: str | None) -> str:
    return f"{currency.upper()} {_scale(scale)}".strip()


def _scale(scale: str | None) -> str:
    return {"bn": "billion", "mn": "million"}.get((scale or "").casefold(), (scale or "").casefold())


def _plain(amount: str) -> str:
    """An amount as plain digits: 1,500 is 1500; 1,5 is 1.5."""
    if re.fullmatch(r"\d{1,3}(?:[,\s]\d{3})+(?:\.\d+)?", amount):
        return re.sub(r"[,\s]", "", amount)
    return amount.replace(",", ".")
