"""What reading a statement gives: its pieces, its structure and the commitments proposed in it."""

from dataclasses import dataclass, field
from datetime import date

from commitments.domain.codes import Kind, Precision, Strength


@dataclass(frozen=True)
class LineHint:
    """What the file's own marking said of one line: `heading`, `paragraph`, `item`, `footnote` or `label`."""

    kind: str
    level: int = 0


@dataclass(frozen=True)
class Piece:
    """One stretch of the folded text and the part it plays; the pieces in order are the whole text.

    `role` is title, dateline, front, heading, number, paragraph, signature, annex, footnote, furniture, separator
    or unplaced.
    """

    start: int
    end: int
    role: str
    text: str


@dataclass(frozen=True)
class Heading:
    text: str
    level: int
    start: int


@dataclass(frozen=True)
class Deadline:
    """The last day of the period that the words name, and how exactly they name it."""

    due_on: date
    precision: Precision
    words: str


@dataclass(frozen=True)
class Target:
    """A measurable aim: the amount as digits, its unit, and what is measured."""

    amount: str
    unit: str
    indicator: str


@dataclass(frozen=True)
class Proposal:
    """A clause proposed as a commitment; `quote` is exactly the paragraph's text from `start` to `end`.

    `confidence` is the share of such proposals that were right on the labelled statements. `finer_splits` are spans
    in the paragraph that a reviewer may take apart instead.
    """

    start: int
    end: int
    quote: str
    title: str
    kind: Kind
    strength: Strength
    side: str
    deadline: Deadline | None
    target: Target | None
    confidence: float
    cues: tuple[str, ...]
    finer_splits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class PassedOver:
    """A sentence, or part of one, in which no commitment was proposed, and the reason as a code."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its number as printed; blocks that belong to it are parted by an empty line.

    `part` is `body`, `preamble` or `annex`; `heading` is the nearest heading above, or empty. `start` is where it
    begins in the folded text, its number included.
    """

    number: str | None
    heading: str
    text: str
    part: str = "body"
    proposals: tuple[Proposal, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    start: int = 0


@dataclass(frozen=True)
class Footnote:
    mark: str
    text: str


@dataclass(frozen=True)
class Reading:
    """A statement as read; nothing of the folded text is missing from `pieces`."""

    title: str
    place: str
    adopted_on: date | None
    parties: tuple[str, ...]
    headings: tuple[Heading, ...]
    paragraphs: tuple[Paragraph, ...]
    annexes: tuple[Paragraph, ...]
    signatures: tuple[str, ...]
    footnotes: tuple[Footnote, ...]
    unplaced: tuple[str, ...]
    pieces: tuple[Piece, ...]
    warnings: tuple[str, ...] = field(default=())
