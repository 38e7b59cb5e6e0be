"""A session in the desk: its form, and the buttons that move it to another state."""

from collections.abc import Callable
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from trainings import actions
from trainings.admin.around import AroundTheDay
from trainings.admin.arriving import Arriving
from trainings.admin.days import QuestionInline, SessionDayInline
from trainings.admin.deciding import Deciding
from trainings.admin.listing import Listing
from trainings.admin.messaging import Messaging
from trainings.admin.people import People
from trainings.admin.queue import AroundTheQueue
from trainings.admin.repeating import Repeating
from trainings.choices import NEXT, OPEN, TAKEN_PLACE, SessionState
from trainings.models import SessionDay, TrainingSession
from trainings.querysets import TrainingSessionQuerySet

MOVES: dict[str, tuple[str, str | Promise, Callable[..., TrainingSession]]] = {
    SessionState.PUBLISHED: ("publish", _("Publier"), actions.publish),
    SessionState.CONFIRMED: ("confirm", _("Confirmer"), actions.confirm),
    SessionState.HELD: ("hold", _("Marquer comme tenue"), actions.hold),
    SessionState.CLOSED: ("close", _("Clôturer"), actions.close),
}
"""State → name, words and verb of the button that leads there; cancelling has its own form."""


WHERE = ("venue", "access_notes", "municipality", "locality", "online_url")


class TrainingSessionForm(forms.ModelForm):
    """What staff change; a capacity under the seats that are taken is refused here, before the action."""

    class Meta:
        model = TrainingSession
        fields = ["capacity"]  # the admin adds its own

    def clean_capacity(self):
        capacity = self.cleaned_data["capacity"]
        # Who came unannounced may have filled the room beyond its seats: what stays is not refused.
        if self.instance.pk and capacity is not None and "capacity" in self.changed_data:
            taken = self.instance.registrations.taken().count()
            if capacity < taken:
                message = gettext(
                    "{taken} personnes ont déjà une place, ou la proposition d’une place : gardez au moins "
                    "{taken} places. Rien n’est changé."
                )
                raise forms.ValidationError(message.format(taken=taken))
        return capacity


class WaitingFilter(admin.SimpleListFilter):
    """Sessions that wait for somebody of the team."""

    title = _("à faire")
    parameter_name = "a_faire"

    def lookups(self, request, model_admin):
        return [
            ("decision", _("À maintenir ou annuler")),
            ("attente", _("Complètes, avec une attente")),
            ("presences", _("Passées, sans appel complet")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "decision":
            return queryset.to_decide()
        if self.value() == "attente":
            return queryset.full_with_people_waiting()
        return queryset.without_attendance() if self.value() == "presences" else queryset


@admin.register(TrainingSession)
class TrainingSessionAdmin(
    Repeating, Deciding, Messaging, Arriving, Listing, People, AroundTheQueue, AroundTheDay, admin.ModelAdmin
):
    form = TrainingSessionForm
    list_display = ["training", "starts_at", "municipality", "state", "seats", "people_link"]
    list_filter = ["state", WaitingFilter, "format", ("municipality", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["training", "municipality"]
    search_fields = ["training__title", "training__search_text", "venue"]
    date_hierarchy = "starts_at"
    autocomplete_fields = ["training", "municipality", "locality"]
    inlines = [SessionDayInline, QuestionInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    change_form_template = "admin/trainings/trainingsession/change_form.html"
    readonly_fields = ["state", "cancellation_reason"]
    fieldsets = [
        (None, {"fields": ["training", "format", "state", "cancellation_reason", "trainers", "price"]}),
        (_("Où"), {"fields": ["venue", "municipality", "locality", "access_notes", "online_url"]}),
        (
            _("Places et inscriptions"),
            {
                "fields": [
                    *("capacity", "minimum", "decide_on", "waiting_list"),
                    *("opens_at", "closes_at", "reminder_days"),
                ]
            },
        ),
        (_("Partage des places"), {"fields": ["share", "share_of", "share_days"]}),
    ]

    def get_queryset(self, request):
        return cast(TrainingSessionQuerySet, super().get_queryset(request)).with_seats()

    def get_object(self, request, object_id, from_field=None):
        # A form that is saved holds the session's lock, as the actions do: nobody's move is overwritten.
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            TrainingSession.objects.select_for_update().filter(pk__in=_numbers(object_id)).first()
        return super().get_object(request, object_id, from_field)

    @admin.display(description=_("places"))
    def seats(self, session: TrainingSession) -> str:
        limit = session.capacity if session.capacity is not None else "∞"
        waiting = gettext(", {n} en attente").format(n=session.waiting) if session.waiting else ""
        offered = ngettext(", {n} proposée", ", {n} proposées", session.offered) if session.offered else ""
        return f"{session.confirmed} / {limit}{offered.format(n=session.offered)}{waiting}"

    @admin.display(description=_("inscriptions"))
    def people_link(self, session: TrainingSession) -> str:
        address = reverse("admin:trainings_session_people", args=[session.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Qui vient"))

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/etat/", view(require_POST(self.move)), name="trainings_session_move"),
            *super().get_urls(),
        ]

    # Saving: what concerns people goes through the actions ----------------------------------------------

    def save_form(self, request, form, change):
        session = super().save_form(request, form, change)
        # Capacity, days and place of an announced session are changed by actions, after the other fields.
        request.wanted_capacity = session.capacity
        request.changed_where = [name for name in WHERE if name in form.changed_data]
        if change:
            session.capacity = form.initial["capacity"]
            related = TrainingSession.objects.select_related("municipality", "locality")
            former = related.prefetch_related("days").get(pk=session.pk)
            request.before = [*former.when, former.place]
        return session

    def save_related(self, request, form, formsets, change):
        days = {day.pk: day for day in form.instance.days.all()}
        super().save_related(request, form, formsets, change)
        session = form.instance
        if not change:
            return
        changed = list(request.changed_where)
        if any(formset.has_changed() for formset in formsets if formset.model is SessionDay):
            changed.append("days")
        session.refresh_from_db()
        left = set(session.days.values_list("pk", flat=True))
        removed = [day for pk, day in days.items() if pk not in left]
        actions.announce_change(
            session, changed=changed, removed=removed, before=request.before, by=request.user
        )
        if (
            changed
            and session.state in OPEN
            and (told := session.registrations.live().exclude(email="").count())
        ):
            said = ngettext(
                "{n} personne est prévenue du changement par lettre.",
                "{n} personnes sont prévenues du changement par lettre.",
                told,
            )
            messages.info(request, said.format(n=told))
        if {"share", "share_of", "share_days"} & {*form.changed_data}:
            actions.give_free_seats(session, by=request.user)
        if request.wanted_capacity != session.capacity:
            try:
                actions.change_capacity(session, capacity=request.wanted_capacity, by=request.user)
            except actions.Refused as refusal:
                messages.error(request, str(refusal))

    # Buttons and people ---------------------------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        possible = NEXT[obj.state] if obj and self.has_change_permission(request, obj) else ()
        context |= {
            "moves": [MOVES[state][:2] for state in possible if state in MOVES and self._is_time(obj, state)],
            "to_decide": bool(obj) and TrainingSession.objects.to_decide().filter(pk=obj.pk).exists(),
            "cancellable": SessionState.CANCELLED in possible,
            "may_invite": obj is not None
            and obj.state in OPEN
            and request.user.has_perm("invitations.add_campaign"),
            "people_count": obj.confirmed + obj.offered + obj.waiting if obj else 0,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _is_time(self, session: TrainingSession, state: str) -> bool:
        """Whether it makes sense to say it now: nothing is held before it starts."""
        started = session.starts_at is not None and session.starts_at <= timezone.now()
        return started or state not in TAKEN_PLACE

    def response_change(self, request, obj):
        # A button that moves the session keeps what is typed above it first.
        return self.move(request, obj.pk) if "vers" in request.POST else super().response_change(request, obj)

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move a session to another state; a refusal is said on its page."""
        session = get_object_or_404(TrainingSession, pk=pk)
        if not self.has_change_permission(request, session):
            return self._refuse(request, session, gettext("Vous ne pouvez pas changer cette séance."))
        name = request.POST.get("vers", "")
        verbs = {key: verb for key, _label, verb in MOVES.values()}
        by = cast(User, request.user)
        try:
            if name == "cancel":
                actions.cancel_session(session, reason=request.POST.get("motif", ""), by=by)
            elif name in verbs:
                verbs[name](session, by=by)
            else:
                raise actions.Refused(gettext("Ce bouton n’existe pas. Rien n’est changé."))
        except actions.Refused as refusal:
            return self._refuse(request, session, str(refusal))
        session.refresh_from_db()
        messages.success(
            request, gettext("La séance est maintenant « {} ».").format(session.get_state_display())
        )
        return redirect("admin:trainings_trainingsession_change", pk)

    def _refuse(self, request, session, sentence: str) -> HttpResponse:
        messages.error(request, sentence)
        return redirect("admin:trainings_trainingsession_change", session.pk)


def _numbers(object_id: str) -> list[int]:
    return [int(object_id)] if object_id.isdecimal() and len(object_id) < 19 else []
