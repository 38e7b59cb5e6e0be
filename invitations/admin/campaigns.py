"""The list of campaigns, and the form where one is written."""

from datetime import timedelta

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invitations import actions
from invitations.admin.letters import Letters
from invitations.admin.pages import staff, steps
from invitations.admin.recipients import Recipients
from invitations.admin.results import Results
from invitations.choices import NEXT
from invitations.models import Campaign
from territory.models import LAG


@admin.register(Campaign)
class CampaignAdmin(Recipients, Letters, Results):
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
        address = lag.email if lag and lag.email else staff(request).email
        return {"deadline": end, "reply_to": address, **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        actions.save(obj, by=staff(request), changed=form.changed_data)

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
