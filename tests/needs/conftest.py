"""A small survey, its referent and a colleague, and pages as a browser posts them."""

from dataclasses import dataclass

import pytest

from accounts.models import User
from needs import actions, figures
from needs.models import Response
from tests.factories.accounts import logged_in
from tests.factories.needs import EditorFactory, ReferentFactory, ResponseFactory, small_questionnaire
from tests.factories.territory import DimensionFactory


@dataclass
class Writing:
    """A response being written by two people."""

    response: Response
    referent: User
    editor: User

    @property
    def base(self) -> str:
        return f"/enquetes/{self.response.survey.slug}/{self.response.public_id}/"

    def page(self, **answers) -> dict:
        """What the section « mots » posts, as somebody sees it now, with these answers changed."""
        told = figures.answers_of(self.response)
        data = {}
        for question in self.response.survey.questionnaire.questions.filter(section__code="mots"):
            answer = told.get(question.pk)
            data[f"{question.code}-seen"] = actions.mark(answer)
            value = answer.value if answer else None
            if question.code == "besoin":
                value = value or {"text": "", "horizon": "", "pool": ""}
                data |= {"besoin-horizon": value["horizon"], "besoin-pool": value["pool"]}
                value = value["text"]
            data[question.code] = value or ""
        return data | answers

    def post(self, who: User, data: dict, section: str = "mots"):
        return logged_in(who).post(f"{self.base}{section}/", data)

    def autosave(self, who: User, data: dict, section: str = "mots"):
        return logged_in(who).post(f"{self.base}{section}/enregistrer", data)

    def said(self) -> dict:
        """What is kept, by question code."""
        return {answer.question.code: answer.value for answer in self.response.answers.all()}


@pytest.fixture
def writing(db) -> Writing:
    dimensions = [DimensionFactory() for _n in range(3)]
    response = ResponseFactory(survey__questionnaire=small_questionnaire(dimensions))
    return Writing(
        response,
        ReferentFactory(actor=response.actor, user__name="Colette Haie").user,
        EditorFactory(actor=response.actor, user__name="Denis Labour").user,
    )
