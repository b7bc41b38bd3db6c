"""A filter that is set, in words: for chips, files and dossiers."""

from django.utils.translation import gettext as _
from django_filters import FilterSet


def words_of(chosen: FilterSet, name: str) -> str:
    """What the chosen value of a filter is called; typed words are themselves."""
    value = chosen.form.cleaned_data[name]
    if not isinstance(value, str):
        return str(value)
    for code, label in getattr(chosen.form.fields[name], "choices", ()):
        options = label if isinstance(label, list | tuple) else [(code, label)]
        for option, words in options:
            if str(option) == value:
                return str(words)
    return value


def scope_of(chosen: FilterSet, otherwise: str = "") -> str:
    """All filters that are set; `otherwise` (or "All commitments") where none is."""
    given = [
        f"{rule.label}: {words_of(chosen, name)}"
        for name, rule in chosen.filters.items()
        if name != "sort" and chosen.form.cleaned_data.get(name) not in (None, "")
    ]
    return "; ".join(given) or otherwise or _("All commitments")
