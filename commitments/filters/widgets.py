"""A select that writes its options at once: hundreds of bodies cost a page nothing to speak of."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class QuickSelect(forms.Select):
    """As Django's own, without a template for each option."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", given, _options(self.choices, chosen))


def _options(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    return format_html_join("", "{}", ((_option(code, label, chosen),) for code, label in choices))


def _option(code: Any, label: Any, chosen: str) -> SafeString:
    if isinstance(label, list | tuple):
        return format_html('<optgroup label="{}">{}</optgroup>', code, _options(label, chosen))
    code = "" if code is None else str(code)
    mark = " selected" if code == chosen else ""
    return format_html('<option value="{}"{}>{}</option>', code, mark, label)
