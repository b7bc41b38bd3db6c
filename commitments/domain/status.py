"""Status: its order, which steps need a reason, and how the two sides become one answer."""

from collections.abc import Iterable
from datetime import date

from commitments.domain.codes import Cadence, EvidenceLevel, Kind, Status
from commitments.domain.deadlines import ENDED

ORDER = list(Status)
SHOWN = [  # most advanced first, as charts and counts show it
    Status.DONE,
    Status.SUBSTANTIALLY_DONE,
    Status.UNDER_WAY,
    Status.BEING_HONOURED,
    Status.ON_HOLD,
    Status.NOT_PURSUED,
    Status.NOT_STARTED,
    Status.NOT_ASSESSED,
]
NEEDS_NOTE = frozenset({Status.DONE, Status.NOT_PURSUED, Status.ON_HOLD})
NEEDS_EVIDENCE = frozenset({Status.DONE})
NEEDS_COORDINATOR = frozenset({Status.NOT_PURSUED})
CADENCE_MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.HALF_YEARLY: 6, Cadence.YEARLY: 12}


def less_advanced(statuses: Iterable[Status]) -> Status:
    """The answer for both sides together: that of the side that is less advanced."""
    return min(statuses, key=ORDER.index, default=Status.NOT_ASSESSED)


def default_cadence(kind: Kind) -> Cadence:
    return Cadence.YEARLY if kind == Kind.POSITION else Cadence.QUARTERLY


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"no day {months} months after {day}")


def update_due_on(since: date, cadence: Cadence, status: Status) -> date | None:
    """The day the next word is due: one cadence after the last one; none once done or not pursued."""
    return None if status in ENDED else add_months(since, CADENCE_MONTHS[cadence])


def evidence_level(*, notes: int, documents: int, confirmed_by_both: bool) -> EvidenceLevel:
    """What the answer rests on: nothing, a report, a document, or both sides' confirmation."""
    if confirmed_by_both:
        return EvidenceLevel.CONFIRMED
    if documents:
        return EvidenceLevel.DOCUMENTED
    return EvidenceLevel.REPORTED if notes else EvidenceLevel.NONE
