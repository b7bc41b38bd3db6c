"""An indicator as it is typed: what is measured, from where to where, and by when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from commitments.forms.measurement import FigureField, PeriodField, TidyLine
from commitments.models.indicator import Direction


class OptionalFigure(FigureField):
    def clean(self, value: str | None) -> Any:
        return super().clean(value) if (value or "").strip() else None


class OptionalPeriod(PeriodField):
    def clean(self, value: str | None) -> Any:
        return super().clean(value) if (value or "").strip() else None


class IndicatorForm(forms.Form):
    name = TidyLine(label=gettext_lazy("What is measured"), max_length=200)
    unit = TidyLine(label=gettext_lazy("Unit"), max_length=40)
    baseline = OptionalFigure(label=gettext_lazy("Baseline"), required=False)
    target = OptionalFigure(label=gettext_lazy("Target"), required=False)
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Direction.choices, initial=Direction.UP)
    due = OptionalPeriod(
        label=gettext_lazy("Target by"),
        required=False,
        help_text=gettext_lazy("2025, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", auto_id="id_indicator_%s", **kwargs)
