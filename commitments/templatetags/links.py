"""Links from a figure to exactly the rows that it counts."""

from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.queries.counting import Count
from commitments.queries.dashboard import Line
from commitments.queries.past import past_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def rows_url(context: RequestContext, **filters: Any) -> str:
    """The list of commitments with these filters; of the statement at hand where there are several."""
    return list_address(context, filters)


@register.simple_tag(takes_context=True)
def figure(context: RequestContext, count: int, words: str = "", **filters: Any) -> SafeString:
    """A number, with words where given, that links to its rows. Zero links too: the empty list says why."""
    text = f"{number_format(count, force_grouping=True)} {words}".rstrip()
    return format_html(
        '<a class="figure" data-count="{}" href="{}">{}</a>', count, list_address(context, filters), text
    )


@register.simple_tag(takes_context=True)
def group_figure(context: RequestContext, line: Line, count: int, **filters: Any) -> SafeString:
    """A number of one group that links to its rows."""
    return figure(context, count, **{**filters, **line.filters})


@register.filter
def grouped(count: int) -> str:
    """A count with its thousands set apart, as the page's language does it."""
    return number_format(count, force_grouping=True)


@register.filter
def bounded(count: Count) -> str:
    """A count that may stop early: "1,000+"."""
    return f"{grouped(count.number)}+" if count.is_more else grouped(count.number)


@register.simple_tag(takes_context=True)
def commitment_url(context: RequestContext, commitment: Any, fragment: str = "") -> str:
    """The page of a commitment."""
    return address_of(commitment.statement.slug, commitment.ref) + fragment


def address_of(slug: str, ref: str) -> str:
    """The address of a commitment's page, on the day that the page at hand looks back to."""
    past = past_shown()
    return page_of(slug, ref) + (f"?as_of={past.day.isoformat()}" if past else "")


@lru_cache(maxsize=4096)
def page_of(slug: str, ref: str) -> str:
    return reverse("commitment_detail", args=(slug, ref))


def list_address(context: RequestContext, filters: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    shell = context["shell"]
    if shell.statement and shell.has_several:
        query["statement"] = shell.statement.slug
    if past := past_shown():
        query["as_of"] = past.day.isoformat()
    query.update({name: str(value) for name, value in filters.items() if value not in ("", None)})
    return reverse("commitment_list") + (f"?{query.urlencode()}" if query else "")


@register.filter
def section_name(section: Any) -> str:
    """A section's short heading; the opening of a statement has none."""
    return section.short_heading or section.heading if section.heading else _("Opening")
