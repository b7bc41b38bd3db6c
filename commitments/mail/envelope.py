"""Names and headers that every mail of ours carries."""

from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

AUTOMATIC = {
    "Auto-Submitted": "auto-generated",  # RFC 3834: no absence replies, please
    "X-Auto-Response-Suppress": "All",  # the same for Exchange
}


def mail_domain() -> str:
    """The domain of our own address: the right-hand side of Message-IDs."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def message_id(key: UUID) -> str:
    return f"<{key}@{mail_domain()}>"


def thread_id(subject: str) -> str:
    """A Message-ID that no mail has, which the mails of one series name in References so that they thread."""
    return f"<{subject}.thread@{mail_domain()}>"
