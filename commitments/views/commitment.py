"""The page of one commitment, and what every view about a commitment asks for first."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BigAutoField, CharField, QuerySet, SlugField
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments.forms.assignment import CadenceForm, ConfidenceForm, LeadForm, OfficerForm
from commitments.forms.indicator import IndicatorForm
from commitments.forms.measurement import MeasurementForm
from commitments.forms.milestone import MilestoneForm
from commitments.forms.progress import NoteForm
from commitments.forms.theme import ThemesForm
from commitments.models import Assignment, Commitment, Measurement, ProgressNote, User
from commitments.models.permission import (
    may_add_indicator,
    may_add_measurement,
    may_correct,
    may_give_confidence,
    may_name_officer,
    may_record_progress,
    may_set_lead,
    may_set_themes,
)
from commitments.models.prepared import Given, prepared
from commitments.queries.commitment_page import CommitmentPage, Side, commitment_page, entries, history
from commitments.queries.past import past_shown
from commitments.queries.statement_page import paragraph_anchor
from commitments.queries.wishes import snooze_of
from commitments.views.past import as_it_stood, today_of

HISTORY_PAGE = 20
REPORTS = "reports"  # in the address: the code of the other side whose report is written down here
NOTED = "noted"  # session key: the assignment whose note was saved just now, so that its draft can go


@require_safe
@as_it_stood
def commitment_detail(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    return show(request, visible_commitment(request, slug, ref))


def visible_commitment(request: HttpRequest, slug: str, ref: str) -> Commitment:
    """The commitment, or a 404 where this person may not know of it."""
    found = commitment_named(slug=slug, ref=ref, party=request.user.party_id)
    if not found:
        raise Http404
    return found[0]


@prepared(Commitment, slug=SlugField, ref=CharField, party=BigAutoField)
def commitment_named(slug: Given, ref: Given, party: Given) -> QuerySet[Commitment]:
    """That commitment, where the party has adopted its statement."""
    rows = Commitment.objects.filter(statement__adoptions__party=party, statement__slug=slug, ref=ref).order_by()
    return rows.select_related("statement", "paragraph", "section").defer("statement__text")[:1]


def visible_assignment(request: HttpRequest, slug: str, ref: str, party: str) -> Assignment:
    commitment = visible_commitment(request, slug, ref)
    found = part_named(commitment=commitment.pk, party=party)
    if not found:
        raise Http404
    part = found[0]
    part.commitment = commitment
    if part.lead and part.lead.party_id == part.party_id:
        part.lead.party = part.party
    return part


@prepared(Assignment, commitment=BigAutoField, party=SlugField)
def part_named(commitment: Given, party: Given) -> QuerySet[Assignment]:
    """The part of the side with that code, by whom it is led and written."""
    rows = Assignment.objects.filter(commitment=commitment, party__code=party).order_by()
    return rows.select_related("party", "lead", "officer")


def own_assignment(request: HttpRequest, slug: str, ref: str, party: str) -> Assignment:
    """The assignment, to write on: 404 for strangers, 403 for those who may read and not write."""
    assignment = visible_assignment(request, slug, ref, party)
    if not may_record_progress(request.user, assignment):
        raise PermissionDenied
    return assignment


def page_of(commitment: Commitment, fragment: str = "") -> str:
    return reverse("commitment_detail", args=(commitment.statement.slug, commitment.ref)) + fragment


def show(
    request: HttpRequest, commitment: Commitment, *, status: int = 200, wrong: Form | None = None, **forms: Form
) -> HttpResponse:
    """The whole page; `wrong` is the form that comes back with what was typed, in the place of a fresh one."""
    today = today_of(request)
    page = commitment_page(commitment, request.user, today)
    pages = Paginator(history(commitment, request.user), HISTORY_PAGE)
    changes = pages.get_page(request.GET.get("page"))
    context = {
        "view": page,
        "snooze": snooze_of(request.user, page.own.assignment, today) if page.own and page.has_snooze else None,
        "commitment": commitment,
        "anchor": paragraph_anchor(commitment.paragraph),
        "address": request.build_absolute_uri(page_of(commitment)),
        "today": today,
        "entries": entries(changes.object_list, request.user),
        "page": changes,
        "pages": pages.get_elided_page_range(changes.number, on_each_side=2, on_ends=1),
        "form": wrong,
        "noted": request.session.pop(NOTED, None) if request.method == "GET" else None,
        **fresh_forms(request, page),
        **forms,
    }
    if note_form := context.get("note_form"):
        context["note_side"] = next(side for side in page.sides if side.assignment.pk == note_form.assignment.pk)
    return render(request, "commitment/detail.html", context, status=status)


def fresh_forms(request: HttpRequest, page: CommitmentPage) -> dict[str, Any]:
    """The forms that this person may use here; none while the page looks back."""
    if past_shown():
        return {}
    person = request.user
    forms: dict[str, Any] = {}
    if page.figures and may_add_measurement(person, page.row.commitment):
        forms["figure_corrects"] = figure_to_correct(request, page)
        forms["figure_form"] = figure_form(forms["figure_corrects"])
    if may_add_indicator(person, page.row.commitment):
        forms["indicator_form"] = IndicatorForm()
    forms["others"] = [side for side in page.sides if not side.is_own and may_record_progress(person, side.assignment)]
    if side := side_to_write_on(request, page, forms["others"]):
        corrects = note_to_correct(request, side.assignment)
        forms["note_form"] = NoteForm(assignment=side.assignment, person=person, corrects=corrects)
        forms["milestone_form"] = milestone_form(request, page, side.assignment)
    if page.own is None:
        return forms
    if may_set_themes(person, page.row.commitment):
        forms["themes_form"] = ThemesForm(themes=page.themes)
    own = page.own.assignment
    if may_set_lead(person, own):
        forms["lead_form"] = LeadForm(assignment=own)
        forms["cadence_form"] = CadenceForm(assignment=own)
    if may_name_officer(person, own):
        forms["officer_form"] = OfficerForm(assignment=own)
    if may_give_confidence(person, own):
        forms["confidence_form"] = ConfidenceForm(assignment=own)
    return forms


def milestone_form(request: HttpRequest, page: CommitmentPage, assignment: Assignment) -> MilestoneForm:
    """A new step of this part, or the change of the one that the address names."""
    pk = number(request.GET.get("milestone"))
    own = (row for row in page.milestones if row.is_open and row.assignment_id == assignment.pk)
    named = next((row for row in own if row.pk == pk), None)
    return MilestoneForm(assignment=assignment, person=request.user, milestone=named)


def side_to_write_on(request: HttpRequest, page: CommitmentPage, others: list[Side]) -> Side | None:
    """The other side that the address names, where this person records what it reports; else the own side."""
    for side in others:
        if side.party.code == request.GET.get(REPORTS):
            return side
    return page.own if page.own and may_record_progress(request.user, page.own.assignment) else None


def note_to_correct(request: HttpRequest, assignment: Assignment) -> ProgressNote | None:
    """The note that the address or the form names and that this person may correct."""
    pk = number(request.POST.get("corrects") or request.GET.get("corrects"))
    note = assignment.notes.filter(pk=pk).select_related("assignment", "by").first() if pk else None
    return note if note and may_correct(request.user, note) else None


def figure_to_correct(request: HttpRequest, page: CommitmentPage) -> Measurement | None:
    """The figure that the address or the form names, of the person's own side and not corrected yet."""
    pk = number(request.POST.get("figure") or request.GET.get("figure"))
    for figures in page.figures:
        for row in figures.rows:
            if row.pk == pk and is_open_to(row, request.user):
                return row
    return None


def is_open_to(measurement: Measurement, person: User) -> bool:
    return measurement.party_id == person.party_id and not hasattr(measurement, "corrected_by")


def figure_form(corrects: Measurement | None) -> MeasurementForm:
    initial = {"source": corrects.source, "source_url": corrects.source_url} if corrects else None
    return MeasurementForm(initial=initial, label_suffix="", auto_id="id_figure_%s")


def number(value: str | None) -> int | None:
    """A row's key as it stands in an address, or None where it is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None
