"""A dossier as an address asks for it: the same for the page, for the worker that makes large ones and for the command.

Rows of the shared edition are chosen by nobody's eyes: a filter by what one side keeps to itself (a confidence, a day
of its last word) would else show in which commitments the file holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from commitments.domain.text import sha256
from commitments.exchange.dossier_docx import dossier_docx
from commitments.exchange.dossier_pdf import dossier_pdf
from commitments.exchange.dossier_words import Tell
from commitments.exchange.dossier_xlsx import dossier_xlsx
from commitments.filters.commitment import CommitmentFilter
from commitments.filters.words import scope_of
from commitments.forms.dossier import OWN, SHARED, DossierForm
from commitments.models import Commitment, Meeting, Party, Statement, User
from commitments.queries.dossier import Dossier, Part, dossier, parts

MAKERS: dict[str, tuple[Callable[[Dossier, Tell], bytes], str]] = {
    "docx": (dossier_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (dossier_pdf, "application/pdf"),
    "xlsx": (dossier_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
NOT_ASKED = ("csrfmiddlewaretoken", "page")  # of an address, what says nothing about the file


@dataclass(frozen=True, slots=True)
class Asked:
    """What one person asks for on one day; `form` and `chosen` are the choices as they were read."""

    statement: Statement
    person: User
    party: Party | None
    form: DossierForm
    chosen: CommitmentFilter
    is_valid: bool

    @property
    def edition(self) -> Party | None:
        return self.party if self.form.cleaned_data["edition"] == OWN else None

    @property
    def format(self) -> str:
        return self.form.cleaned_data["format"]

    @property
    def language(self) -> str:
        return self.form.cleaned_data["language"]

    @property
    def scope(self) -> str:
        """In words, in the language that is active."""
        meeting = self.form.cleaned_data["meeting"]
        agenda = _("Agenda: %(meeting)s") % {"meeting": meeting.name} if meeting else ""
        scope = scope_of(self.chosen, otherwise=agenda)
        return scope if scope == agenda or not agenda else f"{agenda}; {scope}"

    @property
    def key(self) -> str:
        """The digest of what is asked for: the same choices in any order are the same."""
        given = {name: value for name, value in self.form.data.items() if name not in NOT_ASKED and value}
        return sha256(repr((self.statement.pk, sorted(given.items()))))

    @property
    def query(self) -> str:
        """The address that asks for the same, edition and language named."""
        given = self.form.data.copy()
        for name in NOT_ASKED:
            given.pop(name, None)
        return given.urlencode()

    def parts(self) -> list[Part]:
        return parts(self.statement, self._rows())

    def size(self) -> int:
        """How many commitments the file would hold."""
        return self._rows().order_by().count()

    def made(self, *, at: datetime, today: date) -> Dossier:
        return dossier(self.statement, self._rows(), edition=self.edition, scope=self.scope, at=at, today=today)

    def _rows(self) -> QuerySet[Commitment]:
        rows, meeting = self.chosen.qs, self.form.cleaned_data["meeting"]
        return rows.filter(agenda_items__meeting=meeting, agenda_items__removed_at=None) if meeting else rows


def asked_for(query: QueryDict, statement: Statement, person: User, *, today: date, language: str) -> Asked:
    """Read an address; `language` is that of the frame where the address names none."""
    given = query.copy()
    given.setdefault("edition", SHARED)
    given.setdefault("language", language)
    party = own_party(statement, person)
    meetings = Meeting.objects.visible_to(person).filter(statement=statement, called_off_at=None).in_order()
    form = DossierForm(given, party=party, meetings=meetings)
    eyes = eyes_for(person if party and given["edition"] == OWN else None)
    rows = Commitment.objects.visible_to(person).filter(statement=statement)
    chosen = CommitmentFilter(given, rows, person=person, eyes=eyes, today=today, statement=statement)
    is_valid = form.is_valid() and chosen.is_valid()
    return Asked(statement, person, party, form, chosen, is_valid)


def own_party(statement: Statement, person: User) -> Party | None:
    return statement.parties.filter(pk=person.party_id).first()


def eyes_for(person: User | None) -> User:
    """By whose eyes rows are chosen: the person's, or (None) those of somebody who reads only what all sides may."""
    return person or User()


def is_large(size: int) -> bool:
    """Whether a worker makes a dossier of so many commitments: no page waits, no web server needs the memory."""
    return size >= settings.DOSSIER_WORKER_FROM


def file_name(dossier: Dossier, ending: str) -> str:
    edition = dossier.edition.code if dossier.edition else SHARED
    return f"{dossier.statement.slug}-{edition}-{dossier.today:%Y-%m-%d}.{ending}"
