"""Addresses of the directory and of an actor's own space."""

from django.urls import path

from actors import sheetviews, views

app_name = "actors"
urlpatterns = [
    path("acteurs/", views.directory, name="directory"),
    path("acteurs/familles/<slug:family>/", views.family, name="family"),
    path("acteurs/proposer/", sheetviews.propose, name="propose"),
    path("acteurs/proposer/merci/", sheetviews.proposed, name="proposed"),
    path("acteurs/<slug:slug>/rejoindre/", sheetviews.claim, name="claim"),
    path("acteurs/<slug:slug>/erreur/", sheetviews.correct, name="correct"),
    path("acteurs/<slug:slug>/logo", sheetviews.logo, name="logo"),
    path("espace/<slug:slug>/fiche/", sheetviews.sheet, name="sheet"),
    path("espace/<slug:slug>/membres/", views.members, name="members"),
    path(
        "espace/<slug:slug>/membres/<uuid:public_id>/accepter/",
        views.membership_approve,
        name="membership_approve",
    ),
    path(
        "espace/<slug:slug>/membres/<uuid:public_id>/retirer/",
        views.membership_revoke,
        name="membership_revoke",
    ),
    path(
        "espace/<slug:slug>/membres/<uuid:public_id>/refuser/",
        views.membership_decline,
        name="membership_decline",
    ),
    # What stands behind « /lien/ » never reaches the logs.
    path("membre/lien/<str:token>/", views.membership_accept, name="membership_accept"),
    path("fiche/lien/<str:token>/", sheetviews.confirm, name="confirm"),
]
