"""Sample data: accounts named by function, notes, figures and meetings, all written through the actions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction

from commitments.actions.agenda import flag
from commitments.actions.assignment import name_officer
from commitments.actions.demo_meetings import SampleMeeting
from commitments.actions.indicator import NewMeasurement, add_measurement
from commitments.actions.milestone import MilestoneFacts, add_milestone, finish_milestone
from commitments.actions.progress import NewEvidence, NewNote, give_confidence, record_progress
from commitments.domain.codes import Confidence, Precision, Role, Status, Visibility
from commitments.models.commitment import Assignment
from commitments.models.indicator import Indicator
from commitments.models.party import Body
from commitments.models.person import User

LEAST_DAYS_AGO = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sample:
    """The content of `fixtures/demo.json` and the day it is told from; notes say how many days ago they are."""

    content: dict[str, Any]
    now: datetime

    def at(self, days_ago: int, adopted_on: date) -> datetime:
        """The moment of a note: so many days ago, but not before the statement was adopted."""
        first = datetime.combine(adopted_on + LEAST_DAYS_AGO, time(9), UTC)
        return min(max(self.now - timedelta(days=days_ago), first), self.now)


@transaction.atomic
def load_demo(sample: Sample) -> bool:
    """Load the sample data once; False where sample accounts are there already."""
    if User.objects.filter(is_sample=True).exists():
        return False
    people = {row["email"]: _account(row, sample.content["password"]) for row in sample.content["people"]}
    rows = _assignments(sample.content["statement"])
    for row in sample.content["officers"]:
        assignment = rows[row["ref"], row["party"]]
        at = sample.at(300, assignment.commitment.statement.adopted_on)
        name_officer(assignment, people[row["officer"]], by=_coordinator(people, assignment), at=at)
        assignment.refresh_from_db()
    events = [*_notes(sample, rows, people), *_milestones(sample, rows, people), *_meetings(sample, rows, people)]
    for _at, happen in sorted(events, key=lambda event: event[0]):
        happen()
    for row in sample.content["measurements"]:
        _measurement(sample, row, rows[row["ref"], row["party"]], people)
    return True


Event = tuple[datetime, Callable[[], object]]  # in the order of their time: a meeting freezes what stood at its close


def _notes(sample: Sample, rows: dict[tuple[str, str], Assignment], people: dict[str, User]) -> Iterator[Event]:
    for row in sample.content["notes"]:
        assignment = rows[row["ref"], row["party"]]
        at = sample.at(row["days_ago"], assignment.commitment.statement.adopted_on)
        yield at, partial(_note, row, assignment, people, at, sample.now)


def _milestones(sample: Sample, rows: dict[tuple[str, str], Assignment], people: dict[str, User]) -> Iterator[Event]:
    """Steps on the way, due so many days from the day that is told from; some are met already."""
    for row in sample.content["milestones"]:
        assignment = rows[row["ref"], row["party"]]
        at = sample.at(row["days_ago"], assignment.commitment.statement.adopted_on)
        yield at, partial(_milestone, row, assignment, people, at, sample)


def _milestone(
    row: dict[str, Any], assignment: Assignment, people: dict[str, User], at: datetime, sample: Sample
) -> None:
    by, day = _author(people, assignment), (sample.now + timedelta(days=row["in_days"])).date()
    visibility = Visibility(row.get("visibility", "both"))
    facts = MilestoneFacts(row["title"], day, Precision(row["precision"]), visibility, is_sample=True)
    milestone = add_milestone(assignment, facts, by=by, at=at)
    if "done_days_ago" in row:
        done_at = sample.at(row["done_days_ago"], assignment.commitment.statement.adopted_on)
        finish_milestone(milestone, done_at.date(), version=0, by=by, at=max(at, done_at))


def _meetings(sample: Sample, rows: dict[tuple[str, str], Assignment], people: dict[str, User]) -> Iterator[Event]:
    """Meetings are planned, and held where they are over; then what each side flags for the next one."""
    commitments = {ref: assignment.commitment for (ref, _party), assignment in rows.items()}
    adopted = next(iter(commitments.values())).statement.adopted_on
    for row in sample.content["meetings"]:
        planned_at = sample.at(row["planned_days_ago"], adopted)
        held_at = sample.at(row["held_days_ago"], adopted) if "held_days_ago" in row else None
        told = SampleMeeting(row, people, commitments, planned_at, held_at)
        yield held_at or planned_at, partial(_meet, told)
    for row in sample.content["flags"]:
        flagged, at = [commitments[ref] for ref in row["refs"]], sample.at(row["days_ago"], adopted)
        yield at, partial(flag, flagged, by=people[row["by"]], at=at)


def _meet(told: SampleMeeting) -> None:
    planned = told.plan()
    if told.held_at:
        told.hold(planned)


def _account(row: dict[str, Any], password: str) -> User:
    body = Body.objects.get(code=row["body"]) if row["body"] else None
    return User.objects.create_user(
        row["email"],
        password,
        name=row["name"],
        role=row["role"],
        body=body,
        is_staff=row.get("is_staff", False),
        is_superuser=row.get("is_staff", False),
        is_sample=True,
    )


def _assignments(slug: str) -> dict[tuple[str, str], Assignment]:
    rows = Assignment.objects.filter(commitment__statement__slug=slug).select_related(
        "commitment__statement", "party", "lead"
    )
    return {(row.commitment.ref, row.party.code): row for row in rows}


def _coordinator(people: dict[str, User], assignment: Assignment) -> User:
    return next(
        person
        for person in people.values()
        if person.role == Role.COORDINATOR and person.party_id == assignment.party_id
    )


def _author(people: dict[str, User], assignment: Assignment) -> User:
    """An officer of the lead body where there is one, else the party's coordinator."""
    for person in people.values():
        if person.role == Role.OFFICER and person.body_id == assignment.lead_id:
            return person
    return _coordinator(people, assignment)


def _note(row: dict[str, Any], assignment: Assignment, people: dict[str, User], at: datetime, now: datetime) -> None:
    evidence = [NewEvidence(**row["evidence"])] if "evidence" in row else []
    new = NewNote(
        text=row["text"],
        next_steps=row.get("next_steps", ""),
        status=Status(row["status"]) if "status" in row else None,
        visibility=Visibility(row.get("visibility", "both")),
        evidence=evidence,
        is_sample=True,
    )
    record_progress(assignment, new, by=_author(people, assignment), at=at)
    if "confidence" in row:
        give_confidence(
            assignment,
            Confidence(row["confidence"]),
            visibility=Visibility(row.get("confidence_visibility", "own")),
            by=_manager(people, assignment),
            at=at + timedelta(hours=1) if at + timedelta(hours=1) < now else at,
        )


def _manager(people: dict[str, User], assignment: Assignment) -> User:
    for person in people.values():
        if person.role == Role.MANAGER and person.body_id == assignment.lead_id:
            return person
    return _coordinator(people, assignment)


def _measurement(sample: Sample, row: dict[str, Any], assignment: Assignment, people: dict[str, User]) -> None:
    indicator = Indicator.objects.get(commitment=assignment.commitment)
    new = NewMeasurement(
        value=Decimal(row["value"]),
        day=date.fromisoformat(row["day"]),
        precision=Precision(row["precision"]),
        source=row["source"],
        is_sample=True,
    )
    add_measurement(indicator, new, by=_author(people, assignment), at=sample.now)
