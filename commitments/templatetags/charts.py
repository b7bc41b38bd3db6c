"""Charts as SVG made on the server: the same picture on screen, in print and in documents.

Each mark carries a `fill` attribute (print, PDF, Word) and a class (themes). Marks are links whose
<title> is their name; a sentence or a table beside each chart says the same in words.
"""

from collections.abc import Iterable
from itertools import groupby

from django import template
from django.template.context import RequestContext
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commitments.domain.codes import Status
from commitments.domain.status import SHOWN
from commitments.models.words import Status as StatusWord
from commitments.queries.dashboard import Line, Month
from commitments.queries.overview import Block, Overview, SectionLine, SideCounts
from commitments.templatetags.links import address_of, list_address, section_name

register = template.Library()

FILL = {
    Status.NOT_ASSESSED: "#ffffff",
    Status.NOT_STARTED: "#dcdcd6",
    Status.ON_HOLD: "#c47a00",
    Status.NOT_PURSUED: "#6b4f45",
    Status.UNDER_WAY: "#6a8bdc",
    Status.SUBSTANTIALLY_DONE: "#3a5cc0",
    Status.BEING_HONOURED: "#128a6b",
    Status.DONE: "#1f2f7f",
}
OUTLINED = frozenset({Status.NOT_ASSESSED, Status.NOT_STARTED})
TEXTURED = {Status.ON_HOLD: "hatch", Status.BEING_HONOURED: "bars"}
WIDTH = 1000  # user units of every chart on a wide screen


@register.simple_tag
def textures(prefix: str) -> SafeString:
    """The patterns that tell "on hold" and "being honoured" apart without colour."""
    return format_html(
        '<defs><pattern id="{0}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)">'
        '<path d="M0 0v5" class="cut" stroke="#fff" stroke-width="2.2" opacity=".4"/></pattern>'
        '<pattern id="{0}-bars" width="4" height="4" patternUnits="userSpaceOnUse">'
        '<path d="M0 1h4" class="cut" stroke="#fff" stroke-width="1.1" opacity=".45"/></pattern></defs>',
        prefix,
    )


def block(status: Status, x: float, y: float, w: float, h: float, texture: str) -> SafeString:
    """A rectangle in the status's colour: outlined where it is pale, textured where colour alone would do."""
    if status in OUTLINED:
        dash = mark_safe(' stroke-dasharray="3 2.5"') if status == Status.NOT_ASSESSED else ""
        return format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" class="f-{}" fill="{}" stroke="#8a8b84"{} '
            'vector-effect="non-scaling-stroke"/>',
            *(units(x + 0.6), units(y + 0.6), units(max(w - 1.2, 0.5)), units(h - 1.2), status, FILL[status], dash),
        )
    place = format_html('x="{}" y="{}" width="{}" height="{}"', units(x), units(y), units(max(w, 0.5)), units(h))
    plain = format_html('<rect {} class="f-{}" fill="{}"/>', place, status, FILL[status])
    if status not in TEXTURED:
        return plain
    return plain + format_html('<rect {} fill="url(#{}-{})"/>', place, texture, TEXTURED[status])


def units(value: float) -> str:
    """A length for SVG, to a tenth; never in the digits of the page's language."""
    return f"{value:.1f}".removesuffix(".0")


GAP = 9  # between sections
LANE = 20  # from one side's row of blocks to the next


@register.simple_tag
def strip(view: Overview) -> SafeString:
    """The whole statement in the order of the text: a column for each commitment, a row for each side."""
    sections = {line.section.position: line for line in view.sections}
    groups = [(place, list(found)) for place, found in groupby(view.blocks, key=lambda item: item.section)]
    width = (WIDTH - GAP * (len(groups) - 1)) / max(len(view.blocks), 1)
    depth = LANE * len(view.parties)
    x, columns, labels = 0.0, [], []
    for place, blocks in groups:
        begin = x
        for item in blocks:
            columns.append(_column(view, item, x, width))
            x += width
        labels.append(_bracket(sections[place], begin, x - 1.8, depth + 5))
        x += GAP
    return format_html(
        '<svg class="chart strip" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}'
        '<g aria-hidden="true">{}</g></svg>',
        WIDTH,
        depth + 26,
        _("Every commitment in the order of the text; from top to bottom: %(parties)s")
        % {"parties": ", ".join(str(party) for party in view.parties)},
        textures("strip"),
        joined(columns),
        joined(labels),
    )


def _column(view: Overview, item: Block, x: float, width: float) -> SafeString:
    sides = [(party, status) for party, status in zip(view.parties, item.statuses, strict=True) if status]
    words = ", ".join(f"{party}: {StatusWord(status).label}" for party, status in sides)
    lanes = [
        block(status, x, place * LANE, width - 1.8, LANE - 3, "strip")
        for place, status in enumerate(item.statuses)
        if status
    ]
    return format_html(
        '<a href="{}"><title>{} {}. {}</title>{}</a>',
        address_of(view.statement.slug, item.ref),
        item.ref,
        item.title,
        words,
        joined(lanes),
    )


def _bracket(line: SectionLine, begin: float, end: float, y: float) -> SafeString:
    name = f"{line.paragraphs} {section_name(line.section)}"
    label = name if len(name) * 6.3 < end - begin else line.paragraphs
    return format_html(
        '<path d="M{} {}v4h{}v-4" fill="none" class="axis" stroke="#85867d"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        *(units(begin), units(y), units(end - begin), units((begin + end) / 2), units(y + 17), label),
    )


@register.simple_tag(takes_context=True)
def section_bar(context: RequestContext, line: SectionLine, most: int) -> SafeString:
    """One section's statuses as a bar; its length is its share of the largest section."""
    filters = {"section": line.section.position}
    return _bar(context, line.counts, most, str(section_name(line.section)), filters)


@register.simple_tag(takes_context=True)
def side_bar(context: RequestContext, side: SideCounts, label: str) -> SafeString:
    """One side's statuses (positions apart) as a bar over the whole width."""
    filters = {"kind": "not_position", "side": side.party.code if side.party else ""}
    return _bar(context, side.duties, side.total, label, filters)


@register.simple_tag(takes_context=True)
def group_bar(context: RequestContext, line: Line, most: int) -> SafeString:
    """One group's duties by status; its length is its share of the largest group."""
    filters = {"kind": "not_position", **line.filters}
    return _bar(context, line.shown, most, line.name or _("No lead body"), filters) if line.duties else SafeString("–")


NARROW, BROAD, FULL = 34, 64, 640  # a month's width at least and at most, and the width that they share
DEPTH = 150  # the height of the tallest column
LABELS = 22  # beneath the columns


@register.simple_tag
def months_chart(months: list[Month]) -> SafeString:
    """A column for each month, the least advanced status at the top."""
    most = max((month.total for month in months), default=0) or 1
    column = min(max(FULL // max(len(months), 1), NARROW), BROAD)
    columns = [_month(month, place * column, column, DEPTH / most) for place, month in enumerate(months)]
    return format_html(
        '<svg class="months" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">{3}{4}</svg>',
        max(len(months), 1) * column,
        DEPTH + LABELS,
        _("How many parts had which status at the end of each month; the table beneath says the same"),
        textures("months"),
        joined(columns),
    )


def _month(month: Month, x: int, column: int, unit: float) -> SafeString:
    y, parts = float(DEPTH), []
    for status in SHOWN:
        height = month.counts[status] * unit
        if height:
            y -= height
            parts.append(block(status, x + 3, y, column - 6, height, "months"))
    label = date_format(month.last, "M") if month.last.month != 1 else str(month.last.year)
    words = ", ".join(f"{StatusWord(status).label} {number}" for status, number in month.counts.items() if number)
    return format_html(
        '<g><title>{}: {}</title>{}<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
        date_format(month.last, "SHORT_DATE_FORMAT"),
        words,
        joined(parts),
        x + column // 2,
        DEPTH + 15,
        label,
    )


def _bar(context: RequestContext, counts: dict[Status, int], most: int, label: str, filters: dict) -> SafeString:
    x, marks = 0.0, []
    for status in SHOWN:
        if not counts[status]:
            continue
        width = counts[status] * WIDTH / most - 4
        words = f"{counts[status]} {StatusWord(status).label}"
        marks.append(
            format_html(
                '<a href="{}" data-count="{}" aria-label="{}: {}"><title>{}</title>{}</a>',
                list_address(context, {**filters, "status": status}),
                counts[status],
                label,
                words,
                words,
                block(status, x, 0, width, 14, "bar"),
            )
        )
        x += width + 4
    return format_html(
        '<svg class="bars" viewBox="0 0 {} 14" preserveAspectRatio="none" role="group" aria-label="{}">{}</svg>',
        WIDTH,
        _("%(what)s, by status") % {"what": label},
        joined(marks),
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Parts that are safe already, one after the other."""
    return format_html_join("", "{}", ((part,) for part in parts))
