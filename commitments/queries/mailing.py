"""What a mail is made of: its reader, and for each commitment the reasons why it is in the mail."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from commitments.domain.codes import Status
from commitments.domain.deadlines import Deadline
from commitments.domain.reminders import COUNTS_AS_ASKED, ReminderKind, urgency
from commitments.models.commitment import Assignment
from commitments.models.conditions import is_overdue, unsettled, update_is_due
from commitments.models.datechange import DateChange, DateChangeState, DateDecision
from commitments.models.milestone import Milestone
from commitments.models.outbox import OutgoingMail
from commitments.models.party import Body
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.reminder import Reminder, ReminderState
from commitments.models.update_request import UpdateRequest
from commitments.queries.deadline import DatedCommitment, with_moves

SOON_DAYS = 30  # as the list's filter of the same name
DATES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a commitment is in the mail, or a milestone of it.

    `instead_of` names whom it concerns where the mail goes to somebody else.
    """

    kind: ReminderKind
    day: date
    seq: int
    anchor_on: date
    instead_of: str = ""
    milestone: Milestone | None = None


@dataclass(frozen=True, slots=True)
class SaidChange:
    """A proposed or decided date as the reader may know it: why it is proposed, and who declined in which words."""

    change: DateChange
    reason: str
    refusal: DateDecision | None


@dataclass(slots=True)
class Entry:
    """One side's part in one commitment, and the reasons to write about it, most urgent first.

    What the reasons tell of stands beside them, by its key: the number of the occurrence.
    """

    assignment: Assignment
    reasons: list[Reason] = field(default_factory=list)
    told_on: list[date] = field(default_factory=list)
    told_whom: list[str] = field(default_factory=list)
    notes: dict[int, ProgressNote] = field(default_factory=dict)
    requests: dict[int, UpdateRequest] = field(default_factory=dict)
    changes: dict[int, SaidChange] = field(default_factory=dict)

    @property
    def deadline(self) -> Deadline | None:
        return self.assignment.commitment.deadline

    @property
    def status(self) -> Status:
        return Status(self.assignment.status)


@dataclass(frozen=True, slots=True)
class Digest:
    """A week's figures for one body or one side; `rows` are the filters of the list that shows what they count."""

    kind: ReminderKind
    body: Body
    rows: dict[str, str]
    parts: int
    overdue: int
    update_due: int
    due_soon: int
    without_officer: int
    next_dates: list[Assignment]

    @property
    def name(self) -> str:
        """Of the body or the side, in the language that is spoken when it is asked for."""
        return self.body.name if self.kind == ReminderKind.BODY_DIGEST else str(self.body.party)


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that one mail says, before it is put into words."""

    mail: OutgoingMail
    reader: User
    zone: ZoneInfo
    today: date
    entries: list[Entry]
    digests: list[Digest]
    new_dates: list[DatedCommitment]
    own_digests: list[str]  # the kinds that are the reader's own to stop, not those of somebody away


def letter(mail: OutgoingMail, reminders: list[Reminder], now: datetime) -> Letter:
    """The content of a mail from its reminders; the day is the reader's, never before the mail's own."""
    reader = mail.recipient
    party = reader.body.party if reader.body else None
    zone = ZoneInfo(reader.time_zone or (party.time_zone if party else "") or settings.TIME_ZONE)
    today = max(mail.day, now.astimezone(zone).date())
    about_parts = [row for row in reminders if row.assignment_id]
    entries = _entries(about_parts, reader, zone, mail.day)
    told = {entry.assignment.commitment_id for entry in entries}
    digests = [_digest(row, today, told) for row in reminders if not row.assignment_id]
    dated = [entry.assignment.commitment for entry in entries if _has_a_new_date(entry)]
    new_dates = with_moves(dated) if dated else []
    own_digests = [row.kind for row in reminders if not row.assignment_id and row.person_id == reader.pk]
    return Letter(mail, reader, zone, today, entries, digests, new_dates, own_digests)


def _has_a_new_date(entry: Entry) -> bool:
    """Whether the reader's calendar does not know the date yet: it was moved, or it is theirs from now on."""
    made = any(said.change.state == DateChangeState.MADE for said in entry.changes.values())
    return made or any(reason.kind == ReminderKind.ASSIGNED for reason in entry.reasons)


def _entries(reminders: list[Reminder], reader: User, zone: ZoneInfo, day: date) -> list[Entry]:
    entries: dict[int, Entry] = {}
    for row in sorted(reminders, key=lambda row: urgency(ReminderKind(row.kind), row.seq, row.anchor_on)):
        entry = entries.setdefault(row.assignment_id, Entry(row.assignment))
        instead_of = row.person.name if row.person_id != row.recipient_id else ""
        reason = Reason(ReminderKind(row.kind), row.day, row.seq, row.anchor_on, instead_of, row.milestone)
        entry.reasons.append(reason)
    _add_tellings(entries, zone, before=day)
    _add_notes(entries)
    _add_requests(entries)
    _add_changes(entries, reader)
    return list(entries.values())


def _add_tellings(entries: dict[int, Entry], zone: ZoneInfo, *, before: date) -> None:
    """To what is escalated: when whom was reminded of it without an answer, until the day before."""
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
        assignment__in=escalated,
        state=ReminderState.SENT,
        kind__in=COUNTS_AS_ASKED,
        milestone=None,
        mail__day__lt=before,
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


def _told_of(entries: dict[int, Entry], *kinds: ReminderKind) -> dict[int, list[Entry]]:
    """The entries by the key of what their reasons of these kinds tell of."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries.values():
        for reason in entry.reasons:
            if reason.kind in kinds and entry not in found[reason.seq]:
                found[reason.seq].append(entry)
    return found


def _add_notes(entries: dict[int, Entry]) -> None:
    """To what the other side wrote: the notes themselves, as it shares them."""
    wanted = _told_of(entries, ReminderKind.OTHER_SIDE_NOTE)
    for note in ProgressNote.objects.filter(pk__in=wanted, visibility="both") if wanted else ():
        for entry in wanted[note.pk]:
            entry.notes[note.pk] = note


def _add_requests(entries: dict[int, Entry]) -> None:
    """To what a manager asks: the request with its message."""
    wanted = _told_of(entries, ReminderKind.ASKED)
    for request in UpdateRequest.objects.filter(pk__in=wanted).select_related("by") if wanted else ():
        for entry in wanted[request.pk]:
            entry.requests[request.pk] = request


def _add_changes(entries: dict[int, Entry], reader: User) -> None:
    """To a date that is proposed or decided: the proposal, as far as the reader may read it."""
    wanted = _told_of(entries, ReminderKind.DATE_PROPOSED, ReminderKind.DATE_DECIDED)
    if not wanted:
        return
    rows = DateChange.objects.filter(pk__in=wanted).visible_to(reader).select_related("party", "by")
    for change in rows.prefetch_related("decisions__party"):
        readable = [row for row in change.decisions.all() if change.is_open_to_all or row.party_id == reader.party_id]
        own_words = next((row.words for row in readable if row.agrees and row.party_id == change.party_id), "")
        refusal = next((row for row in readable if not row.agrees), None)
        said = SaidChange(change, change.reason_for(reader) or own_words, refusal)
        for entry in wanted[change.pk]:
            entry.changes[change.pk] = said


def _digest(row: Reminder, today: date, told: set[int]) -> Digest:
    """The figures of the person's body, or of their side: by the conditions of the list's own filters.

    `told` are the commitments that the mail names already: no date stands in it twice.
    """
    person, body = row.person, row.person.body
    chosen, filters = Q(party=body.party_id), {"side": body.party.code}
    if row.kind == ReminderKind.BODY_DIGEST:
        chosen, filters = chosen & Q(lead=body.pk), {**filters, "lead": body.code}
    parts = Assignment.objects.visible_to(person).filter(chosen)
    is_due_soon = unsettled() & Q(commitment__due_on__range=(today, today + timedelta(days=SOON_DAYS)))
    figures = parts.aggregate(
        parts=Count("pk"),
        overdue=Count("pk", filter=is_overdue(today)),
        update_due=Count("pk", filter=update_is_due(person, today)),
        due_soon=Count("pk", filter=is_due_soon),
        without_officer=Count("pk", filter=Q(officer=None)),
    )
    coming = parts.filter(unsettled(), commitment__due_on__gte=today).order_by("commitment__due_on", "pk")
    coming = coming.exclude(commitment__in=told).select_related(
        "commitment__statement", "commitment__paragraph", "party"
    )
    next_dates = list(coming[:DATES_SHOWN])
    told.update(part.commitment_id for part in next_dates)
    return Digest(ReminderKind(row.kind), body, filters, **figures, next_dates=next_dates)
