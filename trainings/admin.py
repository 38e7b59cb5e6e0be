"""The desk's pages: offers, dates with their days and people, registrations; every move calls an action."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.desk import Table
from accounts.models import User
from actors.choices import Family
from territory.models import Municipality
from trainings import actions, openings, questioning, queue
from trainings.arriving import Arriving
from trainings.choices import NEXT, OPEN, RegistrationState, SessionState
from trainings.deciding import Deciding
from trainings.desk import AroundTheDay
from trainings.forms import PhoneForm
from trainings.listing import Listing
from trainings.messaging import Messaging
from trainings.models import Registration, RegistrationQuestion, SessionDay, Training, TrainingSession
from trainings.querysets import TrainingSessionQuerySet
from trainings.queue import AroundTheQueue, ToPhone
from trainings.repeating import Repeating

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOVES: dict[str, tuple[str, "StrOrPromise", Callable[..., TrainingSession]]] = {
    SessionState.PUBLISHED: ("publish", _("Publier"), actions.publish),
    SessionState.CONFIRMED: ("confirm", _("Confirmer"), actions.confirm),
    SessionState.HELD: ("hold", _("Marquer comme tenue"), actions.hold),
    SessionState.CLOSED: ("close", _("Clôturer"), actions.close),
}
"""State → name, words and verb of the button that leads there; cancelling has its own form."""

WHERE = ("venue", "access_notes", "municipality", "locality", "online_url")


class TrainingForm(forms.ModelForm):
    families = forms.MultipleChoiceField(
        label=_("publics"),
        choices=Family.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Aucun : tous les publics."),
    )

    class Meta:
        model = Training
        fields = ["families"]  # the admin adds its own


@admin.register(Training)
class TrainingAdmin(admin.ModelAdmin):
    form = TrainingForm
    list_display = ["title", "state", "audience", "level", "action_sheet"]
    list_filter = ["state", "themes", "level"]
    list_select_related = ["action_sheet"]
    search_fields = ["title", "search_text"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["action_sheet", "themes", "dimensions", "shared_needs"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "state", "summary", "objectives", "programme"]}),
        (
            _("Pour qui, pourquoi"),
            {"fields": ["families", "level", "themes", "dimensions", "shared_needs", "action_sheet"]},
        ),
    ]

    @admin.display(description=_("publics"))
    def audience(self, training: Training) -> str:
        return training.audience

    def has_delete_permission(self, request, obj=None):
        return False


class SessionDays(forms.BaseInlineFormSet):
    def clean(self):
        """An announced session keeps at least one day."""
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if not kept and self.instance.state != SessionState.DRAFT:
            raise forms.ValidationError(gettext("Gardez au moins un jour. Rien n’est changé."))
        fields = ("date", "start_time", "end_time")
        typed = sorted(
            tuple(form[name] for name in fields)
            for form in (form.cleaned_data for form in kept)
            if all(form.get(name) for name in fields)
        )
        if self.has_changed() and self.instance.state in OPEN and typed and not actions.ahead(typed):
            raise forms.ValidationError(actions.PAST)
        if any(one[0] == two[0] and two[1] < one[2] for one, two in pairwise(typed)):
            raise forms.ValidationError(
                gettext("Deux heures d’un même jour se chevauchent. Rien n’est changé.")
            )


class SessionDayInline(Table):
    model = SessionDay
    formset = SessionDays
    extra = 1

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj and obj.starts_at else 1


class Questions(forms.BaseInlineFormSet):
    """Questions of a session: one that has answers is closed where staff would delete it."""

    def clean(self):
        super().clean()
        kept = [one.cleaned_data for one in self.forms if getattr(one, "cleaned_data", None)]
        asked = [data for data in kept if not data.get("DELETE") and not data.get("closed")]
        if len(asked) > actions.MOST_QUESTIONS:
            message = gettext("Posez {most} questions au plus : chacune fait renoncer des gens.")
            raise forms.ValidationError(message.format(most=actions.MOST_QUESTIONS))

        for one in self.forms:
            changed = {"label", "kind", "choices"}.intersection(one.changed_data)
            if one.instance.pk and changed and one.instance.answers.exists():
                message = gettext(
                    "« {question} » a des réponses, qui changeraient de sens : fermez-la et posez-en une autre."
                )
                raise forms.ValidationError(message.format(question=one.initial["label"]))

    def delete_existing(self, obj, commit=True):
        if obj.answers.exists():
            obj.closed = True
            obj.save(update_fields=["closed"])
        else:
            super().delete_existing(obj, commit)


class QuestionInline(Table):
    model = RegistrationQuestion
    formset = Questions
    fields = ["rank", "label", "kind", "choices", "required", "closed"]
    extra = 0
    formfield_overrides = {models.TextField: {"widget": forms.Textarea({"rows": 3, "cols": 24})}}

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        # Django refuses to delete what answers protect; here it is closed instead, so nothing is refused.
        formset.form.hand_clean_DELETE = lambda form: None
        return formset


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
            ("presences", _("Passées, sans présences")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "decision":
            return queryset.to_decide()
        if self.value() == "attente":
            return queryset.full_with_people_waiting()
        return queryset.without_attendance() if self.value() == "presences" else queryset


@admin.register(TrainingSession)
class TrainingSessionAdmin(
    Repeating, Deciding, Messaging, Arriving, Listing, AroundTheQueue, AroundTheDay, admin.ModelAdmin
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
            path("<int:pk>/inscriptions/", view(self.people), name="trainings_session_people"),
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
            "moves": [MOVES[state][:2] for state in possible if state in MOVES],
            "to_decide": bool(obj) and TrainingSession.objects.to_decide().filter(pk=obj.pk).exists(),
            "cancellable": SessionState.CANCELLED in possible,
            "people_count": obj.confirmed + obj.offered + obj.waiting if obj else 0,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

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

    def people(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who has a seat, who waits, who gave up, and whom to phone."""
        session = get_object_or_404(TrainingSession.objects.with_seats().select_related("training"), pk=pk)
        if not self.has_view_permission(request, session):
            return HttpResponse(status=403)
        form = PhoneForm(request.POST or None)
        form.fields["name"].widget.attrs["autofocus"] = "telephone" in request.GET
        if request.method == "POST" and self._enter(request, session, form):
            return redirect("admin:trainings_session_people", pk)
        everybody = session.registrations.select_related("actor", "municipality").order_by("position")
        people = list(everybody.prefetch_related("answers"))
        offered, waiting = queue.rows(people)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Qui vient"),
            "opts": self.opts,
            "session": session,
            "form": form,
            "why_closed": openings.why_closed(session, timezone.now()) if not form.is_bound else "",
            "confirmed": [one for one in people if one.state == "confirmed"],
            "offered": offered,
            "waiting": waiting,
            "may_seat": queue.may_act(request, session),
            "cancelled": [one for one in people if one.state == "cancelled"],
            "answers": questioning.table(session, [one for one in people if one.state != "cancelled"]),
            "to_phone": [one for one in people if not one.email and one.state != "cancelled"],
        }
        return TemplateResponse(request, "admin/trainings/trainingsession/people.html", context)

    def _enter(self, request: HttpRequest, session: TrainingSession, form: PhoneForm) -> bool:
        """Give a seat to whom staff have on the phone; False when the form says what is wrong."""
        if not request.user.has_perm("trainings.add_registration"):
            raise PermissionDenied
        if not form.is_valid():
            return False
        person = actions.Person(
            name=form.cleaned_data["name"],
            phone=form.cleaned_data["phone"],
            municipality=form.cleaned_data["municipality"],
        )
        try:
            done = actions.register(
                session=session,
                people=[person],
                by=cast(User, request.user),
                nonce=form.cleaned_data["nonce"],
            )
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            return False
        registration = done.registrations[0]
        if registration.state == RegistrationState.CONFIRMED:
            said = gettext("{name} a une place.")
        elif registration.state == RegistrationState.OFFERED:
            said = gettext("{name} a déjà une place proposée : acceptez pour elle, plus bas.")
        else:
            said = gettext("{name} est en attente : la séance est complète.")
            if session.share_told:
                said = gettext("{name} est en attente : {share}")
        messages.success(request, said.format(name=registration.name, share=session.share_told))
        return True


class RegistrationForm(forms.ModelForm):
    """A person entered by staff, by phone or from paper."""

    class Meta:
        model = Registration
        fields = ["email"]  # the admin adds its own

    def clean(self):
        data = super().clean() or {}
        if not self.instance.pk and not data.get("email") and not data.get("phone"):
            self.add_error(
                "phone", gettext("Sans adresse e-mail, notez un numéro : c’est par là qu’on prévient.")
            )
        return data


@admin.register(Registration)
class RegistrationAdmin(admin.ModelAdmin):
    form = RegistrationForm
    list_display = ["name", "session", "state", "offered_until", "email", "phone", "municipality", "attended"]
    list_filter = ["state", ToPhone, "attended", ("municipality", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["session__training", "municipality"]
    search_fields = ["name", "folded_name", "email", "session__training__title"]
    date_hierarchy = "registered_at"
    autocomplete_fields = ["session", "municipality", "actor"]
    actions = ["cancel_selected"]
    show_full_result_count = False
    read = [
        "state",
        "rank_shown",
        "answers_shown",
        "offered_until",
        "coming_at",
        "registered_at",
        "cancelled_at",
        "entered_by",
        "consented_at",
    ]
    fields = [
        *("session", "name", "email", "phone", "organisation_text", "actor", "municipality", "access_needs"),
        *("attended", *read),
    ]

    def get_fields(self, request, obj=None):
        return [name for name in self.fields if obj or name not in [*self.read, "attended"]]

    def get_readonly_fields(self, request, obj=None):
        # The name and the address say who the person is: they are cancelled and entered anew, not rewritten.
        # Who came is said at the roll call, day by day.
        return [*self.read, "session", "name", "email", "attended"] if obj else self.read

    @admin.display(description=_("réponses"))
    def answers_shown(self, registration: Registration) -> str:
        said = [(one.question, one.text) for one in registration.answers.select_related("question")]
        return format_html_join("", "<div>{} <strong>{}</strong></div>", said) or "–"

    @admin.display(description=_("rang"))
    def rank_shown(self, registration: Registration) -> str:
        return str(registration.rank or "–")

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changeform_initial_data(self, request):
        return {"session": request.GET.get("session"), **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        person = actions_person(form.cleaned_data)
        try:
            done = actions.register(session=obj.session, people=[person], by=request.user)
        except actions.Refused as refusal:
            raise _Undone(str(refusal)) from refusal
        # The admin goes on with what the action wrote.
        obj.__dict__.update(done.registrations[0].__dict__)
        if not done.new:
            messages.warning(request, gettext("Cette personne était déjà inscrite : rien n’est changé."))

    def add_view(self, request, form_url="", extra_context=None):
        try:
            return super().add_view(request, form_url, extra_context)
        except _Undone as undone:
            messages.error(request, str(undone))
            return redirect(request.get_full_path())

    @admin.action(description=_("Annuler les inscriptions choisies"), permissions=["change"])
    def cancel_selected(self, request, queryset):
        """Give the seats back, one person after the other."""
        for registration in queryset.live().order_by("position"):
            try:
                actions.cancel(registration, by=request.user)
            except actions.Refused as refusal:
                messages.error(request, f"{registration.name} : {refusal}")
                return
        messages.success(
            request, gettext("C’est annulé ; les places libérées sont proposées aux premiers qui attendent.")
        )


def _numbers(object_id: str) -> list[int]:
    return [int(object_id)] if object_id.isdecimal() and len(object_id) < 19 else []


class _Undone(Exception):
    """A refusal on its way out of the admin's transaction."""


def actions_person(data: dict) -> actions.Person:
    """Return the person that staff wrote down."""
    municipality: Municipality | None = data.get("municipality")
    return actions.Person(
        name=data["name"],
        email=data["email"],
        phone=data["phone"],
        organisation=data["organisation_text"],
        actor=data["actor"],
        municipality=municipality,
        access_needs=data["access_needs"],
    )
