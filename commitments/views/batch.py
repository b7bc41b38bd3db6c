"""Many commitments at once: chosen on the list, looked at before anything is changed, and undone by one button."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from commitments.actions.batch import MOST, Outcome, Pick, Wanted, change_many, rehearse, take_back_batch
from commitments.domain.codes import Role, Status, Visibility
from commitments.filters.address import filter_of
from commitments.forms.batch import FIELDS, BatchForm
from commitments.models import Assignment, Batch, BatchKind, User
from commitments.views.commitment import number
from commitments.views.row import next_address
from commitments.views.undo import say_with_undo

NEEDS_RANK = {BatchKind.OFFICER: Role.MANAGER, BatchKind.LEAD: Role.COORDINATOR}
NAMED = 10  # rows that a message names; the others it counts


@require_http_methods(["GET", "HEAD", "POST"])
def change_commitments(request: HttpRequest) -> HttpResponse:
    """Ask what is to become of the chosen rows, show what would, and do it once that is confirmed."""
    given = request.POST if request.method == "POST" else request.GET
    kind = kind_of(request, given)
    picks, problem = chosen_picks(request.user, given)
    if problem:
        messages.error(request, problem)
        return HttpResponseRedirect(list_address(given))
    form = BatchForm(request.POST if request.method == "POST" else None, kind=kind, person=request.user)
    if not FIELDS[kind]:
        form = BatchForm(QueryDict(), kind=kind, person=request.user)
    if not form.is_valid():
        return batch_page(request, form, picks, status=422 if form.is_bound else 200)
    return carry_out(request, form, picks) if "save" in request.POST else batch_page(request, form, picks)


def kind_of(request: HttpRequest, given: QueryDict) -> BatchKind:
    """What is to be changed; a role that may never change it is a 403."""
    asked = given.get("do", "")
    kind = BatchKind(asked) if asked in BatchKind.values else BatchKind.STATUS
    if not request.user.has_rank(NEEDS_RANK.get(kind, Role.OFFICER)) or request.user.party_id is None:
        raise PermissionDenied(_("Your role does not change this."))
    return kind


def chosen_picks(person: User, given: QueryDict) -> tuple[list[Pick], str]:
    """The rows that were ticked, or all that the filter leaves; and what is wrong with the choice."""
    picks = every_pick(person, given) if given.get("all") else ticked(given)
    if not parts_of(person, picks):
        return [], _("Choose commitments first: tick them in the list.")
    if len(picks) > MOST:
        words = _("At most %(most)d commitments can be changed at once. Narrow the filter, then choose again.")
        return [], words % {"most": MOST}
    return picks, ""


def ticked(given: QueryDict) -> list[Pick]:
    """Each as "key.version"; what cannot be read is left out."""
    found = {}
    for value in given.getlist("pick")[: MOST + 1]:
        key, _dot, version = value.partition(".")
        if (pk := number(key)) is not None and (seen := number(version)) is not None:
            found[pk] = Pick(pk, seen)
    return list(found.values())


def every_pick(person: User, given: QueryDict) -> list[Pick]:
    """The own side's part of each commitment that the list's address leaves, as they stand now."""
    rows = filter_of(QueryDict(given.get("query", "")), person, timezone.localdate()).qs
    parts = Assignment.objects.filter(party=person.party_id, commitment__in=rows.order_by().values("pk"))
    return [Pick(*found) for found in parts.order_by("pk").values_list("pk", "version")[: MOST + 1]]


def batch_page(
    request: HttpRequest, form: BatchForm, picks: list[Pick], *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    """The form and the rows; once the form is filled in, what would become of each."""
    given = request.POST if request.method == "POST" else request.GET
    outcomes = rehearse(wanted(form), picks, by=request.user, at=timezone.now()) if form.is_valid() else []
    context = {
        "kind": form.kind,
        "form": form,
        "wanted": wanted(form) if form.is_valid() else None,
        "parts": parts_of(request.user, picks),
        "changing": [outcome for outcome in outcomes if outcome.item],
        "staying": [outcome for outcome in outcomes if not outcome.item],
        "refusal": refusal,
        "key": given.get("key") or str(uuid4()),
        "query": given.get("query", ""),
        "back": list_address(given),
    }
    return render(request, "commitment/batch.html", context, status=status)


def wanted(form: BatchForm) -> Wanted:
    """What the valid form asks for."""
    given = form.cleaned_data
    if form.kind == BatchKind.STATUS:
        status, visibility = Status(given["status"]), Visibility(given["visibility"])
        return Wanted(form.kind, status, given["text"], given["url"], visibility)
    return Wanted(form.kind, officer=given.get("officer"), lead=given.get("lead"))


def parts_of(person: User, picks: list[Pick]) -> list[Assignment]:
    """Those of the own side: the version of another side's part would tell of what it writes for itself."""
    parts = Assignment.objects.visible_to(person).filter(pk__in=[pick.pk for pick in picks], party=person.party_id)
    rows = parts.select_related("commitment__statement", "party", "lead", "officer")
    return list(rows.defer("commitment__statement__text", "commitment__search_text").order_by("commitment", "pk"))


def carry_out(request: HttpRequest, form: BatchForm, picks: list[Pick]) -> HttpResponse:
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    try:
        batch = change_many(wanted(form), picks, key=key, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        status = 409 if refusal.code == "conflict" else 422
        return batch_page(request, form, picks, status=status, refusal=refusal.messages[0])
    changed = batch.items.count()
    words = ngettext("%(n)d commitment changed.", "%(n)d commitments changed.", changed) % {"n": changed}
    if left := len(picks) - changed:
        words += " " + ngettext("%(n)d stayed as it was.", "%(n)d stayed as they were.", left) % {"n": left}
    say_with_undo(request, words, reverse("take_back_batch", args=(batch.pk,)))
    return HttpResponseRedirect(list_address(request.POST))


@require_POST
def take_back_batch_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole batch back; what somebody changed since is named and left."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user), pk=pk)
    try:
        outcomes = take_back_batch(batch, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        say_what_came_back(request, outcomes)
    return HttpResponseRedirect(next_address(request))


def say_what_came_back(request: HttpRequest, outcomes: list[Outcome]) -> None:
    back = [outcome for outcome in outcomes if not outcome.refusal]
    if back:
        words = ngettext("%(n)d commitment taken back.", "%(n)d commitments taken back.", len(back))
        messages.success(request, words % {"n": len(back)})
    left = [outcome for outcome in outcomes if outcome.refusal]
    for outcome in left[:NAMED]:
        messages.error(request, f"{outcome.row.commitment.ref}: {outcome.refusal}")
    if len(left) > NAMED:
        more = len(left) - NAMED
        messages.error(request, ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})


def list_address(given: QueryDict) -> str:
    """The list with the filter that the rows were chosen with."""
    query = QueryDict(given.get("query", "")[:1000]).urlencode()
    return reverse("commitment_list") + (f"?{query}" if query else "")
