"""Milestones as marks and words: what became of one, or how far away it is."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commitments.exchange.dossier_words import stage_words
from commitments.models import Milestone
from commitments.queries.milestone import Stage, stage_of
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
    return days_text(milestone.deadline.days_left(today)) if milestone.is_open else stage_words(stage_of(milestone))


@register.filter
def stage_text(stage: Stage) -> str:
    """When it was due on a day, or what had become of it."""
    return stage_words(stage)
