"""The structure of a draft: the parts as they were read, and their correction."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.actions.draft_parts import Place, merge_part, move_part, set_part_number, set_part_role, split_part
from commitments.domain.parts import CannotError, PartRole, place_of_words, places_to_split
from commitments.forms.draft import PartForm, SplitForm
from commitments.models import DraftPart, StatementDraft
from commitments.models.permission import may_change_draft
from commitments.queries.draft_page import structure_page
from commitments.views.attempting import attempt
from commitments.views.draft_door import draft_of, for_takers, framed, part_of, version_in

SHOWN_OF_SENTENCE = 140  # characters


@require_safe
@for_takers
def draft_structure(request: HttpRequest, pk: int) -> HttpResponse:
    draft = draft_of(request, pk)
    return render(request, "draft/structure.html", framed(request, draft, "structure", view=structure_page(draft)))


@require_safe
@for_takers
def draft_part(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """One part with all that can be done to it; what the menu beside the text has no room for."""
    draft = changeable(request, pk)
    return show_part(request, draft, part_of(draft, part))


@require_POST
@for_takers
def draft_part_merge(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    return corrected(request, pk, part, lambda place: merge_part(place, by=request.user, at=timezone.now()))


@require_POST
@for_takers
def draft_part_role(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    draft = changeable(request, pk)
    row = part_of(draft, part)
    form = PartForm(request.POST, part=row)
    if not form.is_valid():
        return show_part(request, draft, row, status=422, form=form)
    role, level = PartRole(form.cleaned_data["role"]), form.cleaned_data["level"] or 1
    return corrected(
        request, pk, part, lambda place: set_part_role(place, role, level=level, by=request.user, at=timezone.now())
    )


@require_POST
@for_takers
def draft_part_number(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    has_number = request.POST.get("number") == "yes"
    return corrected(
        request,
        pk,
        part,
        lambda place: set_part_number(place, has_number=has_number, by=request.user, at=timezone.now()),
    )


@require_POST
@for_takers
def draft_part_move(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Put it before another part; without one, at the end."""
    text = request.POST.get("before", "")
    draft = changeable(request, pk)
    before = part_of(draft, int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else None
    return corrected(request, pk, part, lambda place: move_part(place, before, by=request.user, at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def draft_part_split(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Choose a sentence, or type the words before which it is split."""
    draft = changeable(request, pk)
    row = part_of(draft, part)
    texts = [row.text[at:][:SHOWN_OF_SENTENCE] for at in places_to_split(row.part)]
    places = list(zip(places_to_split(row.part), texts, strict=True))
    form = SplitForm(request.POST or None, places=places, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            at = place_in(row, form)
            split_part(Place(row, form.cleaned_data["version"]), at, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(structure_address(draft, row.pk))
    context = framed(request, draft, "structure", part=row, form=form)
    return render(request, "draft/split.html", context, status=422 if form.errors else 200)


def place_in(row: DraftPart, form: SplitForm) -> int:
    """The character before which the part is to be split."""
    words = form.cleaned_data["words"]
    if not words:
        return form.cleaned_data["place"]
    try:
        return place_of_words(row.part, words)
    except CannotError as error:
        message = _("These words do not stand in it exactly once: give a few more, as they are written.")
        raise ValidationError(message, code=error.code) from error


def corrected(request: HttpRequest, pk: int, part: int, act: Callable[[Place], DraftPart | None]) -> HttpResponse:
    """Do one correction, and go back to where it was made."""
    draft = changeable(request, pk)
    row = part_of(draft, part)
    made: list[DraftPart | None] = []
    attempt(request, lambda: made.append(act(Place(row, version_in(request)))))
    target = made[0] if made and made[0] else row
    return redirect(structure_address(draft, target.pk))


def structure_address(draft: StatementDraft, part: int) -> str:
    return f"{reverse('draft_structure', args=(draft.pk,))}#part-{part}"


def show_part(
    request: HttpRequest, draft: StatementDraft, row: DraftPart, *, status: int = 200, form: PartForm | None = None
) -> HttpResponse:
    others = draft.parts.exclude(pk=row.pk).exclude(role=PartRole.LEFT_OUT)
    context = framed(request, draft, "structure", part=row, form=form or PartForm(part=row), others=others)
    return render(request, "draft/part.html", context, status=status)


def changeable(request: HttpRequest, pk: int) -> StatementDraft:
    """A draft that the person may change; one that was only shown to them is 403."""
    draft = draft_of(request, pk)
    if not may_change_draft(request.user, draft):
        raise PermissionDenied(_("Only the side that takes the statement in changes the draft."))
    return draft
