"""Addresses of diagnostics: French paths, English names."""

from django.urls import path

from diagnostics import views

app_name = "diagnostics"
urlpatterns = [
    path("", views.diagnostic_list, name="diagnostic_list"),
    path("demander/", views.diagnostic_request, name="diagnostic_request"),
    path("<uuid:public_id>/", views.diagnostic_page, name="diagnostic_page"),
    path("<uuid:public_id>/avancement", views.diagnostic_progress, name="diagnostic_progress"),
    path("<uuid:public_id>/reessayer", views.diagnostic_retry, name="diagnostic_retry"),
    path("<uuid:public_id>/publier", views.diagnostic_publish, name="diagnostic_publish"),
    path("<uuid:public_id>/fiche.pdf", views.sheet_pdf, name="sheet_pdf"),
    path("<uuid:public_id>/diagnostic.pdf", views.report_pdf, name="report_pdf"),
    path("<uuid:public_id>/donnees.json", views.snapshot_json, name="snapshot_json"),
    path("<uuid:public_id>/tableau/<slug:key>.csv", views.table_csv, name="table_csv"),
]
