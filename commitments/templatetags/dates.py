"""Dates in words: as precise as they are and no more, and how far away they lie."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commitments.domain.codes import Precision, Schedule
from commitments.domain.deadlines import Deadline

register = template.Library()

LONG = 60  # days; beyond it a distance is told in months
MONTH = 30.4  # days


@register.filter
def due_text(deadline: Deadline | None) -> str:
    """A deadline with its own precision: "2028" is never shown as 31 December 2028."""
    if deadline is None:
        return _("No date")
    return period_text(deadline.due_on, deadline.precision)


def period_text(last_day: date, precision: str) -> str:
    """The period of this precision that ends on the day: "2028", "Q4 2026", "March 2027", "31 Dec 2026"."""
    return _period_text(last_day, precision, get_language())


@lru_cache(maxsize=2048)
def _period_text(last_day: date, precision: str, language: str | None) -> str:
    if precision == Precision.DAY:
        return date_format(last_day, "SHORT_DATE_FORMAT")
    if precision == Precision.MONTH:
        return date_format(last_day, "YEAR_MONTH_FORMAT")
    if precision == Precision.QUARTER:
        return _("Q%(quarter)s %(year)s") % {"quarter": last_day.month // 3, "year": last_day.year}
    if precision == Precision.HALF:
        half = _("First half of %(year)s") if last_day.month == 6 else _("Second half of %(year)s")
        return half % {"year": last_day.year}
    return str(last_day.year)


@register.simple_tag
def due_left(deadline: Deadline, schedule: str, today: date) -> str:
    """How far away the end of the period lies, or what became of it."""
    if schedule == Schedule.MET_ON_TIME:
        return _("Met")
    if schedule == Schedule.MET_LATE:
        return _("Met late")
    if schedule == Schedule.ENDED:
        return _("Not pursued")
    return days_text(deadline.days_left(today))


def days_text(days: int) -> str:
    """Days from today in words; negative once the day has passed."""
    if days < 0:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": -days}
    if days == 0:
        return _("Due today")
    if days <= LONG:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    months = round(days / MONTH)
    if months < 24:
        return ngettext("in %(months)s month", "in %(months)s months", months) % {"months": months}
    return ngettext("in %(years)s year", "in %(years)s years", months // 12) % {"years": months // 12}


@register.simple_tag
def day(moment: date | datetime | None, year: bool = True) -> SafeString | str:
    """A day as a <time>; without its year where the year is plain from the place it stands."""
    if moment is None:
        return "–"
    local = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return _day(local, year, get_language())


@lru_cache(maxsize=2048)
def _day(on: date, year: bool, language: str | None) -> SafeString:
    words = date_format(on, "SHORT_DATE_FORMAT") if year else short_day(on)
    return format_html('<time datetime="{}">{}</time>', on.isoformat(), words)


def short_day(on: date) -> str:
    return date_format(on, "j M")


@register.simple_tag
def ago(moment: datetime | date | None, today: date) -> str:
    """How long ago a word was given, in whole days, then months; "never" where there is none."""
    if moment is None:
        return _("never")
    then = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    days = (today - then).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days <= LONG:
        return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}
    months = round(days / MONTH)
    return ngettext("%(months)s month ago", "%(months)s months ago", months) % {"months": months}
