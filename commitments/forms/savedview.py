"""The name of a saved view, and who sees it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.forms.progress import TidyField
from commitments.models import Audience, User
from commitments.models.permission import may_share_view


class SavedViewForm(forms.Form):
    """`query` is the address of the list after "?"; `version` the view as the person saw it."""

    name = TidyField(label=_("Name"), max_length=50, widget=forms.TextInput)
    audience = forms.ChoiceField(label=_("Who sees it"), initial=Audience.SELF)
    query = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="id_view_%s", **kwargs)
        offered = [choice for choice in Audience.choices if choice[0] != Audience.PARTY or may_share_view(person)]
        self.fields["audience"].choices = offered
