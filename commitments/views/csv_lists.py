"""The lists as CSV: all rows that the page with the same filters would show, page after page."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_filters import FilterSet

from commitments.domain.codes import Confidence
from commitments.exchange import dossier_words as words
from commitments.filters.commitment import CommitmentFilter
from commitments.filters.mail import MailFilter
from commitments.filters.words import scope_of
from commitments.models import Commitment, DateChange, OutgoingMail, User
from commitments.models.words import Confidence as ConfidenceWord
from commitments.models.words import Kind, Schedule, Status, Strength, word
from commitments.queries.commitment_list import Part, Row, list_rows, with_parts
from commitments.queries.deadline import waiting_changes
from commitments.queries.ledger import mail_line, mails_of
from commitments.queries.people import people_of
from commitments.views.context import chosen_statement
from commitments.views.downloads import Cells, csv_response
from commitments.views.past import as_it_stood, moment_shown, today_of
from commitments.views.people import for_coordinators

BATCH = 500  # rows whose parts are read at a time


@require_safe
@as_it_stood
def commitment_csv(request: HttpRequest) -> HttpResponse:
    """One row for each side's part in each commitment of the list."""
    if request.past.wrong:
        raise Http404
    at, today = moment_shown(), today_of(request)
    statement = chosen_statement(request)
    visible = Commitment.objects.visible_to(request.user)
    rows = visible.filter(statement=statement) if statement else visible
    chosen = CommitmentFilter(request.GET, rows.in_text_order(), person=request.user, today=today, statement=statement)
    refuse_misread(chosen)
    header = [
        _("Statement"),
        _("Ref"),
        _("Section"),
        _("Commitment"),
        _("Quote"),
        _("Kind"),
        _("Wording"),
        _("Date"),
        _("Last day of the period"),
        _("Side"),
        _("Lead body"),
        _("Desk officer"),
        _("Status"),
        _("Schedule"),
        _("Confidence"),
        _("Last update"),
        _("Update due"),
        _("Themes"),
    ]
    found = with_parts(chosen.qs, officers=True).select_related("paragraph").prefetch_related("themes")
    cells = commitment_cells(found, request.user, today)
    return csv_response(request, "commitments", header, cells, scope=scope_of(chosen), at=at)


def commitment_cells(rows: QuerySet[Commitment], person: User, today: date) -> Iterator[Cells]:
    for batch in in_batches(rows.iterator(chunk_size=BATCH)):
        for row in list_rows(batch, person, today):
            themes = ", ".join(str(theme) for theme in row.commitment.themes.all())
            for part in row.parts:
                yield [*own_cells(row), *part_cells(part), themes]


def own_cells(row: Row) -> Cells:
    commitment = row.commitment
    return [
        commitment.statement,
        commitment.ref,
        commitment.section,
        commitment.title,
        commitment.quote,
        word(Kind, commitment.kind),
        word(Strength, commitment.strength),
        words.period(row.deadline) if row.deadline else "",
        commitment.due_on or "",
    ]


def part_cells(part: Part) -> Cells:
    assignment = part.assignment
    given = part.confidence != Confidence.NOT_GIVEN
    return [
        assignment.party,
        assignment.lead.name if assignment.lead else "",
        assignment.officer or "",
        word(Status, assignment.status),
        word(Schedule, part.schedule),
        word(ConfidenceWord, part.confidence) if given else "",
        timezone.localdate(part.last_word_at) if part.last_word_at else "",
        part.update_due_on or "",
    ]


@require_safe
def reminder_csv(request: HttpRequest) -> HttpResponse:
    """One row for each mail of the ledger that the person may see."""
    chosen = MailFilter(request.GET, mails_of(request.user), viewer=request.user)
    refuse_misread(chosen)
    header = [_("Day"), _("Person"), _("Body"), _("Subject"), _("State"), _("Sent at"), _("Mail server"), _("About")]
    cells = mail_cells(chosen.qs.iterator(chunk_size=BATCH))
    return csv_response(request, "reminders", header, cells, scope=scope_of(chosen, _("None")), at=timezone.now())


def mail_cells(mails: Iterable[OutgoingMail]) -> Iterator[Cells]:
    for line in map(mail_line, mails):
        mail = line.mail
        about = {str(row.assignment.commitment) for row in line.reminders if row.assignment}
        yield [
            mail.day,
            mail.recipient,
            mail.recipient.body.name if mail.recipient.body else "",
            mail.subject,
            mail.get_state_display(),
            f"{timezone.localtime(mail.sent_at):%Y-%m-%d %H:%M}" if mail.sent_at else "",
            f"{mail.last_code} {mail.last_words}".strip(),
            "; ".join(sorted(about)),
        ]


@require_safe
@for_coordinators
def people_csv(request: HttpRequest) -> HttpResponse:
    header = [_("Name"), _("E-mail"), _("Body"), _("Role"), _("Account"), _("Desk officer of"), _("Last signed in")]
    cells = (
        [
            person,
            person.email,
            person.body.name,
            person.get_role_display(),
            _("Open") if person.is_active else _("Closed"),
            person.desk,
            timezone.localdate(person.last_login) if person.last_login else "",
        ]
        for person in people_of(request.user)
    )
    return csv_response(request, "people", header, cells, scope=_("Everybody of the own side"), at=timezone.now())


@require_safe
def date_csv(request: HttpRequest) -> HttpResponse:
    """The open proposals of a date."""
    header = [_("Statement"), _("Ref"), _("Commitment"), _("Side"), _("Before"), _("Proposed"), _("By"), _("Since")]
    cells = map(date_cells, waiting_changes(request.user))
    return csv_response(request, "dates", header, cells, scope=_("Open proposals"), at=timezone.now())


def date_cells(change: DateChange) -> Cells:
    return [
        change.commitment.statement,
        change.commitment.ref,
        change.commitment.title,
        change.party,
        words.period(change.old) if change.old else "",
        words.period(change.new),
        change.by or "",
        timezone.localdate(change.proposed_at),
    ]


def in_batches(rows: Iterator[Commitment]) -> Iterator[list[Commitment]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def refuse_misread(chosen: FilterSet) -> None:
    """A file has no place for a word about a filter that could not be read: then there is none."""
    if not chosen.is_valid():
        raise Http404
