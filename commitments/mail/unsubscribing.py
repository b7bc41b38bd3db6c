"""The link in a digest's head by which a mail program stops it with one click (RFC 8058, RFC 2369).

It is signed and names the mail and the kinds of digest in it, so it can do nothing but switch these off for that
mail's reader, and is the same however often the mail is written.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from commitments.domain.reminders import DIGESTS

SIGNER = Signer(salt="commitments.unsubscribe")


@dataclass(frozen=True, slots=True)
class Told:
    """What a link stands for: a mail, and the digests that its reader got with it."""

    mail: UUID
    kinds: list[str]


def headers(mail: UUID, kinds: list[str]) -> dict[str, str]:
    """The two heads of a mail with these digests; none where there is no digest of the reader's own."""
    if not kinds:
        return {}
    return {
        "List-Unsubscribe": f"<{settings.SITE_URL}{reverse('unsubscribe', args=[token(mail, kinds)])}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def token(mail: UUID, kinds: list[str]) -> str:
    return SIGNER.sign_object([str(mail), *sorted(kinds)])


def told(signed: str) -> Told | None:
    """What a link says; None where we did not sign it."""
    try:
        mail, *kinds = SIGNER.unsign_object(signed)
    except BadSignature:
        return None
    return Told(UUID(mail), [kind for kind in kinds if kind in DIGESTS])
