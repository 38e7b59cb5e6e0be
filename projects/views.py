"""Public pages: the list of projects, its board, a project's sheet."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import drawings, figures
from projects.filters import ProjectFilter
from projects.models import Project

PER_PAGE = 20
BOARD = "tableau"
"""What the address calls the board."""


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Projects that answer to the filters: a list, or a board by state of the same."""
    filter = ProjectFilter(request.GET, Project.objects.visible_to(request.user))
    found = filter.found()
    as_board = request.GET.get("vue") == BOARD
    page = Paginator(found.with_lead().with_places(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "projects/project_list.html",
        {
            "filter": filter,
            "fields": [filter.form[name] for name in ("etat", "commune", "theme", "dimension")],
            "page": page,
            "told": figures.told(page.paginator.count),
            "as_board": as_board,
            "columns": _columns(filter, found) if as_board else [],
            "views": [
                (_("Liste"), filter.address(), not as_board),
                (_("Tableau par état"), filter.address(vue=BOARD), as_board),
            ],
            "trail": [(_("Accueil"), reverse("home"))],
        },
    )


def _columns(filter: ProjectFilter, found) -> list[tuple[figures.Column, str]]:
    """Return each column of the board with the address of all its projects."""
    return [(column, filter.address(etat=column.state)) for column in figures.board(found.with_lead())]


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """A project's sheet: why, who, where, when; a former address leads to the present one."""
    visible = Project.objects.visible_to(request.user)
    found = visible.filter(slug=slug).select_related("lead", "lag_contact", "action_sheet").first()
    if found is None:
        moved = get_object_or_404(visible, former_slugs__slug=slug)
        return redirect(moved, permanent=True)
    municipalities = list(found.municipalities.all())
    milestones = list(found.milestones.select_related("responsible"))
    for milestone in milestones:
        milestone.project = found
    return render(
        request,
        "projects/project.html",
        {
            "project": found,
            "municipalities": municipalities,
            "map": drawings.project_map(found, municipalities),
            "reasons": figures.reasons(found, request.user),
            "partners": figures.partners(found),
            "milestones": milestones,
            "news": figures.latest(found, milestones),
            "themes": [*found.themes.all(), *found.dimensions.all()],
            "objectives": list(found.objectives.all()),
            "today": timezone.localdate(),
            "trail": [(_("Accueil"), reverse("home")), (_("Projets"), reverse("projects:project_list"))],
        },
    )
