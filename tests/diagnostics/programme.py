"""A fictitious programme on the real territory: two editions of a survey, needs, a training, projects.

Small enough to be computed by hand. Of the seven communes Jodoigne (25048), Perwez (25084) and Incourt (25043) sent
their answers in 2026; Hélécine (25118) began; the three others did not. In 2024 Jodoigne and Perwez had sent theirs.
Each of the six dimensions has two criteria, "a" and "b".
"""

from datetime import UTC, date, datetime, time

from actors.choices import Kind
from needs.choices import Origin, QuestionKind, ResponseState, Stance, SurveyState, Urgency
from needs.models import Position, Response
from projects.choices import PartnerRole, State
from territory.models import Dimension, Municipality, Theme
from tests.factories.actors import ActorFactory, CommuneFactory
from tests.factories.needs import (
    AnswerFactory,
    CriterionFactory,
    NeedFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ResponseFactory,
    SectionFactory,
    SharedNeedFactory,
    SurveyFactory,
    published,
)
from tests.factories.projects import MilestoneFactory, PartnershipFactory, ProjectFactory
from tests.factories.trainings import RegistrationFactory, TrainingFactory, TrainingSessionFactory
from trainings.choices import SessionState

JODOIGNE, PERWEZ, INCOURT, HELECINE = "25048", "25084", "25043", "25118"
TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LEVELS = {
    JODOIGNE: [(3, 2), (2, 1), (2, 2), (1, 2), (3, 3), (4, 3)],
    PERWEZ: [(2, 2), (1, 1), (3, 2), (1, 1), (2, 2), (3, 3)],
    INCOURT: [(2, 1), (None, 1), (1, 2), (0, 1), (2, 1), (2, "s.o.")],
}
"""Levels of criteria "a" and "b" in the dimensions' order, 2026. None: no answer. « s.o. »: not concerned."""
LEVELS_BEFORE = {
    JODOIGNE: [(2, 2), (1, 1), (2, 1), (1, 1), (2, 3), (3, 3)],
    PERWEZ: [(2, 1), (1, 1), (2, 2), (1, 1), (2, 2), (3, 2)],
}
LABELS = ("Des démarches décrites", "Des données partagées")


def build() -> None:
    """Make the programme; the real territory is loaded."""
    places = {place.code: place for place in Municipality.objects.of_lag()}
    communes = {code: CommuneFactory(municipality=place) for code, place in places.items()}
    _actors(places)
    _surveys(communes)
    shared = _needs(places)
    _trainings(places, communes)
    _projects(places, communes, shared)


def _actors(places) -> None:
    for n in range(3):
        ActorFactory(municipality=places[JODOIGNE], name=f"Les Haies Fictives {n}")
    ActorFactory(municipality=places[PERWEZ], kind=Kind.ENTERPRISE, name="Brasserie Imaginaire")
    ActorFactory(kind=Kind.EDUCATION, name="Université Inventée")  # no seat here: not counted


def _surveys(communes) -> None:
    questionnaire = QuestionnaireFactory(code="communes-fictives")
    dimensions = list(Dimension.objects.order_by("order", "pk"))
    section = SectionFactory(questionnaire=questionnaire, code="niveaux", order=1)
    criteria = [
        [
            CriterionFactory(
                section=section,
                code=f"{letter}_{dimension.code}",
                dimension=dimension,
                label=f"{label} ({dimension.name.lower()})",
                order=10 * place + side,
            )
            for side, (letter, label) in enumerate(zip("ab", LABELS, strict=True))
        ]
        for place, dimension in enumerate(dimensions)
    ]
    seen = QuestionFactory(
        section=section,
        code="regard",
        kind=QuestionKind.SCALE,
        dimension=dimensions[0],
        label="Regard",
        order=99,
    )
    published(questionnaire)
    old, new = (
        SurveyFactory(
            slug=f"communes-{year}",
            title="Enquête fictive",
            questionnaire=questionnaire,
            edition=str(year),
            opens_at=datetime(year, 3, 1, tzinfo=UTC),
            closes_at=datetime(year, 5, 31, 21, 59, tzinfo=UTC),
            state=SurveyState.CLOSED,
        )
        for year in (2024, 2026)
    )
    for survey, levels in ((old, LEVELS_BEFORE), (new, LEVELS)):
        for code, of_dimensions in levels.items():
            response = _sent(survey, communes[code])
            for pair, questions in zip(of_dimensions, criteria, strict=True):
                for level, question in zip(pair, questions, strict=True):
                    if level == "s.o.":
                        AnswerFactory(response=response, question=question, value=None, not_concerned=True)
                    elif level is not None:
                        AnswerFactory(response=response, question=question, value=level)
    AnswerFactory(response=Response.objects.get(survey=new, actor=communes[JODOIGNE]), question=seen, value=8)
    ResponseFactory(survey=new, actor=communes[HELECINE])


def _sent(survey, actor) -> Response:
    at = survey.opens_at.replace(month=4, day=15)
    return ResponseFactory(survey=survey, actor=actor, state=ResponseState.SUBMITTED, submitted_at=at)


def _needs(places) -> list:
    digital, mobility = (Theme.objects.get(code=code) for code in ("numerique", "mobilite"))

    def need(code: str, theme, urgency: int, title: str):
        place = places[code]
        return NeedFactory(
            municipality=place, theme=theme, urgency=urgency, title=title, origin=Origin.INTERVIEW
        )

    adviser = SharedNeedFactory(
        title="Un conseiller numérique partagé",
        slug="conseiller",
        theme=digital,
        needs=[
            need(code, digital, Urgency.HIGH, "Un conseiller")
            for code in (JODOIGNE, PERWEZ, INCOURT, HELECINE)
        ],
    )
    rides = SharedNeedFactory(
        title="Du covoiturage vers les gares",
        slug="covoiturage",
        theme=mobility,
        needs=[
            need(JODOIGNE, mobility, Urgency.LOW, "Rouler ensemble"),
            need(PERWEZ, mobility, Urgency.NORMAL, "Gare"),
        ],
    )
    SharedNeedFactory(
        title="Un besoin pas encore publié", slug="cache", public=False, needs=[adviser.needs.first()]
    )
    need(INCOURT, digital, Urgency.NORMAL, "Une salle équipée")
    for code, stance in ((JODOIGNE, Stance.COFUNDS), (PERWEZ, Stance.JOINS), (INCOURT, Stance.INTERESTED)):
        Position.objects.create(shared_need=adviser, municipality=places[code], stance=stance)
    return [adviser, rides]


def _trainings(places, communes) -> None:
    training = TrainingFactory(title="Cartographier les haies", slug="haies")
    first = TrainingSessionFactory(
        training=training,
        municipality=places[JODOIGNE],
        days=[date(2026, 9, 10), date(2026, 9, 17)],
        state=SessionState.HELD,
        capacity=40,
    )
    second = TrainingSessionFactory(
        training=training,
        municipality=places[PERWEZ],
        days=[date(2026, 10, 8)],
        state=SessionState.HELD,
        capacity=40,
    )
    second.days.update(start_time=time(19), end_time=time(20, 30))
    TrainingSessionFactory(
        training=training, days=[date(2025, 9, 10)], state=SessionState.HELD
    )  # another year
    for _n in range(7):
        RegistrationFactory(
            session=first, municipality=places[JODOIGNE], actor=communes[JODOIGNE], attended=True
        )
    for _n in range(6):
        RegistrationFactory(session=second, municipality=places[PERWEZ])
    for _n in range(2):
        RegistrationFactory(session=second, municipality=places[INCOURT])


def _projects(places, communes, shared) -> None:
    agenda = ProjectFactory(
        title="Un agenda partagé des salles",
        slug="agenda",
        lead=communes[JODOIGNE],
        municipalities=[places[JODOIGNE], places[PERWEZ]],
        shared_needs=[shared[0]],
        state=State.RUNNING,
    )
    PartnershipFactory(project=agenda, actor=communes[PERWEZ], role=PartnerRole.FUNDER)
    MilestoneFactory(project=agenda, title="Choisir", due_on=date(2026, 5, 1), done_on=date(2026, 5, 3))
    MilestoneFactory(project=agenda, title="Ouvrir", due_on=date(2026, 10, 1))
    ProjectFactory(
        title="Une carte des sentiers",
        slug="sentiers",
        lead=communes[INCOURT],
        municipalities=[places[INCOURT]],
        state=State.DESIGN,
    )
    ProjectFactory(title="Un projet pas encore publié", published=False, municipalities=[places[JODOIGNE]])
