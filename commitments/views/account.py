"""Sign-in is by invitation; language and colours are each person's own choice."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from commitments.models import User
from commitments.views.addresses import own_address
from commitments.views.context import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600  # seconds


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made by a party's coordinator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language on the person, and in a cookie for the pages before sign-in."""
    code = request.POST.get("language", "")
    response = back(request)
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        return response
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=code)
    keep_cookie(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or automatic colours in a cookie of this browser."""
    theme = request.POST.get("theme", "")
    response = back(request)
    if theme in THEMES:
        keep_cookie(response, THEME_COOKIE, theme)
    return response


def back(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(own_address(request, request.POST.get("next", "")) or resolve_url("overview"))


def keep_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
