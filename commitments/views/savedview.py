"""Saved views: /views/overdue-at-miti/ is a name for a filter of the list."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.savedview import change_view, delete_view, save_view
from commitments.forms.savedview import SavedViewForm
from commitments.models import Audience, SavedView
from commitments.models.permission import may_change_view
from commitments.views.counted_views import counted, views_of

OF_THE_PAGE = ("page", "from", "before", "as_of")  # parts of an address that say where one is, not what is shown


@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest) -> HttpResponse:
    """All that the person sees, with their counts; with POST, the filter at hand under a name."""
    form = SavedViewForm(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            view = save_view(
                given["name"],
                clean_query(given["query"]),
                Audience(given["audience"]),
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
            return HttpResponseRedirect(address_of_rows(view))
    lines = counted(views_of(request.user), request.user, timezone.localdate())
    context = {
        "lines": [(line, may_change_view(request.user, line.view)) for line in lines],
        "form": form if form.is_bound else None,
    }
    return render(request, "savedview/views.html", context, status=422 if form.is_bound else 200)


@require_safe
def saved_view(request: HttpRequest, slug: str) -> HttpResponse:
    """To the rows: the list, filtered as the view says."""
    return HttpResponseRedirect(address_of_rows(visible_view(request, slug)))


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_edit(request: HttpRequest, slug: str) -> HttpResponse:
    view = own_view(request, slug)
    initial = {"name": view.name, "audience": view.audience, "version": view.version}
    form = SavedViewForm(request.POST if request.method == "POST" else None, person=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_view(
                view,
                given["name"],
                Audience(given["audience"]),
                version=given["version"] if given["version"] is not None else -1,
                by=request.user,
                at=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("saved_views")
    return render(request, "savedview/edit.html", {"view": view, "form": form}, status=422 if form.is_bound else 200)


@require_POST
def saved_view_delete(request: HttpRequest, slug: str) -> HttpResponse:
    view = own_view(request, slug)
    delete_view(view, by=request.user, at=timezone.now())
    messages.success(request, _("The view “%(name)s” is deleted. No commitment was touched.") % {"name": view.name})
    return redirect("saved_views")


def visible_view(request: HttpRequest, slug: str) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.user).select_related("owner__body"), slug=slug)


def own_view(request: HttpRequest, slug: str) -> SavedView:
    """The view, to change it: 404 for strangers, 403 for those who only see it."""
    view = visible_view(request, slug)
    if not may_change_view(request.user, view):
        raise PermissionDenied(_("Only who saved a view changes it; one of the whole side, a coordinator."))
    return view


def clean_query(query: str) -> str:
    """The address without what belongs to a page of it, and without empty fields."""
    given = QueryDict(query, mutable=True)
    for name in [name for name, value in given.items() if not value or name in OF_THE_PAGE]:
        del given[name]
    return given.urlencode()


def address_of_rows(view: SavedView) -> str:
    return reverse("commitment_list") + (f"?{view.query}" if view.query else "")
