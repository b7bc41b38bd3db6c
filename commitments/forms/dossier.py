"""What a dossier is asked for: edition, language of the frame, format."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.models import Meeting, Party
from commitments.models.dossier_order import FORMATS

SHARED, OWN = "shared", "own"


class DossierForm(forms.Form):
    """The choices of the page; a side can ask for the shared edition and for its own."""

    edition = forms.ChoiceField(label=_("Edition"))
    language = forms.ChoiceField(label=_("Language of the frame"), choices=settings.LANGUAGES)
    meeting = forms.ModelChoiceField(
        label=_("Agenda"), queryset=Meeting.objects.none(), required=False, empty_label=_("Of no meeting")
    )
    format = forms.ChoiceField(choices=[*FORMATS.items()], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, party: Party | None, meetings: QuerySet[Meeting], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
        own = [(OWN, _("%(party)s’s own edition") % {"party": party})] if party else []
        self.fields["edition"].choices = [(SHARED, _("Shared edition: what all sides may read")), *own]

    def clean(self) -> dict[str, Any]:
        """An agenda that one side still prepares, its name included, is in no shared edition."""
        meeting = self.cleaned_data.get("meeting")
        if meeting and not meeting.is_shared and self.cleaned_data.get("edition") == SHARED:
            refusal = _("This meeting is your own side’s until it is shared: choose your own edition.")
            self.add_error("meeting", ValidationError(refusal, code="own_side"))
        return self.cleaned_data
