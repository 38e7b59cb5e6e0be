"""At the desk: who asks to speak for an actor, and what people say is wrong."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import Verb, Verbs
from accounts.models import User
from actors import actions
from actors.choices import MembershipState
from actors.models import Correction, Membership
from typography import dates

MEMBERSHIP_VERBS: dict[str, Verb] = {
    "approve": (gettext_lazy("Accepter"), actions.approve),
    "decline": (
        gettext_lazy("Refuser avec ce motif"),
        lambda membership, *, by: actions.decline(membership, reason=membership.reason, by=by),
    ),
}


def _handle(correction: Correction, *, by: User) -> None:
    if correction.handled_at:
        day = dates.day(timezone.localtime(correction.handled_at), weekday=False)
        raise ValidationError(_("C’était déjà traité, le %s\u00a0: rien n’a changé.") % day)
    actions.handle(correction, by=by)


CORRECTION_VERBS: dict[str, Verb] = {"handle": (gettext_lazy("C’est traité"), _handle)}


@admin.register(Membership)
class MembershipAdmin(Verbs):
    """Who speaks for whom: requests are answered here or on the actor's own page, by the same verbs."""

    list_display = ["who", "actor", "role", "state", "since"]
    list_filter = ["state", "role"]
    list_select_related = ["user", "actor"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["user__email", "user__name", "email", "actor__search_text"]
    fields = ["user", "email", "actor_sheet", "role", "state", "since", "statement", "reason"]
    readonly_fields = ["user", "email", "actor_sheet", "role", "state", "since", "statement"]
    verbs = MEMBERSHIP_VERBS

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "actor")

    def get_readonly_fields(self, request, obj=None):
        waits = obj is not None and obj.state == MembershipState.REQUESTED
        return self.readonly_fields if waits else [*self.readonly_fields, "reason"]

    def possible(self, membership):
        return self.verbs if membership.state == MembershipState.REQUESTED else ()

    @admin.display(description=gettext_lazy("personne"))
    def who(self, membership):
        return membership.user or membership.email

    @admin.display(description=gettext_lazy("acteur"))
    def actor_sheet(self, membership):
        address = reverse("actors:members", args=[membership.actor.slug])
        return format_html('<a href="{}">{}</a>', address, membership.actor)

    def save_model(self, request, obj, form, change):
        obj.save(update_fields=["reason"])

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class WaitingFilter(admin.SimpleListFilter):
    """Does somebody still have to read it?"""

    title = gettext_lazy("à traiter")
    parameter_name = "a_traiter"

    def lookups(self, request, model_admin):
        return [("oui", _("Oui")), ("non", _("Traitées"))]

    def queryset(self, request, queryset):
        if self.value() == "oui":
            return queryset.waiting()
        return queryset.exclude(handled_at=None) if self.value() == "non" else queryset


@admin.register(Correction)
class CorrectionAdmin(Verbs):
    """Errors that people report: read, corrected on the sheet, then said to be dealt with."""

    list_display = ["actor", "beginning", "created_at", "handled_at"]
    list_filter = [WaitingFilter]
    list_select_related = ["actor"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["text", "actor__search_text"]
    fields = ["actor_sheet", "text", "email", "created_at", "handled_at"]
    readonly_fields = ["actor_sheet", "text", "email", "created_at", "handled_at"]
    verbs = CORRECTION_VERBS
    actions = ["handle_chosen"]

    def possible(self, correction):
        return () if correction.handled_at else self.verbs

    @admin.display(description=gettext_lazy("ce qui est faux"))
    def beginning(self, correction):
        return correction.text[:80]

    @admin.display(description=gettext_lazy("fiche"))
    def actor_sheet(self, correction):
        address = reverse("admin:actors_actor_change", args=[correction.actor_id])
        return format_html('<a href="{}">{}</a>', address, correction.actor)

    @admin.action(description=gettext_lazy("Dire que c’est traité"), permissions=["change"])
    def handle_chosen(self, request, queryset):
        for correction in queryset.select_related("actor"):
            actions.handle(correction, by=request.user)
        messages.success(request, _("C’est noté\u00a0: traité."))

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
