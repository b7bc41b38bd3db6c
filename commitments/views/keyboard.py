"""The keyboard: what the keys do, and the switch of the single ones."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from commitments.models import User
from commitments.views.account import back
from commitments.views.row import next_address


@require_safe
def keyboard(request: HttpRequest) -> HttpResponse:
    template = "keyboard/dialog.html" if request.htmx else "keyboard/keyboard.html"
    response = render(request, template, {"next": next_address(request) if request.htmx else request.path})
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
def choose_shortcuts(request: HttpRequest) -> HttpResponse:
    """Keep on the person whether single keys do anything."""
    chosen = {"yes": True, "no": False}.get(request.POST.get("on", ""))
    if chosen is not None:
        User.objects.filter(pk=request.user.pk).update(has_shortcuts=chosen)
    return back(request)
