"""The timeline of dates: by section, solid where the text gives the date, open where the parties set it."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commitments.domain.codes import Basis, Schedule
from commitments.models import Section
from commitments.queries.commitment_list import Row
from commitments.queries.overview import Overview
from commitments.templatetags.charts import WIDTH, joined, units
from commitments.templatetags.dates import days_text, due_text
from commitments.templatetags.links import address_of, section_name

register = template.Library()

LEFT, RIGHT, TOP, LANE_HEIGHT = 176, 14, 34, 22  # user units of the timeline
BEFORE, AFTER = timedelta(days=60), timedelta(days=300)  # what the timeline shows around today
LABEL = 48  # user units that a mark and its number take


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


@register.simple_tag
def timeline(view: Overview, today: date) -> SafeString:
    """Dates by section: solid where the text gives them, open where the parties set them, red when overdue."""
    scale = Scale((today - BEFORE).replace(day=1), next_month((today + AFTER).replace(day=1)))
    rows = [row for row in view.dates if row.commitment.due_on >= scale.begin or row.schedule == Schedule.OVERDUE]
    by_section = sorted(rows, key=lambda row: (row.commitment.section.position, row.commitment.due_on))
    y, bands, marks = TOP, [], []
    for section, found in groupby(by_section, key=lambda row: row.commitment.section):
        band = list(found)
        drawn, lanes = _marks(view, scale, [row for row in band if row.commitment.due_on <= scale.end], y, today)
        later = [row for row in band if row.commitment.due_on > scale.end]
        height = max(lanes, len(later), 1) * LANE_HEIGHT + 10
        bands.append(_band(section, y, height))
        marks += drawn + [_later(view, row, y + 20 + place * LANE_HEIGHT) for place, row in enumerate(later)]
        y += height
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-labelledby="dates-h">{}{}{}{}</svg>',
        *(WIDTH, y + 20, _months(scale, y), joined(bands), _today(scale.x(today), y), joined(marks)),
    )


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


def _marks(view: Overview, scale: Scale, rows: list[Row], top: int, today: date) -> tuple[list[SafeString], int]:
    """The marks of one section, stacked in lanes so that their numbers do not touch."""
    ends: list[float] = []
    marks = []
    for row in rows:
        x = max(scale.x(row.commitment.due_on), LEFT + 8)
        lane = next((place for place, end in enumerate(ends) if x - end > LABEL), len(ends))
        ends[lane : lane + 1] = [x]
        marks.append(_mark(view, row, x, top + 16 + lane * LANE_HEIGHT, today))
    return marks, len(ends)


def _mark(view: Overview, row: Row, x: float, y: int, today: date) -> SafeString:
    late = row.schedule == Schedule.OVERDUE
    solid = row.commitment.due_basis != Basis.SET
    kind = "late" if late else "text" if solid else "work"
    ink = "#9d1a14" if late else "#1a1c1b"
    return format_html(
        '<a href="{0}"><title>{1}</title><rect x="{2}" y="{3}" width="46" height="24" fill="#fff" fill-opacity="0"/>'
        '<circle cx="{4}" cy="{5}" r="9" class="cut" fill="none" stroke="#fff" stroke-width="3"/>'
        '<rect x="{6}" y="{7}" width="10" height="10" transform="rotate(45 {4} {5})" class="d-{8}" fill="{9}" '
        'stroke="{10}" stroke-width="1.6"/><text x="{11}" y="{12}" class="{13}">{14}</text></a>',
        address_of(view.statement.slug, row.commitment.ref),
        _mark_name(row, today),
        *(units(x - 9), y - 12, units(x), y, units(x - 5), y - 5),
        *(kind, ink if late or solid else "#fff", ink, units(x + 11), y + 4),
        *("latet" if late else "lab", row.commitment.ref),
    )


def _mark_name(row: Row, today: date) -> str:
    basis = row.commitment.get_due_basis_display()
    left = days_text(row.deadline.days_left(today)) if row.deadline else ""
    return f"{row.commitment.ref} {row.commitment.title}: {due_text(row.deadline)}, {left}, {basis}"


def _later(view: Overview, row: Row, y: int) -> SafeString:
    return format_html(
        '<a href="{}"><text x="{}" y="{}" text-anchor="end" class="lab">{}'
        '<tspan font-weight="400"> {} →</tspan></text></a>',
        *(address_of(view.statement.slug, row.commitment.ref), WIDTH, y, row.commitment.ref, due_text(row.deadline)),
    )
