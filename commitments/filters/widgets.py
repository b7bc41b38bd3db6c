"""A select that writes its options at once, and keeps them: hundreds of bodies cost a page nothing to speak of."""

from collections.abc import Hashable, Iterable
from functools import partial
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from commitments.domain.keeping import Kept

MOST = 500  # lists of options, of some 2 kB each
SECONDS = 60  # so long may a list of options be old; what is chosen is looked up each time

kept_options: Kept[SafeString] = Kept(MOST, SECONDS)


class QuickSelect(forms.Select):
    """As Django's own, without a template for each option; options are kept under the `key`, where there is one."""

    def __init__(self, *args: Any, key: Hashable = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        make = partial(_options, self.choices, chosen)
        options = kept_options.get((self.key, chosen, get_language()), make) if self.key else make()
        return format_html("<select{}>{}</select>", given, options)


def _options(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    return SafeString("".join(_option(code, label, chosen) for code, label in choices))


def _option(code: Any, label: Any, chosen: str) -> str:
    if isinstance(label, list | tuple):
        return f'<optgroup label="{escape(str(code))}">{_options(label, chosen)}</optgroup>'
    code = "" if code is None else str(code)
    mark = " selected" if code == chosen else ""
    return f'<option value="{escape(code)}"{mark}>{escape(str(label))}</option>'
