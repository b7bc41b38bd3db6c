"""The commitments that a paragraph words, clause by clause, and why each other sentence has none."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from commitments.domain.codes import Strength
from commitments.domain.coordination import base_form, finer_splits, split_lists, split_undertakings
from commitments.domain.cues import BASE, Cue, governing_cues
from commitments.domain.dates import find_deadline
from commitments.domain.frames import outcome_of
from commitments.domain.language import Language
from commitments.domain.outcomes import Reason, Undertaking, is_doing
from commitments.domain.parties import BOTH, Parties, Subject
from commitments.domain.readings import Deadline, PassedOver, Proposal
from commitments.domain.sentences import Segment, segments
from commitments.domain.targets import find_target
from commitments.domain.wording import kind_of, title_of

LONG, SHORT = 45, 3
# A longer "sentence" is a list that lost its stops, or no prose at all; it is shown, not taken apart.
MAX_SENTENCE = 4_000


_COLLECTIVE = Subject("collective", BOTH)


@dataclass(frozen=True)
class _Draft:
    """A proposal in the making, in the paragraph's own offsets."""

    start: int
    end: int
    core: int
    strength: Strength
    key: str
    cue: Cue
    sentence: str
    offset: int


def find_commitments(
    text: str, parties: Parties, anchor: date | None, language: Language, lead: str = ""
) -> tuple[tuple[Proposal, ...], tuple[PassedOver, ...]]:
    """The proposals of a paragraph in order, and the sentences passed over with their reasons.

    `lead` is an earlier paragraph that ends with a colon ("… have agreed to:"), under which this one stands.
    """
    proposals: list[Proposal] = []
    passed: list[PassedOver] = []
    parts = _with_lists_of_nouns(text, segments(text, language), parties, language)
    for at, segment in enumerate(parts):
        if segment.end - segment.start > MAX_SENTENCE:
            passed.append(PassedOver(segment.start, segment.end, "too_long"))
            continue
        leads_list = at + 1 < len(parts) and parts[at + 1].lead == (segment.start, segment.end)
        drafts, reasons = _in_segment(text, segment, parties, language)
        if lead and at == 0 and not drafts:
            drafts, reasons = _under_lead(text, segment, lead, parties, language, reasons)
        if leads_list:
            passed.append(PassedOver(segment.start, segment.end, "lead_in"))
            continue
        found = [_proposal(text, draft, parties, anchor, language) for draft in drafts]
        least = language.words["confidence"]["least"]
        reasons += ["unsure" for proposal in found if proposal.confidence < least]
        found = [proposal for proposal in found if proposal.confidence >= least]
        found = _with_antecedent(text, parts[at - 1] if at else None, segment, found, parties, language)
        found = _with_shared_deadline(found)
        proposals.extend(found)
        if not found:
            passed.append(
                PassedOver(segment.start, segment.end, reasons[0] if reasons else _plain_reason(text, segment))
            )
    return tuple(proposals), tuple(passed)


def _with_lists_of_nouns(text: str, parts: list[Segment], parties: Parties, language: Language) -> list[Segment]:
    """A lead that undertakes something and items that are nouns alone are one sentence: nouns under one verb."""
    items: dict[tuple[int, int], list[Segment]] = defaultdict(list)
    for part in parts:
        if part.lead is not None:
            items[part.lead].append(part)
    whole = {
        lead: listed[-1].end for lead, listed in items.items() if _is_noun_list(text, lead, listed, parties, language)
    }
    return [
        Segment(part.start, whole[part.start, part.end]) if (part.start, part.end) in whole else part
        for part in parts
        if part.lead not in whole
    ]


def _is_noun_list(
    text: str, lead: tuple[int, int], items: Sequence[Segment], parties: Parties, language: Language
) -> bool:
    """Whether the list that a lead opens has two items or more, all of them short names of subjects."""
    if len(items) < 2 or items[-1].end - lead[0] > MAX_SENTENCE:
        return False
    if not governing_cues(text[lead[0] : lead[1]], parties, language):
        return False
    return not any(_names_work(text[item.start : item.end], parties, language) for item in items)


def _names_work(item: str, parties: Parties, language: Language) -> bool:
    """Whether an item of a list says what is to be done, or is long enough to."""
    first = item.split(" ", 1)[0].casefold().strip(",;")
    doing = language.words["verbs"]["do"].split("|")
    if first in doing or first == "to" or base_form(first, language) is not None or len(item.split()) > 12:
        return True
    return bool(governing_cues(item, parties, language)) or is_doing(item, language)


def _plain_reason(text: str, segment: Segment) -> str:
    words = text[segment.start : segment.end]
    if words.endswith((",", ";")) or re.match(r"[A-Z][a-z]+ing\b", words):
        return "recital"
    return "narration"


def _in_segment(text: str, segment: Segment, parties: Parties, language: Language) -> tuple[list[_Draft], list[str]]:
    sentence = text[segment.start : segment.end]
    lead_cue, lead = _lead_cue(text, segment, parties, language)
    if lead_cue is not None:
        return _item_drafts(text, segment, lead_cue, lead, parties, language)
    cues = governing_cues(sentence, parties, language)
    drafts: list[_Draft] = []
    reasons: list[str] = []
    for cue in cues:
        for outcome in outcome_of(sentence, cue, parties, language):
            if isinstance(outcome, Reason):
                reasons.append(outcome.code)
            else:
                drafts.extend(_drafts(sentence, segment.start, cue, outcome, language))
    if _is_imperative(sentence, cues, segment, language):
        return _imperative(sentence, segment.start, language), []
    if not cues and re.match(r"To\s", sentence) and not _OPENING_PURPOSE.match(sentence):
        drafts.extend(_imperative(sentence, segment.start, language))
    if not drafts:
        drafts.extend(_passive_weight(sentence, segment.start, language))
        drafts.extend(_platform(sentence, segment.start, language))
    return _without_overlaps(drafts), reasons


_OPENING_PURPOSE = re.compile(r"To\s[^,]{3,120},\s+(?:the|both|they|we|it|he|she|[A-Z])\b")


def _lead_cue(text: str, segment: Segment, parties: Parties, language: Language) -> tuple[Cue | None, str]:
    """The last undertaking verb of the words that introduce a list, if they end with it."""
    if segment.lead is None:
        return None, ""
    lead = text[segment.lead[0] : segment.lead[1]]
    cues = governing_cues(lead, parties, language)
    return (cues[-1], lead) if cues else (None, lead)


def _item_drafts(
    text: str, segment: Segment, cue: Cue, lead: str, parties: Parties, language: Language
) -> tuple[list[_Draft], list[str]]:
    """An item under "agreed to:", judged as if it followed its lead; one with a verb of its own stands alone."""
    item = text[segment.start : segment.end]
    own = governing_cues(item, parties, language)
    if own and own[0].subject_start < own[0].start:
        return _in_segment(text, replace(segment, lead=None), parties, language)
    bare_lead = re.sub(
        r"[\s,]*(?:the following(?: \w+){0,3}|as follows|inter alia|among others|in the following (?:areas|"
        r"fields))?\s*:?\s*$",
        "",
        lead[cue.end :],
    )
    joined = lead[: cue.end] + bare_lead + " " + item
    shift = segment.start - len(lead[: cue.end] + bare_lead) - 1
    probe = replace(cue, clause_end=len(joined))
    drafts: list[_Draft] = []
    reasons: list[str] = []
    for outcome in outcome_of(joined, probe, parties, language):
        if isinstance(outcome, Reason):
            reasons.append(outcome.code)
            continue
        begin = max(outcome.start, segment.start - shift)
        whole = Undertaking(begin, outcome.end, max(outcome.core, begin), outcome.strength, outcome.key)
        drafts.extend(_drafts(joined, shift, probe, whole, language))
    if reasons and not drafts and cue.group == "agree":
        return _drafts(
            joined,
            shift,
            probe,
            Undertaking(segment.start - shift, len(joined), segment.start - shift, Strength.AGREED, "item"),
            language,
        ), []
    return _without_overlaps(drafts), reasons


def _under_lead(
    text: str, segment: Segment, lead: str, parties: Parties, language: Language, reasons: list[str]
) -> tuple[list[_Draft], list[str]]:
    """A paragraph that is itself an item of the list that an earlier paragraph opened."""
    last = segments(lead, language)[-1]
    cues = governing_cues(lead[last.start : last.end], parties, language)
    if not cues or governing_cues(text[segment.start : segment.end], parties, language):
        return [], reasons
    return _item_drafts(text, segment, cues[-1], lead[last.start : last.end], parties, language)


def _is_imperative(sentence: str, cues: Sequence[Cue], segment: Segment, language: Language) -> bool:
    """Whether an item opens with a verb of doing that is nobody's yet: "Maintain regular exchanges …"."""
    if not segment.is_item:
        return False
    doing = language.words["verbs"]["do"].split("|")
    return not cues or (
        cues[0].start == 0 and cues[0].form == BASE and cues[0].word in doing and cues[0].group != "agree"
    )


def _imperative(sentence: str, offset: int, language: Language) -> list[_Draft]:
    """An item that opens with a verb of doing, as plans of action have them: "Establish a working group …"."""
    verbs = language.words["verbs"]["do"]
    match = re.match(rf"(?:to\s+)?(?:\w+ly\s+|further\s+)?(?:{verbs})\s+(?!of\b|and\b|in\b)", sentence, re.I)
    if not match or len(sentence.split()) < 4:
        return []
    cue = _plain_cue(0, match.end(), sentence)
    return _drafts(sentence, offset, cue, Undertaking(0, len(sentence), 0, Strength.AGREED, "item"), language)


def _passive_weight(sentence: str, offset: int, language: Language) -> list[_Draft]:
    """ "The need to fight piracy was highlighted": what is stressed is the subject."""
    past = "|".join(forms.split()[2] for forms in language.words["verbs"]["stress"].split("|"))
    weight = "|".join(language.words["clauses"]["weight_nouns"].split())
    match = re.match(
        rf"(?:.{{0,80}},\s+)?the\s+(?:\w+\s+){{0,2}}(?:{weight})\s+(?:of|to|for)\s+(?P<core>.+?)\s+"
        rf"(?:was|were|is|has been)\s+(?:\w+\s+)?(?:{past})\b",
        sentence,
        re.I,
    )
    if not match:
        return []
    start, end = match.span("core")
    cue = _plain_cue(match.start(), match.end(), sentence)
    return _drafts(sentence, offset, cue, Undertaking(start, end, start, Strength.REAFFIRMED, "importance"), language)


def _platform(sentence: str, offset: int, language: Language) -> list[_Draft]:
    """A standing body or roadmap said to serve a purpose: "providing a platform to evaluate …"."""
    pattern = re.compile(
        rf"(?:providing|provides?|provided|offers?|offering|laid the foundation (?:for|of)|lays the foundation "
        rf"(?:for|of))\s+{language.words['clauses']['platform']}",
        re.I,
    )
    match = pattern.search(sentence)
    if not match:
        return []
    cue = _plain_cue(match.start(), match.end(), sentence)
    return [
        _Draft(
            offset + match.start(),
            offset + len(sentence.rstrip(" .")),
            offset + match.end(),
            Strength.NOTED,
            "platform",
            cue,
            sentence,
            offset,
        )
    ]


def _plain_cue(start: int, end: int, sentence: str) -> Cue:
    return Cue(start, end, "item", 0, sentence[start:end].strip().casefold(), _COLLECTIVE, start, len(sentence))


def _drafts(sentence: str, offset: int, cue: Cue, undertaking: Undertaking, language: Language) -> list[_Draft]:
    """The undertaking trimmed and cut into those it coordinates."""
    end = _trimmed_end(sentence, undertaking, language)
    drafts = []
    lead = sentence[undertaking.start : end]
    undertaking = replace(undertaking, start=undertaking.start + len(lead) - len(lead.lstrip()))
    nominal = _is_nominal(sentence, undertaking, language)
    for start, until in split_undertakings(sentence, undertaking.start, end, language, nominal=nominal):
        if len(re.findall(r"[\w’'-]+", sentence[start:until])) < 2:
            continue
        for begin, stop in split_lists(sentence, start, until, language):
            core = max(undertaking.core, begin) if begin == undertaking.start else begin
            drafts.append(
                _Draft(
                    offset + begin,
                    offset + stop,
                    offset + core,
                    undertaking.strength,
                    undertaking.key,
                    cue,
                    sentence,
                    offset,
                )
            )
    return drafts


_OF_NOUNS = frozenset(
    {"importance", "importance noted", "agree importance", "agree on", "call for", "express support", "support"}
    | {"express commitment", "reaffirm position", "stress doing", "look forward", "welcome", "pledge", "endorse"}
)


def _is_nominal(sentence: str, undertaking: Undertaking, language: Language) -> bool:
    """Whether a noun is what is undertaken ("the importance of protections to prevent A and promote B")."""
    if undertaking.key not in _OF_NOUNS:
        return False
    verbs = language.words["verbs"]["do"]
    opening = sentence[undertaking.core : undertaking.end]
    return not re.match(rf"\s*(?:to\s+)?(?:\w+ly\s+|further\s+|jointly\s+)?(?:{verbs})\s", opening, re.I)


def _trimmed_end(sentence: str, undertaking: Undertaking, language: Language) -> int:
    """The end without the remarks that trail behind ("…, noting that …") and without the stop."""
    clauses = language.words["clauses"]
    trailing = re.compile(rf",?\s+(?:and\s+)?(?:{clauses['trailing_opinions']})\b", re.I)
    end = undertaking.end
    if aside := re.search(r"\s+(?:to make (?:it|them)|so that)\b", sentence[undertaking.core : end]):
        end = undertaking.core + aside.start()
    for match in trailing.finditer(sentence, undertaking.core, end):
        firm = match.group().startswith(",") or match.group().strip().casefold() in _TRAILS_BARE
        if firm and len(sentence[undertaking.core : match.start()].split()) >= 3:
            end = match.start()
            break
    end = _before_participle(sentence, undertaking.core, end, language)
    return undertaking.start + len(
        re.sub(r"[\s.,;:]*(?:\b(?:and|or))?[\s.,;:]*$", "", sentence[undertaking.start : end])
    )


_TRAILS_BARE = frozenset({"recognizing", "recognising", "noting", "thereby", "because"})


def _before_participle(sentence: str, core: int, end: int, language: Language) -> int:
    """The end without a trailing ", drawing on …".

    A gerund of a row ("strengthening A, removing B") stays, and so does an aim in figures ("aiming to double trade").
    """
    if base_form(sentence[core:end].split(" ", 1)[0].casefold(), language):
        return end
    nouns = language.set_of("clauses", "noun_gerunds")
    aims = language.set_of("clauses", "aim_gerunds")
    for match in re.finditer(r",\s+(?P<word>[a-z]+ing)\s", sentence[core:end]):
        kept = (
            match["word"] in {"including", "following", "regarding", "concerning", "during", "pending"}
            or match["word"] in nouns
            or (match["word"] in aims and find_target(sentence[core + match.start() : end], language) is not None)
        )
        before = sentence[core : core + match.start()]
        row = [word for word in re.findall(r"\b[a-z]+ing\b", before) if base_form(word, language)]
        if not kept and not row and len(before.split()) >= 4:
            return core + match.start()
    return end


def _without_overlaps(drafts: Sequence[_Draft]) -> list[_Draft]:
    kept: list[_Draft] = []
    for draft in sorted(drafts, key=lambda draft: (draft.start, -draft.end)):
        if kept and draft.start < kept[-1].end:
            continue
        kept.append(draft)
    return kept


def _proposal(text: str, draft: _Draft, parties: Parties, anchor: date | None, language: Language) -> Proposal:
    quote = text[draft.start : draft.end]
    core = text[draft.core : draft.end] or quote
    target = find_target(quote, language, draft.sentence)
    dated = draft.strength is not Strength.REAFFIRMED or _is_dated(quote, language)
    deadline = find_deadline(quote, anchor, language, dated=dated) or _opening_deadline(draft, anchor, language)
    kind = kind_of(quote, core, draft.strength, target, language)
    confidence = _confidence(quote, draft.key, language) if draft.key != "welcome decision" or deadline else 0.0
    side = _side_of(draft, parties)
    return Proposal(
        draft.start,
        draft.end,
        quote,
        title_of(core, language),
        kind,
        draft.strength,
        side,
        deadline,
        target,
        confidence,
        (draft.cue.word, draft.key),
        tuple((draft.start + a, draft.start + b) for a, b in finer_splits(quote, 0, len(quote), language)),
    )


def _side_of(draft: _Draft, parties: Parties) -> str:
    """The speaker's side; of a speaker whose side is not said, that of the owner named ("the UK's commitment")."""
    subject = draft.cue.subject
    if subject.kind not in {"single", "third"}:
        return BOTH
    if subject.side != BOTH:
        return subject.side
    return parties.side_of(draft.sentence[draft.cue.end : max(draft.core - draft.offset, draft.cue.end)])


_DATED_OPENING = re.compile(
    r"(?:by|in|within|before|during|on|no later|not later|this year|next year|later this)\b[^,]{3,60},", re.I
)


def _opening_deadline(draft: _Draft, anchor: date | None, language: Language) -> Deadline | None:
    """The date that opens the sentence ("By the end of 2027, the sides will …"), for its first clause."""
    opening = _DATED_OPENING.match(draft.sentence)
    if not opening or draft.cue.subject_start > opening.end() + 2 or draft.strength is Strength.REAFFIRMED:
        return None
    return find_deadline(opening.group(), anchor, language, dated=True)


def _is_dated(quote: str, language: Language) -> bool:
    """Whether a clause has a verb that happens on a day: hold, launch, sign, reach …"""
    return bool(re.search(rf"\b(?:{language.words['dates']['dated_verbs']})\b", quote, re.I))


def _confidence(quote: str, key: str, language: Language) -> float:
    """The pattern's share of right proposals, less where a span is very long or only a word or two."""
    share: float = language.words["confidence"][key]
    words = len(quote.split())
    return round(share * (0.9 if words > LONG or words < SHORT else 1), 2)


def _with_antecedent(
    text: str,
    before: Segment | None,
    segment: Segment,
    proposals: list[Proposal],
    parties: Parties,
    language: Language,
) -> list[Proposal]:
    """ "He also reiterated …": who speaks is who spoke in the sentence before."""
    pronoun = re.match(rf"(?:{language.words['parties']['pronouns']})\b", text[segment.start : segment.end])
    if not pronoun or before is None:
        return proposals
    spoken = [cue.subject for cue in governing_cues(text[before.start : before.end], parties, language)]
    if not spoken or spoken[0].kind != "single":
        return proposals
    return [replace(each, side=spoken[0].side) if each.side == BOTH else each for each in proposals]


def _with_shared_deadline(proposals: list[Proposal]) -> list[Proposal]:
    """ "… to convene X by the end of 2026 to follow up on Y": what follows up shares the date."""
    shared: list[Proposal] = []
    last: Deadline | None = None
    for proposal in proposals:
        follows = proposal.deadline is None and re.match(r"to follow[- ]up\b", proposal.quote)
        shared.append(replace(proposal, deadline=last) if follows else proposal)
        last = shared[-1].deadline
    return shared
