"""Middleware of the doors: who must sign in, in which language and time zone a page is made."""

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware, get_user
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from commitments.models import User
from commitments.views.errors import keep_typed

log = logging.getLogger(__name__)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page; one who was signed out while typing keeps what was typed."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponse]) -> HttpResponse:
        if request.method == "POST" and request.POST and not request.htmx:
            return keep_typed(request, "errors/signed_out.html", status=401)
        return super().handle_no_permission(request, view_func)


class PersonMiddleware(AuthenticationMiddleware):
    """Django's own, that finds the person at once: every page asks, and a lazy stand-in costs each time it is asked."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = get_user(request)


class CompressedPagesMiddleware(GZipMiddleware):
    """Django's own, which pads what it compresses so that the length tells nothing (BREACH); files go as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        is_page = response.get("Content-Type", "").startswith(("text/html", "application/json"))
        return super().process_response(request, response) if is_page and not response.streaming else response


class PersonLocaleMiddleware:
    """The person's own language and time zone; before sign-in, the browser's language and the server's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language), timezone.override(time_zone_of(request.user)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class PlainAddressMiddleware:
    """No page has a NUL in its address, and PostgreSQL can compare no text with one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)


def language_of(request: HttpRequest) -> str:
    person = request.user
    if person.is_authenticated and translation.check_for_language(person.language):
        return person.language
    return translation.get_language_from_request(request)


def time_zone_of(person: User) -> ZoneInfo | None:
    """The person's zone, else that of the capital; None (the server's) for a stranger."""
    if not person.is_authenticated:
        return None
    name = person.time_zone or (person.body.party.time_zone if person.body_id else "")
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("unknown time zone %r of person %s", name, person.pk)
        return None
