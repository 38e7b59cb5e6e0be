"""Surveys: a member sees the response of their actor, staff see all, others find nothing. Needs: public."""

from needs.choices import QuestionKind, SurveyState
from needs.models import Need, Question, Questionnaire, Response, Section, SharedNeed, Survey
from tests.contracts.table import Row, everyone, signed_in
from tests.factories.actors import CommuneFactory
from tests.factories.needs import (
    AnswerFactory,
    NeedFactory,
    PositionFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ReferentFactory,
    ResponseFactory,
    SectionFactory,
    SharedNeedFactory,
    SurveyFactory,
    published,
)
from tests.factories.portal import small_territory

BUILD = {
    Questionnaire: QuestionnaireFactory,
    Section: SectionFactory,
    Question: QuestionFactory,
    Survey: SurveyFactory,
    Response: ResponseFactory,
    Need: NeedFactory,
    SharedNeed: SharedNeedFactory,
}


def a_questionnaire():
    """A published questionnaire with one question of each kind, in the section « mots »."""
    section = SectionFactory(questionnaire=QuestionnaireFactory(), code="mots", title="Nos mots")
    for kind in QuestionKind.values:
        QuestionFactory(
            section=section, code=f"q_{kind}", kind=kind, help="Une aide.", required=kind == QuestionKind.NEED
        )
    return published(section.questionnaire)


def address(response) -> dict:
    return {"slug": response.survey.slug, "public_id": response.public_id}


def of_another(user) -> dict:
    """The response of an actor for which the person does not speak."""
    return address(ResponseFactory(survey__questionnaire=a_questionnaire()))


def of_mine(user) -> dict:
    """The response of the person's own commune, begun."""
    response = ResponseFactory(survey__questionnaire=a_questionnaire())
    if user:
        ReferentFactory(user=user, actor=response.actor)
    AnswerFactory(response=response, question=response.survey.questionnaire.questions.get(code="q_long_text"))
    return address(response)


def section_of(build):
    return lambda user: {**build(user), "section": "mots"}


def a_survey(user) -> dict:
    """A survey that waits for the person's commune."""
    survey = SurveyFactory()
    if user:
        ReferentFactory(user=user, actor=CommuneFactory())
    return {"slug": survey.slug}


def too_late(user) -> dict:
    """A closed survey, for the person's commune of a known address."""
    survey = SurveyFactory(state=SurveyState.CLOSED)
    if user:
        ReferentFactory(user=user, actor=CommuneFactory(slug="commune-fictive"))
    return {"slug": survey.slug}


def waiting(user) -> dict:
    a_survey(user)
    return {}


def a_shared_need(user) -> dict:
    places = list(small_territory().area.municipalities.all())
    shared = SharedNeedFactory(needs=[NeedFactory(municipality=place) for place in places[:2]])
    PositionFactory(shared_need=shared, municipality=places[0])
    return {"slug": shared.slug}


def with_shared_needs(user) -> dict:
    a_shared_need(user)
    return {}


def not_published(user) -> dict:
    return {"slug": SharedNeedFactory(public=False).slug}


STAFF = signed_in(404, team=200, administrator=200)
ROWS = [
    Row("needs:survey_list", signed_in(200), build=waiting),
    Row("needs:survey_list", signed_in(200), label="rien à faire"),
    Row("needs:survey", everyone("/enquetes/"), build=a_survey, label="sans invitation"),
    Row("needs:response_start", signed_in(404), method="post", build=a_survey, label="sans acteur"),
    Row(
        "needs:response_start",
        signed_in("/enquetes/"),
        method="post",
        build=too_late,
        data={"acteur": "commune-fictive"},
        label="trop tard",
    ),
    Row("needs:response", signed_in(200), build=of_mine),
    Row("needs:response", STAFF, build=of_another, label="d’une autre commune"),
    Row("needs:section", signed_in(200), build=section_of(of_mine)),
    Row("needs:section", STAFF, build=section_of(of_another), label="d’une autre commune"),
    Row(
        "needs:section",
        signed_in(404),
        method="post",
        build=section_of(of_another),
        label="d’une autre commune",
    ),
    Row(
        "needs:section_autosave",
        everyone(200, anonymous=401),
        method="post",
        build=section_of(of_mine),
        page=False,
    ),
    Row(
        "needs:section_autosave",
        everyone(404, anonymous=401),
        method="post",
        build=section_of(of_another),
        page=False,
        label="d’une autre commune",
    ),
    Row("needs:response_review", signed_in(200), build=of_mine),
    Row("needs:response_review", STAFF, build=of_another, label="d’une autre commune"),
    Row("needs:shared_need_list", everyone(200), build=with_shared_needs),
    Row("needs:shared_need_list", everyone(200), label="rien encore"),
    Row("portal:shared_need", everyone(200), build=a_shared_need),
    Row(
        "portal:shared_need",
        everyone(404, team=200, administrator=200),
        build=not_published,
        label="pas publié",
    ),
]
