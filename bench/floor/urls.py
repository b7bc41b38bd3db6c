"""The floor's pages: one for each kind of page of the tracker."""

from django.urls import path

from bench.floor import views

urlpatterns = [
    path("list/", views.commitment_list),
    path("export/", views.export),
    path("summary/", views.summary),
    path("work/", views.work),
    path("read/<slug:slug>/", views.read),
    path("detail/<int:pk>/", views.detail),
    path("note/<int:pk>/", views.note),
]
