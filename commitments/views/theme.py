"""The themes of a commitment are set on its page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments.actions.theme import set_themes
from commitments.forms.theme import ThemesForm
from commitments.models.permission import may_set_themes
from commitments.views.commitment import page_of, show, visible_commitment


@require_POST
def commitment_themes(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    commitment = visible_commitment(request, slug, ref)
    if not may_set_themes(request.user, commitment):
        raise PermissionDenied
    form = ThemesForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_themes(commitment, given["themes"], seen=given["seen"].split(), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(page_of(commitment, "#facts"))
    return show(request, commitment, status=422, wrong=form, themes_form=form)
