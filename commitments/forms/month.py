"""Which month a calendar shows, and whose dates."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from commitments.models.words import Whose

FIRST_YEAR, LAST_YEAR = 1970, 2100


class MonthForm(forms.Form):
    """A month of a year; what is left out is the month of today, and the own side."""

    month = forms.TypedChoiceField(label=_("Month"), coerce=int)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    whose = forms.ChoiceField(label=_("Whose dates"), choices=Whose.choices)

    def __init__(self, given: dict[str, str], *, today: date) -> None:
        asked = {"month": str(today.month), "year": str(today.year), "whose": Whose.SIDE.value}
        super().__init__({**asked, **{name: value for name, value in given.items() if value.strip()}}, label_suffix="")
        self.fields["month"].choices = [(at, date_format(date(2000, at, 1), "F")) for at in range(1, 13)]

    @property
    def first(self) -> date:
        """The first day of the month that is asked for; the form is valid."""
        return date(self.cleaned_data["year"], self.cleaned_data["month"], 1)

    def neighbours(self) -> dict[str, date | None]:
        """The months before and after, as far as the years go."""
        months: Any = self.first.year * 12 + self.first.month - 1
        return {"previous": _month(months - 1), "next": _month(months + 1)}


def _month(months: int) -> date | None:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1) if FIRST_YEAR <= year <= LAST_YEAR else None
