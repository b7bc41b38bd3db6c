"""What a governing verb makes of the words after it: an undertaking, or a reason why there is none."""

import re
from dataclasses import dataclass
from functools import cache

from commitments.domain.codes import Strength
from commitments.domain.cues import PAST, Cue
from commitments.domain.language import Language
from commitments.domain.parties import Parties, subject_of
from commitments.domain.targets import find_target

_THAT = re.compile(r"\s*(?:,[^,]*,\s*)?that\b", re.I)
_TO = re.compile(
    r"\s*(?:,[^,]{3,80},\s*)?(?:\w+ly\s+|also\s+|further\s+|jointly\s+|in principle\s+|together\s+)*to\s+", re.I
)
_ON = re.compile(r"\s*(?:(?:up)?on|in(?=\s+\w+ing\b))\s+", re.I)


@dataclass(frozen=True)
class Undertaking:
    """A span of the sentence that binds; `core` is where its substance begins, `key` the pattern it was found by."""

    start: int
    end: int
    core: int
    strength: Strength
    key: str
    lists: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a clause holds no commitment: narration, praise, opinion, third_party, welcome, event, unclear."""

    code: str


Outcome = Undertaking | Reason


def outcome_of(sentence: str, cue: Cue, parties: Parties, language: Language) -> list[Outcome]:
    """What the cue's clause undertakes; more than one where it expresses several things."""
    comp = sentence[cue.end : cue.clause_end]
    if cue.subject.kind == "third" and cue.group not in {"modal", "soft"}:
        return [Reason("third_party")]
    handler = _HANDLERS[cue.group]
    return handler(sentence, cue, comp, parties, language)


def _whole(cue: Cue, strength: Strength, key: str, core: int | None = None, start: int | None = None) -> list[Outcome]:
    begin = cue.start if start is None else start
    return [Undertaking(begin, cue.clause_end, cue.end if core is None else core, strength, key)]


# Directing


def _direct(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    to = _search(r"\b(?:to|with|that)\s+", comp)
    if cue.word in {"request", "ask"}:
        if _is_third(_addressee(comp, to), parties, language):
            return [Reason("third_party")]
        if cue.subject.kind == "single":
            return _whole(cue, Strength.ENCOURAGED, "request", cue.end + (to.end() if to else 0))
    if not to and cue.word in {"order", "assign", "charge", "authorize", "authorise", "empower", "commission"}:
        return [Reason("narration")]
    if cue.form != PAST and not to and cue.word in {"order", "charge", "task", "direct"}:
        return [Reason("narration")]
    return _whole(cue, Strength.DIRECTED, "direct", cue.end + (to.end() if to and to.group().startswith("to") else 0))


def _told(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.subject.kind == "third":
        return [Reason("third_party")]
    soft = _search(r"encourag|urg|invit|recommend|called", sentence[cue.start : cue.end], re.I)
    strength = Strength.ENCOURAGED if soft else Strength.DIRECTED
    return _whole(cue, strength, "told", cue.end + len("to "), start=cue.subject_start)


# Agreeing and intending


def _agree(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if match := _TO.match(comp):
        return _whole(cue, Strength.AGREED, "agree to", cue.end + match.end())
    if _THAT.match(comp):
        return _agreed_that(sentence, cue, comp, parties, language)
    if match := _ON.match(comp):
        return _agreed_on(cue, comp, match.end(), language)
    if cue.word in {"commit", "pledge", "undertake", "promise", "vow", "guarantee"} and len(comp.split()) >= 2:
        if _match(r"\s*(?:by|at|during|under)\b", comp):
            return [Reason("narration")]
        own = _match(r"\s*(?:themselves|itself|ourselves)\s+to\s+", comp)
        return _whole(cue, Strength.AGREED, "pledge", cue.end + (own.end() if own else 0))
    if cue.word == "agree" and _match(r"\s*with\b", comp):
        return [Reason("opinion")]
    if _match(r"\s*(?:the following|as follows|upon)?\s*:\s*$", comp):
        return _whole(cue, Strength.AGREED, "agree to")
    if cue.word in {"decide", "agree", "resolve"} and _match(r"\s*(?:a|an|the)\s", comp) and cue.word != "resolve":
        return _whole(cue, Strength.AGREED, "agree noun")
    return [Reason("narration")]


def _agreed_on(cue: Cue, comp: str, at: int, language: Language) -> list[Outcome]:
    if weight := _weight(comp[at:], language):
        return _whole(cue, Strength.REAFFIRMED, "agree importance", cue.end + at + weight, start=cue.end + at)
    return _whole(cue, Strength.AGREED, "agree on", cue.end + at)


def _agreed_that(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    modal = _search(
        r"\b(?:will|shall|would|should|be (?:held|convened|established|organi[sz]ed|hosted|created|set up|launched))\b",
        comp,
    )
    if not modal:
        return [Reason("opinion")]
    begins = _after_that(comp)
    subject = subject_of(comp[begins : modal.start()], parties, language)
    if subject.kind == "third":
        return [Reason("third_party")]
    if _is_benefit(comp[modal.end() :], language) and subject.kind not in {"collective", "single"}:
        return [Reason("opinion")]
    return _whole(cue, Strength.AGREED, "agree that", cue.end + begins)


def _intend(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.word == "look":
        match = _match(r"\s*forward\s+(?:\w+ly\s+)?to\s+", comp)
        if not match:
            return [Reason("narration")]
        return _whole(cue, Strength.INTENDED, "look forward", cue.end + match.end())
    if cue.word in {"hope", "wish", "expect", "want", "desire"}:
        match = _TO.match(comp)
        return _whole(cue, Strength.INTENDED, "hope", cue.end + match.end()) if match else [Reason("opinion")]
    if match := _TO.match(comp):
        return _whole(cue, Strength.INTENDED, "intend to", cue.end + match.end())
    if cue.word in {"propose", "offer", "plan", "consider", "envisage", "seek"} and _is_doing(comp, language):
        return _whole(cue, Strength.INTENDED, "propose")
    if cue.word in {"aim", "strive", "aspire"} and _match(r"\s*(?:for|at)\s", comp):
        return _whole(cue, Strength.INTENDED, "intend to")
    return [Reason("narration")]


def _ready(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    match = _match(r"\s*(?:to|in|on|towards?)\s+", comp)
    if not match:
        return [Reason("opinion")]
    if cue.word in {"united", "steadfast"} and match.group().strip() != "in":
        return [Reason("opinion")]
    remains = bool(_match(r"remain|stand|stood", sentence[cue.start :], re.I))
    if cue.word in {"committed", "dedicated"}:
        strength = Strength.REAFFIRMED if remains else Strength.AGREED
    else:
        strength = Strength.INTENDED
    own = _search(rf"\b(?:{language.words['parties']['own']})\b", sentence[cue.subject_start : cue.start])
    if cue.subject.kind not in {"collective", "single"} and not own:
        return [Reason("narration")]
    return _whole(cue, strength, "committed", cue.end + match.end())


def _modal(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if _match(r"\s*(?:not\s+)?(?:be\s+)?(?:remembered|like)\b", comp):
        return [Reason("opinion")]
    if _match(r"\s*not\b", comp) and _search(
        r"\b(?:statement|declaration|memorandum|document|agreement)\b", sentence[: cue.start]
    ):
        return [Reason("narration")]
    kind = cue.subject.kind
    start = cue.start
    if _match(r"during (?:his|her|their|the|this) (?:visit|stay)\b", sentence):
        return [Reason("narration")]
    passive = _match(
        r"\s*(?:also\s+|then\s+|\w+ly\s+|continue to\s+)*(?:be\s+\w+(?:ed|en|ld|un|ught|ne|t)\b|take place)", comp
    )
    if kind in {"third", "unknown", "mechanism"}:
        start = cue.subject_start
        if kind == "third":
            return [Reason("third_party")]
        if not passive and (kind == "unknown" or _is_benefit(comp, language)):
            return [Reason("opinion")]
        if _is_benefit(comp, language):
            return [Reason("opinion")]
    subject = sentence[cue.subject_start : cue.start].strip(" ,")
    if subject and (passive or not _is_speaker(subject, parties, language)):
        start = cue.subject_start
    soft = cue.group == "soft"
    if soft and cue.word == "should" and kind not in {"collective", "single"}:
        return [Reason("opinion")]
    strength = Strength.ENCOURAGED if cue.word == "should" else Strength.AGREED
    key = "should" if cue.word == "should" else "will" if kind in {"collective", "single"} else "will be"
    if cue.subject.kind in {"collective", "single"} and _match(r"\s*be\s", comp) and _is_benefit(comp, language):
        return [Reason("opinion")]
    return [Undertaking(start, cue.clause_end, cue.end if start == cue.start else start, strength, key)]


def _is_speaker(subject: str, parties: Parties, language: Language) -> bool:
    """Whether the subject is who speaks in the statement, and not a body that is to do the work."""
    if any(subject.endswith(alias) for alias in parties.aliases):
        return True
    return bool(_search(rf"\b(?:{language.words['parties']['speakers']})$", subject)) or bool(
        parties.named_in(subject) and len(subject.split()) <= 6
    )


def _continue(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.subject.kind not in {"collective", "single"} or _is_benefit(comp, language):
        return [Reason("narration")]
    return _whole(cue, Strength.REAFFIRMED, "continue")


# Encouraging


def _encourage(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.word == "promote":
        return [Reason("narration")]
    to = _search(r"\bto\s+", comp)
    if _is_third(_addressee(comp, to), parties, language):
        return [Reason("third_party")]
    if cue.word == "invite" and _search(r"\b(?:to|for)\s+(?:pay|visit|undertake|make|attend|a\b.{0,30}\bvisit)", comp):
        return [Reason("narration")]
    if cue.word in {"advocate", "appeal"}:
        return _whole(cue, Strength.REAFFIRMED, "call for")
    return _whole(cue, Strength.ENCOURAGED, "encourage")


def _call(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if match := _match(r"\s*for\s+", comp):
        return _whole(cue, Strength.REAFFIRMED, "call for", cue.end + match.end())
    match = _match(r"\s*(?:up)?on\s+", comp)
    if not match:
        return [Reason("narration")]
    to = _search(r"\bto\s+", comp[match.end() :])
    if _is_third(_addressee(comp[match.end() :], to), parties, language, strict=True):
        return [Reason("third_party")]
    return _whole(cue, Strength.ENCOURAGED, "call on", cue.end + match.end() + (to.end() if to else 0))


def _welcome(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    clauses = language.words["clauses"]
    head = " ".join(comp.split()[:7])
    past = _search(rf"\b(?:{clauses['past_marks']})\b", head, re.I)
    future = _search(rf"\b(?:{clauses['future_marks']})\b", head, re.I)
    if future and (not past or future.start() < past.start()):
        return _whole(cue, Strength.ENCOURAGED, "welcome", cue.end)
    return [Reason("welcome")]


def _support(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if not comp.strip() or _match(r"\s*(?:by|from|of)\b", comp):
        return [Reason("narration")]
    if cue.word == "endorse":
        return _whole(cue, Strength.AGREED, "endorse")
    if cue.word in {"reject", "oppose"}:
        return _whole(cue, Strength.REAFFIRMED, "reject")
    if _fullmatch(r"\s*(?:this|these|it|them|such|the said)\b(?:\s+\w+){0,2}\W*", comp):
        return _whole(cue, Strength.REAFFIRMED, "support", start=0)
    return _whole(cue, Strength.REAFFIRMED, "support")


# Stressing


def _stress(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    soft = cue.word in {"recognize", "recognise", "acknowledge", "note", "recall", "appreciate"}
    if _THAT.match(comp):
        return _stressed_that(cue, comp, parties, language)
    if weight := _weight(comp, language):
        if cue.word in {"have", "maintain"}:
            return [Reason("opinion")]
        key = "importance noted" if soft else "importance"
        return _weighed(cue, comp, weight, key, language)
    if cue.word == "attach":
        match = _match(r".{0,40}?\b(?:importance|priority|significance|value)\s+to\s+", comp)
        return (
            _whole(cue, Strength.REAFFIRMED, "importance", cue.end + match.end(), start=cue.end + match.end())
            if match
            else [Reason("opinion")]
        )
    expressed = [] if soft else _expressed(cue, comp, language)
    if expressed:
        return expressed
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


def _weighed(cue: Cue, comp: str, weight: int, key: str, language: Language) -> list[Outcome]:
    """ "stressed the importance of A, and their readiness to B": what is weighed, and what is expressed beside it."""
    first = Undertaking(cue.end + weight, cue.clause_end, cue.end + weight, Strength.REAFFIRMED, key)
    for match in _expressions(language).finditer(comp, weight):
        beside = _search(r",?\s+and\s+(?:their|its|our)\s+(?:\w+\s+){0,2}$", comp[: match.start("noun")])
        if not beside:
            continue
        other = _expression(
            cue, match["noun"].casefold(), cue.end + match.start("noun"), cue.end + match.end(), language
        )
        cut = Undertaking(first.start, cue.end + beside.start(), first.core, first.strength, first.key)
        return [cut, other]
    return [first]


def _stressed_that(cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    begins = _after_that(comp)
    modal = _search(rf"\b(?P<must>{language.words['clauses']['must']})\b|\b(?:will|shall|would)\b", comp)
    if not modal or cue.word in {"note", "recall", "believe", "recognize", "recognise", "acknowledge"}:
        return [Reason("opinion")]
    subject = subject_of(comp[begins : modal.start()], parties, language)
    own = subject.kind in {"collective", "single"}
    if subject.kind == "third" or (not own and _is_benefit(comp[modal.end() :], language)):
        return [Reason("opinion")]
    if modal.group("must"):
        return _whole(cue, Strength.REAFFIRMED, "stress must", cue.end + begins, start=cue.end + begins)
    if subject.kind == "unknown":
        return [Reason("opinion")]
    strength = Strength.AGREED if cue.word in {"announce", "declare", "state", "confirm"} else Strength.REAFFIRMED
    return _whole(cue, strength, "stress will", cue.end + begins)


def _expressed(cue: Cue, comp: str, language: Language) -> list[Outcome]:
    """Commitments, intentions and support that a clause expresses; an opinion beside them is passed over."""
    found: list[Outcome] = []
    for match in _expressions(language).finditer(comp):
        before = comp[: match.start("noun")].rstrip()
        if (found or not _is_head(before)) and not _search(_BESIDE, before + " "):
            continue
        noun = match["noun"].casefold()
        start = cue.end + (_search(r"(?:[\w’'-]+\s+){0,2}$", before + " ").start() if before else match.start("noun"))  # type: ignore[union-attr]
        start = max(start, cue.end + len(comp) - len(comp.lstrip()))
        start = _skip_owner(comp, start - cue.end) + cue.end
        if found and isinstance(found[-1], Undertaking):
            last = found[-1]
            cut = cue.end + len(re.sub(r"(?:[\s,]|\band|\btheir|\bits|\bour|\bstrong|\bfull)*$", "", before))
            found[-1] = Undertaking(last.start, min(last.end, cut), last.core, last.strength, last.key)
        found.append(_expression(cue, noun, start, cue.end + match.end(), language))
    return found


def _expression(cue: Cue, noun: str, start: int, core: int, language: Language) -> Outcome:
    clauses = language.words["clauses"]
    if noun in clauses["opinion_nouns"].split():
        return Reason("praise")
    if noun in clauses["resolve_nouns"].split():
        return Undertaking(start, cue.clause_end, core, Strength.INTENDED, "express readiness")
    if noun in clauses["aim_nouns"].split() and cue.word in {
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
    match = _match(r"\s*(?:and\s+)?(?:(?:their|its|our|his|her|the|a)\s+)?", comp[at:])
    return at + (match.end() if match else 0)


def _stressed_noun(cue: Cue, comp: str, language: Language) -> list[Outcome]:
    """ "stressed strengthening …", "reaffirmed the two-state solution": work or a position named outright."""
    words = language.words["clauses"]
    if cue.word == "announce":
        return _establish("", cue, comp, Parties(()), language)
    if cue.word in {"express", "voice", "convey", "declare"}:
        return [Reason("praise")]
    if cue.word in {"highlight", "underline", "underscore", "emphasize", "emphasise", "stress"} and _is_doing(
        comp, language
    ):
        return _whole(cue, Strength.REAFFIRMED, "stress doing", cue.end, start=cue.end + 1)
    if cue.word in {"reaffirm", "reiterate", "affirm", "renew", "confirm", "insist", "reassert"}:
        head = " ".join(comp.split()[:14])
        if _match(r"\s*(?:[\w’'-]+\s+){1,6}(?:commitments?|pledges?|support|solidarity)\b", comp):
            return _whole(cue, Strength.REAFFIRMED, "express commitment", cue.end, start=cue.end + 1)
        if _search(
            rf"\b(?:{words['position_words']}|right of|rights of|principles?|respect for)\b",
            head,
            re.I,
        ):
            return _whole(cue, Strength.REAFFIRMED, "reaffirm position", cue.end, start=cue.end + 1)
    return [Reason("narration")]


def _establish(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    if cue.word == "set":
        if _match(r"\s*(?:a|an|the|their|up)?\s*(?:\w+\s+){0,3}(?:target|goal|objective|up)\b", comp):
            return _whole(cue, Strength.AGREED, "set target", cue.end)
        return [Reason("narration")]
    if cue.word in {"elevate", "upgrade", "adopt", "approve"} or cue.subject.kind not in {"collective", "single"}:
        return [Reason("narration")]
    serves = _search(rf"\b(?:to (?:{_doing_verbs(language)})|aimed at|aiming to|that will|which will)\b", comp)
    if (serves or find_target(comp, language)) and len(comp.split()) > 5:
        return _whole(cue, Strength.AGREED, "establish", cue.end)
    return [Reason("narration")]


def _narrate(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    return [Reason("narration")]


def _praise(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    return [Reason("praise")]


def _act(sentence: str, cue: Cue, comp: str, parties: Parties, language: Language) -> list[Outcome]:
    return _whole(cue, Strength.AGREED, "we act", cue.start)


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
    "stress": _stress,
    "establish": _establish,
    "narrate": _narrate,
    "noted": _narrate,
    "praise": _praise,
}


# Shared tests


def _match(pattern: str, text: str, flags: int = re.I) -> re.Match[str] | None:
    """As `re.match`, blind to case: decisions set their verbs in capitals."""
    return re.match(pattern, text, flags)


def _search(pattern: str, text: str, flags: int = re.I) -> re.Match[str] | None:
    return re.search(pattern, text, flags)


def _fullmatch(pattern: str, text: str, flags: int = re.I) -> re.Match[str] | None:
    return re.fullmatch(pattern, text, flags)


def _weight(comp: str, language: Language) -> int:
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


def _after_that(comp: str) -> int:
    """Where the clause after "that" begins."""
    match = _THAT.match(comp)
    return match.end() if match else 0


def _is_benefit(comp: str, language: Language) -> bool:
    verbs = language.words["parties"]["benefit_verbs"]
    return bool(_match(rf"\s*(?:also\s+|further\s+|not only\s+|\w+ly\s+|help\s+(?:to\s+)?)*(?:{verbs})\b", comp, re.I))


def _is_doing(comp: str, language: Language) -> bool:
    """Whether a complement names work: a gerund, a noun of doing, more cooperation."""
    doing = language.words["clauses"]["doing_nouns"]
    return bool(
        _match(r"\s*(?:\w+ly\s+|further\s+|jointly\s+)?[a-z-]+ing\s+(?!of the past)", comp)
        or _match(rf"\s*{doing}\b", comp)
        or _match(
            r"\s*(?:the\s+)?(?:\w+\s+){0,3}(?:strengthening|expansion|enhancement|deepening|cooperation|"
            r"coordination|collaboration|establishment|exchange|implementation|promotion)\b",
            comp,
        )
    )


def _addressee(comp: str, to: re.Match[str] | None) -> str:
    """Whom a call is addressed to: the words up to the verb, "parties to the conflict" in one."""
    if to is None:
        return comp
    return (
        comp[: to.start()]
        if not _match(r"to\s+(?:the|this|that|any)\b", comp[to.start() :])
        else " ".join(comp.split()[:7])
    )


def _is_third(addressee: str, parties: Parties, language: Language, *, strict: bool = False) -> bool:
    """Whether a call is addressed to others than the parties and their own bodies."""
    table = language.words["parties"]
    third = _search(rf"\b(?:{table['third_parties']})\b", addressee, re.I)
    if third:
        return True
    if parties.named_in(addressee):
        return False
    if _search(rf"\b(?:{table['own']})\b", addressee, re.I):
        return False
    countries = _country_pattern(language)
    if countries.search(addressee):
        return True
    return strict and not _search(r"\b(?:all|both|the two|relevant|each)\b", addressee, re.I)


@cache
def _country_pattern(language: Language) -> re.Pattern[str]:
    names = sorted(language.words["countries"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in names)})\b")


@cache
def _doing_verbs(language: Language) -> str:
    return language.words["verbs"]["do"]
