"""The agenda of a meeting: its items and criteria, points to raise, scores, decisions, and the flags before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.deadline import propose_date
from commitments.actions.history import Fact, record_change, record_changes
from commitments.actions.meeting import locked_meeting, meeting_fact, refuse_if_over, withdraw_consents
from commitments.domain.codes import Precision, Visibility
from commitments.domain.text import tidy
from commitments.models.commitment import Commitment
from commitments.models.history import Act
from commitments.models.meeting import AgendaItem, Decision, Flag, Meeting, Point, Score
from commitments.models.meeting_permission import may_flag, may_raise_points, may_settle_point
from commitments.models.party import Party
from commitments.models.person import User

MAX_TEXT = 5_000  # characters of a criterion, a point, a decision
SCORES = (-1, 0, 1)


@dataclass(frozen=True, slots=True)
class NewDate:
    """The period of this precision that holds the day, as the new working date."""

    day: date
    precision: Precision


# Flags


@transaction.atomic
def flag(commitments: Iterable[Commitment], *, by: User, at: datetime) -> int:
    """Want these on the agenda of the next meeting; how many were not flagged yet. They stay with the own side."""
    rows = list(commitments)
    if not all(may_flag(by, row) for row in rows):
        raise PermissionDenied
    held = set(Flag.objects.filter(commitment__in=rows, party=by.party_id).values_list("commitment", flat=True))
    new = [row for row in rows if row.pk not in held]
    Flag.objects.bulk_create(
        [Flag(commitment=row, party=by.body.party, by=by, at=at) for row in new], ignore_conflicts=True
    )
    record_changes([_flag_fact(row, Act.FLAGGED, by) for row in new], by=by, at=at)
    return len(new)


@transaction.atomic
def unflag(commitment: Commitment, *, by: User, at: datetime) -> None:
    if not may_flag(by, commitment):
        raise PermissionDenied
    if Flag.objects.filter(commitment=commitment, party=by.party_id).delete()[0]:
        record_change(_flag_fact(commitment, Act.UNFLAGGED, by), by=by, at=at)


def _flag_fact(commitment: Commitment, act: Act, by: User) -> Fact:
    return Fact(
        act,
        {},
        {},
        visibility=Visibility.OWN,
        statement=commitment.statement,
        commitment=commitment,
        party=by.body.party,
    )


# Items


@transaction.atomic
def add_to_agenda(meeting: Meeting, commitments: Iterable[Commitment], *, by: User, at: datetime) -> int:
    """Put commitments of the meeting's statement on its agenda; how many were not on it. Own flags for them end.

    Code of refusal: begun.
    """
    row = locked_meeting(meeting, by)
    if row.begun_at:
        raise ValidationError(_("The meeting has begun: its agenda stands."), code="begun")
    held = set(row.items.standing().values_list("commitment", flat=True))
    new = [each for each in commitments if each.pk not in held and each.statement_id == row.statement_id]
    AgendaItem.objects.bulk_create([AgendaItem(meeting=row, commitment=each, added_at=at) for each in new])
    Flag.objects.filter(commitment__in=[*held, *(each.pk for each in new)], party=by.party_id).delete()
    after = {"name": row.name}
    record_changes([meeting_fact(row, Act.AGENDA_ADDED, by, {}, after, each) for each in new], by=by, at=at)
    return len(new)


@transaction.atomic
def remove_from_agenda(item: AgendaItem, *, by: User, at: datetime) -> None:
    """Take an item off, until the meeting begins. Code of refusal: begun."""
    row = _locked_item(item, by)
    if row.meeting.begun_at:
        raise ValidationError(_("The meeting has begun: its agenda stands."), code="begun")
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    _record(row, Act.AGENDA_REMOVED, {}, {"name": row.meeting.name}, by=by, at=at)


@transaction.atomic
def set_criterion(item: AgendaItem, criterion: str, *, version: int, by: User, at: datetime) -> None:
    """Write by what both sides will be scored, until scoring begins. Codes of refusal: begun, too_long, conflict."""
    row = _locked_item(item, by)
    words = _checked(criterion)
    if words == row.criterion:
        return
    if row.meeting.begun_at:
        raise ValidationError(_("Scoring has begun: the criteria stand."), code="begun")
    if version != row.version:
        raise ValidationError(_("Somebody has changed this since you opened it."), code="conflict")
    before, row.criterion = row.criterion, words
    row.version += 1
    row.save(update_fields=["criterion", "version"])
    _record(row, Act.CRITERION_SET, {"criterion": before}, {"criterion": words}, by=by, at=at)


@transaction.atomic
def set_carried_over(item: AgendaItem, carries_over: bool, *, by: User, at: datetime) -> None:
    """Whether the next meeting of the joint body takes it up again. Code of refusal: not_begun."""
    row = _begun_item(item, by)
    if row.carries_over == carries_over:
        return
    row.carries_over = carries_over
    row.save(update_fields=["carries_over"])
    withdraw_consents(row.meeting)
    _record(row, Act.CARRIED_OVER, {"carried": not carries_over}, {"carried": carries_over}, by=by, at=at)


# Points


@transaction.atomic
def add_point(item: AgendaItem, text: str, *, by: User, at: datetime) -> Point:
    """Note something to raise; the own side's until it is shared. Codes of refusal: empty, too_long, closed.

    The same words twice (a double click) are one point.
    """
    row = _readable_item(item, by)
    if not may_raise_points(by, row.commitment):
        raise PermissionDenied
    words = _checked(text, needed=_("Write the point."))
    same = row.points.standing().filter(party=by.party_id, by=by, text=words, shared_at=None).first()
    if same:
        return same
    point = Point.objects.create(item=row, party=by.body.party, text=words, by=by, at=at)
    _record_point(point, Act.POINT_ADDED, Visibility.OWN, by=by, at=at)
    return point


@transaction.atomic
def share_point(point: Point, *, by: User, at: datetime) -> None:
    """Show a point to every side. Codes of refusal: closed, not_shared."""
    row = _locked_point(point, by)
    if row.shared_at or row.withdrawn_at:
        return
    if not row.item.meeting.is_shared:
        raise ValidationError(_("Share the meeting with the other side first."), code="not_shared")
    row.shared_at = at
    row.save(update_fields=["shared_at"])
    withdraw_consents(row.item.meeting)
    _record_point(row, Act.POINT_SHARED, Visibility.BOTH, by=by, at=at)


@transaction.atomic
def withdraw_point(point: Point, *, by: User, at: datetime) -> None:
    row = _locked_point(point, by)
    if row.withdrawn_at:
        return
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _record_point(row, Act.POINT_WITHDRAWN, Visibility.BOTH if row.shared_at else Visibility.OWN, by=by, at=at)


# At the meeting


@transaction.atomic
def score(item: AgendaItem, party: Party, value: int, *, by: User, at: datetime) -> None:
    """Say how far a side has met the criterion, until the meeting is closed; consents given before it end.

    Codes of refusal: not_begun, no_criterion, not_bound, unknown.
    """
    row = _begun_item(item, by)
    if value not in SCORES:
        raise ValidationError(_("A score is −1, 0 or +1."), code="unknown")
    if not row.criterion:
        raise ValidationError(
            _("No criterion was written before the meeting, so it cannot be scored."), code="no_criterion"
        )
    if not row.commitment.assignments.filter(party=party).exists():
        raise ValidationError(_("This side has no part in it."), code="not_bound")
    held = row.scores.filter(party=party).first()
    if held and held.value == value:
        return
    Score.objects.update_or_create(item=row, party=party, defaults={"value": value, "by": by, "at": at})
    withdraw_consents(row.meeting)
    before = {"score": held.value} if held else {}
    _record(row, Act.SCORED, before, {"score": value, "side": party.code}, by=by, at=at)


@transaction.atomic
def decide(
    meeting: Meeting,
    text: str,
    *,
    item: AgendaItem | None = None,
    new_date: NewDate | None = None,
    by: User,
    at: datetime,
) -> Decision:
    """Record what the meeting decided; a new working date goes to the other side as a proposal with these words.

    Codes of refusal: empty, too_long, not_begun, and those of `propose_date`.
    """
    row = _begun_item(item, by) if item else None
    held = row.meeting if row else _begun(locked_meeting(meeting, by))
    words = _checked(text, needed=_("Write the decision."))
    same = held.decisions.filter(item=row, text=words, by=by).first()
    if same and not new_date:
        return same
    change = None
    if row and new_date:
        reason = f"{held.name}: {words}"
        change = propose_date(
            row.commitment,
            new_date.day,
            new_date.precision,
            reason=reason,
            visibility=Visibility.BOTH,
            by=by,
            at=at,
        )
    decision = Decision.objects.create(meeting=held, item=row, text=words, date_change=change, by=by, at=at)
    withdraw_consents(held)
    commitment = row.commitment if row else None
    fact = meeting_fact(held, Act.DECIDED, by, {}, {"decided": decision.pk, "words": words}, commitment)
    record_change(fact, by=by, at=at)
    return decision


# What every act on an item begins and ends with


def _locked_item(item: AgendaItem, by: User) -> AgendaItem:
    """The item as it stands now; its meeting is locked first, so that everybody takes turns there."""
    meeting = locked_meeting(item.meeting, by)
    return _item_of(item, meeting)


def _readable_item(item: AgendaItem, by: User) -> AgendaItem:
    """The same for those who may see the meeting and need not run it."""
    rows = Meeting.objects.select_for_update(of=["self"]).select_related("statement", "party")
    meeting = rows.defer("statement__text").get(pk=item.meeting_id)
    if not Meeting.objects.visible_to(by).filter(pk=meeting.pk).exists():
        raise PermissionDenied
    refuse_if_over(meeting)
    return _item_of(item, meeting)


def _item_of(item: AgendaItem, meeting: Meeting) -> AgendaItem:
    rows = AgendaItem.objects.select_related("commitment__statement").defer("commitment__statement__text")
    row = rows.prefetch_related("commitment__assignments").get(pk=item.pk)
    if row.removed_at:
        raise ValidationError(_("Somebody has taken this off the agenda."), code="conflict")
    row.meeting = meeting
    return row


def _begun_item(item: AgendaItem, by: User) -> AgendaItem:
    row = _locked_item(item, by)
    _begun(row.meeting)
    return row


def _begun(meeting: Meeting) -> Meeting:
    if not meeting.begun_at:
        raise ValidationError(_("The meeting has not begun."), code="not_begun")
    return meeting


def _locked_point(point: Point, by: User) -> Point:
    item = _readable_item(point.item, by)
    row = Point.objects.select_related("party").get(pk=point.pk)
    if not may_settle_point(by, row):
        raise PermissionDenied
    row.item = item
    return row


def _checked(text: str, *, needed: str = "") -> str:
    words = tidy(text)
    if needed and not words:
        raise ValidationError(needed, code="empty")
    if len(words) > MAX_TEXT:
        raise ValidationError(_("Keep it under %(limit)s characters."), code="too_long", params={"limit": MAX_TEXT})
    return words


def _record(
    item: AgendaItem, act: Act, before: dict[str, object], after: dict[str, object], *, by: User, at: datetime
) -> None:
    record_change(meeting_fact(item.meeting, act, by, before, after, item.commitment), by=by, at=at)


def _record_point(point: Point, act: Act, visibility: Visibility, *, by: User, at: datetime) -> None:
    """Whose point it is stays with that side until it is shared; its words are in the row."""
    fact = Fact(
        act,
        {},
        {"point": point.pk, "meeting": point.item.meeting_id},
        visibility=visibility,
        statement=point.item.meeting.statement,
        commitment=point.item.commitment,
        party=point.party,
    )
    record_change(fact, by=by, at=at)
