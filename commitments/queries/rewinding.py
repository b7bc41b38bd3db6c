"""What a row held before facts that came later: pure sums over the history, no database.

A fact says what was before it, so the first later fact of a kind tells what stood until then. Where `before` may not
say it (a confidence that changed hands between the sides), the last earlier fact does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from commitments.domain.codes import Cadence, Confidence, Status, Visibility
from commitments.domain.status import ORDER, update_due_on
from commitments.models.history import Act

SAID = (Act.NOTE_ADDED, Act.NOTHING_NEW, Act.TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of the history as far as it is needed here."""

    act: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    visibility: str = Visibility.BOTH


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of an assignment from before the moment: its last words, its last step, the confidence given."""

    said_at: datetime | None = None
    shared_at: datetime | None = None
    stepped_at: datetime | None = None
    confidence: Told | None = None


@dataclass(slots=True)
class Part:
    """What moves of an assignment, by the names of its columns; `adopted_on` is its statement's."""

    values: dict[str, Any]
    adopted_on: date
    later: list[Told] = field(default_factory=list)
    earlier: Earlier = field(default_factory=Earlier)


def part_then(part: Part) -> dict[str, Any]:
    """The columns of an assignment before its later facts, which are in the order of the history."""
    first = first_of_each(part.later)
    then = dict(part.values)
    if Act.STATUS_CHANGED in first:
        then["status"] = first[Act.STATUS_CHANGED].before["status"]
        then["status_since"] = part.earlier.stepped_at and part.earlier.stepped_at.date()
        then["status_rank"] = ORDER.index(Status(then["status"]))
    if Act.CONFIDENCE_GIVEN in first:
        given = part.earlier.confidence
        then["confidence"] = given.after["confidence"] if given else Confidence.NOT_GIVEN
        then["confidence_visibility"] = given.visibility if given else Visibility.OWN
    if Act.OFFICER_NAMED in first:
        then["officer_id"] = first[Act.OFFICER_NAMED].before["officer"]
    if Act.LEAD_SET in first:
        then["lead_id"] = first[Act.LEAD_SET].before["lead"]
        then["lead_is_suggested"] = was_suggested(first[Act.LEAD_SET])
    if Act.CADENCE_SET in first:
        then["cadence"] = first[Act.CADENCE_SET].before["cadence"]
    if any(act in first for act in SAID):
        then["last_word_at"], then["last_shared_word_at"] = part.earlier.said_at, part.earlier.shared_at
    if any(act in first for act in (*SAID, Act.CADENCE_SET)):
        then |= _update_dates(then, part.adopted_on)
    return then


def was_suggested(fact: Told) -> bool:
    """Whether the lead before was a suggestion; facts that do not say it confirmed one where they changed nothing."""
    return fact.before.get("suggested", fact.before["lead"] == fact.after["lead"])


def date_then(later: Iterable[Told]) -> dict[str, Any]:
    """A commitment's date before these changes of it; only a date set by the parties ever moves."""
    first = next(iter(later)).before
    day = first["due_on"]
    return {
        "due_on": date.fromisoformat(day) if day else None,
        "due_precision": first["precision"],
        "due_basis": "set" if day else None,
    }


def milestone_then(first: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a milestone before its first later fact, which says all of what it was."""
    return {
        "title": first["title"],
        "due_on": date.fromisoformat(first["due_on"]),
        "due_precision": first["precision"],
        "visibility": first["visibility"],
        "done_on": first["done_on"] and date.fromisoformat(first["done_on"]),
        "dropped_on": first["dropped_on"] and date.fromisoformat(first["dropped_on"]),
    }


def first_of_each(facts: Iterable[Told]) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for fact in facts:
        found.setdefault(fact.act, fact)
    return found


def _update_dates(then: dict[str, Any], adopted_on: date) -> dict[str, date | None]:
    cadence, status = Cadence(then["cadence"]), Status(then["status"])
    said, shared = then["last_word_at"], then["last_shared_word_at"]
    return {
        "update_due_on": update_due_on(said.date() if said else adopted_on, cadence, status),
        "shared_update_due_on": update_due_on(shared.date() if shared else adopted_on, cadence, status),
    }
