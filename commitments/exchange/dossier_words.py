"""What the dossier says, whatever its format: dates, editions, headings and sentences in the language of the frame."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments.domain.codes import Basis, Confidence, Precision
from commitments.domain.deadlines import Deadline
from commitments.models.party import Party
from commitments.models.words import Confidence as ConfidenceWord
from commitments.models.words import Kind, Schedule, Status, Strength
from commitments.queries.between import Between
from commitments.queries.dossier import Bar, Dossier, Promise, Raised, Side, Word
from commitments.queries.milestone import Stage

Tell = Callable[[int], None]  # how many commitments are written


def untold(done: int) -> None:
    """For whoever does not ask how far the making is."""


def edition_words(dossier: Dossier | Between) -> str:
    """The edition, as it stands on every page."""
    return edition_of(dossier.edition)


def edition_of(party: Party | None) -> str:
    if party:
        return _("%(party)s’s own edition: not for the other side") % {"party": party}
    return _("Shared edition")


def edition_text(dossier: Dossier | Between) -> str:
    if dossier.edition:
        return _("It holds what %(party)s keeps to itself. Do not hand it to another side.") % {
            "party": dossier.edition
        }
    return _("It holds only what all sides may read.")


def made_words(dossier: Dossier | Between) -> str:
    moment = local(dossier.made_at)
    return _("As it stood on %(moment)s") % {"moment": date_format(moment, "DATETIME_FORMAT")}


def period_words(deadline: Deadline | None) -> str:
    """The period and where it comes from: "2028 (in the text)", never a day that nobody named."""
    if deadline is None:
        return _("No date")
    basis = {
        Basis.TEXT: _("in the text"),
        Basis.EXTERNAL: _("from a fact outside the text"),
        Basis.SET: _("set by the parties"),
    }
    return f"{period(deadline)} ({basis[deadline.basis]})"


def period(deadline: Deadline) -> str:
    last = deadline.due_on
    if deadline.precision == Precision.DAY:
        return date_format(last, "DATE_FORMAT")
    if deadline.precision == Precision.MONTH:
        return date_format(last, "YEAR_MONTH_FORMAT")
    if deadline.precision == Precision.QUARTER:
        return _("Q%(quarter)s %(year)s") % {"quarter": last.month // 3, "year": last.year}
    if deadline.precision == Precision.HALF:
        half = _("First half of %(year)s") if last.month == 6 else _("Second half of %(year)s")
        return half % {"year": last.year}
    return str(last.year)


def promise_words(promise: Promise) -> str:
    """The line under a commitment's heading."""
    words = [Kind(promise.kind).label, Strength(promise.strength).label, period_words(promise.deadline)]
    if promise.is_priority:
        words.append(_("Priority"))
    if promise.themes:
        words.append(", ".join(promise.themes))
    return " · ".join(str(word) for word in words)


def status_words(side: Side) -> str:
    words = [str(Status(side.status).label)]
    if side.confidence != Confidence.NOT_GIVEN:
        words.append(str(ConfidenceWord(side.confidence).label))
    return " · ".join(words)


def schedule_words(side: Side) -> str:
    return str(Schedule(side.schedule).label)


def lead_words(side: Side) -> str:
    lead = side.lead or _("No lead body")
    return f"{lead} (+ {', '.join(side.supporting)})" if side.supporting else lead


def last_word(side: Side) -> str:
    return day(side.last_word_at) if side.last_word_at else _("No word yet")


def point_words(point: Raised) -> str:
    """A point to raise with the side whose it is; what is kept to one side says so."""
    head = f"{point.party} ({_('Own side only')})" if point.is_own_side else str(point.party)
    return f"{head}: {point.text}"


def word_head(word: Word) -> str:
    """Who says it and when; what another side wrote down, and what is kept to one side, says so."""
    head = f"{day(word.written_at)}, {word.body}" if word.body else day(word.written_at)
    if word.reported:
        head = f"{head}, {reported_words(word.reported)}"
    return f"{head} ({_('Own side only')})" if word.is_own_side else head


def reported_words(party: Party) -> str:
    return _("as %(party)s reported") % {"party": party}


def stage_words(stage: Stage) -> str:
    """When a milestone is due, or what became of it."""
    if stage.done_on:
        return _("Done on %(day)s") % {"day": date_format(stage.done_on, "SHORT_DATE_FORMAT")}
    if stage.dropped_on:
        return _("Dropped on %(day)s") % {"day": date_format(stage.dropped_on, "SHORT_DATE_FORMAT")}
    return period(stage.deadline)


def milestone_words(stage: Stage) -> str:
    """A milestone as a line; what is kept to one side says so."""
    own = f" ({_('Own side only')})" if stage.is_own_side else ""
    return f"{stage.title}: {stage_words(stage)}{own}"


def day(moment: datetime) -> str:
    return date_format(local(moment), "SHORT_DATE_FORMAT")


def local(moment: datetime) -> datetime:
    """The moment in the time zone of the reader."""
    return moment.astimezone(timezone.get_current_timezone())


def bar_name(bar: Bar) -> str:
    return str(bar.party) if bar.party else _("Both sides (the less advanced)")


def bar_words(bar: Bar) -> str:
    """The chart in words."""
    counts = ", ".join(f"{Status(status).label} {number}" for status, number in bar.counts.items() if number)
    return f"{bar_name(bar)}: {counts or 0}"


def summary_sentences(dossier: Dossier) -> list[str]:
    duties, both = len(dossier.duties), dossier.bars[0].counts
    done = both[Status.DONE]
    moving = done + sum(both[status] for status in (Status.SUBSTANTIALLY_DONE, Status.UNDER_WAY, Status.BEING_HONOURED))
    words = {"done": done, "moving": moving, "duties": duties}
    lines = [
        ngettext(
            "This dossier holds %(count)d commitment, positions included.",
            "This dossier holds %(count)d commitments, positions included.",
            len(dossier.promises),
        )
        % {"count": len(dossier.promises)},
        _("Of %(duties)d that ask for action, %(done)d are done on both sides and %(moving)d are under way or better.")
        % words,
        ngettext("%(count)d position is counted apart.", "%(count)d positions are counted apart.", dossier.positions)
        % {"count": dossier.positions},
    ]
    if dossier.has_sample:
        lines.append(_("It holds sample data, made up to show the product at work."))
    return lines
