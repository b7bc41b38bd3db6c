"""What a person does about a mail that failed, or that somebody says never came, or did come after all."""

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from commitments.actions.history import Fact, record_change
from commitments.domain.codes import Role, Visibility
from commitments.mail.envelope import message_id
from commitments.models.history import Act
from commitments.models.outbox import ARRIVED, MailState, OutgoingMail, SuppressedAddress
from commitments.models.person import User
from commitments.models.reminder import Reminder, ReminderState


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: User, at: datetime) -> OutgoingMail:
    """Send a mail once more: a failed one is tried anew, a held one goes out as the same bytes, a sent one as a copy.

    For coordinators and managers. Raises ValidationError(code="under_way") while the mail is still being tried.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not may_send_again(by, mail):
        raise PermissionDenied
    if mail.state == MailState.FAILED:
        return _try_anew(mail, at)
    if mail.state == MailState.HELD:
        mail.state, mail.available_at = MailState.UNCERTAIN, at
        mail.save(update_fields=["state", "available_at"])
        return mail
    if mail.state == MailState.SENT:
        return _copy(mail, at)
    raise ValidationError(_("This mail is still being sent."), code="under_way")


@transaction.atomic
def confirm_arrival(mail: OutgoingMail, *, by: User, at: datetime) -> None:
    """A held mail has arrived, as its recipient says: it counts as sent, since its last attempt where there was one.

    For coordinators and managers. Code of refusal: not_held.
    """
    mail = OutgoingMail.objects.select_for_update(of=["self"]).select_related("recipient__body__party").get(pk=mail.pk)
    if not may_send_again(by, mail):
        raise PermissionDenied
    if mail.state != MailState.HELD:
        raise ValidationError(_("Only a mail that is held can be said to have arrived."), code="not_held")
    mail.state, mail.last_code, mail.last_words = MailState.SENT, ARRIVED, ""
    mail.sent_at = mail.attempts_made.aggregate(last=Max("started_at"))["last"] or at
    mail.save(update_fields=["state", "last_code", "last_words", "sent_at"])
    Reminder.objects.filter(mail=mail, state=ReminderState.QUEUED).update(state=ReminderState.SENT)
    party = mail.recipient.body.party if mail.recipient.body else None
    told = {"mail": str(mail.pk), "person": mail.recipient_id}
    record_change(Fact(Act.MAIL_ARRIVED, {}, told, visibility=Visibility.OWN, party=party), by=by, at=at)


def may_send_again(user: User, mail: OutgoingMail) -> bool:
    return user.has_rank(Role.MANAGER) and OutgoingMail.objects.visible_to(user).filter(pk=mail.pk).exists()


def _try_anew(mail: OutgoingMail, at: datetime) -> OutgoingMail:
    """It was refused, so nobody has it: it is written anew, to an address that is trusted again."""
    SuppressedAddress.objects.filter(address__iexact=mail.recipient.email).delete()
    Reminder.objects.filter(mail=mail, state=ReminderState.FAILED).update(state=ReminderState.QUEUED, reason="")
    mail.state, mail.available_at, mail.attempts = MailState.PENDING, at, 0
    mail.save(update_fields=["state", "available_at", "attempts"])
    return mail


def _copy(mail: OutgoingMail, at: datetime) -> OutgoingMail:
    """The same words under a Message-ID of its own, so that no mailbox takes it for one it has."""
    key = uuid.uuid4()
    number = OutgoingMail.objects.filter(recipient=mail.recipient, day=mail.day).aggregate(last=Max("number"))["last"]
    raw = bytes(mail.raw).replace(mail.message_id.encode(), message_id(key).encode(), 1)
    return OutgoingMail.objects.create(
        id=key,
        recipient=mail.recipient,
        day=mail.day,
        number=number + 1,
        resend_of=mail,
        message_id=message_id(key),
        address=mail.recipient.email,
        subject=mail.subject,
        raw=raw,
        created_at=at,
        available_at=at,
    )
