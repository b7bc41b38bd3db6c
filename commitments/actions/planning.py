"""Planning: what is to be said becomes rows, a function of the state and the clock alone.

Run hourly, daily or after three dead days it makes the same reminders: each is known by assignment, person, kind,
anchor and seq, and is made once. Nothing here sends anything.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Window as Over
from django.db.models.functions import FirstValue
from django.utils.translation import gettext as _

from commitments.domain.reminders import (
    CANNOT_BE_SWITCHED_OFF,
    FAMILIES,
    SAME_DAY,
    Occurrence,
    Rule,
    Window,
    deadline_occurrences,
    stage,
    update_occurrences,
)
from commitments.mail.envelope import message_id
from commitments.models import many
from commitments.models.outbox import MailState, OutgoingMail
from commitments.models.person import User
from commitments.models.reminder import PlannerState, Reminder, ReminderState
from commitments.queries import happenings, planning
from commitments.queries.planning import UNTOUCHED, Clock, Ground, Part, Person, Rhythm

PLANNING_LOCK = 7_201_426  # any number; names the advisory lock of planning on PostgreSQL
BACKWARDS = timedelta(minutes=5)
FORWARDS = timedelta(days=35)
TAKEN_UP_WITHIN = timedelta(days=3)  # what was dropped longer ago is not news any more
STAGES = {kind: (number, stage(kind, 0)[0]) for number, kinds in enumerate(FAMILIES) for kind in kinds}
FAMILY = Case(*(When(kind=kind, then=number) for kind, (number, _stage) in STAGES.items()))
STAGE = Case(*(When(kind=kind, then=place) for kind, (_family, place) in STAGES.items()))


@dataclass
class Planned:
    """What one planning did."""

    reminders: int = 0
    superseded: int = 0
    mails: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


class ClockJumpedError(Exception):
    """The clock stands where it cannot be; nothing is planned until somebody has looked (or `--force`)."""


def plan_reminders(now: datetime, *, on: date | None = None, force: bool = False) -> Planned | None:
    """Make the rows for all that is due by now (or on a day chosen by hand) and put them into mails.

    None where another planning is under way. Raises ClockJumpedError when the clock has gone back more than
    five minutes or ahead more than 35 days since the last planning, unless forced.
    """
    trouble = "" if force or on else _clock_trouble(now)
    if trouble:
        PlannerState.objects.filter(pk=1).update(alarm=trouble, alarm_at=now)
        raise ClockJumpedError(trouble)
    with transaction.atomic():
        if not _take_lock():
            return None
        state = PlannerState.objects.get(pk=1)
        planned = _plan(Clock(now, state.last_ok_at, on))
        if on is None:
            PlannerState.objects.filter(pk=1).update(last_ok_at=now, alarm="", alarm_at=None)
        return planned


def _clock_trouble(now: datetime) -> str:
    """What is wrong with the clock, in words; empty where nothing is."""
    last = PlannerState.objects.get(pk=1).last_ok_at
    if last and now < last - BACKWARDS:
        return _("The clock has gone back: the last planning was at %(last)s.") % {"last": last.isoformat()}
    if last and now > last + FORWARDS:
        return _("The clock is more than %(days)s days after the last planning at %(last)s.") % {
            "days": FORWARDS.days,
            "last": last.isoformat(),
        }
    return ""


def _take_lock() -> bool:
    """Whether this transaction may plan; on SQLite an immediate transaction is alone already."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PLANNING_LOCK])
        return cursor.fetchone()[0]


def _plan(clock: Clock) -> Planned:
    ground = planning.ground(clock)
    planned = Planned()
    _hold_open_mails()
    planned.dropped = drop_stale(Reminder.objects.filter(planning.changeable()))
    planned.reminders = many.insert(Reminder, _new_reminders(ground))
    planned.reminders += _take_up_again(clock)
    planned.superseded = _collapse() if planned.reminders else 0  # nothing new leaves nothing to replace
    overdue = _fold_earlier_mails(ground)
    _tell_who_is_there(ground)
    planned.mails = _fill_mails(ground, overdue)
    _cancel_empty_mails()
    return planned


def _hold_open_mails() -> None:
    """Lock the mails that may be changed, so that no sender takes one with half of its reminders."""
    mails = OutgoingMail.objects.filter(state__in=UNTOUCHED).order_by("pk")
    list(mails.select_for_update().values_list("pk", flat=True))


def drop_stale(reminders: QuerySet[Reminder]) -> Counter[str]:
    """Take back what need not be said any more, each with its reason; gives how many for which."""
    stale = dict(reminders.order_by().annotate(why=_why()).filter(why__isnull=False).values_list("pk", "why"))
    if stale:
        many.update(Reminder, "reason", stale, state=ReminderState.DROPPED, mail=None)
    return Counter(stale.values())


def _take_up_again(clock: Clock) -> int:
    """What was taken back lately for a reason that has passed is said after all; gives how many.

    A date was moved and moved back, an answer undone, an officer named again.
    """
    since = clock.now.date() - TAKEN_UP_WITHIN
    dropped = Reminder.objects.filter(state=ReminderState.DROPPED, reason__in=planning.PASSING, day__gte=since)
    again = list(dropped.order_by().annotate(why=_why()).filter(why__isnull=True).values_list("pk", flat=True))
    if again:
        rows = Reminder.objects.filter(pk__in=many.listed(Reminder, again))
        rows.update(state=ReminderState.PLANNED, reason="")
    return len(again)


def _why() -> Case:
    """The reason why a reminder is not said any more; null where it still is."""
    return Case(*(When(condition, then=Value(reason)) for reason, condition in planning.stale()))


# What is due


def _new_reminders(ground: Ground) -> Iterator[Reminder]:
    """Every reminder that is due by the clock and not there yet."""
    known, first_told = planning.current_keys(), planning.first_tellings()
    windows = {person.pk: ground.window_of(person) for person in ground.people.by_pk.values()}
    latest = max((window.until for window in windows.values()), default=ground.clock.now.date())
    rules = {pk: ground.rules_for(person, windows[pk].until) for pk, person in ground.people.by_pk.items()}
    for part in planning.parts(ground, latest):
        for person in ground.people.audience(part):
            window = windows[person.pk]
            told = first_told.get((part.pk, person.pk))
            for occurrence in _occurrences(ground, part, rules[person.pk], window, told):
                key = (part.pk, person.pk, occurrence.kind, occurrence.anchor_on, occurrence.seq, None)
                if key not in known:
                    known.add(key)
                    yield _reminder(ground, part.pk, person, occurrence, window)
    for step, person, occurrence in planning.step_occurrences(ground, windows, rules, latest):
        key = (step.part_pk, person.pk, occurrence.kind, occurrence.anchor_on, occurrence.seq, step.pk)
        if key not in known:
            yield _reminder(ground, step.part_pk, person, occurrence, windows[person.pk], step.pk)
    for part_pk, person, occurrence in happenings.all_of(ground, windows):
        yield _reminder(ground, part_pk, person, occurrence, windows[person.pk])


def _occurrences(
    ground: Ground, part: Part, rules: list[Rule], window: Window, first_told_on: date | None
) -> Iterator[Occurrence]:
    workdays = ground.workdays[part.party_id]
    yield from deadline_occurrences(rules, part.facts, workdays, window)
    yield from update_occurrences(rules, part.facts, workdays, window, first_told_on)


def _reminder(
    ground: Ground,
    part_pk: int | None,
    person: Person,
    occurrence: Occurrence,
    window: Window,
    step_pk: int | None = None,
) -> Reminder:
    return Reminder(
        kind=occurrence.kind,
        assignment_id=part_pk,
        milestone_id=step_pk,
        person_id=person.pk,
        recipient_id=ground.people.stand_in(person, window.until).pk,
        anchor_on=occurrence.anchor_on,
        seq=occurrence.seq,
        day=window.told(occurrence.day),
        planned_at=ground.clock.now,
    )


# What of it is said, and in which mail


def _collapse() -> int:
    """Of several stages that wait for the same person on the same part or milestone only the latest is said."""
    latest = Over(
        FirstValue("pk"),
        partition_by=["assignment", "milestone", "recipient", FAMILY],
        order_by=[STAGE.desc(), F("anchor_on").desc(), F("seq").desc(), "pk"],
    )
    waiting = Reminder.objects.filter(planning.changeable(), kind__in=list(STAGES), assignment__isnull=False)
    needless = waiting.order_by().annotate(latest=latest).exclude(pk=F("latest")).values_list("pk", "latest")
    return many.update(Reminder, "superseded_by", dict(needless), state=ReminderState.SUPERSEDED, mail=None)


def _fold_earlier_mails(ground: Ground) -> set[int]:
    """What an earlier day's mail was to say and never said goes into today's: one mail after an outage, no flood.

    Gives who waits for it.
    """
    earlier = {
        pk: recipient_id
        for pk, recipient_id, day in _untouched().values_list("pk", "recipient_id", "day")
        if day < _today(ground, recipient_id, day)
    }
    unsaid = Reminder.objects.filter(mail__in=many.listed(OutgoingMail, earlier), state=ReminderState.QUEUED)
    unsaid.update(mail=None, state=ReminderState.PLANNED)
    return set(earlier.values())


def _tell_who_is_there(ground: Ground) -> None:
    """Address what is unsent to the person or, while they are away, to who stands in, whenever that was entered."""
    moved: dict[int, int] = {}
    concerned = Q(person__in=list(ground.people.away)) | ~Q(recipient=F("person"))
    rows = Reminder.objects.filter(planning.changeable()).filter(concerned)
    for pk, person_id, recipient_id in rows.values_list("pk", "person_id", "recipient_id"):
        person = ground.people.by_pk.get(person_id)
        reader = ground.people.stand_in(person, person.calendar_day(ground.clock)) if person else None
        if reader and reader.pk != recipient_id:
            moved[pk] = reader.pk
    many.update(Reminder, "recipient", moved, mail=None, state=ReminderState.PLANNED)


def _fill_mails(ground: Ground, overdue: set[int]) -> int:
    """Put what waits into one mail for each person and day; gives the number of new mails.

    `overdue` are those whose mail of an earlier day never went.
    """
    waiting = _waiting(ground)
    days = {pk: _today(ground, pk, ground.clock.now.date()) for pk in waiting}
    made, had, open_mails = _mails_of(days)
    new = [
        _mail(pk, days[pk], made[pk], ground.clock.now)
        for pk, kinds in waiting.items()
        if pk not in open_mails
        and (_goes_today(ground, pk, days[pk], kinds, had=pk in had) or (pk in overdue and pk not in had))
    ]
    many.insert(OutgoingMail, new)
    ready = open_mails | {mail.recipient_id for mail in new}
    for day, recipients in _by_window(ground, ready).items():
        _attach(recipients, day)
    _move_on(ground)
    return len(new)


def _waiting(ground: Ground) -> dict[int, set[str]]:
    """The kinds that wait to be said now, by who is told; what rests is not among them."""
    rows = Reminder.objects.filter(state=ReminderState.PLANNED).order_by()
    found: dict[int, set[str]] = defaultdict(set)
    for day, recipients in _by_window(ground, rows.values_list("recipient_id", flat=True).distinct()).items():
        theirs = set(recipients)
        for recipient_id, kind in rows.exclude(planning.held(day)).values_list("recipient_id", "kind").distinct():
            if recipient_id in theirs:
                found[recipient_id].add(kind)
    return found


def _by_window(ground: Ground, recipients: Iterable[int]) -> dict[date, list[int]]:
    """The people by the day that it is for them: two days, three at most, round the world."""
    found: dict[date, list[int]] = defaultdict(list)
    for pk in sorted(recipients):
        person = ground.people.by_pk.get(pk)
        found[person.window(ground.clock).until if person else ground.clock.now.date()].append(pk)
    return found


def _move_on(ground: Ground) -> None:
    """What is held back by wish, or because today's mail has gone, is for tomorrow, and not late when it is said then.

    In an outage nothing moves, so what that delays still names the day on which it should have come.
    """
    people: dict[date, list[int]] = defaultdict(list)
    for person in ground.people.by_pk.values():
        people[person.mail_day(ground.clock)].append(person.pk)
    for today, pks in people.items():
        left = Reminder.objects.filter(state=ReminderState.PLANNED, recipient__in=many.listed(User, pks))
        left.filter(day__lte=today).update(day=today + timedelta(days=1))


def _mails_of(days: dict[int, date]) -> tuple[Counter[int], set[int], set[int]]:
    """How many mails were made for each person today, who has had one, and who has one that is still open.

    A mail that was not needed any more was never sent, so the day's mail is still to come.
    """
    made: Counter[int] = Counter()
    had, open_mails = set(), set()
    rows = OutgoingMail.objects.filter(recipient__in=many.listed(User, days), day__in=set(days.values()))
    for recipient_id, day, state, resend in rows.values_list("recipient_id", "day", "state", "resend_of_id"):
        if day == days[recipient_id]:
            made[recipient_id] += 1
            if state != MailState.CANCELLED:
                had.add(recipient_id)
            if state in UNTOUCHED and resend is None:
                open_mails.add(recipient_id)
    return made, had, open_mails


def _goes_today(ground: Ground, pk: int, today: date, kinds: set[str], *, had: bool) -> bool:
    """Whether the person gets a mail now: one a day, another only for a last day, or for who wants all at once.

    On a day off nothing goes but a last day; the weekly mail goes once a week, and at once for what cannot be
    switched off.
    """
    if SAME_DAY & kinds:
        return True
    person = ground.people.by_pk.get(pk)
    if person is None:
        return not had
    if ground.workdays[person.party_id].is_day_off(today):
        return False
    if person.rhythm == Rhythm.WEEKLY and not CANNOT_BE_SWITCHED_OFF & kinds:
        return not had and _is_weekly_day(ground, person)
    return not had or person.rhythm == Rhythm.IMMEDIATE


def _is_weekly_day(ground: Ground, person: Person) -> bool:
    """Whether this planning covers the week's first working day: that day itself, or one after an outage."""
    window = person.window(ground.clock)
    monday = window.until - timedelta(days=window.until.weekday())
    first = ground.workdays[person.party_id].next_workday(monday, 7)
    return window.since(0) <= first <= window.until


def _mail(recipient_id: int, day: date, number: int, now: datetime) -> OutgoingMail:
    key = uuid.uuid4()
    return OutgoingMail(
        id=key,
        recipient_id=recipient_id,
        day=day,
        number=number,
        message_id=message_id(key),
        created_at=now,
        available_at=now,
    )


def _attach(recipients: list[int], day: date) -> None:
    """Put what these people wait for into their mails; what rests on this day stays out."""
    mail = _untouched().filter(recipient=OuterRef("recipient_id")).order_by("-day", "-number")
    waiting = Reminder.objects.filter(state=ReminderState.PLANNED, recipient__in=many.listed(User, recipients))
    waiting.exclude(planning.held(day)).filter(Exists(mail)).update(
        state=ReminderState.QUEUED, mail=Subquery(mail.values("pk")[:1])
    )


def _cancel_empty_mails() -> None:
    """A mail with nothing left to say is not needed."""
    _untouched().filter(~Exists(Reminder.objects.filter(mail=OuterRef("pk")))).update(state=MailState.CANCELLED)


def _untouched() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state__in=UNTOUCHED, resend_of=None)


def _today(ground: Ground, pk: int, otherwise: date) -> date:
    """The person's day for this planning; someone no longer active keeps the day there was."""
    person = ground.people.by_pk.get(pk)
    return person.mail_day(ground.clock) if person else otherwise
