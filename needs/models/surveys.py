"""Surveys: a questionnaire opened to an audience, one response an organisation, one answer a question."""

import uuid
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from actors.choices import Family
from actors.models import Actor, Contact
from invitations.models import Campaign
from needs.choices import EDITABLE, ResponseState, SurveyState
from needs.models.questionnaires import Question, Questionnaire
from needs.querysets import ResponseQuerySet, SurveyQuerySet
from territory.choices import Level
from territory.models import Objective


class Survey(models.Model):
    """A published questionnaire, opened to a family of actors from an instant to another."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("adresse courte"), max_length=80, unique=True)
    title = models.CharField(_("titre"), max_length=200)
    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.PROTECT, related_name="surveys"
    )
    edition = models.CharField(_("édition"), max_length=40, help_text=_("Par exemple « 2026 »."))
    previous = models.ForeignKey(
        "self",
        verbose_name=_("édition précédente"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
    )
    audience = models.CharField(_("public"), max_length=16, choices=Family, default=Family.MUNICIPALITIES)
    action_sheet = models.ForeignKey(
        Objective,
        verbose_name=_("fiche-projet"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="surveys",
        limit_choices_to={"level": Level.ACTION_SHEET},
    )
    intro = models.TextField(_("introduction"), blank=True)
    opens_at = models.DateTimeField(_("s’ouvre le"))
    closes_at = models.DateTimeField(_("se ferme le"), help_text=_("Le plus souvent à 23:59."))
    state = models.CharField(
        _("état"), max_length=8, choices=SurveyState, default=SurveyState.DRAFT, editable=False
    )

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquête")
        verbose_name_plural = _("enquêtes")
        ordering = ["-opens_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SurveyState.values), name="survey_state_is_known"),
            models.CheckConstraint(condition=Q(audience__in=Family.values), name="survey_audience_is_known"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="survey_closes_after_it_opens",
                violation_error_message=_("L’enquête doit se fermer après son ouverture."),
            ),
            models.CheckConstraint(condition=~Q(previous=F("id")), name="survey_is_not_its_own_past"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where the letters lead: what is asked, and the button that begins."""
        return reverse("needs:survey", args=[self.slug])

    def clean(self) -> None:
        """Refuse another questionnaire once somebody answered this one."""
        if self.pk and self.responses.exists():
            kept = Survey.objects.get(pk=self.pk).questionnaire_id
            if kept != self.questionnaire_id:
                raise ValidationError(
                    {"questionnaire": _("Des réponses existent déjà : elles gardent leur questionnaire.")}
                )

    def takes_answers(self, now: datetime | None = None) -> bool:
        """Tell whether answers may be written: open, and between its dates."""
        return self.state == SurveyState.OPEN and self.opens_at <= (now or timezone.now()) <= self.closes_at


class SurveyCampaign(models.Model):
    """A campaign that invites to a survey: what invitations, a floor below, cannot know."""

    campaign = models.OneToOneField(
        Campaign, verbose_name=_("campagne"), on_delete=models.CASCADE, related_name="survey_campaign"
    )
    survey = models.ForeignKey(
        Survey, verbose_name=_("enquête"), on_delete=models.PROTECT, related_name="campaigns"
    )

    class Meta:
        verbose_name = _("campagne d’une enquête")
        verbose_name_plural = _("campagnes d’une enquête")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.campaign)


class Response(models.Model):
    """What an organisation answers to a survey: several contributors, one person who submits."""

    public_id = models.UUIDField(_("identifiant public"), default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(
        Survey, verbose_name=_("enquête"), on_delete=models.PROTECT, related_name="responses"
    )
    actor = models.ForeignKey(
        Actor, verbose_name=_("acteur"), on_delete=models.PROTECT, related_name="survey_responses"
    )
    state = models.CharField(
        _("état"), max_length=10, choices=ResponseState, default=ResponseState.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("envoyée par"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    submitter_contact = models.ForeignKey(
        Contact,
        verbose_name=_("envoyée par (lien personnel)"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    approved_on = models.DateField(_("validée par le Collège le"), null=True, blank=True)
    publishes = models.BooleanField(
        _("nom publié"),
        default=False,
        help_text=_("L’organisation accepte que son nom paraisse avec ses besoins."),
    )
    reopening_reason = models.TextField(_("motif de réouverture"), blank=True)
    created_at = models.DateTimeField(_("commencée le"), default=timezone.now, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponse")
        verbose_name_plural = _("réponses")
        ordering = ["actor__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "actor"], name="one_response_an_actor"),
            models.CheckConstraint(
                condition=Q(state__in=ResponseState.values), name="response_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ResponseState.DRAFT) | Q(submitted_at__isnull=False),
                name="response_submitted_has_its_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=ResponseState.REOPENED) | ~Q(reopening_reason=""),
                name="response_reopened_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} · {self.survey}"

    def get_absolute_url(self) -> str:
        """The response's own page, for those who speak for the actor."""
        return reverse("needs:response", args=[self.survey.slug, self.public_id])

    def takes_answers(self, now: datetime | None = None) -> bool:
        """Tell whether answers may be written: not submitted, and the survey open."""
        return self.state in EDITABLE and self.survey.takes_answers(now)


class Answer(models.Model):
    """The answer to one question: a plain JSON value of the question's kind, or « non concerné ».

    Value by kind: text; integer (INTEGER, SCALE 0–10, LEVEL 0–4); a code (YES_NO, SINGLE); a list of codes
    (MULTIPLE); {"text", "horizon", "pool"} (NEED). None once emptied: the row stays, with its version.
    """

    response = models.ForeignKey(
        Response, verbose_name=_("réponse"), on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        Question, verbose_name=_("question"), on_delete=models.PROTECT, related_name="answers"
    )
    value = models.JSONField(_("valeur"), null=True, blank=True)
    not_concerned = models.BooleanField(_("non concerné"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("auteur"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("auteur (lien personnel)"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("modifiée le"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("réponse à une question")
        verbose_name_plural = _("réponses aux questions")
        ordering = ["question__section__order", "question__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="one_answer_a_question"),
            models.CheckConstraint(
                condition=Q(not_concerned=False) | Q(value=None), name="not_concerned_has_no_value"
            ),
            models.CheckConstraint(
                condition=Q(author=None) | Q(contact=None), name="answer_has_one_writer_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.said or "–"

    @property
    def writer(self) -> User | Contact | None:
        """Who wrote it last: an account, or a person who followed a personal link."""
        return self.author or self.contact

    @property
    def is_given(self) -> bool:
        """True when something is answered, « non concerné » included."""
        return self.not_concerned or self.value is not None

    @property
    def said(self) -> str:
        """The answer in words."""
        return self.question.said(self.value, self.not_concerned)
