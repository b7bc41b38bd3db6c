"""The codes that rows, history and files hold; words for them are chosen at display (`models/words.py`)."""

from enum import StrEnum


class Kind(StrEnum):
    ACTION = "action"
    EVENT = "event"
    PROCESS = "process"
    TARGET = "target"
    POSITION = "position"


class Strength(StrEnum):
    """How strongly the statement words it; strongest first."""

    DIRECTED = "directed"
    AGREED = "agreed"
    INTENDED = "intended"
    ENCOURAGED = "encouraged"
    REAFFIRMED = "reaffirmed"
    NOTED = "noted"


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


class Basis(StrEnum):
    """Where a date comes from: the statement's words, a fact outside it, or the parties themselves."""

    TEXT = "text"
    EXTERNAL = "external"
    SET = "set"


class Status(StrEnum):
    """A side's own answer, least advanced first: "both sides" means the smaller of the two."""

    NOT_ASSESSED = "not_assessed"
    NOT_STARTED = "not_started"
    ON_HOLD = "on_hold"
    NOT_PURSUED = "not_pursued"
    UNDER_WAY = "under_way"
    SUBSTANTIALLY_DONE = "substantially_done"
    BEING_HONOURED = "being_honoured"
    DONE = "done"


class Schedule(StrEnum):
    NO_DATE = "no_date"
    AHEAD = "ahead"
    FINAL_PERIOD = "final_period"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MET_ON_TIME = "met_on_time"
    MET_LATE = "met_late"
    ENDED = "ended"


class Confidence(StrEnum):
    NOT_GIVEN = "not_given"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class EvidenceLevel(StrEnum):
    NONE = "none"
    REPORTED = "reported"
    DOCUMENTED = "documented"
    CONFIRMED = "confirmed"


class Cadence(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class Visibility(StrEnum):
    OWN = "own"
    BOTH = "both"


class Role(StrEnum):
    """What a person may do; each includes the one before it."""

    READER = "reader"
    OFFICER = "officer"
    MANAGER = "manager"
    COORDINATOR = "coordinator"
