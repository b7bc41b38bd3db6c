"""Drafts of statements as a coordinator sees them: the list, what is still missing, and what is already there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length

from commitments.domain.likeness import nearly_the_same
from commitments.domain.parts import HEADINGS, PartRole
from commitments.domain.subjects import Subjects
from commitments.models import Assignment, Party, StatementDraft, User
from commitments.models.draft import Decision, ProposedCommitment
from commitments.models.statement import Statement

COMPARED = 400  # texts at most, the newest first
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
    """What the person may see that is this text, or nearly: the most alike first."""
    statements = _near_in_length(Statement.objects.visible_to(user), draft)
    drafts = _near_in_length(StatementDraft.objects.visible_to(user).open().exclude(pk=draft.pk), draft)
    rows: dict[str, Statement | StatementDraft] = {f"s{row.pk}": row for row in statements}
    rows |= {f"d{row.pk}": row for row in drafts}
    found = []
    for key, share in nearly_the_same(draft.text, {key: row.text for key, row in rows.items()}):
        row = rows[key]
        statement, other = (row, None) if isinstance(row, Statement) else (None, row)
        found.append(Likeness(statement, other, round(share * 100), row.sha256 == draft.sha256))
    return found


def _near_in_length(rows: QuerySet, draft: StatementDraft) -> Sequence[Statement | StatementDraft]:
    length = len(draft.text)
    near = rows.annotate(length=Length("text")).filter(length__gte=length // 4, length__lte=length * 4)
    return list(near.order_by("-pk")[:COMPARED])


def subjects_of(party: Party) -> Subjects:
    """What each active body of a party deals with: its name, and the commitments that it leads."""
    texts = {body.code: [f"{body.name_en} {body.name_own}"] for body in party.bodies.active()}
    led = Assignment.objects.filter(party=party, lead__code__in=texts).order_by("-pk")
    for code, words in led.values_list("lead__code", "commitment__search_text")[:LEARNT_FROM]:
        texts[code].append(words)
    return Subjects(texts)


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
    found += _counted("no_lead", _without_lead(draft, accepted, codes), must=False)
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


def _without_lead(draft: StatementDraft, accepted: Iterable[ProposedCommitment], codes: set[str]) -> int:
    leads = set(draft.proposals.filter(leads__lead__isnull=False).values_list("pk", "leads__party__code"))
    return sum((row.pk, code) not in leads for row in accepted for code in (row.sides or codes))


def headings_above(draft: StatementDraft) -> dict[int, str]:
    """The heading under which each part stands, by the part's key."""
    found, heading = {}, ""
    for pk, role, text in draft.parts.values_list("pk", "role", "text"):
        heading = text if role in HEADINGS else heading
        found[pk] = heading
    return found
