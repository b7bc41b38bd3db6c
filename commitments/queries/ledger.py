"""The ledger: who was told what and when, what failed and why, and what the next days will bring."""

import email
import email.policy
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain

from django.db.models import Prefetch, QuerySet

from commitments.domain.reminders import (
    ASKS,
    Occurrence,
    ReminderKind,
    Rule,
    Window,
    deadline_occurrences,
    update_occurrences,
    urgency,
)
from commitments.models.commitment import Assignment
from commitments.models.milestone import Milestone
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
    milestone: Milestone | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """An occurrence with whom and what it concerns."""

    part_pk: int
    step_pk: int | None
    person_pk: int
    occurrence: Occurrence


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
    about = Reminder.objects.select_related("assignment__commitment__statement", "milestone", "person")
    return mails.select_related("recipient__body__party").prefetch_related(Prefetch("reminders", about))


def mail_line(mail: OutgoingMail) -> MailLine:
    """The mail with its reminders, most urgent first."""
    reminders = sorted(mail.reminders.all(), key=lambda row: urgency(ReminderKind(row.kind), row.seq, row.anchor_on))
    asked = [row for row in reminders if row.kind in ASKS and row.state == ReminderState.SENT]
    return MailLine(mail, reminders, len(asked), sum(1 for row in asked if is_answered(row, mail)))


def is_answered(reminder: Reminder, mail: OutgoingMail) -> bool:
    """Whether the side has written a note, or said that there is nothing new, since the mail went out.

    A reminder about a milestone is answered by meeting or dropping it.
    """
    if reminder.milestone:
        return not reminder.milestone.is_open
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
    found: dict[date, dict[int, list[Said]]] = defaultdict(lambda: defaultdict(list))
    known = planning.current_keys()
    for said in _coming(ground, seen, now):
        told = said.occurrence
        key = (said.part_pk, said.person_pk, told.kind, told.anchor_on, told.seq, said.step_pk)
        if key not in known:
            found[told.day][said.person_pk].append(said)
    every = [said for people in found.values() for rows in people.values() for said in rows]
    parts = Assignment.objects.select_related("commitment__statement", "party").in_bulk({row.part_pk for row in every})
    steps = Milestone.objects.in_bulk({row.step_pk for row in every if row.step_pk})
    return [
        ComingDay(day, [ComingMail(seen[pk], _by_urgency(parts, steps, told)) for pk, told in sorted(people.items())])
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


def _coming(ground: planning.Ground, seen: dict[int, User], now: datetime) -> Iterator[Said]:
    first_told = planning.first_tellings()
    today = {pk: person.told_day(now) for pk, person in ground.people.by_pk.items() if pk in seen}
    windows = {pk: Window(day + timedelta(days=PREVIEW_DAYS), day) for pk, day in today.items()}
    if not windows:
        return
    rules = {pk: ground.rules_for(ground.people.by_pk[pk], day) for pk, day in today.items()}
    rests = resting(list(windows), min(today.values()))
    furthest = max(window.until for window in windows.values())
    for part_pk, step_pk, person, occurrence in chain(
        _of_parts(ground, windows, rules, rests, first_told, furthest),
        (
            (step.part_pk, step.pk, person, occurrence)
            for step, person, occurrence in planning.step_occurrences(ground, windows, rules, furthest)
        ),
    ):
        rests_until = rests.get((person.pk, part_pk))
        day = day_said(person, occurrence, ground.workdays[person.party_id], rests_until)
        if today[person.pk] < day <= windows[person.pk].until:
            yield Said(part_pk, step_pk, person.pk, replace(occurrence, day=day))


def _of_parts(
    ground: planning.Ground,
    windows: dict[int, Window],
    rules: dict[int, list[Rule]],
    rests: dict[tuple[int, int], date],
    first_told: dict[tuple[int, int], date],
    furthest: date,
) -> Iterator[tuple[int, None, Person, Occurrence]]:
    """What is to be said about the dates and the updates of parts."""
    for part in planning.parts(ground, furthest):
        workdays = ground.workdays[part.party_id]
        for person in ground.people.audience(part):
            if person.pk not in windows:
                continue
            expected = latest(part.facts.update_due_on, person.paused_until, rests.get((person.pk, part.pk)))
            told = first_told.get((part.pk, person.pk), expected)
            for occurrence in [
                *deadline_occurrences(rules[person.pk], part.facts, workdays, windows[person.pk]),
                *update_occurrences(rules[person.pk], part.facts, workdays, windows[person.pk], told),
            ]:
                yield part.pk, None, person, occurrence


def _by_urgency(parts: dict[int, Assignment], steps: dict[int, Milestone], told: list[Said]) -> list[Coming]:
    rows = sorted(told, key=lambda row: urgency(row.occurrence.kind, row.occurrence.seq, row.occurrence.anchor_on))
    return [
        Coming(
            parts[row.part_pk],
            KindWords(row.occurrence.kind).label,
            row.occurrence.anchor_on,
            steps.get(row.step_pk or 0),
        )
        for row in rows
    ]
