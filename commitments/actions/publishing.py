"""Publishing a draft: the statement with its text, commitments and assignments, in one transaction; the text locks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from commitments.actions.draft import touch
from commitments.actions.draft_leads import suggest_leads
from commitments.actions.history import Fact, record_changes
from commitments.domain.codes import Kind, Status
from commitments.domain.parts import HEADINGS, PartRole
from commitments.domain.references import paragraph_labels, shortened
from commitments.domain.status import default_cadence, update_due_on
from commitments.domain.text import fold, search_words, sha256, statement_digest
from commitments.models.commitment import Assignment, Commitment
from commitments.models.draft import Continuing, Decision, DraftPart, DraftState, ProposedCommitment, StatementDraft
from commitments.models.history import Act
from commitments.models.indicator import Indicator
from commitments.models.party import Party
from commitments.models.permission import may_change_draft
from commitments.models.person import User
from commitments.models.statement import Adoption, Paragraph, Section, Statement
from commitments.models.theme import CommitmentTheme
from commitments.queries.draft import missing_in
from commitments.queries.theme import proposed_themes

SLUG_LENGTH, SHORT_HEADING, INDICATOR_NAME = 70, 60, 200


@dataclass(slots=True)
class _Chapter:
    """A section in the making, with the draft's paragraphs under it."""

    section: Section
    parts: list[DraftPart] = field(default_factory=list)


@transaction.atomic
def publish_draft(draft: StatementDraft, *, by: User, at: datetime) -> Statement:
    """Make the statement; a second call gives the one that is there. Codes of refusal: closed, incomplete."""
    row = StatementDraft.objects.select_for_update(of=["self"]).get(pk=draft.pk)
    if not may_change_draft(by, row):
        raise PermissionDenied
    if row.statement_id:
        return row.statement
    if not row.is_open:
        raise ValidationError(_("This draft is closed."), code="closed")
    if any(each.must for each in missing_in(row)):
        raise ValidationError(_("Something is still missing: see the list."), code="incomplete")
    suggest_leads(row)
    statement = _publish(row, at)
    row.state, row.statement = DraftState.PUBLISHED, statement
    touch(row, at, "state", "statement")
    told = Fact(
        Act.STATEMENT_PUBLISHED,
        {},
        {"commitments": statement.commitments.count()},
        statement=statement,
        party=row.party,
    )
    record_changes([told], by=by, at=at)
    return statement


def _publish(draft: StatementDraft, at: datetime) -> Statement:
    chapters = _chapters(draft)
    rows = [(each.section.heading, part.number, part.text) for each in chapters for part in each.parts]
    statement = Statement.objects.create(
        slug=_free_slug(draft),
        title=draft.title,
        short_title=draft.short_title,
        place=draft.place,
        adopted_on=draft.adopted_on,
        published_on=draft.published_on,
        language=draft.language,
        source=draft.source,
        text=draft.text,
        sha256=draft.sha256,
        structure_sha256=statement_digest(rows),
        locked_at=at,
    )
    for adoption in draft.adoptions.all():
        Adoption.objects.create(statement=statement, party_id=adoption.party_id, position=adoption.position)
    for chapter in chapters:
        chapter.section.statement = statement
    Section.objects.bulk_create([chapter.section for chapter in chapters])
    paragraphs = Paragraph.objects.bulk_create(_paragraphs(statement, chapters))
    parts = [part for chapter in chapters for part in chapter.parts]
    _commit(draft, statement, dict(zip((part.pk for part in parts), paragraphs, strict=True)), _labels(chapters))
    return statement


def _free_slug(draft: StatementDraft) -> str:
    """From the short title: turkiye-malaysia-ankara-2026, with a number behind it where that is taken."""
    stem = (
        slugify(fold(draft.short_title).replace("–", "-"))[:SLUG_LENGTH].strip("-")
        or f"statement-{draft.adopted_on:%Y}"
    )
    taken = set(Statement.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 2
    slug = stem
    while slug in taken:
        slug = f"{stem}-{number}"
        number += 1
    return slug


def _chapters(draft: StatementDraft) -> list[_Chapter]:
    """Sections in order: a heading opens one; words above the first heading stand in one without."""
    chapters: list[_Chapter] = []
    for part in draft.parts.filter(role__in=[PartRole.PARAGRAPH, *HEADINGS]):
        heads = part.role in HEADINGS
        if heads or not chapters:
            heading = part.text if heads else ""
            section = Section(
                position=len(chapters),
                heading=heading,
                short_heading=shortened(heading, SHORT_HEADING),
                level=max(part.level, 1),
            )
            chapters.append(_Chapter(section))
        if not heads:
            chapters[-1].parts.append(part)
    return chapters


def _paragraphs(statement: Statement, chapters: Sequence[_Chapter]) -> list[Paragraph]:
    homes = [(chapter.section, part) for chapter in chapters for part in chapter.parts]
    return [
        Paragraph(
            statement=statement,
            section=section,
            position=position,
            number=part.number,
            text=part.text,
            sha256=sha256(part.text),
        )
        for position, (section, part) in enumerate(homes, start=1)
    ]


def _labels(chapters: Sequence[_Chapter]) -> dict[int, str]:
    """What each paragraph is called in references, by the part's key."""
    homes = [(chapter.section.position, part) for chapter in chapters for part in chapter.parts]
    labels = paragraph_labels([(section, part.number) for section, part in homes])
    return {part.pk: label for (_section, part), label in zip(homes, labels, strict=True)}


def _commit(
    draft: StatementDraft, statement: Statement, paragraphs: dict[int, Paragraph], labels: dict[int, str]
) -> None:
    """The accepted proposals as commitments, with their themes and every bound side's assignment."""
    counts: Counter[int] = Counter()
    accepted = list(draft.proposals.filter(decision=Decision.ACCEPTED).prefetch_related("leads"))
    commitments = []
    for position, row in enumerate(accepted, start=1):
        counts[row.part_id] += 1
        ref = f"{labels[row.part_id]}.{counts[row.part_id]}"
        commitments.append(_commitment(statement, paragraphs[row.part_id], row, ref, position))
    Commitment.objects.bulk_create(commitments)
    CommitmentTheme.objects.bulk_create(proposed_themes(commitments))
    pairs = list(zip(accepted, commitments, strict=True))
    Assignment.objects.bulk_create([part for row, commitment in pairs for part in _assignments(draft, row, commitment)])
    Indicator.objects.bulk_create([_indicator(row, made) for row, made in pairs if row.target_amount is not None])


def _commitment(
    statement: Statement, paragraph: Paragraph, row: ProposedCommitment, ref: str, position: int
) -> Commitment:
    quote = paragraph.text[row.start : row.end]
    return Commitment(
        statement=statement,
        paragraph=paragraph,
        section=paragraph.section,
        ref=ref,
        position=position,
        start=row.start,
        end=row.end,
        title=row.title,
        kind=row.kind,
        strength=row.strength,
        due_on=row.due_on,
        due_precision=row.due_precision,
        due_basis=row.due_basis,
        continues_id=row.continues_id if row.continuing == Continuing.TAKEN else None,
        search_text=search_words(f"{ref} {row.title} {quote} {paragraph.section.heading}"),
    )


def _assignments(draft: StatementDraft, row: ProposedCommitment, commitment: Commitment) -> list[Assignment]:
    leads = {line.party_id: line for line in row.leads.all()}
    made = []
    for party in draft.parties.all():
        if row.sides and party.code not in row.sides:
            continue
        line = leads.get(party.pk)
        suggested = bool(line and line.lead_id and line.is_suggested)
        made.append(new_assignment(commitment, party, line and line.lead_id, is_suggested=suggested))
    return made


def new_assignment(commitment: Commitment, party: Party, lead: int | None, *, is_suggested: bool = False) -> Assignment:
    """One party's part in a new commitment, not assessed, due a word after its cadence; `lead` is the body's key."""
    cadence = default_cadence(Kind(commitment.kind))
    due = update_due_on(commitment.statement.adopted_on, cadence, Status.NOT_ASSESSED)
    return Assignment(
        commitment=commitment,
        party=party,
        lead_id=lead,
        lead_is_suggested=is_suggested,
        cadence=cadence,
        update_due_on=due,
        shared_update_due_on=due,
    )


def _indicator(row: ProposedCommitment, commitment: Commitment) -> Indicator:
    return Indicator(
        commitment=commitment,
        name=row.target_name or row.title[:INDICATOR_NAME],
        unit=row.target_unit,
        target=row.target_amount,
        target_on=row.due_on,
        target_precision=row.due_precision,
    )
