"""The closed lists of this room: kinds and families of actors, states and their moves, roles of members."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an actor is."""

    MUNICIPALITY = "municipality", _("commune")
    ASSOCIATION = "association", _("association")
    CITIZEN_INITIATIVE = "citizen_initiative", _("initiative citoyenne")
    ENTERPRISE = "enterprise", _("entreprise")
    PUBLIC_BODY = "public_body", _("organisme public")
    EDUCATION = "education", _("enseignement et recherche")
    OTHER = "other", _("autre")


class Family(models.TextChoices):
    """The families by which the programme counts; each kind belongs to one."""

    MUNICIPALITIES = "municipalities", _("communes")
    ASSOCIATIONS = "associations", _("associations et initiatives citoyennes")
    ENTERPRISES = "enterprises", _("entreprises")
    PARTNERS = "partners", _("partenaires")


KINDS_OF: dict[str, tuple[str, ...]] = {
    Family.MUNICIPALITIES: (Kind.MUNICIPALITY,),
    Family.ASSOCIATIONS: (Kind.ASSOCIATION, Kind.CITIZEN_INITIATIVE),
    Family.ENTERPRISES: (Kind.ENTERPRISE,),
    Family.PARTNERS: (Kind.PUBLIC_BODY, Kind.EDUCATION, Kind.OTHER),
}
FAMILY_SLUGS: dict[str, Family] = {
    "communes": Family.MUNICIPALITIES,
    "associations": Family.ASSOCIATIONS,
    "entreprises": Family.ENTERPRISES,
    "partenaires": Family.PARTNERS,
}
"""What an address calls each family."""
SLUG_OF: dict[str, str] = {family: slug for slug, family in FAMILY_SLUGS.items()}
FAMILY_OF: dict[str, Family] = {kind: Family(family) for family, kinds in KINDS_OF.items() for kind in kinds}


class NACESection(models.TextChoices):
    """What an enterprise does: the sections of NACE-BEL 2008, which are those of NACE Rev. 2 (Statbel)."""

    AGRICULTURE = "A", _("A · Agriculture, sylviculture et pêche")
    MINING = "B", _("B · Industries extractives")
    MANUFACTURING = "C", _("C · Industrie manufacturière")
    ENERGY = "D", _("D · Électricité, gaz, vapeur et air conditionné")
    WATER_AND_WASTE = "E", _("E · Eau, assainissement, déchets et dépollution")
    CONSTRUCTION = "F", _("F · Construction")
    TRADE = "G", _("G · Commerce, réparation de véhicules")
    TRANSPORT = "H", _("H · Transports et entreposage")
    ACCOMMODATION_AND_FOOD = "I", _("I · Hébergement et restauration")
    INFORMATION = "J", _("J · Information et communication")
    FINANCE = "K", _("K · Activités financières et d’assurance")
    REAL_ESTATE = "L", _("L · Activités immobilières")
    PROFESSIONAL_SERVICES = "M", _("M · Activités spécialisées, scientifiques et techniques")
    SUPPORT_SERVICES = "N", _("N · Services administratifs et de soutien")
    PUBLIC_ADMINISTRATION = "O", _("O · Administration publique et défense, sécurité sociale")
    EDUCATION = "P", _("P · Enseignement")
    HEALTH_AND_SOCIAL_WORK = "Q", _("Q · Santé humaine et action sociale")
    ARTS_AND_LEISURE = "R", _("R · Arts, spectacles et activités récréatives")
    OTHER_SERVICES = "S", _("S · Autres services")
    HOUSEHOLDS = "T", _("T · Ménages employeurs")
    EXTRATERRITORIAL_BODIES = "U", _("U · Organismes extraterritoriaux")


class SizeClass(models.TextChoices):
    """How many people an enterprise employs: the lower classes by which the ONSS counts employers."""

    NOBODY = "0", _("sans personnel salarié")
    TO_4 = "1", _("1 à 4 personnes")
    TO_9 = "5", _("5 à 9 personnes")
    TO_19 = "10", _("10 à 19 personnes")
    TO_49 = "20", _("20 à 49 personnes")
    TO_99 = "50", _("50 à 99 personnes")
    MORE = "100", _("100 personnes ou plus")


class State(models.TextChoices):
    """Where a sheet stands."""

    DRAFT = "draft", _("brouillon")
    PENDING = "pending", _("à relire")
    PUBLISHED = "published", _("publiée")
    REFUSED = "refused", _("refusée")
    ARCHIVED = "archived", _("archivée")
    MERGED = "merged", _("fusionnée")


NEXT: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.PENDING, State.PUBLISHED, State.ARCHIVED, State.MERGED),
    State.PENDING: (State.PUBLISHED, State.REFUSED, State.ARCHIVED, State.MERGED),
    State.PUBLISHED: (State.ARCHIVED, State.MERGED),
    State.REFUSED: (State.PENDING, State.ARCHIVED, State.MERGED),
    State.ARCHIVED: (State.PUBLISHED, State.MERGED),
    State.MERGED: (),
}
"""State → states it may move to."""


class Subject(models.TextChoices):
    """What somebody may ask to be kept posted about."""

    TRAININGS = "trainings", _("formations et rencontres")
    PROJECTS = "projects", _("projets")
    NEEDS = "needs", _("besoins partagés")


class SubscriptionState(models.TextChoices):
    """Whether the owner of an address said yes, and has not said stop since."""

    PENDING = "pending", _("à confirmer")
    ACTIVE = "active", _("actif")
    STOPPED = "stopped", _("arrêté")


class MembershipRole(models.TextChoices):
    """What a member may do for an actor: a referent invites colleagues and answers for it."""

    REFERENT = "referent", _("référent")
    EDITOR = "editor", _("éditeur")
    MEMBER = "member", _("membre")


class MembershipState(models.TextChoices):
    """How far a membership is."""

    INVITED = "invited", _("invité")
    REQUESTED = "requested", _("demandé")
    ACTIVE = "active", _("actif")
    REVOKED = "revoked", _("retiré")


class InteractionKind(models.TextChoices):
    """How somebody of the LAG and the people of an actor spoke to each other."""

    VISIT = "visit", _("visite")
    CALL = "call", _("appel")
    MEETING = "meeting", _("réunion")
    DG_TOUR = "dg_tour", _("tournée DG")
    EMAIL = "email", _("e-mail")
    OTHER = "other", _("autre")


OUTSIDE = "hors-territoire"
"""What the address calls seats that are in none of the LAG's municipalities."""
