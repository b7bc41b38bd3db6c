"""The date of a commitment: what it was, what is proposed, who decides, what is said about it."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.deadline import decide_date, propose_date, remark_on_date, withdraw_date
from commitments.domain.codes import Precision, Visibility
from commitments.forms.deadline import DateForm, DecisionForm, RemarkForm
from commitments.models import Commitment, DateChange
from commitments.queries.deadline import date_page, waiting_changes, with_parts
from commitments.views.attempting import attempt_form

FIELD_OF = {
    "needs_reason": "reason",
    "too_long": None,
    "same_date": "day",
    "far_off": "day",
    "needs_words": "words",
    "empty": "text",
}


@require_safe
def date_changes(request: HttpRequest) -> HttpResponse:
    """Open proposals; those that wait for this person's decision first."""
    waiting = waiting_changes(request.user)
    return render(request, "datechange/list.html", {"changes": waiting, "today": timezone.localdate()})


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_date(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """The page about the date, and the proposal of another."""
    commitment = dated(request, slug, ref)
    if request.method != "POST":
        return show_date(request, commitment)
    form = DateForm(request.POST, commitment=commitment, person=request.user)
    return carry_out(request, commitment, "date_form", form, lambda: propose(request, commitment, form))


@require_POST
def date_decide(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    commitment = dated(request, slug, ref)
    change = change_of(request, commitment, pk)
    form = DecisionForm(request.POST, auto_id=f"id_decision_{pk}_%s")
    return carry_out(request, commitment, "decision_form", form, lambda: decide(request, change, form), about=pk)


@require_POST
def date_withdraw(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    commitment = dated(request, slug, ref)
    change = change_of(request, commitment, pk)
    return carry_out(request, commitment, "withdraw_form", Form(request.POST), lambda: withdraw(request, change))


@require_POST
def date_remark(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    commitment = dated(request, slug, ref)
    form = RemarkForm(request.POST, commitment=commitment, person=request.user)
    return carry_out(request, commitment, "remark_form", form, lambda: remark(request, commitment, form))


def propose(request: HttpRequest, commitment: Commitment, form: DateForm) -> str:
    given = form.cleaned_data
    change = propose_date(
        commitment,
        given["day"],
        Precision(given["precision"]),
        reason=given["reason"],
        visibility=Visibility(given["visibility"]),
        by=request.user,
        at=timezone.now(),
    )
    return said_of(change)


def decide(request: HttpRequest, change: DateChange, form: DecisionForm) -> str:
    given = form.cleaned_data
    decide_date(change, agrees=given["agrees"], words=given["words"], by=request.user, at=timezone.now())
    change.refresh_from_db()
    return said_of(change)


def withdraw(request: HttpRequest, change: DateChange) -> str:
    withdraw_date(change, by=request.user, at=timezone.now())
    return _("The proposal is withdrawn.")


def remark(request: HttpRequest, commitment: Commitment, form: RemarkForm) -> str:
    given = form.cleaned_data
    visibility = Visibility(given["visibility"])
    remark_on_date(commitment, given["text"], visibility=visibility, by=request.user, at=timezone.now())
    return _("The remark is saved.")


def said_of(change: DateChange) -> str:
    words = {
        "made": _("The date is changed; the one before is kept below."),
        "declined": _("The proposal is declined; the date stands."),
    }
    if change.state in words:
        return words[change.state]
    return _("Saved. The date moves once the coordinator of every side that is bound has agreed.")


def carry_out(
    request: HttpRequest,
    commitment: Commitment,
    name: str,
    form: Form,
    act: Callable[[], str],
    about: int | None = None,
) -> HttpResponse:
    """Do what the form asks, or show the page again with what was typed and the reason."""
    if attempt_form(request, form, act, FIELD_OF):
        return redirect("commitment_date", slug=commitment.statement.slug, ref=commitment.ref)
    context = {name: form, "form": form, "about": about}
    return show_date(request, dated(request, commitment.statement.slug, commitment.ref), status=422, **context)


def show_date(request: HttpRequest, commitment: Commitment, *, status: int = 200, **context: object) -> HttpResponse:
    person = request.user
    view = {
        "view": date_page(commitment, person),
        "commitment": commitment,
        "date_form": DateForm(commitment=commitment, person=person),
        "remark_form": RemarkForm(commitment=commitment, person=person),
        "today": timezone.localdate(),
        **context,
    }
    return render(request, "datechange/page.html", view, status=status)


def dated(request: HttpRequest, slug: str, ref: str) -> Commitment:
    rows = with_parts(Commitment.objects.visible_to(request.user))
    return get_object_or_404(rows, statement__slug=slug, ref=ref)


def change_of(request: HttpRequest, commitment: Commitment, pk: int) -> DateChange:
    """A proposal on this commitment that the person may know of."""
    return get_object_or_404(DateChange.objects.visible_to(request.user).filter(commitment=commitment), pk=pk)
