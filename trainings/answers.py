"""What a person may answer on the page of their own registration: to an offer, to a free seat, to « venez-vous ? »."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from trainings import actions
from trainings.actions import Answer
from trainings.choices import RegistrationState
from trainings.models import Registration
from typography import dates

TAKE, LEAVE, COME = "prendre", "laisser", "venir"
"""What the buttons post as `reponse`."""


@dataclass(frozen=True)
class Question:
    """What the page asks: `kind` is "offered", "late" (ran out), "free" (a seat for the first) or "asked"."""

    kind: str
    until: datetime | None = None
    left: str = ""


def question(mine: Registration) -> Question | None:
    """Return what the page has to ask this person now; None when nothing."""
    if mine.offered_until is not None:
        left = time_left(mine)
        return Question("offered" if left else "late", until=mine.offered_until, left=left)
    if mine.state == RegistrationState.WAITING and _may_be_free(mine):
        return Question("free")
    return Question("asked") if actions.is_asked(mine) else None


def _may_be_free(mine: Registration) -> bool:
    return actions.has_room(mine.session, actions.together(mine.session, mine))


def time_left(mine: Registration) -> str:
    """Return the time that is left to answer an offer, in words; "" when there is none to answer."""
    now = timezone.now()
    return dates.left(mine.offered_until, now) if mine.offered_until and mine.offered_until > now else ""


def answer(request: HttpRequest, mine: Registration) -> None:
    """Do what the button says, and tell what became of it."""
    try:
        match request.POST.get("reponse"):
            case value if value == TAKE:
                _take(request, mine)
            case value if value == LEAVE:
                _leave(request, mine)
            case value if value == COME:
                _come(request, mine)
            case _other:
                messages.error(request, _("Ce bouton n’existe pas. Rien n’est changé."))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))


def _take(request: HttpRequest, mine: Registration) -> None:
    outcome = actions.accept(mine, by=None)
    mine.refresh_from_db(fields=["state", "position"])
    match outcome:
        case Answer.SEATED:
            messages.success(request, _("La place est à vous. Une lettre le confirme, avec les dates."))
        case Answer.ALREADY:
            messages.info(request, _("C’est déjà fait : vous avez une place."))
        case Answer.NONE_LEFT:
            messages.warning(
                request,
                _("Quelqu’un a été plus rapide. Vous gardez votre rang dans la file : {rank}.").format(
                    rank=mine.rank
                ),
            )
        case Answer.TOO_LATE if mine.state == RegistrationState.WAITING:
            messages.warning(
                request,
                _(
                    "Le délai était passé : la place va à la personne suivante. Vous restez dans la file, au "
                    "rang {rank}."
                ).format(rank=mine.rank),
            )


def _leave(request: HttpRequest, mine: Registration) -> None:
    if mine.state == RegistrationState.CANCELLED:
        messages.info(request, _("C’est déjà fait : cette inscription est annulée."))
        return
    actions.cancel(mine, by=None)
    messages.success(request, _("C’est noté. Merci d’avoir prévenu : la place est proposée à qui attend."))


def _come(request: HttpRequest, mine: Registration) -> None:
    if actions.stay(mine):
        messages.success(request, _("Merci, nous vous attendons."))
    else:
        messages.info(request, _("C’est déjà fait : nous vous attendons."))
