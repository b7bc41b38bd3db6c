"""Doing what was asked, and saying so or why not."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest


def attempt(request: HttpRequest, act: Callable[[], object], said: str = "") -> ValidationError | None:
    """Do it and say so, or say why not; gives the refusal."""
    try:
        act()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return refusal
    if said:
        messages.success(request, said)
    return None


def attempt_form(request: HttpRequest, form: Form, act: Callable[[], str], field_of: Mapping[str, str]) -> bool:
    """Do what a form in order asks and say what `act` gives; a refusal stands at the field that its code names."""
    if not form.is_valid():
        return False
    try:
        messages.success(request, act())
    except ValidationError as refusal:
        field = field_of.get(refusal.code)
        form.add_error(field if field in form.fields else None, refusal)
        return False
    return True
