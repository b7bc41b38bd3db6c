"""The mail of an invitation: plain text, in the language chosen for the person."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commitments.models.invitation import Invitation


def invitation_mail(invitation: Invitation, link: str) -> EmailMessage:
    """What the invited person reads; the link is the only secret in it."""
    with translation.override(invitation.language):
        body = _(
            "Dear %(name)s,\n\n"
            "%(inviter)s invites you to Statement Tracker, for %(body)s, %(party)s.\n\n"
            "Choose your password here to open your account:\n%(link)s\n\n"
            "The link works once, until %(until)s. If you did not expect this, you need do nothing."
        ) % {
            "name": invitation.name,
            "inviter": invitation.invited_by,
            "body": invitation.body.name,
            "party": invitation.body.party,
            "link": link,
            "until": date_format(invitation.expires_at, "DATETIME_FORMAT"),
        }
        subject = _("Your account for Statement Tracker")
    return EmailMessage(subject, f"{body}\n", settings.DEFAULT_FROM_EMAIL, [invitation.email])
