"""Meetings: planned, shared, begun, closed with every side's consent, or called off."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change, record_changes
from commitments.domain.codes import Precision, Visibility
from commitments.domain.deadlines import last_day
from commitments.domain.text import tidy
from commitments.exchange.dossier_pdf import dossier_pdf
from commitments.models.commitment import Commitment
from commitments.models.history import Act
from commitments.models.meeting import AgendaItem, CloseConsent, FrozenDossier, Meeting
from commitments.models.meeting_permission import may_plan_meeting, may_run_meeting
from commitments.models.permission import may_report_for_others
from commitments.models.person import User
from commitments.models.statement import Statement
from commitments.queries.dossier import dossier
from commitments.queries.meeting import record_digest

TWICE = timedelta(minutes=1)
LONGEST = 200  # characters of a name or a place


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What a meeting is called, whose it is, and when and where it is held; a day stands for its period."""

    joint_body: str
    name: str
    day: date | None = None
    precision: Precision = Precision.DAY
    place: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "joint_body": " ".join(tidy(self.joint_body).split()),
            "name": " ".join(tidy(self.name).split()),
            "held_on": self.day and last_day(self.day, self.precision),
            "precision": self.precision if self.day else None,
            "place": " ".join(tidy(self.place).split()),
        }


@transaction.atomic
def plan_meeting(statement: Statement, facts: MeetingFacts, *, by: User, at: datetime) -> Meeting:
    """Plan a meeting, for the own side until it is shared; what the joint body last carried over comes along.

    Codes of refusal: no_name, too_long. The same again by the same person within a minute (a double click) is one.
    """
    if not may_plan_meeting(by, statement):
        raise PermissionDenied
    columns = _checked(facts)
    Statement.objects.select_for_update().only("pk").get(pk=statement.pk)  # two clicks take turns
    twice = Meeting.objects.planned().filter(statement=statement, by=by, planned_at__gt=at - TWICE, **columns).first()
    if twice:
        return twice
    meeting = Meeting.objects.create(statement=statement, party=by.body.party, by=by, planned_at=at, **columns)
    record_change(meeting_fact(meeting, Act.MEETING_PLANNED, by, {}, {"name": meeting.name}), by=by, at=at)
    last = Meeting.objects.visible_to(by).filter(
        statement=statement, joint_body=meeting.joint_body, closed_at__isnull=False
    )
    if previous := last.order_by("-closed_at").first():
        carry_over(previous, meeting, by=by, at=at)
    return meeting


@transaction.atomic
def change_meeting(meeting: Meeting, facts: MeetingFacts, *, version: int, by: User, at: datetime) -> None:
    """Change name, date or place, until it is closed. Codes of refusal: no_name, too_long, conflict, closed."""
    row = locked_meeting(meeting, by)
    columns = _checked(facts)
    before = {name: getattr(row, name) for name in columns}
    if before == columns:
        return
    if version != row.version:
        raise ValidationError(_("Somebody has changed this since you opened it."), code="conflict")
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*columns, "version"])
    told = [name for name in columns if before[name] != columns[name]]
    fact = meeting_fact(row, Act.MEETING_CHANGED, by, _told(before, told), _told(columns, told))
    record_change(fact, by=by, at=at)


@transaction.atomic
def share_meeting(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Show it with its agenda and criteria to every side; points stay with those who wrote them."""
    row = locked_meeting(meeting, by)
    if row.is_shared:
        return
    row.shared_at = at
    row.save(update_fields=["shared_at"])
    record_change(meeting_fact(row, Act.MEETING_SHARED, by, {}, {"name": row.name}), by=by, at=at)


@transaction.atomic
def call_off_meeting(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Call off a meeting that has not begun. Code of refusal: begun."""
    row = locked_meeting(meeting, by)
    if row.begun_at:
        raise ValidationError(_("The meeting has begun."), code="begun")
    row.called_off_at = at
    row.save(update_fields=["called_off_at"])
    record_change(meeting_fact(row, Act.MEETING_CALLED_OFF, by, {}, {"name": row.name}), by=by, at=at)


@transaction.atomic
def begin_meeting(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Begin: from now on the criteria stand still and scores can be given. Codes: not_shared, no_agenda."""
    row = locked_meeting(meeting, by)
    if row.begun_at:
        return
    if not row.is_shared:
        raise ValidationError(_("Share the meeting with the other side first."), code="not_shared")
    if not row.items.standing().exists():
        raise ValidationError(_("Put something on the agenda first."), code="no_agenda")
    row.begun_at = at
    row.save(update_fields=["begun_at"])
    record_change(meeting_fact(row, Act.MEETING_BEGUN, by, {}, {"name": row.name}), by=by, at=at)


@transaction.atomic
def agree_to_close(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Agree for the own side that the record holds; with the last side's word the meeting is closed and frozen.

    Codes of refusal: closed, not_begun.
    """
    row = locked_meeting(meeting, by)
    if not row.begun_at:
        raise ValidationError(_("The meeting has not begun."), code="not_begun")
    _consent, is_new = CloseConsent.objects.get_or_create(
        meeting=row, party=by.body.party, defaults={"by": by, "at": at}
    )
    if is_new:
        record_change(meeting_fact(row, Act.MEETING_AGREED, by, {}, {"name": row.name}), by=by, at=at)
    bound = set(row.statement.adoptions.values_list("party", flat=True))
    given = set(row.consents.values_list("party", flat=True))
    if bound <= given or may_report_for_others(by):
        _close(row, by=by, at=at)


def withdraw_consents(meeting: Meeting) -> None:
    """What is entered after a side's consent was not what it consented to."""
    meeting.consents.all().delete()


def _close(meeting: Meeting, *, by: User, at: datetime) -> None:
    """Freeze it: the dossier over the agenda with its hash, the digest of the record; then the triggers hold."""
    commitments = Commitment.objects.filter(agenda_items__in=meeting.items.standing())
    made = dossier(
        meeting.statement,
        commitments,
        edition=None,
        scope=_("Agenda: %(meeting)s") % {"meeting": meeting.name},
        at=at,
        today=at.astimezone(timezone.get_current_timezone()).date(),
    )
    content = dossier_pdf(made)
    FrozenDossier.objects.create(
        meeting=meeting,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        language=(get_language() or "en").partition("-")[0],
        made_at=at,
    )
    if following := _following(meeting):
        carry_over(meeting, following, by=by, at=at)
    meeting.record_sha256 = record_digest(meeting)
    meeting.closed_at = at
    meeting.save(update_fields=["record_sha256", "closed_at"])
    after = {"name": meeting.name, "sha256": meeting.record_sha256, "dossier": meeting.dossier.sha256}
    record_change(meeting_fact(meeting, Act.MEETING_CLOSED, by, {}, after), by=by, at=at)


def _following(meeting: Meeting) -> Meeting | None:
    """The next meeting of the joint body that both sides know of already."""
    rows = Meeting.objects.planned().filter(
        statement=meeting.statement, joint_body=meeting.joint_body, shared_at__isnull=False
    )
    return rows.in_order().first()


def carry_over(previous: Meeting, meeting: Meeting, *, by: User, at: datetime) -> None:
    """Put what the previous meeting carried over on the agenda, with its criteria."""
    held = set(meeting.items.standing().values_list("commitment", flat=True))
    items = [
        AgendaItem(
            meeting=meeting, commitment=item.commitment, criterion=item.criterion, carried_from=item, added_at=at
        )
        for item in previous.items.standing().filter(carries_over=True).select_related("commitment")
        if item.commitment_id not in held
    ]
    for item in items:
        item.save()
    after = {"name": meeting.name}
    record_changes(
        [meeting_fact(meeting, Act.AGENDA_ADDED, by, {}, after, item.commitment) for item in items], by=by, at=at
    )


def locked_meeting(meeting: Meeting, by: User) -> Meeting:
    """The meeting as it stands now, locked, for a coordinator who may run it; a closed one is over."""
    rows = Meeting.objects.select_for_update(of=["self"]).select_related("statement", "party")
    row = rows.defer("statement__text").get(pk=meeting.pk)
    if not may_run_meeting(by, row):
        raise PermissionDenied
    refuse_if_over(row)
    return row


def refuse_if_over(meeting: Meeting) -> None:
    if meeting.closed_at or meeting.called_off_at:
        raise ValidationError(_("This meeting is over: nothing of it changes any more."), code="closed")


def meeting_fact(
    meeting: Meeting,
    act: Act,
    by: User,
    before: dict[str, Any],
    after: dict[str, Any],
    commitment: Commitment | None = None,
) -> Fact:
    """A fact about a meeting: of the own side alone until the meeting is shared."""
    return Fact(
        act,
        before,
        {"meeting": meeting.pk, **after},
        visibility=Visibility.BOTH if meeting.is_shared else Visibility.OWN,
        statement=meeting.statement,
        commitment=commitment,
        party=by.body.party,
    )


def _checked(facts: MeetingFacts) -> dict[str, Any]:
    columns = facts.columns
    if not columns["name"] or not columns["joint_body"]:
        raise ValidationError(_("Name the joint body and the meeting."), code="no_name")
    if max(len(columns[name]) for name in ("joint_body", "name", "place")) > LONGEST:
        raise ValidationError(_("Keep it under %(limit)s characters."), code="too_long", params={"limit": LONGEST})
    return columns


def _told(columns: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value := columns[name], date) else value for name in names}
