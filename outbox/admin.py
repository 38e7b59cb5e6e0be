"""Letters in the desk: read, sent again, kept back; never written."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outbox import actions, kinds, nudge, reading
from outbox.models import Letter


class KindFilter(admin.SimpleListFilter):
    """Letters of a kind, by the names that people give kinds."""

    title = _("type")
    parameter_name = "type"

    def lookups(self, request, model_admin):
        written = Letter.objects.order_by().values_list("kind", flat=True).distinct()
        return sorted(((kind, kinds.called(kind)) for kind in written if kind), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):
    list_display = ["title", "first_recipient", "called", "state", "created_at", "sent_at"]
    list_filter = ["state", "lane", KindFilter]
    search_fields = ["recipients"]
    search_help_text = _("Adresse d’un destinataire")
    actions = ["resend", "cancel"]
    list_per_page = 50
    show_full_result_count = False
    fields = [
        "title",
        "called",
        "lane",
        "state",
        "recipients",
        "sender",
        "created_at",
        "attempts",
        "next_try_at",
        "changed_at",
        "sent_at",
        "last_error",
        "pending",
        "refused",
        "resent_by",
        "about",
        "message_id",
        "text",
    ]
    readonly_fields = ["title", "called", "text"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("message")

    def lookup_allowed(self, lookup, value, request):
        # Django lets an address filter by any field: « message__regex » would tell a login code, digit by digit.
        secret = lookup.partition("__")[0] == "message"
        return not secret and super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("objet"), ordering="subject")
    def title(self, letter: Letter) -> str:
        return str(letter)

    @admin.display(description=_("type"), ordering="kind")
    def called(self, letter: Letter) -> str:
        return kinds.called(letter.kind)

    @admin.display(description=_("destinataire"))
    def first_recipient(self, letter: Letter) -> str:
        others = len(letter.addresses) - 1
        return f"{letter.addresses[0]} (+{others})" if others else letter.addresses[0]

    @admin.display(description=_("texte"))
    def text(self, letter: Letter) -> str:
        return reading.readable_text(letter)

    @admin.action(description=_("Renvoyer"), permissions=["resend"])
    def resend(self, request, queryset):
        done = self._each(request, queryset, actions.resend)
        for lane in {letter.lane for letter in done}:
            nudge.after_commit(lane)
        if done:
            self.message_user(
                request,
                ngettext(
                    "{n} lettre est remise en route.", "{n} lettres sont remises en route.", len(done)
                ).format(n=len(done)),
            )

    @admin.action(description=_("Annuler"), permissions=["cancel"])
    def cancel(self, request, queryset):
        done = self._each(request, queryset, actions.cancel)
        if done:
            self.message_user(
                request,
                ngettext("{n} lettre ne partira pas.", "{n} lettres ne partiront pas.", len(done)).format(
                    n=len(done)
                ),
            )

    def _each(self, request, queryset, action) -> list[Letter]:
        """Do it to each letter; say once for each reason why some could not."""
        done, refusals = [], []
        for letter in queryset:
            try:
                done.append(action(letter, by=request.user))
            except actions.IllegalMove as refusal:
                refusals.append(str(refusal))
        for reason in dict.fromkeys(refusals):
            self.message_user(request, reason, messages.ERROR)
        return done

    def has_resend_permission(self, request) -> bool:
        return request.user.has_perm("outbox.resend_letter")

    def has_cancel_permission(self, request) -> bool:
        return request.user.has_perm("outbox.cancel_letter")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
