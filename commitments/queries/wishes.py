"""What people have chosen about their reminders, as the pages show it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from commitments.domain.codes import Precision
from commitments.domain.reminders import ReminderKind
from commitments.models import Absence, Assignment, ReminderPreference, ReminderRule, Snooze, User


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
