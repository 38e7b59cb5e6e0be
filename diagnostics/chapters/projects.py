"""Portfolio of co-built projects: their state, who funds them, which shared need each answers."""

from collections.abc import Mapping

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charts import Chart, bars
from diagnostics import words
from diagnostics.chapters import chapter
from diagnostics.frame import Frame
from needs.models import SharedNeed
from projects import figures
from projects.choices import PartnerRole
from projects.models import Partnership, Project

KEY, NUMBER, NAME, BASIS = "projects", 11, gettext_lazy("Projets"), chapter.COUNTED


def collect(frame: Frame) -> dict:
    """Return published `projects` that concern a municipality of the frame, and their number by `states`.

    A project: title, state, lead, municipalities, funders and needs (by name; published needs alone), steps
    reached and in all, late ones, own (it concerns the commune).
    """
    concerned = Project.objects.published().filter(municipalities__in=frame.communes)
    projects = Project.objects.filter(pk__in=concerned.values("pk")).order_by("title", "pk")
    rows = figures.portfolio(projects, frame.today)
    if not rows:
        raise chapter.NoMatter(_("aucun projet publié ne concerne encore ce territoire."))
    linked = {project.slug: project for project in projects.prefetch_related(*_links())}
    by_state = dict(projects.count_by_state())
    return {
        "projects": [_project(row, linked[row.slug], frame) for row in rows],
        "states": [[state.value, str(state.label), n] for state, n in by_state.items() if n],
        "day": frame.today.isoformat(),
    }


def _links() -> list[Prefetch]:
    funders = Partnership.objects.filter(role=PartnerRole.FUNDER).select_related("actor")
    return [
        Prefetch("partnerships", funders, to_attr="funded_by"),
        Prefetch("shared_needs", SharedNeed.objects.filter(public=True), to_attr="published_needs"),
    ]


def _project(row: figures.PortfolioRow, project: Project, frame: Frame) -> dict:
    return {
        "title": row.title,
        "state": str(row.state.label),
        "lead": row.lead,
        "municipalities": list(row.municipalities),
        "funders": [part.actor.name for part in project.funded_by],  # type: ignore[attr-defined]
        "needs": [need.title for need in project.published_needs],  # type: ignore[attr-defined]
        "reached": row.reached,
        "steps": row.steps,
        "late": row.late,
        "own": frame.own is not None and frame.own.name in row.municipalities,
    }


def own_of(data: Mapping) -> list[dict]:
    """Return the projects that concern the commune; of an area, all of them."""
    projects = data[KEY]["projects"]
    return [one for one in projects if one["own"]] if data["scope"]["kind"] == "municipality" else projects


def tell(data: Mapping) -> chapter.Told:
    """Return what is built, and which need it answers."""
    matter = data[KEY]
    every, own = len(matter["projects"]), len(own_of(data))
    answering = sum(bool(one["needs"]) for one in matter["projects"])
    title = _("{projects} sur le territoire").format(projects=figures.told(every))
    if data["scope"]["kind"] == "municipality":
        title = _("{n} des {every} projets du territoire concernent {name}").format(
            n=own, every=every, name=data["scope"]["name"]
        )
        if own < 2:
            title = _("{projects} sur le territoire, dont {n} pour {name}").format(
                projects=figures.told(every), n=own, name=data["scope"]["name"]
            )
    day = words.day(matter["day"])
    return chapter.Told(
        title=title,
        lead=_("Répondent à un besoin mutualisé publié\u00a0: {n} sur\u00a0{of}.").format(
            n=answering, of=every
        ),
        remark=_(
            "Les financeurs sont ceux que le projet nomme. Les montants sont n.d.\u00a0: le portail ne les"
            " recueille pas"
            " encore. Un projet sans besoin en face n’est pas inutile\u00a0: son besoin n’a peut-être pas"
            " été écrit."
        ),
        captions=[
            chapter.caption(
                "11.1",
                _("Où en sont les projets"),
                _("Projets publiés, par état."),
                _("Portail du GAL, {day}. n = {projects}.").format(day=day, projects=figures.told(every)),
            )
        ],
        tables=[_table(data, day)],
        gaps=[
            {
                "subject": _("Le financement des projets"),
                "reason": _("montants n.d., non recueillis par le portail."),
            }
        ],
        sources=[chapter.source(_("Projets"), day, None, data["lag"]["short_name"], _("Projets publiés."))],
    )


def _table(data: Mapping, day: str) -> dict:
    rows = [
        chapter.row(
            one["title"],
            [
                one["state"],
                one["lead"],
                ", ".join(one["funders"]) or None,
                "; ".join(one["needs"]) or "—",
                _("{reached} sur {steps}").format(reached=one["reached"], steps=one["steps"])
                if one["steps"]
                else "—",
            ],
        )
        for one in data[KEY]["projects"]
    ]
    return chapter.table(
        "11.1",
        _("Les projets, leurs financeurs et les besoins auxquels ils répondent"),
        [_("Projet"), _("État"), _("Porteur"), _("Financeurs"), _("Besoin"), _("Étapes")],
        rows,
        _(
            "Portail du GAL, {day}. Étapes\u00a0: franchies sur prévues. Financeurs n.d.\u00a0: aucun n’est"
            " nommé."
        ).format(day=day),
        text=[1, 2, 3, 4],
    )


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Return projects by state."""
    rows = [bars.Row(label.capitalize(), n) for _value, label, n in data[KEY]["states"]]
    return {
        "11.1": bars.horizontal(
            rows, key="f11-1", title=_("Où en sont les projets"), measure=_("projets"), paper=paper
        )
    }
