"""Where one clause holds several undertakings: "to A and to B", "strengthening A and developing B"."""

import re
from functools import cache
from itertools import pairwise

from commitments.domain.language import Language

Span = tuple[int, int]
_PURPOSE = re.compile(
    r"\b(?:by|through|view to|view of|at|including|for|aim of|means of|while|way of|purpose of|hope of|such as|"
    r"as|from|of|without|before|after|than|on)\s+(?:\w+ly\s+)?$",
    re.I,
)


def split_undertakings(text: str, start: int, end: int, language: Language, *, nominal: bool = False) -> list[Span]:
    """The span cut into the undertakings that it coordinates; itself alone when it holds one.

    `nominal` says that a noun is what is undertaken, so that a bare verb after "and" only goes on with its purpose.
    """
    cuts = sorted(
        {
            *_second_objects(text, start, end),
            *_infinitives(text, start, end, language),
            *([] if nominal else _bare_verbs(text, start, end, language)),
            *_gerunds(text, start, end, language),
            *_doings(text, start, end, language),
        }
    )
    including = re.search(r",\s+including\s+(?:through\s+)?", text[start : cuts[0]]) if len(cuts) >= 2 else None
    if including:
        return _parts(text, start + including.end(), end, cuts)
    return _parts(text, start, end, cuts)


def split_lists(text: str, start: int, end: int, language: Language) -> list[Span]:
    """A long list cut where a subject with an authority of its own stands in it (nuclear energy, space, …)."""
    items = _list_items(text, start, end, language)
    if len(items) < 6:
        return [(start, end)]
    own = [re.compile(pattern, re.I) for pattern in language.words["clauses"]["own_authority"]]
    themes = [next((at for at, pattern in enumerate(own) if pattern.search(text[a:b])), -1) for a, b in items]
    if {theme for theme in themes if theme >= 0} == {_RENEWABLES}:
        return [(start, end)]
    last_own = max((at for at, theme in enumerate(themes) if theme >= 0), default=0)
    cuts = [items[at][0] for at in range(1, last_own + 1) if themes[at] != themes[at - 1]]
    return _parts(text, start, end, cuts) if cuts else [(start, end)]


_RENEWABLES = 5


def finer_splits(text: str, start: int, end: int, language: Language) -> tuple[Span, ...]:
    """The members of a list under one verb, offered to a reviewer who wants them apart."""
    items = _list_items(text, start, end, language)
    return tuple(items) if len(items) >= 2 else ()


def _list_items(text: str, start: int, end: int, language: Language) -> list[Span]:
    """The nouns that a clause lists: parted by commas, the last one after "and"."""
    clause = _without_brackets(text[start:end])
    heads = language.words["clauses"]["list_heads"]
    best: list[Span] = []
    for match in re.finditer(rf"\b(?:{heads})\s+", clause):
        stop = re.search(
            r";|:|,\s+(?:with|while|in order|through|including|particularly|in line|to)\b|$", clause[match.end() :]
        )
        until = match.end() + (stop.start() if stop else 0)
        items = _comma_items(clause, match.end(), until)
        if len(items) > len(best):
            best = items
    return [(start + a, start + b) for a, b in best]


def _comma_items(clause: str, begin: int, until: int) -> list[Span]:
    items: list[Span] = []
    position = begin
    for match in re.finditer(r",\s+(?:and\s+|as well as\s+)?|\s+and\s+(?=[^,]*$)", clause[begin:until]):
        items.append((position, begin + match.start()))
        position = begin + match.end()
    items.append((position, until))
    short = [(a, b) for a, b in items if b - a > 0 and len(clause[a:b].split()) <= 14]
    return short if len(short) == len(items) and len(items) >= 2 else []


def _without_brackets(text: str) -> str:
    return re.sub(r"\([^)]*\)", lambda match: "x" * len(match.group()), text)


def _infinitives(text: str, start: int, end: int, language: Language) -> list[int]:
    verbs, unsure = _verbs(language)
    clause = _without_brackets(text[start:end])
    cuts = []
    for match in re.finditer(
        rf"(?:,|;|\band|\bas well as|\bbut also)\s+(?:also\s+|further\s+|jointly\s+)?to\s+(?:\w+ly\s+|"
        rf"further\s+|jointly\s+)?(?P<verb>{verbs}|{unsure})\b",
        clause,
        re.I,
    ):
        at = match.start() + match.group().rindex(" to ") + 1
        before = clause[: match.start()].rstrip(",")
        if match.group().startswith(",") and not re.search(
            r"\b(?:and|as well as)\s+to\s", match.group() + clause[match.end() :]
        ):
            continue
        if _words(before) >= 3 and not _PURPOSE_NOUN.search(before) and not _IN_RELATIVE.search(before):
            cuts.append(start + at)
    for match in re.finditer(r"\bto follow[- ]up\b", clause):
        if re.search(r"\b(?:convene|hold|meet)\b", clause[: match.start()]) and _words(clause[: match.start()]) >= 5:
            cuts.append(start + match.start())
    return cuts


def _bare_verbs(text: str, start: int, end: int, language: Language) -> list[int]:
    """Cuts before the second and later verbs that one "to" or "will" governs."""
    verbs, unsure = _verbs(language)
    clause = _without_brackets(text[start:end])
    if not re.match(r".{0,160}?\b(?:to|will|shall|would)\s", clause):
        return []
    cuts: list[int] = []
    for match in re.finditer(
        rf"(?:,\s+and|,|\band)\s+(?:also\s+|further\s+|\w+ly\s+)?(?P<verb>work(?=\s+(?:to|towards?|"
        rf"together|closely)\s)|(?:{verbs}|{unsure}(?=\s+(?:the|a|an|their|its|our|all|each|this|these|new|joint|"
        rf"further|closer|more)\b))(?=\s+(?!of\b|in\b|for\b|between\b|to\b|with\b|on\b|and\b|or\b|at\b|by\b|"
        rf"from\b|them\b|it\b|programme|program|visits?\b|mechanism|systems?\b|services?\b|rates?\b)))\s",
        clause,
    ):
        before = clause[cuts[-1] - start if cuts else 0 : match.start()]
        if (
            _words(_from_verb(before, f"{verbs}|{unsure}")) >= 4
            and _words(clause[match.start("verb") :]) >= 4
            and not _open_purpose(before, f"{verbs}|{unsure}")
        ):
            cuts.append(start + match.start("verb"))
    return cuts


_IN_RELATIVE = re.compile(r"\b(?:that|which|who)\s+(?:is|are|was|were|has|have|can|may|[a-z]+s)\b[^,;]*$")
_PURPOSE_NOUN = re.compile(
    r"\b(?:in order|so as|capacity|ability|effectiveness|opportunit(?:y|ies)|efforts|steps|measures|ways|"
    r"potential|tools|means)"
    r"(?:\s+to\s+[^,;]*)?$"
)


def _from_verb(before: str, verbs: str) -> str:
    """The words from the first verb on, without what only introduces it ("readiness to", "will")."""
    if re.match(rf"(?:\w+ly\s+|further\s+|jointly\s+)?(?:{verbs})\b", before):
        return before
    return re.sub(
        r"^.{0,120}?\b(?:to|will|shall|would|should)\s+(?:\w+ly\s+|further\s+|jointly\s+)?", "", before, count=1
    )


def _open_purpose(before: str, verbs: str) -> bool:
    """Whether the words before a second verb are themselves a purpose ("… in order to A" and B)."""
    main = _from_verb(before, verbs)
    nested = re.search(rf"\bto\s+(?:\w+ly\s+|further\s+|jointly\s+)?(?:{verbs})\b", main)
    return bool(nested or _OPEN_PURPOSE.search(main))


_OPEN_PURPOSE = re.compile(
    r"\b(?:in order to|so as to|with a view to|aimed? (?:to|at)|designed to|in a manner to|will|would|can|could|"
    r"which|that|who|how to)\b[^,]*$"
)


def _gerunds(text: str, start: int, end: int, language: Language) -> list[int]:
    """Cuts before the second and later gerunds of a row; gerunds of means and purpose are no row."""
    clause = _without_brackets(text[start:end])
    nouns = language.set_of("clauses", "noun_gerunds")
    found = [
        match
        for match in re.finditer(r"\b[a-z-]+ing\b(?!\s+(?:countr|nations|econom|world|members|states|power))", clause)
        if match.group() not in nouns and len(match.group()) > 5
    ]
    cuts: list[tuple[int, bool]] = []
    row_open = False
    last = 0
    for match in found:
        before = clause[: match.start()]
        joined = re.search(r"(?:,|;|,?\s+and|,?\s+as well as|\bor)\s+(?:also\s+|further\s+|\w+ly\s+)?$", before)
        if not joined:
            if before.strip() and not _is_gerund(match.group(), language):
                continue
            row_open = (_governs_row(before) or not _PURPOSE.search(before)) and not _NESTED.search(before)
            last = match.start()
            continue
        bare = not re.match(r"\s*(?:and|or|,)", clause[match.end() :])
        if row_open and bare and _words(clause[last : joined.start()]) >= 2:
            begins = match.start() if re.search(r"(?:\w+ly|further|also)\s+$", joined.group()) else joined.end()
            cuts.append((start + begins, joined.group().strip() == ","))
            last = match.start()
    while cuts and cuts[-1][1]:
        cuts.pop()
    return [cut for cut, _ in cuts]


_NESTED = re.compile(r"\w+\s.*\bto\s+(?!\w+ing\b)[a-z]+\s.*\bof\s+$")


def _governs_row(before: str) -> bool:
    """Prepositions that carry an undertaking: the importance of …, commitment to …, cooperation in …, need for …"""
    return bool(
        re.search(
            r"(?:importance|significance|value|need|necessity|urgency|agreed|commitment|committed|priority|"
            r"on the way|focus(?:ed)?|work)\s+(?:of|on|for|to)\s+(?:\w+ly\s+)?$|\bcooperation (?:in|"
            r"on)\s+$|\baimed at\s+$",
            before,
        )
    )


def _is_gerund(word: str, language: Language) -> bool:
    return base_form(word, language) is not None


def base_form(gerund: str, language: Language) -> str | None:
    """The base of a gerund of doing (strengthening: strengthen), or None for other words in -ing."""
    irregular, bases = _gerund_table(language)
    if gerund in irregular:
        return irregular[gerund]
    stem = gerund[:-3]
    for candidate in (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem):
        if candidate in bases:
            return candidate
    return None


@cache
def _gerund_table(language: Language) -> tuple[dict[str, str], frozenset[str]]:
    irregular = dict(pair.split("=") for pair in language.words["gerunds"]["irregular"].split())
    bases = frozenset(language.words["verbs"]["do"].split("|")) | language.set_of("gerunds", "more_bases")
    return irregular, bases


def _second_objects(text: str, start: int, end: int) -> list[int]:
    """ "commitment to maintaining A and to the settlement of B": a cut before the second object."""
    clause = text[start:end]
    first = re.match(r".{0,60}?\bto\s+(?:the|\w+ing)\b", clause)
    if not first:
        return []
    return [
        start + match.start("to")
        for match in re.finditer(
            r"(?:,\s+|,?\s+and\s+|,?\s+as well as\s+)(?P<to>to\s+(?:the\s+[a-z]\w*|\w+ing)\b)", clause
        )
        if _words(clause[: match.start()]) >= 4 and _words(clause[match.start("to") :]) >= 4
    ]


def _doings(text: str, start: int, end: int, language: Language) -> list[int]:
    """Cuts before a noun of doing that follows another object, and before a second event "to be held"."""
    doing = language.words["clauses"]["doing_nouns"]
    clause = text[start:end]
    events = [
        start + match.start("event")
        for match in re.finditer(
            rf"(?:,\s+and|\band|,?\s+as well as)\s+(?P<event>(?:an?|the)\s[^,]*,?\s+{_TO_BE_HELD})", clause
        )
        if re.search(_TO_BE_HELD, clause[: match.start()])
    ]
    return events + [
        start + match.start("noun")
        for match in re.finditer(rf"(?:,\s+and|\band|,|\bas well as)\s+(?P<noun>{doing}\b)", clause)
        if _words(clause[: match.start()]) >= 4
        and not re.search(r"\b(?:through|by|via)\b[^,]*$|\b(?:including|such as)\b", clause[: match.start()])
    ]


_TO_BE_HELD = r"to be (?:held|convened|hosted|organi[sz]ed)"


@cache
def _verbs(language: Language) -> tuple[str, str]:
    """Verbs that can only be verbs, and those that are nouns as well, each as alternatives."""
    nouns = language.set_of("clauses", "also_nouns")
    sure = [verb for verb in language.words["verbs"]["do"].split("|") if verb not in nouns]
    return "|".join(sorted(sure, key=len, reverse=True)), f"(?:{'|'.join(sorted(nouns))})"


def _parts(text: str, start: int, end: int, cuts: list[int]) -> list[Span]:
    edges = [start, *sorted(cut for cut in set(cuts) if start < cut < end), end]
    parts = []
    for begin, until in pairwise(edges):
        stripped = re.sub(r"(?:[\s,;]|\b(?:and|as well as|but also|or)\b)*$", "", text[begin:until])
        if stripped:
            parts.append((begin, begin + len(stripped)))
    return parts


def _words(text: str) -> int:
    return len(re.findall(r"[\w’'-]+", text))
