"""A training in the desk: what is offered, for whom, why, with whom, and what goes with it."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.desk import Table
from accounts.models import User
from actors.choices import Family
from actors.models import Actor
from documents import files
from documents.forms import PictureField
from documents.storage import StorageFull
from trainings import actions
from trainings.models import PICTURE_WIDTH, Trainer, Training, TrainingDocument

IMAGE_COLUMNS = {"image", "image_width", "image_height"}
"""Written by their own verb: a form sent meanwhile does not bring the former picture back."""


class TrainingForm(forms.ModelForm):
    families = forms.MultipleChoiceField(
        label=_("Publics"),
        choices=Family.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Aucun : tous les publics."),
    )
    picture = PictureField(
        label=_("Image"),
        required=False,
        width=PICTURE_WIDTH,
        help_text=_(
            "PNG, JPEG ou WebP. Elle paraît sur la page de la formation\u00a0; les personnes que l’on y reconnaît "
            "sont d’accord."
        ),
    )
    without_picture = forms.BooleanField(label=_("Retirer l’image actuelle"), required=False)

    class Meta:
        model = Training
        fields = ["families"]  # the admin adds its own

    def clean(self) -> dict[str, Any]:
        """An image says what it shows."""
        data = super().clean() or self.cleaned_data
        taken_away = data.get("without_picture") and not data.get("picture")
        if taken_away:
            # Goes with the image, and not before it.
            data["image_alt"] = self.instance.image_alt
        elif (data.get("picture") or self.instance.image) and not data.get("image_alt"):
            message = gettext("Dites en quelques mots ce que montre l’image. Elle n’est pas encore gardée.")
            if "image_alt" in self.fields and "picture" not in self.errors:
                self.add_error("image_alt", message)
        return data


class TrainerForm(forms.ModelForm):
    """Who gives it; an actor that left the directory since stays with what it gave."""

    class Meta:
        model = Trainer
        fields = ["name", "actor"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("actor"):
            published = Q(pk__in=Actor.objects.published().values("pk"))
            actors = Actor.objects.filter(published | Q(pk=self.instance.actor_id))
            cast(forms.ModelChoiceField, field).queryset = actors

    def _get_validation_exclusions(self):
        """Leave the actor that was there before alone: the model takes published ones only."""
        kept = self.instance.actor_id and "actor" not in self.changed_data
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]  # missing from the stubs
        return excluded | ({"actor"} if kept else set())


class TrainerInline(Table):
    model = Trainer
    form = TrainerForm
    extra = 1
    fields = ["name", "actor"]
    autocomplete_fields = ["actor"]


class KeptFile(forms.Widget):
    """A file that is kept already: read, not changed."""

    def __init__(self, paper: TrainingDocument):
        super().__init__()
        self.paper = paper

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<a href="{}">{}</a>', self.paper.get_absolute_url(), self.paper.told)

    def value_from_datadict(self, data, files, name):
        return None


class DocumentForm(forms.ModelForm):
    """A document: its file is sent once; another file is another document."""

    title = forms.CharField(label=_("Titre"), max_length=200)
    upload = forms.FileField(
        label=_("Fichier"),
        widget=forms.FileInput({"accept": ",".join(files.TYPES)}),
    )
    private = forms.TypedChoiceField(
        label=_("Pour qui"),
        choices=[("", _("tout le monde")), ("on", _("pour les participants"))],
        coerce=bool,
        empty_value=None,
        required=False,
    )

    class Meta:
        model = TrainingDocument
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            kept = self.instance.document
            self.initial.update({"title": kept.title, "private": "on" if kept.private else ""})
            self.fields["upload"].required = False
            self.fields["upload"].widget = KeptFile(self.instance)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label)

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload:
            files.check(upload, max_bytes=actions.DOCUMENT_BYTES)
        return upload


class Documents(forms.BaseInlineFormSet):
    """Documents of a training, each written by its verb."""

    by: Any = None

    def save_new(self, form, commit=True):
        told = form.cleaned_data
        return actions.add_document(
            self.instance,
            title=told["title"],
            upload=told["upload"],
            private=bool(told["private"]),
            by=self.by,
        )

    def save_existing(self, form, obj, commit=True):
        told = form.cleaned_data
        return actions.change_document(obj, title=told["title"], private=bool(told["private"]), by=self.by)

    def delete_existing(self, obj, commit=True):
        actions.remove_document(obj, by=self.by)


class DocumentInline(Table):
    model = TrainingDocument
    form = DocumentForm
    formset = Documents
    extra = 1
    max_num = actions.MOST_DOCUMENTS
    view_on_site = False
    fields = ["title", "upload", "private"]
    verbose_name = _("document")
    verbose_name_plural = _("documents")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("document")

    def get_formset(self, request, obj=None, **kwargs):
        # The form's own fields are not the model's.
        kwargs |= {"fields": [], "validate_max": True}
        return super().get_formset(request, obj, **kwargs)


@admin.register(Training)
class TrainingAdmin(admin.ModelAdmin):
    form = TrainingForm
    list_display = ["title", "state", "audience", "level", "action_sheet"]
    list_filter = ["state", "themes", "level"]
    list_select_related = ["action_sheet"]
    search_fields = ["title", "search_text"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["action_sheet", "themes", "dimensions", "shared_needs"]
    inlines = [TrainerInline, DocumentInline]
    readonly_fields = ["current_image"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "state", "summary", "objectives", "programme"]}),
        (
            _("Pour qui, pourquoi"),
            {"fields": ["families", "level", "themes", "dimensions", "shared_needs", "action_sheet"]},
        ),
        (_("Image"), {"fields": ["picture", "image_alt"]}),
    ]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_fieldsets(self, request, obj=None):
        """Show the image and the box that takes it away where there is one."""
        *first, (title, options) = super().get_fieldsets(request, obj)
        if obj and obj.image:
            options = {"fields": ["current_image", "picture", "image_alt", "without_picture"]}
        return [*first, (title, options)]

    @admin.display(description=_("publics"))
    def audience(self, training: Training) -> str:
        return training.audience

    @admin.display(description=_("image actuelle"))
    def current_image(self, training: Training) -> str:
        return format_html(
            '<img class="desk-picture" src="{}" width="{}" height="{}" alt="{}">',
            training.image_address,
            training.image_width,
            training.image_height,
            training.image_alt,
        )

    def has_delete_permission(self, request, obj=None):
        return False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StorageFull as full:
            messages.error(request, str(full.strerror))
        except ValidationError as refusal:
            # Somebody else of the team added the last document meanwhile: the form could not know.
            messages.error(request, " ".join(refusal.messages))
        return redirect(request.path)

    def save_model(self, request: HttpRequest, obj: Training, form, change: bool) -> None:
        if change:
            columns = {field.name for field in obj._meta.concrete_fields if not field.primary_key}
            obj.save(update_fields=columns - IMAGE_COLUMNS)
        else:
            obj.save()
        picture = form.cleaned_data.get("picture")
        if picture or form.cleaned_data.get("without_picture"):
            actions.set_image(obj, picture=picture, alt=obj.image_alt, by=cast(User, request.user))

    def save_formset(self, request, form, formset, change):
        formset.by = request.user
        super().save_formset(request, form, formset, change)
