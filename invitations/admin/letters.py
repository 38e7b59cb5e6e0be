"""The letters of a campaign: previewed, tried on oneself, launched, planned, sent again, stopped."""

import re
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from actors.models import Contact
from invitations import actions, audience, emails, placeholders, tasks
from invitations.admin.pages import Pages, shown, staff
from invitations.choices import NEXT, State
from invitations.forms import MomentForm, PreviewForm
from invitations.models import Campaign
from typography import dates

# A letter carries its own styles and nothing else: shown alone, it may use them and do nothing.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


class Letters(Pages):
    """Preview, launch, reminders, the end."""

    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show the letter of one person, in text and in HTML; a POST sends it to whoever looks at it."""
        campaign = self._campaign(request, object_id)
        invitations = campaign.invitations.select_related("contact", "actor")
        # Shown before anybody is chosen: the letter of the first, which says more than one's own.
        first = invitations.first() if "contact" not in request.GET else None
        form = PreviewForm(request.GET or None, invitations=invitations, initial={"contact": first})
        invitation = first or (form.cleaned_data["contact"] if form.is_valid() else None)
        contact = (
            invitation.contact if invitation else Contact(name=str(request.user), email=staff(request).email)
        )
        actor = invitation.actor if invitation else None
        if request.method == "POST":
            actions.send_test(campaign, contact=contact, actor=actor, by=staff(request))
            messages.success(
                request, _("La lettre d’essai part vers {address}.").format(address=staff(request).email)
            )
            return redirect(request.get_full_path())
        letter = emails.trial(campaign, contact, actor, to=contact.email or staff(request).email)
        if request.GET.get("version") == "html":
            html = str(letter.alternatives[0][0])
            return HttpResponse(html, headers={"Content-Security-Policy": LETTER_POLICY})
        return self._page(
            request,
            campaign,
            "preview",
            _("Aperçu"),
            {"form": form, "letter": letter, "chosen": invitation.pk if invitation else ""},
        )

    def launch(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show to whom a launch would write, then launch."""
        campaign = self._campaign(request, object_id)
        if request.method == "POST":
            return self._write(request, campaign, actions.launch)
        people = actions.new_people(campaign)
        names_organisation = placeholders.uses("organisation", campaign.subject, campaign.body)
        others = Contact.objects.filter(
            pk__in=campaign.invitations.never_written().order_by().values("contact")
        )
        return self._page(
            request,
            campaign,
            "launch",
            _("Lancer la campagne"),
            {
                "count": people.count(),
                "nameless": people.filter(actor=None).count() if names_organisation else 0,
                "rows": shown(people),
                "unreachable": audience.unreachable(others),
                "refusal": actions.why_no_launch(campaign),
                "schedulable": campaign.state in (State.DRAFT, State.SCHEDULED),
                "form": MomentForm(initial={"at": campaign.scheduled_at}),
            },
        )

    def schedule(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Choose when a campaign launches by itself, or take that back."""
        campaign = self._campaign(request, object_id)
        if request.method == "POST" and "undo" in request.POST:
            self._try(
                request,
                partial(actions.unschedule, campaign, by=staff(request)),
                _("La campagne n’est plus programmée : rien ne part de soi-même."),
            )
        elif request.method == "POST" and (at := self._moment(request)):
            self._try(
                request,
                partial(actions.schedule, campaign, at=at, by=staff(request)),
                _("Les lettres partiront {when}. D’ici là, vous pouvez encore y renoncer.").format(
                    when=dates.moment(at)
                ),
            )
        return redirect("admin:invitations_campaign_launch", campaign.pk)

    def remind(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show to whom a reminder would write, then remind."""
        campaign = self._campaign(request, object_id)
        if request.method == "POST":
            return self._write(request, campaign, actions.remind)
        people = actions.due_for_reminder(campaign)
        return self._page(
            request,
            campaign,
            "remind",
            _("Relancer"),
            {
                "count": people.count(),
                "rows": shown(people),
                "refusal": actions.why_no_reminder(campaign),
                "reminders": list(campaign.reminders.begun()),
                "planned": list(campaign.reminders.planned()),
                "awaiting": actions.to_remind(campaign).count(),
                "open": bool(NEXT[campaign.state]),
                "form": MomentForm(),
            },
        )

    def plan(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Plan a reminder, or take back one that has not begun."""
        campaign = self._campaign(request, object_id)
        drop = request.POST.get("drop", "")
        if request.method == "POST" and re.fullmatch(r"[0-9]{1,4}", drop):
            self._try(
                request,
                partial(actions.drop_reminder, campaign, number=int(drop), by=staff(request)),
                _("Cette relance ne partira pas."),
            )
        elif request.method == "POST" and (at := self._moment(request)):
            self._try(
                request,
                partial(actions.plan_reminder, campaign, at=at, by=staff(request)),
                _("Une relance partira {when}, vers qui n’aura pas répondu.").format(when=dates.moment(at)),
            )
        return redirect("admin:invitations_campaign_remind", campaign.pk)

    def end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Close or cancel a campaign."""
        campaign = self._campaign(request, object_id)
        verbs = {State.CLOSED.value: actions.close, State.CANCELLED.value: actions.cancel}
        verb = verbs.get(request.POST.get("state", ""))
        if request.method == "POST" and verb:
            try:
                verb(campaign, by=staff(request))
            except actions.Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request,
                    _("La campagne est « {state} ». Ce qui attendait ne part pas.").format(
                        state=campaign.get_state_display()
                    ),
                )
        return redirect("admin:invitations_campaign_progress", campaign.pk)

    def _write(self, request: HttpRequest, campaign: Campaign, verb) -> HttpResponse:
        try:
            written = verb(campaign, by=staff(request))
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:invitations_campaign_progress", campaign.pk)
        if Campaign.objects.being_written().filter(pk=campaign.pk).exists():
            # A word to the workers; should it be lost, the periodic sweep goes on.
            transaction.on_commit(partial(tasks.sweep.apply_async, retry=False), robust=True)
        if written:
            messages.success(request, _("Les lettres partent. Vous pouvez quitter cette page."))
        else:
            messages.info(request, _("Personne de nouveau à qui écrire : rien n’est envoyé deux fois."))
        return redirect("admin:invitations_campaign_progress", campaign.pk)

    def _moment(self, request: HttpRequest) -> datetime | None:
        """Return the moment that was typed; without one, the person is told."""
        form = MomentForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(map(str, form.errors["at"])))
            return None
        return form.cleaned_data["at"]
