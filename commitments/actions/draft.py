"""Taking a statement in: a draft is begun from a reading, its head is completed, and it may be dropped."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_changes
from commitments.domain.codes import Basis, Visibility
from commitments.domain.dates import may_name_date
from commitments.domain.finding import find_commitments
from commitments.domain.language import language
from commitments.domain.parties import BOTH, find_parties
from commitments.domain.parts import PartRole, parts_of
from commitments.domain.readings import Proposal, Reading
from commitments.domain.text import fold, sha256, tidy
from commitments.models.draft import (
    Continuing,
    Decision,
    DraftPart,
    DraftParty,
    DraftSource,
    DraftState,
    Origin,
    ProposedCommitment,
    StatementDraft,
)
from commitments.models.history import Act
from commitments.models.party import Party
from commitments.models.permission import may_change_draft, may_take_in
from commitments.models.person import User
from commitments.queries.continuing import Continuations, earlier_statements

READ_IN = "en"  # the language whose rules of reading there are
MAX_AMOUNT = Decimal(10) ** 16  # digits before the decimal mark, as the database keeps them
HEAD = ("title", "short_title", "place", "adopted_on", "published_on", "source", "language")
NAME_LENGTH, PLACE_LENGTH, UNIT_LENGTH, MEASURED_LENGTH, TITLE_LENGTH = 255, 100, 40, 200, 300


@dataclass(frozen=True, slots=True)
class Source:
    """What was uploaded or pasted, as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """What a statement is called, and who adopted it when and where."""

    title: str
    short_title: str
    place: str
    adopted_on: date | None
    published_on: date | None
    source: str
    language: str
    parties: Sequence[Party]


@transaction.atomic
def begin_draft(reading: Reading, source: Source, *, by: User, at: datetime) -> StatementDraft:
    """Keep a reading to be reviewed; what the text does not say stays empty."""
    if not may_take_in(by):
        raise PermissionDenied
    parties = parties_named(reading.parties)
    text = "".join(piece.text for piece in reading.pieces)
    draft = StatementDraft.objects.create(
        party=by.body.party,
        by=by,
        begun_at=at,
        changed_at=at,
        title=reading.title,
        short_title=short_title(reading.parties, reading.place, reading.adopted_on),
        place=reading.place[:PLACE_LENGTH],
        adopted_on=reading.adopted_on,
        language=READ_IN,
        named_parties=list(reading.parties),
        text=text,
        sha256=sha256(text),
        file_sha256=hashlib.sha256(source.content).hexdigest(),
    )
    name = tidy(source.name)[:NAME_LENGTH]
    DraftSource.objects.create(draft=draft, name=name, content=source.content, size=len(source.content))
    _set_parties(draft, list(parties.values()))
    _keep_parts(draft, reading, parties)
    offer_earlier(draft)
    tell(draft, Act.DRAFT_BEGUN, {}, by=by, at=at)
    return draft


def _keep_parts(draft: StatementDraft, reading: Reading, parties: dict[str, Party]) -> None:
    rows = []
    for position, part in enumerate(parts_of(reading)):
        row = DraftPart(draft=draft, position=position)
        row.take(part)
        rows.append(row)
    DraftPart.objects.bulk_create(rows)
    proposals = {(each.number or "", each.text): each.proposals for each in (*reading.paragraphs, *reading.annexes)}
    found = [
        proposed(row, proposal, parties)
        for row in rows
        if row.role == PartRole.PARAGRAPH
        for proposal in proposals.get((row.number, row.text), ())
    ]
    ProposedCommitment.objects.bulk_create(found)


def proposed(row: DraftPart, proposal: Proposal, parties: dict[str, Party]) -> ProposedCommitment:
    """What the reading proposes, as a row; `parties` are those known, by their names in the text."""
    party = parties.get(proposal.side) if proposal.side != BOTH else None
    due, target = proposal.deadline, proposal.target
    amount = _amount(target.amount) if target else None
    made = ProposedCommitment(
        draft_id=row.draft_id,
        part=row,
        start=proposal.start,
        end=proposal.end,
        title=proposal.title[:TITLE_LENGTH],
        kind=proposal.kind,
        strength=proposal.strength,
        sides=[party.code] if party else [],
        due_on=due and due.due_on,
        due_precision=due and due.precision,
        due_basis=Basis.TEXT if due else None,
        target_amount=amount,
        target_unit=target.unit[:UNIT_LENGTH] if target and amount is not None else "",
        target_name=target.indicator[:MEASURED_LENGTH] if target and amount is not None else "",
        confidence=proposal.confidence,
        cues=list(proposal.cues),
        finer=[list(span) for span in proposal.finer_splits],
        origin=Origin.FOUND,
    )
    made.found = made.values()
    return made


def _amount(written: str) -> Decimal | None:
    """The figure of a target; None where the database could not hold it, so that it is asked for."""
    amount = Decimal(written)
    return amount if abs(amount) < MAX_AMOUNT and round(amount, 4) == amount else None


def parties_named(names: Sequence[str]) -> dict[str, Party]:
    """The parties known here by their names in a text, in the text's order; a name that nobody has is left out."""
    countries = language(READ_IN).words["countries"]
    called: dict[str, Party] = {}
    for party in Party.objects.order_by("code"):
        own = {fold(name) for name in (party.name, *party.names.values())}
        for name, aliases in countries.items():
            every = {fold(alias) for alias in (name, *aliases.split("|"))}
            own |= every if fold(name) in own else set()
        called.update(dict.fromkeys(own, party))
    return {name: called[fold(name)] for name in names if fold(name) in called}


def short_title(parties: Sequence[str], place: str, adopted_on: date | None) -> str:
    """ "Türkiye–Malaysia, Ankara 2026", of what the text says; empty where it names no party."""
    names = "–".join(parties)
    when = " ".join(word for word in (place, str(adopted_on.year) if adopted_on else "") if word)
    return ", ".join(word for word in (names, when) if word)[:120] if names else ""


@transaction.atomic
def set_head(draft: StatementDraft, head: Head, *, version: int, by: User, at: datetime) -> None:
    """Complete or correct the head; `version` is the head as the person saw it.

    Where the day of adoption changes, dates such as "within six months" are counted anew in what nobody has decided.
    Codes of refusal: closed, conflict.
    """
    row = locked_draft(draft, by=by)
    if version != row.head_version:
        raise conflict()
    counts_anew = row.adopted_on != head.adopted_on
    earlier = set(earlier_statements(row).values_list("pk", flat=True))
    for name in HEAD:
        setattr(row, name, getattr(head, name))
    row.head_version += 1
    _set_parties(row, list(head.parties))
    touch(row, at, *HEAD, "head_version")
    if counts_anew:
        _date_again(row)
    if earlier != set(earlier_statements(row).values_list("pk", flat=True)):
        offer_earlier(row)
    tell(row, Act.DRAFT_CHANGED, {}, by=by, at=at)


def _set_parties(draft: StatementDraft, parties: list[Party]) -> None:
    draft.adoptions.all().delete()
    unique = list(dict.fromkeys(parties))
    DraftParty.objects.bulk_create(
        [DraftParty(draft=draft, party=party, position=place) for place, party in enumerate(unique)]
    )


@transaction.atomic
def drop_draft(draft: StatementDraft, *, by: User, at: datetime) -> None:
    """Put the draft away with file, text and decisions; the history keeps that there was one. Code: closed."""
    row = locked_draft(draft, by=by)
    DraftSource.objects.filter(draft=row).delete()
    row.proposals.filter(split_from__isnull=False).delete()
    row.parts.all().delete()
    row.agreements.all().delete()
    row.state, row.text = DraftState.DROPPED, ""
    touch(row, at, "state", "text")
    tell(row, Act.DRAFT_DROPPED, {}, by=by, at=at)


def locked_draft(draft: StatementDraft, *, by: User) -> StatementDraft:
    """The draft as it stands, locked until the transaction ends, for one who may change it."""
    row = StatementDraft.objects.select_for_update(of=["self"]).select_related("party").get(pk=draft.pk)
    if not may_change_draft(by, row):
        raise PermissionDenied
    if row.state != DraftState.OPEN:
        raise ValidationError(_("This draft is closed."), code="closed")
    return row


def touch(draft: StatementDraft, at: datetime, *fields: str) -> None:
    """Save what has changed of a draft; an agreement to how it was holds no longer."""
    draft.version += 1
    draft.changed_at = at
    draft.save(update_fields=["version", "changed_at", *fields])


def conflict() -> ValidationError:
    return ValidationError(_("Somebody has changed this since you opened it."), code="conflict")


def tell(draft: StatementDraft, act: Act, after: dict[str, Any], *, by: User, at: datetime) -> None:
    """A row of history for the person's own side: codes alone, no word of the text."""
    fact = Fact(act, {}, {"draft": draft.pk, **after}, visibility=Visibility.OWN, party=by.body.party)
    record_changes([fact], by=by, at=at)


def find_again(draft: StatementDraft, row: DraftPart) -> None:
    """Propose anew in a paragraph; what a person decided or added stays, and nothing is proposed across it."""
    _find_again(draft, [row])


def _date_again(draft: StatementDraft) -> None:
    """Propose anew where the words may name a date: in nothing else does the day of adoption count."""
    words = language(READ_IN)
    _find_again(draft, [row for row in draft.parts.all() if may_name_date(row.text, words)])


def _find_again(draft: StatementDraft, rows: Sequence[DraftPart]) -> None:
    draft.proposals.filter(part__in=rows, decision=Decision.OPEN, origin=Origin.FOUND).delete()
    paragraphs = list(draft.parts.filter(role=PartRole.PARAGRAPH).values_list("pk", "text"))
    before = dict(zip((pk for pk, _text in paragraphs), ["", *(text for _pk, text in paragraphs)], strict=False))
    words = language(READ_IN)
    spoken = find_parties(draft.title, "\n".join(text for _pk, text in paragraphs[:3]), words)
    parties = parties_named(spoken.names)
    kept: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for part, start, end in draft.proposals.filter(part__in=rows).values_list("part", "start", "end"):
        kept[part].append((start, end))
    made = []
    for row in rows:
        if row.role != PartRole.PARAGRAPH:
            continue
        lead = before[row.pk] if before[row.pk].endswith(":") else ""
        proposals, _passed = find_commitments(row.text, spoken, draft.adopted_on, words, lead)
        made += [
            proposed(row, proposal, parties)
            for proposal in proposals
            if not any(proposal.start < end and start < proposal.end for start, end in kept[row.pk])
        ]
    offer_earlier(draft, ProposedCommitment.objects.bulk_create(made))


def offer_earlier(draft: StatementDraft, rows: Sequence[ProposedCommitment] | None = None) -> None:
    """Offer what each proposal may carry on, or take the offer back; what a person has answered stays.

    `rows` are those that are new; without them all of the draft are looked at again.
    """
    wanted = draft.proposals.all() if rows is None else draft.proposals.filter(pk__in=[row.pk for row in rows])
    open_rows = list(wanted.filter(continuing=Continuing.OFFERED).select_related("part"))
    if not open_rows:
        return
    earlier = Continuations(draft)
    changed = []
    for row in open_rows:
        offered = earlier.of(f"{row.title} {row.quote}", row.target_amount, row.target_unit)
        if row.continues_id != (offered and offered.pk):
            row.continues = offered
            changed.append(row)
    ProposedCommitment.objects.bulk_update(changed, ["continues"], batch_size=200)
