"""Who is responsible, as it is chosen: lead body, desk officer, cadence, confidence. One small form each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.domain.codes import Role
from commitments.forms.progress import visibility_choices
from commitments.models.commitment import Assignment
from commitments.models.party import Body
from commitments.models.person import User
from commitments.models.words import Cadence, Confidence, Visibility

ABLE = [Role.OFFICER, Role.MANAGER, Role.COORDINATOR]


class BodyChoice(forms.ModelChoiceField):
    def label_from_instance(self, body: Body) -> str:
        return body.name


class LeadForm(forms.Form):
    lead = BodyChoice(label=_("Lead body"), queryset=Body.objects.none(), empty_label=None)

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, initial={"lead": assignment.lead_id}, label_suffix="", **kwargs)
        self.fields["lead"].queryset = assignment.party.bodies.active().select_related("party").order_by("name_en")


class OfficerForm(forms.Form):
    officer = forms.ModelChoiceField(
        label=_("Desk officer"), queryset=User.objects.none(), required=False, empty_label=_("Nobody named")
    )

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, initial={"officer": assignment.officer_id}, label_suffix="", **kwargs)
        people = User.objects.active().filter(body=assignment.lead_id, role__in=ABLE)
        self.fields["officer"].queryset = people.order_by("name", "pk")


class CadenceForm(forms.Form):
    cadence = forms.ChoiceField(label=_("An update is due"), choices=Cadence.choices)

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, initial={"cadence": assignment.cadence}, label_suffix="", **kwargs)


class ConfidenceForm(forms.Form):
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    visibility = forms.ChoiceField(label=_("Who may see it"), choices=Visibility.choices)

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        initial = {"confidence": assignment.confidence, "visibility": assignment.confidence_visibility}
        super().__init__(*args, initial=initial, label_suffix="", auto_id="id_confidence_%s", **kwargs)
        self.fields["visibility"].choices = visibility_choices(assignment)
