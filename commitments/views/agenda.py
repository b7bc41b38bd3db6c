"""What is done to the items of an agenda, and how commitments come to be on one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commitments.actions.agenda import (
    add_point,
    add_to_agenda,
    decide,
    flag,
    remove_from_agenda,
    score,
    set_carried_over,
    set_criterion,
    share_point,
    unflag,
    withdraw_point,
)
from commitments.filters.commitment import CommitmentFilter
from commitments.filters.words import scope_of
from commitments.forms.meeting import CriterionForm, DecisionForm, PointForm, ScoreForm
from commitments.models import AgendaItem, Commitment, Meeting, Point, Statement
from commitments.models.datechange import is_fixed
from commitments.models.meeting_permission import may_flag, may_run_meeting
from commitments.queries.meeting import next_meetings
from commitments.views.addresses import own_address
from commitments.views.commitment import number, page_of, visible_commitment
from commitments.views.context import chosen_statement, readable
from commitments.views.meeting import added_words, carry_out, new_date_of, visible_meeting

MOST_AT_ONCE = 500  # commitments
FLAG = "flag"


@require_POST
def agenda_item(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Criterion, taking off, carrying over, scores, a decision: for those who run the meeting."""
    item = visible_item(request, pk)
    if act not in ACTS:
        raise Http404
    if not may_run_meeting(request.user, item.meeting):
        raise PermissionDenied
    form, done, fields = ACTS[act](request, item)
    return carry_out(request, item.meeting, form, done, key=act, about=item.pk, fields=fields)


Asked = tuple[Form, Callable[[], str], dict[str, str]]


def criterion_asked(request: HttpRequest, item: AgendaItem) -> Asked:
    form = CriterionForm(request.POST, item=item)

    def write() -> str:
        given = form.cleaned_data
        set_criterion(item, given["criterion"], version=given["version"], by=request.user, at=timezone.now())
        return _("The criterion is saved.")

    return form, write, {"too_long": "criterion"}


def removal_asked(request: HttpRequest, item: AgendaItem) -> Asked:
    def remove() -> str:
        remove_from_agenda(item, by=request.user, at=timezone.now())
        return _("Taken off the agenda.")

    return Form(request.POST), remove, {}


def carrying_asked(request: HttpRequest, item: AgendaItem) -> Asked:
    carries = request.POST.get("carries") == "yes"

    def carry() -> str:
        set_carried_over(item, carries, by=request.user, at=timezone.now())
        return _("Carried over to the next meeting.") if carries else _("Not carried over.")

    return Form(request.POST), carry, {}


def score_asked(request: HttpRequest, item: AgendaItem) -> Asked:
    parts = item.commitment.assignments.select_related("party")
    form = ScoreForm(request.POST, item=item, sides=[(part.party, None) for part in parts])

    def give() -> str:
        for party, value in form.given:
            score(item, party, value, by=request.user, at=timezone.now())
        return _("The scores are saved.")

    return form, give, {}


def decision_asked(request: HttpRequest, item: AgendaItem) -> Asked:
    form = DecisionForm(request.POST, item=item, may_date=not is_fixed(item.commitment))

    def record() -> str:
        made = decide(
            item.meeting,
            form.cleaned_data["decision"],
            item=item,
            new_date=new_date_of(form),
            by=request.user,
            at=timezone.now(),
        )
        if made.date_change:
            return _("The decision is recorded; the date moves once the other side’s coordinator agrees.")
        return _("The decision is recorded.")

    return form, record, {"empty": "decision", "same_date": "day", "far_off": "day", "is_proposed": "day"}


ACTS: dict[str, Callable[[HttpRequest, AgendaItem], Asked]] = {
    "criterion": criterion_asked,
    "remove": removal_asked,
    "carry": carrying_asked,
    "score": score_asked,
    "decision": decision_asked,
}


@require_POST
def agenda_point(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a point to raise."""
    item = visible_item(request, pk)
    form = PointForm(request.POST, item=item)

    def note() -> str:
        add_point(item, form.cleaned_data["text"], by=request.user, at=timezone.now())
        return _("Noted, for your side alone.")

    fields = {"empty": "text", "too_long": "text"}
    return carry_out(request, item.meeting, form, note, key="point", about=item.pk, fields=fields)


@require_POST
def point_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Share a point, or withdraw it."""
    rows = Point.objects.visible_to(request.user).select_related("item__meeting", "party")
    point, step = get_object_or_404(rows, pk=pk), request.POST.get("step")
    if step not in ("share", "withdraw"):
        raise Http404

    def take() -> str:
        act = share_point if step == "share" else withdraw_point
        act(point, by=request.user, at=timezone.now())
        return _("The other side can read the point now.") if step == "share" else _("The point is withdrawn.")

    return carry_out(request, point.item.meeting, Form(request.POST), take, about=point.item_id)


@require_POST
def commitment_flag(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Flag a commitment for the next meeting, or take the flag back; both stay with the own side."""
    commitment = visible_commitment(request, slug, ref)
    if request.POST.get("flagged") == "no":
        unflag(commitment, by=request.user, at=timezone.now())
        messages.success(request, _("The flag is taken back."))
    else:
        flag([commitment], by=request.user, at=timezone.now())
        messages.success(request, _("Flagged for the next meeting; only your side sees it."))
    return redirect(own_address(request, request.POST.get("next", "")) or page_of(commitment))


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_from_list(request: HttpRequest) -> HttpResponse:
    """The commitments that were ticked on the list, or all that it shows: flagged, or put on an agenda."""
    query = QueryDict(request.GET["query"]) if "query" in request.GET else request.GET
    statement = listed_statement(request, query)
    rows = Commitment.objects.visible_to(request.user).filter(statement=statement)
    chosen = CommitmentFilter(query, rows, person=request.user, today=timezone.localdate(), statement=statement)
    if not chosen.form.is_valid():
        raise Http404
    ticked = picked(request)
    wanted = rows.filter(assignments__in=ticked).distinct() if ticked else chosen.qs
    found = list(wanted.select_related("statement").prefetch_related("assignments")[: MOST_AT_ONCE + 1])
    own = [commitment for commitment in found if may_flag(request.user, commitment)]
    meetings = [
        meeting
        for meeting in next_meetings(request.user, statement).select_related("statement")
        if may_run_meeting(request.user, meeting)
    ]
    too_many = len(found) > MOST_AT_ONCE
    back = f"{reverse('commitment_list')}?{query.urlencode()}"
    if request.method == "POST" and found and not too_many:
        return put(request, found, own, meetings, back)
    context = {
        "statement": statement,
        "scope": _("as they are ticked") if ticked else scope_of(chosen),
        "found": len(found),
        "own": len(own),
        "meetings": meetings,
        "too_many": too_many,
        "here": request.get_full_path(),
        "back": back,
    }
    return render(request, "meeting/from_list.html", context, status=422 if request.method == "POST" else 200)


def listed_statement(request: HttpRequest, query: QueryDict) -> Statement:
    """The statement that the list was about: named in its address, or the only one there is."""
    if slug := query.get("statement"):
        return readable(request, slug)
    statement = chosen_statement(request)
    if statement is None:
        raise Http404
    return statement


def picked(request: HttpRequest) -> list[int]:
    """The keys of the ticked rows' parts ("12.3": the part and its version); none where all are meant."""
    if request.GET.get("all"):
        return []
    keys = (number(value.partition(".")[0]) for value in request.GET.getlist("pick"))
    return [key for key in keys if key]


def put(
    request: HttpRequest, found: list[Commitment], own: list[Commitment], meetings: list[Meeting], back: str
) -> HttpResponse:
    target = request.POST.get("target", "")
    if target == FLAG:
        count = flag(own, by=request.user, at=timezone.now())
        messages.success(request, _("Flagged for the next meeting: %(count)d.") % {"count": count})
        return redirect(back)
    meeting = next((each for each in meetings if str(each.pk) == target), None)
    if meeting is None:
        raise Http404
    try:
        count = add_to_agenda(meeting, found, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, added_words(count))
    return redirect("meeting_detail", meeting.pk)


def visible_item(request: HttpRequest, pk: int) -> AgendaItem:
    """The item of a meeting that the person may know of, or a 404."""
    rows = AgendaItem.objects.standing().select_related("commitment__statement", "meeting")
    item = get_object_or_404(rows.defer("commitment__statement__text"), pk=pk)
    item.meeting = visible_meeting(request, item.meeting_id)
    return item
