"""How a person wants to be reminded: one page for all of it, and the one behind a digest's unsubscribe link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from commitments.actions.preferences import Wishes, choose_reminders
from commitments.actions.unsubscribing import subscription_of
from commitments.actions.unsubscribing import unsubscribe as stop
from commitments.forms.reminders import PreferenceForm
from commitments.queries.wishes import preference_of, rule_leads

FIELD_OF = {"not_ahead": "paused_until", "too_long": "paused_until", "cannot_be_switched_off": "kinds"}


@require_http_methods(["GET", "HEAD", "POST"])
def reminder_preferences(request: HttpRequest) -> HttpResponse:
    preference = preference_of(request.user)
    form = PreferenceForm(request.POST or None, person=request.user, preference=preference, leads=rule_leads())
    status = 200
    if request.method == "POST":
        status = save(request, form) if form.is_valid() else 422
        if status == 200:
            return redirect("reminder_preferences")
    return render(request, "settings/reminders.html", {"form": form}, status=status)


def save(request: HttpRequest, form: PreferenceForm) -> int:
    """Keep what the form says; gives the status of the answer, with the reason in the form where it is refused."""
    given = form.cleaned_data
    wishes = Wishes(
        given["rhythm"],
        given["hour"],
        form.kinds_off,
        form.lead_days,
        given["paused_until"],
        given["language"],
        given["time_zone"],
    )
    try:
        choose_reminders(
            wishes, by=request.user, at=timezone.now(), today=timezone.localdate(), version=given["version"]
        )
    except ValidationError as refusal:
        if refusal.code != "conflict":
            form.add_error(FIELD_OF[refusal.code], refusal)
            return 422
        form.add_error(None, _("You changed this in another window meanwhile. Save again if this should stand."))
        form.renew(preference_of(request.user).version)
        return 409
    with translation.override(wishes.language):
        messages.success(request, _("Saved."))
    return 200


@login_not_required
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask with a button, and stop the digest on POST: from the button, or from a mail program (RFC 8058).

    The signed link is all that is asked for; it can do this one thing, so no other site gains by sending it.
    """
    subscription = subscription_of(token)
    if subscription is None:
        return render(request, "settings/unsubscribe_ended.html", {"frame": "entrance.html"}, status=404)
    if request.method == "POST":
        stop(subscription, at=timezone.now())
    with translation.override(subscription.person.language):
        context = {"frame": "entrance.html", "names": subscription.names, "is_done": request.method == "POST"}
        return render(request, "settings/unsubscribe.html", context)
