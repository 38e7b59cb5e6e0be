"""The list of campaigns, and the form where one is written."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.core.validators import MinValueValidator
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invitations import actions
from invitations.admin.letters import Letters
from invitations.admin.pages import staff, steps
from invitations.admin.recipients import Recipients
from invitations.admin.results import Results
from invitations.choices import NEXT
from invitations.forms import LandingField
from invitations.models import Campaign
from invitations.querysets import CampaignQuerySet
from territory.models import LAG
from typography.numbers import number


@admin.register(Campaign)
class CampaignAdmin(Recipients, Letters, Results):
    list_display = ["title", "kind", "state", "letters", "answers", "starts", "deadline"]
    list_filter = ["state", "kind", ("action_sheet", admin.RelatedOnlyFieldListFilter)]
    list_per_page = 50
    search_fields = ["title", "subject"]
    search_help_text = gettext_lazy("Un mot du titre ou de l’objet.")
    autocomplete_fields = ["action_sheet"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["state", "title", "kind", "family", "action_sheet"]}),
        (gettext_lazy("La lettre"), {"fields": ["subject", "body", "reply_to"]}),
        (gettext_lazy("Où elle mène, jusqu’à quand"), {"fields": ["landing_path", "deadline"]}),
        (gettext_lazy("Relances"), {"fields": ["reminders_allowed", "days_between"]}),
    ]

    class Media:
        css = {"all": ["css/campaigns.css"]}

    def get_queryset(self, request):
        return cast(CampaignQuerySet, super().get_queryset(request)).with_advance()

    @admin.display(description=gettext_lazy("lettres parties"))
    def letters(self, campaign: Campaign) -> str:
        if not campaign.letters:
            return "–"
        sent, total = campaign.sent, campaign.letters
        told = _("{sent} sur {total}").format(sent=number(sent), total=number(total))
        bar = '<progress max="{}" value="{}" aria-hidden="true"></progress> {}'
        return format_html(bar, total, sent, told)

    @admin.display(description=gettext_lazy("ont répondu"))
    def answers(self, campaign: Campaign) -> str:
        invited, answered = campaign.invited, campaign.answered
        return (
            _("{answered} sur {invited}").format(answered=number(answered), invited=number(invited))
            if invited
            else "–"
        )

    @admin.display(description=gettext_lazy("départ"), ordering="launched_at")
    def starts(self, campaign: Campaign) -> datetime | None:
        return campaign.launched_at or campaign.scheduled_at

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "landing_path":
            hosts = {urlsplit(settings.SITE_URL).netloc, request.get_host()}
            kwargs["form_class"] = partial(LandingField, hosts=hosts)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "days_between":
            field.validators.append(MinValueValidator(1))
            field.widget.attrs["min"] = 1
        return field

    def get_readonly_fields(self, request, obj=None):
        if obj is not None and not NEXT[obj.state]:
            return [name for _title, options in self.fieldsets for name in options["fields"]]
        return ["state"]

    def get_changeform_initial_data(self, request):
        end = timezone.localtime().replace(hour=23, minute=59, second=0, microsecond=0) + timedelta(days=30)
        lag = LAG.objects.first()
        address = lag.email if lag and lag.email else staff(request).email
        return {"deadline": end, "reply_to": address, **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        actions.save(obj, by=staff(request), changed=form.changed_data)
        for words in _consequences(obj, form.changed_data) if change else ():
            messages.warning(request, words)

    def response_add(self, request, obj, post_url_continue=None):
        if "_continue" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(
            request, _("La campagne est enregistrée. Choisissez maintenant à qui elle s’adresse.")
        )
        return redirect("admin:invitations_campaign_audience", obj.pk)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["steps"] = steps(obj, "change") if obj else []
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
            "uncertain": self.uncertain,
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


def _consequences(campaign: Campaign, changed: Collection[str]) -> Iterator[str]:
    """Say what a change means for a campaign that is on its way, or is to leave by itself."""
    if campaign.launched_at and {"subject", "body", "reply_to"} & set(changed):
        yield _("Les lettres déjà écrites gardent leur texte\u00a0; les suivantes auront celui-ci.")
    if "deadline" not in changed:
        return
    if campaign.launched_at and campaign.deadline <= timezone.now():
        yield _(
            "La date limite est passée\u00a0: les liens ne mènent plus nulle part, ce qui attendait ne part pas."
        )
    if campaign.scheduled_at and campaign.scheduled_at >= campaign.deadline:
        yield _("La campagne est programmée après sa date limite\u00a0: elle ne partira pas.")
    if campaign.reminders.planned().filter(planned_at__gte=campaign.deadline).exists():
        yield _("Une relance est prévue après la date limite\u00a0: elle ne partira pas.")
