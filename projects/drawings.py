"""The map of a project: the municipalities that it concerns, ploughed, the others around them."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from charts import geometry, maps
from charts.chart import Chart
from projects.models import Project
from territory.models import Municipality


def project_map(
    project: Project, municipalities: Sequence[Municipality], *, width: float = 640, height: float = 410
) -> Chart | None:
    """Return where a project is; None where no outline is known.

    `municipalities` are those it concerns, each with its `boundary`; those of the LAG are links to their pages.
    """
    places = list(Municipality.objects.on_map())
    lag = set(Municipality.objects.of_lag().values_list("pk", flat=True))
    concerned = {place.pk for place in municipalities}
    drawn = [place for place in places if place.pk in concerned]
    if not drawn:
        return None
    return maps.choropleth(
        [
            maps.Place(
                code=place.code,
                name=place.name,
                boundary=geometry.read(place.boundary.geometry),
                value=1,
                figure=_("porte le projet") if place.pk == project.lead.municipality_id else _("y participe"),
                short_figure=_("porte") if place.pk == project.lead.municipality_id else _("participe"),
                href=reverse("portal:municipality", args=[place.slug]) if place.pk in lag else "",
            )
            for place in drawn
        ],
        [
            maps.Neighbour(place.name, geometry.read(place.boundary.geometry))
            for place in places
            if place.pk not in concerned
        ],
        key="projet",
        title=_("Où se fait le projet"),
        measure=_("Part"),
        bounds=[0],
        width=width,
        height=height,
    )
