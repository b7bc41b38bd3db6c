"""Deciding about the commitments proposed in a draft: one decision a proposal, each with its version.

`version` is the proposal as the person saw it: where somebody has decided since, the step is refused (`conflict`),
so that two coordinators who review at once never undo each other unseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.draft import READ_IN, TITLE_LENGTH, conflict, locked_draft, offer_earlier, tell, touch
from commitments.domain.codes import Basis, Kind, Precision, Strength
from commitments.domain.deadlines import last_day
from commitments.domain.language import language
from commitments.domain.parts import PartRole
from commitments.domain.text import tidy
from commitments.domain.wording import title_of
from commitments.models.draft import Decision, DraftPart, Origin, ProposedCommitment, StatementDraft
from commitments.models.history import Act
from commitments.models.person import User

SURE = 0.85  # of a hundred proposals worded like it, so many were right
MAX_REASON = 2000


@dataclass(frozen=True, slots=True)
class Wording:
    """What a commitment is, as a reviewer words it; `due_on` is any day of the period."""

    start: int
    end: int
    title: str
    kind: Kind
    strength: Strength
    sides: Sequence[str] = field(default_factory=tuple)
    due_on: date | None = None
    due_precision: Precision | None = None
    due_basis: Basis = Basis.TEXT
    target_amount: Decimal | None = None
    target_unit: str = ""
    target_name: str = ""


@transaction.atomic
def accept_proposal(proposal: ProposedCommitment, *, version: int, by: User, at: datetime) -> None:
    """Take it as it is proposed. Codes: closed, conflict."""
    draft, row = _locked(proposal, version, by)
    _decide(draft, row, Decision.ACCEPTED, by, at)


@transaction.atomic
def refuse_proposal(proposal: ProposedCommitment, reason: str, *, version: int, by: User, at: datetime) -> None:
    """It is none, and why. Codes: closed, conflict, needs_reason, too_long."""
    draft, row = _locked(proposal, version, by)
    row.reason = tidy(reason)
    if not row.reason:
        raise ValidationError(_("Say why it is no commitment."), code="needs_reason")
    if len(row.reason) > MAX_REASON:
        raise ValidationError(_("The reason is too long."), code="too_long")
    _decide(draft, row, Decision.REFUSED, by, at)


@transaction.atomic
def word_proposal(proposal: ProposedCommitment, wording: Wording, *, version: int, by: User, at: datetime) -> None:
    """Accept it with other words, span, sides, date or target.

    Codes: closed, conflict, no_words, needs_title, no_side.
    """
    draft, row = _locked(proposal, version, by)
    _apply(draft, row, wording)
    _decide(draft, row, Decision.ACCEPTED, by, at)


@transaction.atomic
def add_proposal(part: DraftPart, wording: Wording, *, version: int, by: User, at: datetime) -> ProposedCommitment:
    """Take words that were not proposed as a commitment; `version` is the paragraph's.

    Codes: closed, conflict, no_words, needs_title, no_side.
    """
    draft = locked_draft(part.draft, by=by)
    home = draft.parts.filter(pk=part.pk, role=PartRole.PARAGRAPH).first()
    if home is None or home.version != version:
        raise conflict()
    row = ProposedCommitment(draft=draft, part=home, origin=Origin.ADDED)
    _apply(draft, row, wording)
    row.found = row.values()
    _decide(draft, row, Decision.ACCEPTED, by, at)
    offer_earlier(draft, [row])
    return row


@transaction.atomic
def split_proposal(
    proposal: ProposedCommitment, spans: Sequence[tuple[int, int]], *, version: int, by: User, at: datetime
) -> list[ProposedCommitment]:
    """Take it apart; the pieces wait to be decided, and undoing one puts the whole back.

    Codes: closed, conflict, no_place.
    """
    draft, row = _locked(proposal, version, by)
    within = all(row.start <= start < end <= row.end for start, end in spans)
    if row.origin == Origin.PIECE or len(spans) < 2 or not within:
        raise ValidationError(_("It cannot be split there."), code="no_place")
    pieces = []
    for start, end in spans:
        piece = ProposedCommitment(draft=draft, part=row.part, origin=Origin.PIECE, split_from=row)
        piece.take_values(row.values())
        piece.start, piece.end = trimmed(row.part.text, start, end)
        piece.title = title_of(piece.quote, language(READ_IN))[:TITLE_LENGTH] or row.title
        piece.found = piece.values()
        piece.save()
        pieces.append(piece)
    offer_earlier(draft, pieces)
    _decide(draft, row, Decision.SPLIT, by, at)
    return pieces


@transaction.atomic
def undo_decision(proposal: ProposedCommitment, *, version: int, by: User, at: datetime) -> None:
    """Put it back as it was found and not decided; what was added by hand goes. Codes: closed, conflict."""
    draft, row = _locked(proposal, version, by)
    if row.origin == Origin.ADDED:
        touch(draft, at)
        tell(draft, Act.DRAFT_DECIDED, {"proposal": row.pk, "decision": "withdrawn"}, by=by, at=at)
        row.delete()
        return
    whole = row.split_from or row
    whole.pieces.all().delete()
    whole.take_values(whole.found)
    whole.reason = ""
    _decide(draft, whole, Decision.OPEN, by, at)


@transaction.atomic
def accept_sure(draft: StatementDraft, *, by: User, at: datetime) -> int:
    """Accept what is not decided and was right in 85 of 100 cases or more; gives how many. Code: closed."""
    row = locked_draft(draft, by=by)
    sure = list(row.proposals.filter(decision=Decision.OPEN, confidence__gte=SURE).values_list("pk", flat=True))
    if sure:
        for proposal in row.proposals.filter(pk__in=sure):
            _mark(proposal, Decision.ACCEPTED, by, at)
        touch(row, at)
        tell(row, Act.DRAFT_DECIDED, {"decision": Decision.ACCEPTED, "count": len(sure)}, by=by, at=at)
    return len(sure)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without blanks, stops and a joining "and" at its ends."""
    words = text[start:end]
    left = len(words) - len(words.lstrip(" \n,;"))
    right = words.rstrip(" \n,;.")
    for joint in (" and", " or"):
        right = right.removesuffix(joint).rstrip(" \n,;")
    return start + left, max(start + len(right), start + left + 1)


def _apply(draft: StatementDraft, row: ProposedCommitment, wording: Wording) -> None:
    codes = set(draft.parties.values_list("code", flat=True))
    text, start, end = row.part.text, wording.start, wording.end
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise ValidationError(_("Choose words of the paragraph."), code="no_words")
    if not tidy(wording.title):
        raise ValidationError(_("Give it a title."), code="needs_title")
    if not set(wording.sides) <= codes:
        raise ValidationError(_("Choose among the parties of the statement."), code="no_side")
    row.start, row.end = start, end
    row.title, row.kind, row.strength = tidy(wording.title)[:TITLE_LENGTH], wording.kind, wording.strength
    row.sides = [] if set(wording.sides) == codes else sorted(wording.sides)
    dated = wording.due_on is not None and wording.due_precision is not None
    row.due_on = last_day(wording.due_on, wording.due_precision) if dated else None
    row.due_precision = wording.due_precision if dated else None
    row.due_basis = wording.due_basis if dated else None
    row.target_amount = wording.target_amount
    row.target_unit = wording.target_unit if wording.target_amount is not None else ""
    row.target_name = wording.target_name if wording.target_amount is not None else ""


def _locked(proposal: ProposedCommitment, version: int, by: User) -> tuple[StatementDraft, ProposedCommitment]:
    draft = locked_draft(proposal.draft, by=by)
    row = draft.proposals.select_related("part", "split_from__part").filter(pk=proposal.pk).first()
    if row is None or row.version != version:
        raise conflict()
    return draft, row


def _decide(draft: StatementDraft, row: ProposedCommitment, decision: Decision, by: User, at: datetime) -> None:
    _mark(row, decision, by, at)
    touch(draft, at)
    tell(draft, Act.DRAFT_DECIDED, {"proposal": row.pk, "decision": decision}, by=by, at=at)


def _mark(row: ProposedCommitment, decision: Decision, by: User, at: datetime) -> None:
    is_open = decision == Decision.OPEN
    row.decision = decision
    row.decided_by, row.decided_at = (None, None) if is_open else (by, at)
    row.version += 1
    row.save()
