"""A large dossier: ordered, watched while a worker makes it, fetched while it is kept."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from commitments.actions.dossier_order import cancel_order, order_dossier
from commitments.exchange.dossier_file import MAKERS
from commitments.models import DossierOrder, OrderState
from commitments.queries.dossier_order import kept_orders
from commitments.tasks.dossiers import make_dossiers
from commitments.views.context import readable
from commitments.views.dossier import asked_of
from commitments.views.downloads import file_response
from commitments.views.past import as_it_stood
from statement_tracker.celery import ring


@require_POST
@as_it_stood
def dossier_make(request: HttpRequest, slug: str) -> HttpResponse:
    """Order what the address asks for in the format of the button; the same again is the same order."""
    statement = readable(request, slug)
    asked = asked_of(request, statement, format=request.POST.get("format", ""))
    if request.past.wrong or not asked.is_valid or not asked.format:
        raise Http404
    try:
        order = order_dossier(asked, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('statement_dossier', args=[slug])}?{asked.query}")
    ring(make_dossiers)
    return redirect("dossier_order", order.pk)


@require_safe
def dossier_order(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; the page asks again by itself, with JavaScript or without."""
    order = own_order(request, pk)
    template = "dossier/_order.html" if request.htmx else "dossier/order.html"
    response = render(request, template, {"order": order, "statement": order.statement})
    patch_vary_headers(response, ("HX-Request",))
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def dossier_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    cancel_order(own_order(request, pk), by=request.user, at=timezone.now())
    return redirect("dossier_order", pk)


@require_safe
def dossier_order_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, for as long as it is kept and the person may see its edition."""
    order = own_order(request, pk)
    if order.state != OrderState.READY:
        raise Http404
    return file_response(bytes(order.content), order.name, MAKERS[order.format][1])


def own_order(request: HttpRequest, pk: int) -> DossierOrder:
    """The person's own order; a 404 for everybody else, and once it is kept no longer."""
    rows = kept_orders(request.user, timezone.now()).select_related("statement").defer("content", "statement__text")
    return get_object_or_404(rows, pk=pk)
