"""Addresses of the pages that look into several rooms."""

from django.urls import path

from portal import actors, people, reports, shared_needs, spaces, views

app_name = "portal"
urlpatterns = [
    path("territoire/", views.territory, name="territory"),
    path("communes/<slug:slug>/", views.municipality, name="municipality"),
    path("besoins/<slug:slug>/", shared_needs.shared_need, name="shared_need"),
    path("acteurs/<slug:slug>/", actors.actor, name="actor"),
    path("mon-espace/", spaces.my_space, name="my_space"),
    path("espace/<slug:slug>/", spaces.space, name="space"),
    path("espace/<slug:slug>/besoins/<slug:need>/position", spaces.stance, name="stance"),
    path("rapports/activite/", reports.activity_report, name="activity"),
    path("rapports/activite/rapport.pdf", reports.activity_pdf, name="activity_pdf"),
    path("rapports/activite/preuves", reports.activity_evidence, name="activity_evidence"),
    path("bureau/historique/personne/<uuid:public_id>/", people.contact_timeline, name="contact_timeline"),
    path(
        "bureau/historique/personne/<uuid:public_id>/donnees",
        people.contact_extract,
        name="contact_extract",
    ),
    path(
        "bureau/historique/personne/<uuid:public_id>/effacer",
        people.contact_erasure,
        name="contact_erasure",
    ),
    path("bureau/personne/", people.person, name="person"),
    path("bureau/personne/donnees", people.person_extract, name="person_extract"),
    path("bureau/personne/effacer", people.person_erasure, name="person_erasure"),
    path("bureau/historique/acteur/<uuid:public_id>/", people.actor_timeline, name="actor_timeline"),
]
