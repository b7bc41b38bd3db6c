"""Adding a figure to a commitment's indicator."""

from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commitments.actions.indicator import NewMeasurement, add_measurement
from commitments.exchange.file_types import too_large
from commitments.exchange.uploads import safe_name, store
from commitments.forms.measurement import MeasurementForm
from commitments.models import Commitment, Indicator, Measurement
from commitments.models.permission import may_add_measurement
from commitments.views.commitment import number, page_of, show, visible_commitment
from commitments.views.evidence import handed_out

WHERE = {"no_source": "source", "in_the_future": "period", "not_yours": None, "corrected_already": None}


@require_POST
def indicator_figure(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    """Save a figure of the own side, or a correction of one."""
    commitment = visible_commitment(request, slug, ref)
    indicator = get_object_or_404(
        Indicator.objects.select_related("commitment__statement"), pk=pk, commitment=commitment
    )
    if not may_add_measurement(request.user, commitment):
        raise PermissionDenied
    form = MeasurementForm(request.POST, request.FILES, label_suffix="", auto_id="id_figure_%s")
    if getattr(request, "files_too_large", []):
        form.add_error("file", too_large())
    if form.is_valid():
        now = timezone.now()
        try:
            new = with_file(new_measurement(request, form), form.cleaned_data["file"], now)
            add_measurement(indicator, new, by=request.user, at=now)
        except ValidationError as refusal:
            form.add_error(WHERE.get(refusal.code, "file"), refusal)
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
        note=form.cleaned_data["note"],
        corrects=corrected_figure(request),
    )


def with_file(new: NewMeasurement, upload: UploadedFile | None, now: datetime) -> NewMeasurement:
    """The figure with the file of its source, judged and kept where one came along."""
    if upload is None:
        return new
    file = store(upload, at=now)
    return replace(new, file=file, file_name=safe_name(upload.name, file.media_type))


@require_safe
def measurement_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a figure's source, for everybody who may see the figure."""
    seen = Commitment.objects.visible_to(request.user)
    rows = Measurement.objects.select_related("file").filter(file__isnull=False, indicator__commitment__in=seen)
    measurement = get_object_or_404(rows, pk=pk)
    return handed_out(request, measurement.file, measurement.file_name)


def corrected_figure(request: HttpRequest) -> Measurement | None:
    """The figure that the form names; the action refuses what is not the own side's. 404 where there is none."""
    named = request.POST.get("figure")
    return get_object_or_404(Measurement, pk=number(named)) if named else None
