"""Who has confirmed a commitment, and whether that makes both sides."""

from dataclasses import dataclass

from commitments.models import Commitment, Confirmation, User
from commitments.models.confirmation import confirmed_by_all
from commitments.models.permission import may_confirm
from commitments.queries.past import past_shown


@dataclass(frozen=True, slots=True)
class Confirmations:
    standing: list[Confirmation]
    by_all: bool
    is_own: bool
    may_confirm: bool


def confirmations_of(commitment: Commitment, user: User, *, has_any: bool = True) -> Confirmations:
    """What each side has said and still stands; the commitment comes with its assignments."""
    rows = Confirmation.objects.visible_to(user).filter(commitment=commitment).standing()
    standing = list(rows.select_related("party", "by__body")) if has_any else []
    return Confirmations(
        standing=standing,
        by_all=bool(confirmed_by_all([commitment.pk])) if standing else False,
        is_own=any(row.party_id == user.party_id for row in standing),
        may_confirm=past_shown() is None and may_confirm(user, commitment),
    )
