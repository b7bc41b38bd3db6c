"""What changed between two days, in the order of the statement: steps of status, moved dates, new notes, new evidence.

As with the dossier, the edition decides what it can hold: the shared one asks for nothing that one side keeps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Prefetch, Q, QuerySet

from commitments.domain import codes
from commitments.domain.deadlines import Deadline
from commitments.models import Act, Change, Commitment, Evidence, Party, ProgressNote, Statement
from commitments.queries.dossier import seen_in
from commitments.queries.past import end_of


class What(StrEnum):
    """In the order in which a commitment's changes are told."""

    STATUS = "status"
    DATE = "date"
    NOTE = "note"
    EVIDENCE = "evidence"


ORDER = list(What)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changed; for a status the step from the first day to the second, whatever lay between."""

    what: What
    at: datetime
    party: Party | None = None
    body: str = ""
    status_before: codes.Status | None = None
    status: codes.Status | None = None
    date_before: Deadline | None = None
    date: Deadline | None = None
    text: str = ""
    next_steps: str = ""
    url: str = ""
    is_own_side: bool = False
    is_correction: bool = False
    is_sample: bool = False


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
    for key, line in (*_facts(of_statement, span), *_words(of_statement, span, edition)):
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


def _facts(rows: QuerySet[Commitment], span: Span) -> Iterator[tuple[int, Line]]:
    """Steps of status and moved dates: said to all sides, each as a step over the whole time."""
    told = Change.objects.filter(
        span.of("at"),
        commitment__in=rows,
        act__in=(Act.STATUS_CHANGED, Act.DATE_CHANGED),
        visibility=codes.Visibility.BOTH,
    )
    steps: dict[tuple[int, str, int | None], list[Change]] = {}
    for change in told.select_related("party").order_by("seq"):
        party = change.party_id if change.act == Act.STATUS_CHANGED else None
        steps.setdefault((change.commitment_id, change.act, party), []).append(change)
    for (key, act, _party), changes in steps.items():
        line = (_step if act == Act.STATUS_CHANGED else _move)(changes[0], changes[-1])
        if line:
            yield key, line


def _step(first: Change, last: Change) -> Line | None:
    """From the status before the first step to the one after the last; none where it came back."""
    before, after = codes.Status(first.before["status"]), codes.Status(last.after["status"])
    if before == after:
        return None
    return Line(What.STATUS, last.at, party=last.party, status_before=before, status=after)


def _move(first: Change, last: Change) -> Line | None:
    before, after = _deadline(first.before), _deadline(last.after)
    return Line(What.DATE, last.at, date_before=before, date=after) if before != after else None


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
    }
