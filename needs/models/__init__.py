"""Nouns of this room: questionnaires, surveys with their responses, needs alone and shared."""

from needs.models.needs import Need, Position, SharedNeed
from needs.models.questionnaires import Choice, Question, Questionnaire, Section
from needs.models.surveys import Answer, Response, Survey, SurveyCampaign

__all__ = [
    "Answer",
    "Choice",
    "Need",
    "Position",
    "Question",
    "Questionnaire",
    "Response",
    "Section",
    "SharedNeed",
    "Survey",
    "SurveyCampaign",
]
