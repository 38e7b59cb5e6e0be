"""Questionnaires, surveys, responses and needs; communes and people are plainly fictitious."""

from datetime import timedelta

import factory
from django.utils import timezone

from actors.choices import MembershipRole
from needs.choices import Origin, QuestionKind, QuestionnaireState, ResponseState, Stance, SurveyState
from needs.models import (
    Answer,
    Choice,
    Need,
    Position,
    Question,
    Questionnaire,
    Response,
    Section,
    SharedNeed,
    Survey,
)
from tests.factories.actors import CommuneFactory, MembershipFactory
from tests.factories.territory import MunicipalityFactory


class ReferentFactory(MembershipFactory):
    """The referent of a commune."""

    actor = factory.SubFactory(CommuneFactory)


class EditorFactory(ReferentFactory):
    role = MembershipRole.EDITOR


class QuestionnaireFactory(factory.django.DjangoModelFactory):
    """A draft; `published()` freezes it."""

    class Meta:
        model = Questionnaire

    code = factory.Sequence(lambda n: f"questionnaire-{n}")
    version = 1
    title = "Questionnaire d’essai"


class SectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Section

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    code = factory.Sequence(lambda n: f"section_{n}")
    title = "Mobilité"
    order = factory.Sequence(lambda n: n)


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Question

    section = factory.SubFactory(SectionFactory)
    code = factory.Sequence(lambda n: f"question_{n}")
    kind = QuestionKind.SHORT_TEXT
    label = factory.Sequence(lambda n: f"Question {n}")
    order = factory.Sequence(lambda n: n)


class CriterionFactory(QuestionFactory):
    """A criterion; give it its dimension."""

    kind = QuestionKind.LEVEL
    criterion = True
    may_be_not_concerned = True


class ChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Choice

    question = factory.SubFactory(QuestionFactory, kind=QuestionKind.SINGLE)
    code = factory.Sequence(lambda n: f"choix_{n}")
    label = factory.Sequence(lambda n: f"Choix {n}")
    order = factory.Sequence(lambda n: n)


def published(questionnaire: Questionnaire) -> Questionnaire:
    """Freeze a questionnaire as publication does."""
    Questionnaire.objects.filter(pk=questionnaire.pk).update(
        state=QuestionnaireState.PUBLISHED, published_at=timezone.now()
    )
    questionnaire.refresh_from_db()
    return questionnaire


class SurveyFactory(factory.django.DjangoModelFactory):
    """A survey of communes, open since yesterday and for a month."""

    class Meta:
        model = Survey

    slug = factory.Sequence(lambda n: f"enquete-{n}")
    title = factory.Sequence(lambda n: f"Enquête d’essai {n}")
    questionnaire = factory.LazyFunction(lambda: published(QuestionnaireFactory()))
    edition = "2026"
    state = SurveyState.OPEN
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class ResponseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Response

    survey = factory.SubFactory(SurveyFactory)
    actor = factory.SubFactory(CommuneFactory)


class SubmittedFactory(ResponseFactory):
    state = ResponseState.SUBMITTED
    submitted_at = factory.LazyFunction(timezone.now)


class AnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Answer

    response = factory.SubFactory(ResponseFactory)
    question = factory.SubFactory(QuestionFactory)
    value = "Un taxi social."


class NeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Need

    title = factory.Sequence(lambda n: f"Besoin {n}")
    origin = Origin.FORM
    municipality = factory.SubFactory(MunicipalityFactory)
    publishable = True


class SharedNeedFactory(factory.django.DjangoModelFactory):
    """A published shared need; `SharedNeedFactory(needs=[…])` gives it its needs."""

    class Meta:
        model = SharedNeed
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Besoin partagé {n}")
    slug = factory.Sequence(lambda n: f"besoin-partage-{n}")
    public = True

    @factory.post_generation
    def needs(self, create, extracted, **kwargs):
        if create and extracted:
            self.needs.set(extracted)


class PositionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Position

    shared_need = factory.SubFactory(SharedNeedFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    stance = Stance.INTERESTED


def small_questionnaire(dimensions=()) -> Questionnaire:
    """A published questionnaire of two sections: words, then a required criterion for each dimension.

    Codes: section "mots" with "texte" (long text), "besoin" (need, required); section "niveaux" with "niveau_0"…
    """
    questionnaire = QuestionnaireFactory()
    words = SectionFactory(questionnaire=questionnaire, code="mots", title="Nos mots")
    QuestionFactory(section=words, code="texte", kind=QuestionKind.LONG_TEXT, label="Ce que nous faisons")
    QuestionFactory(section=words, code="besoin", kind=QuestionKind.NEED, label="Un besoin", required=True)
    levels = SectionFactory(questionnaire=questionnaire, code="niveaux", title="Nos niveaux")
    for number, dimension in enumerate(dimensions):
        criterion = CriterionFactory(
            section=levels,
            code=f"niveau_{number}",
            dimension=dimension,
            required=True,
            label=f"Critère {number}",
        )
        for level in range(5):
            ChoiceFactory(question=criterion, code=str(level), score=level, label=f"Phrase {level}.")
    return published(questionnaire)
