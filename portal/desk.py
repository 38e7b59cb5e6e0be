"""What waits on the desk: one function a line, each asked of the room that knows; the roof only shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from actors.actions import LATE_AFTER
from actors.anniversaries import months_before
from actors.choices import Family, Kind, MembershipState
from actors.choices import State as ActorState
from actors.models import Actor, Contact, Correction, Interaction, Membership
from diagnostics.models import Diagnostic
from invitations.choices import State as CampaignState
from invitations.models import Campaign
from needs import figures as needs_figures
from needs.choices import NeedState
from needs.models import Need, Survey
from outbox.models import Letter
from projects.models import Project
from trainings.models import Registration, TrainingSession
from typography import dates, numbers

TODAY, LATE, STANDING = "today", "late", "standing"
"""Tones of a line: the first two have a tag; without one, it can wait; what is standing is no task of the day, and
is not greeted with."""
NAMED = 3
"""How many things a line names before it says « et n autres »."""
LATE_LAUNCH = timedelta(minutes=5)
"""How long a scheduled campaign may wait for the sweep before somebody should look."""
COMMUNES_NAMED = 7
"""The same, of communes: a territory has few."""


@dataclass(frozen=True)
class Line:
    """One thing to do: how many, what (in the grammar of that number), which, and where one does it."""

    count: int
    what: str
    detail: str
    url: str
    tone: str = ""

    @property
    def tag(self) -> str:
        """The word that goes with the tone."""
        return {TODAY: _("aujourd’hui"), LATE: _("en retard")}.get(self.tone, "")


Asker = Callable[[], Line | None]

LINES: list[tuple[str, Asker]] = []
"""Permission to open the list, and what counts it, in the order in which they are registered."""


def line(permission: str) -> Callable[[Asker], Asker]:
    """Register a line: shown only to who has `permission`; None, or a count of zero, is not shown."""

    def register(ask: Asker) -> Asker:
        LINES.append((permission, ask))
        return ask

    return register


def lines(user: User | AnonymousUser) -> list[Line]:
    """Return what waits for this user: what is late first, then today's, the rest, and what is standing."""
    asked = [ask() for permission, ask in LINES if user.has_perm(permission)]
    waiting = [one for one in asked if one and one.count]
    return sorted(waiting, key=lambda one: [LATE, TODAY, "", STANDING].index(one.tone))


def greeting(user: User, waiting: list[Line]) -> str:
    """Return « Bonjour Aline, 20 choses attendent »."""
    count = sum(one.count for one in waiting if one.tone != STANDING)
    if not count:
        return _("Bonjour %(name)s") % {"name": user.get_short_name()}
    return ngettext(
        "Bonjour %(name)s, une chose attend", "Bonjour %(name)s, %(count)s\u00a0choses attendent", count
    ) % {"name": user.get_short_name(), "count": numbers.number(count)}


# The lines -----------------------------------------------------------------------------------------------


@line("trainings.view_trainingsession")
def sessions_without_attendance() -> Line:
    """Sessions that are over, and whose roll call is not finished."""
    count, found = _first(TrainingSession.objects.without_attendance().select_related("training"))
    return Line(
        count,
        ngettext("séance passée sans appel complet", "séances passées sans appel complet", count),
        _named([str(one) for one in found], count),
        _list_or_one("trainings_trainingsession", count, found, {"a_faire": "presences"}),
        LATE,
    )


@line("trainings.view_trainingsession")
def full_sessions() -> Line:
    """Announced sessions without a seat left, while people wait."""
    found = list(TrainingSession.objects.full_with_people_waiting().upcoming().select_related("training"))
    people = sum(one.waiting for one in found)
    return Line(
        len(found),
        ngettext(
            "séance complète\u00a0: %(people)s en attente",
            "séances complètes\u00a0: %(people)s en attente",
            len(found),
        )
        % {"people": ngettext("%s personne", "%s personnes", people) % numbers.number(people)},
        _named([str(one) for one in found[:NAMED]], len(found)),
        _list_or_one("trainings_trainingsession", len(found), found, {"a_faire": "attente"}),
        TODAY,
    )


@line("trainings.change_registration")
def offers_to_phone() -> Line:
    """Seats offered to people without an address: nobody but a caller can tell them before the offer runs out."""
    waiting = Registration.objects.offers_to_phone(timezone.now()).order_by("offered_until", "pk")
    count, found = _first(waiting)
    return Line(
        count,
        ngettext("place proposée à dire par téléphone", "places proposées à dire par téléphone", count),
        _named([f"{one.name}, {one.phone}" for one in found], count),
        reverse("admin:trainings_session_people", args=[found[0].session_id])
        if count == 1
        else _list("trainings_registration", {"a_appeler": "offre"}),
        TODAY,
    )


@line("trainings.change_trainingsession")
def sessions_to_decide() -> Line:
    """Sessions whose day of decision has come without their minimum."""
    count, found = _first(TrainingSession.objects.to_decide().select_related("training"))
    return Line(
        count,
        ngettext("séance à maintenir ou à annuler", "séances à maintenir ou à annuler", count),
        _named(
            [
                _("%(session)s (%(n)s sur %(minimum)s)")
                % {"session": one, "n": one.confirmed, "minimum": one.minimum}
                for one in found
            ],
            count,
        ),
        reverse("admin:trainings_session_decide", args=[found[0].pk])
        if count == 1
        else _list("trainings_trainingsession", {"a_faire": "decision"}),
        TODAY,
    )


@line("outbox.view_letter")
def letters_to_look_at() -> Line:
    """Letters whose fate is unknown, or that were refused."""
    found = dict(Letter.objects.needing_a_person().count_by_state())
    uncertain, failed = found["uncertain"], found["failed"]
    told = [
        ngettext("%s incertaine", "%s incertaines", uncertain) % numbers.number(uncertain)
        if uncertain
        else "",
        ngettext("%s en échec", "%s en échec", failed) % numbers.number(failed) if failed else "",
    ]
    count = uncertain + failed
    return Line(
        count,
        ngettext("lettre incertaine ou en échec", "lettres incertaines ou en échec", count),
        ", ".join(filter(None, told)),
        _list("outbox_letter", {"state__in": "uncertain,failed"}),
        LATE,
    )


@line("needs.view_survey")
def communes_that_have_not_answered() -> Line | None:
    """Communes whose response to the open survey is not sent, until its deadline."""
    surveys = Survey.objects.taking_answers().filter(audience=Family.MUNICIPALITIES)
    survey = surveys.order_by("closes_at", "pk").first()
    if survey is None:
        return None
    silent = needs_figures.unanswered(survey)
    return Line(
        len(silent),
        ngettext("commune n’a pas répondu", "communes n’ont pas répondu", len(silent)),
        _("%(who)s\u00a0: «\u00a0%(survey)s\u00a0», jusqu’au %(day)s")
        % {
            "who": _named([actor.name for actor in silent[:COMMUNES_NAMED]], len(silent), joint=", "),
            "survey": survey,
            "day": dates.day(timezone.localtime(survey.closes_at), year=False),
        },
        reverse("admin:needs_survey_change", args=[survey.pk]),
    )


@line("actors.view_actor")
def actors_to_read() -> Line:
    """Sheets that somebody proposed."""
    count, found = _first(Actor.objects.filter(state=ActorState.PENDING).order_by("updated_at", "pk"))
    return Line(
        count,
        ngettext("fiche d’acteur à relire", "fiches d’acteurs à relire", count),
        _named([actor.name for actor in found], count),
        _list_or_one("actors_actor", count, found, {"state__exact": ActorState.PENDING}),
    )


@line("actors.view_membership")
def membership_requests() -> Line:
    """People who ask to speak for an actor."""
    waiting = Membership.objects.requested().select_related("user", "actor").order_by("since", "pk")
    count, found = _first(waiting)
    return Line(
        count,
        ngettext("demande de membre à traiter", "demandes de membres à traiter", count),
        _named([_("%s pour %s") % (one.user, one.actor) for one in found], count),
        reverse("actors:members", args=[found[0].actor.slug])
        if count == 1
        else _list("actors_membership", {"state__exact": MembershipState.REQUESTED}),
    )


@line("actors.view_correction")
def errors_to_read() -> Line:
    """Errors that people reported on sheets."""
    waiting = Correction.objects.waiting().select_related("actor").order_by("created_at", "pk")
    count, found = _first(waiting)
    return Line(
        count,
        ngettext("erreur signalée à lire", "erreurs signalées à lire", count),
        _named([one.actor.name for one in found], count),
        _list_or_one("actors_correction", count, found, {"a_traiter": "oui"}),
    )


@line("actors.view_actor")
def unconfirmed_sheets() -> Line:
    """Published sheets that nobody confirmed for more than a year, a month of patience included."""
    late = Actor.objects.unconfirmed_since(months_before(timezone.now(), LATE_AFTER))
    count, found = _first(late.order_by("confirmed_at", "created_at", "pk"))
    return Line(
        count,
        ngettext(
            "fiche pas confirmée depuis plus de 13 mois",
            "fiches pas confirmées depuis plus de 13 mois",
            count,
        ),
        _named([actor.name for actor in found], count),
        _list_or_one("actors_actor", count, found, {"confirmation": "retard"}),
    )


@line("actors.view_actor")
def communes_without_referent() -> Line:
    """Communes for which nobody answers: no survey reaches them."""
    silent = Actor.objects.without_referent().of_family(Family.MUNICIPALITIES)
    count, found = _first(silent.order_by("sort_name", "pk"))
    return Line(
        count,
        ngettext("commune sans référent", "communes sans référent", count),
        _named([actor.name for actor in found], count),
        _list_or_one("actors_actor", count, found, {"referent": "communes"}),
        STANDING,
    )


@line("actors.view_actor")
def actors_without_referent() -> Line:
    """Published sheets of others for which nobody answers: nobody keeps them up to date."""
    alone = Actor.objects.without_referent().exclude(kind=Kind.MUNICIPALITY)
    count, found = _first(alone.order_by("sort_name", "pk"))
    return Line(
        count,
        ngettext("fiche publiée sans référent", "fiches publiées sans référent", count),
        _named([actor.name for actor in found], count),
        _list_or_one("actors_actor", count, found, {"referent": "autres"}),
        STANDING,
    )


@line("actors.view_contact")
def addresses_to_correct() -> Line:
    """Contacts whose address refuses letters."""
    count, found = _first(Contact.objects.exclude(bounced_at=None).order_by("name", "pk"))
    return Line(
        count,
        ngettext("adresse e-mail à corriger", "adresses e-mail à corriger", count),
        _named([contact.name for contact in found], count),
        _list_or_one("actors_contact", count, found, {"joignable": "refuse"}),
    )


@line("invitations.view_campaign")
def campaigns_that_did_not_leave() -> Line:
    """Scheduled campaigns whose moment has passed."""
    late = timezone.now() - LATE_LAUNCH
    count, found = _first(Campaign.objects.to_launch(late).order_by("scheduled_at", "pk"))
    return Line(
        count,
        ngettext("campagne programmée n’est pas partie", "campagnes programmées ne sont pas parties", count),
        _named([campaign.title for campaign in found], count),
        reverse("admin:invitations_campaign_launch", args=[found[0].pk])
        if count == 1
        else _list(
            "invitations_campaign",
            {"state__exact": CampaignState.SCHEDULED, "scheduled_at__lte": late.isoformat()},
        ),
        LATE,
    )


@line("needs.view_need")
def needs_to_qualify() -> Line:
    """Needs that nobody has read yet."""
    count = Need.objects.waiting().count()
    return Line(
        count,
        ngettext("besoin à qualifier", "besoins à qualifier", count),
        _("Reçus, pas encore lus par l’équipe."),
        _list("needs_need", {"state__exact": NeedState.SUBMITTED}),
    )


@line("projects.view_project")
def late_projects() -> Line:
    """Projects with a step whose day has passed."""
    count, found = _first(Project.objects.late(timezone.localdate()))
    return Line(
        count,
        ngettext("projet dont une étape est en retard", "projets dont une étape est en retard", count),
        _named([project.title for project in found], count),
        _list_or_one("projects_project", count, found, {"etapes": "retard"}),
        LATE,
    )


@line("diagnostics.view_diagnostic")
def diagnostics_to_review() -> Line:
    """Diagnostics that are made, and that nobody has published yet."""
    count, found = _first(Diagnostic.objects.to_review())
    return Line(
        count,
        ngettext("diagnostic prêt à relire", "diagnostics prêts à relire", count),
        _named([str(one) for one in found], count),
        found[0].get_absolute_url() if count == 1 else _list("diagnostics_diagnostic", {"a_faire": "relire"}),
    )


@line("actors.view_interaction")
def late_steps() -> Line:
    """Next steps, noted after an exchange, whose day has passed."""
    count, found = _first(Interaction.objects.late(timezone.localdate()))
    return Line(
        count,
        ngettext("prochaine étape en retard", "prochaines étapes en retard", count),
        _named([one.next_step for one in found], count),
        _list_or_one("actors_interaction", count, found, {"a_faire": "retard"}),
        LATE,
    )


@line("actors.view_interaction")
def steps_of_today() -> Line:
    """Next steps, noted after an exchange, for this very day."""
    count, found = _first(Interaction.objects.due(timezone.localdate()))
    return Line(
        count,
        ngettext("prochaine étape à faire", "prochaines étapes à faire", count),
        _named([one.next_step for one in found], count),
        _list_or_one("actors_interaction", count, found, {"a_faire": "jour"}),
        TODAY,
    )


@line("actors.view_interaction")
def texts_to_reread() -> Line:
    """Exchanges whose text may still name somebody who was erased."""
    count, found = _first(Interaction.objects.to_reread())
    return Line(
        count,
        ngettext("échange à relire après un effacement", "échanges à relire après un effacement", count),
        _named([str(one) for one in found], count),
        _list_or_one("actors_interaction", count, found, {"a_faire": "relire"}),
    )


# Words and addresses -------------------------------------------------------------------------------------


def _first(queryset: QuerySet) -> tuple[int, list]:
    """Return how many there are, and the first few: one query, two when there are more than those."""
    found = list(queryset[: NAMED + 1])
    return (len(found), found) if len(found) <= NAMED else (queryset.count(), found[:NAMED])


def _named(names: list[str], count: int, *, joint: str = "\u00a0; ") -> str:
    """Return « A\u00a0; B\u00a0; C et 4 autres » for the first names of `count` things."""
    text = joint.join(names)
    others = count - len(names)
    if others <= 0:
        return text
    return _("%(names)s et %(others)s") % {
        "names": text,
        "others": ngettext("%s autre", "%s autres", others) % numbers.number(others),
    }


def _list(model: str, query: dict) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(query)}"


def _list_or_one(model: str, count: int, found: list, query: dict) -> str:
    """Return the address of the one thing, else of the list that shows these and no other."""
    if count == 1:
        return reverse(f"admin:{model}_change", args=[found[0].pk])
    return _list(model, query)
