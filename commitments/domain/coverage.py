"""Which sentences of a statement carry commitments, and why each other one carries none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from commitments.domain.language import Language, language
from commitments.domain.parsing import with_findings
from commitments.domain.parties import find_parties
from commitments.domain.readings import Paragraph, PassedOver
from commitments.domain.sentences import segments

NOT_ASKED = ""  # nobody looked for a reason
NOT_KEPT = "not_kept"  # the reading proposed something here that is not among the commitments
READ_IN = "en"  # the language whose rules of reading there are
LONGEST_READ = 200_000  # characters, some 400 paragraphs, read in about a second

Passed = tuple[PassedOver, ...]


@dataclass(frozen=True, slots=True)
class Bare:
    """A sentence without a commitment; `reason` is the code of the reading, `NOT_KEPT` or `NOT_ASKED`."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The number of sentences of a paragraph, and those among them that carry no commitment."""

    sentences: int
    bare: tuple[Bare, ...]


def coverage(text: str, spans: Sequence[tuple[int, int]], passed: Passed | None) -> Coverage:
    """A sentence carries a commitment where one of the spans shares a character with it.

    `passed` is what the reading of the paragraph passed over; None where the statement was not read for reasons.
    """
    why = {(each.start, each.end): each.reason for each in passed or ()}
    otherwise = NOT_ASKED if passed is None else NOT_KEPT
    sentences = segments(text, language(READ_IN))
    bare = [
        Bare(each.start, each.end, why.get((each.start, each.end), otherwise))
        for each in sentences
        if not any(start < each.end and each.start < end for start, end in spans)
    ]
    return Coverage(len(sentences), tuple(bare))


def passed_over(
    title: str, code: str, adopted_on: date, paragraphs: Sequence[tuple[str, str]]
) -> tuple[Passed, ...] | None:
    """What the reading passes over in each paragraph (heading, text); None in a language or at a length it is not for.

    A published text never changes, so what was read is kept, by the words themselves.
    """
    if code != READ_IN or sum(len(text) for _heading, text in paragraphs) > LONGEST_READ:
        return None
    return _passed_over(title, adopted_on, tuple(paragraphs))


@lru_cache(maxsize=16)  # statements; a hundred paragraphs are some 100 kB
def _passed_over(title: str, adopted_on: date, paragraphs: tuple[tuple[str, str], ...]) -> tuple[Passed, ...]:
    words: Language = language(READ_IN)
    parties = find_parties(title, "\n".join(text for _heading, text in paragraphs[:3]), words)
    bodies = [Paragraph(None, heading, text) for heading, text in paragraphs]
    return tuple(each.passed_over for each in with_findings(bodies, parties, adopted_on, words))
