"""Facts of the history in words: codes and keys become what people call them."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.models.draft import Decision
from commitments.models.reminder import ReminderKind, ReminderPreference
from commitments.models.words import Cadence, Confidence, Precision, Role, Status, Visibility
from commitments.queries.history import BODIES, PEOPLE, THEME, THEMES, Line, Names
from commitments.templatetags.dates import period_text

register = template.Library()

CODES = {
    "status": Status,
    "confidence": Confidence,
    "cadence": Cadence,
    "role": Role,
    "decision": Decision,
    "visibility": Visibility,
}
HIDDEN = {"note", "change", "precision", "period", "remark", "corrects", "indicator", "measurement", "view", "request"}
HIDDEN |= {"draft", "part", "proposal", "step", "milestone"}
HIDDEN |= {"meeting", "point", "decided", "sha256", "dossier", "suggested"}


@register.simple_tag
def fact_before(line: Line) -> str:
    return fact_words(line.change.before, line.names, skip=same(line))


@register.simple_tag
def fact_after(line: Line) -> str:
    """What a fact says after; of a milestone its title and what changed, as it says of each time all that it is."""
    is_milestone = "milestone" in line.change.after
    return fact_words(line.change.after, line.names, skip=same(line) - {"title"} if is_milestone else frozenset())


def same(line: Line) -> set[str]:
    """Keys that say before what they say after: whom a fact is about, not what changed."""
    before, after = line.change.before, line.change.after
    found = {key for key in before if key in after and before[key] == after[key]}
    return found if "precision" in found else found - {"due_on"}


def fact_words(values: dict[str, Any], names: Names, skip: set[str] = frozenset()) -> str:
    """The values of a fact, each in words, with commas."""
    words = [word_of(key, values, names) for key in values if key not in HIDDEN | set(skip)]
    return ", ".join(word for word in words if word)


def word_of(key: str, values: dict[str, Any], names: Names) -> str:
    value = values[key]
    if key == "deputy" and value is None:
        return _("no deputy")
    if key in CODES:
        return str(CODES[key](value).label) if value in CODES[key].values else str(value)
    if key in PEOPLE or key in BODIES or key == "invitation":
        return names.get((key, value), _("nobody") if value is None else f"#{value}")
    if key == THEMES:
        return ", ".join(names.get((THEME, code), code) for code in value) or _("No theme")
    if key == "due_on":
        return period_text(date.fromisoformat(value), values["precision"]) if value else _("No date")
    if key in WISHES:
        return WISHES[key](value)
    return flag_word(key, value)


def day_word(value: str) -> str:
    return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")


def kinds_word(kinds: list[str]) -> str:
    """Which kinds of reminders somebody has switched off."""
    if not kinds:
        return _("nothing switched off")
    names = ", ".join(str(ReminderKind(kind).label) for kind in kinds if kind in ReminderKind.values)
    return _("switched off: %(kinds)s") % {"kinds": names}


def leads_word(leads: dict[str, list[int]]) -> str:
    """Own days ahead of a deadline, by precision."""
    if not leads:
        return _("days ahead as the rules say")
    parts = [f"{Precision(code).label}: {', '.join(map(str, days)) or '–'}" for code, days in leads.items()]
    return _("days ahead: %(days)s") % {"days": "; ".join(parts)}


WISHES: dict[str, Callable[[Any], str]] = {
    "until": lambda value: _("until %(day)s") % {"day": day_word(value)} if value else _("not put off"),
    "paused_until": lambda value: _("paused until %(day)s") % {"day": day_word(value)} if value else _("not paused"),
    "done_on": lambda value: _("done on %(day)s") % {"day": day_word(value)} if value else "",
    "dropped_on": lambda value: _("dropped on %(day)s") % {"day": day_word(value)} if value else "",
    "begins_on": lambda value: _("from %(day)s") % {"day": day_word(value)},
    "ends_on": lambda value: _("to %(day)s") % {"day": day_word(value)},
    "rhythm": lambda value: str(ReminderPreference.Rhythm(value).label),
    "hour": lambda value: time_format(time(value), "TIME_FORMAT"),
    "kinds_off": kinds_word,
    "lead_days": leads_word,
    "language": lambda value: dict(settings.LANGUAGES).get(value, value),
    "time_zone": lambda value: value or _("time zone of the capital"),
}


def flag_word(key: str, value: Any) -> str:
    flags = {
        ("active", True): _("account open"),
        ("active", False): _("account closed"),
        ("is_active", True): _("account open"),
        ("is_active", False): _("account closed"),
        ("is_staff", True): _("administrator"),
        ("is_staff", False): _("no administrator"),
        ("erased", True): _("data erased"),
        ("second_step_reset", True): _("second step reset"),
        ("renewed", True): _("link sent again"),
        ("revoked", True): _("invitation taken back"),
        ("removed", True): _("taken back"),
    }
    if isinstance(value, bool):
        return flags.get((key, value), "")
    return "" if value is None else str(value)


@register.filter
def act_words(line: Line) -> str:
    words = line.change.get_act_display()
    if (get_language() or "").startswith("tr") and words.startswith("i"):
        return f"İ{words[1:]}"
    return capfirst(words)


@register.filter
def reported_words(line: Line) -> str:
    """By whom it was reported, where somebody of another side recorded it."""
    change = line.change
    return _("as %(party)s reported") % {"party": change.party} if change.is_reported else ""
