"""Telling coordinators by mail that their side is asked to agree to a draft, and what was answered."""

from datetime import datetime

from commitments.actions.inviting import hand_over
from commitments.domain.codes import Role
from commitments.mail.draft_mail import draft_mail
from commitments.models.draft import DraftAgreement, DraftNotice
from commitments.models.outbox import SuppressedAddress
from commitments.models.party import Party
from commitments.models.person import User


def tell_asked(agreement: DraftAgreement) -> None:
    """A mail to each coordinator of the side that is asked; asked anew, what was not sent yet is not sent twice."""
    agreement.notices.filter(sent_at=None).delete()
    _tell(agreement, agreement.party, is_answer=False, at=agreement.asked_at)


def tell_answered(agreement: DraftAgreement, at: datetime) -> None:
    """A mail to each coordinator of the side that asked."""
    agreement.notices.filter(sent_at=None, is_answer=True).delete()
    _tell(agreement, agreement.draft.party, is_answer=True, at=at)


def _tell(agreement: DraftAgreement, party: Party, *, is_answer: bool, at: datetime) -> None:
    people = (
        User.objects.active()
        .of_party(party)
        .filter(role=Role.COORDINATOR)
        .exclude(email__in=SuppressedAddress.objects.values("address"))
    )
    DraftNotice.objects.bulk_create(
        [DraftNotice(agreement=agreement, person=person, is_answer=is_answer, made_at=at) for person in people]
    )


def send_draft_notices(*, at: datetime) -> int:
    """Send what waits to be sent; how many mails were handed over. Safe to run twice, also at the same time."""
    waiting = DraftNotice.objects.unsent().select_related(
        "person", "agreement__party", "agreement__asked_by", "agreement__draft__party"
    )
    return sum(_send(notice, at) for notice in waiting.order_by("pk"))


def _send(notice: DraftNotice, at: datetime) -> bool:
    """Hand one mail over, outside any transaction, by the one run that took it first."""
    mine = DraftNotice.objects.filter(pk=notice.pk, sent_at=None).update(sent_at=at)
    if not mine:
        return False
    refusal = hand_over(draft_mail(notice))
    if refusal is None:
        return True
    DraftNotice.objects.filter(pk=notice.pk).update(sent_at=None, refusal=refusal)
    return False
