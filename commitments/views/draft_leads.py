"""Lead bodies of a draft's commitments: suggested by subject, chosen by the coordinators."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commitments.actions.draft_leads import choose_leads
from commitments.models import Body, StatementDraft
from commitments.models.permission import may_choose_leads
from commitments.queries.draft_page import LeadsPage, leads_page
from commitments.views.attempting import attempt
from commitments.views.draft_door import draft_of, for_takers, framed

FIELDS = 800  # of one form; a choice has two for each side


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_leads(request: HttpRequest, pk: int) -> HttpResponse:
    """The list with a choice for each bound side; what nobody has chosen yet is suggested."""
    draft = draft_of(request, pk)
    if request.method == "POST":
        save_leads(request, draft)
        return redirect(request.get_full_path())
    view = leads_page(draft)
    paginator = Paginator(view.rows, max(FIELDS // (2 * max(len(view.parties), 1)), 1))
    page = paginator.get_page(request.GET.get("page"))
    own = {party.pk for party in view.parties if draft.is_open and may_choose_leads(request.user, draft, party)}
    pages = paginator.get_elided_page_range(page.number)
    context = {"view": view, "choosable": own, "page": page, "pages": pages}
    return render(request, "draft/leads.html", framed(request, draft, "leads", **context))


def save_leads(request: HttpRequest, draft: StatementDraft) -> None:
    view = leads_page(draft)
    chosen, seen = choices(request, view)
    attempt(
        request,
        lambda: choose_leads(draft, chosen, seen=seen, by=request.user, at=timezone.now()),
        _("The lead bodies are saved."),
    )


def choices(request: HttpRequest, view: LeadsPage) -> tuple[dict, dict]:
    """What was changed on the form, and for the own side's confirmation what stands there."""
    bodies = {str(body.pk): body for each in view.bodies.values() for body in each}
    confirms = "confirm" in request.POST
    chosen: dict[tuple[int, int], Body | None] = {}
    seen: dict[tuple[int, int], int | None] = {}
    for row in view.rows:
        for line in row.lines:
            name = f"{row.proposal.pk}-{line.party_id}"
            new, old = request.POST.get(f"lead-{name}"), request.POST.get(f"seen-{name}", "")
            own = line.party_id == request.user.party_id
            if new is None or not (new != old or (confirms and own)):
                continue
            key = (row.proposal.pk, line.party_id)
            chosen[key] = bodies.get(new)
            seen[key] = int(old) if old in bodies else None
    return chosen, seen
