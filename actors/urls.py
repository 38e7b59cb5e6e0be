"""Addresses of the directory and of an actor's own space."""

from django.urls import path

from actors import subscriptions, views

app_name = "actors"
urlpatterns = [
    path("acteurs/", views.directory, name="directory"),
    path("acteurs/familles/<slug:family>/", views.family, name="family"),
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
    # What stands behind « /lien/ » never reaches the logs.
    path("membre/lien/<str:token>/", views.membership_accept, name="membership_accept"),
    path("me-tenir-au-courant/", subscriptions.subscribe, name="subscribe"),
    path("me-tenir-au-courant/lettre-envoyee/", subscriptions.asked, name="subscription_asked"),
    path("abonnement/confirmer/lien/<str:token>/", subscriptions.confirm, name="subscription_confirm"),
    path("abonnement/choix/lien/<str:token>/", subscriptions.manage, name="subscription_manage"),
    path("abonnement/arret/lien/<str:token>/", subscriptions.stop, name="subscription_stop"),
]
