"""The cells of the list's rows, each written at once: a page holds a hundred rows, and each template tag costs."""

from datetime import date
from functools import lru_cache
from html import escape

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.domain.codes import Role, Schedule
from commitments.models import Assignment, Commitment, User
from commitments.models.words import Kind, Strength
from commitments.queries.commitment_list import Part, Row
from commitments.templatetags.dates import day, due_left, due_text
from commitments.templatetags.links import address_of
from commitments.templatetags.marks import icon, status, status_icon, word

register = template.Library()
URGENT = {Schedule.OVERDUE: " hot", Schedule.DUE_SOON: " soon"}


@register.simple_tag(takes_context=True)
def pick_cell(context: Context, row: Row) -> SafeString:
    """A box that ticks the own side's part for a change of many; nothing for who changes nothing."""
    user = context["user"]
    if not may_pick(user):
        return SafeString("")
    part = next((part.assignment for part in row.parts if part.assignment.party_id == user.party_id), None)
    if part is None:
        return SafeString('<td class="pick"></td>')
    name = escape(_("Choose %(ref)s") % {"ref": row.commitment.ref})
    return SafeString(
        f'<td class="pick"><input type="checkbox" form="many" name="pick" value="{part.pk}.{part.version}"'
        f' aria-label="{name}" autocomplete="off"></td>'
    )


@register.filter
def may_pick(user: User) -> bool:
    """Whether the person may change anything at all."""
    return user.party_id is not None and user.has_rank(Role.OFFICER)


@register.simple_tag
def title_cell(commitment: Commitment) -> SafeString:
    """The title as a link, with what kind of commitment it is and how strongly it is worded."""
    statement = commitment.statement
    return SafeString(
        f'<th scope="row" class="t"><a lang="{escape(statement.language)}"'
        f' href="{escape(address_of(statement.slug, commitment.ref))}">{escape(commitment.title)}</a>'
        f"<small>{escape(word(Kind, commitment.kind))} · {escape(word(Strength, commitment.strength))}</small></th>"
    )


@register.simple_tag
def sides_cell(row: Row, focused: int | None = None) -> SafeString:
    """For each side its lead body and status: a button where the person may change it, `focused` by its key."""
    return SafeString(f'<td class="st"><ul class="duo">{"".join(_side(part, focused) for part in row.parts)}</ul></td>')


def _side(part: Part, focused: int | None) -> str:
    own = part.assignment
    lead, title = f'<span class="muted">{escape(_("no lead body"))}</span>', ""
    if own.lead:
        lead = f'<span lang="{escape(own.party.language)}">{escape(own.lead.short)}</span>'
        title = f' title="{escape(own.lead.name)}"'
    mark = _status_link(own, focused) if part.may_change else status(own.status)
    return (
        f'<li><abbr title="{escape(str(own.party))}">{escape(own.party.code)}</abbr>'
        f'<span class="body"{title}>{lead}</span>{mark}</li>'
    )


def _status_link(own: Assignment, focused: int | None) -> str:
    """The status as a button that opens its menu; without a script a link to the form."""
    commitment, label = own.commitment, str(own.get_status_display())
    href = _status_address(commitment.statement.slug, commitment.ref, own.party.code)
    words = {"ref": commitment.ref, "party": own.party, "status": label}
    name = escape(_("%(ref)s, %(party)s: %(status)s. Change") % words)
    focus = " autofocus" if focused == own.pk else ""
    return (
        f'<a class="s pill s-{own.status}" id="st-{own.pk}"{focus} href="{href}" hx-get="{href}" hx-target="this"'
        f' hx-swap="outerHTML" aria-label="{name}">{status_icon(own.status)}{escape(label)}{icon("chev", "chev")}</a>'
    )


@lru_cache(maxsize=4096)
def _status_address(slug: str, ref: str, party: str) -> str:
    return escape(reverse("change_status", args=(slug, ref, party)))


@register.simple_tag
def due_cell(row: Row, today: date) -> SafeString:
    """The date as precise as it is, and how far away it lies."""
    if not row.deadline:
        return SafeString(f'<td class="due"><small class="none">{escape(_("No date"))}</small></td>')
    left = escape(due_left(row.deadline, row.schedule, today))
    urgent = URGENT.get(row.schedule, "")
    return SafeString(f'<td class="due{urgent}">{escape(due_text(row.deadline))}<small>{left}</small></td>')


@register.simple_tag
def updated_cell(row: Row) -> SafeString:
    """The day of the last word that this person may know of."""
    label = f'<td class="upd num"><span class="of">{escape(_("Last update"))} </span>'
    if row.last_word_at:
        return SafeString(f"{label}{day(row.last_word_at)}</td>")
    return SafeString(f'{label}–<span class="sr"> {escape(_("no word yet"))}</span></td>')
