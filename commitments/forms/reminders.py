"""What a person chooses for reminders: preferences, an absence, the end of a snooze."""

from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, Value, When
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.domain.codes import Precision, Role
from commitments.domain.reminders import CANNOT_BE_SWITCHED_OFF, MOST_URGENT_FIRST
from commitments.domain.reminders import ReminderKind as K
from commitments.forms.assignment import ABLE
from commitments.models.person import User
from commitments.models.reminder import Absence, ReminderKind, ReminderPreference
from commitments.models.snooze import Snooze

MOST_LEADS = 10
FURTHEST_LEAD = 366  # days
FOR_ROLE = {K.BODY_DIGEST: Role.MANAGER, K.PARTY_DIGEST: Role.COORDINATOR, K.DATE_PROPOSED: Role.COORDINATOR}
LEADS = {
    Precision.DAY: gettext_lazy("A day, “9 November 2026”"),
    Precision.MONTH: gettext_lazy("A month"),
    Precision.QUARTER: gettext_lazy("A quarter"),
    Precision.HALF: gettext_lazy("A half-year"),
    Precision.YEAR: gettext_lazy("A year, “in 2028”"),
}
INCOMPLETE = {
    code: gettext_lazy("The form was incomplete. Look at it again, then save.") for code in ("required", "invalid")
}


def day_field(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **options)


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=INCOMPLETE)


class Renewable(forms.Form):
    """A form that knows the version that the person saw."""

    def renew(self, version: int) -> None:
        """Take the present version, so that what stands in the form can be saved after all."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class LeadDaysField(forms.CharField):
    """Numbers of days with commas; gives them from the most to the fewest, each once."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(days) for days in value) if isinstance(value, list) else value

    def to_python(self, value: str | None) -> list[int]:
        words = (value or "").replace(",", " ").replace(";", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
            raise ValidationError(_("Write numbers of days with commas, for example 30, 7, 1."), code="invalid")
        days = sorted({int(word) for word in words}, reverse=True)
        if len(days) > MOST_LEADS or any(not 1 <= each <= FURTHEST_LEAD for each in days):
            raise ValidationError(
                _("At most %(most)s numbers, each from 1 to %(days)s."),
                params={"most": MOST_LEADS, "days": FURTHEST_LEAD},
                code="invalid",
            )
        return days


class PreferenceForm(Renewable):
    """All that a person may choose; `leads` are the days ahead by the rules, by precision."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=ReminderPreference.Rhythm.choices, widget=forms.RadioSelect
    )
    hour = forms.TypedChoiceField(label=gettext_lazy("At what time, where you are"), coerce=int)
    paused_until = day_field(
        gettext_lazy("Pause until"),
        required=False,
        help_text=gettext_lazy(
            "On this day what came up in the pause comes in one mail. A last day comes all the same."
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Remind me of"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of pages and mails"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)
    version = version_field()

    def __init__(
        self, *args: Any, person: User, preference: ReminderPreference, leads: dict[str, list[int]], **kwargs: Any
    ) -> None:
        self.preference, self.leads = preference, leads
        self.offered = offered_kinds(person)
        super().__init__(*args, initial=self.standing(person), label_suffix="", **kwargs)
        self.fields["kinds"].choices = [(kind, ReminderKind(kind).label) for kind in self.offered]
        self.fields["hour"].choices = [(hour, time_format(time(hour), "TIME_FORMAT")) for hour in range(24)]
        self.fields["time_zone"].choices = zone_choices(person)
        for precision, label in LEADS.items():
            self.fields[f"lead_{precision}"] = LeadDaysField(label=label, required=False, max_length=80)

    def standing(self, person: User) -> dict[str, Any]:
        """What holds now, the rules' days where the person has none."""
        row = self.preference
        leads = {
            f"lead_{precision}": (row.lead_days or {}).get(precision, self.leads[precision]) for precision in LEADS
        }
        return {
            "rhythm": row.rhythm,
            "hour": row.hour,
            "kinds": [kind for kind in self.offered if kind not in row.kinds_off],
            "paused_until": row.paused_until,
            "language": person.language,
            "time_zone": person.time_zone,
            "version": row.version,
            **leads,
        }

    @property
    def fixed_kinds(self) -> list[str]:
        return [ReminderKind(kind).label for kind in MOST_URGENT_FIRST if kind in CANNOT_BE_SWITCHED_OFF]

    @property
    def lead_fields(self) -> list[forms.BoundField]:
        return [self[f"lead_{precision}"] for precision in LEADS]

    @property
    def kinds_off(self) -> list[str]:
        """What was not ticked, and what is switched off already and is not offered to this role."""
        elsewhere = [kind for kind in self.preference.kinds_off if kind not in self.offered]
        return sorted([*elsewhere, *(kind for kind in self.offered if kind not in self.cleaned_data["kinds"])])

    @property
    def lead_days(self) -> dict[str, list[int]]:
        """The days that differ from the rules'; a precision left as it is goes on following them."""
        chosen = {str(precision): self.cleaned_data[f"lead_{precision}"] for precision in LEADS}
        return {precision: days for precision, days in chosen.items() if days != self.leads[precision]}


def offered_kinds(person: User) -> list[str]:
    """The kinds that can reach this role and may be switched off."""
    return [
        str(kind)
        for kind in MOST_URGENT_FIRST
        if kind not in CANNOT_BE_SWITCHED_OFF and FOR_ROLE.get(kind, person.role) == person.role
    ]


def zone_choices(person: User) -> list[tuple[str, Any]]:
    """The capital's zone first, then all of the world's by their region."""
    party = person.body.party if person.body else None
    capital = party.time_zone if party else settings.TIME_ZONE
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones() | {person.time_zone} - {""}):
        region, _slash, place = name.partition("/")
        if place and region not in ("Etc", "SystemV", "US"):
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [("", _("As in the capital (%(zone)s)") % {"zone": capital}), *regions.items()]


class DeputyChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return f"{person} ({person.body.name})"


class AbsenceForm(Renewable):
    begins_on = day_field(gettext_lazy("First day away"))
    ends_on = day_field(gettext_lazy("Last day away"))
    deputy = DeputyChoice(label=gettext_lazy("Deputy"), queryset=User.objects.none(), required=False)
    version = version_field()

    def __init__(self, *args: Any, person: User, absence: Absence | None = None, **kwargs: Any) -> None:
        initial = {"version": absence.version if absence else 0}
        if absence:
            initial |= {name: getattr(absence, name) for name in ("begins_on", "ends_on", "deputy")}
        super().__init__(*args, initial=initial, label_suffix="", **kwargs)
        field = self.fields["deputy"]
        field.queryset = deputies_of(person)
        field.empty_label = _("Nobody: the manager gets the reminders")
        field.help_text = _("Best somebody who may answer in your place: of the same body, or a coordinator.")


def deputies_of(person: User) -> Any:
    """Active people of the same side who may write; those of the same body first."""
    people = User.objects.active().filter(body__party=person.party_id, role__in=ABLE).exclude(pk=person.pk)
    near = Case(When(body=person.body_id, then=Value(0)), default=Value(1))
    return people.select_related("body__party").order_by(near, "name", "pk")


class SnoozeForm(forms.Form):
    until = day_field(gettext_lazy("Remind me again from"))

    def __init__(self, *args: Any, snooze: Snooze | None = None, suggested: date, **kwargs: Any) -> None:
        initial = {"until": snooze.until if snooze else suggested}
        super().__init__(*args, initial=initial, label_suffix="", auto_id="id_snooze_%s", **kwargs)
