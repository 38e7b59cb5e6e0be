"""Addresses of personal links: each holds a token, which no log keeps."""

from django.urls import path

from invitations import views

app_name = "invitations"
urlpatterns = [
    path("invitation/<token>/", views.open_invitation, name="open"),
    path("desinscription/<token>/", views.opt_out, name="opt_out"),
]
