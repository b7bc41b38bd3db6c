"""Meetings: the list, the page of one, its steps, its frozen dossier, and two of them side by side."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.agenda import NewDate, add_to_agenda, decide
from commitments.actions.meeting import (
    MeetingFacts,
    agree_to_close,
    begin_meeting,
    call_off_meeting,
    change_meeting,
    plan_meeting,
    share_meeting,
)
from commitments.domain.codes import Precision
from commitments.forms.meeting import (
    FLAGGED,
    AgendaForm,
    CriterionForm,
    DecisionForm,
    MeetingForm,
    PointForm,
    ScoreForm,
)
from commitments.models import AgendaItem, Commitment, Meeting, MeetingState
from commitments.models.datechange import is_fixed
from commitments.models.meeting_permission import may_plan_meeting, may_run_meeting
from commitments.queries.meeting import (
    Item,
    MeetingPage,
    compared,
    flagged_commitments,
    meeting_lines,
    meeting_page,
)
from commitments.views.context import readable

SAID: dict[str, Promise] = {
    "share": gettext_lazy("The other side sees the meeting now."),
    "begin": gettext_lazy("The meeting has begun; the criteria stand."),
    "call_off": gettext_lazy("The meeting is called off."),
}
STEPS: dict[str, Callable[..., None]] = {
    "share": share_meeting,
    "begin": begin_meeting,
    "call_off": call_off_meeting,
    "agree": agree_to_close,
}


@dataclass(frozen=True, slots=True)
class ItemForms:
    """An item with the forms that this person may use on it; a bound one is the one that came back."""

    item: Item
    point: PointForm | None = None
    criterion: CriterionForm | None = None
    score: ScoreForm | None = None
    decision: DecisionForm | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetings of a statement, and for coordinators the planning of another."""
    statement = readable(request, slug)
    may_plan = may_plan_meeting(request.user, statement)
    if request.method == "POST" and not may_plan:
        raise PermissionDenied
    form = MeetingForm(request.POST or None) if may_plan else None
    if request.method == "POST" and form.is_valid():
        try:
            meeting = plan_meeting(statement, facts_of(form), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Planned. Only your side sees it until you share it."))
            return redirect("meeting_detail", meeting.pk)
    context = {"statement": statement, "lines": meeting_lines(statement, request.user), "form": form}
    return render(request, "meeting/list.html", context, status=422 if form and form.is_bound else 200)


@require_safe
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show_meeting(request, visible_meeting(request, pk))


@require_POST
def meeting_change(request: HttpRequest, pk: int) -> HttpResponse:
    meeting, form = run_meeting(request, pk), MeetingForm(request.POST)

    def change() -> str:
        version = form.cleaned_data["version"] or 0
        change_meeting(meeting, facts_of(form), version=version, by=request.user, at=timezone.now())
        return _("Saved.")

    return carry_out(request, meeting, form, change, key="change")


@require_POST
def meeting_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Share it, begin it, call it off, or agree to its record; whichever the button says."""
    meeting, step = run_meeting(request, pk), request.POST.get("step", "")
    if step not in STEPS:
        raise Http404

    def take() -> str:
        STEPS[step](meeting, by=request.user, at=timezone.now())
        meeting.refresh_from_db()
        if step == "agree":
            closed = meeting.state == MeetingState.CLOSED
            return _("The meeting is closed and frozen.") if closed else _("Your side has agreed to the record.")
        return str(SAID[step])

    return carry_out(request, meeting, Form(request.POST), take)


@require_POST
def meeting_agenda(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = run_meeting(request, pk)
    form = agenda_form(request, meeting, flagged_commitments(request.user, meeting.statement).count())

    def add() -> str:
        rows = chosen_commitments(request, meeting, form.cleaned_data["source"])
        return added_words(add_to_agenda(meeting, rows, by=request.user, at=timezone.now()))

    return carry_out(request, meeting, form, add, key="agenda")


@require_POST
def meeting_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision that is about the meeting as a whole."""
    meeting, form = run_meeting(request, pk), DecisionForm(request.POST)

    def record() -> str:
        decide(meeting, form.cleaned_data["decision"], by=request.user, at=timezone.now())
        return _("The decision is recorded.")

    return carry_out(request, meeting, form, record, key="decision", fields={"empty": "decision"})


@require_safe
def meeting_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier as it was frozen at the close, byte for byte."""
    meeting = visible_meeting(request, pk)
    if not meeting.closed_at:
        raise Http404
    response = HttpResponse(bytes(meeting.dossier.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{meeting.statement.slug}-meeting-{meeting.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def meeting_compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two meetings about one statement, the earlier one first."""
    first, second = visible_meeting(request, pk), visible_meeting(request, other)
    if first.statement_id != second.statement_id or first == second or not (first.begun_at and second.begun_at):
        raise Http404
    if second.begun_at < first.begun_at:
        first, second = second, first
    view = compared(first, second, request.user, timezone.now())
    return render(request, "meeting/compare.html", {"view": view, "statement": first.statement})


def visible_meeting(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, or a 404 where this person may not know of it."""
    rows = Meeting.objects.visible_to(request.user).select_related("statement", "party", "dossier")
    return get_object_or_404(rows.defer("statement__text", "dossier__content"), pk=pk)


def run_meeting(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, to work on: 404 for those who may not know of it, 403 for those who may only read."""
    meeting = visible_meeting(request, pk)
    if not may_run_meeting(request.user, meeting):
        raise PermissionDenied
    return meeting


def facts_of(form: MeetingForm) -> MeetingFacts:
    given = form.cleaned_data
    return MeetingFacts(given["joint_body"], given["name"], given["day"], Precision(given["precision"]), given["place"])


def new_date_of(form: DecisionForm) -> NewDate | None:
    day = form.cleaned_data.get("day")
    return NewDate(day, Precision(form.cleaned_data["precision"])) if day else None


def chosen_commitments(request: HttpRequest, meeting: Meeting, source: str) -> QuerySet[Commitment]:
    if source == FLAGGED:
        return flagged_commitments(request.user, meeting.statement)
    rows = Commitment.objects.visible_to(request.user).filter(statement=meeting.statement_id)
    return rows.filter(section__position=int(source))


def agenda_form(request: HttpRequest, meeting: Meeting, flagged: int) -> AgendaForm:
    posted = request.POST if request.POST.get("source") else None
    return AgendaForm(posted, flagged=flagged, sections=meeting.statement.sections.all())


def added_words(number: int) -> str:
    return _("Put on the agenda: %(count)d.") % {"count": number}


def carry_out(
    request: HttpRequest,
    meeting: Meeting,
    form: Form,
    act: Callable[[], str],
    *,
    key: str = "",
    about: int | None = None,
    fields: dict[str, str] | None = None,
) -> HttpResponse:
    """Do it and go back to the meeting; what is refused comes back with what was typed, at its place on the page."""
    if form.is_valid():
        try:
            said = act()
        except ValidationError as refusal:
            form.add_error((fields or {}).get(refusal.code or ""), refusal)
        else:
            messages.success(request, said)
            place = f"#i{about}" if about else ""
            return redirect(f"{page_of(meeting)}{place}")
    meeting = visible_meeting(request, meeting.pk)
    return show_meeting(request, meeting, status=422, wrong=form, key=key, about=about)


def page_of(meeting: Meeting) -> str:
    return reverse("meeting_detail", args=(meeting.pk,))


def show_meeting(
    request: HttpRequest,
    meeting: Meeting,
    *,
    status: int = 200,
    wrong: Form | None = None,
    key: str = "",
    about: int | None = None,
) -> HttpResponse:
    view = meeting_page(meeting, request.user, timezone.localdate())
    forms: dict[str, Form | None] = {"change": None, "agenda": None, "decision": None}
    if view.may_run and view.state in (MeetingState.PLANNED, MeetingState.BEGUN):
        forms["change"] = MeetingForm(meeting=meeting)
        forms["agenda"] = agenda_form(request, meeting, view.flagged) if view.state == MeetingState.PLANNED else None
        forms["decision"] = DecisionForm() if view.state == MeetingState.BEGUN else None
    if wrong and about is None and forms.get(key):
        forms[key] = wrong
    context = {
        "view": view,
        "meeting": meeting,
        "statement": meeting.statement,
        "entries": [item_forms(item, view, wrong if item.item.pk == about else None, key) for item in view.items],
        "form": wrong,
        "forms": forms,
        "today": timezone.localdate(),
    }
    return render(request, "meeting/detail.html", context, status=status)


def item_forms(item: Item, view: MeetingPage, wrong: Form | None, key: str) -> ItemForms:
    """The forms for an item, as its meeting's state and the person's role allow."""
    row: AgendaItem = item.item
    forms: dict[str, Form] = {}
    is_open = view.state in (MeetingState.PLANNED, MeetingState.BEGUN)
    if is_open and item.may_raise:
        forms["point"] = PointForm(item=row)
    if view.may_run and view.state == MeetingState.PLANNED:
        forms["criterion"] = CriterionForm(item=row)
    if view.may_run and view.state == MeetingState.BEGUN:
        forms["decision"] = DecisionForm(item=row, may_date=not is_fixed(item.commitment))
        if row.criterion:
            forms["score"] = ScoreForm(item=row, sides=[(side.party, side.value) for side in item.sides])
    if wrong and key in forms:
        forms[key] = wrong
    return ItemForms(item, **forms)
