"""What is told because something happened (or did not): escalations, a new desk, the other side's notes, digests."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Min, OuterRef, Q, Subquery

from commitments.domain.codes import Visibility
from commitments.domain.deadlines import SETTLED
from commitments.domain.reminders import COUNTS_AS_ASKED, Occurrence, ReminderKind, Rule, Window
from commitments.models.commitment import Assignment
from commitments.models.history import Act, Change
from commitments.models.progress import ProgressNote
from commitments.models.reminder import Reminder, ReminderState
from commitments.queries.planning import Ground, Person, is_unwanted

Windows = dict[int, Window]
Told = tuple[int | None, Person, Occurrence]
K = ReminderKind


def all_of(ground: Ground, windows: Windows) -> Iterator[Told]:
    """Everything of this kind that is due by the clock and not there yet."""
    found = [*escalations(ground, windows), *assigned(ground, windows), *other_side_notes(ground, windows)]
    found += digests(ground, windows)
    known = set(_known(found))
    for part_pk, person, occurrence in found:
        if (part_pk, person.pk, occurrence.kind, occurrence.anchor_on, occurrence.seq) not in known:
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
    """Open parts with reminders of these kinds that were sent, about dates that hold, and not answered since."""
    unanswered = Q(assignment__last_word_at=None) | Q(assignment__last_word_at__lt=F("mail__sent_at"))
    about_deadline = Q(anchor_on=F("assignment__commitment__due_on")) & ~Q(assignment__status__in=list(SETTLED))
    about_update = Q(anchor_on=F("assignment__update_due_on"))
    rows = (
        Reminder.objects.filter(about_deadline | about_update, unanswered, state=ReminderState.SENT, kind__in=kinds)
        .filter(assignment__in=Assignment.objects.open())
        .order_by()
        .values_list("assignment_id", "anchor_on")
        .annotate(since=Min("mail__sent_at"), since_day=Min("mail__day"))
        .values_list(
            "assignment_id", "assignment__party_id", "assignment__lead_id", "assignment__officer_id", "anchor_on",
            "since", "since_day",
        )
    )  # fmt: skip
    found = list(rows)
    told = defaultdict(set)
    people = Reminder.objects.filter(state=ReminderState.SENT, kind__in=COUNTS_AS_ASKED, mail__sent_at__isnull=False)
    for part_pk, person_id in people.filter(assignment__in={row[0] for row in found}).values_list(
        "assignment_id", "person_id"
    ):
        told[part_pk].add(person_id)
    for row in found:
        yield Silence(*row, frozenset(told[row[0]]))


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


def other_side_notes(ground: Ground, windows: Windows) -> Iterator[Told]:
    """A note that the other side shares, to the desk officers of this side's part."""
    rule = _rule(ground, K.OTHER_SIDE_NOTE)
    if rule is None:
        return
    notes = ProgressNote.objects.filter(
        visibility=Visibility.BOTH, is_nothing_new=False, written_at__gte=_earliest(windows, rule)
    ).order_by("pk")
    desks = defaultdict(list)
    parts = Assignment.objects.filter(commitment__assignments__notes__in=notes, officer__isnull=False).distinct()
    for part_pk, party_id, commitment_id, officer_id in parts.values_list(
        "pk", "party_id", "commitment_id", "officer_id"
    ):
        desks[commitment_id].append((part_pk, party_id, officer_id))
    columns = ("pk", "written_at", "assignment_id", "assignment__party_id", "assignment__commitment_id")
    for pk, at, note_part, note_party, commitment_id in notes.values_list(*columns):
        for _, party_id, officer_id in desks[commitment_id]:
            person = ground.people.by_pk.get(officer_id)
            if person and party_id != note_party:
                yield from _happened(ground, windows, rule, note_part, person, pk, at)


def _happened(
    ground: Ground, windows: Windows, rule: Rule, part_pk: int, person: Person, seq: int, at: datetime
) -> Iterator[Told]:
    """What happened at `at` is told with the person's next mail; it is not told any more after the rule's grace."""
    window = windows[person.pk]
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
