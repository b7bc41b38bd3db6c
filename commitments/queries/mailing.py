"""What a mail is made of: its reader, and for each commitment the reasons why it is in the mail."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from commitments.domain.codes import Status
from commitments.domain.deadlines import Deadline
from commitments.domain.reminders import COUNTS_AS_ASKED, ReminderKind, urgency
from commitments.models.commitment import Assignment
from commitments.models.outbox import OutgoingMail
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.reminder import Reminder, ReminderState


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a commitment is in the mail; `person` is set where the mail goes to somebody else than whom it concerns."""

    kind: ReminderKind
    day: date
    seq: int
    anchor_on: date
    instead_of: str = ""


@dataclass(slots=True)
class Entry:
    """One side's part in one commitment, and the reasons to write about it, most urgent first."""

    assignment: Assignment
    reasons: list[Reason] = field(default_factory=list)
    told_on: list[date] = field(default_factory=list)
    told_whom: list[str] = field(default_factory=list)
    note: ProgressNote | None = None

    @property
    def deadline(self) -> Deadline | None:
        return self.assignment.commitment.deadline

    @property
    def status(self) -> Status:
        return Status(self.assignment.status)


@dataclass(frozen=True, slots=True)
class Digest:
    """A week's figures for one body or one side; each names what it counts."""

    kind: ReminderKind
    name: str
    parts: int
    overdue: int
    update_due: int
    without_officer: int
    due_soon: list[Assignment]


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one mail says, before it is put into words."""

    mail: OutgoingMail
    reader: User
    zone: ZoneInfo
    today: date
    entries: list[Entry]
    digests: list[Digest]


def letter(mail: OutgoingMail, reminders: list[Reminder], now: datetime) -> Letter:
    """The content of a mail from its reminders; the day is the reader's, never before the mail's own."""
    reader = mail.recipient
    party = reader.body.party if reader.body else None
    zone = ZoneInfo(reader.time_zone or (party.time_zone if party else "") or settings.TIME_ZONE)
    today = max(mail.day, now.astimezone(zone).date())
    about_parts = [row for row in reminders if row.assignment_id]
    digests = [_digest(row, today) for row in reminders if not row.assignment_id]
    return Letter(mail, reader, zone, today, _entries(about_parts, zone), digests)


def _entries(reminders: list[Reminder], zone: ZoneInfo) -> list[Entry]:
    entries: dict[int, Entry] = {}
    for row in sorted(reminders, key=lambda row: urgency(ReminderKind(row.kind), row.seq, row.anchor_on)):
        entry = entries.setdefault(row.assignment_id, Entry(row.assignment))
        instead_of = row.person.name if row.person_id != row.recipient_id else ""
        entry.reasons.append(Reason(ReminderKind(row.kind), row.day, row.seq, row.anchor_on, instead_of))
    _add_tellings(entries, zone)
    _add_notes(entries)
    return list(entries.values())


def _add_tellings(entries: dict[int, Entry], zone: ZoneInfo) -> None:
    """To what is escalated: when whom was reminded of it without an answer."""
    escalated = [
        pk
        for pk, entry in entries.items()
        if any(
            reason.kind in (ReminderKind.ESCALATION_MANAGER, ReminderKind.ESCALATION_COORDINATOR)
            for reason in entry.reasons
        )
    ]
    if not escalated:
        return
    tellings = Reminder.objects.filter(
        assignment__in=escalated, state=ReminderState.SENT, kind__in=COUNTS_AS_ASKED
    ).order_by("mail__sent_at")
    days = defaultdict(dict)
    names = defaultdict(dict)
    for row in tellings.select_related("person", "mail", "assignment"):
        answered_at = row.assignment.last_word_at
        if answered_at is None or answered_at < row.mail.sent_at:
            days[row.assignment_id][row.mail.sent_at.astimezone(zone).date()] = None
            names[row.assignment_id][row.person.name] = None
    for pk in escalated:
        entries[pk].told_on = list(days[pk])
        entries[pk].told_whom = list(names[pk])


def _add_notes(entries: dict[int, Entry]) -> None:
    """To what the other side wrote: the note itself, as it shares it."""
    wanted = {
        reason.seq: entry
        for entry in entries.values()
        for reason in entry.reasons
        if reason.kind == ReminderKind.OTHER_SIDE_NOTE
    }
    for note in ProgressNote.objects.filter(pk__in=wanted, visibility="both").select_related("by__body"):
        wanted[note.pk].note = note


def _digest(row: Reminder, today: date) -> Digest:
    """The figures of the reader's body, or of their side."""
    body = row.person.body
    if row.kind == ReminderKind.BODY_DIGEST:
        name, rows = body.name, Assignment.objects.filter(lead=body)
    else:
        name, rows = str(body.party), Assignment.objects.filter(party=body.party)
    overdue = Assignment.objects.overdue(today)
    figures = rows.aggregate(
        parts=Count("pk"),
        overdue=Count("pk", filter=Q(pk__in=overdue)),
        update_due=Count("pk", filter=Q(update_due_on__lte=today)),
        without_officer=Count("pk", filter=Q(officer=None)),
    )
    soon = Assignment.objects.open().filter(pk__in=rows, commitment__due_on__gte=today)
    soon = soon.select_related("commitment__statement", "commitment__paragraph", "party")
    return Digest(ReminderKind(row.kind), name, **figures, due_soon=list(soon.order_by("commitment__due_on")[:5]))
