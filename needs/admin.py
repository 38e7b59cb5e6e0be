"""Surveys and needs at the desk: what is frozen is read, each change of state is a verb with its button."""

from datetime import datetime, time, timedelta
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.desk import Table, Verb, Verbs
from needs import actions, figures
from needs.choices import (
    NEED_NEXT,
    RESPONSE_NEXT,
    SHARED_NEXT,
    SURVEY_NEXT,
    NeedState,
    ResponseState,
    SharedNeedState,
    SurveyState,
)
from needs.models import (
    Answer,
    Choice,
    Need,
    Position,
    Question,
    Questionnaire,
    Response,
    Section,
    SharedNeed,
    Survey,
)
from needs.querysets import SurveyQuerySet

QUESTIONNAIRE_VERBS: dict[str, Verb] = {
    "publish": (gettext_lazy("Publier et figer"), actions.publish_questionnaire)
}
NEED_VERBS: dict[str, Verb] = {
    "qualify": (gettext_lazy("Qualifier"), actions.qualify),
    "decline": (
        gettext_lazy("Ne pas retenir, avec ce motif"),
        lambda need, *, by: actions.decline(need, reason=need.reason, by=by),
    ),
}


# Questionnaires ------------------------------------------------------------------------------------------


class Freezing(BaseModelAdmin):
    """Nothing of a published questionnaire is changed: it is read."""

    def _free(self, obj) -> bool:
        return obj is None or not (obj if isinstance(obj, Questionnaire) else obj.whole).is_frozen

    def has_change_permission(self, request, obj=None):
        return self._free(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._free(obj) and super().has_delete_permission(request, obj)


class FreezingInline(Freezing, InlineModelAdmin):
    """The same, inside the page of what holds it."""

    def has_add_permission(self, request, obj):  # type: ignore[override]  # Django's own inlines take `obj`
        return self._free(obj) and super().has_add_permission(request, obj)


class SectionInline(FreezingInline, Table):
    model = Section
    fields = ["order", "code", "title"]
    extra = 0
    show_change_link = True


@admin.register(Questionnaire)
class QuestionnaireAdmin(Freezing, Verbs):
    list_display = ["title", "code", "version", "state", "published_at"]
    list_filter = ["state", "code"]
    search_fields = ["title", "code"]
    fields = ["code", "version", "title", "intro", "minutes", "state", "published_at"]
    readonly_fields = ["state", "published_at"]
    inlines = [SectionInline]
    actions = ["make_next_version"]
    verbs = QUESTIONNAIRE_VERBS

    @admin.action(description=gettext_lazy("Préparer la version suivante"), permissions=["add"])
    def make_next_version(self, request, queryset):
        for questionnaire in queryset:
            draft = actions.next_version(questionnaire, by=request.user)
            address = reverse("admin:needs_questionnaire_change", args=[draft.pk])
            words = format_html('<a href="{}">{}</a>', address, draft)
            messages.success(request, format_html("{} {}", _("Brouillon prêt :"), words))


class QuestionFormSet(forms.BaseInlineFormSet):
    """Questions of a section: no code twice among those typed together."""

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            code = form.cleaned_data.get("code") if form.is_valid() else None
            if code and not form.cleaned_data.get("DELETE"):
                if code in seen:
                    raise ValidationError(_("Le code « %s » est donné à deux questions.") % code)
                seen.add(code)


class QuestionInline(FreezingInline, admin.StackedInline):
    model = Question
    formset = QuestionFormSet
    fields = [
        ("order", "code", "kind"),
        "label",
        "help",
        ("required", "may_be_not_concerned", "most"),
        ("dimension", "criterion", "weight"),
    ]
    extra = 0
    show_change_link = True


class Part(Freezing, admin.ModelAdmin):
    """Reached from the questionnaire, not from the desk's index."""

    def get_model_perms(self, request):
        return {}


@admin.register(Section)
class SectionAdmin(Part):
    list_display = ["title", "code", "order", "questionnaire"]
    list_filter = ["questionnaire"]
    list_select_related = ["questionnaire"]
    search_fields = ["title", "code"]
    autocomplete_fields = ["questionnaire"]
    inlines = [QuestionInline]


class ChoiceInline(FreezingInline, Table):
    model = Choice
    fields = ["order", "code", "label", "score", "exclusive"]
    extra = 0


@admin.register(Question)
class QuestionAdmin(Part):
    list_display = ["label", "code", "kind", "section", "dimension"]
    list_filter = ["kind", "dimension", "questionnaire"]
    list_select_related = ["section", "dimension"]
    search_fields = ["label", "code"]
    autocomplete_fields = ["section", "dimension"]
    inlines = [ChoiceInline]


# Surveys and responses -----------------------------------------------------------------------------------


@admin.register(Survey)
class SurveyAdmin(Verbs):
    list_display = ["title", "edition", "audience", "state", "opens_at", "closes_at", "participation"]
    list_filter = ["state", "audience", "edition"]
    search_fields = ["title", "slug", "edition"]
    prepopulated_fields = {"slug": ["title", "edition"]}
    autocomplete_fields = ["questionnaire", "previous", "action_sheet"]
    readonly_fields = ["state", "participation", "campaigns_shown"]
    fieldsets = [
        (
            None,
            {"fields": ["title", "slug", "edition", "state", "participation", "campaigns_shown", "intro"]},
        ),
        (gettext_lazy("Ce qui est demandé, à qui"), {"fields": ["questionnaire", "audience", "previous"]}),
        (gettext_lazy("Quand"), {"fields": ["opens_at", "closes_at"]}),
        (gettext_lazy("Rattachement"), {"fields": ["action_sheet"]}),
    ]
    verbs = {
        "open": (gettext_lazy("Ouvrir l’enquête"), actions.open_survey),
        "invite": (gettext_lazy("Inviter à répondre"), actions.invite),
        "close": (gettext_lazy("Clore l’enquête"), actions.close_survey),
    }

    def possible(self, survey):
        moves = {"open": SurveyState.OPEN, "close": SurveyState.CLOSED}
        possible = [verb for verb, state in moves.items() if state in SURVEY_NEXT[survey.state]]
        return [*possible, "invite"] if survey.takes_answers() else possible

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        actions.hand_down(obj, by=request.user)

    def response_change(self, request, obj):
        if "_verb_invite" not in request.POST:
            return super().response_change(request, obj)
        try:
            campaign = actions.invite(obj, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)
        messages.success(
            request, _("Les destinataires sont prêts. Rien n’est parti : relisez la lettre, puis lancez.")
        )
        return HttpResponseRedirect(reverse("admin:invitations_campaign_preview", args=[campaign.pk]))

    def get_queryset(self, request):
        return cast(SurveyQuerySet, super().get_queryset(request)).with_participation()

    def get_changeform_initial_data(self, request):
        today = timezone.localdate()
        opening = timezone.make_aware(datetime.combine(today, time(8)))
        closing = timezone.make_aware(datetime.combine(today + timedelta(days=28), time(23, 59)))
        return {"opens_at": opening, "closes_at": closing} | super().get_changeform_initial_data(request)

    @admin.display(description=gettext_lazy("réponses envoyées"))
    def participation(self, survey):
        if not survey.pk:
            return "–"
        return _("%(sent)s envoyées, %(begun)s commencées") % {
            "sent": survey.sent_count,
            "begun": survey.begun_count,
        }

    @admin.display(description=gettext_lazy("invitations"))
    def campaigns_shown(self, survey):
        return format_html_join(
            format_html("<br>{}", ""),
            '<a href="{}">{}</a>',
            (
                (
                    reverse("admin:invitations_campaign_progress", args=[one.campaign.pk]),
                    ngettext(
                        "%(campaign)s, %(state)s : %(answered)s a répondu, de %(invited)s",
                        "%(campaign)s, %(state)s : %(answered)s ont répondu, de %(invited)s",
                        one.answered,
                    )
                    % {
                        "campaign": one.campaign,
                        "state": one.campaign.get_state_display(),
                        "answered": one.answered,
                        "invited": one.invited,
                    },
                )
                for one in figures.campaigns_of(survey)
            ),
        )


@admin.register(Response)
class ResponseAdmin(Verbs):
    """Responses are read; one that was sent is reopened with a reason, an answer becomes a need in one click."""

    list_display = ["actor", "survey", "state", "submitter", "submitted_at", "approved_on"]
    list_filter = ["survey", "state"]
    list_select_related = ["actor", "survey", "submitter"]
    search_fields = ["actor__name", "survey__title"]
    readonly_fields = (
        *("actor", "survey", "state", "submitter", "submitter_contact", "submitted_at", "approved_on"),
        *("publishes", "answers_shown"),
    )
    verbs = {
        "reopen": (
            gettext_lazy("Rouvrir avec ce motif"),
            lambda response, *, by: actions.reopen(response, reason=response.reopening_reason, by=by),
        )
    }

    def get_fields(self, request, obj=None):
        return [*self.readonly_fields, "reopening_reason"]

    def get_readonly_fields(self, request, obj=None):
        sent = obj is not None and obj.state == ResponseState.SUBMITTED
        return self.readonly_fields if sent else [*self.readonly_fields, "reopening_reason"]

    def possible(self, response):
        return ["reopen"] if ResponseState.REOPENED in RESPONSE_NEXT[response.state] else []

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        """The form only carries the reason: the verb writes it."""

    def log_change(self, request, obj, message):
        """Reading leaves no line; the verbs write the journal."""

    def response_change(self, request, obj):
        pressed = next((name for name in request.POST if name.startswith("_need_")), "")
        answer = self._answer(obj, pressed.removeprefix("_need_"))
        if answer is None or not request.user.has_perm("needs.add_need"):
            return super().response_change(request, obj)
        done = _("Le besoin est noté : il attend d’être qualifié.")
        return self.do(request, lambda: actions.record_need_from_answer(answer, by=request.user), done)

    def _answer(self, response: Response, key: str) -> Answer | None:
        known = key.isascii() and key.isdecimal() and len(key) < 19
        return response.answers.filter(pk=key).first() if known else None

    @admin.display(description=gettext_lazy("réponses"))
    def answers_shown(self, response):
        answers = {
            answer.question_id: answer
            for answer in response.answers.select_related("author", "contact")
            .annotate(need_pk=F("need"))
            .prefetch_related("question__choices")
        }
        rows = [
            (section, question, answers.get(question.pk))
            for section in figures.sections_of(response)
            for question in section.questions.all()
            if question.asks
        ]
        return render_to_string("admin/needs/answers.html", {"rows": rows, "words": actions.WORDS})


# Needs ---------------------------------------------------------------------------------------------------


class PoolForm(ActionForm):
    """What the pooling of chosen needs asks."""

    shared_title = forms.CharField(
        label=gettext_lazy("Titre du besoin mutualisé"), required=False, max_length=160
    )


@admin.register(Need)
class NeedAdmin(Verbs):
    list_display = ["title", "municipality", "theme", "horizon", "urgency", "poolable", "state", "created_at"]
    list_filter = [
        *("state", "poolable", "theme", "dimension", "horizon", "urgency", "origin"),
        ("municipality", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["municipality", "theme"]
    search_fields = ["title", "description", "municipality__name"]
    autocomplete_fields = [
        *("actor", "contact", "municipality", "theme", "dimension", "pillars", "objectives"),
    ]
    readonly_fields = ["state", "source_shown", "author", "created_at"]
    fieldsets = [
        (None, {"fields": ["title", "description", "state", "reason"]}),
        (
            gettext_lazy("D’où il vient"),
            {
                "fields": [
                    *("origin", "municipality", "publishable", "actor", "author", "contact"),
                    *("source_shown", "created_at"),
                ]
            },
        ),
        (
            gettext_lazy("De quoi il s’agit"),
            {"fields": ["theme", "dimension", "pillars", "objectives", "focus"]},
        ),
        (gettext_lazy("Quand"), {"fields": ["urgency", "horizon", "poolable"]}),
    ]
    action_form = PoolForm
    actions = ["pool_chosen", "qualify_chosen"]
    verbs = NEED_VERBS

    def possible(self, need):
        moves = {"qualify": NeedState.QUALIFIED, "decline": NeedState.DECLINED}
        return [verb for verb, state in moves.items() if state in NEED_NEXT[need.state]]

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("réponse d’origine"))
    def source_shown(self, need):
        if not need.source_id:
            return "–"
        address = reverse("admin:needs_response_change", args=[need.source.response_id])
        return format_html('<a href="{}">{}</a>', address, need.source.response)

    @admin.action(description=gettext_lazy("Mutualiser, sous ce titre"), permissions=["change"])
    def pool_chosen(self, request, queryset):
        try:
            shared = actions.pool(
                needs=queryset, title=request.POST.get("shared_title", "")[:160], by=request.user
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return None
        messages.success(request, _("« %s » est créé : décrivez-le, puis publiez-le.") % shared)
        return HttpResponseRedirect(reverse("admin:needs_sharedneed_change", args=[shared.pk]))

    @admin.action(description=gettext_lazy("Qualifier"), permissions=["change"])
    def qualify_chosen(self, request, queryset):
        done = 0
        for need in queryset:
            try:
                actions.qualify(need, by=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                done += 1
        if done:
            messages.success(request, ngettext("%s besoin qualifié.", "%s besoins qualifiés.", done) % done)


class PositionInline(Table):
    model = Position
    fields = ["municipality", "stance", "updated_at"]
    readonly_fields = ["updated_at"]
    autocomplete_fields = ["municipality"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("municipality")


@admin.register(SharedNeed)
class SharedNeedAdmin(Verbs):
    """Made by pooling needs, from their list; positions are said here, each journaled."""

    list_display = ["title", "theme", "horizon", "state", "public", "created_at"]
    list_filter = ["state", "public", "theme", "horizon"]
    list_select_related = ["theme"]
    search_fields = ["title", "description"]
    autocomplete_fields = ["theme", "dimension"]
    readonly_fields = ["state", "needs_shown", "created_at"]
    fields = [
        *("title", "slug", "description", "theme", "dimension", "horizon", "public"),
        *("state", "needs_shown", "created_at"),
    ]
    inlines = [PositionInline]
    verbs = {
        "plan": (
            gettext_lazy("Planifier"),
            lambda shared, *, by: actions.advance(shared, state=SharedNeedState.PLANNED, by=by),
        ),
        "answer": (
            gettext_lazy("Une réponse existe"),
            lambda shared, *, by: actions.advance(shared, state=SharedNeedState.ANSWERED, by=by),
        ),
        "close": (
            gettext_lazy("Classer sans suite"),
            lambda shared, *, by: actions.advance(shared, state=SharedNeedState.CLOSED, by=by),
        ),
        "reopen": (
            gettext_lazy("Remettre à l’étude"),
            lambda shared, *, by: actions.advance(shared, state=SharedNeedState.STUDIED, by=by),
        ),
    }

    def possible(self, shared):
        moves = {
            "plan": SharedNeedState.PLANNED,
            "answer": SharedNeedState.ANSWERED,
            "close": SharedNeedState.CLOSED,
            "reopen": SharedNeedState.STUDIED,
        }
        return [verb for verb, state in moves.items() if state in SHARED_NEXT[shared.state]]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_formset(self, request, form, formset, change):
        """Positions are set by their verb."""
        formset.save(commit=False)
        for position in [*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)]:
            actions.set_position(
                form.instance,
                municipality=position.municipality,
                stance=position.stance,
                by=request.user,
            )

    @admin.display(description=gettext_lazy("besoins réunis"))
    def needs_shown(self, shared):
        return format_html_join(
            format_html("<br>{}", ""),
            '<a href="{}">{}</a> ({}{})',
            (
                (
                    reverse("admin:needs_need_change", args=[need.pk]),
                    need.title,
                    need.municipality.name,
                    "" if need.publishable else _(", pas nommée sur le site"),
                )
                for need in shared.needs.select_related("municipality")
            ),
        )
