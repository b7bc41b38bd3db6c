"""What the sign-in library asks of this product: mails that cannot be sent, and a government's own sign-on."""

import base64
import hashlib
import hmac
import logging
from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.reauthentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.base.constants import AuthError
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import BigAutoField, Exists, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from requests import RequestException, Session

from commitments.actions.person import save_person
from commitments.domain.codes import Role
from commitments.domain.text import tidy
from commitments.models import Adoption, Body, HistoryHead, PlannerState, SavedView, User
from commitments.models.prepared import Given, prepared
from commitments.views.account import InvitationOnlyAdapter
from commitments.views.errors import error_page
from commitments.views.id_token import REASONS, UntrustedError

log = logging.getLogger(__name__)
LONGEST_NAME = 150  # characters


class Backend(AuthenticationBackend):
    """The library's own, that finds the person of a session in one query with all that every page asks about them."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(iter(person_of_session(person=user_id)), None)
        return user if user and self.user_can_authenticate(user) else None


@prepared(User, person=BigAutoField)
def person_of_session(person: Given) -> QuerySet[User]:
    """`sees_several` is whether there is more than one statement to see, `sees_views` whether any saved view,
    `beside_samples` whether there are sample data; `planned_at` when reminders were last planned and `planning_alarm`
    why they are not; `previous_visit_at` when the visit before this one ended, and `written` the end of the history.
    """
    second = Adoption.objects.filter(party=OuterRef("body__party")).order_by()[1:2]
    views = SavedView.objects.seen_by(OuterRef("pk"), body=OuterRef("body"), party=OuterRef("body__party"))
    planner = PlannerState.objects.filter(pk=1)
    return (
        User.objects.select_related("body__party")
        .filter(pk=person)
        .order_by()
        .annotate(
            sees_several=Exists(second),
            sees_views=Exists(views),
            beside_samples=Exists(User.objects.filter(is_sample=True)),
            planned_at=Subquery(planner.values("last_ok_at")),
            planning_alarm=Subquery(planner.values("alarm")),
            previous_visit_at=F("visit__previous_at"),
            written=Subquery(HistoryHead.objects.filter(pk=1).values("hash")),
        )
    )


class AccountAdapter(InvitationOnlyAdapter):
    """Nobody signs up, and a mail server that is away breaks no page; sign-ins are logged by key, never by name."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("sign-in refused from %s", self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        methods = "+".join(str(record.get("method")) for record in get_authentication_records(request, user))
        log.info("sign-in of person %s from %s by %s", user.pk, self.get_client_ip(request), methods)
        return super().post_login(request, user, **details)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("The mail %s could not be sent: %s", template_prefix, error)


class SecondStepAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second steps encrypted in the database, under keys that stand outside of it."""

    def encrypt(self, text: str) -> str:
        return ciphers().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return ciphers().decrypt(encrypted_text.encode()).decode()


def ciphers() -> MultiFernet:
    """AES-128-CBC with HMAC-SHA256 (the Fernet specification); former keys still open what they closed."""
    return MultiFernet([Fernet(cipher_key(key)) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def cipher_key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hmac.new(secret.encode(), b"second steps at sign-in", hashlib.sha256).digest())


@dataclass(frozen=True, slots=True)
class Place:
    """Where the claims of a government's sign-on put a person."""

    body: Body
    role: Role


class SignOnAdapter(DefaultSocialAccountAdapter):
    """People of a government's own sign-on: known by its `sub`, placed by its claims, each time they sign in."""

    def get_requests_session(self) -> Session:
        """As the library's, with its time limit; an issuer that sends us elsewhere is not followed."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say what went wrong, and what to do; the log says it too."""
        reason = reason_of(error, exception)
        log.warning("sign-on by %s refused: %s (%s)", provider.app.provider_id, reason, exception)
        refused = _("The sign-on of your government let nobody in.")
        refuse(request, f"{refused} {REASONS[reason]}")

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True  # whoever gets this far has a place: `pre_social_login` has refused the others

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse who has no place here, and whose address belongs to an account made by invitation."""
        place = place_of(sociallogin)
        if place is None:
            refuse(request, _("Your sign-on names no body and role of this tracker. Ask your coordinator."))
        if is_of_another_side(request, sociallogin, place):
            refuse(request, _("Your account is of another side than this sign-on."))
        if sociallogin.is_existing:
            keep_place(sociallogin.user, place)
        elif not sociallogin.user.email:
            refuse(request, _("Your sign-on gives no e-mail address."))
        elif not request.user.is_authenticated and is_taken(sociallogin.user.email):
            refuse(request, _("There is an account with this address already: sign in with its password."))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user = sociallogin.user
        user.email = (data.get("email") or "").lower()
        user.name = (" ".join(tidy(data.get("name") or "").split()) or user.email)[:LONGEST_NAME]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the account with the place that the claims give, as a line of the side's history."""
        user, place = sociallogin.user, place_of(sociallogin)
        user.set_unusable_password()
        user.body, user.role = place.body, place.role
        with transaction.atomic():
            save_person(user, by=user, at=timezone.now())
            sociallogin.save(request)
        return user


def reason_of(error: str | None, exception: Exception | None) -> str:
    """A key of REASONS."""
    if isinstance(exception, UntrustedError):
        return exception.reason
    if isinstance(exception, RequestException):
        return "away"
    if exception:
        return "incomplete"
    return "cancelled" if error == AuthError.CANCELLED else "state"


def place_of(sociallogin: SocialLogin) -> Place | None:
    """The body and role that the claims name; None where they name none of the sign-on's own government."""
    about = sociallogin.provider.app.settings
    told = sociallogin.account.extra_data
    claims = told["id_token"] | told.get("userinfo", {})
    code, role = claims.get(about["body_claim"]), claims.get(about["role_claim"])
    if not isinstance(code, str) or not isinstance(role, str):
        return None
    code, role = about["bodies"].get(code, code), about["roles"].get(role, role)
    if role not in list(Role):
        return None
    body = Body.objects.active().filter(party__code=about["party"], code=code).first()
    return Place(body, Role(role)) if body else None


def is_of_another_side(request: HttpRequest, sociallogin: SocialLogin, place: Place) -> bool:
    """An account never changes sides: not one that is known, and not one that a signed-in person would connect."""
    user = sociallogin.user if sociallogin.is_existing else request.user
    return user.is_authenticated and user.party_id not in (None, place.body.party_id)


def keep_place(user: User, place: Place) -> None:
    """Follow the claims where they have changed; a closed account stays closed."""
    if (user.body_id, user.role) != (place.body.pk, place.role):
        user.body, user.role = place.body, place.role
        save_person(user, by=user, at=timezone.now())


def is_taken(address: str) -> bool:
    return User.objects.filter(email__iexact=address).exists()


def refuse(request: HttpRequest, reason: str) -> None:
    raise ImmediateHttpResponse(error_page(request, "errors/403.html", 403, reason=reason))
