"""Drafts of statements as a coordinator sees them: the list, what is still missing, and what is already there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from commitments.domain.likeness import nearly_the_same
from commitments.domain.parts import HEADINGS, PartRole
from commitments.domain.subjects import Subjects
from commitments.models import Assignment, Body, Party, StatementDraft, User
from commitments.models.draft import Continuing, Decision, ProposedCommitment, ProposedLead
from commitments.models.statement import Statement

COMPARED, NEWEST_COMPARED, PARAGRAPHS_COMPARED = 30, 10, 200  # at most, so that a page stays quick
LEARNT_FROM = 4000  # assignments at most, for the suggestion of lead bodies
DECIDED = Q(proposals__decision__in=[Decision.ACCEPTED, Decision.REFUSED])
TO_DECIDE = ~Q(proposals__decision=Decision.SPLIT)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing before publishing: a code, how often, and whether it must be put right."""

    code: str
    count: int = 1
    must: bool = True


@dataclass(frozen=True, slots=True)
class Likeness:
    """A statement or draft whose text is the same, or nearly."""

    statement: Statement | None
    draft: StatementDraft | None
    percent: int
    same: bool


def drafts_of(user: User) -> QuerySet[StatementDraft]:
    """Open drafts that the person may see, with how far each is."""
    return (
        StatementDraft.objects.visible_to(user)
        .open()
        .defer("text")
        .select_related("party", "by")
        .annotate(
            decided=Count("proposals", DECIDED),
            proposed=Count("proposals", TO_DECIDE & Q(proposals__isnull=False)),
        )
    )


def alike(draft: StatementDraft, user: User) -> list[Likeness]:
    """What the person may see that is this text, or nearly: the most alike first.

    Compared are the newest and those that share a paragraph, a title or the day, so that it costs the same
    whatever the number of statements.
    """
    rows: dict[str, Statement | StatementDraft] = {}
    for row in _candidates(Statement.objects.visible_to(user), draft, "paragraphs__text"):
        rows[f"s{row.pk}"] = row
    for row in _candidates(StatementDraft.objects.visible_to(user).open().exclude(pk=draft.pk), draft, "parts__text"):
        rows[f"d{row.pk}"] = row
    found = []
    for key, share in nearly_the_same(draft.text, {key: row.text for key, row in rows.items()}):
        row = rows[key]
        statement, other = (row, None) if isinstance(row, Statement) else (None, row)
        found.append(Likeness(statement, other, round(share * 100), row.sha256 == draft.sha256))
    return found


def _candidates(rows: QuerySet, draft: StatementDraft, paragraph: str) -> Sequence[Statement | StatementDraft]:
    texts = list(draft.parts.filter(role=PartRole.PARAGRAPH).values_list("text", flat=True)[:PARAGRAPHS_COMPARED])
    told = Q(sha256=draft.sha256) | Q(title=draft.title) | Q(**{f"{paragraph}__in": texts})
    told |= Q(adopted_on=draft.adopted_on) if draft.adopted_on else Q()
    keys = set(rows.filter(told).order_by().values_list("pk", flat=True)[:COMPARED])
    keys |= set(rows.order_by("-pk").values_list("pk", flat=True)[:NEWEST_COMPARED])
    return list(rows.filter(pk__in=keys).order_by("-pk"))


def subjects_of(parties: Iterable[Party]) -> dict[int, Subjects]:
    """What the active bodies of each party deal with: their names, and what they lead; in two queries."""
    texts: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for body in Body.objects.active().filter(party__in=parties):
        texts[body.party_id][body.code] = [f"{body.name_en} {body.name_own}"]
    led = Assignment.objects.filter(party__in=parties, lead__party=F("party"), lead__is_active=True).order_by("-pk")
    for party, code, words in led.values_list("party", "lead__code", "commitment__search_text")[:LEARNT_FROM]:
        texts[party][code].append(words)
    return {party: Subjects(each) for party, each in texts.items()}


def missing_in(draft: StatementDraft) -> list[Missing]:
    """What has to be put right before the draft can be published, and then what should be looked at."""
    parts = list(draft.parts.values_list("role", "number"))
    proposals = list(draft.proposals.exclude(decision__in=[Decision.REFUSED, Decision.SPLIT]))
    accepted = [row for row in proposals if row.decision == Decision.ACCEPTED]
    found = [*_missing_head(draft), *_missing_parts([role for role, _number in parts])]
    found += _counted("undecided", len(proposals) - len(accepted))
    found += _counted("no_commitments", int(not accepted))
    codes = {party.code for party in draft.parties.all()}
    found += _counted("other_side", sum(not set(row.sides) <= codes for row in accepted))
    found += _missing_agreements(draft)
    found += _counted("no_lead", _without_lead(draft), must=False)
    offered = [row for row in accepted if row.continues_id and row.continuing == Continuing.OFFERED]
    found += _counted("continues_open", len(offered), must=False)
    return sorted(found, key=lambda each: not each.must)


def _counted(code: str, count: int, *, must: bool = True) -> list[Missing]:
    return [Missing(code, count, must)] if count else []


def _missing_head(draft: StatementDraft) -> list[Missing]:
    parties = {party.pk for party in draft.parties.all()}
    found = _counted("no_title", int(not draft.title)) + _counted("no_short_title", int(not draft.short_title))
    found += _counted("no_date", int(draft.adopted_on is None))
    found += _counted("own_party", int(draft.party_id not in parties))
    found += _counted("one_party", int(len(parties) == 1), must=False)
    return found + _counted("no_place", int(not draft.place), must=False)


def _missing_parts(roles: Sequence[str]) -> list[Missing]:
    found = _counted("no_paragraphs", int(PartRole.PARAGRAPH not in roles))
    return found + _counted("unplaced", roles.count(PartRole.UNPLACED))


def _missing_agreements(draft: StatementDraft) -> list[Missing]:
    agreements = list(draft.agreements.all())
    for agreement in agreements:
        agreement.draft = draft
    found = _counted("waiting", sum(row.agrees is None for row in agreements))
    found += _counted("declined", sum(row.agrees is False for row in agreements))
    return found + _counted("outdated", sum(row.is_outdated for row in agreements))


def _without_lead(draft: StatementDraft) -> int:
    kept = ProposedLead.objects.filter(proposal__draft=draft, proposal__decision=Decision.ACCEPTED, lead=None).count()
    return kept + sum(line.lead is None for line in suggested_leads(draft))


def suggested_leads(draft: StatementDraft) -> list[ProposedLead]:
    """A line, not kept yet, for each side of what is accepted and has none: the body nearest in subject, or nobody."""
    parties = {party.code: party for party in draft.parties.all()}
    known = set(draft.proposals.values_list("pk", "leads__party__code"))
    wanted: dict[str, list[ProposedCommitment]] = defaultdict(list)
    for row in draft.proposals.filter(decision=Decision.ACCEPTED).select_related("part"):
        for code in row.sides or parties:
            if code in parties and (row.pk, code) not in known:
                wanted[code].append(row)
    if not wanted:
        return []
    headings, subjects = headings_above(draft), subjects_of([parties[code] for code in wanted])
    bodies = Body.objects.active().select_related("party").in_bulk(field_name="code")
    lines = []
    for code, rows in wanted.items():
        known = subjects.get(parties[code].pk, Subjects({}))
        for row in rows:
            nearest = known.nearest(f"{row.title} {row.quote} {headings.get(row.part_id, '')}")
            lead = bodies[nearest[0][0]] if nearest else None
            lines.append(ProposedLead(proposal=row, party=parties[code], lead=lead))
    return lines


def headings_above(draft: StatementDraft) -> dict[int, str]:
    """The heading under which each part stands, by the part's key."""
    found, heading = {}, ""
    for pk, role, text in draft.parts.values_list("pk", "role", "text"):
        heading = text if role in HEADINGS else heading
        found[pk] = heading
    return found
