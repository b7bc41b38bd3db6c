"""The dossier: what it would hold, and the file itself, over all commitments or those of a filter."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.exchange.dossier_docx import dossier_docx
from commitments.exchange.dossier_pdf import dossier_pdf
from commitments.exchange.dossier_words import summary_sentences
from commitments.exchange.dossier_xlsx import dossier_xlsx
from commitments.filters.commitment import CommitmentFilter
from commitments.filters.words import scope_of
from commitments.forms.dossier import FORMATS, OWN, SHARED, DossierForm
from commitments.models import Commitment, Meeting, Party, Statement
from commitments.queries.dossier import Dossier, dossier
from commitments.views.context import readable
from commitments.views.past import as_it_stood, moment_shown, today_of

MAKERS = {
    "docx": (dossier_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (dossier_pdf, "application/pdf"),
    "xlsx": (dossier_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@require_safe
@as_it_stood
def statement_dossier(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose scope, edition and language, and see what the file would hold."""
    statement = readable(request, slug)
    form = form_of(request, statement)
    chosen = filter_of(request, statement)
    context = {
        "statement": statement,
        "form": form,
        "filter": chosen,
        "formats": FORMATS,
        "sentences": [],
    }
    if form.is_valid() and chosen.form.is_valid():
        made = made_for(request, statement, form, chosen)
        context |= {"dossier": made, "sentences": summary_sentences(made)}
    return render(request, "dossier/dossier.html", context, status=200 if form.is_valid() else 422)


@require_safe
@as_it_stood
def dossier_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The file, made at this moment; what is asked for wrongly is a 404."""
    statement = readable(request, slug)
    form, chosen = form_of(request, statement), filter_of(request, statement)
    if request.past.wrong or not (form.is_valid() and chosen.form.is_valid() and form.cleaned_data["format"]):
        raise Http404
    maker, media_type = MAKERS[form.cleaned_data["format"]]
    with translation.override(form.cleaned_data["language"]):
        made = made_for(request, statement, form, filter_of(request, statement))
        content = maker(made)
    response = HttpResponse(content, content_type=media_type)
    edition = made.edition.code if made.edition else SHARED
    name = f"{statement.slug}-{edition}-{made.today:%Y-%m-%d}.{form.cleaned_data['format']}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def own_party(request: HttpRequest, statement: Statement) -> Party | None:
    return statement.parties.filter(pk=request.user.party_id).first()


def form_of(request: HttpRequest, statement: Statement) -> DossierForm:
    given = request.GET.copy()
    given.setdefault("edition", SHARED)
    given.setdefault("language", request.LANGUAGE_CODE)
    meetings = Meeting.objects.visible_to(request.user).filter(statement=statement, called_off_at=None).in_order()
    return DossierForm(given, party=own_party(request, statement), meetings=meetings)


def filter_of(request: HttpRequest, statement: Statement) -> CommitmentFilter:
    rows = Commitment.objects.visible_to(request.user).filter(statement=statement)
    return CommitmentFilter(request.GET, rows, person=request.user, today=today_of(request), statement=statement)


def made_for(request: HttpRequest, statement: Statement, form: DossierForm, chosen: CommitmentFilter) -> Dossier:
    edition = own_party(request, statement) if form.cleaned_data["edition"] == OWN else None
    rows, scope, meeting = chosen.qs, scope_of(chosen), form.cleaned_data["meeting"]
    if meeting:
        rows = rows.filter(agenda_items__meeting=meeting, agenda_items__removed_at=None)
        scope = f"{_('Agenda: %(meeting)s') % {'meeting': meeting.name}}; {scope}"
    return dossier(statement, rows, edition=edition, scope=scope, at=moment_shown(), today=today_of(request))
