"""Addresses of the tracker's own pages; one path a line."""

from django.urls import path

from commitments.views.account import choose_language, choose_theme
from commitments.views.commitment_list import commitment_list
from commitments.views.find import find
from commitments.views.overview import overview
from commitments.views.status import change_status
from commitments.views.work import my_work

urlpatterns = [
    path("", overview, name="overview"),
    path("commitments/", commitment_list, name="commitment_list"),
    path("my-work/", my_work, name="my_work"),
    path("statements/<slug:slug>/<str:ref>/<str:party>/status/", change_status, name="change_status"),
    path("find/", find, name="find"),
    path("language/", choose_language, name="choose_language"),
    path("theme/", choose_theme, name="choose_theme"),
]
