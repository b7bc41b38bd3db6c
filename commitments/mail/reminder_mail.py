"""A reminder mail: its entries in groups, as plain text and as HTML, in the reader's language and zone."""

from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.domain.reminders import ReminderKind
from commitments.mail import wording
from commitments.mail.envelope import AUTOMATIC, thread_id
from commitments.models.commitment import Assignment, Commitment
from commitments.queries.mailing import Digest, Entry, Letter

QUOTED_UP_TO = 6  # entries; in a longer mail the statement's words would drown the list
SUBJECT_LENGTH = 140


@dataclass(frozen=True, slots=True)
class Item:
    """One commitment as the templates show it."""

    ref: str
    paragraph: str
    title: str
    statement: str
    href: str
    quote: str
    due: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Group:
    kind: ReminderKind
    heading: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Figures:
    """A digest as the templates show it: sentences with their links."""

    heading: str
    lines: list[tuple[str, str]]
    soon: list[Item]


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready to be handed over."""

    subject: str
    raw: bytes


def compose(letter: Letter, *, address: str, at: datetime) -> Composed:
    """Put a letter into words and bytes. Raises ValueError where the address cannot stand in a header."""
    sanitize_address(address, settings.DEFAULT_CHARSET)  # an address the server cannot be told is an error now
    with translation.override(letter.reader.language), timezone.override(letter.zone):
        groups = _groups(letter)
        subject = " ".join(_subject(letter, groups).split())[:SUBJECT_LENGTH]
        context = {
            "subject": subject,
            "language": letter.reader.language,
            "reader": letter.reader,
            "groups": groups,
            "digests": [_figures(digest, letter) for digest in letter.digests],
            "day": date_format(letter.today, "DATE_FORMAT"),
            "work": settings.SITE_URL + reverse("my_work"),
            "site": settings.SITE_URL,
        }
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("mail/reminder.txt", context),
            to=[address],
            headers=_headers(letter, at),
        )
        mail.attach_alternative(render_to_string("mail/reminder.html", context), "text/html")
        message: Message = mail.message()
    return Composed(subject, message.as_bytes())


def commitment_url(commitment: Commitment) -> str:
    """The commitment's page with its form ready; following the link changes nothing."""
    return settings.SITE_URL + reverse("commitment_detail", args=[commitment.statement.slug, commitment.ref])


def _headers(letter: Letter, at: datetime) -> dict[str, str]:
    """Mails about one commitment thread by commitment, the others by person."""
    reader = letter.reader.pk
    commitments = {entry.assignment.commitment_id for entry in letter.entries}
    alone = commitments.pop() if len(commitments) == 1 and not letter.digests else None
    return {
        "Message-ID": letter.mail.message_id,
        "Date": format_datetime(at),
        "References": thread_id(f"commitment-{alone}.{reader}" if alone else f"day.{reader}"),
        "List-Id": f"{_('Statement Tracker')} <reminders.{letter.mail.message_id.rpartition('@')[2].rstrip('>')}>",
        **AUTOMATIC,
    }


def _groups(letter: Letter) -> list[Group]:
    """The entries under headings, most urgent first; each commitment stands once."""
    groups: dict[str, Group] = {}
    quoted = len(letter.entries) <= QUOTED_UP_TO
    for entry in letter.entries:
        kind = entry.reasons[0].kind
        heading = wording.heading(kind)
        group = groups.setdefault(heading, Group(kind, heading, []))
        group.items.append(_item(entry, letter, quoted=quoted))
    return list(groups.values())


def _item(entry: Entry, letter: Letter, *, quoted: bool) -> Item:
    lines = []
    for reason in entry.reasons:
        lines.append(wording.why(entry, reason, letter.today))
        if reason.instead_of:
            lines.append(wording.instead_of(reason))
        if reason.day < letter.mail.day:
            lines.append(wording.late(reason))
    due = wording.due_words(entry.deadline, letter.today) if entry.deadline else ""
    return _item_of(entry.assignment, list(dict.fromkeys(line for line in lines if line != due)), due, quoted=quoted)


def _item_of(assignment: Assignment, lines: list[str], due: str, *, quoted: bool) -> Item:
    commitment = assignment.commitment
    return Item(
        ref=commitment.ref,
        paragraph=commitment.paragraph.number,
        title=commitment.title,
        statement=commitment.statement.short_title,
        href=f"{commitment_url(commitment)}#note",
        quote=commitment.quote if quoted else "",
        due=due,
        lines=lines,
    )


def _figures(digest: Digest, letter: Letter) -> Figures:
    """A digest's sentences; each figure links to the rows that it counts."""
    rows = settings.SITE_URL + reverse("commitment_list")
    lines = [
        (_("%(count)s of %(all)s commitments overdue") % {"count": digest.overdue, "all": digest.parts}, rows),
        (_("%(count)s updates due") % {"count": digest.update_due}, rows),
        (_("%(count)s without a desk officer") % {"count": digest.without_officer}, rows),
    ]
    soon = [
        _item_of(row, [], wording.due_words(row.commitment.deadline, letter.today), quoted=False)
        for row in digest.due_soon
    ]
    return Figures(f"{wording.heading(digest.kind)}: {digest.name}", lines, soon)


def _subject(letter: Letter, groups: list[Group]) -> str:
    """What the mail is about, most urgent first: the commitment itself, or how many of what."""
    if len(letter.entries) == 1 and not letter.digests:
        item = groups[0].items[0]
        return f"{item.ref} {item.title}: {item.due.rstrip('.') or groups[0].heading}"
    parts = [wording.counted(group.kind, len(group.items)) for group in groups]
    return ", ".join([*parts, *(wording.heading(digest.kind) for digest in letter.digests)])
