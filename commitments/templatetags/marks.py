"""Marks: a status or a confidence is always word + shape + colour, drawn from one sprite file."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commitments.domain.status import NEEDS_NOTE
from commitments.models.words import Confidence, Kind, Status, Strength, word

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon of the interface; the words beside it carry the meaning."""
    return shape(f"i-{name}", css)


@register.simple_tag
def logo() -> SafeString:
    return format_html('<svg class="logo" aria-hidden="true"><use href="{}#logo"/></svg>', static("icons.svg"))


@register.simple_tag
def status(code: str, pill: bool = False) -> SafeString:
    """A status as shape and word."""
    return _status(str(code), pill, get_language())


@lru_cache(maxsize=64)
def _status(code: str, pill: bool, language: str | None) -> SafeString:
    css = f"s pill s-{code}" if pill else f"s s-{code}"
    return format_html('<span class="{}">{}{}</span>', css, shape(f"s-{code}"), Status(code).label)


@register.simple_tag
def status_shape(code: str) -> SafeString:
    """A status as shape alone, with its word for screen readers."""
    return _status_shape(str(code), get_language())


@lru_cache(maxsize=64)
def _status_shape(code: str, language: str | None) -> SafeString:
    return format_html(
        '<span class="s-{}">{}<span class="sr">{}</span></span>', code, shape(f"s-{code}"), Status(code).label
    )


@register.simple_tag
def status_icon(code: str) -> SafeString:
    """A status's shape alone, beside its word."""
    return shape(f"s-{code}")


@register.filter
def asks_for_note(code: str) -> bool:
    """Whether the status may only be chosen with a note."""
    return code in NEEDS_NOTE


@register.simple_tag
def confidence(code: str) -> SafeString:
    """A manager's confidence as shape and word; muted words where none is given."""
    label = Confidence(code).label
    if code == Confidence.NOT_GIVEN:
        return format_html('<span class="muted small">{}</span>', label)
    return format_html('<span class="s c-{}">{}{}</span>', code, shape(f"c-{code}"), label)


@register.simple_tag
def confidence_shape(code: str) -> SafeString:
    """A confidence as shape alone, for a line that says the word too."""
    return format_html('<span class="c-{}">{}</span>', code, shape(f"c-{code}"))


@register.simple_tag
def diamond(kind: str) -> SafeString:
    """The mark of a date, as the timeline draws it: text, work or late."""
    return format_html(
        '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><rect x="3.5" y="3.5" width="9" height="9" '
        'transform="rotate(45 8 8)" class="d-{}" stroke-width="1.6"/></svg>',
        kind,
    )


@register.simple_tag
def move(before: str, after: str) -> SafeString:
    """A step from one status to another, as two shapes with the words for screen readers."""
    words = _("%(before)s to %(after)s") % {"before": Status(before).label, "after": Status(after).label}
    return format_html(
        '<span class="chg"><span class="s-{}">{}</span>{}<span class="s-{}">{}</span><span class="sr">{}</span></span>',
        before,
        shape(f"s-{before}"),
        icon("arr", "arr"),
        after,
        shape(f"s-{after}"),
        words,
    )


@register.filter
def status_word(code: str) -> str:
    return word(Status, code)


@register.filter
def kind_word(code: str) -> str:
    return word(Kind, code)


@register.filter
def strength_word(code: str) -> str:
    return word(Strength, code)


@lru_cache(maxsize=256)
def shape(symbol: str, css: str = "") -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {css}".rstrip(),
        static("icons.svg"),
        symbol,
    )
