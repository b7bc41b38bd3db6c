"""Addresses of the tracker's own pages; one path a line."""

from django.urls import path

from commitments.views.account import choose_language, choose_theme
from commitments.views.find import find
from commitments.views.overview import overview

urlpatterns = [
    path("", overview, name="overview"),
    path("find/", find, name="find"),
    path("language/", choose_language, name="choose_language"),
    path("theme/", choose_theme, name="choose_theme"),
]
