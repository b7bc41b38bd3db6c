"""What the sign-in library asks of this product: mails that cannot be sent, and a ministry's own sign-on."""

import logging
from smtplib import SMTPException
from typing import Any

from commitments.views.account import InvitationOnlyAdapter

log = logging.getLogger(__name__)


class AccountAdapter(InvitationOnlyAdapter):
    """Nobody signs up, and a mail server that is away breaks no page."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("The mail %s could not be sent: %s", template_prefix, error)
