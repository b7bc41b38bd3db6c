"""The themes of a commitment, as a coordinator ticks them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.models import Theme


class ThemesForm(forms.Form):
    """`seen` names the themes that the person saw."""

    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, themes: Iterable[Theme] = (), **kwargs: Any) -> None:
        held = [theme.code for theme in themes]
        initial = {"themes": held, "seen": " ".join(held)}
        super().__init__(*args, initial=initial, label_suffix="", **kwargs)
        self.fields["themes"].queryset = Theme.objects.offered()
