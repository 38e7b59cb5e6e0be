"""Registrations in the desk: somebody is entered or found again, and seats are given back."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from territory.models import Municipality
from trainings import actions
from trainings.admin.queue import ToPhone
from trainings.models import Registration


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
