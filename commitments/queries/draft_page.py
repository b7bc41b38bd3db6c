"""The pages of a draft: its structure as parts, its text with the proposals marked, its lead bodies."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from commitments.domain.marking import Piece, marked
from commitments.domain.parts import HEADINGS, PartRole, warnings_of
from commitments.models import Body, DraftPart, Party, ProposedCommitment, ProposedLead, StatementDraft
from commitments.models.draft import Decision
from commitments.queries.draft import suggested_leads

DONE = (Decision.ACCEPTED, Decision.REFUSED)


@dataclass(frozen=True, slots=True)
class StructurePage:
    """The parts in order, those left out apart, and what should be looked at."""

    parts: list[DraftPart]
    left_out: list[DraftPart]
    warnings: list[tuple[str, DraftPart]]


@dataclass(frozen=True, slots=True)
class DraftRun:
    """A piece of the text and the proposal that covers it most closely."""

    piece: Piece
    proposal: ProposedCommitment | None
    opens: bool


@dataclass(frozen=True, slots=True)
class DraftParagraph:
    """A part of the text as it is reviewed; a heading has no runs."""

    part: DraftPart
    runs: list[list[DraftRun]]
    proposals: list[ProposedCommitment]

    @property
    def is_heading(self) -> bool:
        return self.part.role in HEADINGS


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review is: "12 of 64 decided"."""

    decided: int
    total: int
    accepted: int
    sure: int

    @property
    def open(self) -> int:
        return self.total - self.decided


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    paragraphs: list[DraftParagraph]
    doubtful: list[ProposedCommitment]
    progress: Progress


@dataclass(frozen=True, slots=True)
class LeadRow:
    """An accepted commitment and the line of each side that it binds."""

    proposal: ProposedCommitment
    lines: list[ProposedLead]


@dataclass(frozen=True, slots=True)
class LeadsPage:
    parties: list[Party]
    rows: list[LeadRow]
    bodies: dict[int, list[Body]]


def structure_page(draft: StatementDraft) -> StructurePage:
    """The structure in one query."""
    every = list(draft.parts.all())
    shown = [row for row in every if row.role != PartRole.LEFT_OUT]
    warnings = [(code, shown[at]) for code, at in warnings_of([row.part for row in shown])] if shown else []
    return StructurePage(shown, [row for row in every if row.role == PartRole.LEFT_OUT], warnings)


def proposals_page(draft: StatementDraft, sure: float) -> ProposalsPage:
    """The text with what is proposed in it, in two queries whatever its length."""
    rows = list(shown_proposals(draft))
    homes: dict[int, list[ProposedCommitment]] = defaultdict(list)
    for row in rows:
        homes[row.part_id].append(row)
    parts = draft.parts.filter(role__in=[PartRole.PARAGRAPH, *HEADINGS])
    paragraphs = [_paragraph(part, homes[part.pk]) for part in parts]
    doubtful = [row for row in rows if row.decision == Decision.OPEN]
    doubtful.sort(key=lambda row: row.confidence if row.confidence is not None else 0)
    return ProposalsPage(paragraphs, doubtful, progress_of(rows, sure))


def shown_proposals(draft: StatementDraft) -> Iterable[ProposedCommitment]:
    """All but those that were taken apart, in the order of the text."""
    return draft.proposals.exclude(decision=Decision.SPLIT).select_related(
        "part", "decided_by", "continues__statement", "continues__paragraph"
    )


def progress_of(rows: Sequence[ProposedCommitment], sure: float) -> Progress:
    return Progress(
        decided=sum(row.decision in DONE for row in rows),
        total=len(rows),
        accepted=sum(row.decision == Decision.ACCEPTED for row in rows),
        sure=sum(row.decision == Decision.OPEN and (row.confidence or 0) >= sure for row in rows),
    )


def _paragraph(part: DraftPart, proposals: list[ProposedCommitment]) -> DraftParagraph:
    if part.role in HEADINGS:
        return DraftParagraph(part, [], [])
    shown = [row for row in proposals if row.decision != Decision.REFUSED]
    spans = [(row.start, row.end) for row in shown]
    runs = [[_run(piece, shown) for piece in pieces] for pieces in marked(part.text, spans)]
    return DraftParagraph(part, runs, proposals)


def _run(piece: Piece, proposals: Sequence[ProposedCommitment]) -> DraftRun:
    innermost = piece.marks[0] if piece.marks else None
    return DraftRun(piece, proposals[innermost] if innermost is not None else None, opens=innermost in piece.opens)


def leads_page(draft: StatementDraft) -> LeadsPage:
    """The accepted commitments with their lead bodies, chosen or suggested."""
    parties = [adoption.party for adoption in draft.adoptions.select_related("party")]
    places = {party.pk: place for place, party in enumerate(parties)}
    codes = [party.code for party in parties]
    kept = ProposedLead.objects.select_related("party", "lead__party")
    accepted = draft.proposals.filter(decision=Decision.ACCEPTED).select_related("part")
    suggested: dict[int, list[ProposedLead]] = defaultdict(list)
    for line in suggested_leads(draft) if draft.is_open else []:
        suggested[line.proposal_id].append(line)
    rows = []
    for row in accepted.prefetch_related(Prefetch("leads", kept)):
        lines = [*row.leads.all(), *suggested[row.pk]]
        bound = [line for line in lines if line.party_id in places and line.party.code in (row.sides or codes)]
        rows.append(LeadRow(row, sorted(bound, key=lambda line: places.get(line.party_id, len(places)))))
    bodies: dict[int, list[Body]] = defaultdict(list)
    for body in Body.objects.active().filter(party__in=parties).select_related("party").order_by("name_en"):
        bodies[body.party_id].append(body)
    return LeadsPage(parties, rows, bodies)
