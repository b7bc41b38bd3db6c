"""What people have chosen about their reminders, as the pages show it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from commitments.domain.codes import Precision
from commitments.domain.reminders import CANNOT_BE_SWITCHED_OFF, LONGEST_SHIFT, Occurrence, ReminderKind
from commitments.domain.workdays import Workdays
from commitments.models import Absence, Assignment, ReminderPreference, ReminderRule, Snooze, User
from commitments.queries.planning import Person, Rhythm


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """One absence; `state` is coming, running or over."""

    absence: Absence
    state: str


def preference_of(person: User) -> ReminderPreference:
    """The person's own, or what holds without one."""
    found = ReminderPreference.objects.filter(person=person).first()
    return found or ReminderPreference(person=person, lead_days={})


def rule_leads() -> dict[str, list[int]]:
    """The days ahead of a deadline by the rules, for each precision, the most first."""
    found: dict[str, set[int]] = defaultdict(set)
    for rule in ReminderRule.objects.filter(kind=ReminderKind.DEADLINE_AHEAD, is_active=True):
        for precision in [rule.precision] if rule.precision else Precision:
            found[str(precision)].add(-rule.first)
    return {str(precision): sorted(found[precision], reverse=True) for precision in Precision}


def absence_lines(person: User, today: date) -> list[AbsenceLine]:
    """Running and coming ones first, in their order; what is over comes last, the latest first."""
    rows = Absence.objects.filter(person=person).select_related("deputy")
    lines = [AbsenceLine(row, state_of(row, today)) for row in rows]
    ahead = [line for line in lines if line.state != "over"]
    return ahead + [line for line in reversed(lines) if line.state == "over"]


def state_of(absence: Absence, today: date) -> str:
    if absence.ends_on < today:
        return "over"
    return "coming" if absence.begins_on > today else "running"


def deputised(person: User, today: date) -> QuerySet[Absence]:
    """Absences, running or to come, in which the person stands in for somebody."""
    return Absence.objects.filter(deputy=person, ends_on__gte=today).select_related("person")


def snooze_of(person: User, assignment: Assignment, today: date) -> Snooze | None:
    """The person's snooze of the part, where it still holds."""
    return Snooze.objects.filter(person=person, assignment=assignment, until__gt=today).first()


def resting(people: list[int], today: date) -> dict[tuple[int, int], date]:
    """Until when parts rest for these people: by (person, assignment)."""
    rows = Snooze.objects.filter(person__in=people, until__gt=today)
    return {(person, part): until for person, part, until in rows.values_list("person_id", "assignment_id", "until")}


def latest(*days: date | None) -> date | None:
    """The latest of the days that are given; None where none is."""
    return max((day for day in days if day), default=None)


def day_said(person: Person, occurrence: Occurrence, workdays: Workdays, rests_until: date | None) -> date:
    """When the person hears of it: after a pause and a snooze, with the weekly mail, never on a day off."""
    if occurrence.kind in CANNOT_BE_SWITCHED_OFF:
        return occurrence.day
    day = latest(occurrence.day, person.paused_until, rests_until)
    if person.rhythm != Rhythm.WEEKLY:
        return workdays.next_workday(day, LONGEST_SHIFT)
    monday = day - timedelta(days=day.weekday())
    this_week, next_week = (workdays.next_workday(monday + timedelta(days=days), 7) for days in (0, 7))
    return this_week if day <= this_week else next_week
