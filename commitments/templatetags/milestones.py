"""Milestones as marks and words: what became of one, or how far away it is."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.models import Milestone
from commitments.templatetags.dates import days_text
from commitments.templatetags.marks import icon

register = template.Library()

CIRCLE = '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="4.5" class="m-{}"/></svg>'


@register.simple_tag
def milestone_mark(milestone: Milestone, today: date) -> SafeString:
    """Its mark, beside the words: a circle while it is open, as the timeline draws it."""
    if milestone.done_on:
        return icon("ok", "m-done")
    if milestone.dropped_on:
        return icon("x")
    return circle("late" if milestone.due_on < today else "open")


@register.simple_tag
def circle(kind: str) -> SafeString:
    """The mark of an open milestone: open or late."""
    return format_html(CIRCLE, kind)


@register.simple_tag
def milestone_state(milestone: Milestone, today: date) -> str:
    """What became of it, or how far away the end of its period is."""
    if milestone.done_on:
        return _("Done on %(day)s") % {"day": date_format(milestone.done_on, "SHORT_DATE_FORMAT")}
    if milestone.dropped_on:
        return _("Dropped on %(day)s") % {"day": date_format(milestone.dropped_on, "SHORT_DATE_FORMAT")}
    return days_text(milestone.deadline.days_left(today))
