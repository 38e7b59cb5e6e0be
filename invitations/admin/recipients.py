"""Who a campaign is for: chosen, added, and joined otherwise where no letter reaches."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import Contact
from invitations import actions, audience
from invitations.admin.pages import ROWS_SHOWN, Pages, staff
from invitations.choices import NEXT
from invitations.forms import AudienceForm
from typography.numbers import number


class Recipients(Pages):
    """The recipients, and those whom no letter reaches."""

    def audience(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Choose families and municipalities, see how many people that is, and invite them."""
        campaign = self._campaign(request, object_id)
        form = AudienceForm(request.GET or None)
        chosen = audience.choose(**form.cleaned_data) if form.is_valid() else Contact.objects.none()
        new = chosen.exclude(invitations__campaign=campaign)
        if request.method == "POST":
            try:
                count = actions.prepare(campaign, contacts=new, by=staff(request))
            except actions.Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request,
                    ngettext(
                        "{n} personne est ajoutée. Rien ne lui est encore écrit.",
                        "{n} personnes sont ajoutées. Rien ne leur est encore écrit.",
                        count,
                    ).format(n=number(count)),
                )
            return redirect("admin:invitations_campaign_audience", campaign.pk)
        return self._page(
            request,
            campaign,
            "audience",
            _("Destinataires"),
            {
                "form": form,
                "asked": form.is_bound,
                "count": new.count(),
                "rows": audience.first(new, ROWS_SHOWN),
                "unreachable": audience.unreachable(new),
                "invited": campaign.invitations.count(),
                "open": bool(NEXT[campaign.state]),
            },
        )

    def phone(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """People to phone or to write to, each with a tick; printed, the list has boxes."""
        campaign = self._campaign(request, object_id)
        if request.method == "POST":
            for name, verb in (("reached", actions.mark_reached), ("unreached", actions.mark_unreached)):
                if invitation := self._posted(request, campaign, name):
                    self._try(
                        request,
                        partial(verb, invitation, by=staff(request)),
                        _("C’est noté pour {person}.").format(person=invitation.contact),
                    )
            return redirect("admin:invitations_campaign_phone", campaign.pk)
        people = (
            campaign.invitations.out_of_reach()
            .with_place()
            .select_related("contact", "actor", "reached_by")
            .order_by("contact__name", "pk")
        )
        return self._page(
            request,
            campaign,
            "phone",
            _("À joindre autrement"),
            {"people": list(people), "reached": sum(one.reached_at is not None for one in people)},
        )

    def bounced(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Note that somebody's address refuses letters."""
        campaign = self._campaign(request, object_id)
        if invitation := self._posted(request, campaign, "invitation"):
            self._try(
                request,
                partial(actions.tick_bounced, invitation, by=staff(request)),
                _("L’adresse de {person} est à corriger. Plus aucune campagne ne lui écrit.").format(
                    person=invitation.contact
                ),
            )
        return redirect("admin:invitations_campaign_progress", campaign.pk)
