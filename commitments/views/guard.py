"""Middleware before every page: how long a session lasts, the second factor, limits, no copies in caches."""

import logging
from collections.abc import Callable

from allauth.account.internal.flows.reauthentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from commitments.actions.visit import note_visit
from commitments.models.permission import must_have_second_factor
from commitments.views.errors import error_page
from commitments.views.limits import MINUTE, counted

Respond = Callable[[HttpRequest], HttpResponse]
BEGAN, SEEN = "began_at", "seen_at"  # session keys, seconds since 1970
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "choose_language",
        "choose_theme",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
SEARCHES = ("q",)

log = logging.getLogger(__name__)


class SessionLimitsMiddleware:
    """Signs out what was idle too long, or began too long ago, whatever its cookie says."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            if is_over(request, now):
                logout(request)
            else:
                note_seen(request, now)
        return self.get_response(request)


def is_over(request: HttpRequest, now: float) -> bool:
    began, seen = request.session.get(BEGAN, now), request.session.get(SEEN, now)
    return now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE


def note_seen(request: HttpRequest, now: float) -> None:
    """Keep the time of the last request, to the minute: not every page is a write."""
    session = request.session
    if now - session.get(SEEN, 0) < MINUTE:
        return
    session.setdefault(BEGAN, now)
    session[SEEN] = now
    UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())
    note_visit(request.user, at=timezone.now())
    vars(request.user).pop("previous_visit_at", None)  # another visit may have begun since the session's query


class SecondFactorMiddleware:
    """Leads those whose role must have a second factor to where they set it up, before anything else."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: object
    ) -> HttpResponse | None:
        person = request.user
        if not person.is_authenticated or not must_have_second_factor(person):
            return None
        if request.resolver_match.url_name in WITHOUT_SECOND_FACTOR or has_second_step(request):
            return None
        messages.warning(request, _("Your role needs a second step at sign-in: set up one of these first."))
        return redirect("mfa_index")


def has_second_step(request: HttpRequest) -> bool:
    """One of the person's own, or a sign-on that is never accepted without the strength that the settings ask for."""
    if is_mfa_enabled(request.user):
        return True
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    strong = {app["provider_id"] for app in apps if app["settings"]["acr"]}
    return any(record.get("provider") in strong for record in get_authentication_records(request, request.user))


class RateLimitMiddleware:
    """A limit on the writes and on the searches of one person, far above what hands can do."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind = kind_of(request)
        if kind and not is_allowed(request, kind):
            response = error_page(request, "errors/429.html", 429)
            response["Retry-After"] = str(MINUTE)
            return response
        return self.get_response(request)


def kind_of(request: HttpRequest) -> str:
    """What is counted: "write" or "search" of a signed-in person; the sign-in has limits of its own."""
    if not request.user.is_authenticated:
        return ""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return "write"
    return "search" if any(request.GET.get(name) for name in SEARCHES) else ""


def is_allowed(request: HttpRequest, kind: str) -> bool:
    """Whether this is within the limit of the minute, over all web processes; a refusal is logged by key."""
    count = counted(f"{kind}:{request.user.pk}", timezone.now().timestamp())
    if count <= settings.REQUESTS_A_MINUTE[kind]:
        return True
    log.warning("limit of person %s reached: %s %d in a minute", request.user.pk, kind, count)
    return False


class PrivatePagesMiddleware:
    """What a signed-in person sees is kept by no cache, of the browser or on the way (RFC 9111)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_store=True)
        return response
