"""A milestone as it is typed: what the step is, by when, and who may know of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from commitments.forms.meeting import day_field
from commitments.forms.people import NameField
from commitments.forms.progress import visibility_choices
from commitments.models.commitment import Assignment
from commitments.models.milestone import Milestone
from commitments.models.person import User
from commitments.models.words import Precision, Visibility

LONGEST = 200  # characters of a title


class MilestoneForm(forms.Form):
    """A new step, or a change of one; `version` is what the person saw. What is shared stays shared."""

    title = NameField(label=gettext_lazy("Step"), max_length=LONGEST)
    day = day_field(gettext_lazy("By when"), gettext_lazy("Any day of the period that is meant."))
    precision = forms.ChoiceField(label=gettext_lazy("As precise as"), choices=Precision.choices, initial=Precision.DAY)
    visibility = forms.ChoiceField(label=gettext_lazy("Who may know of it"), initial=Visibility.BOTH)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, assignment: Assignment, person: User, milestone: Milestone | None = None, **kwargs: Any
    ) -> None:
        self.assignment, self.milestone = assignment, milestone
        if milestone:
            kwargs["initial"] = {
                "title": milestone.title,
                "day": milestone.due_on,
                "precision": milestone.due_precision,
                "visibility": milestone.visibility,
                "version": milestone.version,
            }
        super().__init__(*args, label_suffix="", auto_id="id_milestone_%s", **kwargs)
        self.fields["day"].required = True
        choices = visibility_choices(assignment, by=person)
        is_shared = milestone and milestone.visibility == Visibility.BOTH
        self.fields["visibility"].choices = choices[:1] if is_shared else choices


class MilestoneStepForm(forms.Form):
    """The day on which it was met."""

    day = day_field(gettext_lazy("Done on"))
    version = forms.IntegerField(widget=forms.HiddenInput)
