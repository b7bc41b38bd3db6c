"""The timeline of dates: by section, solid where the text gives the date, open where the parties set it.

Milestones that are open are circles beside the diamonds of the commitments' own dates.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commitments.domain.codes import Basis, Schedule
from commitments.domain.deadlines import Deadline
from commitments.models import Milestone, Section
from commitments.queries.commitment_list import Row
from commitments.queries.overview import Overview
from commitments.templatetags.charts import WIDTH, joined, units
from commitments.templatetags.dates import days_text, due_text
from commitments.templatetags.links import address_of, section_name
from commitments.templatetags.milestones import milestone_state

register = template.Library()

LEFT, RIGHT, TOP, LANE_HEIGHT = 176, 14, 34, 22  # user units of the timeline
BEFORE, AFTER = timedelta(days=60), timedelta(days=300)  # what the timeline shows around today
LABEL = 48  # user units that a mark and its number take
LATE = "late"


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to user units."""

    begin: date
    end: date

    def x(self, day: date) -> float:
        return LEFT + (day - self.begin).days / (self.end - self.begin).days * (WIDTH - LEFT - RIGHT)

    def months(self) -> list[date]:
        firsts, month = [], self.begin
        while month < self.end:
            firsts.append(month)
            month = next_month(month)
        return firsts


def next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A date to draw: whose, when, and what its mark says; `kind` is text, work, step or late."""

    section: Section
    deadline: Deadline
    ref: str
    href: str
    name: str
    kind: str
    is_milestone: bool = False


@register.simple_tag
def timeline(view: Overview, today: date) -> SafeString:
    """Dates by section: solid where the text gives them, open where the parties set them, red when overdue."""
    scale = Scale((today - BEFORE).replace(day=1), next_month((today + AFTER).replace(day=1)))
    found = [
        *(_of_row(view, row, today) for row in view.dates),
        *(_of_step(view, row, today) for row in view.milestones),
    ]
    shown = [mark for mark in found if mark.deadline.due_on >= scale.begin or mark.kind == LATE]
    by_section = sorted(shown, key=lambda mark: (mark.section.position, mark.deadline.due_on))
    y, bands, marks = TOP, [], []
    for section, grouped in groupby(by_section, key=lambda mark: mark.section):
        band = list(grouped)
        drawn, lanes = _marks(scale, [mark for mark in band if mark.deadline.due_on <= scale.end], y)
        later = [mark for mark in band if mark.deadline.due_on > scale.end]
        height = max(lanes, len(later), 1) * LANE_HEIGHT + 10
        bands.append(_band(section, y, height))
        marks += drawn + [_later(mark, y + 20 + place * LANE_HEIGHT) for place, mark in enumerate(later)]
        y += height
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-labelledby="dates-h">{}{}{}{}</svg>',
        *(WIDTH, y + 20, _months(scale, y), joined(bands), _today(scale.x(today), y), joined(marks)),
    )


def _of_row(view: Overview, row: Row, today: date) -> Mark:
    commitment = row.commitment
    kind = LATE if row.schedule == Schedule.OVERDUE else "work" if commitment.due_basis == Basis.SET else "text"
    left = days_text(row.deadline.days_left(today)) if row.deadline else ""
    dated = f"{due_text(row.deadline)}, {left}, {commitment.get_due_basis_display()}"
    name = f"{commitment.ref} {commitment.title}: {dated}"
    address = address_of(view.statement.slug, commitment.ref)
    return Mark(commitment.section, row.deadline, commitment.ref, address, name, kind)


def _of_step(view: Overview, row: Milestone, today: date) -> Mark:
    commitment = row.assignment.commitment
    dated = f"{due_text(row.deadline)}, {milestone_state(row, today)}, {row.assignment.party}"
    name = _("%(ref)s, milestone: %(title)s") % {"ref": commitment.ref, "title": f"{row.title}: {dated}"}
    address = f"{address_of(view.statement.slug, commitment.ref)}#m{row.pk}"
    kind = LATE if row.due_on < today else "step"
    return Mark(commitment.section, row.deadline, commitment.ref, address, name, kind, is_milestone=True)


def _months(scale: Scale, bottom: int) -> SafeString:
    parts = []
    for month in scale.months():
        named = month.month == 1 or month == scale.begin
        parts.append(
            format_html(
                '<line x1="{0}" x2="{0}" y1="24" y2="{1}" class="grid" stroke="#e2e2dc"/>'
                '<text x="{2}" y="16"{3}>{4}</text>',
                units(scale.x(month)),
                bottom,
                units(scale.x(month) + 4),
                mark_safe(' class="lab"') if named else "",
                date_format(month, "M Y" if named else "M"),
            )
        )
    return joined(parts)


def _band(section: Section, y: int, height: int) -> SafeString:
    return format_html(
        '<line x1="0" x2="{}" y1="{}" y2="{}" class="grid" stroke="#e2e2dc"/><text x="0" y="{}" class="lab">{}</text>',
        *(WIDTH, y, y, y + height / 2 + 4, section_name(section)),
    )


def _today(x: float, bottom: int) -> SafeString:
    return format_html(
        '<line x1="{0}" x2="{0}" y1="24" y2="{1}" class="now" stroke="#1b4f8f" stroke-width="1.5"/>'
        '<text x="{0}" y="{2}" class="nowt" text-anchor="middle">{3}</text>',
        *(units(x), bottom, bottom + 15, _("Today")),
    )


def _marks(scale: Scale, marks: list[Mark], top: int) -> tuple[list[SafeString], int]:
    """The marks of one section, stacked in lanes so that their numbers do not touch."""
    ends: list[float] = []
    drawn = []
    for mark in marks:
        x = max(scale.x(mark.deadline.due_on), LEFT + 8)
        lane = next((place for place, end in enumerate(ends) if x - end > LABEL), len(ends))
        ends[lane : lane + 1] = [x]
        drawn.append(_mark(mark, x, top + 16 + lane * LANE_HEIGHT))
    return drawn, len(ends)


def _mark(mark: Mark, x: float, y: int) -> SafeString:
    late = mark.kind == LATE
    return format_html(
        '<a href="{0}"><title>{1}</title><rect x="{2}" y="{3}" width="46" height="24" fill="#fff" fill-opacity="0"/>'
        '<circle cx="{4}" cy="{5}" r="9" class="cut" fill="none" stroke="#fff" stroke-width="3"/>{6}'
        '<text x="{7}" y="{8}" class="{9}">{10}</text></a>',
        *(mark.href, mark.name, units(x - 9), y - 12, units(x), y, _shape(mark, x, y)),
        *(units(x + 11), y + 4, "latet" if late else "lab", mark.ref),
    )


def _shape(mark: Mark, x: float, y: int) -> SafeString:
    """A circle for a milestone; for a commitment's own date a diamond, solid where the parties did not set it."""
    ink = "#9d1a14" if mark.kind == LATE else "#1a1c1b"
    if mark.is_milestone:
        css = "m-late" if mark.kind == LATE else "m-open"
        return format_html(
            '<circle cx="{}" cy="{}" r="5.5" class="{}" fill="none" stroke="{}" stroke-width="2"/>',
            units(x),
            y,
            css,
            ink,
        )
    return format_html(
        '<rect x="{0}" y="{1}" width="10" height="10" transform="rotate(45 {2} {3})" class="d-{4}" fill="{5}" '
        'stroke="{6}" stroke-width="1.6"/>',
        *(units(x - 5), y - 5, units(x), y, mark.kind, "#fff" if mark.kind == "work" else ink, ink),
    )


def _later(mark: Mark, y: int) -> SafeString:
    return format_html(
        '<a href="{}"><title>{}</title><text x="{}" y="{}" text-anchor="end" class="lab">{}'
        '<tspan font-weight="400"> {} →</tspan></text></a>',
        *(mark.href, mark.name, WIDTH, y, mark.ref, due_text(mark.deadline)),
    )
