"""What changed between two days, in the order of the statement: status, dates, milestones, new notes, new evidence.

As with the dossier, the edition decides what it can hold: the shared one asks for nothing that one side keeps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from commitments.domain import codes
from commitments.domain.deadlines import Deadline
from commitments.models import Act, Change, Commitment, Evidence, Party, ProgressNote, Statement
from commitments.queries.dossier import seen_in
from commitments.queries.milestone import Stage
from commitments.queries.past import MILESTONE_ACTS, end_of
from commitments.queries.rewinding import milestone_then


class What(StrEnum):
    """In the order in which a commitment's changes are told."""

    STATUS = "status"
    DATE = "date"
    MILESTONE = "milestone"
    NOTE = "note"
    EVIDENCE = "evidence"


ORDER = list(What)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed; for a status the step from the first day to the second, whatever lay between.

    A milestone without a stage before is new to the edition.
    """

    what: What
    at: datetime
    party: Party | None = None
    body: str = ""
    status_before: codes.Status | None = None
    status: codes.Status | None = None
    date_before: Deadline | None = None
    date: Deadline | None = None
    stage_before: Stage | None = None
    stage: Stage | None = None
    text: str = ""
    next_steps: str = ""
    url: str = ""
    is_own_side: bool = False
    is_correction: bool = False
    is_sample: bool = False
    is_reported: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A commitment of which something changed."""

    commitment: Commitment
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Everything that an edition may tell of the time from the end of one day to the end of another."""

    statement: Statement
    parties: tuple[Party, ...]
    edition: Party | None
    since: date
    until: date
    scope: str
    made_at: datetime
    total: int
    changed: tuple[Changed, ...]

    def count(self, what: str) -> int:
        return sum(line.what == what for item in self.changed for line in item.lines)

    @property
    def counts(self) -> dict[What, int]:
        return {what: self.count(what) for what in ORDER}

    @property
    def has_sample(self) -> bool:
        return any(line.is_sample for item in self.changed for line in item.lines)


@dataclass(frozen=True, slots=True)
class Span:
    """The moments after the end of one day, until the end of another."""

    start: datetime
    end: datetime

    def of(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})


def between(
    statement: Statement, rows: QuerySet[Commitment], *, edition: Party | None, since: date, until: date, scope: str
) -> Between:
    """What changed of these commitments of the statement after `since`, up to the end of `until`; four queries."""
    parties = tuple(row.party for row in statement.adoptions.select_related("party").order_by("position"))
    span, of_statement = Span(end_of(since), end_of(until)), rows.filter(statement=statement)
    lines: dict[int, list[Line]] = {}
    for key, line in (*_facts(of_statement, span, edition), *_words(of_statement, span, edition)):
        lines.setdefault(key, []).append(line)
    places = {party.pk: place for place, party in enumerate(parties)}

    def place(line: Line) -> tuple[int, int, datetime]:
        return ORDER.index(line.what), places.get(line.party.pk if line.party else 0, len(places)), line.at

    touched = of_statement.filter(pk__in=lines).select_related("section", "paragraph").defer("search_text")
    return Between(
        statement=statement,
        parties=parties,
        edition=edition,
        since=since,
        until=until,
        scope=scope,
        made_at=span.end - timedelta.resolution,
        total=of_statement.count(),
        changed=tuple(
            Changed(commitment, tuple(sorted(lines[commitment.pk], key=place)))
            for commitment in touched.order_by("position")
        ),
    )


def _facts(rows: QuerySet[Commitment], span: Span, edition: Party | None) -> Iterator[tuple[int, Line]]:
    """Steps of status, moved dates and milestones, each as a step over the whole time.

    Status and date are said to all sides; of milestones the edition's own side knows its own as well.
    """
    shared = Q(visibility=codes.Visibility.BOTH)
    seen = shared | Q(party=edition) if edition else shared
    told = Change.objects.filter(
        (shared & Q(act__in=(Act.STATUS_CHANGED, Act.DATE_CHANGED)))
        | (seen & Q(act__in=(Act.MILESTONE_ADDED, *MILESTONE_ACTS))),
        span.of("at"),
        commitment__in=rows,
    )
    steps: dict[tuple[int, What, int | None], list[Change]] = {}
    for change in told.select_related("party").order_by("seq"):
        steps.setdefault((change.commitment_id, *_about(change)), []).append(change)
    for (key, what, _which), changes in steps.items():
        line = _OVER_THE_TIME[what](changes[0], changes[-1], edition)
        if line:
            yield key, line


def _about(change: Change) -> tuple[What, int | None]:
    """What a fact tells of, and of which side or milestone."""
    if change.act == Act.STATUS_CHANGED:
        return What.STATUS, change.party_id
    return (What.DATE, None) if change.act == Act.DATE_CHANGED else (What.MILESTONE, change.after["milestone"])


def _step(first: Change, last: Change, edition: Party | None) -> Line | None:
    """From the status before the first step to the one after the last; none where it came back."""
    before, after = codes.Status(first.before["status"]), codes.Status(last.after["status"])
    if before == after:
        return None
    return Line(What.STATUS, last.at, party=last.party, status_before=before, status=after)


def _move(first: Change, last: Change, edition: Party | None) -> Line | None:
    before, after = _deadline(first.before), _deadline(last.after)
    return Line(What.DATE, last.at, date_before=before, date=after) if before != after else None


def _way(first: Change, last: Change, edition: Party | None) -> Line | None:
    """A milestone's way; one that its side kept to itself before is new to every other edition."""
    was_kept = first.before.get("visibility") == codes.Visibility.OWN and first.party != edition
    before = _stage(first.before) if first.before and not was_kept else None
    after = _stage(last.after)
    if before == after:
        return None
    own = last.visibility == codes.Visibility.OWN
    return Line(
        What.MILESTONE, last.at, party=last.party, stage_before=before, stage=after, text=after.title, is_own_side=own
    )


_OVER_THE_TIME = {What.STATUS: _step, What.DATE: _move, What.MILESTONE: _way}


def _stage(values: dict[str, Any]) -> Stage:
    row = milestone_then(values)
    deadline = Deadline(row["due_on"], codes.Precision(row["due_precision"]), codes.Basis.SET)
    return Stage(row["title"], deadline, row["done_on"], row["dropped_on"])


def _deadline(values: dict[str, str | None]) -> Deadline | None:
    if not values["due_on"]:
        return None
    return Deadline(date.fromisoformat(values["due_on"]), codes.Precision(values["precision"]), codes.Basis.SET)


def _words(rows: QuerySet[Commitment], span: Span, edition: Party | None) -> Iterator[tuple[int, Line]]:
    """New notes and the evidence on them, as the edition may hold them."""
    notes = (
        ProgressNote.objects.standing_at(span.end)
        .filter(seen_in(edition), span.of("written_at"), assignment__commitment__in=rows, is_nothing_new=False)
        .select_related("assignment__party", "by__body")
    )
    for note in notes.prefetch_related(Prefetch("evidence", Evidence.objects.order_by("pk"))).order_by("pk"):
        key, told = note.assignment.commitment_id, _told(note)
        if note.text or note.next_steps:
            yield (
                key,
                Line(
                    What.NOTE,
                    text=note.text,
                    next_steps=note.next_steps,
                    is_correction=note.corrects_id is not None,
                    **told,
                ),
            )
        for item in note.evidence.all():
            yield key, Line(What.EVIDENCE, text=item.title, url=item.url, **told)


def _told(note: ProgressNote) -> dict[str, object]:
    return {
        "at": note.written_at,
        "party": note.assignment.party,
        "body": note.by.body.short if note.by.body else "",
        "is_own_side": note.visibility == codes.Visibility.OWN,
        "is_sample": note.is_sample,
        "is_reported": note.is_reported,
    }
