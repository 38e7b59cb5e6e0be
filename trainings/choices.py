"""The closed lists of this room: formats and states of sessions, states of registrations, and their moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Format(models.TextChoices):
    """What a session is."""

    TRAINING = "training", _("formation")
    INFORMATION = "information", _("séance d’information")
    MIDI = "midi", _("Midi du Smart")
    EVENING = "evening", _("soirée d’échange")
    BREAKFAST = "breakfast", _("petit déj’ rural")
    INDIVIDUAL = "individual", _("rendez-vous individuels")


class Level(models.TextChoices):
    """What one should know beforehand."""

    ALL = "all", _("tous niveaux")
    BEGINNER = "beginner", _("débutant")
    INTERMEDIATE = "intermediate", _("intermédiaire")
    ADVANCED = "advanced", _("avancé")


class TrainingState(models.TextChoices):
    """Whether an offer is shown."""

    DRAFT = "draft", _("brouillon")
    PUBLISHED = "published", _("publiée")
    ARCHIVED = "archived", _("archivée")


class SessionState(models.TextChoices):
    """Where a session stands; « complet » is never stored, it follows from the seats."""

    DRAFT = "draft", _("brouillon")
    PUBLISHED = "published", _("publiée")
    CONFIRMED = "confirmed", _("confirmée")
    CANCELLED = "cancelled", _("annulée")
    HELD = "held", _("tenue")
    CLOSED = "closed", _("clôturée")


NEXT: dict[str, tuple[str, ...]] = {
    SessionState.DRAFT: (SessionState.PUBLISHED,),
    SessionState.PUBLISHED: (SessionState.CONFIRMED, SessionState.CANCELLED, SessionState.HELD),
    SessionState.CONFIRMED: (SessionState.CANCELLED, SessionState.HELD),
    SessionState.CANCELLED: (SessionState.CLOSED,),
    SessionState.HELD: (SessionState.CLOSED,),
    SessionState.CLOSED: (),
}
"""State → states it may move to."""

OPEN = (SessionState.PUBLISHED, SessionState.CONFIRMED)
"""States in which a session takes registrations."""

TAKEN_PLACE = (SessionState.HELD, SessionState.CLOSED)
"""States of sessions that took place (or, closed, may have been cancelled: see `held`)."""


class ShareOf(models.TextChoices):
    """Who has a share of the seats until a session opens to everybody."""

    ORGANISATION = "organisation", _("par organisation")
    MUNICIPALITY = "municipality", _("par commune")


class Audience(models.TextChoices):
    """To whom of a session staff write."""

    SEATED = "seated", _("qui a une place")
    WAITING = "waiting", _("qui attend")
    ALL = "all", _("tout le monde")


class QuestionKind(models.TextChoices):
    """How one answers a question of the registration form."""

    TEXT = "text", _("quelques mots")
    CHOICE = "choice", _("un choix")
    YES_NO = "yes_no", _("oui ou non")


class RegistrationState(models.TextChoices):
    """What a registration gives."""

    CONFIRMED = "confirmed", _("confirmée")
    OFFERED = "offered", _("place proposée")
    WAITING = "waiting", _("en attente")
    CANCELLED = "cancelled", _("annulée")


LIVE = (RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.WAITING)
"""States in which a person counts on coming."""

TAKEN = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)
"""States that hold a seat: a seat that is offered is nobody else's until the answer, or the hour."""

OUTSIDE = "outside"
"""What the form's « Hors du territoire » posts."""

CRITERIA = {
    "useful": _("Ce sera utile dans mon travail ou chez moi"),
    "clear": _("C’était clair"),
    "welcome": _("Le lieu et l’accueil convenaient"),
}
"""What an evaluation scores from 1 to 5: field → what the person reads."""
