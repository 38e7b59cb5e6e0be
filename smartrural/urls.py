"""Addresses: French paths, English names."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import account_home
from portal.views import home
from smartrural import views

urlpatterns = [
    # Sheets after the rooms' own pages: « /acteurs/proposer/ » is no actor. Both before the desk, whose last pattern
    # takes every address under bureau/.
    path("", include("actors.urls")),
    path("", include("portal.urls")),
    path("bureau/", admin.site.urls),
    path("compte/", account_home, name="account_home"),
    path("compte/", include("allauth.urls")),
    path("", home, name="home"),
    path("", include("invitations.urls")),
    path("", include("needs.urls")),
    path("", include("trainings.urls")),
    path("", include("projects.urls")),
    path("diagnostics/", include("diagnostics.urls")),
    path("sante/vif", views.alive, name="alive"),
    path("sante/pret", views.ready, name="ready"),
]

handler500 = "smartrural.views.server_error"
