"""Sends the mails of invitations: a fresh link for each, handed over once."""

import logging
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from commitments.actions.people import make_link
from commitments.mail.invitation import invitation_mail
from commitments.models.invitation import Invitation

log = logging.getLogger(__name__)
PERMANENT = 500  # SMTP codes from here on say that trying again is of no use (RFC 5321, 4.2.1)


def send_invitations(*, at: datetime) -> int:
    """Send what waits to be sent; how many mails were handed over. Safe to run twice, also at the same time."""
    waiting = Invitation.objects.unsent(at).select_related("body__party", "invited_by").order_by("pk")
    return sum(send_invitation(invitation, at=at) for invitation in waiting)


def send_invitation(invitation: Invitation, *, at: datetime) -> bool:
    """Hand one mail over, outside any transaction; what could not be handed over waits for the next run."""
    token = make_link(invitation, at=at)
    if token is None:
        return False
    mail = invitation_mail(invitation, settings.SITE_URL + reverse("invitation", args=(token,)))
    refusal = hand_over(mail)
    if refusal is None:
        return True
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=None, refusal=refusal)
    return False


def hand_over(mail: EmailMessage) -> str | None:
    """None where the mail server took it; else its words where it refused the address for good, or nothing."""
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        log.warning("The mail server refused a mail: %s", code)
        return f"{code} {words.decode('utf-8', 'replace')}"[:500] if code >= PERMANENT else ""
    except (SMTPException, OSError) as error:
        log.warning("A mail could not be handed over, it is tried again: %s", error)
        return ""
    return None
