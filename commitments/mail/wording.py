"""The sentences of our mails: honest about dates, and about why the mail comes."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.domain.codes import Precision
from commitments.domain.deadlines import Deadline
from commitments.domain.reminders import ReminderKind
from commitments.models.datechange import DateChangeState
from commitments.models.milestone import Milestone
from commitments.queries.mailing import Entry, Reason, SaidChange

K = ReminderKind


def by_when(deadline: Deadline) -> str:
    """The period, as a phrase that answers "by when?": "by the end of 2026", "on 9 November 2026"."""
    last = deadline.due_on
    if deadline.precision == Precision.DAY:
        return _("on %(day)s") % {"day": date_format(last, "DATE_FORMAT")}
    if deadline.precision == Precision.MONTH:
        return _("by the end of %(month)s") % {"month": date_format(last, "YEAR_MONTH_FORMAT")}
    if deadline.precision == Precision.QUARTER:
        return _("by the end of quarter %(quarter)s of %(year)s") % {"quarter": last.month // 3, "year": last.year}
    if deadline.precision == Precision.HALF and last.month == 6:
        return _("by the end of the first half of %(year)s") % {"year": last.year}
    return _("by the end of %(year)s") % {"year": last.year}


def time_left(deadline: Deadline, today: date) -> str:
    """Whole days to the end of the period: "38 days left", "today is the last day", "15 days overdue"."""
    days = deadline.days_left(today)
    if days < 0:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": -days}
    if days == 0:
        return _("today is the last day")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def due_words(deadline: Deadline | None, today: date) -> str:
    """When it is due and how far away that is; that no date is set where there is none."""
    if deadline is None:
        return _("No date is set.")
    words = {"when": by_when(deadline), "left": time_left(deadline, today)}
    if today > deadline.due_on:
        return _("Was due %(when)s, %(left)s.") % words
    return _("Due %(when)s, %(left)s.") % words


def why(entry: Entry, reason: Reason, today: date) -> str:
    """The sentence that says why this commitment is in the mail."""
    words = {
        K.ASKED: _asked_words,
        K.DATE_PROPOSED: _proposed_words,
        K.DATE_DECIDED: _decided_words,
        K.UPDATE_DUE: _update_words,
        K.ESCALATION_MANAGER: _escalation_words,
        K.ESCALATION_COORDINATOR: _escalation_words,
        K.ASSIGNED: lambda *_args: _("You were named desk officer."),
        K.OTHER_SIDE_NOTE: _note_words,
    }
    if reason.milestone:
        return milestone_words(reason.milestone, today)
    about_deadline = due_words(entry.deadline, today)
    return words[reason.kind](entry, reason, today) if reason.kind in words else about_deadline


def milestone_words(milestone: Milestone, today: date) -> str:
    """Which step is meant, and when it is due."""
    due = due_words(milestone.deadline, today)
    return _("Milestone “%(title)s”. %(due)s") % {"title": milestone.title, "due": due}


def instead_of(reason: Reason) -> str:
    """For whom the reader gets it, where that is somebody else."""
    return _("You get this for %(person)s, who is away.") % {"person": reason.instead_of}


def late(reason: Reason) -> str:
    """What an outage of ours did."""
    return _("This should have reached you on %(day)s.") % {"day": date_format(reason.day, "DATE_FORMAT")}


def _update_words(entry: Entry, reason: Reason, today: date) -> str:
    due_on = reason.anchor_on
    last = entry.assignment.last_word_at
    due = _("An update was due on %(day)s") if due_on < today else _("An update is due on %(day)s")
    due = due % {"day": date_format(due_on, "DATE_FORMAT")}
    if last is None:
        return _("%(due)s; there has been none so far.") % {"due": due}
    return _("%(due)s; the last one is of %(last)s.") % {"due": due, "last": date_format(last, "DATE_FORMAT")}


def _escalation_words(entry: Entry, reason: Reason, today: date) -> str:
    days = ", ".join(date_format(day, "SHORT_DATE_FORMAT") for day in entry.told_on)
    people = "; ".join(entry.told_whom)
    return _("No answer to the reminders of %(days)s (%(people)s).") % {"days": days, "people": people}


def _note_words(entry: Entry, reason: Reason, today: date) -> str:
    note = entry.notes.get(reason.seq)
    if note is None:
        return _("The other side has written a note.")
    return _("%(party)s wrote: %(text)s") % {"party": entry.assignment.party, "text": shortened(note.text)}


def _asked_words(entry: Entry, reason: Reason, today: date) -> str:
    request = entry.requests.get(reason.seq)
    if request is None:
        return _("You are asked for an update.")
    words = {"person": request.by, "day": date_format(request.asked_on, "DATE_FORMAT")}
    if not request.text:
        return _("%(person)s asked for an update on %(day)s.") % words
    return _("%(person)s asked for an update on %(day)s: %(text)s") % {**words, "text": shortened(request.text)}


def _proposed_words(entry: Entry, reason: Reason, today: date) -> str:
    said = entry.changes.get(reason.seq)
    if said is None:
        return _("A date is proposed.")
    words = {"party": said.change.party, "when": by_when(said.change.new)}
    proposal = (
        _("%(party)s proposes another date: %(when)s.")
        if said.change.old
        else _("%(party)s proposes a date: %(when)s.")
    )
    return f"{proposal % words} {_because(said)}".rstrip()


def _decided_words(entry: Entry, reason: Reason, today: date) -> str:
    said = entry.changes.get(reason.seq)
    if said is None:
        return _("A date is decided.")
    when = by_when(said.change.new)
    if said.change.state == DateChangeState.SUPERSEDED:
        return _("Your proposal was overtaken by another change of the date (%(when)s).") % {"when": when}
    if said.change.state == DateChangeState.DECLINED:
        return _refusal_words(said, when)
    if said.change.old is None:
        made = _("A working date is set: %(when)s.") % {"when": when}
    else:
        words = {"when": when, "before": by_when(said.change.old)}
        made = _("The date is changed: %(when)s; before, it was %(before)s.") % words
    return f"{made} {_because(said)}".rstrip()


def _refusal_words(said: SaidChange, when: str) -> str:
    if said.refusal is None:
        return _("The proposed date was declined (%(when)s).") % {"when": when}
    words = {"party": said.refusal.party, "when": when}
    declined = _("%(party)s declined the proposed date (%(when)s).") % words
    return f"{declined} {_quoted(said.refusal.words)}".rstrip()


def _because(said: SaidChange) -> str:
    return _("Reason: %(text)s") % {"text": shortened(said.reason)} if said.reason else ""


def _quoted(words: str) -> str:
    return f"“{shortened(words)}”" if words else ""


def shortened(text: str, length: int = 280) -> str:
    """The beginning of a text, cut at a word, with an ellipsis where something is left out."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"


def heading(kind: ReminderKind, *, of_milestone: bool = False) -> str:
    """The heading of a group in the mail, by its most urgent reason."""
    if of_milestone:
        return {
            K.LAST_DAY: _("The last day of a milestone"),
            K.OVERDUE: _("Milestone overdue"),
            K.DEADLINE_AHEAD: _("Milestone ahead"),
        }[kind]
    return {
        K.LAST_DAY: _("The last day"),
        K.OVERDUE: _("Overdue"),
        K.ESCALATION_COORDINATOR: _("Reminded without an answer"),
        K.ESCALATION_MANAGER: _("Reminded without an answer"),
        K.ASKED: _("You are asked for an update"),
        K.DATE_PROPOSED: _("A date for you to decide"),
        K.DATE_DECIDED: _("Dates decided"),
        K.DEADLINE_AHEAD: _("Deadline ahead"),
        K.UPDATE_DUE: _("Update due"),
        K.ASSIGNED: _("New on your desk"),
        K.OTHER_SIDE_NOTE: _("From the other side"),
        K.BODY_DIGEST: _("Your body this week"),
        K.PARTY_DIGEST: _("Your side this week"),
    }[kind]


def counted(kind: ReminderKind, count: int, *, of_milestones: bool = False) -> str:
    """How many commitments of a group, for the subject of a mail about several."""
    if of_milestones:
        return {
            K.LAST_DAY: ngettext(
                "%(count)s with the last day of a milestone", "%(count)s with the last day of a milestone", count
            ),
            K.OVERDUE: ngettext("%(count)s with a milestone overdue", "%(count)s with milestones overdue", count),
            K.DEADLINE_AHEAD: ngettext("%(count)s with a milestone ahead", "%(count)s with milestones ahead", count),
        }[kind] % {"count": count}
    forms = {
        K.LAST_DAY: ngettext("%(count)s on its last day", "%(count)s on their last day", count),
        K.OVERDUE: ngettext("%(count)s overdue", "%(count)s overdue", count),
        K.ESCALATION_COORDINATOR: ngettext("%(count)s without an answer", "%(count)s without an answer", count),
        K.ESCALATION_MANAGER: ngettext("%(count)s without an answer", "%(count)s without an answer", count),
        K.ASKED: ngettext("%(count)s update asked for", "%(count)s updates asked for", count),
        K.DATE_PROPOSED: ngettext("%(count)s date to decide", "%(count)s dates to decide", count),
        K.DATE_DECIDED: ngettext("%(count)s date decided", "%(count)s dates decided", count),
        K.DEADLINE_AHEAD: ngettext("%(count)s deadline ahead", "%(count)s deadlines ahead", count),
        K.UPDATE_DUE: ngettext("%(count)s update due", "%(count)s updates due", count),
        K.ASSIGNED: ngettext("%(count)s new on your desk", "%(count)s new on your desk", count),
        K.OTHER_SIDE_NOTE: ngettext("%(count)s note by the other side", "%(count)s notes by the other side", count),
    }
    return forms[kind] % {"count": count}
