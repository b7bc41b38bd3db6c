"""Adding an indicator to a commitment."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments.actions.indicator import NewIndicator, add_indicator
from commitments.forms.indicator import IndicatorForm
from commitments.models import Direction
from commitments.models.permission import may_add_indicator
from commitments.views.commitment import page_of, show, visible_commitment

FIELD_OF = {"no_name": "name", "name_taken": "name", "no_unit": "unit", "far_off": "due", "needs_target": "target"}


@require_POST
def indicator_add(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    commitment = visible_commitment(request, slug, ref)
    if not may_add_indicator(request.user, commitment):
        raise PermissionDenied
    form = IndicatorForm(request.POST)
    if form.is_valid():
        try:
            indicator = add_indicator(commitment, new_indicator(form), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(FIELD_OF[refusal.code], refusal)
        else:
            messages.success(request, _("The indicator is added. Every side sees it and enters its own figures."))
            return redirect(page_of(commitment, f"#indicator-{indicator.pk}"))
    return show(request, commitment, status=422, wrong=form, indicator_form=form)


def new_indicator(form: IndicatorForm) -> NewIndicator:
    given = {name: form.cleaned_data[name] for name in ("name", "unit", "baseline", "target")}
    given["direction"] = Direction(form.cleaned_data["direction"])
    if due := form.cleaned_data["due"]:
        given["day"], given["precision"] = due
    return NewIndicator(**given)
