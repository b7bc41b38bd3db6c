"""A figure as it is typed: the value, its period in one word, the source."""

import re
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commitments.domain.codes import Precision
from commitments.domain.text import tidy

MAX_DIGITS = 16  # before the decimal mark, as the database keeps them
MAX_DECIMALS = 4

_NUMBER = re.compile(r"[+-]?(\d+)(?:([.,])(\d+))?", re.ASCII)
_PERIODS = [
    (Precision.YEAR, re.compile(r"(?P<y>\d{4})", re.ASCII)),
    (Precision.QUARTER, re.compile(r"(?P<y>\d{4})[- ]?[QqÇç](?P<n>[1-4])", re.ASCII)),
    (Precision.QUARTER, re.compile(r"[QqÇç](?P<n>[1-4])[- ]?(?P<y>\d{4})", re.ASCII)),
    (Precision.HALF, re.compile(r"(?P<y>\d{4})[- ]?[Hh](?P<n>[12])", re.ASCII)),
    (Precision.HALF, re.compile(r"[Hh](?P<n>[12])[- ]?(?P<y>\d{4})", re.ASCII)),
    (Precision.MONTH, re.compile(r"(?P<y>\d{4})-(?P<n>\d{1,2})", re.ASCII)),
    (Precision.MONTH, re.compile(r"(?P<n>\d{1,2})[./](?P<y>\d{4})", re.ASCII)),
    (Precision.DAY, re.compile(r"(?P<y>\d{4})-(?P<n>\d{1,2})-(?P<d>\d{1,2})", re.ASCII)),
    (Precision.DAY, re.compile(r"(?P<d>\d{1,2})[./](?P<n>\d{1,2})[./](?P<y>\d{4})", re.ASCII)),
]
_MONTHS_EACH = {Precision.QUARTER: 3, Precision.HALF: 6, Precision.MONTH: 1, Precision.DAY: 1}


class FigureField(forms.CharField):
    """A number with a point or a comma before its decimals; never guessed where it can be read in two ways."""

    def clean(self, value: str | None) -> Decimal | None:
        text = super().clean(tidy(value or "")).replace("\N{MINUS SIGN}", "-")
        match = _NUMBER.fullmatch(text)
        if not match:
            raise ValidationError(_("Write a number, such as 5.3, without spaces or unit."), code="no_number")
        whole, mark, decimals = match.groups(default="")
        if mark and len(decimals) == 3 and mark == get_format("THOUSAND_SEPARATOR"):
            raise ValidationError(
                _("“%(text)s” can be read in two ways. Leave out the separator, or write four decimals."),
                params={"text": text[:40]},
                code="ambiguous",
            )
        if len(whole) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
            raise ValidationError(_("The number has too many digits."), code="too_big")
        return Decimal(text.replace(",", "."))


class PeriodField(forms.CharField):
    """A period in one word: 2025, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30. Cleans to (a day of it, precision)."""

    def clean(self, value: str | None) -> tuple[date, Precision]:
        text = super().clean(tidy(value or ""))
        for precision, pattern in _PERIODS:
            match = pattern.fullmatch(text)
            if match:
                return self.first_day(precision, match.groupdict()), precision
        raise self.no_period()

    def first_day(self, precision: Precision, parts: dict[str, str]) -> date:
        month = (int(parts.get("n", 1)) - 1) * _MONTHS_EACH.get(precision, 1) + 1
        try:
            return date(int(parts["y"]), month, int(parts.get("d", 1)))
        except ValueError as error:
            raise self.no_period() from error

    def no_period(self) -> ValidationError:
        return ValidationError(
            _("Write the period as 2025, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30."), code="no_period"
        )


class TidyLine(forms.CharField):
    def to_python(self, value: str | None) -> str:
        return " ".join(tidy(value or "").split())


def source_field(*, required: bool = False) -> TidyLine:
    return TidyLine(label=gettext_lazy("Source"), max_length=300, required=required)


def link_field() -> TidyLine:
    return TidyLine(
        label=gettext_lazy("Link to the source"),
        required=False,
        max_length=2000,
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput,
    )


class MeasurementForm(forms.Form):
    period = PeriodField(
        label=gettext_lazy("Period"), help_text=gettext_lazy("2025, 2026-H1, 2026-Q3, 2026-09 or 2026-09-30")
    )
    value = FigureField(label=gettext_lazy("Figure"), widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    source = source_field(required=True)
    source_url = link_field()
    file = forms.FileField(label=gettext_lazy("File of the source"), required=False)
    note = TidyLine(label=gettext_lazy("Remark"), required=False, max_length=500)
