"""A reminder mail: its entries in groups, as plain text and as HTML, in the reader's language and zone."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from commitments.domain.reminders import (
    ASKS,
    CANNOT_BE_SWITCHED_OFF,
    COUNTS_AS_ASKED,
    DEADLINE_KINDS,
    ReminderKind,
)
from commitments.mail import wording
from commitments.mail.envelope import AUTOMATIC, thread_id
from commitments.mail.mime import File, encoded, mail_bytes
from commitments.mail.unsubscribing import headers as unsubscribing
from commitments.models.commitment import Assignment, Commitment
from commitments.queries.mailing import Digest, Entry, Letter

QUOTED_UP_TO = 6  # entries; in a longer mail the statement's words would drown the list
SUBJECT_LENGTH = 90  # characters in which several things are counted: a phone shows half of them, so most urgent first
TITLE_LENGTH = 45  # of a commitment in a subject: what is due, and when, stands behind it
LONGEST_SUBJECT = 200
EMPTY_LINES = re.compile(r"\n{3,}")  # what loops of a template leave
CALENDAR_KIND = 'text/calendar; charset="utf-8"; method="PUBLISH"'  # RFC 6047 wants the method in the type as well


@dataclass(frozen=True, slots=True)
class Item:
    """One commitment as the templates show it; `ways` are what can be done about it, each with its link."""

    ref: str
    paragraph: str
    title: str
    statement: str
    href: str
    quote: str
    due: str
    lines: list[str]
    ways: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    kind: ReminderKind
    heading: str
    items: list[Item]
    of_milestones: bool = False

    @property
    def underline(self) -> str:
        """What makes a heading of the line above it in plain text; capitals would need the rules of each language."""
        return "-" * len(self.heading)


@dataclass(frozen=True, slots=True)
class Figures:
    """A digest as the templates show it: sentences with their links."""

    heading: str
    lines: list[tuple[str, str]]
    soon: list[Item]

    @property
    def underline(self) -> str:
        return "-" * len(self.heading)


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says, in the reader's language and zone, and the heads that belong to it."""

    subject: str
    text: str
    html: str
    heads: dict[str, str]


@dataclass(frozen=True, slots=True)
class Composed:
    """A mail ready to be handed over."""

    subject: str
    raw: bytes


def compose(letter: Letter, *, address: str, at: datetime, calendar: bytes = b"") -> Composed:
    """Put a letter into words and bytes, with a calendar file where there is one; nothing is asked of the database.

    Raises ValueError where the address cannot stand in a head.
    """
    words = in_words(letter, at, has_calendar=bool(calendar))
    heads = {
        "Subject": words.subject,
        "From": sanitize_address(settings.DEFAULT_FROM_EMAIL, settings.DEFAULT_CHARSET),
        "To": sanitize_address(address, settings.DEFAULT_CHARSET),
        **words.heads,
    }
    file = File("deadlines.ics", CALENDAR_KIND, calendar) if calendar else None
    return Composed(words.subject, mail_bytes(heads, text=words.text, html=words.html, file=file))


def in_words(letter: Letter, at: datetime, *, has_calendar: bool = False) -> Words:
    """The letter in the reader's language and zone, as plain text and as HTML."""
    with translation.override(letter.reader.language), timezone.override(letter.zone):
        groups = _groups(letter)
        subject = " ".join(_subject(letter, groups).split())[:LONGEST_SUBJECT]
        context = {
            "subject": subject,
            "language": letter.reader.language,
            "reader": letter.reader,
            "groups": groups,
            "digests": [_figures(digest, letter) for digest in letter.digests],
            "day": date_format(letter.today, "DATE_FORMAT"),
            "has_calendar": has_calendar,
            "work": settings.SITE_URL + reverse("my_work"),
            "preferences": settings.SITE_URL + reverse("reminder_preferences"),
            "site": settings.SITE_URL,
        }
        text = EMPTY_LINES.sub("\n\n", render_to_string("mail/reminder.txt", context))
        return Words(subject, text, render_to_string("mail/reminder.html", context), _heads(letter, at))


def commitment_url(commitment: Commitment) -> str:
    """The commitment's page with its form ready; following the link changes nothing."""
    return settings.SITE_URL + reverse("commitment_detail", args=[commitment.statement.slug, commitment.ref])


def _heads(letter: Letter, at: datetime) -> dict[str, str]:
    """Mails about one commitment thread by commitment, the others by person."""
    reader = letter.reader.pk
    commitments = {entry.assignment.commitment_id for entry in letter.entries}
    alone = commitments.pop() if len(commitments) == 1 and not letter.digests else None
    domain = letter.mail.message_id.rpartition("@")[2].rstrip(">")
    return {
        "Message-ID": letter.mail.message_id,
        "Date": format_datetime(at),
        "References": thread_id(f"commitment-{alone}.{reader}" if alone else f"day.{reader}"),
        "List-Id": f"{encoded(_('Statement Tracker'))} <reminders.{domain}>",
        **AUTOMATIC,
        **unsubscribing(letter.mail.pk, letter.own_digests),
    }


def _groups(letter: Letter) -> list[Group]:
    """The entries under headings, most urgent first; each commitment stands once."""
    groups: dict[str, Group] = {}
    quoted = len(letter.entries) <= QUOTED_UP_TO
    for entry in letter.entries:
        kind, of_milestone = entry.reasons[0].kind, entry.reasons[0].milestone is not None
        heading = wording.heading(kind, of_milestone=of_milestone)
        group = groups.setdefault(heading, Group(kind, heading, [], of_milestone))
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
    lines = list(dict.fromkeys(line for line in lines if line != due))
    return _item_of(entry.assignment, lines, due, quoted=quoted, ways=_ways(entry))


def _ways(entry: Entry) -> list[tuple[str, str]]:
    """What answers it: a note or one click for what asks for a word, the page of the date for a date."""
    commitment = entry.assignment.commitment
    about = [commitment.statement.slug, commitment.ref]
    kinds = {reason.kind for reason in entry.reasons if not reason.milestone}
    ways = []
    if any(reason.milestone for reason in entry.reasons):
        ways.append((_("See the milestones"), f"{commitment_url(commitment)}#milestones"))
    if kinds & {*ASKS, ReminderKind.ASSIGNED}:
        ways.append((_("Write a note"), f"{commitment_url(commitment)}#note"))
    if kinds & {*COUNTS_AS_ASKED, ReminderKind.DEADLINE_AHEAD}:
        nothing_new = reverse("nothing_new", args=[*about, entry.assignment.party.code])
        ways.append((_("Checked, nothing new"), settings.SITE_URL + nothing_new))
    if {reason.kind for reason in entry.reasons} & (ASKS - CANNOT_BE_SWITCHED_OFF):
        later = reverse("snooze", args=[*about, entry.assignment.party.code])
        ways.append((_("Remind me later"), settings.SITE_URL + later))
    if kinds & {ReminderKind.DATE_PROPOSED, ReminderKind.DATE_DECIDED}:
        words = _("Decide") if ReminderKind.DATE_PROPOSED in kinds else _("See the date")
        ways.append((words, settings.SITE_URL + reverse("commitment_date", args=about)))
    return ways


def _item_of(
    assignment: Assignment, lines: list[str], due: str, *, quoted: bool, ways: list[tuple[str, str]] | None = None
) -> Item:
    commitment = assignment.commitment
    return Item(
        ref=commitment.ref,
        paragraph=commitment.paragraph.number,
        title=commitment.title,
        statement=commitment.statement.short_title,
        href=commitment_url(commitment),
        quote=commitment.quote if quoted else "",
        due=due,
        lines=lines,
        ways=ways or [],
    )


def _figures(digest: Digest, letter: Letter) -> Figures:
    """A digest's sentences; each figure links to the list of the rows that it counts."""
    figures = [
        (_("Commitments: %(count)s"), digest.parts, {}),
        (_("Overdue: %(count)s"), digest.overdue, {"due": "overdue"}),
        (_("Update due: %(count)s"), digest.update_due, {"freshness": "due"}),
        (_("Due within 30 days: %(count)s"), digest.due_soon, {"due": "30"}),
        (_("Without a desk officer: %(count)s"), digest.without_officer, {"officer": "none"}),
    ]
    rows = settings.SITE_URL + reverse("commitment_list")
    lines = [
        (
            words % {"count": number_format(count, force_grouping=True)},
            f"{rows}?{urlencode({**digest.rows, **filters})}",
        )
        for words, count, filters in figures
    ]
    soon = [
        _item_of(row, [], wording.due_words(row.commitment.deadline, letter.today), quoted=False)
        for row in digest.next_dates
    ]
    return Figures(f"{wording.heading(digest.kind)}: {digest.name}", lines, soon)


def _subject(letter: Letter, groups: list[Group]) -> str:
    """What the mail is about, most urgent first: the commitment itself, or how many of what."""
    if len(letter.entries) == 1 and not letter.digests:
        group, item = groups[0], groups[0].items[0]
        about = item.due.rstrip(".") if group.kind in DEADLINE_KINDS else group.heading
        if group.of_milestones:
            about = item.lines[0].rstrip(".")
        return f"{item.ref} {wording.shortened(item.title, TITLE_LENGTH)}: {about}"
    parts = [wording.counted(group.kind, len(group.items), of_milestones=group.of_milestones) for group in groups]
    return _as_many_as_fit([*parts, *(wording.heading(digest.kind) for digest in letter.digests)])


def _as_many_as_fit(parts: list[str]) -> str:
    """The first of them, which are the most urgent; none is cut in the middle."""
    said = parts[0]
    for part in parts[1:]:
        if len(said) + len(part) > SUBJECT_LENGTH:
            return f"{said}, …"
        said = f"{said}, {part}"
    return said
