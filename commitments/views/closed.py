"""Addresses of the sign-in library that this product does not offer."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse


@login_not_required
def closed(request: HttpRequest, **_parts: str) -> HttpResponse:
    """Nothing is here: an address is what the invitation was sent to, and changes by the coordinator alone."""
    raise Http404
