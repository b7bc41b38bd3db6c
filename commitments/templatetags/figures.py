"""An indicator's figures as a chart made on the server, and as a sentence: each party's series for itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import template
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from commitments.domain.pace import Outlook
from commitments.domain.scale import axis_marks
from commitments.models import Measurement
from commitments.queries.figures import Figures, Series, SeriesPace
from commitments.templatetags.charts import units
from commitments.templatetags.dates import due_text
from commitments.templatetags.words import figure_text, period

register = template.Library()

SIZES = {"at-l": (720, 264, 132), "at-s": (350, 244, 96)}  # width, height, room for labels at the right
LEFT, TOP, BOTTOM = 34, 24, 24
LABEL_HEIGHT = 15
YEAR_WIDTH = 42  # least room for the label of a year
STYLES = [("one", "", "circle"), ("two", "6 4", "square"), ("three", "1.5 4", "diamond"), ("four", "10 4", "circle")]
DASHES = {"pace-needed": "7 5", "pace-now": "1.5 4"}
INK = "#1b4f8f"
SECOND_INK = "#4c4f4a"


@register.simple_tag
def figure_chart(figures: Figures, size: str) -> SafeString:
    """The chart in one of two sizes, so that its labels can be read on a phone too."""
    return Drawing(figures, size).svg()


@register.simple_tag
def figure_sentence(figures: Figures) -> str:
    """What the chart shows and what the statement leaves open, in words."""
    parts = [target_words(figures)]
    if figures.indicator.baseline is None:
        parts.append(_("No baseline is set.") if figures.indicator.by_id else _("It names no baseline."))
    else:
        parts.append(_("Baseline: %(value)s.") % {"value": figure_text(figures.indicator.baseline)})
    if len(figures.series) > 1:
        parts.append(_("Each side reports its own figures; they are shown apart and never averaged."))
    sources = dict.fromkeys(series.last.source for series in figures.series)
    if sources:
        parts.append(_("Sources: %(sources)s.") % {"sources": "; ".join(sources)})
    return " ".join(parts)


def target_words(figures: Figures) -> str:
    indicator = figures.indicator
    if indicator.by_id:
        return own_target_words(figures)
    if indicator.target is None:
        return _("The statement names no target.")
    value = f"{figure_text(indicator.target)} {indicator.unit}"
    if indicator.target_on is not None:
        return _("Target: %(value)s by %(period)s.") % {"value": value, "period": due_text(figures.due)}
    words = _("Target in the statement: %(value)s, without a year.") % {"value": value}
    if figures.due is None:
        return words
    dated = (
        _("The parties have set a date for the commitment: %(period)s.")
        if figures.is_dated_by_the_parties
        else _("The commitment itself has a date: %(period)s.")
    )
    return f"{words} {dated % {'period': due_text(figures.due)}}"


def own_target_words(figures: Figures) -> str:
    """The target of an indicator that a side has added: its own, not the statement's."""
    indicator = figures.indicator
    words = {"party": indicator.by.body.party if indicator.by.body else indicator.by}
    if indicator.target is None:
        return _("Indicator added by %(party)s, without a target.") % words
    words["value"] = f"{figure_text(indicator.target)} {indicator.unit}"
    if figures.due is None:
        return _("Target set by %(party)s: %(value)s, without a year.") % words
    return _("Target set by %(party)s: %(value)s by %(period)s.") % {**words, "period": due_text(figures.due)}


def target_label(figures: Figures) -> str:
    words = {"value": figure_text(figures.indicator.target), "period": due_text(figures.due)}
    if figures.due is None:
        no_year = _("Target: %(value)s, without a year")
        return (no_year if figures.indicator.by_id else _("Target: %(value)s, no year in the text")) % words
    if figures.is_dated_by_the_parties and not figures.indicator.by_id:
        return _("Target: %(value)s by %(period)s, set by the parties") % words
    return _("Target: %(value)s by %(period)s") % words


@register.filter
def present_pace(row: SeriesPace) -> str:
    """The amount a year between the first figure and the last."""
    present = row.pace.present
    return _("needs two figures") if present is None else a_year(present)


@register.filter
def needed_pace(row: SeriesPace) -> str:
    """The amount a year from the last figure to the target, or why there is none."""
    words = {
        Outlook.REACHED: _("target reached"),
        Outlook.NO_DATE: _("no year is set"),
        Outlook.NO_TARGET: _("no target is named"),
        Outlook.PAST: _("the year is over, the target not reached"),
    }
    return words[row.pace.outlook] if row.pace.needed is None else a_year(row.pace.needed)


def a_year(amount: Decimal) -> str:
    """An amount with its sign, to three digits: "+0.83 a year"."""
    sign = "+" if amount > 0 else "−" if amount < 0 else "±"
    return _("%(amount)s a year") % {"amount": f"{sign}{figure_text(to_three_digits(abs(amount)))}"}


@register.filter
def to_three_digits(value: Decimal) -> Decimal:
    return round(value, min(max(2 - value.adjusted(), 0), 4))


@dataclass(frozen=True)
class Drawing:
    """One chart: a linear axis of days and one of values, marks that enclose all figures and the target."""

    figures: Figures
    size: str

    @cached_property
    def days(self) -> tuple[date, date]:
        """From the first to the last period's end, with a year around a single one; the target's date counts."""
        ends = [point.period_ends_on for series in self.figures.series for point in series.points]
        if self.figures.due and self.figures.indicator.target is not None:
            ends.append(self.figures.due.due_on)
        first, last = min(ends), max(ends)
        return (first, last) if first < last else (date(first.year - 1, 12, 31), date(last.year + 1, 12, 31))

    @cached_property
    def marks(self) -> list[float]:
        values = [float(point.value) for series in self.figures.series for point in series.points]
        limits = [
            value for value in (self.figures.indicator.target, self.figures.indicator.baseline) if value is not None
        ]
        values += [float(value) for value in limits]
        return axis_marks(min(0.0, *values), max(0.0, *values) * 1.02, 7 if self.size == "at-l" else 5)

    def x(self, day: date) -> float:
        width, _height, right = SIZES[self.size]
        first, last = self.days
        return LEFT + (day - first).days / (last - first).days * (width - LEFT - right)

    def y(self, value: float) -> float:
        _width, height, _right = SIZES[self.size]
        low, high = self.marks[0], self.marks[-1]
        return TOP + (high - value) / (high - low) * (height - TOP - BOTTOM)

    def svg(self) -> SafeString:
        width, height, _right = SIZES[self.size]
        indicator = self.figures.indicator
        parts = [*self.grid(), *self.years(), *self.target(), *self.paces()]
        for place, series in enumerate(self.figures.series):
            parts += self.line(series, place)
        parts += self.labels()
        return format_html(
            '<svg class="chart {}" viewBox="0 0 {} {}" role="img" '
            'aria-labelledby="indicator-{}-h indicator-{}-d">{}</svg>',
            self.size,
            width,
            height,
            indicator.pk,
            indicator.pk,
            mark_safe("".join(parts)),
        )

    def grid(self) -> Iterator[SafeString]:
        width, _height, right = SIZES[self.size]
        for value in self.marks:
            css, ink = ("axis", "#85867d") if value == 0 else ("grid", "#e2e2dc")
            yield format_html(
                '<line x1="{}" x2="{}" y1="{}" y2="{}" class="{}" stroke="{}"/>'
                '<text x="{}" y="{}" text-anchor="end">{}</text>',
                *(LEFT, width - right, units(self.y(value)), units(self.y(value)), css, ink),
                *(LEFT - 8, units(self.y(value) + 4), f"{value:g}"),
            )

    def years(self) -> Iterator[SafeString]:
        """The years whose last day lies on the axis, as many as there is room for."""
        _width, height, _right = SIZES[self.size]
        first, last = self.days
        ends = [date(year, 12, 31) for year in range(first.year, last.year + 1)]
        ends = [end for end in ends if first <= end <= last] or [last]
        room = max(int((self.x(ends[-1]) - self.x(ends[0])) // YEAR_WIDTH), 1)
        step = max(-(-(len(ends) - 1) // room), 1)
        for end in ends[::-1][::step]:
            yield format_html(
                '<text x="{}" y="{}" text-anchor="middle">{}</text>', units(self.x(end)), height - 6, end.year
            )

    def target(self) -> Iterator[SafeString]:
        indicator = self.figures.indicator
        if indicator.target is None:
            return
        width, _height, right = SIZES[self.size]
        y = self.y(float(indicator.target))
        yield format_html(
            '<line x1="{}" x2="{}" y1="{}" y2="{}" class="target" stroke="#1a1c1b" stroke-width="1.5"/>'
            '<text x="{}" y="{}" class="lab big" fill="#1a1c1b">{}</text>',
            *(LEFT, width - right, units(y), units(y), LEFT, units(y - 7), target_label(self.figures)),
        )

    def paces(self) -> Iterator[SafeString]:
        """From each last figure on: the way to the target, and the way that the present pace leads."""
        for row in self.figures.paces:
            if row.pace.needed is None:
                continue
            ink = INK if self.figures.series.index(row.series) == 0 else SECOND_INK
            for css, value in (("pace-needed", self.figures.indicator.target), ("pace-now", row.pace.arrives_at)):
                if value is not None:
                    yield self.way(row.series.last, float(value), css, ink)

    def way(self, last: Measurement, value: float, css: str, ink: str) -> SafeString:
        """A straight line to the value on the target's day, cut off where it leaves the chart."""
        begin, end = float(last.value), self.figures.due.due_on
        inside = min(max(value, self.marks[0]), self.marks[-1])
        part = (inside - begin) / (value - begin) if value != begin else 1.0
        x = self.x(last.period_ends_on)
        return format_html(
            '<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}" stroke="{}" stroke-width="1.5" stroke-dasharray="{}"/>',
            *(units(x), units(self.y(begin)), units(x + (self.x(end) - x) * part), units(self.y(inside))),
            *(css, ink, DASHES[css]),
        )

    def line(self, series: Series, place: int) -> Iterator[SafeString]:
        css, dash, shape = STYLES[place % len(STYLES)]
        ink = INK if place == 0 else SECOND_INK
        points = [(self.x(point.period_ends_on), self.y(float(point.value))) for point in series.points]
        if len(points) > 1:
            yield format_html(
                '<polyline points="{}" class="series {}" fill="none" stroke="{}" stroke-width="2.5" '
                'stroke-linejoin="round"{}/>',
                " ".join(f"{units(x)},{units(y)}" for x, y in points),
                css,
                ink,
                format_html(' stroke-dasharray="{}"', dash) if dash else "",
            )
        for point, (x, y) in zip(series.points, points, strict=True):
            title = f"{series.party}, {period(point)}: {figure_text(point.value)}"
            yield format_html(
                '<path d="{}" class="dot {}" fill="#fff" stroke="{}" stroke-width="2"><title>{}</title></path>',
                outline(shape, x, y),
                css,
                ink,
                title,
            )

    def labels(self) -> Iterator[SafeString]:
        """Each series' name and last value at the right, moved apart where they would lie on each other."""
        ends = sorted((self.y(float(series.last.value)), place) for place, series in enumerate(self.figures.series))
        low = 0.0
        for y, place in ends:
            series = self.figures.series[place]
            low = max(y, low + LABEL_HEIGHT)
            yield format_html(
                '<text x="{}" y="{}" class="lab halo" paint-order="stroke" stroke="#fff" stroke-width="4">{} '
                '<tspan font-weight="650">{}</tspan></text>',
                units(self.x(series.last.period_ends_on) + 10),
                units(low + 4),
                series.party,
                figure_text(series.last.value),
            )


def outline(shape: str, x: float, y: float) -> str:
    """The path of a mark of 7 units: shapes, not colours alone, tell the series apart."""
    if shape == "square":
        return f"M{units(x - 3.2)} {units(y - 3.2)}h6.4v6.4h-6.4z"
    if shape == "diamond":
        return f"M{units(x)} {units(y - 4.4)}l4.4 4.4-4.4 4.4-4.4-4.4z"
    return f"M{units(x - 3.5)} {units(y)}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z"
