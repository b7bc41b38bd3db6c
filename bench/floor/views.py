"""The floor's pages: the session's person, one indexed query for the rows, one for what belongs to them, a table."""

from csv import writer
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from bench.floor.models import Assignment, Commitment, Note, Statement

ORDERS = {
    "text": ["-statement__adopted_on", "statement_id", "position"],
    "due": ["due_on", "statement_id", "position"],
}
SETTLED = ["done", "not_pursued", "being_honoured"]
FAR = Value(date(9999, 12, 31))
PARTS = Prefetch("assignments", Assignment.objects.select_related("party", "lead").order_by("pk"))


EXPORTED = Prefetch("assignments", Assignment.objects.select_related("party", "lead", "officer").order_by("pk"))


def visible(request: HttpRequest) -> QuerySet[Commitment]:
    return Commitment.objects.filter(statement__parties=request.user.body.party_id)


@login_required
def commitment_list(request: HttpRequest) -> HttpResponse:
    """A page of rows; the floor is told where a deep one begins, and counts nothing."""
    asked = request.GET
    rows = visible(request)
    if "kind" in asked:
        rows = rows.filter(kind=asked["kind"])
    if "lead" in asked:
        rows = rows.filter(assignments__lead=asked["lead"])
    for word in asked.get("q", "").split():
        rows = rows.filter(search_text__has_word=word)
    if "adopted" in asked:
        same = {"statement__adopted_on": asked["adopted"]}
        rows = rows.filter(
            Q(statement__adopted_on__lt=asked["adopted"])
            | Q(**same, statement__gt=asked["statement"])
            | Q(**same, statement=asked["statement"], position__gte=asked["position"]),
            statement__adopted_on__lte=asked["adopted"],
        )
    rows = rows.select_related("statement", "section").prefetch_related(PARTS)
    rows = rows.order_by(*ORDERS[asked.get("sort", "text")])
    return render(request, "list.html", {"rows": rows[: int(asked["size"])]})


@login_required
def export(request: HttpRequest) -> HttpResponse:
    """The rows of a kind and a wording as CSV, a line for each side."""
    rows = visible(request).filter(kind=request.GET["kind"], strength=request.GET["strength"])
    rows = rows.select_related("statement", "section", "paragraph").prefetch_related(EXPORTED)
    response = HttpResponse(content_type="text/csv")
    lines = writer(response)
    for row in rows.order_by(*ORDERS["text"]):
        quote = row.paragraph.text[row.start : row.end]
        head = [row.statement.short_title, row.ref, row.section.heading, row.title, quote, row.kind, row.strength]
        for part in row.assignments.all():
            lead, officer = part.lead and part.lead.short, part.officer and part.officer.name
            lines.writerow(
                [*head, row.due_on, part.party.name, lead, officer, part.status, part.last_word_at, part.update_due_on]
            )
    return response


@login_required
def summary(request: HttpRequest) -> HttpResponse:
    """Numbers by status and kind, over one statement or all."""
    parts = Assignment.objects.filter(party=request.user.body.party_id)
    if "statement" in request.GET:
        parts = parts.filter(commitment__statement__slug=request.GET["statement"])
    counts = parts.values_list("status", "commitment__kind").annotate(number=Count("pk")).order_by()
    return render(request, "summary.html", {"counts": counts})


@login_required
def work(request: HttpRequest) -> HttpResponse:
    """What names the person, or the person's body while it names nobody: an update is due, and no date is near."""
    person, today = request.user, timezone.localdate()
    owed = Assignment.objects.filter(
        Q(officer=person) | Q(officer=None, lead=person.body_id),
        Q(commitment__due_on=None) | Q(commitment__due_on__gt=today + timedelta(days=7)) | Q(status__in=SETTLED),
        party=person.body.party_id,
        update_due_on__lte=today,
    )
    when = Least(Coalesce("commitment__due_on", FAR), Coalesce("update_due_on", FAR))
    owed = owed.select_related("commitment__statement", "lead", "officer")
    owed = owed.order_by(when, "commitment__statement_id", "commitment__position", "pk")
    return render(request, "work.html", {"rows": owed[: int(request.GET["size"])]})


@login_required
def read(request: HttpRequest, slug: str) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.filter(parties=request.user.body.party_id), slug=slug)
    marks = Commitment.objects.order_by("position").prefetch_related(PARTS)
    paragraphs = statement.paragraph_set.order_by("position").prefetch_related(Prefetch("commitments", marks))
    return render(request, "read.html", {"statement": statement, "paragraphs": paragraphs})


@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = visible(request).select_related("statement", "section", "paragraph").prefetch_related(PARTS)
    commitment = get_object_or_404(rows, pk=pk)
    notes = Note.objects.filter(
        Q(visibility="both") | Q(assignment__party=request.user.body.party_id), assignment__commitment=commitment
    )
    shown = notes.select_related("by__body", "assignment__party").order_by("-written_at", "-pk")
    return render(request, "detail.html", {"commitment": commitment, "notes": shown[: int(request.GET["size"])]})


@login_required
@transaction.atomic
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note with a status: one row added, one row changed."""
    if request.method != "POST":
        return render(request, "note.html")
    row = get_object_or_404(Assignment.objects.select_for_update(), pk=pk, lead=request.user.body_id)
    now, status = timezone.now(), request.POST["status"]
    Note.objects.create(
        assignment=row,
        text=request.POST["text"],
        status_before=row.status,
        status=status,
        visibility="both",
        by=request.user,
        written_at=now,
    )
    row.status, row.status_since, row.last_word_at = status, now.date(), now
    row.save(update_fields=["status", "status_since", "last_word_at"])
    return redirect("/work/?size=50")
