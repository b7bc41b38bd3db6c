"""A select that writes its options at once: hundreds of bodies cost a page nothing to speak of."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString


class QuickSelect(forms.Select):
    """As Django's own, without a template for each option."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", given, _options(self.choices, chosen))


def _options(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    return SafeString("".join(_option(code, label, chosen) for code, label in choices))


def _option(code: Any, label: Any, chosen: str) -> str:
    if isinstance(label, list | tuple):
        return f'<optgroup label="{escape(str(code))}">{_options(label, chosen)}</optgroup>'
    code = "" if code is None else str(code)
    mark = " selected" if code == chosen else ""
    return f'<option value="{escape(code)}"{mark}>{escape(str(label))}</option>'
