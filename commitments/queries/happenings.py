"""What is told because something happened (or did not): escalations, requests, a new desk, notes, digests."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from commitments.domain.codes import Visibility
from commitments.domain.deadlines import SETTLED
from commitments.domain.reminders import (
    COUNTS_AS_ASKED,
    ESCALATIONS,
    Occurrence,
    ReminderKind,
    Rule,
    Window,
    told_on,
)
from commitments.models.commitment import Assignment
from commitments.models.datechange import DateChange, DateChangeState
from commitments.models.history import Act, Change
from commitments.models.progress import ProgressNote
from commitments.models.reminder import Reminder, ReminderState
from commitments.models.update_request import UpdateRequest, UpdateRequestState
from commitments.queries.planning import Ground, People, Person, is_unwanted

Windows = dict[int, Window]
Told = tuple[int | None, Person, Occurrence]
K = ReminderKind


def all_of(ground: Ground, windows: Windows) -> Iterator[Told]:
    """Everything of this kind that is due by the clock and not there yet."""
    found = [*escalations(ground, windows), *asked(ground, windows), *assigned(ground, windows)]
    found += [*proposed_dates(ground, windows), *decided_dates(ground, windows)]
    found += [*other_side_notes(ground, windows), *digests(ground, windows)]
    known = set(_known(found))
    for part_pk, person, occurrence in found:
        key = (part_pk, person.pk, occurrence.kind, occurrence.anchor_on, occurrence.seq)
        if key not in known:
            known.add(key)
            yield part_pk, person, occurrence


def _known(found: list[Told]) -> Iterator[tuple[int | None, int, str, date, int]]:
    if not found:
        return
    kinds = {occurrence.kind for _, _, occurrence in found}
    earliest = min(occurrence.anchor_on for _, _, occurrence in found)
    rows = Reminder.objects.filter(kind__in=kinds, anchor_on__gte=earliest).order_by()
    yield from rows.values_list("assignment_id", "person_id", "kind", "anchor_on", "seq").iterator()


# No answer


@dataclass(frozen=True, slots=True)
class Silence:
    """A part on which somebody was reminded and nobody has answered since `since`."""

    part_pk: int
    party_id: int
    lead_id: int | None
    officer_id: int | None
    anchor_on: date
    since: datetime
    since_day: date
    told: frozenset[int]


def escalations(ground: Ground, windows: Windows) -> Iterator[Told]:
    """Reminders left without an answer: to the managers of the lead body, later to the side's coordinators.

    Days are counted from the day the first of them was really handed over, so an outage of ours escalates nobody.
    A body without a manager goes to the coordinators at once.
    """
    for silence in silences(COUNTS_AS_ASKED):
        managers = [p for p in ground.people.managers.get(silence.lead_id or 0, []) if p.party_id == silence.party_id]
        if managers:
            yield from _escalate(ground, windows, K.ESCALATION_MANAGER, silence, managers, K.ESCALATION_MANAGER)
        else:
            coordinators = ground.people.coordinators.get(silence.party_id, [])
            yield from _escalate(ground, windows, K.ESCALATION_COORDINATOR, silence, coordinators, K.ESCALATION_MANAGER)
    for silence in silences((K.ESCALATION_MANAGER,)):
        coordinators = ground.people.coordinators.get(silence.party_id, [])
        yield from _escalate(ground, windows, K.ESCALATION_COORDINATOR, silence, coordinators, K.ESCALATION_COORDINATOR)


def _escalate(
    ground: Ground, windows: Windows, kind: ReminderKind, silence: Silence, people: list[Person], wait: ReminderKind
) -> Iterator[Told]:
    """Tell those who were not told of it before, once the wait of the rule `wait` is over, on a working day."""
    rule = _rule(ground, wait)
    workdays = ground.workdays[silence.party_id]
    for person in people:
        today = windows[person.pk].until
        if rule is None or person.pk in silence.told or workdays.is_day_off(today):
            continue
        first = max(silence.since.astimezone(person.zone).date(), silence.since_day)
        working = wait == K.ESCALATION_COORDINATOR
        due = workdays.after(first, rule.first) if working else first + timedelta(days=rule.first)
        if due <= today:
            yield silence.part_pk, person, Occurrence(kind, silence.anchor_on, 0, today)


def silences(kinds: tuple[ReminderKind, ...]) -> Iterator[Silence]:
    """Open parts with reminders of these kinds that were sent, about what still holds, and not answered since."""
    unanswered = Q(assignment__last_word_at=None) | Q(assignment__last_word_at__lt=F("mail__sent_at"))
    about_deadline = Q(anchor_on=F("assignment__commitment__due_on")) & ~Q(assignment__status__in=list(SETTLED))
    about_update = Q(anchor_on=F("assignment__update_due_on"))
    open_requests = UpdateRequest.objects.open().filter(assignment=OuterRef("assignment"))
    about_request = (Q(kind=K.ASKED) & Exists(open_requests.filter(pk=OuterRef("seq")))) | (
        Q(kind__in=ESCALATIONS) & Exists(open_requests.filter(asked_on=OuterRef("anchor_on")))
    )
    sent = Reminder.objects.filter(unanswered, state=ReminderState.SENT, kind__in=kinds, milestone=None).order_by()
    sent = sent.filter(assignment__in=Assignment.objects.open())
    moments = {"since": Min("mail__sent_at"), "since_day": Min("mail__day")}
    columns = ("assignment_id", "assignment__party_id", "assignment__lead_id", "assignment__officer_id")
    dated = sent.filter(about_deadline | about_update).values_list("assignment_id", "anchor_on").annotate(**moments)
    is_open = Q(assignment__update_requests__state=UpdateRequestState.OPEN)
    asked_on = Min("assignment__update_requests__asked_on", filter=is_open)
    requested = sent.filter(about_request).values_list("assignment_id").annotate(asked_on=asked_on, **moments)
    found = [
        *dated.values_list(*columns, "anchor_on", *moments),
        *requested.values_list(*columns, "asked_on", *moments),
    ]
    told = defaultdict(set)
    asked = Reminder.objects.filter(state=ReminderState.SENT, kind__in=COUNTS_AS_ASKED, milestone=None)
    people = asked.filter(mail__sent_at__isnull=False)
    for part_pk, person_id in people.filter(assignment__in={row[0] for row in found}).values_list(
        "assignment_id", "person_id"
    ):
        told[part_pk].add(person_id)
    for row in found:
        yield Silence(*row, frozenset(told[row[0]]))


# A manager asks


def asked(ground: Ground, windows: Windows) -> Iterator[Told]:
    """To the desk, for as long as the request is open: on the days of the rule, counted from the asking."""
    rule = _rule(ground, K.ASKED)
    if rule is None:
        return
    rows = UpdateRequest.objects.open().filter(assignment__in=Assignment.objects.open())
    columns = ("assignment__party_id", "assignment__lead_id", "assignment__officer_id")
    for pk, asked_on, by_pk, part_pk, *desk in rows.values_list("pk", "asked_on", "by_id", "assignment_id", *columns):
        for person in ground.people.desk(*desk):
            today = person.window_of_events(ground.clock).until
            if person.pk == by_pk or is_unwanted(K.ASKED, person, today):
                continue
            for offset in rule.offsets(0, (today - asked_on).days):
                on = asked_on + timedelta(days=offset)
                day = told_on(K.ASKED, on, None, ground.workdays[person.party_id]) if offset else on
                if day <= today:
                    yield part_pk, person, Occurrence(K.ASKED, on, pk, day)


# What happened


def assigned(ground: Ground, windows: Windows) -> Iterator[Told]:
    """A person who was named desk officer by somebody else, and still is."""
    rule = _rule(ground, K.ASSIGNED)
    if rule is None:
        return
    later = Change.objects.filter(act=Act.OFFICER_NAMED, assignment=OuterRef("assignment")).order_by("-seq")
    rows = Change.objects.filter(act=Act.OFFICER_NAMED, at__gte=_earliest(windows, rule)).annotate(
        last=Subquery(later.values("seq")[:1])
    )
    columns = ("seq", "at", "by_id", "assignment_id", "assignment__officer_id")
    for seq, at, by_id, part_pk, officer_id in rows.filter(seq=F("last")).values_list(*columns):
        person = ground.people.by_pk.get(officer_id or 0)
        if person and person.pk != by_id:
            yield from _happened(ground, windows, rule, part_pk, person, seq, at)


def proposed_dates(ground: Ground, windows: Windows) -> Iterator[Told]:
    """An open proposal, to the coordinators of each side that has not decided and may know of it."""
    rule = _rule(ground, K.DATE_PROPOSED)
    for change in _with_sides(DateChange.objects.open()) if rule else ():
        decided = {decision.party_id for decision in change.decisions.all()}
        for part in change.commitment.assignments.all():
            may_know = change.is_open_to_all or part.party_id == change.party_id
            for person in ground.people.coordinators.get(part.party_id, []):
                today = person.window_of_events(ground.clock).until
                is_theirs = may_know and part.party_id not in decided and person.pk != change.by_id
                if is_theirs and not is_unwanted(rule.kind, person, today):
                    yield part.pk, person, Occurrence(rule.kind, change.proposed_at.date(), change.pk, today)


def decided_dates(ground: Ground, windows: Windows) -> Iterator[Told]:
    """A decided proposal, to who proposed it and who agreed, the desks, and the managers of the lead bodies.

    What one side kept to itself is told on that side alone, an overtaken proposal to who made it.
    """
    rule = _rule(ground, K.DATE_DECIDED)
    if rule is None:
        return
    ended = [DateChangeState.MADE, DateChangeState.DECLINED, DateChangeState.SUPERSEDED]
    rows = DateChange.objects.filter(state__in=ended, ended_at__gte=_earliest(windows, rule))
    for change in _with_sides(rows):
        decisions = sorted(change.decisions.all(), key=lambda decision: (decision.at, decision.pk))
        last = decisions[-1].by_id if decisions and change.state != DateChangeState.SUPERSEDED else None
        involved = {change.by_id, *(decision.by_id for decision in decisions)}
        for part in change.commitment.assignments.all():
            for person in _told_of_decision(ground.people, change, part, involved):
                if person.pk != last:
                    yield from _happened(ground, windows, rule, part.pk, person, change.pk, change.ended_at)


def _with_sides(changes: QuerySet[DateChange]) -> QuerySet[DateChange]:
    return changes.select_related("commitment").prefetch_related("decisions", "commitment__assignments").order_by("pk")


def _told_of_decision(people: People, change: DateChange, part: Assignment, involved: set[int]) -> list[Person]:
    """Those of the part's side who are told what became of the proposal; each once."""
    if change.state == DateChangeState.SUPERSEDED:
        involved = {change.by_id}
    found = [people.by_pk[pk] for pk in involved if pk in people.by_pk and people.by_pk[pk].party_id == part.party_id]
    is_known = change.is_open_to_all or change.state == DateChangeState.MADE or part.party_id == change.party_id
    if is_known and change.state != DateChangeState.SUPERSEDED:
        found += people.desk(part.party_id, part.lead_id, part.officer_id)
        found += [person for person in people.managers.get(part.lead_id or 0, []) if person.party_id == part.party_id]
    return list({person.pk: person for person in found}.values())


def other_side_notes(ground: Ground, windows: Windows) -> Iterator[Told]:
    """A note that the other side shares, to the desks of this side's part."""
    rule = _rule(ground, K.OTHER_SIDE_NOTE)
    if rule is None:
        return
    notes = (
        ProgressNote.objects.standing()
        .filter(visibility=Visibility.BOTH, is_nothing_new=False, written_at__gte=_earliest(windows, rule))
        .order_by("pk")
    )
    desks = defaultdict(list)
    parts = Assignment.objects.filter(commitment__assignments__notes__in=notes).distinct().order_by()
    for commitment_id, *desk in parts.values_list("commitment_id", "party_id", "lead_id", "officer_id"):
        desks[commitment_id].append(desk)
    columns = ("pk", "written_at", "by_id", "assignment_id", "assignment__party_id", "assignment__commitment_id")
    for pk, at, by_pk, note_part, note_party, commitment_id in notes.values_list(*columns):
        for desk in desks[commitment_id]:
            for person in ground.people.desk(*desk) if desk[0] != note_party else []:
                if person.pk != by_pk:
                    yield from _happened(ground, windows, rule, note_part, person, pk, at)


def _happened(
    ground: Ground, windows: Windows, rule: Rule, part_pk: int, person: Person, seq: int, at: datetime
) -> Iterator[Told]:
    """What happened at `at` is told with the person's next mail; it is not told any more after the rule's grace."""
    window = person.window_of_events(ground.clock)
    day = at.astimezone(person.zone).date()
    if window.since(rule.grace) <= day <= window.until and not is_unwanted(rule.kind, person, window.until):
        yield part_pk, person, Occurrence(rule.kind, day, seq, window.until)


def _earliest(windows: Windows, rule: Rule) -> datetime:
    day = min((window.since(rule.grace) for window in windows.values()), default=date.max)
    return datetime.combine(day, time(), ZoneInfo("Etc/GMT-14"))  # where a day begins first


# Once a week


def digests(ground: Ground, windows: Windows) -> Iterator[Told]:
    """On the week's first working day: of their body to managers, of their side to coordinators."""
    for kind, groups in ((K.BODY_DIGEST, ground.people.managers), (K.PARTY_DIGEST, ground.people.coordinators)):
        rule = _rule(ground, kind)
        people = [person for group in groups.values() for person in group] if rule else []
        for person in people:
            window = windows[person.pk]
            monday = window.until - timedelta(days=window.until.weekday())
            day = ground.workdays[person.party_id].next_workday(monday, 7)
            if window.since(0) <= day <= window.until and not is_unwanted(kind, person, window.until):
                yield None, person, Occurrence(kind, monday, 0, day)


def _rule(ground: Ground, kind: ReminderKind) -> Rule | None:
    return next((rule for rule in ground.rules if rule.kind == kind), None)
