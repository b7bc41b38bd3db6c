"""Meetings as one person may see them, what they decided, and how two of them compare."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from commitments.domain import codes
from commitments.models import Assignment, Commitment, DateChange, Flag, Party, Statement, User
from commitments.models.meeting import AgendaItem, CloseConsent, Decision, Meeting, MeetingState, Point, Score
from commitments.models.meeting_permission import may_flag, may_run_meeting, may_settle_point
from commitments.queries.commitment_list import Row, list_rows, with_parts
from commitments.queries.past import looking_back, past_shown

MOST_MEETINGS = 3  # on a commitment's page


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting in the list, with how many items its agenda holds."""

    meeting: Meeting
    items: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class ShownPoint:
    point: Point
    may_settle: bool


@dataclass(frozen=True, slots=True)
class SideScore:
    """One side's score on an item; None where none was given."""

    party: Party
    status: codes.Status
    value: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item with all that this person may see of it."""

    item: AgendaItem
    row: Row
    sides: tuple[SideScore, ...]
    points: tuple[ShownPoint, ...]
    decisions: tuple[Decision, ...]
    may_raise: bool

    @property
    def commitment(self) -> Commitment:
        return self.row.commitment


@dataclass(frozen=True, slots=True)
class MeetingPage:
    meeting: Meeting
    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]
    consents: tuple[CloseConsent, ...]
    waiting: tuple[Party, ...]
    flagged: int
    others: tuple[Meeting, ...]
    may_run: bool
    has_consented: bool

    @property
    def state(self) -> MeetingState:
        return self.meeting.state

    @property
    def unscored(self) -> int:
        """Scores that a criterion waits for."""
        return sum(score.value is None for item in self.items if item.item.criterion for score in item.sides)


def meeting_lines(statement: Statement, user: User) -> list[MeetingLine]:
    """The meetings of a statement that the person may see, the latest first."""
    items = AgendaItem.objects.standing().filter(meeting=OuterRef("pk")).order_by().values("meeting")
    rows = (
        Meeting.objects.visible_to(user)
        .filter(statement=statement)
        .select_related("party")
        .annotate(size=Subquery(items.annotate(n=Count("pk")).values("n")))
        .in_order()
    )
    return [MeetingLine(row, row.size or 0, row.party_id == user.party_id) for row in reversed(rows)]


def next_meetings(user: User, statement: Statement) -> QuerySet[Meeting]:
    """Those that are still to be held, the earliest first."""
    return Meeting.objects.visible_to(user).planned().filter(statement=statement).in_order()


def flagged_commitments(user: User, statement: Statement) -> QuerySet[Commitment]:
    """What the person's own side wants on the next agenda."""
    flags = Flag.objects.filter(party=user.party_id).values("commitment")
    return Commitment.objects.visible_to(user).filter(statement=statement, pk__in=flags)


@dataclass(frozen=True, slots=True)
class MeetingPanel:
    """What a commitment's own page says about meetings."""

    items: tuple[AgendaItem, ...]
    is_flagged: bool
    may_flag: bool


def meeting_panel(commitment: Commitment, user: User, *, has_any: bool, is_flagged: bool) -> MeetingPanel | None:
    """The meetings whose agenda holds it, and the own side's flag; none of the past."""
    if past_shown():
        return None
    meetings = Meeting.objects.visible_to(user).filter(called_off_at=None)
    items = AgendaItem.objects.standing().filter(commitment=commitment, meeting__in=meetings)
    return MeetingPanel(
        items=tuple(
            items.select_related("meeting").order_by("-meeting__planned_at")[:MOST_MEETINGS] if has_any else ()
        ),
        is_flagged=is_flagged,
        may_flag=may_flag(user, commitment),
    )


def meeting_page(meeting: Meeting, user: User, today: date) -> MeetingPage:
    """Everything on the meeting's page; it came through `visible_to`."""
    items = _items(meeting, user, today)
    decisions = list(_decisions(Decision.objects.filter(meeting=meeting), user))
    consents = tuple(meeting.consents.select_related("party", "by"))
    given = {consent.party_id for consent in consents}
    parties = [row.party for row in meeting.statement.adoptions.select_related("party").order_by("position")]
    others = Meeting.objects.visible_to(user).filter(statement=meeting.statement_id, begun_at__isnull=False)
    return MeetingPage(
        meeting=meeting,
        items=tuple(_shown(item, row, decisions, user) for item, row in items),
        decisions=tuple(decision for decision in decisions if decision.item_id is None),
        consents=consents,
        waiting=tuple(party for party in parties if party.pk not in given),
        flagged=flagged_commitments(user, meeting.statement).count(),
        others=tuple(others.exclude(pk=meeting.pk).in_order()),
        may_run=may_run_meeting(user, meeting),
        has_consented=user.party_id in given,
    )


def _items(meeting: Meeting, user: User, today: date) -> list[tuple[AgendaItem, Row]]:
    """The items in the order of the text, with their commitments as the list shows them; a closed one as it stood."""
    points = Point.objects.visible_to(user).standing().select_related("party", "by__body")
    items = (
        meeting.items.standing()
        .select_related("carried_from__meeting")
        .prefetch_related(Prefetch("points", points, to_attr="seen_points"), "scores")
        .order_by("commitment__position")
    )
    held = {item.commitment_id: item for item in items}
    rows = Commitment.objects.visible_to(user).filter(pk__in=held).order_by("position")
    if meeting.closed_at:
        with looking_back(meeting.closed_at.date(), meeting.closed_at + timedelta.resolution):
            shown = list_rows(with_parts(rows), user, meeting.closed_at.date())
    else:
        shown = list_rows(with_parts(rows), user, today)
    return [(held[row.commitment.pk], row) for row in shown]


def _shown(item: AgendaItem, row: Row, decisions: Iterable[Decision], user: User) -> Item:
    scores = {score.party_id: score.value for score in item.scores.all()}
    return Item(
        item=item,
        row=row,
        sides=tuple(
            SideScore(part.assignment.party, codes.Status(part.assignment.status), scores.get(part.assignment.party_id))
            for part in row.parts
        ),
        points=tuple(ShownPoint(point, may_settle_point(user, point)) for point in item.seen_points),
        decisions=tuple(decision for decision in decisions if decision.item_id == item.pk),
        may_raise=any(part.may_change and part.assignment.party_id == user.party_id for part in row.parts),
    )


def _decisions(rows: QuerySet[Decision], user: User) -> QuerySet[Decision]:
    changes = DateChange.objects.select_related("party")
    return rows.select_related("by__body").prefetch_related(Prefetch("date_change", changes))


# The record


def record_digest(meeting: Meeting) -> str:
    """SHA-256 over agenda, criteria, scores and decisions, as JSON in a fixed order."""
    content = json.dumps(record_of(meeting), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def record_of(meeting: Meeting) -> dict[str, Any]:
    """What the sides consented to, by names and codes that mean the same everywhere."""
    scores = Score.objects.select_related("party").order_by("party__code")
    items = (
        meeting.items.standing()
        .select_related("commitment")
        .prefetch_related(Prefetch("scores", scores))
        .order_by("commitment__position")
    )
    decisions = meeting.decisions.select_related("item__commitment", "date_change").order_by("pk")
    return {
        "statement": meeting.statement.slug,
        "joint_body": meeting.joint_body,
        "name": meeting.name,
        "held_on": meeting.held_on and meeting.held_on.isoformat(),
        "precision": meeting.precision,
        "place": meeting.place,
        "items": [
            {
                "ref": item.commitment.ref,
                "criterion": item.criterion,
                "carries_over": item.carries_over,
                "scores": {score.party.code: score.value for score in item.scores.all()},
            }
            for item in items
        ],
        "decisions": [
            {
                "ref": decision.item.commitment.ref if decision.item else None,
                "text": decision.text,
                "new_date": decision.date_change.new_due_on.isoformat() if decision.date_change else None,
            }
            for decision in decisions
        ],
    }


# Two meetings


@dataclass(frozen=True, slots=True)
class Compared:
    """One side's part in one commitment at two meetings; None where it was not on the agenda or not scored."""

    party: Party
    before: codes.Status | None
    after: codes.Status | None
    score_before: int | None
    score_after: int | None

    @property
    def moved(self) -> int:
        """Up, down or not, by the scores where both were given."""
        if self.score_before is None or self.score_after is None:
            return 0
        return (self.score_after > self.score_before) - (self.score_after < self.score_before)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    commitment: Commitment
    in_first: bool
    in_second: bool
    sides: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """A side's scores at the two meetings: how many of each, over the items scored."""

    party: Party
    before: dict[int, int]
    after: dict[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    first: Meeting
    second: Meeting
    rows: tuple[ComparedRow, ...]
    totals: tuple[Totals, ...]


def compared(first: Meeting, second: Meeting, user: User, now: datetime) -> Comparison:
    """Statuses as they stood at each close (now, for one that is still held), and the scores."""
    commitments = Commitment.objects.visible_to(user).filter(
        Q(agenda_items__meeting__in=(first, second)) & Q(agenda_items__removed_at=None)
    )
    states = [_statuses(meeting, commitments, now) for meeting in (first, second)]
    scores = [_scores(meeting) for meeting in (first, second)]
    on = [set(meeting.items.standing().values_list("commitment", flat=True)) for meeting in (first, second)]
    parties = [row.party for row in first.statement.adoptions.select_related("party").order_by("position")]
    rows = []
    for commitment in (
        commitments.distinct()
        .select_related("statement", "section")
        .defer("statement__text", "search_text")
        .order_by("position")
    ):
        sides = []
        for party in parties:
            key = (commitment.pk, party.pk)
            if key not in states[0] and key not in states[1]:
                continue
            sides.append(
                Compared(
                    party,
                    states[0].get(key) if commitment.pk in on[0] else None,
                    states[1].get(key) if commitment.pk in on[1] else None,
                    scores[0].get(key),
                    scores[1].get(key),
                )
            )
        rows.append(ComparedRow(commitment, commitment.pk in on[0], commitment.pk in on[1], tuple(sides)))
    totals = tuple(Totals(party, _spread(scores[0], party), _spread(scores[1], party)) for party in parties)
    return Comparison(first, second, tuple(rows), totals)


def _statuses(
    meeting: Meeting, commitments: QuerySet[Commitment], now: datetime
) -> dict[tuple[int, int], codes.Status]:
    moment = meeting.closed_at or now
    with looking_back(moment.date(), moment + timedelta.resolution):
        parts = Assignment.objects.filter(commitment__in=commitments.values("pk")).order_by()
        return {
            (commitment, party): codes.Status(status)
            for commitment, party, status in parts.values_list("commitment", "party", "status")
        }


def _scores(meeting: Meeting) -> dict[tuple[int, int], int]:
    rows = Score.objects.filter(item__meeting=meeting, item__removed_at=None)
    return {
        (commitment, party): value
        for commitment, party, value in rows.values_list("item__commitment", "party", "value")
    }


def _spread(scores: dict[tuple[int, int], int], party: Party) -> dict[int, int]:
    own = [value for (_commitment, key), value in scores.items() if key == party.pk]
    return {value: own.count(value) for value in (1, 0, -1)}
