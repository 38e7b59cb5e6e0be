"""Addresses of the directory and of an actor's own space."""

from django.urls import path

from actors import views

app_name = "actors"
urlpatterns = [
    path("acteurs/", views.directory, name="directory"),
    path("acteurs/familles/<slug:family>/", views.family, name="family"),
]
