"""A person's own data: what is kept, as a page and as a file."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.queries.personal import personal_data


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    return render(request, "personal/my_data.html")


@require_safe
@reauthentication_required
def my_data_file(request: HttpRequest) -> HttpResponse:
    """All of it as JSON, after the password or the second step once more."""
    response = JsonResponse(personal_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    name = f"my-data-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
