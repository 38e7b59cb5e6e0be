"""A small territory that the public pages can show: boundaries, villages, figures, a gap."""

from datetime import timedelta

from django.utils import timezone

from actors.choices import MembershipRole, MembershipState, State
from actors.models import Actor
from outbox.models import Letter
from territory.choices import AreaKind
from territory.models import LAG, Municipality
from tests.factories import (
    actors,
    diagnostics,
    interactions,
    invitations,
    needs,
    outbox,
    projects,
    territory,
    trainings,
)
from trainings.choices import RegistrationState


def square(west: float, south: float) -> dict:
    """A boundary of a tenth of a degree."""
    east, north = round(west + 0.1, 3), round(south + 0.1, 3)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def small_territory(communes: int = 2) -> LAG:
    """Make a LAG of `communes` municipalities in a province and a region, with a neighbour and figures."""
    municipalities = [
        territory.MunicipalityFactory(name=f"Val-Fictif-{n}", slug=f"val-fictif-{n}")
        for n in range(1, communes + 1)
    ]
    neighbour = territory.MunicipalityFactory(name="Voisine-la-Longue")
    for n, place in enumerate([*municipalities, neighbour]):
        territory.BoundaryFactory(municipality=place, geometry=square(round(4.6 + 0.1 * n, 3), 50.7))
        territory.LocalityFactory(municipality=place, name=f"Hameau {n}", lon=4.65 + 0.1 * n, lat=50.75)
    lag = territory.LAGFactory(area__municipalities=municipalities, neighbours=[neighbour])
    for kind, name in ((AreaKind.PROVINCE, "Province d’essai"), (AreaKind.REGION, "Région d’essai")):
        territory.AreaFactory(kind=kind, name=name, municipalities=[*municipalities, neighbour])
    population = territory.IndicatorFactory(
        code="population", name="Habitants", short_name="Habitants", order=1
    )
    territory.IndicatorFactory(
        code="broadband_coverage", name="Très haut débit", unavailable="Non publié par commune."
    )
    source = territory.SourceFactory()
    for n, place in enumerate([*municipalities, neighbour], start=1):
        for year in (2018, 2019, 2020):
            territory.IndicatorValueFactory(
                indicator=population, municipality=place, year=year, value=1000 * n + year, source=source
            )
    return lag


def commune(n: int = 1, *, role: str = "", user=None) -> Actor:
    """Make the commune of « val-fictif-n » as an actor, with `user` as its member when there is a role."""
    place = Municipality.objects.get(slug=f"val-fictif-{n}")
    actor = actors.CommuneFactory(municipality=place)
    if user and role:
        actors.MembershipFactory(user=user, actor=actor, role=role)
    return actor


def busy_space(user=None, *, role: str = MembershipRole.REFERENT, things: int = 1) -> Actor:
    """Make a commune that has `things` of everything its space shows, two surveys sent beside the open one."""
    small_territory()
    own, neighbour = commune(1, role=role, user=user), commune(2)
    dimensions = [territory.DimensionFactory(code=code) for code in ("mobility", "people", "economy")]
    questionnaire = needs.small_questionnaire(dimensions)
    ended = timezone.now() - timedelta(days=3)
    earlier = needs.SurveyFactory(
        questionnaire=questionnaire,
        edition="2023",
        state="closed",
        closes_at=ended,
        opens_at=ended - timedelta(days=9),
    )
    later = needs.SurveyFactory(
        questionnaire=questionnaire,
        edition="2025",
        state="closed",
        closes_at=ended,
        opens_at=ended - timedelta(days=8),
        previous=earlier,
    )
    for survey, level in ((earlier, 1), (later, 3)):
        response = needs.SubmittedFactory(survey=survey, actor=own)
        for question in survey.questionnaire.sections.get(code="niveaux").questions.all():
            needs.AnswerFactory(response=response, question=question, value=level)
    needs.ResponseFactory(survey=needs.SurveyFactory(questionnaire=questionnaire), actor=own)
    for _n in range(things):
        voiced = needs.NeedFactory(actor=own, municipality=own.municipality)
        shared = needs.SharedNeedFactory(needs=[voiced])
        needs.PositionFactory(shared_need=shared, municipality=neighbour.municipality)
        needs.SharedNeedFactory(needs=[needs.NeedFactory(municipality=neighbour.municipality)])
        projects.PartnershipFactory(project__lead=neighbour, actor=own)
        trainings.RegistrationFactory(actor=own)
        session = trainings.held()
        trainings.RegistrationFactory(session=session, actor=own, attended=True)
        diagnostics.ready(municipality=own.municipality, publication="public", version=20 + _n)
    return own


def busy_desk(things: int = 1) -> None:
    """Make `things` of everything that waits on the desk; one open survey."""
    needs.SurveyFactory()
    for _n in range(things):
        past = trainings.TrainingSessionFactory(days=[timezone.localdate() - timedelta(days=7)])
        trainings.RegistrationFactory(session=past)
        full = trainings.TrainingSessionFactory(capacity=1)
        trainings.RegistrationFactory(session=full)
        trainings.RegistrationFactory(session=full, state=RegistrationState.WAITING)
        [letter] = outbox.write_many(1, lane="bulk")
        Letter.objects.filter(pk=letter.pk).update(state="uncertain")
        actors.CommuneFactory()
        actors.ActorFactory(state=State.PENDING)
        actors.MembershipFactory(state=MembershipState.REQUESTED)
        actors.CorrectionFactory()
        actors.ActorFactory(created_at=timezone.now() - timedelta(days=400))
        actors.ContactFactory(bounced_at=timezone.now())
        invitations.CampaignFactory(state="scheduled", scheduled_at=timezone.now() - timedelta(hours=1))
        needs.NeedFactory()
        projects.MilestoneFactory(due_on=timezone.localdate() - timedelta(days=2))
        diagnostics.ready()
        today = timezone.localdate()
        for day in (today, today - timedelta(days=3)):
            interactions.InteractionFactory(next_step="Rappeler la commune", next_step_on=day)
        interactions.InteractionFactory(to_reread=True)
