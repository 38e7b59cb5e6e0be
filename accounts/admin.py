"""Accounts in the desk."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.models import JournalEntry, User

# Each has its page in the person's own account; groups follow the roles (accounts.roles).
admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "role", "is_active", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]


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
