"""What people wish of their reminders is looked up once more before a mail is written."""

from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, QuerySet

from commitments.domain.reminders import CANNOT_BE_SWITCHED_OFF
from commitments.models.reminder import DropReason, Reminder, ReminderState
from commitments.queries.planning import held


def respect_wishes(reminders: QuerySet[Reminder], day: date) -> list[Reminder]:
    """What of a mail is still wanted: what was switched off since is dropped, what is to rest leaves the mail.

    `reminders` come with their person's preference; `day` is the mail's.
    """
    rows = list(reminders.annotate(is_held=ExpressionWrapper(held(day), BooleanField())))
    off = {row.pk for row in rows if is_switched_off(row)}
    resting = {row.pk for row in rows if row.is_held} - off
    if off:
        Reminder.objects.filter(pk__in=off).update(
            state=ReminderState.DROPPED, reason=DropReason.SWITCHED_OFF, mail=None
        )
    if resting:
        Reminder.objects.filter(pk__in=resting).update(state=ReminderState.PLANNED, mail=None)
    return [row for row in rows if row.pk not in off | resting]


def is_switched_off(reminder: Reminder) -> bool:
    """Whether the person whom it concerns has switched its kind off since it was planned."""
    preference = getattr(reminder.person, "reminder_preference", None)
    return bool(preference) and reminder.kind in set(preference.kinds_off) - CANNOT_BE_SWITCHED_OFF
