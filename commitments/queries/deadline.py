"""A commitment's date and what became of it, as one person may see it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from commitments.domain.deadlines import Deadline
from commitments.models import Assignment, Commitment, DateChange, DateChangeState, DateDecision, DateRemark, User
from commitments.models.datechange import is_fixed
from commitments.models.permission import may_decide_date, may_propose_date, may_remark_on_date, may_withdraw_date


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A proposal with what this person may read of it, and do to it."""

    change: DateChange
    reason: str
    decisions: list[DateDecision]
    may_decide: bool
    may_withdraw: bool
    needs_words: bool


@dataclass(frozen=True, slots=True)
class DatePage:
    commitment: Commitment
    is_fixed: bool
    open: list[ShownChange]
    past: list[ShownChange]
    slips: int
    remarks: list[DateRemark]
    may_propose: bool
    may_remark: bool

    @property
    def deadline(self) -> Deadline | None:
        return self.commitment.deadline


def with_parts(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """Commitments with what the permissions about dates ask for."""
    parts = Assignment.objects.select_related("party", "commitment__statement").defer("commitment__statement__text")
    return (
        rows.select_related("statement", "section")
        .defer("statement__text")
        .prefetch_related(Prefetch("assignments", parts))
    )


def date_page(commitment: Commitment, user: User) -> DatePage:
    """All about the date; the commitment came through `visible_to` and `with_parts`."""
    shown = [shown_change(change, commitment, user) for change in changes_of(commitment, user)]
    has_open = any(line.change.party_id == user.party_id for line in shown if line.change.ended_at is None)
    remarks = DateRemark.objects.visible_to(user).filter(commitment=commitment).select_related("by__body__party")
    return DatePage(
        commitment=commitment,
        is_fixed=is_fixed(commitment),
        open=[line for line in shown if line.change.state == DateChangeState.PROPOSED],
        past=[line for line in shown if line.change.state != DateChangeState.PROPOSED],
        slips=sum(line.change.is_slip for line in shown if line.change.state == DateChangeState.MADE),
        remarks=list(remarks),
        may_propose=may_propose_date(user, commitment) and not is_fixed(commitment) and not has_open,
        may_remark=may_remark_on_date(user, commitment),
    )


def changes_of(commitment: Commitment, user: User) -> QuerySet[DateChange]:
    decisions = DateDecision.objects.select_related("by__body", "party")
    return (
        DateChange.objects.visible_to(user)
        .filter(commitment=commitment)
        .select_related("by__body__party", "party")
        .prefetch_related(Prefetch("decisions", decisions))
    )


def shown_change(change: DateChange, commitment: Commitment, user: User) -> ShownChange:
    change.commitment = commitment
    decisions = [decision for decision in change.decisions.all() if may_read(decision, change, user)]
    bound = {part.party_id for part in commitment.assignments.all()}
    return ShownChange(
        change=change,
        reason=change.reason_for(user),
        decisions=decisions,
        may_decide=may_decide_date(user, change),
        may_withdraw=may_withdraw_date(user, change),
        needs_words=not change.is_open_to_all and len(bound) > 1,
    )


def may_read(decision: DateDecision, change: DateChange, user: User) -> bool:
    """A decision is said to all sides once the proposal is; before that to the own side."""
    return change.is_open_to_all or decision.party_id == user.party_id


def waiting_changes(user: User) -> list[DateChange]:
    """Open proposals that the person may see; those that wait for the person come first."""
    own = set(DateChange.objects.to_be_decided_by(user).values_list("pk", flat=True))
    rows = (
        DateChange.objects.visible_to(user)
        .open()
        .select_related("commitment__statement", "by__body", "party")
        .defer("commitment__statement__text", "commitment__search_text")
        .order_by("proposed_at", "pk")
    )
    return sorted(rows, key=lambda change: change.pk not in own)


@dataclass(frozen=True, slots=True)
class DatedCommitment:
    """A commitment with a date, and how often that date has been moved."""

    commitment: Commitment
    deadline: Deadline
    moves: int


def with_moves(commitments: Iterable[Commitment]) -> list[DatedCommitment]:
    """Those that have a date, as calendars show them; one query."""
    dated = {row.pk: row for row in commitments if row.deadline}
    made = DateChange.objects.filter(commitment__in=dated, state=DateChangeState.MADE).order_by()
    moves = dict(made.values_list("commitment").annotate(Count("pk"))) if dated else {}
    return [DatedCommitment(row, row.deadline, moves.get(pk, 0)) for pk, row in dated.items()]


@dataclass(frozen=True, slots=True)
class DatePanel:
    """What the commitment's own page says about its date."""

    open: int
    slips: int


def date_panel(commitment: Commitment, user: User, *, has_any: bool = True) -> DatePanel:
    if not has_any:
        return DatePanel(open=0, slips=0)
    states = DateChange.objects.visible_to(user).filter(commitment=commitment)
    rows = [(change.state, change.is_slip) for change in states.only("state", "old_due_on", "new_due_on")]
    return DatePanel(
        open=sum(state == DateChangeState.PROPOSED for state, _slip in rows),
        slips=sum(slip for state, slip in rows if state == DateChangeState.MADE),
    )
