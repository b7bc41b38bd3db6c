"""The rows of the list, each written at once: a page holds a hundred of them, and each template tag costs."""

from collections.abc import Iterable
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
from commitments.models.words import Kind, Status, Strength, word
from commitments.queries.commitment_list import Part, Row
from commitments.queries.update_request import Asking
from commitments.templatetags.dates import day, due_left, due_text
from commitments.templatetags.links import address_of
from commitments.templatetags.marks import icon, status, status_icon

register = template.Library()
URGENT = {Schedule.OVERDUE: " hot", Schedule.DUE_SOON: " soon"}


@register.filter
def may_pick(user: User) -> bool:
    """Whether the person may change anything at all."""
    return user.party_id is not None and user.has_rank(Role.OFFICER)


@register.simple_tag(takes_context=True)
def list_row(context: Context, row: Row, focused: int | None = None) -> SafeString:
    """One commitment; the status of the part with the key `focused` takes the keyboard's focus."""
    return list_rows(context, [row], focused)


@register.simple_tag(takes_context=True)
def list_rows(context: Context, rows: Iterable[Row], focused: int | None = None) -> SafeString:
    """The commitments as rows of the table."""
    writer = RowWriter(context["user"], context["today"], focused, context.get("askings", {}))
    return SafeString("\n".join(writer.row(row) for row in rows))


class RowWriter:
    """Writes rows for one person; what every row says alike is put into words once."""

    def __init__(self, user: User, today: date, focused: int | None, askings: dict[int, Asking]) -> None:
        self.party_id = user.party_id if may_pick(user) else None
        self.today, self.focused, self.askings = today, focused, askings
        self.no_lead = f'<span class="muted">{escape(_("no lead body"))}</span>'
        self.no_date = f'<td class="due"><small class="none">{escape(_("No date"))}</small></td>'
        self.last_update = f'<td class="upd num"><span class="of">{escape(_("Last update"))} </span>'
        self.no_word = f'–<span class="sr"> {escape(_("no word yet"))}</span>'
        self.choose, self.change = _("Choose %(ref)s"), _("%(ref)s, %(party)s: %(status)s. Change")
        self.ask, self.asked = _("%(ref)s: ask for an update"), _("Update asked for")
        self.bell = icon("bell")
        self.chevron = icon("chev", "chev")

    def row(self, row: Row) -> str:
        commitment = row.commitment
        sides = "".join(map(self.side, row.parts))
        return (
            f'<tr id="c-{commitment.pk}">{self.pick_cell(row)}<td class="no ref">{escape(commitment.ref)}</td>\n'
            f'{title_cell(commitment)}\n<td class="st"><ul class="duo">{sides}</ul></td>\n'
            f"{self.due_cell(row)}\n{self.updated_cell(row)}</tr>"
        )

    def pick_cell(self, row: Row) -> str:
        """A box that ticks the own side's part for a change of many; nothing for who changes nothing."""
        if self.party_id is None:
            return ""
        for part in row.parts:
            own = part.assignment
            if own.party_id == self.party_id:
                name = escape(self.choose % {"ref": row.commitment.ref})
                return (
                    f'<td class="pick"><input type="checkbox" form="many" name="pick" value="{own.pk}.{own.version}"'
                    f' aria-label="{name}" autocomplete="off"></td>'
                )
        return '<td class="pick"></td>'

    def side(self, part: Part) -> str:
        """A side's lead body and status: a button where the person may change it."""
        own = part.assignment
        party, lead, title = own.party, self.no_lead, ""
        if own.lead:
            lead = f'<span lang="{escape(party.language)}">{escape(own.lead.short)}</span>'
            title = f' title="{escape(own.lead.name)}"'
        mark = self.status_link(own) if part.may_change else status(own.status)
        return (
            f'<li><abbr title="{escape(str(party))}">{escape(party.code)}</abbr>'
            f'<span class="body"{title}>{lead}</span>{mark}</li>'
        )

    def status_link(self, own: Assignment) -> str:
        """The status as a button that opens its menu; without a script a link to the form."""
        commitment, label = own.commitment, word(Status, own.status)
        href = _status_address(commitment.statement.slug, commitment.ref, own.party.code)
        name = escape(self.change % {"ref": commitment.ref, "party": own.party, "status": label})
        focus = " autofocus" if self.focused == own.pk else ""
        return (
            f'<a class="s pill s-{own.status}" id="st-{own.pk}"{focus} href="{href}" hx-get="{href}" hx-target="this"'
            f' hx-swap="outerHTML" aria-label="{name}">{status_icon(own.status)}{escape(label)}{self.chevron}</a>'
        )

    def due_cell(self, row: Row) -> str:
        """The date as precise as it is, and how far away it lies."""
        if not row.deadline:
            return self.no_date
        left = escape(due_left(row.deadline, row.schedule, self.today))
        urgent = URGENT.get(row.schedule, "")
        return f'<td class="due{urgent}">{escape(due_text(row.deadline))}<small>{left}</small></td>'

    def updated_cell(self, row: Row) -> str:
        """The day of the last word that this person may know of, and a button that asks for the next."""
        word = day(row.last_word_at) if row.last_word_at else self.no_word
        return f"{self.last_update}{word}{self.asking(row)}</td>"

    def asking(self, row: Row) -> str:
        """One click to ask the own desk; it belongs to the form beside the table, so it needs no script."""
        own = next((self.askings[part.assignment.pk] for part in row.parts if part.assignment.pk in self.askings), None)
        if own and own.is_open:
            words = escape(self.asked)
            return f' <span class="asked-for" title="{words}">{self.bell}<span class="sr">{words}</span></span>'
        if not own or not own.may_ask:
            return ""
        commitment = row.commitment
        name = escape(self.ask % {"ref": commitment.ref})
        href = _asking_address(commitment.statement.slug, commitment.ref, own.assignment.party.code)
        return (
            f' <button class="ask noprint" form="ask" formaction="{href}" title="{name}" aria-label="{name}">'
            f"{self.bell}</button>"
        )


def title_cell(commitment: Commitment) -> str:
    """The title as a link, with what kind of commitment it is and how strongly it is worded."""
    statement = commitment.statement
    return (
        f'<th scope="row" class="t"><a lang="{escape(statement.language)}"'
        f' href="{escape(address_of(statement.slug, commitment.ref))}">{escape(commitment.title)}</a>'
        f"<small>{_nature(commitment.kind, commitment.strength)}</small></th>"
    )


def _nature(kind: str, strength: str) -> str:
    return f"{escape(word(Kind, kind))} · {escape(word(Strength, strength))}"


@lru_cache(maxsize=4096)
def _status_address(slug: str, ref: str, party: str) -> str:
    return escape(reverse("change_status", args=(slug, ref, party)))


@lru_cache(maxsize=4096)
def _asking_address(slug: str, ref: str, party: str) -> str:
    return escape(reverse("update_request", args=(slug, ref, party)))
