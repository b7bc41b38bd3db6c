"""Which two days are compared, for whom, and in which file."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.forms.dossier import OWN, SHARED
from commitments.models import Party

FORMATS = [("docx", "Word"), ("xlsx", "Excel"), ("csv", "CSV")]


def day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )


class ChangesForm(forms.Form):
    """Two days, the earlier first; a side can ask for what all may read, and for its own edition."""

    since = day_field(gettext_lazy("After the end of"))
    until = day_field(gettext_lazy("Until the end of"))
    edition = forms.ChoiceField(label=gettext_lazy("Edition"))
    format = forms.ChoiceField(choices=FORMATS, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, party: Party | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.today = today
        own = [(OWN, _("%(party)s’s own edition") % {"party": party})] if party else []
        self.fields["edition"].choices = [*own, (SHARED, _("Shared edition: what all sides may read"))]

    def clean_until(self) -> date:
        until = self.cleaned_data["until"]
        if until > self.today:
            raise ValidationError(_("This day has not come yet."), code="future")
        return until

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since >= until:
            self.add_error("since", ValidationError(_("Choose an earlier day than the second one."), code="order"))
        return self.cleaned_data
