"""The closed lists of this room: kinds of questions, levels, states and their moves, horizons, stances."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionnaireState(models.TextChoices):
    """A published questionnaire is frozen: what changes makes the next version."""

    DRAFT = "draft", _("brouillon")
    PUBLISHED = "published", _("publié")


class QuestionKind(models.TextChoices):
    """What is asked, and how it is answered."""

    SHORT_TEXT = "short_text", _("texte court")
    LONG_TEXT = "long_text", _("texte long")
    INTEGER = "integer", _("nombre entier")
    YES_NO = "yes_no", _("oui, non, je ne sais pas")
    SINGLE = "single", _("un choix")
    MULTIPLE = "multiple", _("plusieurs choix")
    SCALE = "scale", _("note de 0 à 10")
    LEVEL = "level", _("niveau de 0 à 4")
    NEED = "need", _("besoin, en vos mots")
    NOTE = "note", _("texte sans réponse")


class YesNo(models.TextChoices):
    """The answers to a question of kind YES_NO."""

    YES = "yes", _("Oui")
    NO = "no", _("Non")
    UNKNOWN = "unknown", _("Je ne sais pas")


class Level(models.IntegerChoices):
    """The five levels of a criterion; each criterion says them in its own sentences."""

    NOTHING = 0, _("Rien encore")
    TALK = 1, _("On en parle")
    TRIAL = 2, _("Un essai")
    SETTLED = 3, _("En place")
    SHARED = 4, _("Partagé")


LEVEL_ICONS = ("seed", "shoot", "stem", "ear", "sheaf")
"""The growth that stands for each level, as symbols of img/icons.svg."""


class SurveyState(models.TextChoices):
    """Where a survey stands; its dates say when an open one takes answers."""

    DRAFT = "draft", _("en préparation")
    OPEN = "open", _("ouverte")
    CLOSED = "closed", _("close")


SURVEY_NEXT: dict[str, tuple[str, ...]] = {
    SurveyState.DRAFT: (SurveyState.OPEN,),
    SurveyState.OPEN: (SurveyState.CLOSED,),
    SurveyState.CLOSED: (SurveyState.OPEN,),
}
"""State → states it may move to."""


class ResponseState(models.TextChoices):
    """Where an organisation's response stands."""

    DRAFT = "draft", _("en cours")
    SUBMITTED = "submitted", _("envoyée")
    REOPENED = "reopened", _("rouverte")


RESPONSE_NEXT: dict[str, tuple[str, ...]] = {
    ResponseState.DRAFT: (ResponseState.SUBMITTED,),
    ResponseState.SUBMITTED: (ResponseState.REOPENED,),
    ResponseState.REOPENED: (ResponseState.SUBMITTED,),
}
"""State → states it may move to."""
EDITABLE = (ResponseState.DRAFT, ResponseState.REOPENED)
"""States in which answers may change."""


class Origin(models.TextChoices):
    """Where a need was heard."""

    ANSWER = "answer", _("réponse à une enquête")
    EVALUATION = "evaluation", _("évaluation d’une formation")
    FORM = "form", _("formulaire public")
    INTERVIEW = "interview", _("entretien")
    WORKSHOP = "workshop", _("atelier")


class Urgency(models.IntegerChoices):
    """How pressing a need is for whoever has it."""

    LOW = 1, _("peut attendre")
    NORMAL = 2, _("souhaité")
    HIGH = 3, _("pressant")


class Horizon(models.TextChoices):
    """When an answer is hoped for."""

    SHORT = "short", _("dans l’année")
    MEDIUM = "medium", _("d’ici trois ans")
    LONG = "long", _("plus tard")


class Focus(models.TextChoices):
    """What the answer leans on: working together, or a digital tool."""

    COLLABORATION = "collaboration", _("collaboration")
    DIGITAL = "digital", _("numérique")


class NeedState(models.TextChoices):
    """Where a need stands."""

    SUBMITTED = "submitted", _("reçu")
    QUALIFIED = "qualified", _("qualifié")
    POOLED = "pooled", _("mutualisé")
    PLANNED = "planned", _("planifié")
    ANSWERED = "answered", _("une réponse existe")
    DECLINED = "declined", _("non retenu")


NEED_NEXT: dict[str, tuple[str, ...]] = {
    NeedState.SUBMITTED: (NeedState.QUALIFIED, NeedState.DECLINED),
    NeedState.QUALIFIED: (NeedState.POOLED, NeedState.PLANNED, NeedState.DECLINED),
    NeedState.POOLED: (NeedState.PLANNED, NeedState.ANSWERED, NeedState.DECLINED),
    NeedState.PLANNED: (NeedState.ANSWERED, NeedState.DECLINED),
    NeedState.ANSWERED: (),
    NeedState.DECLINED: (NeedState.QUALIFIED,),
}
"""State → states it may move to."""


class SharedNeedState(models.TextChoices):
    """Where a shared need stands."""

    STUDIED = "studied", _("à l’étude")
    PLANNED = "planned", _("planifié")
    ANSWERED = "answered", _("une réponse existe")
    CLOSED = "closed", _("sans suite")


SHARED_NEXT: dict[str, tuple[str, ...]] = {
    SharedNeedState.STUDIED: (SharedNeedState.PLANNED, SharedNeedState.ANSWERED, SharedNeedState.CLOSED),
    SharedNeedState.PLANNED: (SharedNeedState.ANSWERED, SharedNeedState.CLOSED),
    SharedNeedState.ANSWERED: (),
    SharedNeedState.CLOSED: (SharedNeedState.STUDIED,),
}
"""State → states it may move to."""


class Stance(models.TextChoices):
    """How far a municipality goes with a shared need; an intention until a délibération says so."""

    INTERESTED = "interested", _("est intéressée")
    JOINS = "joins", _("rejoint")
    COFUNDS = "cofunds", _("cofinance")
