"""What changed between two days: the page and its files, over all commitments or those of a filter."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.exchange.changes import changes_csv, changes_docx, changes_xlsx, sentences
from commitments.exchange.dossier_file import eyes_for, own_party
from commitments.filters.commitment import CommitmentFilter
from commitments.filters.words import scope_of
from commitments.forms.changes import FORMATS, ChangesForm
from commitments.forms.dossier import OWN, SHARED
from commitments.models import Commitment, Statement
from commitments.queries.between import Between, between
from commitments.views.context import readable
from commitments.views.downloads import file_response

AGO = timedelta(days=30)
MAKERS = {
    "docx": (changes_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (changes_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (changes_csv, "text/csv; charset=utf-8"),
}


@require_safe
def statement_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """The last thirty days, or the two that are chosen, as far as the person may read it."""
    statement = readable(request, slug)
    form = form_of(request, statement)
    chosen = filter_of(request, statement, is_own=form.data["edition"] == OWN)
    context = {"statement": statement, "form": form, "filter": chosen, "formats": FORMATS}
    if form.is_valid() and chosen.form.is_valid():
        view = made_for(request, statement, form, chosen)
        context |= {"view": view, "sentences": sentences(view)}
    return render(request, "changes/changes.html", context, status=200 if "view" in context else 422)


@require_safe
def changes_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a file, in the language of the page; what is asked for wrongly is a 404."""
    statement = readable(request, slug)
    form = form_of(request, statement)
    chosen = filter_of(request, statement, is_own=form.data["edition"] == OWN)
    if not (form.is_valid() and chosen.form.is_valid() and form.cleaned_data["format"]):
        raise Http404
    view, ending = made_for(request, statement, form, chosen), form.cleaned_data["format"]
    maker, media_type = MAKERS[ending]
    edition = view.edition.code if view.edition else SHARED
    name = f"{statement.slug}-changes-{edition}-{view.since:%Y-%m-%d}-{view.until:%Y-%m-%d}.{ending}"
    return file_response(maker(view), name, media_type)


def form_of(request: HttpRequest, statement: Statement) -> ChangesForm:
    today, party = timezone.localdate(), own_party(statement, request.user)
    given = request.GET.copy()
    given.setdefault("since", first_day(statement, today).isoformat())
    given.setdefault("until", today.isoformat())
    given.setdefault("edition", OWN if party else SHARED)
    return ChangesForm(given, party=party, today=today)


def first_day(statement: Statement, today: date) -> date:
    """Thirty days ago, or the day before the adoption where that was later."""
    return min(max(today - AGO, statement.adopted_on - timedelta(days=1)), today - timedelta(days=1))


def filter_of(request: HttpRequest, statement: Statement, *, is_own: bool) -> CommitmentFilter:
    """The rows of a shared edition are chosen by what all sides may know."""
    rows, person = Commitment.objects.visible_to(request.user).filter(statement=statement), request.user
    eyes = eyes_for(person if is_own else None)
    return CommitmentFilter(
        request.GET, rows, person=person, eyes=eyes, today=timezone.localdate(), statement=statement
    )


def made_for(request: HttpRequest, statement: Statement, form: ChangesForm, chosen: CommitmentFilter) -> Between:
    given = form.cleaned_data
    return between(
        statement,
        chosen.qs,
        edition=own_party(statement, request.user) if given["edition"] == OWN else None,
        since=given["since"],
        until=given["until"],
        scope=scope_of(chosen),
    )
