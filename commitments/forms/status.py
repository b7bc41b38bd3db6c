"""The small form in a row of the list: a new status, and the words or the link that some statuses ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.domain import codes
from commitments.domain.status import NEEDS_EVIDENCE
from commitments.forms.progress import OFFERED, TidyField, visibility_choices
from commitments.models import Assignment, User
from commitments.models.permission import may_set_status
from commitments.models.words import Status


class StatusForm(forms.Form):
    """A status for one assignment; `version` is the assignment as the person saw it."""

    status = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    text = TidyField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "short", "autofocus": True})
    )
    url = forms.URLField(label=_("Evidence: a link"), required=False, max_length=2000, assume_scheme="https")
    visibility = forms.ChoiceField(label=_("Who may read the note"), initial=codes.Visibility.BOTH)
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            code: _("The form was incomplete. Look at it again, then save.") for code in ("required", "invalid")
        },
    )

    def __init__(self, *args: object, assignment: Assignment, person: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.assignment = assignment
        offered = [code for code in OFFERED if may_set_status(person, assignment, code)]
        self.fields["status"].choices = [(code, Status(code).label) for code in offered]
        self.fields["visibility"].choices = visibility_choices(assignment, by=person)

    @property
    def chosen(self) -> str:
        """The status chosen, or the present one where that is none."""
        value = self["status"].value()
        return value if value in dict(self.fields["status"].choices) else self.assignment.status

    def renew(self) -> None:
        """Take the assignment's present version, so that what stands in the form can be saved after all."""
        self.data = self.data.copy()
        self.data["version"] = self.assignment.version

    @property
    def asks_for_evidence(self) -> bool:
        return self.chosen in NEEDS_EVIDENCE
