"""Projects are everybody's once published; a project is made of a need at the desk."""

from projects.choices import State
from projects.models import Project
from tests.contracts.table import LOGIN, Row, everyone
from tests.factories.accounts import UserFactory
from tests.factories.actors import ActorFactory, MembershipFactory
from tests.factories.portal import small_territory
from tests.factories.projects import (
    MilestoneFactory,
    PartnershipFactory,
    ProjectFactory,
    shared_need,
)


def full(user) -> dict:
    """A project with all that a sheet can show, and one of each other state."""
    places = list(small_territory().area.municipalities.all())
    project = ProjectFactory(
        lead=ActorFactory(municipality=places[0]),
        lag_contact=UserFactory(),
        municipalities=places,
        shared_needs=[shared_need(places=places)],
        starts_on="2026-01-01",
        ends_on="2027-01-01",
    )
    PartnershipFactory(project=project)
    MilestoneFactory(project=project, done_on="2026-01-02")
    MilestoneFactory(project=project, due_on="2026-01-02")
    MilestoneFactory(project=project, due_on="2990-01-02", responsible=project.lead)
    for state in State:
        ProjectFactory(state=state, reason="Budget", municipalities=places[:1])
    return {}


def sheet(user) -> dict:
    full(user)
    return {"slug": Project.objects.order_by("pk").first().slug}


def announced(user) -> dict:
    return {"slug": ProjectFactory(state=State.ANNOUNCED).slug}


def draft(user) -> dict:
    return {"slug": ProjectFactory(published=False).slug}


def own_draft(user) -> dict:
    """A project that is not published, of an actor for which the user speaks."""
    project = ProjectFactory(published=False)
    if user:
        MembershipFactory(actor=project.lead, user=user)
    return {"slug": project.slug}


def a_need(user) -> dict:
    shared_need()
    return {}


BUILD = {Project: ProjectFactory}

ROWS = [
    Row("projects:project_list", everyone(200), label="sans projet"),
    Row("projects:project_list", everyone(200), build=full),
    Row("projects:project_list", everyone(200), build=full, query="?vue=tableau", label="tableau"),
    Row(
        "projects:project_list",
        everyone(200),
        build=full,
        query="?theme=absent&etat=%00",
        label="filtres faux",
    ),
    Row("projects:project", everyone(200), build=sheet),
    Row("projects:project", everyone(200), build=announced, label="annoncé"),
    Row("projects:project", everyone(404, team=200, administrator=200), build=draft, label="non publié"),
    Row("projects:project", everyone(200, anonymous=404), build=own_draft, label="non publié, de son acteur"),
    Row(
        "admin:projects_project_from_need",
        everyone(403, anonymous=LOGIN, team=200, administrator=200),
        build=a_need,
    ),
]
