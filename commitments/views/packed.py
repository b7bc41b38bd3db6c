"""What a page carries from a preview to the saving: signed, for the person who looked at it alone, for a day."""

from typing import Any

from django.core import signing

from commitments.models import User

KEPT_FOR = 24 * 3600  # seconds
LONGEST = 2_000_000  # characters


def pack(content: dict[str, Any], person: User, salt: str) -> str:
    return signing.dumps({**content, "person": person.pk}, salt=salt, compress=True)


def unpack(packed: str, person: User, salt: str) -> dict[str, Any]:
    """What was packed. Raises BadSignature where it is forged, too old or another person's."""
    content = signing.loads(packed, salt=salt, max_age=KEPT_FOR)
    if content["person"] != person.pk:
        raise signing.BadSignature
    return content
