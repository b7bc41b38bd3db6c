"""Correcting the structure of a draft: each step keeps the whole text, and what was decided about its commitments.

`version` is the part as the person saw it: where somebody has changed it since, the step is refused (`conflict`).
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from commitments.actions.draft import conflict, find_again, locked_draft, tell, touch
from commitments.domain.cleaning import vocabulary_of
from commitments.domain.parts import (
    CannotError,
    Part,
    PartRole,
    merged,
    numbered,
    split,
    unnumbered,
    with_role,
)
from commitments.models.draft import Decision, DraftPart, Origin, StatementDraft
from commitments.models.history import Act
from commitments.models.person import User

KEPT = [Decision.ACCEPTED, Decision.SPLIT]


@dataclass(frozen=True, slots=True)
class Place:
    """A part as a person sees it who is about to change it."""

    part: DraftPart
    version: int


@transaction.atomic
def merge_part(place: Place, *, by: User, at: datetime) -> DraftPart:
    """Join a part to the one before it, whose role it takes. Codes: closed, conflict, no_place, commitment_here."""
    draft, row = _locked(place, by)
    first = draft.parts.filter(position__lt=row.position).exclude(role=PartRole.LEFT_OUT).last()
    if first is None:
        raise ValidationError(_("There is nothing before it."), code="no_place")
    if first.role != PartRole.PARAGRAPH:
        _drop_proposals(row)
    whole, moved = merged(first.part, row.part, draft.text, vocabulary_of(draft.text))
    _save(first, whole)
    row.proposals.update(part=first, start=F("start") + moved, end=F("end") + moved)
    row.delete()
    find_again(draft, first)
    _done(draft, first, "merged", by, at)
    return first


@transaction.atomic
def split_part(place: Place, character: int, *, by: User, at: datetime) -> DraftPart:
    """Part it before a character of its text; gives the second. Codes: closed, conflict, no_place, commitment_here."""
    draft, row = _locked(place, by)
    try:
        first, second, moved = split(row.part, character, draft.text)
    except CannotError as error:
        raise ValidationError(_("Both parts need words: choose another place."), code=error.code) from error
    across = row.proposals.filter(start__lt=moved, end__gt=len(first.text))
    if across.exclude(decision=Decision.OPEN, origin=Origin.FOUND).exists():
        raise _commitment_here()
    across.delete()
    draft.parts.filter(position__gt=row.position).update(position=F("position") + 1)
    new = DraftPart(draft=draft, position=row.position + 1)
    new.take(second)
    new.save()
    row.proposals.filter(start__gte=moved).update(part=new, start=F("start") - moved, end=F("end") - moved)
    _save(row, first)
    find_again(draft, row)
    find_again(draft, new)
    _done(draft, new, "split", by, at)
    return new


@transaction.atomic
def set_part_role(place: Place, role: PartRole, *, level: int = 1, by: User, at: datetime) -> None:
    """Make it a heading, a paragraph, a signature …, or leave it out: it is kept, and can be put back.

    Codes: closed, conflict, commitment_here.
    """
    draft, row = _locked(place, by)
    if role != row.role:
        _drop_proposals(row)
    _save(row, with_role(row.part, role, draft.text, level))
    find_again(draft, row)
    _done(draft, row, str(role), by, at)


@transaction.atomic
def set_part_number(place: Place, *, has_number: bool, by: User, at: datetime) -> None:
    """Take the number that its words begin with for its number, or give it back to them. Codes: closed, conflict."""
    draft, row = _locked(place, by)
    before = len(row.text)
    changed = numbered(row.part) if has_number else unnumbered(row.part, draft.text)
    moved = len(changed.text) - before
    row.proposals.filter(start__lt=max(-moved, 0)).delete()
    row.proposals.update(start=F("start") + moved, end=F("end") + moved)
    _save(row, changed)
    _done(draft, row, "numbered" if has_number else "unnumbered", by, at)


@transaction.atomic
def move_part(place: Place, before: DraftPart | None, *, by: User, at: datetime) -> None:
    """Put a part before another one, or at the end. Codes: closed, conflict, no_place."""
    draft, row = _locked(place, by)
    order = [part for part in draft.parts.all() if part.pk != row.pk]
    keys = [part.pk for part in order]
    if before is not None and before.pk not in keys:
        raise ValidationError(_("Choose a place in the text."), code="no_place")
    order.insert(keys.index(before.pk) if before else len(order), row)
    for position, part in enumerate(order):
        part.position = position
    row.version += 1
    DraftPart.objects.bulk_update(order, ["position", "version"])
    _done(draft, row, "moved", by, at)


def _locked(place: Place, by: User) -> tuple[StatementDraft, DraftPart]:
    draft = locked_draft(place.part.draft, by=by)
    row = draft.parts.filter(pk=place.part.pk).first()
    if row is None or row.version != place.version:
        raise conflict()
    return draft, row


def _save(row: DraftPart, part: Part) -> None:
    row.take(part)
    row.version += 1
    row.save()


def _drop_proposals(row: DraftPart) -> None:
    """Take away what was proposed in a part that is to be no paragraph; a decided commitment forbids it."""
    if row.proposals.filter(decision__in=KEPT).exists():
        raise _commitment_here()
    row.proposals.all().delete()


def _commitment_here() -> ValidationError:
    return ValidationError(
        _("A commitment that was accepted stands here. Undo its acceptance first."), code="commitment_here"
    )


def _done(draft: StatementDraft, row: DraftPart, step: str, by: User, at: datetime) -> None:
    touch(draft, at)
    tell(draft, Act.DRAFT_STRUCTURED, {"part": row.pk, "step": step}, by=by, at=at)
