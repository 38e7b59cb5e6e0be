"""Campaigns in the desk: text, recipients, preview, launch, and what became of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from actors.models import Contact
from invitations import actions, audience, emails, figures, tasks
from invitations.choices import NEXT, State
from invitations.forms import AudienceForm, MomentForm, PreviewForm
from invitations.models import Campaign, Invitation
from territory.models import LAG
from typography import dates
from typography.numbers import number

# A letter carries its own styles and nothing else: shown alone, it may use them and do nothing.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
ROWS_SHOWN = 10
UNANSWERED_A_PAGE = 50

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


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    list_display = ["title", "kind", "state", "deadline", "scheduled_at", "launched_at", "created_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["created_by"]
    search_fields = ["title", "subject"]
    autocomplete_fields = ["action_sheet"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["state", "title", "kind", "family", "action_sheet"]}),
        (gettext_lazy("La lettre"), {"fields": ["subject", "body", "reply_to"]}),
        (gettext_lazy("Où elle mène, jusqu’à quand"), {"fields": ["landing_path", "deadline"]}),
        (gettext_lazy("Relances"), {"fields": ["reminders_allowed", "days_between"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        if obj is not None and not NEXT[obj.state]:
            return [name for _title, options in self.fieldsets for name in options["fields"]]
        return ["state"]

    def get_changeform_initial_data(self, request):
        end = timezone.localtime().replace(hour=23, minute=59, second=0, microsecond=0) + timedelta(days=30)
        lag = LAG.objects.first()
        address = lag.email if lag and lag.email else _staff(request).email
        return {"deadline": end, "reply_to": address, **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        actions.save(obj, by=_staff(request), changed=form.changed_data)

    def response_add(self, request, obj, post_url_continue=None):
        if "_continue" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(
            request, _("La campagne est enregistrée. Choisissez maintenant à qui elle s’adresse.")
        )
        return redirect("admin:invitations_campaign_audience", obj.pk)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["steps"] = _steps(obj, "change") if obj else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        pages = {
            "audience": self.audience,
            "preview": self.preview,
            "launch": self.launch,
            "schedule": self.schedule,
            "remind": self.remind,
            "plan": self.plan,
            "progress": self.progress,
            "advance": self.advance,
            "unanswered": self.unanswered,
            "bounced": self.bounced,
            "phone": self.phone,
            "end": self.end,
        }
        own = [
            path(
                f"<int:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"invitations_campaign_{name}",
            )
            for name, view in pages.items()
        ]
        return own + super().get_urls()

    # Recipients --------------------------------------------------------------------------------------

    def audience(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Choose families and municipalities, see how many people that is, and invite them."""
        campaign = self._campaign(request, object_id)
        form = AudienceForm(request.GET or None)
        chosen = audience.choose(**form.cleaned_data) if form.is_valid() else Contact.objects.none()
        new = chosen.exclude(invitations__campaign=campaign)
        if request.method == "POST":
            try:
                count = actions.prepare(campaign, contacts=new, by=_staff(request))
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

    # Preview, test -----------------------------------------------------------------------------------

    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show the letter of one person, in text and in HTML; a POST sends it to whoever looks at it."""
        campaign = self._campaign(request, object_id)
        invitations = campaign.invitations.select_related("contact", "actor")
        form = PreviewForm(request.GET or None, invitations=invitations)
        invitation = form.cleaned_data["contact"] if form.is_valid() else None
        contact = (
            invitation.contact if invitation else Contact(name=str(request.user), email=_staff(request).email)
        )
        actor = invitation.actor if invitation else None
        if request.method == "POST":
            actions.send_test(campaign, contact=contact, actor=actor, by=_staff(request))
            messages.success(
                request, _("La lettre d’essai part vers {address}.").format(address=_staff(request).email)
            )
            return redirect(request.get_full_path())
        letter = emails.trial(campaign, contact, actor, to=contact.email or _staff(request).email)
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

    # Launch, reminder --------------------------------------------------------------------------------

    def launch(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show to whom a launch would write, then launch."""
        campaign = self._campaign(request, object_id)
        if request.method == "POST":
            return self._write(request, campaign, actions.launch)
        people = actions.new_people(campaign)
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
                "rows": _shown(people),
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
                partial(actions.unschedule, campaign, by=_staff(request)),
                _("La campagne n’est plus programmée : rien ne part de soi-même."),
            )
        elif request.method == "POST" and (at := self._moment(request)):
            self._try(
                request,
                partial(actions.schedule, campaign, at=at, by=_staff(request)),
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
                "rows": _shown(people),
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
                partial(actions.drop_reminder, campaign, number=int(drop), by=_staff(request)),
                _("Cette relance ne partira pas."),
            )
        elif request.method == "POST" and (at := self._moment(request)):
            self._try(
                request,
                partial(actions.plan_reminder, campaign, at=at, by=_staff(request)),
                _("Une relance partira {when}, vers qui n’aura pas répondu.").format(when=dates.moment(at)),
            )
        return redirect("admin:invitations_campaign_remind", campaign.pk)

    def _moment(self, request: HttpRequest) -> datetime | None:
        """Return the moment that was typed; without one, the person is told."""
        form = MomentForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(map(str, form.errors["at"])))
            return None
        return form.cleaned_data["at"]

    def _try(self, request: HttpRequest, verb: Callable[[], object], done: str) -> None:
        """Do it, and say so, or why not."""
        try:
            verb()
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)

    def _write(self, request: HttpRequest, campaign: Campaign, verb) -> HttpResponse:
        try:
            written = verb(campaign, by=_staff(request))
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

    # What became of it -------------------------------------------------------------------------------

    def progress(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Letters and answers, in all, by municipality and by family; who has not answered."""
        campaign = self._campaign(request, object_id, change=False)
        planned = list(campaign.reminders.planned())
        unanswered = (
            campaign.invitations.unanswered()
            .with_progress()
            .with_place()
            .select_related("contact", "actor")
            .order_by("contact__name", "pk")
        )
        return self._page(
            request,
            campaign,
            "progress",
            _("Suivi"),
            {
                "results": figures.participation(campaign),
                "advance": figures.advance(campaign, to_write=actions.to_write(campaign)),
                "advance_url": reverse("admin:invitations_campaign_advance", args=[campaign.pk]),
                "planned": planned,
                "awaiting": actions.to_remind(campaign).count() if planned else 0,
                "may_change": self.has_change_permission(request, campaign),
                "page": Paginator(unanswered, UNANSWERED_A_PAGE).get_page(request.GET.get("page")),
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

    def advance(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """How far the letters are, for the bar that moves by itself."""
        campaign = self._campaign(request, object_id, change=False)
        now = figures.advance(campaign, to_write=actions.to_write(campaign))
        return JsonResponse(
            {"done": now.done, "total": now.total, "text": now.text, "finished": now.finished}
        )

    def unanswered(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Who has not answered, as a file."""
        campaign = self._campaign(request, object_id, change=False)
        return HttpResponse(
            actions.export_unanswered(campaign, by=_staff(request)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="sans-reponse-{campaign.pk}.csv"'},
        )

    # Who gets no letter ------------------------------------------------------------------------------

    def phone(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """People to phone or to write to, each with a tick; printed, the list has boxes."""
        campaign = self._campaign(request, object_id)
        if request.method == "POST":
            for name, verb in (("reached", actions.mark_reached), ("unreached", actions.mark_unreached)):
                if invitation := self._posted(request, campaign, name):
                    self._try(
                        request,
                        partial(verb, invitation, by=_staff(request)),
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
                partial(actions.tick_bounced, invitation, by=_staff(request)),
                _("L’adresse de {person} est à corriger. Plus aucune campagne ne lui écrit.").format(
                    person=invitation.contact
                ),
            )
        return redirect("admin:invitations_campaign_progress", campaign.pk)

    def _posted(self, request: HttpRequest, campaign: Campaign, name: str) -> Invitation | None:
        """Return the invitation of this campaign that a button names; None for anything else."""
        key = request.POST.get(name, "")
        if not re.fullmatch(r"[0-9]{1,18}", key):
            return None
        return campaign.invitations.select_related("contact").filter(pk=int(key)).first()

    # The end -----------------------------------------------------------------------------------------

    def end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Close or cancel a campaign."""
        campaign = self._campaign(request, object_id)
        verbs = {State.CLOSED.value: actions.close, State.CANCELLED.value: actions.cancel}
        verb = verbs.get(request.POST.get("state", ""))
        if request.method == "POST" and verb:
            try:
                verb(campaign, by=_staff(request))
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

    # Inside ------------------------------------------------------------------------------------------

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
                "steps": _steps(campaign, step),
                "title": f"{campaign} : {title}",
                "step_title": title,
                "subtitle": None,
                **context,
            },
        )


def _staff(request: HttpRequest) -> User:
    """Return who asks: nobody comes here without an account."""
    return cast(User, request.user)


def _steps(campaign: Campaign, current: str) -> list[dict]:
    return [
        {
            "label": label,
            "url": reverse(f"admin:invitations_campaign_{name}", args=[campaign.pk]),
            "current": name == current,
        }
        for name, label in STEPS
    ]


def _shown(people) -> list[Invitation]:
    return list(people.select_related("contact__municipality", "actor")[:ROWS_SHOWN])
