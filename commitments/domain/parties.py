"""The governments that adopted a statement, and which of them a clause's subject is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from commitments.domain.language import Language
from commitments.domain.text import fold

BOTH, OTHER = "both", "other"
MAX_SUBJECT = 25
_CAPITALISED = r"[A-ZÀ-ÞİŞĞÇÖÜ][\w’'.-]*(?:\s(?:bin|al|Al|van|von|de|da|[A-ZÀ-ÞİŞĞÇÖÜ][\w’'.-]*)){0,6}"
_HEADS = (
    r"(?:President|Prime Minister|Chancellor|King|Sultan|Emir|Amir|Crown Prince|Premier|(?:Foreign|"
    r"Defen[cs]e|External Affairs)?\s?Minister|Secretary)"
)


# "President A and Prime Minister B": two leaders, whether or not the text says whose they are.
_TWO_LEADERS = re.compile(
    rf"\b{_HEADS}\s+[A-ZÀ-ÞİŞĞÇÖÜ][^,;]{{1,60}}?\s(?:and|&)\s+(?:\w+\s)?{_HEADS}\s+[A-ZÀ-ÞİŞĞÇÖÜ]"
)


@dataclass(frozen=True)
class Subject:
    """Who acts in a clause: `kind` is collective, single, mechanism, third or unknown."""

    kind: str
    side: str


@dataclass(frozen=True)
class Parties:
    """The parties by their names in the text, and the words that point to each (adjectives, leaders' names)."""

    names: tuple[str, ...]
    aliases: dict[str, str] = field(default_factory=dict)

    def side_of(self, words: str) -> str:
        """`both`, or the one party that the words point to."""
        found = self.named_in(words)
        return found[0] if len(found) == 1 and len(self.names) > 1 else BOTH

    def named_in(self, words: str) -> list[str]:
        """The parties that the words point to, in order, each once."""
        pattern = _alias_pattern(tuple(sorted(self.aliases, key=len, reverse=True)))
        seen = [self.aliases[match.group()] for match in pattern.finditer(words)] if self.aliases else []
        return list(dict.fromkeys(seen))


def find_parties(title: str, opening: str, language: Language) -> Parties:
    """The parties named in the title, or else in the opening paragraph; leaders' names are tied to their countries."""
    if language.one_body.search(title):
        return Parties(())
    countries = language.words["countries"]
    known = {alias: name for name, aliases in countries.items() for alias in (name, *aliases.split("|"))}
    named = _named(title, known) if not title.isupper() else _named_folded(title, known)
    if len(named) < 2:
        first = re.split(r"(?<=[a-z)])\.\s", opening, maxsplit=1)[0]
        named = list(dict.fromkeys(named + _named(first, known)))
    if len(named) < 2:
        named = _named(opening[:1200], known)[:2]
        named = named if len(named) == 2 else []
    names = {name: _as_written(name, known, f"{title} {opening}") for name in named}
    aliases = {alias: names[name] for alias, name in known.items() if name in names and alias != "European"}
    aliases.update({alias.upper(): name for alias, name in list(aliases.items())})
    aliases.update(_leaders(opening[:3000], aliases, language.set_of("parties", "not_surnames")))
    return Parties(tuple(names.values()), aliases)


def subject_of(words: str, parties: Parties, language: Language) -> Subject:
    """Who the subject of a clause is, by its last telling word; a sole party is all that is bound."""
    subject = _subject(words, parties, language)
    one_of_few = subject.kind == "single" and len(parties.names) < 2 and subject.side in parties.names
    return Subject(subject.kind, BOTH) if one_of_few else subject


def _subject(words: str, parties: Parties, language: Language) -> Subject:
    table = language.words["parties"]
    bare = words.strip(" ,")
    if _heads_mechanism(bare, table):
        return Subject("mechanism", BOTH)
    if _TWO_LEADERS.search(bare):
        return Subject("collective", BOTH)
    named = parties.named_in(bare)
    if len(named) == 1 and _ends_with_name(bare, parties):
        return Subject("single", named[0])
    if re.search(rf"\b(?:{table['collective']})\W*$", bare, re.I) and not _is_one_side(bare, named):
        return Subject("collective", BOTH)
    if len(named) >= 2:
        return Subject("collective", BOTH)
    if named and len(bare.split()) <= MAX_SUBJECT and not _is_place_named(bare, parties):
        return Subject("single", named[0])
    if _matches(table["third_parties"], bare):
        return Subject("third", OTHER)
    if re.search(rf"\b(?:{table['collective']})\b", bare, re.I):
        return Subject("collective", BOTH)
    if _matches(table["mechanisms"], bare) and not re.search(rf"\b(?:{table['single']})\W*$", bare, re.I):
        return Subject("mechanism", BOTH)
    if re.search(rf"\b(?:{table['single']})\b", bare, re.I):
        return Subject("single", named[0] if named else BOTH)
    if named and not _is_place_named(bare, parties):
        return Subject("single", named[0])
    return _other_country(bare, parties, language)


def _heads_mechanism(words: str, table: dict[str, str]) -> bool:
    """ "This initiative to build engines in India": the head is what will work, not the party named behind it."""
    head = re.match(
        r"(?:the|this|these|such|our|an?)\s+(?:[\w’'-]+\s+){0,4}?(?P<noun>[\w-]+)\s+(?:to|of|in|on|for|between|under|with)\s",
        words,
        re.I,
    )
    if not head or _matches(rf"(?:{table['collective']}|{table['single']})", head["noun"]):
        return False
    return bool(re.fullmatch(rf"(?:{table['mechanisms']})", head["noun"], re.I))


def _other_country(words: str, parties: Parties, language: Language) -> Subject:
    """A country that is no party: a third one to two governments, a member of its own name to a group of states."""
    match = re.search(rf"\b({'|'.join(map(re.escape, language.words['countries']))})$", words)
    if not match:
        return Subject("unknown", BOTH)
    grouped = len(parties.names) != 2 or bool(set(parties.names) & set(language.words["parties"]["groups"].split("|")))
    return Subject("single", match.group(1)) if grouped else Subject("third", OTHER)


def _ends_with_name(words: str, parties: Parties) -> bool:
    alias = next((alias for alias in parties.aliases if words.endswith(alias)), None)
    return alias is not None and len(words.split()) <= 6 and not _IS_WHERE.search(words.removesuffix(alias))


def _is_place_named(words: str, parties: Parties) -> bool:
    """ "The laboratory in Senegal": the party named is where the subject is, not who it is."""
    return any(words.endswith(alias) and _IS_WHERE.search(words.removesuffix(alias)) for alias in parties.aliases)


_IS_WHERE = re.compile(r"\b(?:in|at|from|into|within)\s+(?:the\s+)?$", re.I)


def _is_one_side(words: str, named: Sequence[str]) -> bool:
    """ "Malaysian leaders" are one side's; "both sides" and "the two countries" are not."""
    return (
        len(named) == 1
        and not re.search(r"\b(?:two|both)\b", words, re.I)
        and bool(re.search(r"\b(?:government|leaders|authorities|ministers|companies|delegation)\W*$", words, re.I))
    )


def _matches(words: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:{words})\b", text, re.I))


@cache
def _alias_pattern(aliases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!Northern )(?<!\w)(?:{'|'.join(re.escape(alias) for alias in aliases)})(?![\w$])")


def _named(text: str, known: dict[str, str]) -> list[str]:
    pattern = _alias_pattern(tuple(sorted(known, key=len, reverse=True)))
    return list(dict.fromkeys(known[match.group()] for match in pattern.finditer(text)))


def _named_folded(text: str, known: dict[str, str]) -> list[str]:
    """The parties in a title set in capitals, where İ and I are one letter."""
    return _named(fold(text), {fold(alias): name for alias, name in known.items() if len(alias) > 2})


def _as_written(name: str, known: dict[str, str], text: str) -> str:
    """The party's usual name, unless the text only ever writes another ("Turkey")."""
    if re.search(rf"\b{re.escape(name)}\b", text) or re.search(rf"\b{re.escape(name.upper())}\b", text):
        return name
    nouns = [alias for alias, known_name in known.items() if known_name == name and alias in text and len(alias) > 3]
    short = [alias for alias in nouns if alias in {"Turkey", "Turkiye", "Vietnam", "Brunei", "Czechia"}]
    return short[0] if short else name


def _leaders(opening: str, aliases: dict[str, str], titles: frozenset[str]) -> dict[str, str]:
    """Surnames of heads of state, government and ministers as named beside their countries."""
    country = "|".join(re.escape(alias) for alias in sorted(aliases, key=len, reverse=True))
    if not country:
        return {}
    found: dict[str, str] = {}
    patterns = (
        rf"{_HEADS}\s+of\s+(?:the\s+)?(?:(?:\w+\s+){{1,3}}of\s+)?(?P<country>{country}),?\s+"
        rf"(?:His Excellency\s+|H\.?\s?E\.?\s+|Mr\.?\s+|Shri\s+)*(?P<name>{_CAPITALISED})",
        rf"(?P<country>{country})\s+{_HEADS}\s+(?P<name>{_CAPITALISED})",
        rf"{_HEADS}\s+(?P<name>{_CAPITALISED})\s+of\s+(?:the\s+)?(?:(?:\w+\s+){{1,3}}of\s+)?(?P<country>{country})\b",
        rf"(?P<name>{_CAPITALISED}),?\s+(?:the\s+)?{_HEADS}[^.;]{{0,40}}?\bof\s+(?:the\s+)?(?:"
        rf"(?:\w+\s+){{1,3}}of\s+)?(?P<country>{country})\b",
    )
    for pattern in patterns:
        for match in re.finditer(pattern, opening):
            party = aliases[match["country"]]
            for word in match["name"].split():
                if len(word) > 3 and word.isalpha() and word not in aliases and word not in titles:
                    found.setdefault(word.rstrip("."), party)
    return found | _other_leader(opening, found, aliases, titles)


def _other_leader(
    opening: str, found: dict[str, str], aliases: dict[str, str], titles: frozenset[str]
) -> dict[str, str]:
    """Of two parties where one leader's is told: the one other leader who is named is the other party's."""
    parties, told = set(aliases.values()), set(found.values())
    if len(parties) != 2 or len(told) != 1:
        return {}
    last = re.compile(
        rf"{_HEADS}\s+(?:[A-ZÀ-ÞİŞĞÇÖÜ][\w’'.-]*\s)*?(?P<last>[A-ZÀ-ÞİŞĞÇÖÜ][\w’'-]{{3,}})(?=[,.;]|\s[a-z(])"
    )
    names = {match["last"].removesuffix("’s").removesuffix("'s") for match in last.finditer(opening)}
    others = {name for name in names if name not in found and name not in aliases and name not in titles}
    return {others.pop(): (parties - told).pop()} if len(others) == 1 else {}
