"""Adding a figure to a commitment's indicator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments.actions.indicator import NewMeasurement, add_measurement
from commitments.forms.measurement import MeasurementForm
from commitments.models import Indicator, Measurement
from commitments.models.permission import may_add_measurement
from commitments.views.commitment import number, page_of, show, visible_commitment

WHERE = {"no_source": "source", "in_the_future": "period"}


@require_POST
def indicator_figure(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    """Save a figure of the own side, or a correction of one."""
    commitment = visible_commitment(request, slug, ref)
    indicator = get_object_or_404(
        Indicator.objects.select_related("commitment__statement"), pk=pk, commitment=commitment
    )
    if not may_add_measurement(request.user, commitment):
        raise PermissionDenied
    form = MeasurementForm(request.POST, label_suffix="", auto_id="id_figure_%s")
    if form.is_valid():
        try:
            add_measurement(indicator, new_measurement(request, form), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(WHERE.get(refusal.code), refusal)
        else:
            messages.success(request, _("Saved. Every side sees figures."))
            return redirect(page_of(commitment, f"#indicator-{indicator.pk}"))
    return show(request, commitment, status=422, wrong=form, figure_form=form)


def new_measurement(request: HttpRequest, form: MeasurementForm) -> NewMeasurement:
    day, precision = form.cleaned_data["period"]
    return NewMeasurement(
        value=form.cleaned_data["value"],
        day=day,
        precision=precision,
        source=form.cleaned_data["source"],
        source_url=form.cleaned_data["source_url"],
        corrects=corrected_figure(request),
    )


def corrected_figure(request: HttpRequest) -> Measurement | None:
    """The figure that the form names; the action refuses what is not the own side's. 404 where there is none."""
    named = request.POST.get("figure")
    return get_object_or_404(Measurement, pk=number(named)) if named else None
