"""The accessibility statement: what was tested, how, what is open, whom to write to."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Open to everybody: whoever cannot get through the sign-in has to be able to read it."""
    context = {
        "frame": "base.html" if request.user.is_authenticated else "entrance.html",
        "contact": settings.CONTACT_EMAIL,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
    }
    return render(request, "accessibility/accessibility.html", context)
