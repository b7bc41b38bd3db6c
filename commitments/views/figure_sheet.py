"""A series of figures from a file: a look at what each row would become, and the saving of all of them."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from commitments.actions.figure_sheet import Becomes, SeriesNotSavedError, save_series, try_series
from commitments.domain.codes import Precision
from commitments.exchange.figure_sheet import FigureRow, read_figures
from commitments.exchange.sheet_cells import Fault
from commitments.forms.measurement import source_field
from commitments.models import Indicator
from commitments.models.permission import may_add_measurement
from commitments.views.commitment import page_of, visible_commitment
from commitments.views.packed import LONGEST, pack, unpack

SALT = "a series of figures that is not saved yet"


class SeriesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The series (.csv or .xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
    source = source_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["source"].help_text = _("For rows that name none.")


@require_http_methods(["GET", "HEAD", "POST"])
def figure_sheet(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    """Choose the file, and see what each of its rows would become."""
    indicator = own_indicator(request, slug, ref, pk)
    form = SeriesForm(request.POST, request.FILES) if request.method == "POST" else SeriesForm()
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = read_figures(upload.file, upload.size)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return preview(request, indicator, rows, form.cleaned_data["source"])
    context = {"indicator": indicator, "commitment": indicator.commitment, "form": form}
    return render(request, "figures/import.html", context, status=422 if form.errors else 200)


@require_POST
def figure_sheet_save(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    """Save every row of the preview, or none."""
    indicator = own_indicator(request, slug, ref, pk)
    try:
        content = unpack(request.POST.get("rows", ""), request.user, f"{SALT} {indicator.pk}")
        rows, seen, source = [row_of(row) for row in content["rows"]], dict(content["seen"]), content["source"]
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        messages.error(request, _("The series is no longer kept here. Upload the file again; nothing was saved."))
        return redirect("figure_sheet", slug, ref, pk)
    try:
        number = save_series(indicator, rows, source, seen, by=request.user, at=timezone.now())
    except SeriesNotSavedError:
        messages.error(request, _("Nothing was saved: a row cannot be saved, or somebody was quicker. See below."))
        return preview(request, indicator, rows, source, status=409)
    messages.success(request, ngettext("%(n)d figure was saved.", "%(n)d figures were saved.", number) % {"n": number})
    return redirect(page_of(indicator.commitment, f"#indicator-{indicator.pk}"))


def preview(
    request: HttpRequest, indicator: Indicator, rows: list[FigureRow], source: str, *, status: int = 200
) -> HttpResponse:
    outcomes = try_series(indicator, rows, source, by=request.user, at=timezone.now())
    seen = [(one.row.line, one.seen) for one in outcomes]
    content = {"rows": [packed_row(row) for row in rows], "seen": seen, "source": source}
    packed = pack(content, request.user, f"{SALT} {indicator.pk}")
    if len(packed) > LONGEST:
        messages.error(request, _("The sheet holds too much to be saved at once. Split it into two files."))
        return redirect("figure_sheet", indicator.commitment.statement.slug, indicator.commitment.ref, indicator.pk)
    counts = {kind.value: sum(one.becomes == kind for one in outcomes) for kind in Becomes}
    context = {
        "indicator": indicator,
        "commitment": indicator.commitment,
        "outcomes": outcomes,
        "counts": counts,
        "source": source,
        "can_be_saved": not counts["faulty"] and counts["new"] + counts["correction"] > 0,
        "packed": packed,
    }
    return render(request, "figures/preview.html", context, status=status)


def own_indicator(request: HttpRequest, slug: str, ref: str, pk: int) -> Indicator:
    """The indicator, to enter figures of: 404 for strangers, 403 for those who may only read."""
    commitment = visible_commitment(request, slug, ref)
    indicator = get_object_or_404(Indicator.objects.filter(commitment=commitment), pk=pk)
    if not may_add_measurement(request.user, commitment):
        raise PermissionDenied
    indicator.commitment = commitment
    return indicator


def packed_row(row: FigureRow) -> dict[str, Any]:
    value, day = row.value, row.day
    return {**asdict(row), "value": None if value is None else str(value), "day": day and day.isoformat()}


def row_of(fields: dict[str, Any]) -> FigureRow:
    return FigureRow(
        **{
            **fields,
            "value": None if fields["value"] is None else Decimal(fields["value"]),
            "day": fields["day"] and date.fromisoformat(fields["day"]),
            "precision": fields["precision"] and Precision(fields["precision"]),
            "faults": tuple(Fault(**fault) for fault in fields["faults"]),
        }
    )
