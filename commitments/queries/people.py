"""The people of one side, as its coordinator sees them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from commitments.models import Invitation, User


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An open invitation and what has become of its mail."""

    invitation: Invitation
    state: str  # waiting, refused, sent, expired


def people_of(user: User) -> QuerySet[User]:
    """Everybody of the own side, body by body; closed accounts last, erased ones not at all."""
    return (
        User.objects.filter(body__party=user.party_id, erased_at=None)
        .select_related("body__party")
        .annotate(desk=Count("assignments"))
        .order_by("-is_active", "body__name_en", "name", "pk")
    )


def open_invitations(user: User, at: datetime) -> list[InvitationLine]:
    rows = Invitation.objects.visible_to(user).open().select_related("body__party", "invited_by")
    return [InvitationLine(row, state_of(row, at)) for row in rows]


def state_of(invitation: Invitation, at: datetime) -> str:
    if at >= invitation.expires_at:
        return "expired"
    if invitation.refusal:
        return "refused"
    return "sent" if invitation.sent_at else "waiting"
