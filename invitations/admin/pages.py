"""What the pages of a campaign share: who may see it, its steps, a button pressed."""

import re
from collections.abc import Callable
from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from invitations import actions
from invitations.models import Campaign, Invitation

ROWS_SHOWN = 10

STEPS = (
    ("change", gettext_lazy("Texte")),
    ("audience", gettext_lazy("Destinataires")),
    ("preview", gettext_lazy("Aperçu")),
    ("launch", gettext_lazy("Lancer")),
    ("progress", gettext_lazy("Suivi")),
    ("remind", gettext_lazy("Relancer")),
    ("phone", gettext_lazy("Joindre autrement")),
)
"""Pages of a campaign, in the order in which they are used."""


class Pages(admin.ModelAdmin):
    """A campaign's own pages, one after the other."""

    def _campaign(self, request: HttpRequest, object_id: int, *, change: bool = True) -> Campaign:
        campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=object_id)
        allowed = self.has_change_permission if change else self.has_view_permission
        if not allowed(request, campaign):
            raise PermissionDenied
        return campaign

    def _page(
        self, request: HttpRequest, campaign: Campaign, step: str, title: str, context: dict
    ) -> HttpResponse:
        return render(
            request,
            f"admin/invitations/campaign/{step}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "campaign": campaign,
                "steps": steps(campaign, step),
                "title": f"{campaign} : {title}",
                "step_title": title,
                "subtitle": None,
                **context,
            },
        )

    def _posted(self, request: HttpRequest, campaign: Campaign, name: str) -> Invitation | None:
        """Return the invitation of this campaign that a button names; None for anything else."""
        key = request.POST.get(name, "")
        if not re.fullmatch(r"[0-9]{1,18}", key):
            return None
        return campaign.invitations.select_related("contact").filter(pk=int(key)).first()

    def _try(self, request: HttpRequest, verb: Callable[[], object], done: str) -> None:
        """Do it, and say so, or why not."""
        try:
            verb()
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)


def staff(request: HttpRequest) -> User:
    """Return who asks: nobody comes here without an account."""
    return cast(User, request.user)


def steps(campaign: Campaign, current: str) -> list[dict]:
    return [
        {
            "label": label,
            "url": reverse(f"admin:invitations_campaign_{name}", args=[campaign.pk]),
            "current": name == current,
        }
        for name, label in STEPS
    ]


def shown(people) -> list[Invitation]:
    return list(people.select_related("contact__municipality", "actor")[:ROWS_SHOWN])
