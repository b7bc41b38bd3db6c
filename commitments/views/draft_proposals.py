"""The commitments proposed in a draft: seen in the text or the doubtful first, and decided one by one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.draft_continues import answer_earlier
from commitments.actions.draft_proposals import (
    SURE,
    Wording,
    accept_proposal,
    accept_sure,
    add_proposal,
    refuse_proposal,
    split_proposal,
    trimmed,
    undo_decision,
    word_proposal,
)
from commitments.domain.codes import Kind, Strength
from commitments.domain.language import language
from commitments.domain.parts import place_of_selection, words_of
from commitments.domain.wording import title_of
from commitments.forms.draft import ProposalForm, RefuseForm, proposal_values, words_of_span
from commitments.models import DraftPart, Party, ProposedCommitment, StatementDraft
from commitments.models.draft import Continuing, Decision
from commitments.queries.draft_page import proposals_page
from commitments.views.attempting import attempt
from commitments.views.draft_door import draft_of, for_takers, framed, part_of, proposal_of, version_in
from commitments.views.draft_parts import changeable

MAX_SELECTION = 5000  # characters
IN_TEXT, DOUBTFUL = "text", "doubtful"
ANSWERS = {"yes": Continuing.TAKEN, "no": Continuing.REFUSED, "again": Continuing.OFFERED}
ACTS = {"accept": accept_proposal, "undo": undo_decision}


@require_safe
@for_takers
def draft_proposals(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_of(request, pk)
    order = DOUBTFUL if request.GET.get("order") == DOUBTFUL else IN_TEXT
    context = framed(request, draft, "proposals", view=proposals_page(draft, SURE), order=order, sure=round(SURE * 100))
    return render(request, "draft/proposals.html", context)


@require_POST
@for_takers
def draft_accept_sure(request: HttpRequest, pk: int) -> HttpResponse:
    draft = changeable(request, pk)
    count = 0

    def act() -> None:
        nonlocal count
        count = accept_sure(draft, by=request.user, at=timezone.now())

    if attempt(request, act) is None:
        words = ngettext("%(count)s commitment is accepted.", "%(count)s commitments are accepted.", count)
        messages.success(request, words % {"count": count})
    return redirect(address(request, draft))


@require_POST
@for_takers
def draft_decide(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Accept a proposal as it is, or undo what was decided; then on to the next that is not decided."""
    draft = changeable(request, pk)
    row = proposal_of(draft, proposal)
    act = ACTS["undo" if "undo" in request.POST else "accept"]
    version = version_in(request)
    refusal = attempt(request, lambda: act(row, version=version, by=request.user, at=timezone.now()))
    stays = refusal is not None or "undo" in request.POST
    return redirect(address(request, draft, row.pk if stays else next_open(draft, row)))


@require_POST
@for_takers
def draft_continues(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Say whether a proposal carries the earlier commitment on that is offered for it."""
    draft = changeable(request, pk)
    row = proposal_of(draft, proposal)
    answer = ANSWERS.get(request.POST.get("answer", ""))
    if answer is None:
        raise Http404
    version = version_in(request)
    attempt(request, lambda: answer_earlier(row, answer, version=version, by=request.user, at=timezone.now()))
    return redirect(address(request, draft, row.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_refuse(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Say why it is no commitment."""
    draft = changeable(request, pk)
    row = proposal_of(draft, proposal)
    form = RefuseForm(request.POST or None, label_suffix="", initial={"reason": row.reason})
    if request.method == "POST" and form.is_valid():
        version = version_in(request)
        try:
            refuse_proposal(row, form.cleaned_data["reason"], version=version, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error("reason" if refusal.code != "conflict" else None, refusal)
            row = proposal_of(draft, proposal)
        else:
            return redirect(address(request, draft, next_open(draft, row)))
    context = framed(request, draft, "proposals", proposal=row, form=form, order=request.GET.get("order", IN_TEXT))
    return render(request, "draft/refuse.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_proposal(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Word a proposal anew: its words, title, kind, strength, sides, date and target."""
    draft = changeable(request, pk)
    row = proposal_of(draft, proposal)
    parties = parties_of(draft)
    words = words_of(row.part.text)
    form = ProposalForm(
        request.POST or None,
        initial=proposal_values(row, words, parties),
        words=words,
        text=row.part.text,
        parties=parties,
    )
    if request.method == "POST" and form.is_valid():
        wording = wording_of(form, span_of(form, row))
        try:
            word_proposal(row, wording, version=form.cleaned_data["version"], by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
            row = renewed(form, draft, proposal)
        else:
            return redirect(address(request, draft, next_open(draft, row)))
    context = framed(request, draft, "proposals", proposal=row, part=row.part, form=form, words=words)
    return render(request, "draft/proposal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_add(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Take words of a paragraph that were not proposed; a selection in the text comes with the address."""
    draft = changeable(request, pk)
    row = part_of(draft, part)
    parties = parties_of(draft)
    words = words_of(row.text)
    form = ProposalForm(
        request.POST or None, initial=selected(request, row, parties), words=words, text=row.text, parties=parties
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            added = add_proposal(
                row, wording_of(form, span_of(form, None)), version=version, by=request.user, at=timezone.now()
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The commitment is added."))
            return redirect(address(request, draft, added.pk))
    context = framed(request, draft, "proposals", proposal=None, part=row, form=form, words=words)
    return render(request, "draft/proposal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_split(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Take a proposal apart: as the reading suggests, or before a word."""
    draft = changeable(request, pk)
    row = proposal_of(draft, proposal)
    words = [span for span in words_of(row.part.text) if row.start < span[0] < row.end]
    if request.method == "POST":
        spans, version = spans_of(request, row, words), version_in(request)
        act = {"version": version, "by": request.user, "at": timezone.now()}
        if attempt(request, lambda: split_proposal(row, spans, **act)) is None:
            return redirect(address(request, draft, row.part.proposals.filter(split_from=row).first().pk))
        row = proposal_of(draft, proposal)
    places = [(start, row.part.text[start : start + 60]) for start, _end in words]
    finer = [row.part.text[start:end] for start, end in row.finer]
    context = framed(request, draft, "proposals", proposal=row, places=places, finer=finer)
    return render(request, "draft/split_proposal.html", context)


def spans_of(request: HttpRequest, row: ProposedCommitment, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces that the form asks for; none where it asks for nothing possible."""
    if "finer" in request.POST:
        return [(start, end) for start, end in row.finer]
    starts = {str(start): start for start, _end in words}
    at = starts.get(request.POST.get("place", ""))
    return [(row.start, at), (at, row.end)] if at is not None else []


def span_of(form: ProposalForm, row: ProposedCommitment | None) -> tuple[int, int]:
    """The characters from the first to the last word; a span whose words were not touched stays to the letter."""
    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    if row and words_of_span(form.words, row.start, row.end) == (first, last):
        return row.start, row.end
    return trimmed(form.text, form.words[first][0], form.words[last][1])


def wording_of(form: ProposalForm, span: tuple[int, int]) -> Wording:
    names = (
        "title", "kind", "strength", "sides", "due_on", "due_precision", "due_basis",
        "target_amount", "target_unit", "target_name",
    )  # fmt: skip
    return Wording(*span, **{name: form.cleaned_data[name] for name in names})


def renewed(form: ProposalForm, draft: StatementDraft, pk: int) -> ProposedCommitment:
    """The proposal as it stands now, so that what stands in the form can be saved after all."""
    row = proposal_of(draft, pk)
    form.data = form.data.copy()
    form.data["version"] = row.version
    return row


def selected(request: HttpRequest, part: DraftPart, parties: list[Party]) -> dict[str, object]:
    """The form's first values for the words selected in the text; the whole paragraph where none were."""
    asked = request.GET.get("words", "")[:MAX_SELECTION]
    span = place_of_selection(part.text, asked, request.GET.get("before", "")[:MAX_SELECTION])
    start, end = span or (0, len(part.text))
    first, last = words_of_span(words_of(part.text), start, end)
    return {
        "first": first,
        "last": last,
        "title": title_of(part.text[start:end], language("en"))[:300] if span else "",
        "kind": Kind.ACTION,
        "strength": Strength.AGREED,
        "sides": [party.code for party in parties],
        "version": part.version,
    }


def parties_of(draft: StatementDraft) -> list[Party]:
    return [adoption.party for adoption in draft.adoptions.all()]


def next_open(draft: StatementDraft, row: ProposedCommitment) -> int:
    """The next proposal in the text that nobody has decided; the row itself where all are."""
    waiting = draft.proposals.filter(decision=Decision.OPEN)
    keys = list(waiting.values_list("part__position", "start", "pk"))
    behind = [key for position, start, key in keys if (position, start) > (row.part.position, row.start)]
    return next(iter(behind or [key for _position, _start, key in keys]), row.pk)


def address(request: HttpRequest, draft: StatementDraft, proposal: int | None = None) -> str:
    """The page of the proposals in the order that the person had, at a proposal."""
    order = request.POST.get("order") or request.GET.get("order", IN_TEXT)
    query = "?order=doubtful" if order == DOUBTFUL else ""
    anchor = f"#c{proposal}" if proposal else ""
    return f"{reverse('draft_proposals', args=(draft.pk,))}{query}{anchor}"
