"""A government's own sign-on: each begun with a nonce of its own, each answer checked before anybody is let in."""

from functools import cached_property
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from requests import RequestException

from commitments.views.id_token import UntrustedError, trusted_claims

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
NONCE_LENGTH = 32  # characters, 190 bits


class SignOnTalk(OpenIDConnectOAuth2Adapter):
    """What is said between this product and an issuer."""

    nonce = ""  # of the sign-in that the browser comes back from

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The issuer's own description, which must be of the issuer that the settings name."""
        provider = self.get_provider()
        config = self.fetched(provider.server_url)
        if str(config.get("issuer", "")).rstrip("/") != provider.app.settings["server_url"]:
            raise UntrustedError("issuer")
        if not all(isinstance(config.get(name), str) for name in ENDPOINTS):
            raise UntrustedError("incomplete")
        return config

    def fetched(self, address: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
            content = answer.json()
        if not isinstance(content, dict):
            raise UntrustedError("incomplete")
        return content

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Take the claims of a trusted ID token; those of userinfo only where they are of the same person."""
        id_token = kwargs["response"].get("id_token")
        keys = self.fetched(self.openid_config["jwks_uri"]).get("keys")
        if not isinstance(id_token, str) or not isinstance(keys, list):
            raise UntrustedError("incomplete")
        claims = trusted_claims(
            id_token, keys, issuer=self.openid_config["issuer"], audience=app.client_id, nonce=self.nonce
        )
        if app.settings["acr"] and claims.get("acr") not in app.settings["acr"]:
            raise UntrustedError("strength")
        data = {"id_token": claims}
        if "userinfo_endpoint" in self.openid_config:
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != claims["sub"]:
                raise UntrustedError("incomplete")
        return self.get_provider().sociallogin_from_response(request, data)


class SignOnProvider(OpenIDConnectProvider):
    """Begins a sign-on; settings name this class for allauth."""

    oauth2_adapter_class = SignOnTalk

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return {}  # an address of ours adds nothing to what the issuer is asked

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Ask with a nonce that the session keeps, and for the strength that the settings require."""
        nonce = get_random_string(NONCE_LENGTH)
        asked = {"nonce": nonce}
        if self.app.settings["acr"]:
            asked["acr_values"] = " ".join(self.app.settings["acr"])
        kwargs |= {"auth_params": asked, "nonce": nonce}
        try:
            return super().redirect(request, process, next_url, data, **kwargs)
        except (RequestException, OAuth2Error) as error:
            return render_authentication_error(request, self, exception=error)


class ComeBack(OAuth2CallbackView):
    adapter: SignOnTalk

    def _get_state(
        self, request: HttpRequest, provider: SignOnProvider
    ) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


@login_not_required
def sign_on_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The address that the issuer sends the browser back to."""
    talk = SignOnTalk(request, provider_id)
    try:
        return ComeBack.adapter_view(talk)(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (RequestException, OAuth2Error) as error:
        return render_authentication_error(request, talk.get_provider(), exception=error)
