"""Looking back: every query inside `looking_back` sees the tracker as it stood at the end of a day.

Rows that are only ever added are cut off at that moment. What moves (assignments, working dates, milestones) is rebuilt
from the history into a temporary table of those rows that have moved since, so the work grows with what has changed
and not with what there is. Each SELECT is then given common table expressions of the tables' own names, which stand
before the tables: lists, filters, figures, pages and files ask the same questions as ever and no second version of any
of them exists. Nothing can be written to these tables meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from commitments.domain.codes import Visibility
from commitments.models import (
    Act,
    AgendaItem,
    Assignment,
    Change,
    Commitment,
    Confirmation,
    DateChange,
    DateDecision,
    DateRemark,
    Evidence,
    Indicator,
    Measurement,
    Meeting,
    Milestone,
    Point,
    ProgressNote,
    Statement,
    many,
)
from commitments.queries.rewinding import Earlier, Part, Told, date_then, milestone_then, part_then

BATCH = 1000  # rows of one INSERT
ADDED = {  # rows that are only ever added, and when
    ProgressNote: "written_at",
    Measurement: "entered_at",
    Change: "at",
    Confirmation: "at",
    DateDecision: "at",
    DateRemark: "at",
}
MEETINGS = {  # when their rows were added, and the moments that came later
    Meeting: ("planned_at", ("shared_at", "begun_at", "closed_at", "called_off_at")),
    AgendaItem: ("added_at", ("removed_at",)),
    Point: ("at", ("shared_at", "withdrawn_at")),
}
PART_ACTS = (
    Act.NOTE_ADDED,
    Act.NOTHING_NEW,
    Act.TAKEN_BACK,
    Act.STATUS_CHANGED,
    Act.CONFIDENCE_GIVEN,
    Act.OFFICER_NAMED,
    Act.LEAD_SET,
    Act.CADENCE_SET,
)
MILESTONE_ACTS = (
    Act.MILESTONE_CHANGED,
    Act.MILESTONE_SHARED,
    Act.MILESTONE_DONE,
    Act.MILESTONE_DROPPED,
    Act.MILESTONE_REOPENED,
)
REBUILT = {  # columns that actions change, and that are rebuilt
    Assignment: {
        "status",
        "status_rank",
        "status_since",
        "confidence",
        "confidence_visibility",
        "lead_id",
        "lead_is_suggested",
        "officer_id",
        "cadence",
        "last_word_at",
        "last_shared_word_at",
        "update_due_on",
        "shared_update_due_on",
    },
    Commitment: {"due_on", "due_precision", "due_basis"},
    Milestone: {"title", "due_on", "due_precision", "visibility", "done_on", "dropped_on"},
}
STANDING = {  # columns that no action changes, and the check of two people saving at once, which nobody sees
    Assignment: {"id", "commitment_id", "party_id", "version"},
    Commitment: {
        "id",
        "statement_id",
        "paragraph_id",
        "section_id",
        "ref",
        "position",
        "start",
        "end",
        "title",
        "kind",
        "strength",
        "is_priority",
        "remark",
        "continues_id",
        "search_text",
    },
    Milestone: {"id", "assignment_id", "by_id", "added_at", "version", "is_sample"},
}
Sql = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Past:
    """The day that is shown, and the moment at which it was over."""

    day: date
    until: datetime

    @property
    def last_moment(self) -> datetime:
        return self.until - timedelta.resolution


_shown: ContextVar[Past | None] = ContextVar("past", default=None)


def past_shown() -> Past | None:
    """The day that the queries of this moment look back to; None where they see the present."""
    return _shown.get()


def end_of(day: date) -> datetime:
    """The moment at which a day is over, in the time zone that is active."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


@contextmanager
def looking_back(day: date, until: datetime | None = None) -> Iterator[Past]:
    """See the tracker as it stood when the day was over, or at the moment given (which is not part of it)."""
    if past_shown():
        raise RuntimeError("one look back at a time")
    past = Past(day, until or end_of(day))
    with _kept_apart():
        _rebuild(Assignment, _parts_then(past.until))
        _rebuild(Commitment, _commitments_then(past.until))
        _rebuild(Milestone, _milestones_then(past.until))
        shadows = _shadows(past)
        token = _shown.set(past)
        try:
            with connection.execute_wrapper(_Shadowing(shadows)):
                yield past
        finally:
            _shown.reset(token)


@contextmanager
def _kept_apart() -> Iterator[None]:
    """Temporary tables of this connection, gone at the end whatever happens.

    On PostgreSQL a transaction takes them away; on SQLite one would keep writers waiting, and is not needed.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield
            _drop()
        return
    try:
        yield
    finally:
        _drop()


def _drop() -> None:
    with connection.cursor() as cursor:
        for model in REBUILT:
            cursor.execute(f"DROP TABLE IF EXISTS {_then(model)}")


# What is rebuilt


def _parts_then(until: datetime) -> Iterator[models.Model]:
    """The assignments that have moved since, as they were."""
    later = Change.objects.filter(at__gte=until, act__in=PART_ACTS, assignment__isnull=False).order_by("seq")
    told: dict[int, list[Told]] = {}
    for key, *fact in later.values_list("assignment_id", "act", "before", "after", "visibility").iterator():
        told.setdefault(key, []).append(Told(*fact))
    moved = later.order_by().values("assignment")
    earlier = _earlier(moved, until)
    rows = Assignment.objects.filter(pk__in=moved).annotate(adopted_on=F("commitment__statement__adopted_on"))
    for row in rows.order_by("pk").iterator(chunk_size=BATCH):
        values = {name: getattr(row, name) for name in REBUILT[Assignment]}
        part = Part(values, row.adopted_on, told[row.pk], earlier.get(row.pk, Earlier()))
        yield _with(row, part_then(part))


def _earlier(moved: models.QuerySet, until: datetime) -> dict[int, Earlier]:
    """What the notes and the history say of these assignments from before the moment."""
    notes = ProgressNote.objects.standing_at(until).filter(assignment__in=moved).order_by().values("assignment")
    words = notes.annotate(
        said=Max("written_at"),
        shared=Max("written_at", filter=Q(visibility=Visibility.BOTH)),
        stepped=Max("written_at", filter=~Q(status=F("status_before"))),
    )
    found = {row["assignment"]: (row["said"], row["shared"], row["stepped"]) for row in words}
    given: dict[int, Told] = {}
    facts = Change.objects.filter(act=Act.CONFIDENCE_GIVEN, at__lt=until, assignment__in=moved).order_by("seq")
    for key, *fact in facts.values_list("assignment_id", "act", "before", "after", "visibility").iterator():
        given[key] = Told(*fact)
    return {key: Earlier(*found.get(key, (None, None, None)), given.get(key)) for key in found.keys() | given.keys()}


def _commitments_then(until: datetime) -> Iterator[models.Model]:
    """The commitments whose working date has moved since, with the date before."""
    later = Change.objects.filter(at__gte=until, act=Act.DATE_CHANGED, commitment__isnull=False).order_by("seq")
    told: dict[int, list[Told]] = {}
    for key, *fact in later.values_list("commitment_id", "act", "before", "after", "visibility").iterator():
        told.setdefault(key, []).append(Told(*fact))
    for row in Commitment.objects.filter(pk__in=later.order_by().values("commitment")).order_by("pk"):
        yield _with(row, date_then(told[row.pk]))


def _milestones_then(until: datetime) -> Iterator[models.Model]:
    """The milestones that have moved since, as they were."""
    later = Change.objects.filter(at__gte=until, act__in=MILESTONE_ACTS).order_by("seq")
    first: dict[int, dict[str, Any]] = {}
    for before in later.values_list("before", flat=True).iterator():
        first.setdefault(before["milestone"], before)
    for row in Milestone.objects.filter(pk__in=many.listed(Milestone, first)).order_by("pk"):
        yield _with(row, milestone_then(first[row.pk]))


def _with(row: models.Model, values: dict[str, Any]) -> models.Model:
    for name, value in values.items():
        row.__dict__[name] = value  # a generated column cannot be set by name
    return row


def _rebuild(model: type[models.Model], rows: Iterator[models.Model]) -> None:
    """Keep the rows in a temporary table of the model's own columns, indexed as the model is asked for."""
    name, columns = _then(model), _columns(model)
    real, listed = connection.ops.quote_name(model._meta.db_table), ", ".join(columns)
    fields = model._meta.concrete_fields
    insert = f"INSERT INTO {name} ({listed}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 (names of models)
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} AS SELECT {listed} FROM {real} WHERE 1 = 0")  # noqa: S608
        for start in range(0, len(values), BATCH):
            cursor.executemany(insert, values[start : start + BATCH])
        cursor.execute(f"CREATE UNIQUE INDEX {name}_id ON {name} (id)")
        if model is Assignment:
            cursor.execute(f"CREATE INDEX {name}_commitment ON {name} (commitment_id)")


# What stands before the tables


class _Shadowing:
    """Puts before each SELECT what its tables held; a write to one of them is refused."""

    def __init__(self, shadows: dict[str, Sql]) -> None:
        self.shadows = {connection.ops.quote_name(table): sql for table, sql in shadows.items()}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        named = [table for table in self.shadows if table in sql]
        if not named:
            return execute(sql, params, many, context)
        if not sql.lstrip("(").startswith("SELECT") or "FOR UPDATE" in sql:
            raise RuntimeError("nothing is written while looking back")
        parts = [f"{table} AS NOT MATERIALIZED ({self.shadows[table][0]})" for table in named]
        given = [value for table in named for value in self.shadows[table][1]]
        return execute(f"WITH {', '.join(parts)} {sql}", (*given, *(params or ())), many, context)


def _shadows(past: Past) -> dict[str, Sql]:
    """For each table what it held, as SQL over the table itself and the rows that were rebuilt."""
    until = connection.ops.adapt_datetimefield_value(past.until)
    shadows = {model: _select(model, f"{column} < %s", (until,)) for model, column in ADDED.items()}
    notes = _real(ProgressNote)
    shadows[Evidence] = _select(Evidence, f"note_id IN (SELECT id FROM {notes} WHERE written_at < %s)", (until,))  # noqa: S608
    shadows[Indicator] = _select(Indicator, "(added_at IS NULL OR added_at < %s)", (until,))
    shadows[DateChange] = _select(DateChange, "proposed_at < %s", (until,), **_proposals(until))
    for model, (added, moments) in MEETINGS.items():
        later = {name: (f"CASE WHEN r.{name} >= %s THEN NULL ELSE r.{name} END", (until,)) for name in moments}
        shadows[model] = _select(model, f"{added} < %s", (until,), **later)
    shadows[Assignment] = _overlaid(Assignment, "1 = 1", ())
    shadows[Milestone] = _overlaid(Milestone, "added_at < %s", (until,))
    adopted = f"statement_id IN (SELECT id FROM {_real(Statement)} WHERE adopted_on <= %s)"  # noqa: S608
    day = connection.ops.adapt_datefield_value(past.day)
    shadows[Commitment] = _overlaid(Commitment, adopted, (day,))
    return {model._meta.db_table: sql for model, sql in shadows.items()}


def _proposals(until: Any) -> dict[str, Sql]:
    """How far the proposals of dates had come: decided later is open then, and so is put before all sides later."""
    decisions = _real(DateDecision)
    agreed = (
        f"EXISTS (SELECT 1 FROM {decisions} d WHERE d.change_id = r.id AND d.party_id = r.party_id"  # noqa: S608
        " AND d.agrees AND d.at < %s)"
    )
    return {
        "state": ("CASE WHEN r.ended_at >= %s THEN 'proposed' ELSE r.state END", (until,)),
        "ended_at": ("CASE WHEN r.ended_at >= %s THEN NULL ELSE r.ended_at END", (until,)),
        "is_open_to_all": (f"(r.is_open_to_all AND (r.visibility = 'both' OR {agreed}))", (until,)),
    }


def _select(model: type[models.Model], where: str, params: tuple[Any, ...], **replaced: Sql) -> Sql:
    """The table's columns, some of them replaced, of the rows that meet the condition."""
    columns, given = [], []
    for column in _columns(model):
        sql, values = replaced.get(column.strip('"'), (f"r.{column}", ()))
        columns.append(f"{sql} AS {column}")
        given += values
    return f"SELECT {', '.join(columns)} FROM {_real(model)} r WHERE {where}", (*given, *params)  # noqa: S608


def _overlaid(model: type[models.Model], where: str, params: tuple[Any, ...]) -> Sql:
    """The table with the rebuilt rows in the place of those that have moved."""
    then, listed = _then(model), ", ".join(_columns(model))
    still, given = _select(model, f"{where} AND NOT EXISTS (SELECT 1 FROM {then} t WHERE t.id = r.id)", params)  # noqa: S608
    return f"{still} UNION ALL SELECT {listed} FROM {then} WHERE {where}", (*given, *params)  # noqa: S608


def _columns(model: type[models.Model]) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in model._meta.concrete_fields]


def _then(model: type[models.Model]) -> str:
    return f"{model._meta.model_name}_then"


def _real(model: type[models.Model]) -> str:
    """The table itself, past what stands before it: SQLite asks for the schema's name."""
    table = connection.ops.quote_name(model._meta.db_table)
    return f"main.{table}" if connection.vendor == "sqlite" else table
