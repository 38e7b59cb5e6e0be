"""Addresses of surveys and needs."""

from django.urls import path

from needs import views

app_name = "needs"
urlpatterns = [
    path("enquetes/", views.survey_list, name="survey_list"),
    path("enquetes/<slug:slug>/", views.survey, name="survey"),
    path("enquetes/<slug:slug>/commencer/", views.response_start, name="response_start"),
    path("enquetes/<slug:slug>/<uuid:public_id>/", views.response, name="response"),
    path("enquetes/<slug:slug>/<uuid:public_id>/relire/", views.response_review, name="response_review"),
    path("enquetes/<slug:slug>/<uuid:public_id>/<slug:section>/", views.response_section, name="section"),
    path(
        "enquetes/<slug:slug>/<uuid:public_id>/<slug:section>/enregistrer",
        views.section_autosave,
        name="section_autosave",
    ),
    path("besoins/", views.shared_need_list, name="shared_need_list"),
]
