"""Addresses of the public pages about projects."""

from django.urls import path

from projects import views

app_name = "projects"
urlpatterns = [
    path("projets/", views.project_list, name="project_list"),
    path("projets/<slug:slug>/", views.project, name="project"),
]
