"""People: a coordinator's pages for those of the own side, and the page behind an invitation's link."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.erasure import erase
from commitments.actions.people import (
    Invitee,
    accept_invitation,
    deactivate,
    hand_over,
    invitation_of,
    invite,
    reactivate,
    renew_invitation,
    reset_second_step,
    revoke_invitation,
    set_body,
    set_role,
)
from commitments.domain.codes import Role
from commitments.forms.people import AcceptForm, BodyForm, InviteForm, RoleForm, SuccessorForm
from commitments.models import Body, Invitation, User
from commitments.models.permission import may_manage_people
from commitments.queries.people import open_invitations, people_of
from commitments.tasks import send_waiting_invitations
from statement_tracker.celery import ring

View = Callable[..., HttpResponse]
FIELD_OF = {"has_account": "email", "is_invited": "email", "not_of_the_party": "body", "not_of_the_body": "successor"}


def for_coordinators(view: View) -> View:
    """The page is there for coordinators; others are told that it is not theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_manage_people(request.user):
            raise PermissionDenied(_("Only your side’s coordinator manages its people."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_coordinators
def people(request: HttpRequest) -> HttpResponse:
    context = {"people": people_of(request.user), "invitations": open_invitations(request.user, timezone.now())}
    return render(request, "people/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def person_invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, coordinator=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite(Invitee(**form.cleaned_data), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(FIELD_OF.get(refusal.code), refusal)
        else:
            ring(send_waiting_invitations)
            messages.success(request, _("%(email)s is invited; the mail is on its way.") % {"email": invitation.email})
            return redirect("people")
    return render(request, "people/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@for_coordinators
def invitation_renew(request: HttpRequest, pk: int) -> HttpResponse:
    return change_invitation(request, pk, renew_invitation, _("A new link is on its way; the one before is dead."))


@require_POST
@for_coordinators
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    return change_invitation(request, pk, revoke_invitation, _("The invitation is taken back; its link is dead."))


def change_invitation(request: HttpRequest, pk: int, action: Callable[..., None], said: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        action(invitation, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        ring(send_waiting_invitations)
        messages.success(request, said)
    return redirect("people")


@require_safe
@for_coordinators
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show_person(request, own_person(request, pk))


@require_POST
@for_coordinators
def person_role(request: HttpRequest, pk: int) -> HttpResponse:
    person = own_person(request, pk)
    form = RoleForm(request.POST, person=person)
    return carry_out(
        request, person, "role_form", form, lambda given: set_role_of(person, Role(given["role"]), request)
    )


@require_POST
@for_coordinators
def person_body(request: HttpRequest, pk: int) -> HttpResponse:
    person = own_person(request, pk)
    form = BodyForm(request.POST, person=person)
    return carry_out(request, person, "body_form", form, lambda given: set_body_of(person, given["body"], request))


@require_POST
@for_coordinators
def person_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    person = own_person(request, pk)
    form = SuccessorForm(request.POST, person=person)
    act = partial(hand_over_from, person, request)
    return carry_out(request, person, "successor_form", form, lambda given: act(given["successor"]))


@require_POST
@for_coordinators
def person_close(request: HttpRequest, pk: int) -> HttpResponse:
    person = own_person(request, pk)
    form = SuccessorForm(request.POST, person=person, required=False)
    return carry_out(request, person, "close_form", form, lambda given: close(person, given["successor"], request))


@require_POST
@for_coordinators
def person_open(request: HttpRequest, pk: int) -> HttpResponse:
    person = own_person(request, pk)
    reactivate(person, by=request.user, at=timezone.now())
    messages.success(request, _("The account of %(name)s is open again.") % {"name": person})
    return redirect("person_detail", pk=person.pk)


@require_POST
@for_coordinators
def person_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """For one who has lost telephone or key: once the coordinator has made sure who asks."""
    person = own_person(request, pk)
    try:
        reset_second_step(person, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The second step of %(name)s is reset; the password stays.") % {"name": person})
    return redirect("person_detail", pk=person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def person_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, and erase; only a closed account can be."""
    person = own_person(request, pk)
    if request.method != "POST":
        return render(request, "people/erase.html", {"person": person})
    try:
        erase(person, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("person_detail", pk=person.pk)
    messages.success(request, _("The person’s data is erased; the history keeps the acts under a number."))
    return redirect("people")


def set_role_of(person: User, role: Role, request: HttpRequest) -> str:
    set_role(person, role, by=request.user, at=timezone.now())
    return _("The role is changed; it holds from the next page on.")


def set_body_of(person: User, body: Body, request: HttpRequest) -> str:
    set_body(person, body, by=request.user, at=timezone.now())
    return _("The body is changed.")


def hand_over_from(person: User, request: HttpRequest, successor: User) -> str:
    count = hand_over(person, successor, by=request.user, at=timezone.now())
    words = ngettext("%(count)s commitment went to %(name)s.", "%(count)s commitments went to %(name)s.", count)
    return words % {"count": count, "name": successor}


def close(person: User, successor: User | None, request: HttpRequest) -> str:
    deactivate(person, successor=successor, by=request.user, at=timezone.now())
    return _("The account of %(name)s is closed and signed out everywhere.") % {"name": person}


def carry_out(
    request: HttpRequest, person: User, name: str, form: Form, act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Do what the form asks and say so, or show the page again with the reason beside the field."""
    if form.is_valid():
        try:
            said = act(form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(next(iter(form.fields)), refusal)
        else:
            messages.success(request, said)
            return redirect("person_detail", pk=person.pk)
    return show_person(request, person, form=form, status=422, **{name: form})


def show_person(request: HttpRequest, person: User, *, status: int = 200, **forms: Form) -> HttpResponse:
    fresh = {
        "role_form": RoleForm(person=person),
        "body_form": BodyForm(person=person),
        "successor_form": SuccessorForm(person=person),
        "close_form": SuccessorForm(person=person, required=False),
    }
    return render(request, "people/person.html", {"person": person, **fresh, **forms}, status=status)


def own_person(request: HttpRequest, pk: int) -> User:
    """A person of the coordinator's own side; everybody else is a stranger here."""
    return get_object_or_404(people_of(request.user), pk=pk)


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: it opens the account once, and then leads to the sign-in."""
    now = timezone.now()
    found = invitation_of(token)
    if found is None or not found.is_valid(now):
        return render(request, "people/invitation_ended.html", {"frame": "entrance.html"}, status=410)
    form = AcceptForm(request.POST or None, invitation=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            accept_invitation(token, name=given["name"], password=given["password"], language=given["language"], at=now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Your account is open. Sign in with your address and the new password."))
            return redirect("account_login")
    status = 422 if form.errors else 200
    return render(request, "people/invitation.html", {"form": form, "invitation": found}, status=status)
