"""The days of a session and its questions, as tables of its form."""

from itertools import pairwise

from django import forms
from django.db import models
from django.utils.translation import gettext

from accounts.desk import Table
from trainings import actions
from trainings.choices import OPEN, SessionState
from trainings.models import RegistrationQuestion, SessionDay


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
    """Questions of a session: one that has answers is closed where staff would delete it; a new one comes last."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if not form.instance.pk:
            form.fields["rank"].required = False
            form.initial["rank"] = None

    def save_new(self, form, commit=True):
        if form.instance.rank is None:
            kept = [one for one in self.forms if one.instance.pk or one.has_changed()]
            form.instance.rank = max((one.instance.rank or 0 for one in kept), default=0) + 1
        return super().save_new(form, commit)

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
                    "« {question} » a des réponses, qui changeraient de sens : fermez-la et posez-en une autre."
                )
                raise forms.ValidationError(message.format(question=one.initial["label"]))
            untold = one.initial.get("erase_answers") and not one.cleaned_data.get("erase_answers")
            # Somebody may have the form before them, with the promise beside the question.
            if one.instance.pk and untold and self.instance.state != SessionState.DRAFT:
                message = gettext(
                    "On a promis d’effacer les réponses à « {question} » : fermez-la et posez-en une autre."
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
    fields = ["rank", "label", "kind", "choices", "required", "erase_answers", "closed"]
    extra = 0
    formfield_overrides = {models.TextField: {"widget": forms.Textarea({"rows": 3, "cols": 24})}}

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        # Django refuses to delete what answers protect; here it is closed instead, so nothing is refused.
        formset.form.hand_clean_DELETE = lambda form: None
        return formset
