"""Taking back a statement that the tracker once wrote out: the same rows, in one transaction."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_changes
from commitments.actions.publishing import new_assignment
from commitments.domain.text import search_words
from commitments.models.commitment import Assignment, Commitment, Support
from commitments.models.history import Act
from commitments.models.indicator import Indicator
from commitments.models.party import Body, Party
from commitments.models.statement import Adoption, Paragraph, Section, Statement
from commitments.queries.statement_document import HEAD, Document

COMMITMENT = ("ref", "start", "end", "title", "kind", "strength", "is_priority", "remark", "due_precision", "due_basis")


def import_statement(document: Document, *, at: datetime) -> Statement:
    """Make the statement of a document that `exchange.statement_formats` has read and checked.

    Parties and bodies that are not known are made, those that are known stay as they are. What a commitment carries on
    is kept where that statement is here. Codes of refusal: already_there, name_taken, other_party, bad_values.
    """
    here = Statement.objects.filter(sha256=document["sha256"]).first()
    if here is not None:
        raise ValidationError(
            _("This text is here already: %(statement)s."), code="already_there", params={"statement": here.slug}
        )
    if Statement.objects.filter(slug=document["slug"]).exists():
        raise ValidationError(
            _("Another statement is called %(statement)s."), code="name_taken", params={"statement": document["slug"]}
        )
    try:
        with transaction.atomic():
            statement = _Import(document, at).run()
            told = Fact(Act.STATEMENT_PUBLISHED, {}, {"commitments": len(document["commitments"])}, statement=statement)
            record_changes([told], by=None, at=at)
    except IntegrityError as error:
        raise ValidationError(_("The file holds values that do not belong together."), code="bad_values") from error
    return statement


class _Import:
    """One statement on its way in, with what its rows refer to by name."""

    def __init__(self, document: Document, at: datetime) -> None:
        self.document = document
        self.at = at
        self.parties = {row["code"]: _party(row) for row in document["parties"]}
        self.bodies = {row["code"]: self._body(row) for row in document["bodies"]}

    def run(self) -> Statement:
        document = self.document
        self.statement = _saved(
            Statement(
                **{name: document[name] for name in HEAD},
                text=document["text"],
                adopted_on=_day(document["adopted_on"]),
                published_on=_day(document["published_on"]),
                locked_at=self.at,
            )
        )
        for position, code in enumerate(self.parties):
            Adoption.objects.create(statement=self.statement, party=self.parties[code], position=position)
        paragraphs = self._paragraphs()
        for position, row in enumerate(document["commitments"], start=1):
            self._commit(row, paragraphs[row["paragraph"]], position)
        return self.statement

    def _body(self, row: Document) -> Body:
        party = self._named(self.parties, row["party"])
        body = Body.objects.filter(code=row["code"]).first()
        body = body or _saved(Body(**{**row, "party": party}))
        if body.party_id != party.pk:
            raise ValidationError(
                _("The body %(body)s belongs to another party here."), code="other_party", params={"body": body.code}
            )
        return body

    def _paragraphs(self) -> dict[str, Paragraph]:
        """The sections with their paragraphs; gives the paragraphs by their names in the file."""
        found: dict[str, Paragraph] = {}
        for place, row in enumerate(self.document["sections"]):
            section = _saved(
                Section(
                    statement=self.statement,
                    position=place,
                    heading=row["heading"],
                    short_heading=row["short_heading"],
                    level=row["level"],
                )
            )
            for inner in row["paragraphs"]:
                found[inner["id"]] = _saved(
                    Paragraph(
                        statement=self.statement,
                        section=section,
                        position=len(found) + 1,
                        number=inner["number"],
                        text=inner["text"],
                        sha256=inner["sha256"],
                    )
                )
        return found

    def _commit(self, row: Document, paragraph: Paragraph, position: int) -> None:
        commitment = _saved(
            Commitment(
                statement=self.statement,
                paragraph=paragraph,
                section=paragraph.section,
                position=position,
                due_on=_day(row["due_on"]),
                continues=_continued(row["continues"]),
                search_text=search_words(f"{row['ref']} {row['title']} {row['quote']} {paragraph.section.heading}"),
                **{name: row[name] for name in COMMITMENT},
            )
        )
        for part in row["parts"]:
            self._assign(commitment, part)
        for each in row["indicators"]:
            values = {**each, **{name: _number(each[name]) for name in ("baseline", "target")}}
            _saved(Indicator(commitment=commitment, **{**values, "target_on": _day(each["target_on"])}))

    def _assign(self, commitment: Commitment, part: Document) -> None:
        lead = self._named(self.bodies, part["lead"]) if part["lead"] else None
        assignment: Assignment = _saved(
            new_assignment(commitment, self._named(self.parties, part["party"]), lead and lead.pk)
        )
        for code in part["supporting"]:
            Support.objects.create(assignment=assignment, body=self._named(self.bodies, code))

    def _named(self, known: dict[str, models.Model], code: str) -> models.Model:
        if code not in known:
            raise ValidationError(
                _("The file names %(code)s and does not say what it is."), code="bad_values", params={"code": code}
            )
        return known[code]


def _party(row: Document) -> Party:
    return Party.objects.filter(code=row["code"]).first() or _saved(Party(**row))


def _saved(row: models.Model) -> models.Model:
    """The row, with its values checked one by one; what they point to was made or found above."""
    empty = {field.name for field in row._meta.fields if field.null and getattr(row, field.attname) is None}
    row.clean_fields(exclude=empty | {field.name for field in row._meta.fields if field.is_relation})
    row.save()
    return row


def _continued(named: Document | None) -> Commitment | None:
    if named is None:
        return None
    return Commitment.objects.filter(statement__slug=named["statement"], ref=named["ref"]).first()


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _number(written: str | None) -> Decimal | None:
    return Decimal(written) if written is not None else None
