"""The Excel round trip: a sheet to fill in offline, a look at what came back, and its saving."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.progress_sheet import NotSavedError, Outcome, save_rows, try_rows
from commitments.domain.codes import Status, Visibility
from commitments.exchange.progress_sheet import XLSX, SheetRow, progress_sheet, read_progress_sheet
from commitments.exchange.sheet_cells import Fault
from commitments.forms.evidence import Link
from commitments.models import Statement, User
from commitments.queries.progress_sheet import SheetLine, sheet_lines, writable_by
from commitments.views.context import readable
from commitments.views.packed import LONGEST, pack, unpack

SALT = "rows of a progress sheet that are not saved yet"


class SheetForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The filled-in sheet (.xlsx)"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"})
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of the preview, with what stands there now where somebody has saved meanwhile."""

    outcome: Outcome
    now: SheetLine | None
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
def progress_sheet_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Get the sheet, and bring it back."""
    statement = readable(request, slug)
    form = SheetForm(request.POST or None, request.FILES or None) if request.method == "POST" else SheetForm()
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = read_progress_sheet(upload.file, upload.size)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return preview(request, statement, rows)
    context = {"statement": statement, "form": form, "count": own_parts(statement, request.user)}
    return render(request, "progress_sheet/start.html", context, status=422 if form.errors else 200)


@require_safe
def progress_sheet_file(request: HttpRequest, slug: str) -> HttpResponse:
    statement, now = readable(request, slug), timezone.now()
    response = HttpResponse(
        progress_sheet(sheet_lines(statement, request.user), person=request.user, at=now), content_type=XLSX
    )
    name = f"{statement.slug}-{timezone.localtime(now):%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def progress_sheet_save(request: HttpRequest, slug: str) -> HttpResponse:
    """Save the rows that were ticked, all of them or none."""
    statement = readable(request, slug)
    try:
        rows, seen = unpacked(request.POST.get("rows", ""), request.user)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        messages.error(request, _("The sheet is no longer kept here. Upload the file again; nothing was saved."))
        return redirect("progress_sheet", statement.slug)
    ticked = {int(line) for line in request.POST.getlist("line") if line.isascii() and line.isdigit()}
    chosen = [row for row in rows if row.line in ticked]
    if not chosen:
        messages.error(request, _("Nothing was ticked, so nothing was saved."))
        return preview(request, statement, rows, status=422, ticked=ticked)
    try:
        number = save_rows(chosen, seen, by=request.user, at=timezone.now())
    except NotSavedError:
        messages.error(request, _("Nothing was saved: a row cannot be saved, or somebody was quicker. See below."))
        return preview(request, statement, rows, status=409, ticked=ticked)
    messages.success(request, ngettext("%(n)d row was saved.", "%(n)d rows were saved.", number) % {"n": number})
    return redirect("progress_sheet", statement.slug)


def preview(
    request: HttpRequest,
    statement: Statement,
    rows: list[SheetRow],
    *,
    status: int = 200,
    ticked: set[int] | None = None,
) -> HttpResponse:
    """What would become of each row; `ticked` are the lines that the person chose, else all that clash with nothing."""
    outcomes = try_rows(rows, by=request.user, at=timezone.now())
    at_odds = {outcome.assignment.pk for outcome in outcomes if outcome.is_conflict and outcome.assignment}
    now = {line.assignment.pk: line for line in sheet_lines(statement, request.user) if line.assignment.pk in at_odds}
    versions = {o.row.line: o.assignment.version for o in outcomes if o.is_conflict and o.assignment}
    packed = packed_rows(rows, versions, request.user)
    if len(packed) > LONGEST:
        messages.error(request, _("The sheet holds too much to be saved at once. Split it into two files."))
        return redirect("progress_sheet", statement.slug)
    shown = [
        Shown(
            outcome,
            now.get(outcome.assignment.pk) if outcome.assignment else None,
            outcome.can_be_saved and (not outcome.is_conflict if ticked is None else outcome.row.line in ticked),
        )
        for outcome in outcomes
    ]
    context = {
        "statement": statement,
        "shown": shown,
        "packed": packed,
        "ready": sum(row.outcome.can_be_saved for row in shown),
        "conflicts": sum(row.outcome.is_conflict for row in shown),
        "faulty": sum(not row.outcome.can_be_saved for row in shown),
    }
    return render(request, "progress_sheet/preview.html", context, status=status)


def own_parts(statement: Statement, person: User) -> int:
    return writable_by(person).filter(commitment__statement=statement).count()


def packed_rows(rows: list[SheetRow], seen: Mapping[int, int], person: User) -> str:
    """The rows as the page carries them."""
    return pack({"rows": [asdict(row) for row in rows], "seen": list(seen.items())}, person, SALT)


def unpacked(packed: str, person: User) -> tuple[list[SheetRow], dict[int, int]]:
    content = unpack(packed, person, SALT)
    return [row_of(fields) for fields in content["rows"]], dict(content["seen"])


def row_of(fields: dict[str, Any]) -> SheetRow:
    return SheetRow(
        **{
            **fields,
            "seen": fields["seen"] and Status(fields["seen"]),
            "status": fields["status"] and Status(fields["status"]),
            "visibility": Visibility(fields["visibility"]),
            "links": tuple(Link(**link) for link in fields["links"]),
            "faults": tuple(Fault(**fault) for fault in fields["faults"]),
        }
    )
