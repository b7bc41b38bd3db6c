"""How commitments stand, grouped by one thing at a time; positions apart, every share with its denominator."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from commitments.domain import codes
from commitments.domain.status import ORDER, SHOWN
from commitments.models import Act, Assignment, Body, Change, Commitment, Party, Section, Theme, User
from commitments.models.conditions import (
    TROUBLE,
    confidence_is,
    is_overdue,
    least_rank,
    never_reported,
    parts_of_commitment,
    update_is_due,
)
from commitments.models.words import Kind, Strength

BY = ("section", "body", "side", "strength", "kind", "theme")
MOVING = frozenset(
    {codes.Status.UNDER_WAY, codes.Status.SUBSTANTIALLY_DONE, codes.Status.DONE, codes.Status.BEING_HONOURED}
)
MONTHS_SHOWN = 24
PATHS = {  # from an assignment
    "section": "commitment__section",
    "strength": "commitment__strength",
    "kind": "commitment__kind",
    "theme": "commitment__theme_rows__theme",
    "body": "lead",
    "side": "party",
}
Counts = dict[codes.Status, int]


@dataclass(slots=True)
class Line:
    """One group: `name` in words, `filters` for the list of its rows. Positions are counted, and in no share."""

    name: str
    filters: dict[str, Any]
    counts: Counter[codes.Status] = field(default_factory=Counter)
    positions: int = 0
    overdue: int = 0
    trouble: int = 0
    silent: int = 0
    unheard: int = 0
    page: str = ""

    @property
    def duties(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts[codes.Status.DONE]

    @property
    def moving(self) -> int:
        """Under way or better, done included."""
        return sum(number for status, number in self.counts.items() if status in MOVING)

    @property
    def done_share(self) -> int | None:
        """Per cent of the duties; None where there is none to divide by."""
        return round(self.done * 100 / self.duties) if self.duties else None

    @property
    def moving_share(self) -> int | None:
        return round(self.moving * 100 / self.duties) if self.duties else None

    @property
    def shown(self) -> Counts:
        return {status: self.counts[status] for status in SHOWN}


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`by` says what the lines are; where it is a body or a side the figures are of that side's own part."""

    by: str
    lines: list[Line]
    total: Line

    @property
    def largest(self) -> int:
        return max((line.duties for line in self.lines), default=0) or 1


@dataclass(frozen=True, slots=True)
class Month:
    """The statuses of all parts at the end of a month."""

    last: date
    counts: Counts

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def dashboard(rows: QuerySet[Commitment], by: str, user: User, today: date, *, lead: Body | None = None) -> Dashboard:
    """The lines and their sum, in a fixed number of queries.

    By body or side, and where `lead` narrows it to one body, each side's part counts by itself; else each commitment
    counts once, by the side that is less advanced. By theme it counts under each theme that it has, in the sum once.
    """
    lines = _lines(rows, by, user, today, lead)
    counted_once = _lines(rows, "kind", user, today, lead) if by == "theme" else lines
    return Dashboard(by, lines, _sum(counted_once))


def _lines(rows: QuerySet[Commitment], by: str, user: User, today: date, lead: Body | None) -> list[Line]:
    if by in ("body", "side") or lead:
        parts = Assignment.objects.filter(commitment__in=rows.order_by())
        lines = _by_part(rows, parts.filter(lead=lead) if lead else parts, by, user, today)
    else:
        lines = _by_commitment(rows, by, user, today)
    if lead:
        for line in lines:
            line.filters |= {"lead": lead.code, "side": lead.party.code}
    return lines


def _sum(lines: list[Line]) -> Line:
    total = Line("", {})
    for line in lines:
        total.counts.update(line.counts)
        for name in ("positions", "overdue", "trouble", "silent", "unheard"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
    return total


# Each commitment once, by its less advanced side


def _by_commitment(rows: QuerySet[Commitment], by: str, user: User, today: date) -> list[Line]:
    parts = parts_of_commitment()
    marked = rows.annotate(
        least=least_rank(),
        overdue=Exists(parts.filter(is_overdue(today))),
        trouble=Exists(parts.filter(confidence_is(user, *TROUBLE))),
        silent=Exists(parts.filter(update_is_due(user, today))),
        unheard=Exists(parts.filter(never_reported(user))),
    )
    path = PATHS[by].removeprefix("commitment__")
    grouped = marked.order_by().values_list(path, "kind", "least", "overdue", "trouble", "silent", "unheard")
    lines = _named(by, rows)
    for key, kind, least, *flags, number in grouped.annotate(number=Count("pk")):
        _add(lines[key], kind, ORDER[least or 0], flags, number)
    return [line for line in lines.values() if line.duties or line.positions]


# Each side's part by itself


def _by_part(rows: QuerySet[Commitment], parts: QuerySet[Assignment], by: str, user: User, today: date) -> list[Line]:
    marked = parts.annotate(
        overdue=_flag(is_overdue(today)),
        trouble=_flag(confidence_is(user, *TROUBLE)),
        silent=_flag(update_is_due(user, today)),
        unheard=_flag(never_reported(user)),
    )
    grouped = marked.order_by().values_list(
        PATHS[by], "commitment__kind", "status", "overdue", "trouble", "silent", "unheard"
    )
    lines = _named(by, rows)
    for at, kind, status, *flags, number in grouped.annotate(number=Count("pk")):
        _add(lines[at], kind, codes.Status(status), flags, number)
    return [line for line in lines.values() if line.duties or line.positions]


def _flag(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _add(line: Line, kind: str, status: codes.Status, flags: Iterable[bool], number: int) -> None:
    if kind == Kind.POSITION:
        line.positions += number
        return
    line.counts[status] += number
    for name, holds in zip(("overdue", "trouble", "silent", "unheard"), flags, strict=True):
        setattr(line, name, getattr(line, name) + number * bool(holds))


def _named(by: str, rows: QuerySet[Commitment]) -> dict[Any, Line]:
    """A line for each group that there can be, in its order."""
    return dict(NAMES[by](rows))


def _sections(rows: QuerySet[Commitment]) -> Iterator[tuple[Any, Line]]:
    found = Section.objects.filter(pk__in=rows.order_by().values("section")).order_by("statement", "position")
    for section in found:
        yield section.pk, Line(section.short_heading or str(section), {"section": section.position})


def _bodies(rows: QuerySet[Commitment]) -> Iterator[tuple[Any, Line]]:
    leads = Assignment.objects.filter(commitment__in=rows.order_by()).values("lead")
    for body in Body.objects.filter(pk__in=leads).select_related("party").order_by("party__code", "name_en"):
        yield body.pk, Line(body.name, {"lead": body.code, "side": body.party.code}, page=body.code)
    yield None, Line("", {"lead": "none"})


def _sides(rows: QuerySet[Commitment]) -> Iterator[tuple[Any, Line]]:
    for party in Party.objects.filter(statements__commitments__in=rows.order_by()).distinct().order_by("code"):
        yield party.pk, Line(str(party), {"side": party.code})


def _strengths(rows: QuerySet[Commitment]) -> Iterator[tuple[Any, Line]]:
    return ((each.value, Line(str(each.label), {"strength": each.value})) for each in Strength)


def _kinds(rows: QuerySet[Commitment]) -> Iterator[tuple[Any, Line]]:
    return ((each.value, Line(str(each.label), {"kind": each.value})) for each in Kind)


def _themes(rows: QuerySet[Commitment]) -> Iterator[tuple[Any, Line]]:
    for theme in Theme.objects.all():
        yield theme.pk, Line(str(theme), {"theme": theme.code})
    yield None, Line(_("No theme"), {"theme": "none"})


NAMES: dict[str, Callable[[QuerySet[Commitment]], Iterator[tuple[Any, Line]]]] = {
    "section": _sections,
    "body": _bodies,
    "side": _sides,
    "strength": _strengths,
    "kind": _kinds,
    "theme": _themes,
}


def over_time(parts: QuerySet[Assignment], today: date) -> list[Month]:
    """The statuses of these parts at the end of each month since the first change, and as they stand today.

    Worked back from today through the steps of the history, summed by month in the database.
    """
    counts = Counter({codes.Status(status): number for status, number in _now(parts)})
    steps = (
        Change.objects.filter(act=Act.STATUS_CHANGED, assignment__in=parts.order_by())
        .annotate(month=TruncMonth("at"))
        .order_by("-month")
        .values_list("month", "before__status", "after__status")
        .annotate(number=Count("pk"))
    )
    by_month: dict[date, list[tuple[str, str, int]]] = {}
    for month, before, after, number in steps:
        by_month.setdefault(_day(month), []).append((before, after, number))
    months = [Month(today, {status: counts[status] for status in SHOWN})]
    first = today.replace(day=1)
    oldest = min(by_month, default=first)
    while first >= oldest and len(months) < MONTHS_SHOWN:
        for before, after, number in by_month.get(first, ()):
            counts[codes.Status(after)] -= number
            counts[codes.Status(before)] += number
        last = first - timedelta(days=1)
        months.append(Month(last, {status: counts[status] for status in SHOWN}))
        first = last.replace(day=1)
    return months[::-1]


def _now(parts: QuerySet[Assignment]) -> QuerySet:
    return parts.order_by().values_list("status").annotate(Count("pk"))


def _day(month: date | datetime) -> date:
    return month.date() if isinstance(month, datetime) else month
