"""Addresses of the catalogue, the sessions, and one's own registrations."""

from django.urls import path

from trainings import feeds, views

app_name = "trainings"
urlpatterns = [
    path("formations/", views.session_list, name="session_list"),
    path("formations/calendrier/", views.month, name="month"),
    path("formations/agenda.ics", feeds.agenda, name="agenda"),
    path("formations/nouveautes.xml", feeds.announcements, name="announcements"),
    path("formations/archives/", views.archive, name="archive"),
    path("formations/seance/<uuid:public_id>/", views.session, name="session"),
    path("formations/seance/<uuid:public_id>/agenda.ics", views.calendar, name="calendar"),
    path("formations/seance/<uuid:public_id>/inscription/", views.register, name="register"),
    path("formations/documents/<uuid:public_id>/", views.document, name="document"),
    path("formations/<slug:slug>/", views.training, name="training"),
    path("formations/<slug:slug>/image", views.image, name="image"),
    path("inscriptions/recue/<str:token>/", views.received, name="received"),
    path("inscriptions/<str:token>/", views.registration, name="registration"),
    path(
        "inscriptions/<str:token>/documents/<uuid:public_id>/",
        views.registration_document,
        name="registration_document",
    ),
    path("inscriptions/<str:token>/modifier/", views.amend, name="amend"),
    path("attestations/<slug:number>/", views.certificate, name="certificate"),
    path("attestations/<slug:number>/attestation.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("evaluations/<str:token>/", views.evaluate, name="evaluate"),
    path("mes-inscriptions/", views.my_registrations, name="my_registrations"),
]
