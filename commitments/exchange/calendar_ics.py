"""Deadlines for calendars (iCalendar, RFC 5545): all-day entries that name no day which nobody named.

A date that is a period ("2028") stands on the period's last day and says so; it never looks like an appointment on
that day. The UID of a commitment's deadline never changes, and SEQUENCE grows with each change of the date, so that
a calendar moves the entry that it has instead of adding another.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from commitments.domain.codes import Precision
from commitments.domain.deadlines import Deadline
from commitments.exchange.dossier_words import period
from commitments.models.commitment import Commitment
from commitments.queries.deadline import DatedCommitment

MEDIA_TYPE = "text/calendar"
METHOD = "PUBLISH"  # RFC 5546: told, without asking for an answer
PRODUCT = "-//Statement Tracker//Deadlines//EN"


def calendar(dated: Iterable[DatedCommitment], *, language: str, at: datetime) -> bytes:
    """A calendar with the deadlines of these commitments, in words of the language; `at` is when it is made."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", METHOD)
    with translation.override(language):
        for row in dated:
            found.add_component(_event(row, at))
    return found.to_ical()


def _event(row: DatedCommitment, at: datetime) -> Event:
    commitment, deadline = row.commitment, row.deadline
    address = settings.SITE_URL + reverse("commitment_detail", args=[commitment.statement.slug, commitment.ref])
    event = Event()
    event.add("uid", uid(commitment))
    event.add("sequence", row.moves)
    event.add("dtstamp", at)
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + timedelta(days=1))  # the day after: the end is not part of it
    event.add("summary", _summary(commitment, deadline))
    event.add("description", "\n\n".join(_description(commitment, deadline)))
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # the day stays free for meetings
    return event


def uid(commitment: Commitment) -> str:
    """The name of a commitment's deadline in every calendar, for good."""
    return f"deadline-{commitment.pk}@{urlsplit(settings.SITE_URL).hostname}"


def _summary(commitment: Commitment, deadline: Deadline) -> str:
    name = f"{commitment.ref} {commitment.title}"
    if deadline.precision == Precision.DAY:
        return name
    return _("%(name)s (last day of %(period)s)") % {"name": name, "period": period(deadline)}


def _description(commitment: Commitment, deadline: Deadline) -> list[str]:
    paragraphs = []
    if deadline.precision != Precision.DAY:
        paragraphs.append(
            _("The date is %(period)s, without a day; this entry stands on the last day of that period.")
            % {"period": period(deadline)}
        )
    paragraphs.append(f"“{commitment.quote}”")
    place = {"number": commitment.paragraph.number, "statement": commitment.statement.short_title}
    paragraphs.append(_("Paragraph %(number)s of %(statement)s") % place)
    return paragraphs
