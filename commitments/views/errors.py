"""Pages for what went wrong: plain words, what to do next, and nothing lost that was typed."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.debug import sensitive_post_parameters

SECRET_FIELDS = frozenset({"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"})


def error_page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return render(request, template, {"frame": "base.html" if signed_in else "entrance.html", **context}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, "errors/400.html", 400)


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return error_page(request, "errors/403.html", 403, reason=str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, "errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of last resort: it asks neither the database nor the session."""
    return HttpResponse(get_template("errors/500.html").render(), status=500)


@sensitive_post_parameters()
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form comes back with what was typed; a form sent by another site does not."""
    if not is_own_form(request):
        return error_page(request, "errors/403.html", 403, reason="")
    return keep_typed(request, "errors/expired.html", status=403)


def keep_typed(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page that holds every typed value and can send it again; passwords and files are not kept."""
    get_token(request)
    typed = [(name, value) for name, values in request.POST.lists() if name not in SECRET_FIELDS for value in values]
    return error_page(request, template, status, typed=typed, lost=list(request.FILES), path=request.get_full_path())


def is_own_form(request: HttpRequest) -> bool:
    """Whether the browser says that the form came from a page of this site."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(sender).netloc == request.get_host()
