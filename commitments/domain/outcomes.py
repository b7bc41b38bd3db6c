"""What a clause can come to, and the tests of its words that the frames share."""

import re
from dataclasses import dataclass
from functools import cache

from commitments.domain.codes import Strength
from commitments.domain.cues import Cue
from commitments.domain.language import Language
from commitments.domain.parties import Parties

THAT = re.compile(
    r"\s*(?:,[^,]*,\s*)?(?:that\b|(?=(?:they|we|(?:both|the|the two|our(?: two)?) "
    r"(?:sides|leaders|countries|parties|ministers|governments|presidents|prime ministers)) (?:will|would|shall)\b))",
    re.I,
)


@dataclass(frozen=True)
class Undertaking:
    """A span of the sentence that binds; `core` is where its substance begins, `key` the pattern it was found by."""

    start: int
    end: int
    core: int
    strength: Strength
    key: str


@dataclass(frozen=True)
class Reason:
    """Why a clause holds no commitment: narration, praise, opinion, third_party, welcome."""

    code: str


Outcome = Undertaking | Reason


def whole_clause(
    cue: Cue, strength: Strength, key: str, core: int | None = None, start: int | None = None
) -> list[Outcome]:
    """The whole clause from its verb on, as one undertaking."""
    begin = cue.start if start is None else start
    return [Undertaking(begin, cue.clause_end, cue.end if core is None else core, strength, key)]


def match_words(pattern: str, text: str, flags: int = re.I) -> re.Match[str] | None:
    """As `re.match`, blind to case: decisions set their verbs in capitals."""
    return re.match(pattern, text, flags)


def search_words(pattern: str, text: str, flags: int = re.I) -> re.Match[str] | None:
    """As `re.search`, blind to case."""
    return re.search(pattern, text, flags)


def match_all_words(pattern: str, text: str, flags: int = re.I) -> re.Match[str] | None:
    """As `re.fullmatch`, blind to case."""
    return re.fullmatch(pattern, text, flags)


def weight_end(comp: str, language: Language) -> int:
    """Where the substance begins after "the (great) importance of", or 0."""
    match = _weight_pattern(language).match(comp)
    return match.end() if match else 0


@cache
def _weight_pattern(language: Language) -> re.Pattern[str]:
    clauses = language.words["clauses"]
    nouns = "|".join(clauses["weight_nouns"].split())
    return re.compile(
        rf"\s*(?:(?:{clauses['importance_openers']}|[a-z]+(?:al|ing|ent|ive|ant))\s+){{0,5}}(?:{nouns})\b(?:\s*"
        rf"(?:and|,|as well as)\s+(?:the\s+)?(?:\w+\s+)?(?:{nouns}))?"
        r"(?:,[^,]{3,80},)?\s+(?:of|to|for|in)\s+(?:the need (?:for|to)\s+)?",
        re.I,
    )


def after_that(comp: str) -> int:
    """Where the clause after "that" begins."""
    match = THAT.match(comp)
    return match.end() if match else 0


def is_benefit(comp: str, language: Language) -> bool:
    """Whether a clause foretells what something will bring, and no one\'s work."""
    verbs = language.words["parties"]["benefit_verbs"]
    return bool(
        match_words(rf"\s*(?:also\s+|further\s+|not only\s+|\w+ly\s+|help\s+(?:to\s+)?)*(?:{verbs})\b", comp, re.I)
    )


def is_doing(comp: str, language: Language) -> bool:
    """Whether a complement names work: a gerund, a noun of doing, more cooperation."""
    doing = language.words["clauses"]["doing_nouns"]
    return bool(
        match_words(r"\s*(?:\w+ly\s+|further\s+|jointly\s+)?[a-z-]+ing\s+(?!of the past)", comp)
        or match_words(rf"\s*{doing}\b", comp)
        or match_words(
            r"\s*(?:the\s+)?(?:\w+\s+){0,3}(?:strengthening|expansion|enhancement|deepening|cooperation|"
            r"coordination|collaboration|establishment|exchange|implementation|promotion)\b",
            comp,
        )
    )


def addressee_of(comp: str, to: re.Match[str] | None) -> str:
    """Whom a call is addressed to: the words up to the verb, "parties to the conflict" in one."""
    if to is None:
        return comp
    return (
        comp[: to.start()]
        if not match_words(r"to\s+(?:the|this|that|any)\b", comp[to.start() :])
        else " ".join(comp.split()[:7])
    )


def is_third(addressee: str, parties: Parties, language: Language, *, strict: bool = False) -> bool:
    """Whether a call is addressed to others than the parties and their own bodies."""
    table = language.words["parties"]
    third = search_words(rf"\b(?:{table['third_parties']})\b", addressee, re.I)
    if third:
        return True
    if parties.named_in(addressee):
        return False
    if search_words(rf"\b(?:{table['own']})\b", addressee, re.I):
        return False
    countries = _country_pattern(language)
    if countries.search(addressee):
        return True
    return strict and not search_words(r"\b(?:all|both|the two|relevant|each)\b", addressee, re.I)


@cache
def _country_pattern(language: Language) -> re.Pattern[str]:
    names = sorted(language.words["countries"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in names)})\b")


@cache
def doing_verbs(language: Language) -> str:
    """The verbs of doing, as alternatives."""
    return language.words["verbs"]["do"]
