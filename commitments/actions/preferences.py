"""How a person wants to be reminded: kinds, days ahead, rhythm, hour, language, place, and a pause."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Visibility
from commitments.domain.reminders import CANNOT_BE_SWITCHED_OFF
from commitments.models.history import Act
from commitments.models.person import User
from commitments.models.reminder import ReminderPreference


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that a person chooses; `lead_days` holds only the precisions for which the rules are not followed."""

    rhythm: str
    hour: int
    kinds_off: list[str]
    lead_days: dict[str, list[int]]
    paused_until: date | None
    language: str
    time_zone: str


LONGEST_PAUSE = timedelta(days=90)
PERSONAL = ("language", "time_zone")
PREFERRED = ("rhythm", "hour", "kinds_off", "lead_days", "paused_until")


@transaction.atomic
def choose_reminders(wishes: Wishes, *, by: User, at: datetime, today: date, version: int) -> None:
    """Keep what a person has chosen for themselves; the planning and every mail not yet written follow it.

    Codes of refusal: conflict, cannot_be_switched_off, not_ahead, too_long.
    """
    person, row = locked_preference(by)
    if row.version != version:
        raise ValidationError(_("This was changed in the meantime."), code="conflict")
    if CANNOT_BE_SWITCHED_OFF & set(wishes.kinds_off):
        raise ValidationError(_("A last day and an escalation cannot be switched off."), code="cannot_be_switched_off")
    if wishes.paused_until:
        _check_pause(wishes.paused_until, today)
    before = values_of(person, row)
    for name in PERSONAL:
        setattr(person, name, getattr(wishes, name))
    for name in PREFERRED:
        setattr(row, name, getattr(wishes, name))
    if values_of(person, row) == before:
        return
    person.save(update_fields=list(PERSONAL))
    save_preference(row, before, by=by, at=at)


def _check_pause(until: date, today: date) -> None:
    if until <= today:
        raise ValidationError(_("Choose a day after today."), code="not_ahead")
    if until > today + LONGEST_PAUSE:
        words = _("At most %(days)s days ahead.")
        raise ValidationError(words, params={"days": LONGEST_PAUSE.days}, code="too_long")


def locked_preference(person: User) -> tuple[User, ReminderPreference]:
    """The account, locked, and its preference; a new one where there is none yet."""
    row = User.objects.select_for_update(of=["self"]).select_related("body__party").get(pk=person.pk)
    preference = ReminderPreference.objects.filter(person=row).first()
    return row, preference or ReminderPreference(person=row, lead_days={})


def values_of(person: User, row: ReminderPreference) -> dict[str, Any]:
    """What is chosen, as the history keeps it."""
    paused = row.paused_until.isoformat() if row.paused_until else None
    chosen = {"rhythm": str(row.rhythm), "hour": row.hour, "kinds_off": sorted(row.kinds_off)}
    chosen |= {"lead_days": row.lead_days or {}, "paused_until": paused}
    return chosen | {name: getattr(person, name) for name in PERSONAL}


def save_preference(row: ReminderPreference, before: dict[str, Any], *, by: User | None, at: datetime) -> None:
    """Save a locked preference, and tell the own side's history what became different."""
    row.version += 1
    row.save()
    after = values_of(row.person, row)
    changed = [name for name in after if after[name] != before[name]]
    fact = Fact(
        Act.REMINDERS_CHOSEN,
        {"person": row.person_id, **{name: before[name] for name in changed}},
        {"person": row.person_id, **{name: after[name] for name in changed}},
        visibility=Visibility.OWN,
        party=row.person.body.party if row.person.body else None,
    )
    record_change(fact, by=by, at=at)
