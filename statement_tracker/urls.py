"""All addresses: the tracker's own, sign-in, and the administrator's reference rows."""

from django.contrib import admin
from django.urls import include, path

from commitments.views.closed import closed
from commitments.views.health import healthz, readyz
from commitments.views.sign_on import sign_on_callback

CLOSED = ("email/", "confirm-email/", "confirm-email/<str:key>/", "login/code/confirm/", "password/set/")

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    *(path(f"account/{address}", closed) for address in CLOSED),
    path("account/", include("allauth.account.urls")),
    path("account/two-step/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/sign-on/", include("allauth.socialaccount.urls")),
    path("account/sign-on/oidc/<str:provider_id>/login/callback/", sign_on_callback, name="openid_connect_callback"),
    path("account/sign-on/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("", include("commitments.urls")),
]
handler400 = "commitments.views.errors.bad_request"
handler403 = "commitments.views.errors.permission_denied"
handler404 = "commitments.views.errors.page_not_found"
handler500 = "commitments.views.errors.server_error"
