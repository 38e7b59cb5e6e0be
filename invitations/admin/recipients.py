"""Who a campaign is for: chosen, added, and joined otherwise where no letter reaches."""

from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import Contact
from invitations import actions, audience
from invitations.admin.pages import ROWS_SHOWN, Pages, staff
from invitations.audience import Choice
from invitations.choices import NEXT
from invitations.forms import AudienceForm, PastedForm
from invitations.models import Campaign
from invitations.pasted import Line
from typography.numbers import number

HISTORY_SHOWN = 20


class Recipients(Pages):
    """The recipients, and those whom no letter reaches."""

    def audience(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Choose people by what they are or by a list, see how many that is, and invite them.

        What is ticked stands in the address, so that it can be shared; a list does not: no log keeps addresses.
        """
        campaign = self._campaign(request, object_id)
        form = AudienceForm(request.GET or None, campaign=campaign)
        pasted = PastedForm(request.POST if "addresses" in request.POST else None)
        choice, lines = form.choice, list[Line]()
        if choice and pasted.is_bound:
            lines = pasted.cleaned_data["addresses"] if pasted.is_valid() else []
            choice = replace(choice, addresses=[line.email for line in lines]) if lines else None
        if request.method == "POST" and "add" in request.POST and choice:
            return self._add(request, campaign, choice)
        if request.method == "POST" and "undo" in request.POST:
            return self._take_out(request, campaign)
        chosen = audience.choose(choice) if choice else Contact.objects.none()
        new = chosen.exclude(pk__in=campaign.invitations.order_by().values("contact"))
        asked = choice is not None and choice.asks
        size = audience.measure(chosen, campaign)
        told = audience.tell(lines, choice, campaign) if choice and lines else []
        return self._page(
            request,
            campaign,
            "audience",
            _("Destinataires"),
            {
                "form": form,
                "pasted": pasted,
                "media": form.media,
                "asked": asked,
                "nobody_chosen": form.is_bound and choice is not None and not asked,
                "words": audience.words(choice) if choice else "",
                "told": told,
                "strangers": sum(line.unknown for line in told),
                "size": size,
                "rows": audience.first(new, ROWS_SHOWN),
                "unreachable": size.unreachable,
                **campaign.invitations.count_untouched(),
                "history": [] if asked else audience.history(campaign)[:HISTORY_SHOWN],
                "open": bool(NEXT[campaign.state]),
            },
        )

    def _add(self, request: HttpRequest, campaign: Campaign, choice: Choice) -> HttpResponse:
        """Invite those whom a choice finds, and come back to it."""
        try:
            count = actions.prepare(
                campaign,
                contacts=audience.choose(choice),
                by=staff(request),
                actor=choice.actor,
                chosen=audience.words(choice),
            )
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

    def _take_out(self, request: HttpRequest, campaign: Campaign) -> HttpResponse:
        """Take out those to whom nothing was written."""
        try:
            count = actions.unprepare(campaign, by=staff(request))
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                ngettext(
                    "{n} personne est retirée de la campagne.",
                    "{n} personnes sont retirées de la campagne.",
                    count,
                ).format(n=number(count)),
            )
        return redirect("admin:invitations_campaign_audience", campaign.pk)

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
            .by_name()
        )
        return self._page(
            request,
            campaign,
            "phone",
            _("À joindre autrement"),
            {"people": list(people), "reached": sum(one.reached_at is not None for one in people)},
        )

    def bounced(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Note that somebody's address refuses letters, or take that back: it is good."""
        campaign = self._campaign(request, object_id)
        refused = _("L’adresse de {person} est à corriger. Plus aucune campagne ne lui écrit.")
        good = _("L’adresse de {person} est bonne. Les campagnes lui écrivent à nouveau.")
        verbs = (("invitation", actions.tick_bounced, refused), ("good", actions.untick_bounced, good))
        for name, verb, done in verbs:
            if invitation := self._posted(request, campaign, name):
                words = done.format(person=invitation.contact)
                self._try(request, partial(verb, invitation, by=staff(request)), words)
        return redirect("admin:invitations_campaign_progress", campaign.pk)
