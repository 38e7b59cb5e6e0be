"""The desk’s buttons, each of which calls a verb in the name of who is logged in, and its tables of rows."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Verb = tuple["StrOrPromise", Callable[..., Any]]
"""A button's label, and the function called with the object and `by`."""


class Verbs(admin.ModelAdmin):
    """Buttons below the form, each a verb: what is typed is saved first, then the verb acts."""

    change_form_template = "admin/verbs.html"
    verbs: dict[str, Verb] = {}
    """Name → label, and the function called with the object and `by`."""

    def possible(self, obj) -> Collection[str]:
        """Return the verbs that make sense now; a form gone stale may ask for another, answered in words."""
        return self.verbs.keys()

    def may_act(self, request: HttpRequest, obj) -> bool:
        """Whether the person may use the verbs of this object."""
        return self.has_change_permission(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        names = self.possible(obj) if obj is not None and self.may_act(request, obj) else ()
        context["verbs"] = [(name, label) for name, (label, _act) in self.verbs.items() if name in names]
        if obj is not None and self._is_only_read(request, obj):
            context |= {
                "show_save": False,
                "show_save_and_continue": False,
                "show_save_and_add_another": False,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _is_only_read(self, request, obj) -> bool:
        """Whether nothing can be typed: a button to save would do nothing."""
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        return {*fields} <= {*self.get_readonly_fields(request, obj)} and not self.get_inlines(request, obj)

    def response_change(self, request, obj):
        for name, (label, act) in self.verbs.items():
            if f"_verb_{name}" in request.POST:
                done = _("« %(thing)s » : « %(verb)s », c’est fait.") % {"thing": obj, "verb": label}
                return self.do(request, partial(act, obj, by=request.user), done)
        return super().response_change(request, obj)

    def do(self, request: HttpRequest, act: Callable[[], Any], done: str) -> HttpResponse:
        """Act and say so, or say why not; then show the form again."""
        try:
            act()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(request.path)


class NamedRows(BaseInlineFormSet):
    """Rows whose box « take this one away » says what it is: it belongs to the whole and not to the model."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if box := form.fields.get(DELETION_FIELD_NAME):
            box.widget.attrs["aria-label"] = _("Supprimer")


class Table(admin.TabularInline):
    """Rows whose every field says what it is."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Give each field its column's name: the head of a column labels no field of a table."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(field.label)
        return field

    def get_formset(self, request, obj=None, **kwargs):
        """The same for the box that takes a row away, whatever rows the table is made of."""
        return type("Named", (NamedRows, super().get_formset(request, obj, **kwargs)), {})
