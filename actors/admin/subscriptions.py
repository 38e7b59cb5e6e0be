"""Subscriptions to the digest at the desk: read, counted by theme, stopped for who asks by telephone."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import Verb
from accounts.proving import proven_for_file
from actors import actions
from actors.choices import Subject, SubscriptionState
from actors.desk import EmptyNamed, Exporting
from actors.models import DigestCopy, Subscription
from territory.models import Theme


class SubjectFilter(admin.SimpleListFilter):
    """What a subscription is about."""

    title = gettext_lazy("sujet")
    parameter_name = "sujet"

    def lookups(self, request, model_admin):
        return Subject.choices

    def queryset(self, request, queryset):
        subject = self.value()
        return queryset.filter(**{f"about_{subject}": True}) if subject in Subject.values else queryset


class ThemesFilter(EmptyNamed):
    """A theme, or those who want every theme."""

    empty = gettext_lazy("tous les thèmes")


class MunicipalitiesFilter(EmptyNamed, admin.RelatedOnlyFieldListFilter):
    """A municipality that somebody chose, or those who want the whole territory."""

    empty = gettext_lazy("tout le territoire")


@admin.register(Subscription)
class SubscriptionAdmin(Exporting):
    """Choices belong to the person: staff read them, and stop the letters when asked to."""

    change_list_template = "admin/actors/subscription/change_list.html"
    list_display = ["email", "state", "about", "confirmed_at", "last_copy"]
    list_filter = [
        "state",
        SubjectFilter,
        ("themes", ThemesFilter),
        ("municipalities", MunicipalitiesFilter),
    ]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "state", "about", "themes", "municipalities"]}),
        (
            gettext_lazy("Consentement"),
            {"fields": ["asked_at", "confirmed_at", "text_version", "source", "stopped_at"]},
        ),
        (gettext_lazy("Suivi"), {"fields": ["last_copy"]}),
    ]
    verbs: dict[str, Verb] = {
        "stop": (gettext_lazy("Arrêter cet abonnement"), actions.stop_subscription),
    }
    export_related = ("themes", "municipalities")
    export_columns = {
        "Adresse e-mail": lambda one: one.email,
        "État": lambda one: one.get_state_display(),
        "À propos": lambda one: _told(one),
        "Thèmes": lambda one: ", ".join(theme.name for theme in one.themes.all()),
        "Communes": lambda one: ", ".join(place.name for place in one.municipalities.all()),
        "Confirmé le": lambda one: one.confirmed_at,
    }

    @method_decorator(proven_for_file)
    def export_view(self, request, kind):
        """Addresses are taken away by who has just proved to be there."""
        return super().export_view(request, kind)

    def changelist_view(self, request, extra_context=None):
        extra = {"by_theme": _by_theme(), **(extra_context or {})}
        return super().changelist_view(request, extra)

    def get_queryset(self, request):
        copies = DigestCopy.objects.filter(subscription=OuterRef("pk")).order_by("-written_at")
        return super().get_queryset(request).annotate(last=Subquery(copies.values("written_at")[:1]))

    def get_readonly_fields(self, request, obj=None):
        return [name for _title, options in self.fieldsets for name in options["fields"]]

    @admin.display(description=gettext_lazy("à propos"))
    def about(self, subscription):
        return _told(subscription)

    @admin.display(description=gettext_lazy("dernier résumé"))
    def last_copy(self, subscription):
        return subscription.last

    def possible(self, subscription):
        return [] if subscription.state == SubscriptionState.STOPPED else ["stop"]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _told(subscription: Subscription) -> str:
    return ", ".join(str(subject.label) for subject in subscription.subjects)


def _by_theme() -> list[tuple[str, int]]:
    """Return (theme, active subscriptions that chose it), in the themes' order; who wants all of them first."""
    counts = dict(Subscription.objects.active().count_by_theme())
    themes = [(theme.name, counts.get(theme.pk, 0)) for theme in Theme.objects.all()]
    return [(_("tous les thèmes"), counts.get(None, 0)), *themes] if any(counts.values()) else []
