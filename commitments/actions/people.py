"""A coordinator manages the people of the own side: invitations, roles, bodies, leaving. Nobody of another side."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from commitments.actions.assignment import name_officer
from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Role, Visibility
from commitments.models.commitment import Assignment
from commitments.models.history import Act
from commitments.models.invitation import LIFETIME, Invitation
from commitments.models.party import Body
from commitments.models.permission import may_manage, may_manage_people
from commitments.models.person import User

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Invitee:
    """Who is invited, and to what."""

    email: str
    name: str
    body: Body
    role: Role
    language: str = "en"


@transaction.atomic
def invite(invitee: Invitee, *, by: User, at: datetime) -> Invitation:
    """Invite a person to a body of the own side; the mail is sent by a task.

    Codes of refusal: not_of_the_party, has_account, is_invited.
    """
    if not may_manage_people(by):
        raise PermissionDenied
    _check_body(invitee.body, by)
    email = invitee.email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError(_("There is an account with this address already."), code="has_account")
    if Invitation.objects.open().filter(email__iexact=email).exists():
        raise ValidationError(_("This address has an open invitation already."), code="is_invited")
    invitation = Invitation.objects.create(
        email=email,
        name=invitee.name,
        body=invitee.body,
        role=invitee.role,
        language=invitee.language,
        invited_by=by,
        invited_at=at,
        expires_at=at + LIFETIME,
    )
    after = {"invitation": invitation.pk, "body": invitee.body.pk, "role": invitee.role}
    _record({}, after, by=by, at=at)
    return invitation


@transaction.atomic
def renew_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Send a new link; the one before stops working at once."""
    row = _locked_invitation(invitation, by)
    row.token_sha256, row.sent_at, row.refusal, row.expires_at = None, None, "", at + LIFETIME
    row.save(update_fields=["token_sha256", "sent_at", "refusal", "expires_at"])
    _record({}, {"invitation": row.pk, "renewed": True}, by=by, at=at)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Take an invitation back; its link stops working at once."""
    row = _locked_invitation(invitation, by)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    _record({}, {"invitation": row.pk, "revoked": True}, by=by, at=at)


@transaction.atomic
def make_link(invitation: Invitation, *, at: datetime) -> str | None:
    """A new secret for the link of a mail that is about to be sent; None where another sender was quicker."""
    row = Invitation.objects.select_for_update().unsent(at).filter(pk=invitation.pk).first()
    if row is None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_sha256, row.sent_at = digest(token), at
    row.save(update_fields=["token_sha256", "sent_at"])
    return token


def digest(token: str) -> str:
    """SHA-256 of a link's secret, all that is kept of it; the secret is long and random, so it needs no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def invitation_of(token: str) -> Invitation | None:
    """The invitation whose newest link this is, whatever became of it."""
    return Invitation.objects.select_related("body__party").filter(token_sha256=digest(token)).first()


@transaction.atomic
def accept_invitation(token: str, *, name: str, password: str, language: str, at: datetime) -> User:
    """Make the account that the link stands for; the link works once.

    Raises ValidationError(code="link_ended") where it was used, taken back, replaced or is too old.
    """
    found = invitation_of(token)
    row = found and Invitation.objects.select_for_update(of=["self"]).select_related("body__party").get(pk=found.pk)
    if row is None or row.token_sha256 != digest(token) or not row.is_valid(at):
        raise ValidationError(_("This invitation no longer works."), code="link_ended")
    if User.objects.filter(email__iexact=row.email).exists():
        raise ValidationError(_("There is an account with this address already."), code="has_account")
    person = User.objects.create_user(row.email, password, name=name, body=row.body, role=row.role, language=language)
    row.person, row.accepted_at = person, at
    row.save(update_fields=["person", "accepted_at"])
    after = {"person": person.pk, "invitation": row.pk, "body": row.body_id, "role": row.role}
    _record({"person": person.pk}, after, by=person, at=at)
    return person


@transaction.atomic
def set_role(person: User, role: Role, *, by: User, at: datetime) -> None:
    """Give another role; it holds from the next page on.

    Codes of refusal: last_coordinator, has_assignments (a reader can be nobody's desk officer).
    """
    row = _locked_person(person, by)
    if role == row.role:
        return
    if role != Role.COORDINATOR:
        _keep_a_coordinator(row)
    if role == Role.READER:
        _check_hands_are_free(row)
    before = {"person": row.pk, "role": row.role}
    row.role = role
    row.save(update_fields=["role"])
    _record(before, {"person": row.pk, "role": role}, by=by, at=at)


@transaction.atomic
def set_body(person: User, body: Body, *, by: User, at: datetime) -> None:
    """Move a person to another body of the same side, with empty hands.

    Codes of refusal: not_of_the_party, has_assignments.
    """
    row = _locked_person(person, by)
    _check_body(body, by)
    if body.pk == row.body_id:
        return
    _check_hands_are_free(row)
    before = {"person": row.pk, "body": row.body_id}
    row.body = body
    row.save(update_fields=["body"])
    _record(before, {"person": row.pk, "body": body.pk}, by=by, at=at)


@transaction.atomic
def hand_over(person: User, successor: User, *, by: User, at: datetime) -> int:
    """Name a colleague of the same body desk officer of everything that the person answers for; how many it were.

    Code of refusal: not_of_the_body.
    """
    row = _locked_person(person, by)
    if successor.pk == row.pk or successor.body_id != row.body_id or not successor.has_rank(Role.OFFICER):
        raise ValidationError(_("Choose an active desk officer of the same body."), code="not_of_the_body")
    assignments = _assignments_of(row)
    for assignment in assignments:
        name_officer(assignment, successor, by=by, at=at)
    if assignments:
        after = {"person": row.pk, "successor": successor.pk, "assignments": len(assignments)}
        _record({"person": row.pk}, after, by=by, at=at)
    return len(assignments)


@transaction.atomic
def deactivate(person: User, *, successor: User | None = None, by: User, at: datetime) -> None:
    """Close an account and end its sessions at once; its assignments go to the successor, or lose their officer.

    Codes of refusal: last_coordinator, yourself, and those of `hand_over`.
    """
    row = _locked_person(person, by)
    if row.pk == by.pk:
        raise ValidationError(_("Another coordinator closes your own account."), code="yourself")
    if not row.is_active:
        return
    _keep_a_coordinator(row)
    if successor:
        hand_over(row, successor, by=by, at=at)
    for assignment in _assignments_of(row):
        name_officer(assignment, None, by=by, at=at)
    row.is_active = False
    row.save(update_fields=["is_active"])
    end_sessions(row)
    _record({"person": row.pk, "active": True}, {"person": row.pk, "active": False}, by=by, at=at)


@transaction.atomic
def reactivate(person: User, *, by: User, at: datetime) -> None:
    """Open a closed account again, with the password it had."""
    row = _locked_person(person, by)
    if row.is_active:
        return
    row.is_active = True
    row.save(update_fields=["is_active"])
    _record({"person": row.pk, "active": False}, {"person": row.pk, "active": True}, by=by, at=at)


@transaction.atomic
def reset_second_step(person: User, *, by: User, at: datetime) -> None:
    """Take away passkeys, app and recovery codes that a person has lost, and end all sessions; never one's own."""
    row = _locked_person(person, by)
    if row.pk == by.pk:
        raise ValidationError(_("Another coordinator resets your own second step."), code="yourself")
    Authenticator.objects.filter(user=row).delete()
    end_sessions(row)
    _record({"person": row.pk}, {"person": row.pk, "second_step_reset": True}, by=by, at=at)


def end_sessions(person: User) -> None:
    """End every session of the account, on whatever device."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def _locked_person(person: User, by: User) -> User:
    row = User.objects.select_for_update(of=["self"]).select_related("body__party").get(pk=person.pk)
    if not may_manage(by, row):
        raise PermissionDenied
    return row


def _locked_invitation(invitation: Invitation, by: User) -> Invitation:
    row = Invitation.objects.select_for_update().visible_to(by).filter(pk=invitation.pk).first()
    if row is None:
        raise PermissionDenied
    if row.accepted_at or row.revoked_at:
        raise ValidationError(_("This invitation no longer works."), code="link_ended")
    return row


def _check_body(body: Body, by: User) -> None:
    if body.party_id != by.party_id or not body.is_active:
        raise ValidationError(_("Choose an active body of this side."), code="not_of_the_party")


def _keep_a_coordinator(person: User) -> None:
    """Refuse to take the last one: nobody could let a new one in."""
    if person.role != Role.COORDINATOR or not person.is_active:
        return
    coordinators = User.objects.active().of_party(person.party_id).filter(role=Role.COORDINATOR)
    if not any(
        other != person.pk for other in coordinators.select_for_update(of=["self"]).values_list("pk", flat=True)
    ):
        raise ValidationError(
            _("This is the only coordinator of the side: name another one first."), code="last_coordinator"
        )


def _check_hands_are_free(person: User) -> None:
    count = Assignment.objects.filter(officer=person).count()
    if count:
        raise ValidationError(
            _("Hand over first: this person is desk officer of %(count)s commitments."),
            code="has_assignments",
            params={"count": count},
        )


def _assignments_of(person: User) -> list[Assignment]:
    return list(Assignment.objects.filter(officer=person).order_by("pk"))


def _record(before: dict[str, Any], after: dict[str, Any], *, by: User, at: datetime) -> None:
    """One row of the history, for the own side alone: keys and codes, no name and no address."""
    fact = Fact(Act.PERSON_CHANGED, before, after, visibility=Visibility.OWN, party=by.body.party)
    record_change(fact, by=by, at=at)
