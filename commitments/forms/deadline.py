"""A date as it is proposed, what a coordinator says to it, and remarks."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.forms.progress import TidyField, visibility_choices
from commitments.models.commitment import Commitment
from commitments.models.permission import is_bound
from commitments.models.person import User
from commitments.models.words import Precision, Visibility


class ShortTextField(TidyField):
    widget = forms.Textarea(attrs={"rows": 3, "class": "short"})


class DateForm(forms.Form):
    """A day and how precise it is meant: the period that holds the day."""

    day = forms.DateField(
        label=gettext_lazy("New date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("Any day of the period that is meant."),
    )
    precision = forms.ChoiceField(
        label=gettext_lazy("As precise as"), choices=Precision.choices, initial=Precision.QUARTER
    )
    reason = ShortTextField(label=gettext_lazy("Reason"), required=False)
    visibility = forms.ChoiceField(label=gettext_lazy("Who may read the reason"), initial=Visibility.BOTH)

    def __init__(self, *args: Any, commitment: Commitment, person: User, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="id_date_%s", **kwargs)
        self.fields["visibility"].choices = choices_for(commitment, person)


class DecisionForm(forms.Form):
    agrees = forms.TypedChoiceField(
        choices=[("yes", gettext_lazy("Agree")), ("no", gettext_lazy("Decline"))], coerce=lambda code: code == "yes"
    )
    words = ShortTextField(label=gettext_lazy("What you say to it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class RemarkForm(forms.Form):
    text = ShortTextField(label=gettext_lazy("Remark"), required=False)
    visibility = forms.ChoiceField(label=gettext_lazy("Who may read it"), initial=Visibility.BOTH)

    def __init__(self, *args: Any, commitment: Commitment, person: User, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="id_remark_%s", **kwargs)
        self.fields["visibility"].choices = choices_for(commitment, person)


def choices_for(commitment: Commitment, person: User) -> list[tuple[str, str]]:
    """Who can read it, by name, as for notes; both sides alone where the person's side has no part."""
    if not is_bound(person, commitment):
        return [(Visibility.BOTH, _("Both sides"))]
    return visibility_choices(next(part for part in commitment.assignments.all() if part.party_id == person.party_id))
