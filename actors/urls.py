"""Addresses of the directory and of an actor's own space."""

from django.urls import path

from actors.views import directory, members, names, sheets, subscriptions

app_name = "actors"
urlpatterns = [
    path("acteurs/", directory.directory, name="directory"),
    path("acteurs/liste.csv", directory.listed, name="directory_csv"),
    path("acteurs/noms.json", names.proposed, name="names"),
    path("acteurs/familles/<slug:family>/", directory.family, name="family"),
    path("acteurs/proposer/", sheets.propose, name="propose"),
    path("acteurs/proposer/merci/", sheets.proposed, name="proposed"),
    path("acteurs/<slug:slug>/rejoindre/", sheets.claim, name="claim"),
    path("acteurs/<slug:slug>/erreur/", sheets.correct, name="correct"),
    path("acteurs/<slug:slug>/logo", sheets.logo, name="logo"),
    path("espace/<slug:slug>/fiche/", sheets.sheet, name="sheet"),
    path("espace/<slug:slug>/membres/", members.members, name="members"),
    path(
        "espace/<slug:slug>/membres/<uuid:public_id>/accepter/",
        members.membership_approve,
        name="membership_approve",
    ),
    path(
        "espace/<slug:slug>/membres/<uuid:public_id>/retirer/",
        members.membership_revoke,
        name="membership_revoke",
    ),
    path(
        "espace/<slug:slug>/membres/<uuid:public_id>/refuser/",
        members.membership_decline,
        name="membership_decline",
    ),
    # What stands behind « /lien/ » never reaches the logs.
    path("membre/lien/<str:token>/", members.membership_accept, name="membership_accept"),
    path("me-tenir-au-courant/", subscriptions.subscribe, name="subscribe"),
    path("me-tenir-au-courant/lettre-envoyee/", subscriptions.asked, name="subscription_asked"),
    path("abonnement/confirmer/lien/<str:token>/", subscriptions.confirm, name="subscription_confirm"),
    path("abonnement/choix/lien/<str:token>/", subscriptions.manage, name="subscription_manage"),
    path("abonnement/arret/lien/<str:token>/", subscriptions.stop, name="subscription_stop"),
    path("fiche/lien/<str:token>/", sheets.confirm, name="confirm"),
]
