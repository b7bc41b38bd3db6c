"""The verbs that govern a sentence's clauses: who instructs, agrees, intends, encourages, reaffirms, notes.

A cue counts only where it is the verb of a subject (or goes on with the last one): "the agreed framework" and
"targets agreed in Paris" hold none.
"""

import re
from dataclasses import dataclass
from functools import cache

from commitments.domain.language import Language
from commitments.domain.parties import Parties, Subject, subject_of
from commitments.domain.text import fold

BASE, THIRD, PAST, GERUND = 0, 1, 2, 3
SPEECH = frozenset({"stress", "call", "welcome", "praise"})
_RELATIVE = re.compile(r"\b(?:which|who|whom|that|whose|where|as|if|when|whether)\b[^,;]*$", re.I)


@dataclass(frozen=True)
class Cue:
    """A governing verb: where it stands, what it is, whose verb it is and where its subject begins.

    `group` is the verb table's name, or `ready`, `told` (passive of direct), `modal`, `soft`, `continue`.
    """

    start: int
    end: int
    group: str
    form: int
    word: str
    subject: Subject
    subject_start: int
    clause_end: int = 0


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    group: str
    form: int
    word: str


def governing_cues(sentence: str, parties: Parties, language: Language, inherited: Subject | None = None) -> list[Cue]:
    """The sentence's cues in order, each with the end of its clause; `inherited` is the subject of a list's lead."""
    masked = mask_quotes(sentence)
    cues: list[Cue] = []
    for found in _all_cues(masked, language):
        if cues and found.start < cues[-1].end:
            continue
        if cue := _governing(masked, found, cues, parties, language, inherited):
            cues.append(cue)
    return [_with_end(masked, cue, cues[at + 1] if at + 1 < len(cues) else None) for at, cue in enumerate(cues)]


def mask_quotes(text: str) -> str:
    """The text with quoted names out of sight, lengths kept."""
    return re.sub(r"[“][^”]{2,200}[”]|\"[^\"]{2,200}\"", lambda match: "“" + "x" * (len(match.group()) - 2) + "”", text)


def _governing(
    text: str, found: _Found, cues: list[Cue], parties: Parties, language: Language, inherited: Subject | None
) -> Cue | None:
    last = cues[-1] if cues else None
    from_here = last.end if last else 0
    if _is_name(text, found, cues):
        return None
    left = _without_adverbs(text[from_here : found.start], language)
    joined = bool(re.search(r"(?:,|;|\band|\bbut|\bwhile|\bas well as|\bor)$", left))
    if last and joined and found.group in {"modal", "soft"} and re.match(r"\s*that\b", text[last.end :]):
        return None
    if last and joined and found.group in {"modal", "soft"} and _RELATIVE_MODAL.search(text[last.end : found.start]):
        return None
    if found.group == "continue" and re.search(
        r"\b(?:will|shall|would|should|to)\s+(?:also\s+)?$", text[: found.start]
    ):
        return None
    if (
        found.form == PAST
        and found.group in {"encourage", "support", "welcome"}
        and re.match(r"\s+by\b", text[found.end :])
    ):
        return None
    if found.word == "support" and found.form == BASE and re.match(r"\s+(?:to|for|of|from|in)\b", text[found.end :]):
        return None
    if last and joined and _agrees(last, found, text) and not _goes_on_with_purpose(last, found, text, language):
        return Cue(found.start, found.end, found.group, found.form, found.word, last.subject, found.start)
    if found.form == GERUND:
        return _trailing_participle(found, last, left, parties, language)
    if not left.strip(" ,") and last is None:
        return _without_subject(found, inherited)
    if last is None and re.search(r"\band$", left):
        return _after_other_verb(text, found, left, parties, language)
    return _with_subject(text, found, last, left, from_here, parties, language)


_RELATIVE_MODAL = re.compile(r"\b(?:which|that|who)\s+(?:\w+\s+)?(?:will|shall|would)\b[^.;]*$", re.I)
_OTHER_VERB = re.compile(r"\s(?:[a-z]+ed|met|held|spoke|took|gave|made|had|were|was|saw|underwent)\b")


_SPEAKER = re.compile(
    r"\s*(?:We|They|Both (?:sides|countries|leaders)|The (?:two )?(?:sides|leaders|ministers|parties|countries))\b",
    re.I,
)


def _after_other_verb(text: str, found: _Found, left: str, parties: Parties, language: Language) -> Cue | None:
    """ "The leaders assessed X and pledged to …": a verb that is no cue stands between the subject and the cue."""
    begin = _after_opening(left)
    speaker = _SPEAKER.match(left[begin:])
    verb = _OTHER_VERB.search(left, begin) if found.form == PAST else None
    if not speaker and not verb:
        return None
    subject = subject_of(speaker.group() if speaker or not verb else left[begin : verb.start()], parties, language)
    if subject.kind not in {"collective", "single"}:
        return None
    return Cue(found.start, found.end, found.group, found.form, found.word, subject, found.start)


def _is_name(text: str, found: _Found, cues: list[Cue]) -> bool:
    """A raised word within a sentence is part of a name ("the Joint Commission"), unless set in capitals throughout."""
    word = text[found.start : found.end]
    return word[:1].isupper() and not word.isupper() and bool(re.search(r"\w", text[: found.start]))


def _with_subject(
    text: str, found: _Found, last: Cue | None, left: str, from_here: int, parties: Parties, language: Language
) -> Cue | None:
    begin = _subject_start(left, last, from_here)
    words = left[begin - from_here :].strip()
    if last is None:
        words = _ANNOUNCED_THAT.sub("", words)
    elif found.group == "modal" and (match := _NEXT_OF_WHICH.search(left)):
        return Cue(
            found.start,
            found.end,
            found.group,
            found.form,
            found.word,
            Subject("mechanism", "both"),
            from_here + match.start("next"),
        )
    if (last and begin == from_here + len(left) - len(left.lstrip())) or not words:
        return None
    if _RELATIVE.search(words) or _ends_unfit(words, found, language):
        return None
    subject = subject_of(words, parties, language)
    if last and found.form == PAST and _is_participle(text, found, words, language):
        return None
    if last and last.subject.kind == subject.kind == "single" and _is_pronoun(words, language):
        subject = last.subject
    if found.group in {"modal", "soft", "told", "ready", "continue", "perform"}:
        if last and not _is_clause_boundary(left[: begin - from_here]):
            return None
        return Cue(found.start, found.end, found.group, found.form, found.word, subject, begin)
    if last and not _is_clause_boundary(left[: begin - from_here]):
        return None
    if not _is_actor_end(words, subject, language, parties, found):
        return None
    return Cue(found.start, found.end, found.group, found.form, found.word, subject, begin)


def _is_participle(text: str, found: _Found, words: str, language: Language) -> bool:
    """ "the Statements adopted in Baku": a participle behind a noun that nobody speaks as."""
    if not re.match(r"\s+(?:by|at|in|during|under|within)\s", text[found.end :]):
        return False
    return not re.search(rf"\b(?:{language.words['parties']['speakers']})\W*$", words, re.I)


def _is_pronoun(words: str, language: Language) -> bool:
    return bool(re.fullmatch(language.words["parties"]["pronouns"], words, re.I))


_ANNOUNCED_THAT = re.compile(r"^.*\b(?:announce|confirm|declare)s?\s+that\s+", re.I)
_NEXT_OF_WHICH = re.compile(
    r",\s+(?P<next>the\s+(?:next|first|second|third|fourth|fifth)\s+(?:session|meeting|round|edition)\s+of\s+which)$"
)


def _subject_start(left: str, last: Cue | None, from_here: int) -> int:
    """Where the subject's words begin: after the last clause, or after an opening phrase and its comma."""
    begin = 0
    if last:
        boundary = [match.end() for match in _BOUNDARY.finditer(left)]
        begin = boundary[-1] if boundary else 0
        for at in reversed(boundary):
            if re.match(r"(?:the|both|we|they|two|he|she|it|our|their)\b", left[at:], re.I) or at == boundary[0]:
                begin = at
                break
    else:
        begin = _after_opening(left)
    while begin < len(left) and left[begin].isspace():
        begin += 1
    return from_here + begin


_BOUNDARY = re.compile(
    r"(?:[,;]\s+(?:and\s+|while\s+|but\s+)?|\s(?:and|while|but)\s+)"
    r"(?=(?i:the|both|we|they|he|she|it|its|our|their|two|all|a)\b|[A-ZÀ-ÞİŞĞÇÖÜ])"
)
_OPENING = re.compile(
    r"(?:in|on|at|as|to|for|with|within|under|during|following|after|before|upon|against|building|"
    r"recogni[sz]ing|recalling|noting|given|"
    r"considering|acknowledging|reaffirming|commending|welcoming|taking|bearing|guided|convinced|while|"
    r"regarding|concerning|furthermore|moreover|"
    r"additionally|therefore|accordingly|finally|likewise|similarly|further|also|throughout|towards?|by|through|"
    r"emphasi[sz]ing|underlining|"
    r"stressing|underscoring|highlighting|expressing|appreciating|determined|desiring|desirous|inspired|mindful|"
    r"aware|having|keeping|seeking|"
    r"referring|turning|meanwhile|together|looking|based|amid|since|when|where|if|consistent|deeply|believing|"
    r"reiterating|pursuant|from|of|"
    r"among|committed|drawing|leveraging|today|here|this|speaking|both|addressing|reflecting|marking|conscious|"
    r"aiming|wishing|thus|despite)\b",
    re.I,
)
_SUBJECT_HEAD = re.compile(
    r",\s+(?=(?:the|both|we|they|he|she|it|two|all|our|a|an|H\.E|President|Prime|His|Her|[A-ZÀ-Þ][\w’'-]+)\b)"
)


def _after_opening(left: str) -> int:
    """Past "In this context," and the like; past nothing when the sentence opens with its subject."""
    if not _OPENING.match(left.strip()):
        return 0
    if re.match(r"both\b(?!\s+(?:at|in|on|bilateral))", left.strip(), re.I) and "," not in left:
        return 0
    starts = [match.end() for match in _SUBJECT_HEAD.finditer(left)]
    for at in reversed(starts):
        if re.match(r"(?:the|both|we|they|he|she|it|two|all|our)\b", left[at:], re.I):
            return at
    return starts[-1] if starts else 0


def _is_clause_boundary(before: str) -> bool:
    return (
        bool(re.search(r"(?:[,;]|\b(?:and|while|but|whereas))\s*$", before.strip() + " ", re.I)) or not before.strip()
    )


def _ends_unfit(words: str, found: _Found, language: Language) -> bool:
    """Whether what stands before the verb shows that it is none: an article, a preposition, "to"."""
    tail = re.search(r"([\w’'-]+)\W*$", words)
    word = tail.group(1).casefold() if tail else ""
    if word in language.set_of("clauses", "no_subject_end") or re.search(r"['’]s?$", words):
        return True
    return found.group == "modal" and word in {
        "their",
        "political",
        "free",
        "firm",
        "the",
        "its",
        "strong",
        "common",
        "joint",
        "shared",
        "own",
        "good",
    }


def _is_actor_end(words: str, subject: Subject, language: Language, parties: Parties, found: _Found) -> bool:
    """Whether the words before the verb end with their actor, so that the verb is the actor's."""
    if words.endswith(","):
        words = words.rstrip(", ")
        if subject.kind in {"collective", "single"}:
            return True
    if _actor_tail(language).search(words):
        return True
    if re.match(r"(?:our|their)\s+(?:\w+\s+){0,4}\w+s$", words, re.I):
        return True
    tail = words.split()[-1].strip(",")
    if tail in parties.aliases or any(words.endswith(alias) for alias in parties.aliases):
        return True
    if found.group in {"narrate", "praise", "establish"}:
        return subject.kind in {"collective", "single"} and tail[:1].isupper()
    if found.form == PAST and not tail[:1].isupper():
        return False
    named = tail[:1].isupper() and len(words.split()) <= 14
    return named and (subject.kind != "unknown" or (tail.isupper() and len(tail) > 1))


@cache
def _actor_tail(language: Language) -> re.Pattern[str]:
    table = language.words["parties"]
    words = "|".join(part.strip() for part in f"{table['collective']}|{table['single']}".split("|"))
    return re.compile(rf"(?:\b(?:{words})|\))\W*$", re.I)


def _agrees(last: Cue, found: _Found, text: str) -> bool:
    """Whether a verb after "and" goes on with the last cue's subject: the same form, and no verb within its phrase."""
    if found.group in {"modal", "soft", "told", "ready"}:
        return found.group != "told"
    if last.form == GERUND or found.form == GERUND:
        return last.form == found.form == GERUND
    if found.form == PAST and last.form == BASE and found.word == last.word:
        return False
    perfect = last.form == PAST and found.form == BASE and re.search(r"\b(?:have|has)(?:\s\w+)?\s$", text[: last.start])
    # "Set" does not show its tense.
    free = perfect or last.word == "set"
    if found.form != last.form and {found.form, last.form} != {BASE, THIRD} and not free:
        return False
    if found.form == PAST:
        return not re.match(r"\s+(?:by|at|in|during|under|within|between|from)\s", text[found.end :])
    if found.form == BASE and last.group in {"agree", "intend", "modal", "soft", "ready", "continue", "direct", "told"}:
        if found.word in {"instruct", "task", "mandate", "direct", "request", "ask", "invite", "urge"}:
            return bool(re.match(r"\s+(?:\S+\s+){1,14}?(?:to|with)\s", text[found.end :]))
        return found.group in SPEECH and found.word not in {
            "share",
            "maintain",
            "voice",
            "state",
            "note",
            "point",
            "signal",
            "have",
            "demonstrate",
            "express",
            "renew",
            "announce",
        }
    return True


def _goes_on_with_purpose(last: Cue, found: _Found, text: str, language: Language) -> bool:
    """ "reaffirm X to prevent A and support B": a bare verb after an infinitive goes on with that."""
    if found.form not in {BASE, THIRD} or last.form == PAST:
        return False
    if found.form == THIRD:
        return last.form == BASE
    doing = language.words["verbs"]["do"]
    own = re.match(r"\s*(?:\w+ly\s+|further\s+)?to\s", text[last.end :])
    between = text[last.end + (own.end() if own else 0) : found.start]
    return found.word in doing.split("|") and bool(re.search(rf"\bto\s+(?:\w+ly\s+)?(?:{doing})\b", between))


def _trailing_participle(
    found: _Found, last: Cue | None, left: str, parties: Parties, language: Language
) -> Cue | None:
    """ ", stressing the need for …" goes on with the subject; an opening participle is only the setting."""
    if not re.search(r"(?:,|,\s+(?:and|while))$", left):
        return None
    if found.word not in language.set_of("clauses", "spoken_in_passing"):
        return None
    subject = last.subject if last else _subject_of_other_verb(left, parties, language)
    if subject is None:
        return None
    return Cue(found.start, found.end, found.group, GERUND, found.word, subject, found.start)


def _subject_of_other_verb(left: str, parties: Parties, language: Language) -> Subject | None:
    """ "The leaders met in Ankara, pledging to …": whose verb it is that is no cue."""
    begin = _after_opening(left)
    verb = _OTHER_VERB.search(left, begin)
    subject = subject_of(left[begin : verb.start()], parties, language) if verb else None
    return subject if subject and subject.kind in {"collective", "single"} else None


def _without_subject(found: _Found, inherited: Subject | None) -> Cue | None:
    """ "REQUESTS the Commission …", "Agreed to …": the subject is the body that speaks."""
    if found.group in {"modal", "soft", "told", "narrate", "continue"}:
        return None
    if found.form == BASE and found.group not in {
        "stress",
        "call",
        "welcome",
        "support",
        "praise",
        "encourage",
        "direct",
        "agree",
    }:
        return None
    if found.form == GERUND:
        return None
    return Cue(
        found.start,
        found.end,
        found.group,
        found.form,
        found.word,
        inherited or Subject("collective", "both"),
        found.start,
    )


def _without_adverbs(left: str, language: Language) -> str:
    adverbs = _adverbs(language)
    while True:
        shorter = adverbs.sub("", left)
        if shorter == left:
            return left.rstrip()
        left = shorter


@cache
def _adverbs(language: Language) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in language.words["clauses"]["adverbs"].split())
    phrases = language.words["clauses"]["adverb_phrases"]
    return re.compile(rf"(?:(?<=\s)|(?<=^))(?:(?i:{words})|(?i:{phrases}),?|[a-z]+ly)\s*$")


def _with_end(text: str, cue: Cue, after: Cue | None) -> Cue:
    end = len(text)
    if after:
        end = after.subject_start
        before = text[cue.end : end]
        end = cue.end + len(
            re.sub(
                r"(?:[\s,;]|\b(?:and|but|while|as well as|or|"
                + "also|further|have|had|has|are|were|was|is|jointly|furthermore"
                + r")\b)*$",
                "",
                before,
                flags=re.I,
            )
        )
    return Cue(cue.start, cue.end, cue.group, cue.form, cue.word, cue.subject, cue.subject_start, end)


_HAS_SOMETHING = re.compile(
    r"\s+(?:the|an?|no|every|full|strong|firm)\s+(?:\w+\s+){0,2}(?:intention|will|commitment|ambition|desire)\b"
)


def _all_cues(text: str, language: Language) -> list[_Found]:
    pattern, table = _cue_pattern(language)
    found = []
    for match in pattern.finditer(text):
        kind = match.lastgroup or ""
        if kind == "verb":
            group, form, word = table[fold(match.group())]
            if word == "have" and not _HAS_SOMETHING.match(text, match.end()):
                continue
            found.append(_Found(match.start(), match.end(), group, form, word))
        else:
            words = match.group().casefold().split()
            form = PAST if words[0] == "took" else GERUND if words[0] == "taking" else BASE
            found.append(_Found(match.start(), match.end(), kind, form, words[-1]))
    return found


@cache
def _cue_pattern(language: Language) -> tuple[re.Pattern[str], dict[str, tuple[str, int, str]]]:
    table: dict[str, tuple[str, int, str]] = {}
    for group, verbs in language.words["verbs"].items():
        if group == "do":
            continue
        for verb in verbs.split("|"):
            forms = verb.split()
            for form, word in enumerate(forms):
                table.setdefault(word, (group, PAST if form == 4 else form, forms[0]))
    clauses = language.words["clauses"]
    ready = "|".join(clauses["ready_words"].split())
    told = "|".join(
        forms.split()[2] for group in ("direct", "encourage") for forms in language.words["verbs"][group].split("|")
    )
    be = r"(?:am|are|is|were|was|be|been|remains?|remained|stands?|stood)"
    adverb = (
        r"(?:(?:also|fully|firmly|deeply|strongly|further|jointly|both|all|resolutely|hereby|always|"
        r"equally|steadfastly|united|and)\s+|[a-z]+ly\s+){0,3}"
    )
    alternatives = (
        rf"(?P<told>(?:{be}|have been|has been)\s+{adverb}(?:{told}|called upon)(?=\s+(?:to|with)\b))",
        rf"(?P<ready>{be}\s+{adverb}(?:{ready})(?=\s+(?:to|in|on|towards?|that)\b))",
        r"(?P<act>(?<=[Ww]e )(?:step up|scale up|intensify|redouble|join forces|mobili[sz]e|accelerate|strengthen))",
        r"(?P<noted>(?:take|takes|took|taking)\s+(?:\w+\s+)?note)",
        r"(?P<continue>continues?\s+to|(?:am|are|is)\s+(?:also\s+|jointly\s+|actively\s+)?working\s+"
        r"(?:together\s+)?(?:to|towards?))(?=\s)",
        r"(?P<favour>stands?\s+for|(?:are|is|were)\s+in\s+favou?r\s+of)",
        r"(?P<perform>(?:am|are|is|were|was)\s+(?:also\s+)?(?:(?:proud|pleased|delighted|honou?red|"
        r"happy)\s+to\s+(?:announce|launch|establish)|announcing|launching|establishing|committing)"
        r"(?!\s+that\b))",
        rf"(?P<modal>\b(?:{clauses['modals']})\b(?!['’])|\b(?:is|are)\s+to(?=\s+be\s+(?!seen|commended|"
        rf"welcomed)\w+(?:ed|en|ld)\b))",
        rf"(?P<soft>\b(?:{clauses['soft_modals']})\b)",
        rf"(?P<verb>{'|'.join(sorted((re.escape(word) for word in table), key=len, reverse=True))})",
    )
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.I), table
