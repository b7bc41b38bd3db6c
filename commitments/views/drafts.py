"""Taking a statement in: the drafts there are, a new one from a file or a text, its head, and its publication."""

from csp.constants import HEADER
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.draft import Head, Source, begin_draft, drop_draft, set_head
from commitments.actions.draft_agreement import answer_draft, ask_side, stop_asking
from commitments.actions.publishing import publish_draft
from commitments.exchange.reading import read_pasted, read_upload
from commitments.exchange.source_text import UnreadableError
from commitments.forms.draft import HeadForm, SourceForm
from commitments.models import Party, StatementDraft
from commitments.queries.draft import alike, drafts_of, missing_in
from commitments.views.attempting import attempt
from commitments.views.draft_door import draft_of, for_takers, framed, version_in
from commitments.views.evidence import POLICY

ENDINGS = ("txt", "html", "htm", "docx", "pdf")


@require_safe
@for_takers
def draft_list(request: HttpRequest) -> HttpResponse:
    return render(request, "draft/list.html", {"drafts": drafts_of(request.user), "today": timezone.localdate()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_new(request: HttpRequest) -> HttpResponse:
    """Read a file or a pasted text, and begin a draft with what was found in it."""
    form = SourceForm()
    if request.method == "POST":
        form = SourceForm(request.POST, request.FILES)
        for name in getattr(request, "files_too_large", []):
            form.add_error("file", refused("too_large", name))
        draft = begun(request, form) if form.is_valid() else None
        if draft:
            messages.success(
                request, _("The text is read. Look through the five steps; nothing is published before the last.")
            )
            return redirect("draft_detail", pk=draft.pk)
    return render(request, "draft/new.html", {"form": form}, status=422 if form.errors else 200)


def begun(request: HttpRequest, form: SourceForm) -> StatementDraft | None:
    """The draft, or None with the reason on the form."""
    upload, text = form.cleaned_data["file"], form.cleaned_data["text"]
    name = upload.name if upload else _("Pasted text")
    content = upload.read() if upload else text.encode()
    try:
        reading = read_upload(content, name=name) if upload else read_pasted(text)
    except UnreadableError as refusal:
        form.add_error("file" if upload else "text", refused(refusal.code, name))
        return None
    return begin_draft(reading, Source(name, content), by=request.user, at=timezone.now())


def refused(code: str, name: str) -> ValidationError:
    """Why a file cannot be read, and what to do about it."""
    reasons = {
        "too_large": _("it is too large: 20 MB, or 400 pages, at most."),
        "unknown_kind": _("it is neither text nor HTML, Word (.docx) or PDF. Save it as one of these."),
        "damaged": _("it is damaged and cannot be opened. Save it again, or paste the text."),
        "encrypted": _("it is locked with a password. Save it without one."),
        "no_text": _("there is no text in it. A scan has to be turned into text first."),
        "hostile": _("it is built in a way that no statement is, and was not opened."),
        "too_slow": _("it took too long to read. Paste the text, or split the file."),
        "failed": _("reading it failed through a fault of ours. Paste the text, and tell the administrator."),
    }
    return ValidationError(_("“%(name)s”: %(reason)s"), params={"name": name[:100], "reason": reasons[code]}, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The head: title, place, day and parties as read, and what has to be asked for."""
    draft = draft_of(request, pk)
    form = HeadForm(request.POST or None, draft=draft)
    status = 200
    if request.method == "POST":
        if form.is_valid() and save_head(request, draft, form):
            return redirect("draft_structure", pk=pk)
        status = 422
    found = alike(draft, request.user) if request.method != "POST" and draft.is_open else []
    return render(request, "draft/detail.html", framed(request, draft, "head", form=form, alike=found), status=status)


def save_head(request: HttpRequest, draft: StatementDraft, form: HeadForm) -> bool:
    given = form.cleaned_data
    names = ("title", "short_title", "place", "adopted_on", "published_on", "source", "language")
    head = Head(**{name: given[name] for name in names}, parties=form.ordered_parties())
    try:
        set_head(draft, head, version=given["version"], by=request.user, at=timezone.now())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        draft.refresh_from_db(fields=["head_version"])
        form.data = form.data.copy()
        form.data["version"] = draft.head_version
        return False
    messages.success(request, _("Saved."))
    return True


@require_safe
@for_takers
def draft_source(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it came, as a download."""
    draft = draft_of(request, pk)
    ending = draft.file.name.rpartition(".")[2].lower()
    response = HttpResponse(bytes(draft.file.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="source.{ending if ending in ENDINGS else "txt"}"'
    response[HEADER] = POLICY
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, and drop the draft."""
    draft = draft_of(request, pk)
    if request.method != "POST":
        return render(request, "draft/drop.html", framed(request, draft, "drop"))
    attempt(request, lambda: drop_draft(draft, by=request.user, at=timezone.now()), _("The draft is dropped."))
    return redirect("draft_list")


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing, the other sides' agreement, and the one button that publishes."""
    draft = draft_of(request, pk)
    if request.method == "POST":
        refusal = attempt(request, lambda: publish_draft(draft, by=request.user, at=timezone.now()))
        if refusal is None:
            draft.refresh_from_db(fields=["statement"])
            messages.success(request, _("The statement is published; its text is locked and the reminders begin."))
            return redirect("statement_detail", slug=draft.statement.slug)
        return redirect("draft_publish", pk=pk)
    accepted = draft.proposals.filter(decision="accepted").count()
    others = [row.party for row in draft.adoptions.all() if row.party_id != draft.party_id]
    agreements = {row.party_id: row for row in draft.agreements.all()}
    for row in agreements.values():
        row.draft = draft
    context = {
        "missing": missing_in(draft) if draft.is_open else [],
        "accepted": accepted,
        "paragraphs": draft.parts.filter(role="paragraph").count(),
        "others": [(party, agreements.get(party.pk)) for party in others],
    }
    context["ready"] = not any(each.must for each in context["missing"])
    return render(request, "draft/publish.html", framed(request, draft, "publish", **context))


@require_POST
@for_takers
def draft_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a side to agree, ask it anew, or take the question back."""
    draft = draft_of(request, pk)
    party = next((each for each in Party.objects.all() if each.code == request.POST.get("party")), None)
    if party is None:
        raise Http404
    if "stop" in request.POST:
        attempt(
            request,
            lambda: stop_asking(draft, party, by=request.user, at=timezone.now()),
            _("The question is taken back."),
        )
    else:
        said = _("%(party)s is asked; its coordinators see the draft from now on.") % {"party": party}
        attempt(request, lambda: ask_side(draft, party, by=request.user, at=timezone.now()), said)
    return redirect("draft_publish", pk=pk)


@require_POST
@for_takers
def draft_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer of the side that was asked."""
    draft = draft_of(request, pk)
    agreement = get_object_or_404(draft.agreements, party=request.user.party_id)
    given = {"agrees": request.POST.get("agrees") == "yes", "words": request.POST.get("words", "")}
    version = version_in(request)
    attempt(
        request,
        lambda: answer_draft(agreement, **given, version=version, by=request.user, at=timezone.now()),
        _("Your answer is saved."),
    )
    return redirect("draft_publish", pk=pk)
