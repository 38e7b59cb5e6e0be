"""Addresses of the pages that look into several rooms."""

from django.urls import path

from portal import actors, views

app_name = "portal"
urlpatterns = [
    path("territoire/", views.territory, name="territory"),
    path("communes/<slug:slug>/", views.municipality, name="municipality"),
    path("acteurs/<slug:slug>/", actors.actor, name="actor"),
]
