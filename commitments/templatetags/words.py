"""Words for codes that stand beside a commitment, and figures as people write them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commitments.domain.codes import Basis
from commitments.domain.deadlines import Deadline
from commitments.models.words import Cadence, Confidence, EvidenceLevel
from commitments.templatetags.dates import due_text, period_text

register = template.Library()


@register.filter
def deadline_words(deadline: Deadline | None) -> str:
    """The date with its basis, honestly: "2028, in the text"."""
    if deadline is None:
        return _("No date in the text")
    basis = {
        Basis.TEXT: _("%(date)s, in the text"),
        Basis.EXTERNAL: _("%(date)s, from a fact outside the text"),
        Basis.SET: _("%(date)s, set by the parties"),
    }
    return basis[deadline.basis] % {"date": due_text(deadline)}


SCORES = {
    1: gettext_lazy("criterion met"),
    0: gettext_lazy("criterion met in part"),
    -1: gettext_lazy("criterion not met"),
}


@register.simple_tag
def score(value: int | None) -> SafeString:
    """A score as a signed number, with what it means for screen readers and as a title; a dash where none was given."""
    if value is None:
        return format_html('<span class="muted">–<span class="sr"> {}</span></span>', _("no score"))
    number = f"{value:+d}".replace("-", "−") if value else "0"
    meaning = SCORES[value]
    return format_html('<b class="score" title="{}">{}<span class="sr"> ({})</span></b>', meaning, number, meaning)


@register.filter
def cadence_word(code: str) -> str:
    return str(Cadence(code).label)


@register.filter
def confidence_word(code: str) -> str:
    return str(Confidence(code).label)


@register.filter
def evidence_word(code: str) -> str:
    return str(EvidenceLevel(code).label)


@register.filter
def figure_text(value: Decimal | None) -> str:
    """A figure without the zeros that only the database adds, in the digits of the page's language."""
    if value is None:
        return "–"
    plain = value.normalize()
    return number_format(plain, decimal_pos=max(-plain.as_tuple().exponent, 0), force_grouping=True)


@register.filter
def period(measurement) -> str:  # noqa: ANN001 (a Measurement, or anything with its two fields)
    return period_text(measurement.period_ends_on, measurement.period_precision)


@register.filter
def row_period(row) -> str:  # noqa: ANN001 (a row of a file of figures)
    return period_text(row.day, row.precision) if row.day else "–"


@register.filter
def fact_period(after: dict[str, Any]) -> str:
    """The period that a fact of the history is about; empty where it is about none."""
    if "period" not in after or "precision" not in after:
        return ""
    return period_text(date.fromisoformat(after["period"]), after["precision"])


@register.simple_tag
def share(value: Decimal, target: Decimal) -> str:
    """How much of the target the value is: "53%"."""
    return _("%(percent)s%%") % {"percent": number_format(round(value / target * 100), force_grouping=True)}


@register.simple_tag
def growth(value: Decimal, before: Decimal) -> str:
    """The change on an earlier value, with its sign: "+8%"."""
    percent = round((value - before) / before * 100)
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return _("%(sign)s%(percent)s%%") % {"sign": sign, "percent": number_format(abs(percent), force_grouping=True)}


@register.filter
def file_kind(media_type: str) -> str:
    """A file's type in a word that people know."""
    kinds = {
        "application/pdf": _("PDF"),
        "image/png": _("PNG image"),
        "image/jpeg": _("JPEG image"),
        "image/webp": _("WebP image"),
        "text/plain": _("Text"),
    }
    if media_type in kinds:
        return kinds[media_type]
    if media_type.endswith(("sheet", "spreadsheet")):
        return _("Spreadsheet")
    if media_type.endswith("presentation"):
        return _("Presentation")
    return _("Document")


@register.simple_tag
def notes_count(count: int) -> str:
    return ngettext("%(count)s entry", "%(count)s entries", count) % {
        "count": number_format(count, force_grouping=True)
    }
