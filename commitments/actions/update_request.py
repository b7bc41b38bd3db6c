"""Asking for an update: a manager or coordinator asks the desk for a word; the side's next word answers."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.assignment import about, locked
from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Visibility
from commitments.domain.deadlines import ENDED
from commitments.domain.text import tidy
from commitments.models.commitment import Assignment
from commitments.models.history import Act
from commitments.models.permission import may_ask_for_update, may_withdraw_request
from commitments.models.person import User
from commitments.models.progress import ProgressNote
from commitments.models.update_request import UpdateRequest, UpdateRequestState

MAX_MESSAGE = 1_000  # characters: it stands in a mail beside others


@transaction.atomic
def ask_for_update(assignment: Assignment, *, text: str = "", by: User, at: datetime) -> UpdateRequest:
    """Ask the desk for a word, once while the request is open; only the own side ever knows of it.

    Codes of refusal: is_asked, ended, own_desk, too_long.
    """
    row = locked(assignment)
    if not may_ask_for_update(by, row):
        raise PermissionDenied
    words = tidy(text)
    _check(row, words, by)
    request = UpdateRequest.objects.create(
        assignment=row,
        text=words,
        by=by,
        asked_at=at,
        asked_on=at.astimezone(ZoneInfo(row.party.time_zone or settings.TIME_ZONE)).date(),
    )
    _record(request, Act.UPDATE_ASKED, by=by, at=at)
    return request


@transaction.atomic
def withdraw_request(request: UpdateRequest, *, by: User, at: datetime) -> None:
    """Take an open request back. Code of refusal: closed."""
    row = locked(request.assignment)
    request = UpdateRequest.objects.select_related("by").get(pk=request.pk)
    request.assignment = row
    if not may_withdraw_request(by, request):
        raise PermissionDenied
    if request.state != UpdateRequestState.OPEN:
        raise ValidationError(_("This request is closed already."), code="closed")
    _close(request, UpdateRequestState.WITHDRAWN, at)
    _record(request, Act.REQUEST_WITHDRAWN, by=by, at=at)


def answer_requests(row: Assignment, note: ProgressNote) -> None:
    """Close what was asked about the assignment, which is locked: the note is the answer, whoever wrote it."""
    for request in row.update_requests.open():
        request.assignment, request.answer = row, note
        _close(request, UpdateRequestState.ANSWERED, note.written_at)
        _record(request, Act.REQUEST_ANSWERED, by=note.by, at=note.written_at)


def _check(row: Assignment, words: str, by: User) -> None:
    if row.update_requests.open().exists():
        raise ValidationError(_("An update is asked for already, and not answered yet."), code="is_asked")
    if row.status in ENDED:
        raise ValidationError(_("It is done or not pursued: no update is owed."), code="ended")
    if row.officer_id == by.pk:
        raise ValidationError(_("You are the desk officer: the update is yours to write."), code="own_desk")
    if len(words) > MAX_MESSAGE:
        raise ValidationError(_("Keep it under %(limit)s characters."), code="too_long", params={"limit": MAX_MESSAGE})


def _close(request: UpdateRequest, state: UpdateRequestState, at: datetime) -> None:
    request.state, request.ended_at = state, at
    request.save(update_fields=["state", "ended_at", "answer"])


def _record(request: UpdateRequest, act: Act, *, by: User, at: datetime) -> None:
    fact = Fact(act, {}, {"request": request.pk}, visibility=Visibility.OWN, **about(request.assignment))
    record_change(fact, by=by, at=at)
