"""Words for the codes: the only place where a code becomes a choice with a label."""

from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes


def word(words: type[TextChoices], code: str) -> str:
    """What a code is called in the language of the page; `get_…_display` takes ten times as long."""
    return _word(words, str(code), get_language())


@lru_cache(maxsize=512)
def _word(words: type[TextChoices], code: str, language: str | None) -> str:
    return str(words(code).label)


class Kind(TextChoices):
    ACTION = codes.Kind.ACTION, _("Action")
    EVENT = codes.Kind.EVENT, _("Event")
    PROCESS = codes.Kind.PROCESS, _("Process")
    TARGET = codes.Kind.TARGET, _("Target")
    POSITION = codes.Kind.POSITION, _("Position")


class Strength(TextChoices):
    DIRECTED = codes.Strength.DIRECTED, pgettext_lazy("strength of wording", "Directed")
    AGREED = codes.Strength.AGREED, pgettext_lazy("strength of wording", "Agreed")
    INTENDED = codes.Strength.INTENDED, pgettext_lazy("strength of wording", "Intended")
    ENCOURAGED = codes.Strength.ENCOURAGED, pgettext_lazy("strength of wording", "Encouraged")
    REAFFIRMED = codes.Strength.REAFFIRMED, pgettext_lazy("strength of wording", "Reaffirmed")
    NOTED = codes.Strength.NOTED, pgettext_lazy("strength of wording", "Noted")


class Precision(TextChoices):
    DAY = codes.Precision.DAY, _("Day")
    MONTH = codes.Precision.MONTH, _("Month")
    QUARTER = codes.Precision.QUARTER, _("Quarter")
    HALF = codes.Precision.HALF, _("Half-year")
    YEAR = codes.Precision.YEAR, _("Year")


class Basis(TextChoices):
    TEXT = codes.Basis.TEXT, _("In the text")
    EXTERNAL = codes.Basis.EXTERNAL, _("Follows from a fact outside the text")
    SET = codes.Basis.SET, _("Set by the parties")


class Status(TextChoices):
    NOT_ASSESSED = codes.Status.NOT_ASSESSED, _("Not assessed")
    NOT_STARTED = codes.Status.NOT_STARTED, _("Not started")
    ON_HOLD = codes.Status.ON_HOLD, _("On hold")
    NOT_PURSUED = codes.Status.NOT_PURSUED, _("Not pursued")
    UNDER_WAY = codes.Status.UNDER_WAY, _("Under way")
    SUBSTANTIALLY_DONE = codes.Status.SUBSTANTIALLY_DONE, _("Substantially done")
    BEING_HONOURED = codes.Status.BEING_HONOURED, _("Being honoured")
    DONE = codes.Status.DONE, _("Done")


class Schedule(TextChoices):
    NO_DATE = codes.Schedule.NO_DATE, _("No date")
    AHEAD = codes.Schedule.AHEAD, _("Ahead")
    FINAL_PERIOD = codes.Schedule.FINAL_PERIOD, _("In its final period")
    DUE_SOON = codes.Schedule.DUE_SOON, _("Due soon")
    OVERDUE = codes.Schedule.OVERDUE, _("Overdue")
    MET_ON_TIME = codes.Schedule.MET_ON_TIME, _("Met on time")
    MET_LATE = codes.Schedule.MET_LATE, _("Met late")
    ENDED = codes.Schedule.ENDED, _("Ended")


class Confidence(TextChoices):
    NOT_GIVEN = codes.Confidence.NOT_GIVEN, _("Not given")
    ON_TRACK = codes.Confidence.ON_TRACK, _("On track")
    AT_RISK = codes.Confidence.AT_RISK, _("At risk")
    OFF_TRACK = codes.Confidence.OFF_TRACK, _("Off track")


class EvidenceLevel(TextChoices):
    NONE = codes.EvidenceLevel.NONE, pgettext_lazy("evidence", "None")
    REPORTED = codes.EvidenceLevel.REPORTED, _("Reported")
    DOCUMENTED = codes.EvidenceLevel.DOCUMENTED, _("Documented")
    CONFIRMED = codes.EvidenceLevel.CONFIRMED, _("Confirmed by both sides")


class Cadence(TextChoices):
    MONTHLY = codes.Cadence.MONTHLY, _("Monthly")
    QUARTERLY = codes.Cadence.QUARTERLY, _("Quarterly")
    HALF_YEARLY = codes.Cadence.HALF_YEARLY, _("Half-yearly")
    YEARLY = codes.Cadence.YEARLY, _("Yearly")


class Visibility(TextChoices):
    OWN = codes.Visibility.OWN, _("Own side only")
    BOTH = codes.Visibility.BOTH, _("Both sides")


class Role(TextChoices):
    READER = codes.Role.READER, _("Reader")
    OFFICER = codes.Role.OFFICER, _("Desk officer")
    MANAGER = codes.Role.MANAGER, _("Manager")
    COORDINATOR = codes.Role.COORDINATOR, _("Coordinator")


class Whose(TextChoices):
    """Whose dates a calendar shows."""

    BODY = "body", _("Own body and own commitments")
    SIDE = "side", _("Own side")
    ALL = "all", _("All sides")
