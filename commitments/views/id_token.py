"""Whether an ID token may be trusted: signed, ours, fresh, of this sign-in (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
NEEDED = ["iss", "sub", "aud", "exp", "iat"]
LEEWAY = 30  # seconds between the issuer's clock and ours
REASONS: dict[str, Promise] = {
    "away": _("It does not answer just now. Try again in a few minutes."),
    "cancelled": _("You did not finish it. Start again from the sign-in page."),
    "state": _("This sign-in was begun elsewhere, or too long ago. Start again from the sign-in page."),
    "nonce": _("Its answer belongs to another sign-in. Start again from the sign-in page."),
    "signature": _("Its answer is not signed with its own key."),
    "issuer": _("Its answer comes from another issuer."),
    "audience": _("Its answer was made for another application."),
    "expired": _("Its answer has expired, or the clocks disagree. Start again from the sign-in page."),
    "strength": _("It did not ask you for the second step that is required here."),
    "incomplete": _("Its answer is incomplete or cannot be read."),
}


class UntrustedError(OAuth2Error):
    """An answer of a sign-on that lets nobody in; `reason` is a key of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def trusted_claims(token: str, keys: list[dict[str, Any]], *, issuer: str, audience: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that is signed by the issuer, meant for us and of this sign-in. Raises UntrustedError."""
    try:
        algorithm, key = signer(token, keys)
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError, jwt.InvalidIssuedAtError) as error:
        raise UntrustedError("expired") from error
    except jwt.InvalidAudienceError as error:
        raise UntrustedError("audience") from error
    except jwt.InvalidIssuerError as error:
        raise UntrustedError("issuer") from error
    except jwt.InvalidSignatureError as error:
        raise UntrustedError("signature") from error
    except jwt.PyJWTError as error:
        raise UntrustedError("incomplete") from error
    if claims.get("azp", audience) != audience:
        raise UntrustedError("audience")
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise UntrustedError("nonce")
    return claims


def signer(token: str, keys: list[dict[str, Any]]) -> tuple[str, jwt.PyJWK]:
    """The algorithm and the issuer's key that the token names; never a shared secret, never none at all."""
    header = jwt.get_unverified_header(token)
    algorithm, name = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise UntrustedError("signature")
    fitting = [key for key in keys if key.get("use", "sig") == "sig" and (name is None or key.get("kid") == name)]
    if len(fitting) != 1:
        raise UntrustedError("signature")
    return algorithm, jwt.PyJWK(fitting[0], algorithm)
