"""What a governing verb makes of the words after it: an undertaking, or a reason why there is none."""

import re

from commitments.domain.codes import Strength
from commitments.domain.cues import PAST, Cue
from commitments.domain.language import Language
from commitments.domain.outcomes import (
    THAT,
    Outcome,
    Reason,
    Undertaking,
    addressee_of,
    after_that,
    doing_verbs,
    is_benefit,
    is_doing,
    is_third,
    match_all_words,
    match_words,
    search_words,
    weight_end,
    whole_clause,
)
from commitments.domain.parties import Parties, subject_of
from commitments.domain.stressing import establish, stress

_TO = re.compile(
    r"\s*(?:,[^,]{3,80},\s*)?(?:\w+ly\s+|also\s+|further\s+|jointly\s+|in principle\s+|together\s+)*to\s+", re.I
)
_ON = re.compile(r"\s*(?:(?:up)?on|in(?=\s+\w+ing\b))\s+", re.I)


def outcome_of(sentence: str, cue: Cue, parties: Parties, language: Language) -> list[Outcome]:
    """What the cue's clause undertakes; more than one where it expresses several things."""
    comp = sentence[cue.end : cue.clause_end]
    if cue.subject.kind == "third" and cue.group not in {"modal", "soft"}:
        return [Reason("third_party")]
    handler = _HANDLERS[cue.group]
    return handler(sentence, cue, comp, parties, language)


# Directing


def _direct(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    to = search_words(r"\b(?:to|with|that)\s+", comp)
    if cue.word in {"request", "ask"}:
        if is_third(addressee_of(comp, to), parties, language):
            return [Reason("third_party")]
        if cue.subject.kind == "single":
            return whole_clause(cue, Strength.ENCOURAGED, "request", cue.end + (to.end() if to else 0))
    if not to and cue.word in {"order", "assign", "charge", "authorize", "authorise", "empower", "commission"}:
        return [Reason("narration")]
    if cue.form != PAST and not to and cue.word in {"order", "charge", "task", "direct"}:
        return [Reason("narration")]
    return whole_clause(
        cue, Strength.DIRECTED, "direct", cue.end + (to.end() if to and to.group().startswith("to") else 0)
    )


def _told(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.subject.kind == "third":
        return [Reason("third_party")]
    soft = search_words(r"encourag|urg|invit|recommend|called", sentence[cue.start : cue.end], re.I)
    strength = Strength.ENCOURAGED if soft else Strength.DIRECTED
    return whole_clause(cue, strength, "told", cue.end + len("to "), start=cue.subject_start)


# Agreeing and intending


def _agree(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if match_words(r"\s*(?:to|on|upon)?\s*the following\b", comp):
        return [Reason("narration")]
    if match := _TO.match(comp):
        return whole_clause(cue, Strength.AGREED, "agree to", cue.end + match.end())
    if THAT.match(comp):
        return _agreed_that(sentence, cue, comp, parties, language)
    if match := _ON.match(comp):
        return _agreed_on(cue, comp, match.end(), language)
    if cue.word in _PLEDGES and len(comp.split()) >= 2:
        if match_words(r"\s*(?:by|at|during|under)\b|\s*(?:an?|his|her|their|the)\s+(?:[\w-]+\s+){0,3}visit\b", comp):
            return [Reason("narration")]
        own = match_words(r"\s*(?:themselves|itself|ourselves)\s+to\s+", comp)
        return whole_clause(cue, Strength.AGREED, "pledge", cue.end + (own.end() if own else 0))
    if cue.word == "agree" and match_words(r"\s*with\b", comp):
        return [Reason("opinion")]
    if (
        cue.word in {"decide", "agree", "resolve", "schedule"}
        and match_words(r"\s*(?:a|an|the)\s", comp)
        and cue.word != "resolve"
    ):
        return whole_clause(cue, Strength.AGREED, "agree noun")
    return [Reason("narration")]


_PLEDGES = frozenset({"commit", "recommit", "rededicate", "pledge", "undertake", "promise", "vow", "guarantee"})
_ISSUES = (
    r"(?:all|most|many|several|various|these|the|a number of)\s+(?:\w+\s+){0,2}"
    r"(?:issues|matters|subjects|topics|questions|points)\b"
)


def _agreed_on(cue: Cue, comp: str, at: int, language: Language) -> list[Outcome]:
    if match_words(_ISSUES, comp[at:]):
        return [Reason("narration")]
    if weight := weight_end(comp[at:], language):
        return whole_clause(cue, Strength.REAFFIRMED, "agree importance", cue.end + at + weight, start=cue.end + at)
    return whole_clause(cue, Strength.AGREED, "agree on", cue.end + at)


def _agreed_that(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    modal = search_words(
        r"\b(?:will|shall|would|should|be (?:held|convened|established|organi[sz]ed|hosted|created|set up|launched))\b",
        comp,
    )
    if not modal:
        return [Reason("opinion")]
    begins = after_that(comp)
    subject = subject_of(comp[begins : modal.start()], parties, language)
    if subject.kind == "third":
        return [Reason("third_party")]
    if is_benefit(comp[modal.end() :], language) and subject.kind not in {"collective", "single"}:
        return [Reason("opinion")]
    return whole_clause(cue, Strength.AGREED, "agree that", cue.end + begins)


def _intend(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.word == "look":
        match = match_words(r"\s*forward\s+(?:\w+ly\s+)?to\s+", comp)
        if not match:
            return [Reason("narration")]
        return whole_clause(cue, Strength.INTENDED, "look forward", cue.end + match.end())
    if cue.word in {"hope", "wish", "expect", "want", "desire"}:
        match = _TO.match(comp)
        return whole_clause(cue, Strength.INTENDED, "hope", cue.end + match.end()) if match else [Reason("opinion")]
    if cue.word == "consider" and (
        match := match_words(r"\s*it\s+(?:\w+ly\s+)?(?:necessary|important|essential|appropriate)\s+to\s+", comp)
    ):
        begin = cue.end + match.end()
        return whole_clause(cue, Strength.REAFFIRMED, "importance noted", begin, begin)
    if match := _TO.match(comp):
        return whole_clause(cue, Strength.INTENDED, "intend to", cue.end + match.end())
    if cue.word in {"propose", "offer", "plan", "consider", "envisage", "seek"} and is_doing(comp, language):
        return whole_clause(cue, Strength.INTENDED, "propose")
    if cue.word in {"aim", "strive", "aspire"} and match_words(r"\s*(?:for|at)\s", comp):
        return whole_clause(cue, Strength.INTENDED, "intend to")
    return [Reason("narration")]


def _ready(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    match = match_words(r"\s*(?:to|in|on|towards?)\s+", comp)
    if not match:
        return [Reason("opinion")]
    if cue.word == "united" and match_words(r"\s*in\s+(?:our|their)\s+commitment\b", comp):
        return whole_clause(cue, Strength.REAFFIRMED, "express commitment", cue.end + match.end())
    if cue.word in {"united", "steadfast"} and match.group().strip() != "in":
        return [Reason("opinion")]
    remains = bool(match_words(r"remain|stand|stood", sentence[cue.start :], re.I))
    if cue.word in {"committed", "dedicated"}:
        strength = Strength.REAFFIRMED if remains else Strength.AGREED
    else:
        strength = Strength.INTENDED
    own = search_words(rf"\b(?:{language.words['parties']['own']})\b", sentence[cue.subject_start : cue.start])
    if cue.subject.kind not in {"collective", "single"} and not own:
        return [Reason("narration")]
    return whole_clause(cue, strength, "committed", cue.end + match.end())


def _modal(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if match_words(r"\s*(?:not\s+)?(?:be\s+)?(?:remembered|like)\b", comp):
        return [Reason("opinion")]
    if match_words(r"\s*not\b", comp) and search_words(
        r"\b(?:statement|declaration|memorandum|document|agreement)\b", sentence[: cue.start]
    ):
        return [Reason("narration")]
    kind = cue.subject.kind
    start = cue.start
    if match_words(r"during (?:his|her|their|the|this) (?:visit|stay)\b", sentence):
        return [Reason("narration")]
    passive = match_words(
        r"\s*(?:also\s+|then\s+|\w+ly\s+|continue to\s+)*(?:be\s+\w+(?:ed|en|ld|un|ught|ne|t)\b|take place)", comp
    )
    if kind in {"third", "unknown", "mechanism"}:
        start = cue.subject_start
        if kind == "third":
            return [Reason("third_party")]
        if not passive and (kind == "unknown" or is_benefit(comp, language)):
            return [Reason("opinion")]
        if is_benefit(comp, language):
            return [Reason("opinion")]
    subject = sentence[cue.subject_start : cue.start].strip(" ,")
    if subject and (passive or not _is_speaker(subject, parties, language)):
        start = cue.subject_start
    soft = cue.group == "soft"
    if soft and cue.word == "should" and kind not in {"collective", "single"}:
        return [Reason("opinion")]
    strength = Strength.ENCOURAGED if cue.word == "should" else Strength.AGREED
    key = "should" if cue.word == "should" else "will" if kind in {"collective", "single"} else "will be"
    standing = search_words(rf"\b(?:{language.words['parties']['standing']})$", subject)
    if kind in {"collective", "single"} and (standing or match_words(r"\s*be\s", comp)) and is_benefit(comp, language):
        return [Reason("opinion")]
    return [Undertaking(start, cue.clause_end, cue.end if start == cue.start else start, strength, key)]


def _is_speaker(subject: str, parties: Parties, language: Language) -> bool:
    """Whether the subject is who speaks in the statement, and not a body that is to do the work."""
    if any(subject.endswith(alias) for alias in parties.aliases):
        return True
    return bool(search_words(rf"\b(?:{language.words['parties']['speakers']})$", subject)) or bool(
        parties.named_in(subject) and len(subject.split()) <= 6
    )


def _favour(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    return whole_clause(cue, Strength.REAFFIRMED, "reaffirm position")


_GOES_ON = r"\s*(?:grow|flourish|play|be|serve|enjoy|have|face|see|suffer|develop|remain|make|contribute)\b"


def _continue(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.subject.kind not in {"collective", "single"} or match_words(_GOES_ON, comp):
        return [Reason("narration")]
    return whole_clause(cue, Strength.REAFFIRMED, "continue")


# Encouraging


def _encourage(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.word == "promote":
        return [Reason("narration")]
    if cue.word in {"advocate", "appeal"} and not search_words(r"\bto\s+", comp):
        return whole_clause(cue, Strength.REAFFIRMED, "call for")
    to = search_words(r"\bto\s+", comp)
    if is_third(addressee_of(comp, to), parties, language):
        return [Reason("third_party")]
    if cue.word == "invite" and search_words(
        r"\b(?:to|for)\s+(?:pay|visit|undertake|make|attend|a\b.{0,30}\bvisit)", comp
    ):
        return [Reason("narration")]
    if cue.word in {"advocate", "appeal"}:
        return whole_clause(cue, Strength.REAFFIRMED, "call for")
    return whole_clause(cue, Strength.ENCOURAGED, "encourage")


def _call(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if match := match_words(r"\s*for\s+", comp):
        return whole_clause(cue, Strength.REAFFIRMED, "call for", cue.end + match.end())
    match = match_words(r"\s*(?:up)?on\s+", comp)
    if not match:
        return [Reason("narration")]
    to = search_words(r"\bto\s+", comp[match.end() :])
    if is_third(addressee_of(comp[match.end() :], to), parties, language, strict=True):
        return [Reason("third_party")]
    return whole_clause(cue, Strength.ENCOURAGED, "call on", cue.end + match.end() + (to.end() if to else 0))


def _welcome(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    clauses = language.words["clauses"]
    head = " ".join(comp.split()[:7])
    past = search_words(rf"\b(?:{clauses['past_marks']})\b", head, re.I)
    future = search_words(rf"\b(?:{clauses['future_marks']})\b", head, re.I)
    if future and (not past or future.start() < past.start()):
        return whole_clause(cue, Strength.ENCOURAGED, "welcome", cue.end)
    if match_words(
        rf"\s*(?:the|an?|their|its)\s+(?:\w+\s+)?(?:decision|agreement|intention|commitment)\b.{{0,60}}?\bto\s+(?:{doing_verbs(language)})\b",
        comp,
    ):
        return whole_clause(cue, Strength.ENCOURAGED, "welcome decision", cue.end)
    return [Reason("welcome")]


def _support(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if not comp.strip() or match_words(r"\s*(?:by|from|of)\b", comp):
        return [Reason("narration")]
    if cue.word == "endorse":
        return whole_clause(cue, Strength.AGREED, "endorse")
    if cue.word in {"reject", "oppose"}:
        return whole_clause(cue, Strength.REAFFIRMED, "reject")
    if match_all_words(r"\s*(?:this|these|it|them|such|the said)\b(?:\s+\w+){0,2}\W*", comp):
        return whole_clause(cue, Strength.REAFFIRMED, "support", start=0)
    return whole_clause(cue, Strength.REAFFIRMED, "support")


def _narrate(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    return [Reason("narration")]


def _praise(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    return [Reason("praise")]


def _act(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    return whole_clause(cue, Strength.AGREED, "we act", cue.start)


_HANDLERS = {
    "act": _act,
    "direct": _direct,
    "told": _told,
    "agree": _agree,
    "intend": _intend,
    "ready": _ready,
    "modal": _modal,
    "soft": _modal,
    "continue": _continue,
    "encourage": _encourage,
    "call": _call,
    "welcome": _welcome,
    "support": _support,
    "favour": _favour,
    "perform": establish,
    "stress": stress,
    "establish": establish,
    "narrate": _narrate,
    "noted": _narrate,
    "praise": _praise,
}
