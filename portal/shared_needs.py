"""A shared need's page: what is lacking, which communes said so, how far each goes, and what answers it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from needs import figures
from needs.models import SharedNeed
from projects.models import Project
from territory.models import Municipality
from trainings.models import Training


@require_safe
def shared_need(request: HttpRequest, slug: str) -> HttpResponse:
    """The shared need, with the projects and trainings that answer it, as far as the person may see them."""
    found = get_object_or_404(SharedNeed.objects.visible_to(request.user).with_communes(), slug=slug)
    municipalities = list(Municipality.objects.of_lag())
    row = figures.matrix([found], municipalities)[0]
    return render(
        request,
        "portal/shared_need.html",
        {
            "shared_need": found,
            "row": row,
            "cells": list(zip(municipalities, row.cells, strict=True)),
            "projects": Project.objects.visible_to(request.user).answering(found).with_lead(),
            "trainings": Training.objects.visible_to(request.user).answering(found),
            "trail": [(_("Accueil"), reverse("home")), (_("Besoins"), reverse("needs:shared_need_list"))],
        },
    )
