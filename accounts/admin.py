"""Accounts in the desk."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import actions
from accounts.forms import UserForm
from accounts.models import Erasure, JournalEntry, User

# Each has its page in the person's own account; groups follow the roles (accounts.roles).
admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People: administrators open accounts, give roles, and help those who lost their phone."""

    form = UserForm
    list_display = ["email", "name", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "role", "is_active", "last_login", "date_joined"]
    actions = ["reset_second_factor"]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["last_login", "date_joined"]
        if obj:
            # The person changes their own address, and proves it.
            fixed.append("email")
        if not request.user.is_superuser:
            fixed.append("role")
        return fixed

    def lookup_allowed(self, lookup, value, request):
        # Django lets an address filter by any field: « password__startswith » would tell the hash, sign by sign.
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def save_model(self, request, obj, form, change):
        if not change:
            actions.invite_user(obj, by=request.user)
            return
        changed = set(form.changed_data)
        obj.save(update_fields=changed - {"role", "is_active"})
        if "is_active" in changed:
            actions.set_active(obj, active=obj.is_active, by=request.user)
        if "role" in changed:
            actions.give_role(obj, role=obj.role, by=request.user)

    def has_reset_permission(self, request) -> bool:
        return request.user.is_superuser

    @admin.action(description=gettext_lazy("Retirer la seconde protection"), permissions=["reset"])
    def reset_second_factor(self, request, queryset):
        if request.user in queryset:
            self.message_user(
                request,
                _("La vôtre se retire dans «\u00a0Mon compte\u00a0». Rien n’a changé."),
                messages.ERROR,
            )
            return None
        if "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Retirer la seconde protection\u00a0?"),
                "opts": self.opts,
                "people": queryset,
            }
            return TemplateResponse(request, "admin/accounts/reset_second_factor.html", context)
        done = sum(actions.reset_second_factor(user, by=request.user) for user in queryset)
        told = ngettext(
            "Seconde protection retirée à {n} personne.", "Seconde protection retirée à {n} personnes.", done
        )
        self.message_user(request, told.format(n=done))
        return None


@admin.register(JournalEntry)
class JournalEntryAdmin(admin.ModelAdmin):
    list_display = ["at", "verb", "object_label", "by_label"]
    list_filter = ["verb"]
    search_fields = ["object_label", "by_label"]
    date_hierarchy = "at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Erasure)
class ErasureAdmin(admin.ModelAdmin):
    """Erasures, read: when, and until when evidence waits; of whom, nobody can tell."""

    list_display = ["at", "holds_until", "finished_at"]
    date_hierarchy = "at"
    fields = ["at", "holds_until", "finished_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
