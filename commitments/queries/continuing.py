"""Earlier commitments between the same parties, which a new statement may carry on."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from commitments.domain.continuing import Earlier, Wording
from commitments.models import Commitment, Indicator, Statement, StatementDraft

NEAR = 0.8  # of what is nearly as alike as the most alike, the newest is carried on


def earlier_commitments(draft: StatementDraft) -> dict[int, Commitment]:
    """The commitments of earlier statements that the draft's parties adopted, they and no other, by their keys."""
    rows = Commitment.objects.filter(statement__in=earlier_statements(draft)).select_related("statement", "paragraph")
    return {row.pk: row for row in rows}


def earlier_statements(draft: StatementDraft) -> QuerySet[Statement]:
    """Statements that exactly the draft's parties adopted, before its day where that is known."""
    parties = list(draft.parties.all())
    counts = Statement.objects.annotate(
        all_parties=Count("adoptions", distinct=True),
        of_these=Count("adoptions", Q(adoptions__party__in=parties), distinct=True),
    )
    same = counts.filter(all_parties=len(parties), of_these=len(parties)) if parties else counts.none()
    same = same.exclude(sha256=draft.sha256)
    return same.filter(adopted_on__lt=draft.adopted_on) if draft.adopted_on else same


def wordings_of(rows: Iterable[Commitment]) -> list[Wording]:
    """Their words and targets, in two queries whatever their number."""
    rows = list(rows)
    measured = Indicator.objects.filter(commitment__in=[row.pk for row in rows], target__isnull=False)
    targets = {each.commitment_id: _target(each.target, each.unit) for each in measured}
    return [Wording(row.pk, f"{row.title} {row.quote}", targets.get(row.pk, "")) for row in rows]


def _target(amount: Decimal | None, unit: str) -> str:
    return "" if amount is None else f"{amount.normalize():f} {unit}"


class Continuations:
    """The earlier commitments of a draft, ready to be compared with its proposals."""

    def __init__(self, draft: StatementDraft) -> None:
        self._rows = earlier_commitments(draft)
        self._earlier = Earlier(wordings_of(self._rows.values()))

    def of(self, words: str, amount: Decimal | None, unit: str) -> Commitment | None:
        """The one that those words carry on: of those nearly as alike as the most alike, the newest."""
        found = self._earlier.continued_by(Wording(None, words, _target(amount, unit)))
        near = [self._rows[each.key] for each in found if each.share >= NEAR * found[0].share]
        return max(near, key=lambda row: row.statement.adopted_on, default=None)
