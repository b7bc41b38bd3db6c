"""The ledger: who was told what and when, what failed and why, and what the next days will bring."""

import email
import email.policy
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, QuerySet

from commitments.domain.reminders import (
    ASKS,
    Occurrence,
    ReminderKind,
    Window,
    deadline_occurrences,
    update_occurrences,
    urgency,
)
from commitments.models.commitment import Assignment
from commitments.models.outbox import DEAD_STATES, MailCircuit, MailState, OutgoingMail
from commitments.models.person import User
from commitments.models.reminder import Reminder, ReminderState
from commitments.models.reminder import ReminderKind as KindWords
from commitments.queries import planning
from commitments.queries.planning import Clock, Person
from commitments.queries.wishes import day_said, latest, resting

PREVIEW_DAYS = 30
ILL_MINUTES = 10
READERS_ALONE = "List-Unsubscribe"  # its link acts for the reader: nobody else is shown it


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail, what it is about, and how much of what it asked was answered since."""

    mail: OutgoingMail
    reminders: list[Reminder]
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class Health:
    """What people should know about the sending: each part is empty or None where all is well."""

    ill_since: datetime | None
    words: str
    dead: int


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail as it was sent, opened for reading."""

    headers: list[tuple[str, str]]
    text: str
    html: str
    files: list[str]


@dataclass(frozen=True, slots=True)
class Coming:
    """One reminder of a day to come, if nothing changes until then."""

    assignment: Assignment
    kind: str
    anchor_on: date


@dataclass(frozen=True, slots=True)
class ComingMail:
    person: User
    reminders: list[Coming]


@dataclass(slots=True)
class ComingDay:
    day: date
    mails: list[ComingMail] = field(default_factory=list)


def mails_of(viewer: User) -> QuerySet[OutgoingMail]:
    """The mails that the ledger shows the viewer, newest first; those that were not needed are left out."""
    rows = with_reminders(OutgoingMail.objects.visible_to(viewer).exclude(state=MailState.CANCELLED))
    return rows.defer("raw").order_by("-day", "-created_at", "pk")


def with_reminders(mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """The mails with all that a line about them shows."""
    about = Reminder.objects.select_related("assignment__commitment__statement", "person")
    return mails.select_related("recipient__body__party").prefetch_related(Prefetch("reminders", about))


def mail_line(mail: OutgoingMail) -> MailLine:
    """The mail with its reminders, most urgent first."""
    reminders = sorted(mail.reminders.all(), key=lambda row: urgency(ReminderKind(row.kind), row.seq, row.anchor_on))
    asked = [row for row in reminders if row.kind in ASKS and row.state == ReminderState.SENT]
    return MailLine(mail, reminders, len(asked), sum(1 for row in asked if is_answered(row, mail)))


def is_answered(reminder: Reminder, mail: OutgoingMail) -> bool:
    """Whether the side has written a note, or said that there is nothing new, since the mail went out."""
    last = reminder.assignment.last_word_at if reminder.assignment else None
    return bool(last and mail.sent_at and last > mail.sent_at)


def health(viewer: User, now: datetime) -> Health:
    circuit = MailCircuit.objects.get(pk=1)
    ill = circuit.ill_since and now - circuit.ill_since > timedelta(minutes=ILL_MINUTES)
    dead = OutgoingMail.objects.visible_to(viewer).filter(state__in=DEAD_STATES).count()
    return Health(
        circuit.ill_since if ill else None,
        circuit.words if ill else "",
        dead,
    )


def kept_mail(mail: OutgoingMail) -> KeptMail | None:
    """The mail as it was sent; None where nothing was written yet."""
    if not mail.raw:
        return None
    message = email.message_from_bytes(bytes(mail.raw), policy=email.policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return KeptMail(
        [(name, str(value)) for name, value in message.items() if name != READERS_ALONE],
        text.get_content() if text else "",
        html.get_content() if html else "",
        [part.get_filename("") for part in message.iter_attachments()],
    )


def coming_days(viewer: User, now: datetime) -> list[ComingDay]:
    """What the next 30 days will say to the people whose mails the viewer may see, if nobody answers until then."""
    ground = planning.ground(Clock(now))
    seen = _seen_people(viewer)
    found: dict[date, dict[int, list[tuple[int, Occurrence]]]] = defaultdict(lambda: defaultdict(list))
    known = planning.current_keys()
    for part_pk, person, occurrence in _coming(ground, seen, now):
        if (part_pk, person.pk, occurrence.kind, occurrence.anchor_on, occurrence.seq) not in known:
            found[occurrence.day][person.pk].append((part_pk, occurrence))
    parts = {pk for people in found.values() for rows in people.values() for pk, _ in rows}
    rows = Assignment.objects.select_related("commitment__statement", "party").in_bulk(parts)
    return [
        ComingDay(day, [ComingMail(seen[pk], _by_urgency(rows, told)) for pk, told in sorted(people.items())])
        for day, people in sorted(found.items())
    ]


def _seen_people(viewer: User) -> dict[int, User]:
    people = User.objects.active().select_related("body")
    if viewer.role == "coordinator":
        people = people.filter(body__party=viewer.party_id)
    elif viewer.role == "manager":
        people = people.filter(body=viewer.body_id)
    else:
        people = people.filter(pk=viewer.pk)
    return {person.pk: person for person in people}


def _coming(ground: planning.Ground, seen: dict[int, User], now: datetime) -> Iterator[tuple[int, Person, Occurrence]]:
    first_told = planning.first_tellings()
    today = {pk: person.told_day(now) for pk, person in ground.people.by_pk.items() if pk in seen}
    windows = {pk: Window(day + timedelta(days=PREVIEW_DAYS), day) for pk, day in today.items()}
    if not windows:
        return
    rules = {pk: ground.rules_for(ground.people.by_pk[pk], day) for pk, day in today.items()}
    rests = resting(list(windows), min(today.values()))
    for part in planning.parts(ground, max(window.until for window in windows.values())):
        workdays = ground.workdays[part.party_id]
        for person in ground.people.audience(part):
            if person.pk not in windows:
                continue
            window = windows[person.pk]
            rests_until = rests.get((person.pk, part.pk))
            expected = latest(part.facts.update_due_on, person.paused_until, rests_until)
            told = first_told.get((part.pk, person.pk), expected)
            for occurrence in [
                *deadline_occurrences(rules[person.pk], part.facts, workdays, window),
                *update_occurrences(rules[person.pk], part.facts, workdays, window, told),
            ]:
                day = day_said(person, occurrence, ground.workdays[person.party_id], rests_until)
                if today[person.pk] < day <= window.until:
                    yield part.pk, person, replace(occurrence, day=day)


def _by_urgency(rows: dict[int, Assignment], told: list[tuple[int, Occurrence]]) -> list[Coming]:
    told = sorted(told, key=lambda entry: urgency(entry[1].kind, entry[1].seq, entry[1].anchor_on))
    return [Coming(rows[pk], KindWords(said.kind).label, said.anchor_on) for pk, said in told]
