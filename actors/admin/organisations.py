"""Actors at the desk: state changes by verbs, each with its button."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.desk import Table, Verb
from accounts.models import JournalEntry
from actors import actions, twins
from actors.anniversaries import months_before
from actors.choices import NEXT, Kind, MembershipRole, State
from actors.desk import EmptyNamed, Merging, SeatFilter
from actors.forms.desk import ActorForm
from actors.models import Actor, Membership, Proposal
from typography import dates, numbers

ACTOR_VERBS: dict[str, Verb] = {
    "propose": (gettext_lazy("Proposer à la relecture"), actions.propose),
    "publish": (gettext_lazy("Publier"), actions.publish),
    "refuse": (
        gettext_lazy("Refuser avec ce motif"),
        lambda actor, *, by: actions.refuse(actor, reason=actor.reason, by=by),
    ),
    "archive": (
        gettext_lazy("Archiver"),
        lambda actor, *, by: actions.archive(actor, reason=actor.reason, by=by),
    ),
}
MOST_CHANGES = 8
CHANGES = {
    "actor.changed": gettext_lazy("a changé"),
    "actor.logo_changed": gettext_lazy("a changé le logo"),
    "actor.logo_removed": gettext_lazy("a retiré le logo"),
    "actor.confirmed": gettext_lazy("a confirmé la fiche"),
    "actor.confirmation_asked": gettext_lazy("confirmation demandée"),
    "actor.proposed": gettext_lazy("a proposé la fiche"),
    "actor.created": gettext_lazy("a créé la fiche"),
    "actor.published": gettext_lazy("a publié la fiche"),
    "actor.refused": gettext_lazy("a refusé la fiche"),
    "actor.archived": gettext_lazy("a archivé la fiche"),
    "actor.pending": gettext_lazy("a remis la fiche à relire"),
}
"""Verb of the journal → what the desk says of it."""
MOVES = {
    "propose": State.PENDING,
    "publish": State.PUBLISHED,
    "refuse": State.REFUSED,
    "archive": State.ARCHIVED,
}
"""Verb → the state to which it moves a sheet."""


class MembershipInline(Table):
    """Members, read: they are invited and withdrawn on the actor's own page, where the rules hold."""

    model = Membership
    extra = 0
    can_delete = False
    fields = ["user", "email", "role", "state", "since"]
    readonly_fields = ["user", "email", "role", "state", "since"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "actor")

    def has_add_permission(self, request, obj=None):
        return False


def change_told(line: JournalEntry) -> str:
    """Return a line of the journal in words: when, who, what, and the words that stood there before."""
    names = {field.name: str(field.verbose_name) for field in Actor._meta.fields + Actor._meta.many_to_many}
    changed = ", ".join(names.get(name, name) for name in line.facts.get("fields", []))
    before = line.facts.get("before")
    former = before.values() if isinstance(before, dict) else []
    return _("%(day)s, %(who)s\u00a0: %(what)s") % {
        "day": dates.day(timezone.localtime(line.at), weekday=False),
        "who": line.by_label,
        "what": " ".join(
            [
                str(CHANGES.get(line.verb, line.verb)),
                *([changed] if changed else []),
                *(_("(avant\u00a0: «\u00a0%s\u00a0»)") % Truncator(text).chars(200) for text in former),
            ]
        ),
    }


class ProposalInline(Table):
    """Who proposed the sheet: told by letter when it is published or refused."""

    model = Proposal
    extra = 0
    can_delete = False
    fields = ["name", "email", "relation", "enterprise_number", "created_at", "answered_at"]
    readonly_fields = ["name", "email", "relation", "enterprise_number", "created_at", "answered_at"]

    def has_add_permission(self, request, obj=None):
        return False


class ConfirmationFilter(admin.SimpleListFilter):
    """Is the sheet one that nobody confirmed for long?"""

    title = gettext_lazy("confirmation")
    parameter_name = "confirmation"

    def lookups(self, request, model_admin):
        return [("retard", _("Pas confirmée depuis plus de 13 mois"))]

    def queryset(self, request, queryset):
        if self.value() == "retard":
            return queryset.unconfirmed_since(months_before(timezone.now(), actions.LATE_AFTER))
        return queryset


class ReferentFilter(admin.SimpleListFilter):
    """Is the sheet one for which nobody answers?"""

    title = gettext_lazy("référent")
    parameter_name = "referent"

    def lookups(self, request, model_admin):
        return [
            ("communes", _("Communes sans référent")),
            ("autres", _("Autres fiches publiées, sans référent")),
        ]

    def queryset(self, request, queryset):
        communes = Q(kind=Kind.MUNICIPALITY)
        return {
            "communes": lambda: queryset.without_referent().filter(communes),
            "autres": lambda: queryset.without_referent().exclude(communes),
        }.get(self.value() or "", lambda: queryset)()


class ThemesFilter(EmptyNamed):
    """A theme, or sheets that name none."""

    empty = gettext_lazy("sans thème")


TWINNING = {"name", "email", "enterprise_number", "municipality"}
"""What tells two sheets of one organisation: looked at again when it changes."""


@admin.register(Actor)
class ActorAdmin(Merging):
    form = ActorForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    list_display = ["name", "kind", "municipality", "state", "updated_at"]
    list_filter = [
        "state",
        "kind",
        ("municipality", SeatFilter),
        ("themes", ThemesFilter),
        ConfirmationFilter,
        ReferentFilter,
    ]
    list_select_related = ["municipality", "locality"]
    list_per_page = 50
    search_fields = ["search_text", "enterprise_number"]
    search_help_text = gettext_lazy("Un nom, un village, une commune ou un numéro d’entreprise.")
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = [
        *("municipality", "locality", "municipalities_served", "themes", "dimensions", "lag_contact"),
    ]
    readonly_fields = [
        *("state", "members_page", "former", "merged_into", "confirmed_at", "changes"),
        *("created_at", "updated_at"),
    ]
    inlines = [ProposalInline, MembershipInline]
    merge_verb = staticmethod(actions.merge)
    actions = ["publish_chosen", "archive_chosen", "merge_chosen"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "state", "reason", "summary", "description", "events"]}),
        (
            gettext_lazy("Où"),
            {
                "fields": [
                    *("municipality", "locality", "street", ("lon", "lat"), "municipalities_served"),
                ]
            },
        ),
        (gettext_lazy("Coordonnées publiques"), {"fields": ["email", "phone", "website"]}),
        (
            gettext_lazy("Identité"),
            {"fields": ["legal_form", "enterprise_number", "nace_section", "size_class", "languages"]},
        ),
        (gettext_lazy("De quoi il s’agit"), {"fields": ["themes", "dimensions", "lag_contact"]}),
        (
            gettext_lazy("Suivi"),
            {
                "fields": [
                    *("members_page", "confirmed_at", "changes", "former", "merged_into"),
                    *("created_at", "updated_at"),
                ]
            },
        ),
    ]

    verbs = ACTOR_VERBS
    export_related = ("themes",)
    export_columns = {
        "Nom": lambda actor: actor.name,
        "Type": lambda actor: actor.get_kind_display(),
        "État": lambda actor: actor.get_state_display(),
        "Forme juridique": lambda actor: actor.legal_form,
        "Numéro d’entreprise": lambda actor: actor.enterprise_number_shown,
        "Section NACE-BEL": lambda actor: actor.get_nace_section_display(),
        "Taille": lambda actor: actor.get_size_class_display(),
        "Langues": lambda actor: actor.languages,
        "Rue et numéro": lambda actor: actor.street,
        "Code postal": lambda actor: actor.locality.postal_code if actor.locality else "",
        "Village": lambda actor: actor.locality.name if actor.locality else "",
        "Commune": lambda actor: str(actor.municipality or ""),
        "Adresse e-mail": lambda actor: actor.email,
        "Téléphone": lambda actor: actor.phone,
        "Site web": lambda actor: actor.website,
        "Thèmes": lambda actor: ", ".join(theme.name for theme in actor.themes.all()),
        "En une phrase": lambda actor: actor.summary,
    }

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may = obj is not None and self.has_change_permission(request, obj) and obj.state != State.MERGED
        context["sheet_url"] = reverse("actors:sheet", args=[obj.slug]) if may else ""
        members = reverse("actors:members", args=[obj.slug]) if may else ""
        context["invite_url"] = f"{members}?role={MembershipRole.REFERENT}#inviter" if may else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_inlines(self, request, obj):
        """The applicants only where there are some."""
        proposed = obj is not None and obj.proposals.exists()
        return self.inlines if proposed else [MembershipInline]

    def possible(self, actor):
        return [verb for verb, state in MOVES.items() if state in NEXT[actor.state]]

    @admin.display(description=gettext_lazy("membres"))
    def members_page(self, actor):
        if not actor.pk:
            return "–"
        address = reverse("actors:members", args=[actor.slug])
        return format_html('<a href="{}">{}</a>', address, _("Inviter et retirer des membres"))

    @admin.display(description=gettext_lazy("derniers changements"))
    def changes(self, actor):
        """The last lines of the journal: who changed what of the sheet, and what it said before."""
        if not actor.pk:
            return "–"
        lines = JournalEntry.objects.filter(object_id=str(actor.public_id), verb__startswith="actor.")
        return (
            format_html_join(
                SafeString("<br>"), "{}", ((change_told(line),) for line in lines[:MOST_CHANGES])
            )
            or "–"
        )

    @admin.display(description=gettext_lazy("anciennes adresses"))
    def former(self, actor):
        return ", ".join(actor.former_slugs.values_list("slug", flat=True)) or "–" if actor.pk else "–"

    def get_search_results(self, request, queryset, search_term):
        digits = "".join(sign for sign in search_term if sign.isdigit())
        if len(digits) >= 8:
            return queryset.filter(enterprise_number__contains=digits), False
        return queryset.matching(search_term), False

    def save_model(self, request, obj, form, change):
        actions.save(obj, by=request.user, changed=form.changed_data)
        if not change or TWINNING.intersection(form.changed_data):
            self._warn_of_twins(request, obj)

    def _warn_of_twins(self, request, actor) -> None:
        """Say which sheets may already be this one, each with the way to merge them; nothing is held back."""
        living = Actor.objects.exclude(state__in=[State.MERGED, State.REFUSED])
        merging = reverse("admin:actors_actor_merge", args=[actor.pk])
        doors = [(f"{merging}?dans={one.pk}", one) for one in twins.close_to(actor, living)]
        if doors:
            links = format_html_join(", ", '<a href="{}">{}</a>', doors)
            told = _("C’est peut-être déjà l’une de ces fiches, à comparer puis à fusionner\u00a0: {links}.")
            messages.warning(request, format_html(told, links=links))

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description=gettext_lazy("Publier les fiches choisies"), permissions=["change"])
    def publish_chosen(self, request, queryset):
        done = self._each(request, queryset, actions.publish)
        if done:
            told = ngettext("%s fiche publiée.", "%s fiches publiées.", done)
            messages.success(request, told % numbers.number(done))

    @admin.action(description=gettext_lazy("Archiver les fiches choisies"), permissions=["change"])
    def archive_chosen(self, request, queryset):
        done = self._each(request, queryset, actions.archive)
        if done:
            told = ngettext("%s fiche archivée.", "%s fiches archivées.", done)
            messages.success(request, told % numbers.number(done))

    def _each(self, request, queryset, act) -> int:
        """Do it to each sheet, say why some could not; return how many were done."""
        done = 0
        for actor in queryset:
            try:
                act(actor, by=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                done += 1
        return done
