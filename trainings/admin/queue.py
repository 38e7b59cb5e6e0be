"""The desk's queue of a session: offers to extend or accept for somebody, people to let pass, seats to give back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from trainings import actions
from trainings.actions import Answer
from trainings.admin.around import identifier
from trainings.choices import RegistrationState
from trainings.models import Registration, TrainingSession
from typography import dates

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin as Base
else:
    Base = object


class ToPhone(admin.SimpleListFilter):
    """People to whom a seat is offered, and whom no letter reaches."""

    title = _("à dire par téléphone")
    parameter_name = "a_appeler"

    def lookups(self, request, model_admin):
        return [("offre", _("Une place leur est proposée"))]

    def queryset(self, request, queryset):
        return queryset.offers_to_phone(timezone.now()) if self.value() == "offre" else queryset


@dataclass(frozen=True)
class Row:
    """One person of the queue: the rank of who waits, the time left to who has an offer ("" once it is over)."""

    registration: Registration
    rank: int | None = None
    left: str = ""


class AroundTheQueue(Base):
    """What staff do with one person's seat or place in the queue; mixed into the session's admin."""

    def get_urls(self):
        act = self.admin_site.admin_view(require_POST(self.act))
        return [path("<int:pk>/places/", act, name="trainings_session_seat"), *super().get_urls()]

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do one thing for one person of the session, and say so on the page of who comes."""
        session = get_object_or_404(TrainingSession, pk=pk)
        if not request.user.has_perm("trainings.change_registration"):
            raise PermissionDenied
        name, _space, public_id = request.POST.get("faire", "").partition(" ")
        known = identifier(public_id)
        registration = session.registrations.filter(public_id=known).first() if known else None
        try:
            if registration is None or name not in VERBS:
                raise actions.Refused(
                    gettext("Cette personne ou ce bouton n’est plus sur la page. Rien n’est changé.")
                )
            said = VERBS[name](registration, request)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said)
        return redirect("admin:trainings_session_people", pk)


def may_act(request: HttpRequest, session: TrainingSession) -> bool:
    """Say whether the page shows its buttons to this person: not to who only looks, nor once it has started."""
    ahead = session.starts_at is not None and timezone.now() < session.starts_at
    return request.user.has_perm("trainings.change_registration") and ahead and not session.cancelled_at


def rows(people: list[Registration]) -> tuple[list[Row], list[Row]]:
    """Return who has an offer, and who waits with their rank, of all the people of a session in their order."""
    now = timezone.now()
    offered = [
        Row(one, left=dates.left(one.offered_until, now) if one.offered_until > now else "")
        for one in people
        if one.offered_until is not None
    ]
    waiting = [one for one in people if one.state == RegistrationState.WAITING]
    return offered, [Row(one, rank=rank) for rank, one in enumerate(waiting, start=1)]


# Verbs: (person, request) → what is said ------------------------------------------------------------------


def _accept(registration: Registration, request: HttpRequest) -> str:
    # Somebody to whom nothing is offered is let pass with a reason: that is another button.
    offered = registration.state != RegistrationState.WAITING
    if not offered or actions.accept(registration, by=cast(User, request.user)) == Answer.NONE_LEFT:
        raise actions.Refused(
            gettext(
                "Le délai est passé entre-temps, et la place est à la personne suivante. Rien n’est changé."
            )
        )
    return gettext("{name} a une place.").format(name=registration.name)


def _extend(registration: Registration, request: HttpRequest) -> str:
    until = actions.extend(registration, by=cast(User, request.user))
    return gettext("La place reste proposée à {name} jusqu’au {moment}.").format(
        name=registration.name, moment=dates.moment(until)
    )


def _promote(registration: Registration, request: HttpRequest) -> str:
    actions.promote(
        registration,
        reason=request.POST.get("motif", ""),
        add_seat="ajouter" in request.POST,
        by=cast(User, request.user),
    )
    return gettext("{name} a une place.").format(name=registration.name)


def _give_back(registration: Registration, request: HttpRequest) -> str:
    actions.cancel(registration, by=cast(User, request.user))
    return gettext("L’inscription de {name} est annulée.").format(name=registration.name)


VERBS: dict[str, Callable[[Registration, HttpRequest], str]] = {
    "accepter": _accept,
    "prolonger": _extend,
    "promouvoir": _promote,
    "rendre": _give_back,
}
"""What a button says → what is done."""
