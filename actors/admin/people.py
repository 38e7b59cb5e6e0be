"""Contacts at the desk: consent changes by verbs, each with its button."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import Table, Verb
from accounts.proving import proven_for_file
from actors import actions
from actors.desk import LongPaginator, Merging, SeatFilter
from actors.models import Consent, Contact

CONTACT_VERBS: dict[str, Verb] = {
    "opt_out": (gettext_lazy("Désinscrire des campagnes"), actions.opt_out),
    "withdraw": (gettext_lazy("Retirer le consentement"), actions.withdraw_consent),
    "clear_bounce": (gettext_lazy("Réessayer cette adresse"), actions.clear_bounce),
}


class ConsentInline(Table):
    """Consents: one more may be written down, those given are never rewritten."""

    model = Consent
    extra = 0
    can_delete = False
    fields = ["given_at", "text_version", "source", "withdrawn_at"]
    readonly_fields = ["withdrawn_at"]
    verbose_name_plural = gettext_lazy(
        "consentements (un consentement donné ne se modifie pas\u00a0: il se retire)"
    )

    def has_change_permission(self, request, obj=None):
        return False


class ReachFilter(admin.SimpleListFilter):
    """May a campaign write to this contact, and if not, why."""

    title = gettext_lazy("joignable")
    parameter_name = "joignable"

    def lookups(self, request, model_admin):
        return [
            ("oui", _("Oui, par une campagne")),
            ("sans-consentement", _("Sans consentement")),
            ("desinscrit", _("Désinscrit")),
            ("refuse", _("Adresse refusée")),
            ("sans-adresse", _("Sans adresse e-mail")),
        ]

    def queryset(self, request, queryset):
        consents = Consent.objects.filter(contact=OuterRef("pk"), withdrawn_at=None)
        return {
            "oui": lambda: queryset.writable(),
            "sans-consentement": lambda: queryset.filter(~Exists(consents)),
            "desinscrit": lambda: queryset.exclude(opted_out_at=None),
            "refuse": lambda: queryset.exclude(bounced_at=None),
            "sans-adresse": lambda: queryset.filter(email=""),
        }.get(self.value() or "", lambda: queryset)()


@admin.register(Contact)
class ContactAdmin(Merging):
    list_display = ["name", "function", "email", "municipality", "opted_out_at", "bounced_at"]
    list_filter = [ReachFilter, ("municipality", SeatFilter)]
    list_select_related = ["municipality"]
    list_per_page = 50
    search_fields = ["search_text"]
    search_help_text = gettext_lazy("Un nom, une adresse, un numéro de téléphone ou une organisation.")
    autocomplete_fields = ["municipality", "actors"]
    readonly_fields = ["user", "opted_out_at", "bounced_at", "created_at"]
    inlines = [ConsentInline]
    fieldsets = [
        (None, {"fields": ["name", "function", "actors", "municipality"]}),
        (gettext_lazy("Comment la joindre"), {"fields": ["email", "phone", "language"]}),
        (gettext_lazy("Suivi"), {"fields": ["user", "opted_out_at", "bounced_at", "created_at"]}),
    ]

    merge_verb = staticmethod(actions.merge_contacts)
    actions = ["merge_chosen"]
    verbs = CONTACT_VERBS
    export_related = ("actors",)
    export_columns = {
        "Nom": lambda contact: contact.name,
        "Fonction": lambda contact: contact.function,
        "Adresse e-mail": lambda contact: contact.email,
        "Téléphone": lambda contact: contact.phone,
        "Commune": lambda contact: str(contact.municipality or ""),
        "Organisations": lambda contact: ", ".join(actor.name for actor in contact.actors.all()),
    }

    @method_decorator(proven_for_file)
    def export_view(self, request, kind):
        """People are taken away by who has just proved to be there."""
        return super().export_view(request, kind)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(merged_into=None, erased_at=None)

    def get_search_results(self, request, queryset, search_term):
        return queryset.matching(search_term), False

    def possible(self, contact):
        now = {
            "opt_out": not contact.opted_out_at,
            "withdraw": contact.consents.filter(withdrawn_at=None).exists(),
            "clear_bounce": bool(contact.bounced_at),
        }
        return [verb for verb, makes_sense in now.items() if makes_sense]

    def save_model(self, request, obj, form, change):
        actions.save_contact(obj, by=request.user, changed=form.changed_data)

    def save_formset(self, request, form, formset, change):
        for consent in formset.save(commit=False):
            _write_down(consent, by=request.user)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Consent)
class ConsentAdmin(admin.ModelAdmin):
    """Consents, read; a new one may be written down."""

    list_display = ["contact", "given_at", "text_version", "source", "withdrawn_at"]
    list_filter = ["text_version", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["contact"]
    paginator = LongPaginator
    show_full_result_count = False
    search_fields = ["contact__search_text", "source"]
    search_help_text = gettext_lazy("La personne, ou l’origine du consentement.")
    date_hierarchy = "given_at"
    autocomplete_fields = ["contact"]
    fields = ["contact", "given_at", "text_version", "source", "withdrawn_at"]
    readonly_fields = ["withdrawn_at"]

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        consents = Consent.objects.order_by()
        of_people = consents.filter(contact__in=Contact.objects.matching(search_term).order_by())
        of_source = consents.filter(source__icontains=search_term.strip())
        return queryset.filter(pk__in=of_people.values("pk").union(of_source.values("pk"))), False

    def save_model(self, request, obj, form, change):
        _write_down(obj, by=request.user)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _write_down(consent: Consent, *, by) -> None:
    """Give a consent that was typed; the row typed becomes the row kept."""
    kept = actions.give_consent(
        consent.contact,
        text_version=consent.text_version,
        source=consent.source,
        given_at=consent.given_at,
        by=by,
    )
    consent.pk, consent._state.adding = kept.pk, False
