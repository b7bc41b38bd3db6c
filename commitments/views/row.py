"""The row in which something was changed, and the way back to the page that it stands on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import Assignment, Commitment
from commitments.models.words import Status
from commitments.queries.commitment_list import list_rows, with_parts
from commitments.queries.update_request import askings_of
from commitments.views.addresses import own_address


def changed_row(request: HttpRequest, assignment: Assignment, said: str, undo: str = "") -> HttpResponse:
    """The row as it stands now, and a sentence for eyes and screen readers, with a button where it can be undone."""
    today = timezone.localdate()
    commitments = with_parts(Commitment.objects.visible_to(request.user).filter(pk=assignment.commitment_id))
    row = list_rows(commitments, request.user, today)[0]
    asking = askings_of([row], request.user, today)
    context = {"row": row, "today": today, "focused": assignment.pk, "said": said, "undo": undo, "askings": asking}
    return render(request, "commitment/_changed_row.html", context)


def words_for(assignment: Assignment, status: str) -> str:
    return _("%(ref)s, %(party)s: %(status)s") % {
        "ref": assignment.commitment.ref,
        "party": assignment.party,
        "status": Status(status).label,
    }


def next_address(request: HttpRequest) -> str:
    """The page that the person came from, if it is one of ours."""
    asked = own_address(request, request.POST.get("next", "") or request.headers.get("Referer", ""))
    return asked if asked and request.path not in asked else reverse("commitment_list")


def back_to(request: HttpRequest, assignment: Assignment) -> str:
    address = next_address(request).partition("#")[0]
    return f"{address}#c-{assignment.commitment_id}" if reverse("commitment_list") in address else address
