"""What became of a campaign: letters and answers, and who has not answered."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.proving import proven_for_file
from invitations import actions, figures
from invitations.admin.pages import Pages, staff
from invitations.choices import NEXT, State
from invitations.models import Campaign, Sending
from typography.numbers import number

UNANSWERED_A_PAGE = 50


class Results(Pages):
    """The progress page, its bar and its list."""

    def progress(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Letters and answers, in all, by municipality and by family; who has not answered."""
        campaign = self._campaign(request, object_id, change=False)
        planned = list(campaign.reminders.planned())
        unanswered = (
            campaign.invitations.living()
            .unanswered()
            .with_progress()
            .with_place()
            .select_related("contact", "actor")
            .by_name()
        )
        page = Paginator(unanswered, UNANSWERED_A_PAGE).get_page(request.GET.get("page"))
        return self._page(
            request,
            campaign,
            "progress",
            _("Suivi"),
            {
                "results": figures.participation(campaign),
                "advance": figures.advance(campaign, to_write=actions.to_write(campaign)),
                "advance_url": reverse("admin:invitations_campaign_advance", args=[campaign.pk]),
                "doubtful": Sending.objects.needing_a_person(campaign).count(),
                "planned": planned,
                "awaiting": actions.to_remind(campaign).count() if planned else 0,
                "may_change": self.has_change_permission(request, campaign),
                "page": page,
                "pages": page.paginator.get_elided_page_range(page.number),
                "ends": [
                    (state, label)
                    for state, label in (
                        (State.CLOSED, _("Clôturer")),
                        (State.CANCELLED, _("Annuler la campagne")),
                    )
                    if state in NEXT[campaign.state] and self.has_change_permission(request, campaign)
                ],
            },
        )

    def uncertain(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Letters that may have arrived or not; sent again by who ticks them, and that they know it."""
        campaign = self._campaign(request, object_id)
        if request.method == "POST":
            self._send_again(request, campaign)
            return redirect("admin:invitations_campaign_uncertain", campaign.pk)
        return self._page(
            request,
            campaign,
            "uncertain",
            _("Lettres incertaines"),
            {
                "sendings": list(Sending.objects.needing_a_person(campaign)),
                "may_resend": campaign.is_open and request.user.has_perm("outbox.resend_letter"),
            },
        )

    def _send_again(self, request: HttpRequest, campaign: Campaign) -> None:
        ticked = [int(key) for key in request.POST.getlist("letter") if re.fullmatch(r"[0-9]{1,18}", key)]
        if not request.user.has_perm("outbox.resend_letter"):
            raise PermissionDenied
        if not ticked:
            messages.error(request, _("Cochez d’abord une lettre. Rien n’est renvoyé."))
        elif "sure" not in request.POST:
            messages.error(
                request,
                _("Dites d’abord que vous savez qu’une lettre peut arriver deux fois. Rien n’est renvoyé."),
            )
        else:
            try:
                again = actions.send_again(campaign, sendings=ticked, by=staff(request))
            except actions.Refused as refusal:
                messages.error(request, str(refusal))
            else:
                words = ngettext(
                    "{n} lettre est remise en route.", "{n} lettres sont remises en route.", again
                )
                messages.success(request, words.format(n=number(again)))

    def advance(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """How far the letters are, for the bar that moves by itself."""
        campaign = self._campaign(request, object_id, change=False)
        now = figures.advance(campaign, to_write=actions.to_write(campaign))
        return JsonResponse(
            {"done": now.done, "total": now.total, "text": now.text, "finished": now.finished}
        )

    @method_decorator(proven_for_file)
    def unanswered(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Who has not answered, as a file."""
        campaign = self._campaign(request, object_id, change=False)
        return HttpResponse(
            actions.export_unanswered(campaign, by=staff(request)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="sans-reponse-{campaign.pk}.csv"'},
        )
