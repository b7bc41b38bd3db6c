"""Dates for calendars (iCalendar, RFC 5545): all-day entries that name no day which nobody named.

A date that is a period ("2028") is an entry over the whole of the period, never one of its days. The UID of an entry
never changes, and SEQUENCE grows with each change, so that a calendar moves the entry that it has instead of adding
another.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
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
from commitments.models.meeting import Meeting
from commitments.models.milestone import Milestone
from commitments.queries.deadline import DatedCommitment
from commitments.queries.feed import OwnDates, UpdateDate

MEDIA_TYPE = "text/calendar"
METHOD = "PUBLISH"  # RFC 5546: told, without asking for an answer
PRODUCT = "-//Statement Tracker//Deadlines//EN"
REFRESH = timedelta(hours=6)


def calendar(dated: Iterable[DatedCommitment], *, language: str, at: datetime) -> bytes:
    """A calendar with the deadlines of these commitments, in words of the language; `at` is when it is made."""
    found = _empty()
    with translation.override(language):
        for row in dated:
            found.add_component(_deadline(row, at))
    return found.to_ical()


def own_calendar(dates: OwnDates, *, name: str, about: str, language: str, at: datetime) -> bytes:
    """A calendar to subscribe to: deadlines, milestones, days on which a word is due, and meetings.

    `about` says of which moment it is, and by whose eyes.
    """
    found = _empty()
    found.add("x-wr-calname", name)
    found.add("name", name)
    found.add("x-wr-caldesc", about)
    found.add("description", about)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    with translation.override(language):
        for row in dates.deadlines:
            found.add_component(_deadline(row, at))
        for milestone in dates.milestones:
            found.add_component(_milestone(milestone, at))
        for due in dates.updates:
            found.add_component(_update(due, at))
        for meeting in dates.meetings:
            found.add_component(_meeting(meeting, at))
    return found.to_ical()


def uid(commitment: Commitment) -> str:
    """The name of a commitment's deadline in every calendar, for good."""
    return _uid("deadline", commitment.pk)


def _uid(kind: str, key: int) -> str:
    return f"{kind}-{key}@{urlsplit(settings.SITE_URL).hostname}"


def _empty() -> Calendar:
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", METHOD)
    return found


def _event(name: str, sequence: int, at: datetime, first: date, last: date) -> Event:
    """An all-day entry from the first day to the last, both part of it."""
    event = Event()
    event.add("uid", name)
    event.add("sequence", sequence)
    event.add("dtstamp", at)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))  # the day after: the end is not part of it
    event.add("transp", "TRANSPARENT")  # the days stay free for meetings
    return event


def _deadline(row: DatedCommitment, at: datetime) -> Event:
    commitment, deadline = row.commitment, row.deadline
    event = _event(uid(commitment), row.moves, at, deadline.begins_on, deadline.due_on)
    event.add("summary", _titled(f"{commitment.ref} {commitment.title}", deadline))
    event.add("description", "\n\n".join(_description(commitment, deadline)))
    event.add("url", _address(commitment))
    return event


def _milestone(row: Milestone, at: datetime) -> Event:
    commitment, deadline = row.assignment.commitment, row.deadline
    event = _event(_uid("milestone", row.pk), row.version, at, deadline.begins_on, deadline.due_on)
    event.add("summary", _titled(f"{commitment.ref} {row.title}", deadline))
    paragraphs = [*_without_a_day(deadline), f"{commitment.ref} {commitment.title}"]
    event.add("description", "\n\n".join(paragraphs))
    event.add("url", f"{_address(commitment)}#milestones")
    return event


def _titled(name: str, deadline: Deadline) -> str:
    if deadline.precision == Precision.DAY:
        return name
    return _("%(name)s (%(period)s)") % {"name": name, "period": period(deadline)}


def _description(commitment: Commitment, deadline: Deadline) -> list[str]:
    place = {"number": commitment.paragraph.number, "statement": commitment.statement.short_title}
    return [
        *_without_a_day(deadline),
        f"“{commitment.quote}”",
        _("Paragraph %(number)s of %(statement)s") % place,
    ]


def _without_a_day(deadline: Deadline) -> list[str]:
    """That the date is a period, where it is one."""
    if deadline.precision == Precision.DAY:
        return []
    words = _("The date is %(period)s, without a day; this entry is over the whole of it.")
    return [words % {"period": period(deadline)}]


def _update(due: UpdateDate, at: datetime) -> Event:
    part = due.assignment
    commitment = part.commitment
    event = _event(_uid("update", part.pk), part.version, at, due.day, due.day)
    event.add("summary", _("Update due: %(ref)s %(title)s") % {"ref": commitment.ref, "title": commitment.title})
    event.add("url", _address(commitment))
    return event


def _meeting(meeting: Meeting, at: datetime) -> Event:
    event = _event(_uid("meeting", meeting.pk), meeting.version, at, meeting.date.begins_on, meeting.held_on)
    event.add("summary", _titled(meeting.name, meeting.date))
    event.add("location", meeting.place)
    event.add("description", meeting.joint_body)
    return event


def _address(commitment: Commitment) -> str:
    return settings.SITE_URL + reverse("commitment_detail", args=[commitment.statement.slug, commitment.ref])
