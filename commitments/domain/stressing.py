"""Frames of verbs that stress and express: importance, commitments, readiness, support; and of acts announced."""

import re
from functools import cache

from commitments.domain.codes import Strength
from commitments.domain.cues import Cue
from commitments.domain.language import Language
from commitments.domain.outcomes import (
    THAT,
    Outcome,
    Reason,
    Undertaking,
    after_that,
    doing_verbs,
    is_benefit,
    is_doing,
    match_words,
    search_words,
    weight_end,
    whole_clause,
)
from commitments.domain.parties import Parties, subject_of
from commitments.domain.targets import find_target


def stress(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    """What a verb of stressing, expressing or noting makes of its complement."""
    insisted = cue.word in {"emphasize", "emphasise", "stress", "insist"} and match_words(r"\s*(?:up)?on\s", comp)
    if insisted:
        comp = re.sub(r"^\s*(?:up)?on\b", lambda match: " " * len(match.group()), comp)
    if cue.word == "point":
        comp = re.sub(r"^\s*(?:out|to)\b", lambda match: " " * len(match.group()), comp)
    soft = cue.word in {"recognize", "recognise", "acknowledge", "note", "recall", "appreciate"}
    if THAT.match(comp):
        return _stressed_that(cue, comp, parties, language)
    if weight := weight_end(comp, language):
        if cue.word in {"have", "maintain"}:
            return [Reason("opinion")]
        if soft and not _weighs_work(comp, weight, language):
            return [Reason("opinion")]
        key = "importance noted" if soft else "importance"
        return _weighed(cue, comp, weight, key, language)
    if cue.word == "attach":
        match = match_words(r".{0,40}?\b(?:importance|priority|significance|value)\s+to\s+", comp)
        return (
            whole_clause(cue, Strength.REAFFIRMED, "importance", cue.end + match.end(), start=cue.end + match.end())
            if match
            else [Reason("opinion")]
        )
    expressed = [] if soft else _expressed(cue, comp, language)
    if expressed:
        return expressed
    if match := match_words(rf"\s*to\s+(?:\w+ly\s+|further\s+)?(?={doing_verbs(language)})", comp):
        return whole_clause(cue, Strength.REAFFIRMED, "express commitment", cue.end + match.end())
    if insisted:
        return whole_clause(cue, Strength.REAFFIRMED, "stress doing", cue.end, start=cue.end + insisted.end())
    if soft or cue.word in {
        "have",
        "share",
        "maintain",
        "demonstrate",
        "state",
        "point",
        "believe",
        "attach",
        "convey",
    }:
        return [
            Reason(
                "praise" if cue.word in {"appreciate", "recognize", "recognise", "acknowledge", "note"} else "narration"
            )
        ]
    return _stressed_noun(cue, comp, language)


def _weighs_work(comp: str, weight: int, language: Language) -> bool:
    """Whether what is only noted is work to be done ("the need to …", "the importance of opening …")."""
    needed = search_words(rf"\b(?:{language.words['clauses']['need']})\s+(?:to|for)\s+$", comp[:weight])
    doing = match_words(rf"(?:\w+ly\s+|further\s+)?(?:{doing_verbs(language)})\s", comp[weight:])
    return bool(needed or doing) or is_doing(comp[weight:], language)


def _weighed(cue: Cue, comp: str, weight: int, key: str, language: Language) -> list[Outcome]:
    """ "stressed the importance of A, and their readiness to B": what is weighed, and what is expressed beside it."""
    begins = cue.end + len(comp) - len(comp.lstrip())
    first = Undertaking(begins, cue.clause_end, cue.end + weight, Strength.REAFFIRMED, key)
    if second := _second_weight(language).search(comp, weight):
        return [
            Undertaking(first.start, cue.end + second.start(), first.core, first.strength, key),
            Undertaking(cue.end + second.start("weighed"), cue.clause_end, cue.end + second.end(), first.strength, key),
        ]
    for match in _expressions(language).finditer(comp, weight):
        beside = search_words(r",?\s+and\s+(?:their|its|our)\s+(?:\w+\s+){0,2}$", comp[: match.start("noun")])
        if not beside:
            continue
        other = _expression(
            cue, match["noun"].casefold(), cue.end + match.start("noun"), cue.end + match.end(), language
        )
        cut = Undertaking(first.start, cue.end + beside.start(), first.core, first.strength, first.key)
        return [cut, other]
    return [first]


@cache
def _second_weight(language: Language) -> re.Pattern[str]:
    """ "…, and the importance of": a second thing weighed by the same verb."""
    nouns = "|".join(language.words["clauses"]["weight_nouns"].split())
    return re.compile(
        rf",?\s+(?:and|as well as)\s+(?:on\s+)?(?P<weighed>the\s+(?:\w+\s+)?(?:{nouns})\s+(?:of|to|for)\s+)", re.I
    )


def _stressed_that(cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    begins = after_that(comp)
    modal = search_words(rf"\b(?P<must>{language.words['clauses']['must']})\b|\b(?:will|shall|would)\b", comp)
    if not modal or cue.word in {"note", "recall", "believe", "recognize", "recognise", "acknowledge"}:
        return [Reason("opinion")]
    subject = subject_of(comp[begins : modal.start()], parties, language)
    own = subject.kind in {"collective", "single"}
    if subject.kind == "third" or (not own and is_benefit(comp[modal.end() :], language)):
        return [Reason("opinion")]
    if modal.group("must"):
        return whole_clause(cue, Strength.REAFFIRMED, "stress must", cue.end + begins, start=cue.end + begins)
    if subject.kind == "unknown":
        return [Reason("opinion")]
    strength = Strength.AGREED if cue.word in {"announce", "declare", "state", "confirm"} else Strength.REAFFIRMED
    return whole_clause(cue, strength, "stress will", cue.end + begins)


def _expressed(cue: Cue, comp: str, language: Language) -> list[Outcome]:
    """Commitments, intentions and support that a clause expresses; an opinion beside them is passed over."""
    found: list[Outcome] = []
    for match in _expressions(language).finditer(comp):
        before = comp[: match.start("noun")].rstrip()
        if (found or not _is_head(before)) and not search_words(_BESIDE, before + " "):
            continue
        noun = match["noun"].casefold()
        described = re.search(r"(?:\b(?!and\s)[\w’'-]+\s+){0,2}$", f"{before} " if before else "")
        start = cue.end + (described.start() if described else match.start("noun"))
        start = max(start, cue.end + len(comp) - len(comp.lstrip()))
        start = _skip_owner(comp, start - cue.end) + cue.end
        if found and isinstance(found[-1], Undertaking):
            last = found[-1]
            cut = cue.end + len(re.sub(r"(?:[\s,]|\band|\btheir|\bits|\bour|\bstrong|\bfull)*$", "", before))
            found[-1] = Undertaking(last.start, min(last.end, cut), last.core, last.strength, last.key)
        of = match.group().split()[-1].casefold() == "of"
        found.append(_expression(cue, noun, start, cue.end + match.end(), language, of=of))
    return found


def _expression(cue: Cue, noun: str, start: int, core: int, language: Language, *, of: bool = False) -> Outcome:
    clauses = language.words["clauses"]
    if noun == "vision" and of:
        return Reason("opinion")
    if noun in clauses["opinion_nouns"].split():
        return Reason("praise")
    if noun in clauses["resolve_nouns"].split():
        return Undertaking(start, cue.clause_end, core, Strength.INTENDED, "express readiness")
    if noun in clauses["aim_nouns"].split() and cue.word in {
        "share",
        "underline",
        "underscore",
        "highlight",
        "emphasize",
        "emphasise",
        "stress",
    }:
        return Reason("opinion")
    if noun in clauses["commitment_nouns"].split():
        strength = Strength.REAFFIRMED
        if cue.word == "announce":
            strength = Strength.AGREED
        return Undertaking(start, cue.clause_end, core, strength, "express commitment")
    return Undertaking(start, cue.clause_end, core, Strength.REAFFIRMED, "express support")


@cache
def _expressions(language: Language) -> re.Pattern[str]:
    clauses = language.words["clauses"]
    nouns = sorted(
        {
            *clauses["resolve_nouns"].split(),
            *clauses["commitment_nouns"].split(),
            *clauses["support_nouns"].split(),
            *clauses["opinion_nouns"].split(),
        },
        key=len,
        reverse=True,
    )
    return re.compile(
        rf"\b(?P<noun>{'|'.join(nouns)})\b(?:\s+and\s+(?:\w+\s+)?(?:{'|'.join(nouns)})\b)?(?:,[^,]{{3,60}},)?\s+"
        rf"(?:to|of|towards?|for|in|on|at|with|against|that|over|about|regarding)\s+",
        re.I,
    )


_BESIDE = r"\band\s+(?:(?:their|its|our|his|her|the|strong|full|firm|shared|mutual|joint|common|continued)\s+)*$"


def _is_head(before: str) -> bool:
    """Whether the noun is the head of what is expressed: only an owner and adjectives stand before it."""
    words = before.split()
    if len(words) > 8:
        return False
    return not any(
        word.casefold() in {"of", "in", "for", "to", "on", "with", "by", "between", "from", "at", "that"}
        for word in words
    )


def _skip_owner(comp: str, at: int) -> int:
    match = match_words(r"\s*(?:and\s+)?(?:(?:their|its|our|his|her|the|a)\s+)?", comp[at:])
    return at + (match.end() if match else 0)


def _stressed_noun(cue: Cue, comp: str, language: Language) -> list[Outcome]:
    """ "stressed strengthening …", "reaffirmed the two-state solution": work or a position named outright."""
    words = language.words["clauses"]
    if cue.word == "announce":
        return establish("", cue, comp, Parties(()), language)
    if cue.word in {"express", "voice", "convey", "declare"}:
        return [Reason("praise")]
    if cue.word in {"highlight", "underline", "underscore", "emphasize", "emphasise", "stress"} and is_doing(
        comp, language
    ):
        return whole_clause(cue, Strength.REAFFIRMED, "stress doing", cue.end, start=cue.end + 1)
    if cue.word in {"reaffirm", "reiterate", "affirm", "renew", "confirm", "insist", "reassert"}:
        head = " ".join(comp.split()[:14])
        if match_words(r"\s*(?:[\w’'-]+\s+){1,6}(?:commitments?|pledges?|support|solidarity)\b", comp):
            return whole_clause(cue, Strength.REAFFIRMED, "express commitment", cue.end, start=cue.end + 1)
        if search_words(
            rf"\b(?:{words['position_words']}|right of|rights of|principles?|respect for)\b",
            head,
            re.I,
        ):
            return whole_clause(cue, Strength.REAFFIRMED, "reaffirm position", cue.end, start=cue.end + 1)
    return [Reason("narration")]


def establish(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    """What an act announced makes of its complement: a target set, a programme launched to some end."""
    if cue.word == "set":
        if match_words(r"\s*(?:a|an|the|their|up)?\s*(?:\w+\s+){0,3}(?:target|goal|objective|course|up)\b", comp):
            return whole_clause(cue, Strength.AGREED, "set target", cue.end)
        return [Reason("narration")]
    if cue.word in {"elevate", "upgrade", "adopt", "approve"} or cue.subject.kind not in {"collective", "single"}:
        return [Reason("narration")]
    serves = search_words(rf"\b(?:to (?:{doing_verbs(language)})|aimed at|aiming to|that will|which will)\b", comp)
    if (serves or find_target(comp, language)) and len(comp.split()) > 5:
        return whole_clause(cue, Strength.AGREED, "establish", cue.end)
    return [Reason("narration")]
