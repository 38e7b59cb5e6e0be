"""Addresses of the pages that look into several rooms."""

from django.urls import path

from portal import actors, shared_needs, spaces, views

app_name = "portal"
urlpatterns = [
    path("territoire/", views.territory, name="territory"),
    path("communes/<slug:slug>/", views.municipality, name="municipality"),
    path("besoins/<slug:slug>/", shared_needs.shared_need, name="shared_need"),
    path("acteurs/<slug:slug>/", actors.actor, name="actor"),
    path("mon-espace/", spaces.my_space, name="my_space"),
    path("espace/<slug:slug>/", spaces.space, name="space"),
    path("espace/<slug:slug>/besoins/<slug:need>/position", spaces.stance, name="stance"),
]
