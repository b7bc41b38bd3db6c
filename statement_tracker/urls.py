"""All addresses: the tracker's own, sign-in, and the administrator's reference rows."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("allauth.account.urls")),
    path("", include("commitments.urls")),
]
