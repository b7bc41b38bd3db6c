"""The rows of what a person owes, each written at once: a page holds fifty of them, and each template tag costs."""

from collections.abc import Iterable
from datetime import date
from html import escape
from urllib.parse import quote

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments.models import Assignment, UpdateRequest, User
from commitments.models.words import Cadence, word
from commitments.queries.worklist import Owed, Reason
from commitments.templatetags.dates import ago, day, due_left, due_text
from commitments.templatetags.links import address_of
from commitments.templatetags.marks import icon, status_shape

register = template.Library()
NAMING = {Reason.NO_LEAD, Reason.NO_OFFICER}


@register.simple_tag(takes_context=True)
def owed_rows(context: Context, rows: Iterable[Owed]) -> SafeString:
    """The rows of one heap, with the steps that settle them."""
    writer = OwedWriter(
        user=context["user"],
        today=context["today"],
        here=context["request"].get_full_path(),
        token=str(context["csrf_token"]),
        names_statements=context["shell"].statement is None,
    )
    return SafeString("".join(map(writer.row, rows)))


class OwedWriter:
    """Writes rows for one person on one page; what every row says alike is put into words once."""

    def __init__(self, *, user: User, today: date, here: str, token: str, names_statements: bool) -> None:
        self.user, self.today, self.names_statements = user, today, names_statements
        self.next, self.back = escape(here), escape(quote(here, safe="/"))
        self.token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'
        self.write = f"{icon('note')}{escape(_('Write a note'))}"
        self.checked = f"{icon('ok')}{escape(_('Checked, nothing new'))}"
        self.later = f"{icon('clock')}{escape(_('Later'))}"
        self.name_of_checked, self.name_of_later = _("%(ref)s: checked, nothing new"), _("%(ref)s: remind me later")

    def row(self, row: Owed) -> str:
        own = row.assignment
        commitment = own.commitment
        address = address_of(commitment.statement.slug, commitment.ref)
        steps = self.naming(row, address) if row.reason in NAMING else self.noting(own, address)
        return (
            f'<li id="a-{own.pk}">{status_shape(own.status)}\n'
            f'<a href="{escape(address)}"><span class="ref">{escape(commitment.ref)}</span>'
            f' <span lang="{escape(commitment.statement.language)}">{escape(commitment.title)}</span></a>\n'
            f'<span class="end acts">{steps}</span>\n<span class="sub">{self.about(row)}</span></li>'
        )

    def naming(self, row: Owed, address: str) -> str:
        words = _("Set the lead") if row.reason == Reason.NO_LEAD else _("Name an officer")
        return f'<a class="btn sm" href="{escape(address)}#responsible">{icon("user")}{escape(words)}</a>'

    def noting(self, own: Assignment, address: str) -> str:
        """A note, "checked, nothing new", or later."""
        commitment = own.commitment
        place, ref = (commitment.statement.slug, commitment.ref, own.party.code), {"ref": commitment.ref}
        return (
            f'<a class="btn sm" href="{escape(address)}#note">{self.write}</a>\n'
            f'<form method="post" action="{escape(reverse("nothing_new", args=place))}">{self.token}'
            f'<input type="hidden" name="version" value="{own.version}">'
            f'<input type="hidden" name="next" value="{self.next}">'
            f'<button class="btn sm" aria-label="{escape(self.name_of_checked % ref)}">{self.checked}</button></form>\n'
            f'<a class="btn sm quiet" href="{escape(reverse("snooze", args=place))}?next={self.back}"'
            f' aria-label="{escape(self.name_of_later % ref)}">{self.later}</a>'
        )

    def about(self, row: Owed) -> str:
        """Why it is on the list, and whose it is."""
        own = row.assignment
        parts = [self.reason(reason, row) for reason in row.reasons]
        if own.snoozed_until:
            rests = _("reminders rest until %(until)s") % {"until": day(own.snoozed_until)}
            parts.append(f"<b>{rests}</b>")
        if own.lead:
            parts.append(f'<span lang="{escape(own.party.language)}">{escape(str(own.lead))}</span>')
        if own.officer and own.officer != self.user:
            parts.append(escape(str(own.officer)))
        if self.names_statements:
            parts.append(escape(str(own.commitment.statement)))
        return " · ".join(parts)

    def reason(self, reason: Reason, row: Owed) -> str:
        own = row.assignment
        match reason:
            case Reason.OVERDUE:
                return self.dated(row, "hot")
            case Reason.DUE_THIS_WEEK | Reason.DUE_SOON:
                return self.dated(row, "soon")
            case Reason.ASKED:
                return "".join(map(asked_words, own.open_requests))
            case Reason.UPDATE_DUE:
                return self.silent(own)
            case Reason.NO_LEAD:
                return escape(_("no lead body"))
            case Reason.NO_OFFICER:
                return escape(_("no desk officer"))

    def dated(self, row: Owed, css: str) -> str:
        left = escape(due_left(row.deadline, row.schedule, self.today))
        return f'<b class="{css}">{left}</b> ({escape(due_text(row.deadline))})'

    def silent(self, own: Assignment) -> str:
        cadence = escape(word(Cadence, own.cadence))
        if not own.last_word_at:
            return _("no word yet, cadence: %(cadence)s") % {"cadence": cadence}
        since = escape(ago(own.last_word_at, self.today))
        return _("last word %(since)s, cadence: %(cadence)s") % {"since": since, "cadence": cadence}


def asked_words(request: UpdateRequest) -> str:
    """Who asked, when and why."""
    facts = {"name": escape(str(request.by)), "on": day(request.asked_at)}
    said = f'<b class="soon">{_("%(name)s asked for an update on %(on)s") % facts}</b>'
    return f"{said} <q>{escape(request.text)}</q>" if request.text else said
