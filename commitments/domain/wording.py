"""The suggested title and the kind of a commitment, from its words."""

import re
from functools import cache

from commitments.domain.codes import Kind, Strength
from commitments.domain.coordination import base_form
from commitments.domain.language import Language
from commitments.domain.readings import Target

TITLE_LENGTH = 110


def title_of(core: str, language: Language) -> str:
    """A short title in the imperative: "strengthening trade" becomes "Strengthen trade"."""
    words = re.sub(r"\s+", " ", _BULLET.sub(_joint, core)).strip(" ,;:.")
    words = re.sub(
        r"^(?:the importance of|the need (?:to|for)|that|to|upon|on|for|themselves to|their|its|our)\s+",
        "",
        words,
        flags=re.I,
    )
    words = re.sub(r"^(?:\w+ly|further|jointly|also)\s+(?=[a-z]+ing\b)", "", words)
    first, _, rest = words.partition(" ")
    if base := base_form(first.casefold(), language):
        words = f"{base} {rest}".strip()
    words = _shortened(words, language)
    return words[:1].upper() + words[1:]


_BULLET = re.compile(r"(?P<stop>[:;,.]?)(?:\s+and)?\s*\n+\s*(?:[•◦▪*–-]|\(?[a-z\d]{1,3}[.)])\s+")


def _joint(match: re.Match[str]) -> str:
    """What stands in a title for the bullet of a list: its lead's colon stays, items are parted by commas."""
    return ": " if match["stop"] == ":" else ", "


def kind_of(clause: str, core: str, strength: Strength, target: Target | None, language: Language) -> Kind:
    """Target, event, process, position or action, by what the clause is about."""
    patterns = _patterns(language)
    if target is not None:
        return Kind.TARGET
    if (
        patterns["event_verbs"].search(clause)
        and patterns["event_words"].search(clause)
        and strength is not Strength.REAFFIRMED
    ):
        return Kind.EVENT
    if strength is Strength.REAFFIRMED and patterns["position_words"].search(clause):
        return Kind.POSITION
    if patterns["process_words"].search(core[:90]):
        return Kind.PROCESS
    return Kind.ACTION


def _shortened(words: str, language: Language) -> str:
    if len(words) <= TITLE_LENGTH:
        return words
    cut = re.search(rf",?\s+(?:{language.words['clauses']['title_cuts']})\b", words[25:])
    if cut and cut.start() + 25 <= TITLE_LENGTH:
        return words[: cut.start() + 25].rstrip(" ,")
    head = words[:TITLE_LENGTH]
    if "," in head[40:]:
        return head[: head.rindex(",")]
    return head.rsplit(" ", 1)[0] + " …"


@cache
def _patterns(language: Language) -> dict[str, re.Pattern[str]]:
    clauses = language.words["clauses"]
    names = ("event_verbs", "event_words", "process_words", "position_words")
    return {name: re.compile(rf"\b(?:{clauses[name]})\b", re.I) for name in names}
