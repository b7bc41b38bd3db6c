"""What planning reads: the people who are told, whom each assignment concerns, and what is stale."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from commitments.domain.codes import Precision, Role, Status
from commitments.domain.deadlines import ENDED, SETTLED
from commitments.domain.reminders import (
    ASKS,
    CANNOT_BE_SWITCHED_OFF,
    DEADLINE_KINDS,
    DIGESTS,
    ESCALATIONS,
    LONGEST_SHIFT,
    Facts,
    Occurrence,
    ReminderKind,
    Rule,
    Window,
    date_occurrences,
)
from commitments.domain.workdays import Workdays
from commitments.models.commitment import Assignment
from commitments.models.datechange import DateChange, DateDecision
from commitments.models.milestone import Milestone
from commitments.models.outbox import MailState
from commitments.models.person import User
from commitments.models.reminder import Absence, DropReason, Reminder, ReminderPreference, ReminderRule, ReminderState
from commitments.models.snooze import Snooze
from commitments.models.update_request import UpdateRequest
from commitments.queries.calendars import workdays_by_party

PASSING = [  # reasons to say nothing that may pass again
    DropReason.INACTIVE,
    DropReason.NOT_VISIBLE,
    DropReason.CLOSED,
    DropReason.ANSWERED,
    DropReason.WITHDRAWN,
    DropReason.DATE_MOVED,
    DropReason.OWNER_CHANGED,
]
UNTOUCHED = [MailState.PENDING, MailState.RETRY]  # no mail server can have kept these
Rhythm = ReminderPreference.Rhythm
PREFERENCE = ("hour", "rhythm", "kinds_off", "lead_days", "paused_until")


@dataclass(frozen=True, slots=True)
class Clock:
    """When planning is done: `now`, or on a day chosen by hand."""

    now: datetime
    last_ok_at: datetime | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may be told, with the preferences that hold for them."""

    pk: int
    body_id: int
    party_id: int
    role: Role
    zone: ZoneInfo
    hour: int = 8
    rhythm: str = Rhythm.DAILY
    kinds_off: frozenset[str] = frozenset()
    lead_days: dict[str, list[int]] = field(default_factory=dict)
    paused_until: date | None = None

    def told_day(self, moment: datetime) -> date:
        """The last local day whose hour of sending has come."""
        local = moment.astimezone(self.zone)
        return local.date() if local.hour >= self.hour else local.date() - timedelta(days=1)

    def calendar_day(self, clock: Clock) -> date:
        """The day where the person is, which says whether they are away."""
        return clock.on or clock.now.astimezone(self.zone).date()

    def mail_day(self, clock: Clock) -> date:
        """The day of a mail that is made now; who is told at once does not wait for the hour."""
        if clock.on is None and self.rhythm == Rhythm.IMMEDIATE:
            return clock.now.astimezone(self.zone).date()
        return self.window(clock).until

    def window_of_events(self, clock: Clock) -> Window:
        """The days whose events this planning tells the person of."""
        window = self.window(clock)
        return replace(window, until=max(window.until, self.mail_day(clock)))

    def window(self, clock: Clock) -> Window:
        """The days that this planning covers for the person."""
        today = self.told_day(clock.now)
        covered = self.told_day(clock.last_ok_at) if clock.last_ok_at else None
        if clock.on is None:
            return Window(today, covered)
        return Window(clock.on, covered if clock.on <= today else None)


@dataclass(frozen=True, slots=True)
class Part:
    """One side's part in a commitment, with whom it concerns."""

    pk: int
    party_id: int
    lead_id: int | None
    officer_id: int | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone that is open, with whom it concerns: whom the part concerns that it is of."""

    pk: int
    part_pk: int
    party_id: int
    lead_id: int | None
    officer_id: int | None
    due_on: date
    precision: Precision


@dataclass(frozen=True)
class People:
    """All active people of a body, by what they are told for."""

    by_pk: dict[int, Person]
    officers: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    managers: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    coordinators: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    away: dict[int, list[Absence]] = field(default_factory=lambda: defaultdict(list))

    def audience(self, part: Part | Step) -> list[Person]:
        return self.desk(part.party_id, part.lead_id, part.officer_id)

    def desk(self, party_id: int, lead_id: int | None, officer_id: int | None) -> list[Person]:
        """The desk officer; where none is named, the lead body's officers and the side's coordinators."""
        officer = self.by_pk.get(officer_id or 0)
        if officer and officer.party_id == party_id:
            return [officer]
        return [*self.officers.get(lead_id or 0, []), *self.coordinators.get(party_id, [])]

    def stand_in(self, person: Person, day: date) -> Person:
        """Who is told on the day: the person, or of someone away the deputy, else the manager of the body."""
        absence = next((row for row in self.away.get(person.pk, []) if row.begins_on <= day <= row.ends_on), None)
        if absence is None:
            return person
        deputy = self.by_pk.get(absence.deputy_id or 0)
        candidates = [deputy] if deputy and deputy.party_id == person.party_id else []
        candidates += self.managers.get(person.body_id, []) + self.coordinators.get(person.party_id, [])
        return next((other for other in candidates if other is not person and not self.is_away(other, day)), person)

    def is_away(self, person: Person, day: date) -> bool:
        return any(row.begins_on <= day <= row.ends_on for row in self.away.get(person.pk, []))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a planning stands on: its clock, the rules, the people and their working days."""

    clock: Clock
    rules: list[Rule]
    people: People
    workdays: dict[int, Workdays]

    def window_of(self, person: Person) -> Window:
        """The days that this planning covers; of somebody away by the hour of who reads it, where that is earlier.

        So what is known in the morning stands in the mail of that morning.
        """
        if person.pk not in self.people.away:
            return person.window(self.clock)
        reader = self.people.stand_in(person, person.calendar_day(self.clock))
        return replace(person, hour=min(person.hour, reader.hour)).window(self.clock)

    def rules_for(self, person: Person, today: date) -> list[Rule]:
        """The rules as the person wants them; what cannot be switched off stays."""
        rules = with_own_leads(self.rules, person.lead_days) if person.lead_days else self.rules
        return [rule for rule in rules if not is_unwanted(rule.kind, person, today)]


def with_own_leads(rules: list[Rule], lead_days: dict[str, list[int]]) -> list[Rule]:
    """The rules with a person's own days ahead, for the precisions that have some; the others stay as they are."""
    ahead = [rule for rule in rules if rule.kind == ReminderKind.DEADLINE_AHEAD]
    found = [rule for rule in rules if rule.kind != ReminderKind.DEADLINE_AHEAD]
    for precision in Precision:
        if precision in lead_days:
            found += [Rule(ReminderKind.DEADLINE_AHEAD, -days, precision) for days in lead_days[precision]]
        else:
            found += [replace(rule, precision=precision) for rule in ahead if rule.precision in (None, precision)]
    return found


def is_unwanted(kind: ReminderKind, person: Person, today: date) -> bool:
    """Whether it is not said at all: switched off, or a digest of a week in which the person wants to rest.

    Everything else that comes up in a pause waits for its end.
    """
    if kind in CANNOT_BE_SWITCHED_OFF:
        return False
    is_paused = person.paused_until is not None and today < person.paused_until
    return kind in person.kinds_off or (kind in DIGESTS and is_paused)


def held(today: date) -> Q:
    """Reminders that wait because the reader pauses, or somebody whom they concern has put the part off."""
    pauses = ReminderPreference.objects.filter(person=OuterRef("recipient"), paused_until__gt=today)
    theirs = Q(person=OuterRef("person")) | Q(person=OuterRef("recipient"))
    snoozes = Snooze.objects.filter(theirs, assignment=OuterRef("assignment"), until__gt=today)
    return (Exists(pauses) | Exists(snoozes)) & ~Q(kind__in=CANNOT_BE_SWITCHED_OFF)


def ground(clock: Clock) -> Ground:
    rules = [row.as_rule() for row in ReminderRule.objects.filter(is_active=True)]
    return Ground(clock, rules, people(clock), workdays_by_party(clock.on or clock.now.date()))


def people(clock: Clock) -> People:
    """Everybody active who belongs to a body, and who of them is away around the day."""
    found = People({})
    rows = User.objects.active().filter(body__isnull=False).order_by("pk")
    columns = rows.values_list("pk", "body_id", "body__party_id", "role", "time_zone", "body__party__time_zone")
    wishes = {row[0]: row[1:] for row in ReminderPreference.objects.values_list("person_id", *PREFERENCE)}
    for pk, body_id, party_id, role, zone, party_zone in columns.iterator():
        person = _person(pk, body_id, party_id, Role(role), zone or party_zone, wishes.get(pk))
        found.by_pk[pk] = person
        if role == Role.OFFICER:
            found.officers[body_id].append(person)
        elif role == Role.MANAGER:
            found.managers[body_id].append(person)
        elif role == Role.COORDINATOR:
            found.coordinators[party_id].append(person)
    day = clock.on or clock.now.date()
    near = Absence.objects.filter(begins_on__lte=day + timedelta(days=2), ends_on__gte=day - timedelta(days=2))
    for absence in near:
        found.away[absence.person_id].append(absence)
    return found


def _person(pk: int, body_id: int, party_id: int, role: Role, zone: str, wish: tuple | None) -> Person:
    place = ZoneInfo(zone or settings.TIME_ZONE)
    if wish is None:
        return Person(pk, body_id, party_id, role, place)
    hour, rhythm, kinds_off, lead_days, paused_until = wish
    return Person(pk, body_id, party_id, role, place, hour, rhythm, frozenset(kinds_off), lead_days or {}, paused_until)


def parts(ground: Ground, today: date) -> Iterator[Part]:
    """Every open part that a deadline or a date for the next update may bring up by today."""
    rows = (
        Assignment.objects.open()
        .filter(
            Q(update_due_on__lte=today + timedelta(days=1))
            | (Q(commitment__due_on__lte=horizon(ground, today)) & ~Q(status__in=list(SETTLED)))
        )
        .order_by()
        .values_list(
            "pk", "party_id", "lead_id", "officer_id", "status", "commitment__due_on", "commitment__due_precision",
            "update_due_on",
        )
    )  # fmt: skip
    for pk, party_id, lead_id, officer_id, status, due_on, precision, update_due_on in rows.iterator(chunk_size=2000):
        facts = Facts(Status(status), due_on, Precision(precision) if precision else None, update_due_on)
        yield Part(pk, party_id, lead_id, officer_id, facts)


def steps(ground: Ground, today: date) -> Iterator[Step]:
    """Every open milestone that its date may bring up by today, of parts that are open themselves."""
    rows = Milestone.objects.open().filter(
        due_on__lte=horizon(ground, today), assignment__in=Assignment.objects.open().order_by()
    )
    columns = ("pk", "assignment_id", "assignment__party_id", "assignment__lead_id", "assignment__officer_id")
    rows = rows.order_by().values_list(*columns, "due_on", "due_precision")
    for *keys, due_on, precision in rows.iterator(chunk_size=2000):
        yield Step(*keys, due_on, Precision(precision))


def step_occurrences(
    ground: Ground, windows: dict[int, Window], rules: dict[int, list[Rule]], today: date
) -> Iterator[tuple[Step, Person, Occurrence]]:
    """What is to be said about milestones by today, to those who have a window."""
    for step in steps(ground, today):
        workdays = ground.workdays[step.party_id]
        for person in ground.people.audience(step):
            if window := windows.get(person.pk):
                found = date_occurrences(rules[person.pk], step.due_on, step.precision, workdays, window)
                yield from ((step, person, occurrence) for occurrence in found)


def horizon(ground: Ground, today: date) -> date:
    """The last date of which something can be said by today."""
    furthest = max((-rule.first for rule in ground.rules), default=0)
    own_leads = [days for person in ground.people.by_pk.values() for days in person.lead_days.values()]
    furthest = max([furthest, *(max(days, default=0) for days in own_leads)])
    return today + timedelta(days=furthest + LONGEST_SHIFT)


Key = tuple[int, int, str, date, int, int | None]


def current_keys() -> set[Key]:
    """The reminders that exist already about dates which still hold.

    By (assignment, person, kind, anchor, seq, milestone or None).
    """
    rows = Reminder.objects.filter(
        (of_deadline() & Q(anchor_on=F("assignment__commitment__due_on")))
        | Q(milestone__isnull=False, anchor_on=F("milestone__due_on"))
        | Q(kind=ReminderKind.UPDATE_DUE, anchor_on=F("assignment__update_due_on"))
    )
    columns = ("assignment_id", "person_id", "kind", "anchor_on", "seq", "milestone_id")
    return set(rows.order_by().values_list(*columns).iterator())


def of_deadline() -> Q:
    """Reminders about the date of a commitment, not of a milestone."""
    return Q(kind__in=DEADLINE_KINDS, milestone__isnull=True)


def first_tellings() -> dict[tuple[int, int], date]:
    """The day of the first telling that an update is due, for dates which still hold: by (assignment, person)."""
    rows = Reminder.objects.filter(kind=ReminderKind.UPDATE_DUE, seq=0, anchor_on=F("assignment__update_due_on"))
    columns = rows.order_by().values_list("assignment_id", "person_id", "day")
    return {(assignment, person): day for assignment, person, day in columns.iterator()}


def changeable() -> Q:
    """Unsent, and in no mail that is being handed over or may have arrived."""
    return Q(state=ReminderState.PLANNED) | Q(state=ReminderState.QUEUED, mail__state__in=UNTOUCHED)


def stale() -> list[tuple[DropReason, Q]]:
    """Why a reminder is not said any more, with the condition on its row; the first that holds is its reason."""
    update = Q(kind=ReminderKind.UPDATE_DUE)
    deadline, step = of_deadline(), Q(milestone__isnull=False)
    settled = Q(assignment__status__in=list(SETTLED))
    ended = Q(assignment__status__in=list(ENDED))
    due_holds = Q(assignment__commitment__due_on=F("anchor_on"), assignment__commitment__due_on__isnull=False)
    update_holds = Q(assignment__update_due_on=F("anchor_on"), assignment__update_due_on__isnull=False)
    escalation = Q(kind__in=ESCALATIONS)
    escalated_to_the_desk = escalation & Q(person=F("assignment__officer"))
    asked, proposed = Q(kind=ReminderKind.ASKED), Q(kind=ReminderKind.DATE_PROPOSED)
    requests = UpdateRequest.objects.filter(assignment=OuterRef("assignment"))
    of_the_day = requests.filter(asked_on=OuterRef("anchor_on"))
    is_taken_back = (asked & ~Exists(requests.open().filter(pk=OuterRef("seq")))) | (
        escalation & ~due_holds & ~update_holds & Exists(of_the_day) & ~Exists(of_the_day.open())
    )
    has_moved = escalation & ~due_holds & ~update_holds & ~Exists(of_the_day)
    is_decided = Exists(DateDecision.objects.filter(change=OuterRef("seq"), party=OuterRef("assignment__party")))
    is_open = Exists(DateChange.objects.open().filter(pk=OuterRef("seq")))
    answered = Q(kind__in=ASKS, milestone__isnull=True, assignment__last_word_at__gt=F("planned_at"))
    return [
        (DropReason.INACTIVE, Q(person__is_active=False) | Q(recipient__is_active=False)),
        (DropReason.NOT_VISIBLE, Q(assignment__isnull=False) & ~may_see()),
        (DropReason.CLOSED, (deadline & settled) | (Q(kind__in=ASKS) & ended) | step_is_over()),
        (DropReason.ANSWERED, answered | (proposed & is_decided)),
        (DropReason.WITHDRAWN, is_taken_back | (proposed & ~is_open)),
        (DropReason.DATE_MOVED, (deadline & ~due_holds) | (update & ~update_holds) | step_has_moved() | has_moved),
        (
            DropReason.OWNER_CHANGED,
            ((deadline | update | asked | step) & ~is_audience())
            | escalated_to_the_desk
            | (proposed & ~Q(person__role=Role.COORDINATOR)),
        ),
    ]


def step_is_over() -> Q:
    """The milestone was met or dropped: nothing more is said of it."""
    return Q(milestone__isnull=False) & (Q(milestone__done_on__isnull=False) | Q(milestone__dropped_on__isnull=False))


def step_has_moved() -> Q:
    """The milestone is due on another date: what was planned for the one before is not said any more."""
    return Q(milestone__isnull=False) & ~Q(milestone__due_on=F("anchor_on"))


def may_see() -> Q:
    """The recipient works for the side whose part it is, or is told of what the other side shares."""
    adopted = Exists(
        User.objects.filter(
            pk=OuterRef("recipient_id"),
            body__party__adoptions__statement=OuterRef("assignment__commitment__statement_id"),
        )
    )
    own_side = Q(recipient__body__party=F("assignment__party"))
    return Q(adopted) & (own_side | Q(kind=ReminderKind.OTHER_SIDE_NOTE))


def is_audience() -> Q:
    """The person is the desk officer, or none is named (or the one named cannot be told) and it is theirs as well."""
    officer = Q(person=F("assignment__officer"))
    named = Q(
        assignment__officer__is_active=True,
        assignment__officer__body__party=F("assignment__party"),
    )
    of_lead = Q(person__role=Role.OFFICER, person__body=F("assignment__lead"))
    coordinates = Q(person__role=Role.COORDINATOR, person__body__party=F("assignment__party"))
    return officer | (~named & (of_lead | coordinates))
