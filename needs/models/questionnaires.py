"""Questionnaires: versions, sections, questions, choices. A published version no longer changes."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from needs.choices import Horizon, Level, QuestionKind, QuestionnaireState, YesNo
from needs.querysets import QuestionnaireQuerySet
from territory.models import Dimension

code_validator = RegexValidator(
    r"\A[a-z][a-z0-9_]*\Z", _("Des minuscules sans accent, des chiffres et « _ », une lettre d’abord.")
)
RESERVED = ("relire", "commencer")
"""Codes that no section may have: they are addresses of their own."""
FROZEN = _(
    "Cette version est publiée : elle ne change plus, les réponses s’y réfèrent. Faites-en la version suivante."
)


class Frozen(ValidationError):
    """Something would change a published questionnaire."""

    def __init__(self):
        super().__init__(FROZEN, code="frozen")


class Questionnaire(models.Model):
    """What is asked. `code` names it through its versions."""

    code = models.SlugField(_("code"), max_length=40, help_text=_("Le même pour toutes les versions."))
    version = models.PositiveSmallIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])
    title = models.CharField(_("titre"), max_length=200)
    intro = models.TextField(_("introduction"), blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("durée annoncée"), default=25, help_text=_("En minutes, mesurée avec une personne du métier.")
    )
    state = models.CharField(
        _("état"), max_length=10, choices=QuestionnaireState, default=QuestionnaireState.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_questionnaire_a_version"),
            models.CheckConstraint(
                condition=Q(state__in=QuestionnaireState.values), name="questionnaire_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=QuestionnaireState.DRAFT, published_at=None)
                | Q(state=QuestionnaireState.PUBLISHED, published_at__isnull=False),
                name="questionnaire_published_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"

    @property
    def is_frozen(self) -> bool:
        """True once published."""
        return self.state == QuestionnaireState.PUBLISHED


class Part(models.Model):
    """Something of a questionnaire: it refuses to change once the questionnaire is published."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save, unless the questionnaire is frozen (`Frozen`)."""
        self.refuse_when_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Delete, unless the questionnaire is frozen (`Frozen`)."""
        self.refuse_when_frozen()
        return super().delete(*args, **kwargs)

    @property
    def whole(self) -> Questionnaire:
        """The questionnaire this is part of."""
        raise NotImplementedError

    def refuse_when_frozen(self) -> None:
        """Raise `Frozen` when the questionnaire is published."""
        if Questionnaire.objects.published().filter(pk=self.whole.pk).exists():
            raise Frozen


class Section(Part):
    """A page of the questionnaire."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.CASCADE, related_name="sections"
    )
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    code = models.CharField(_("code"), max_length=40, validators=[code_validator])
    title = models.CharField(_("titre"), max_length=120)
    intro = models.TextField(_("introduction"), blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="one_section_a_code"),
            models.CheckConstraint(condition=~Q(code__in=RESERVED), name="section_code_is_no_address"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def whole(self) -> Questionnaire:
        return self.questionnaire


class Question(Part):
    """One thing asked. A criterion is a level of a dimension; a scale of a dimension is a self-given note."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="questions", editable=False
    )
    section = models.ForeignKey(
        Section, verbose_name=_("section"), on_delete=models.CASCADE, related_name="questions"
    )
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    code = models.CharField(_("code"), max_length=40, validators=[code_validator])
    kind = models.CharField(_("type"), max_length=12, choices=QuestionKind)
    label = models.CharField(_("question"), max_length=300)
    help = models.TextField(_("aide"), blank=True)
    required = models.BooleanField(_("obligatoire"), default=False)
    dimension = models.ForeignKey(
        Dimension,
        verbose_name=_("dimension"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
    )
    criterion = models.BooleanField(
        _("critère"), default=False, help_text=_("Compte dans la maturité de sa dimension.")
    )
    weight = models.PositiveSmallIntegerField(_("poids"), default=1, validators=[MinValueValidator(1)])
    may_be_not_concerned = models.BooleanField(_("« non concerné » possible"), default=False)
    most = models.PositiveSmallIntegerField(
        _("au plus"), null=True, blank=True, help_text=_("Nombre de choix que l’on peut cocher.")
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="one_question_a_code"),
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="question_kind_is_known"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="question_weighs_something"),
            models.CheckConstraint(
                condition=Q(criterion=False) | Q(kind=QuestionKind.LEVEL, dimension__isnull=False),
                name="criterion_is_a_level_of_a_dimension",
            ),
            models.CheckConstraint(
                condition=Q(may_be_not_concerned=False) | Q(kind=QuestionKind.LEVEL),
                name="not_concerned_is_for_levels",
            ),
            models.CheckConstraint(
                condition=Q(most=None) | Q(kind=QuestionKind.MULTIPLE, most__gte=1),
                name="most_is_for_multiple_choices",
            ),
            models.CheckConstraint(
                condition=~Q(kind=QuestionKind.NOTE, required=True), name="a_note_asks_nothing"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args, **kwargs):
        """Save; the questionnaire is the section's."""
        self.questionnaire_id = self.section.questionnaire_id
        super().save(*args, **kwargs)

    @property
    def whole(self) -> Questionnaire:
        return self.section.questionnaire

    @property
    def asks(self) -> bool:
        """True when an answer is awaited."""
        return self.kind != QuestionKind.NOTE

    def said(self, value, not_concerned: bool = False) -> str:
        """Return an answer's value in words; "" for none. Reads `choices` (prefetch them for many answers)."""
        if not_concerned:
            return str(_("Non concerné"))
        if value is None:
            return ""
        labels = {choice.code: choice.label for choice in self.choices.all()}
        match self.kind:
            case QuestionKind.YES_NO:
                return str(YesNo(value).label)
            case QuestionKind.SINGLE:
                return labels.get(value, value)
            case QuestionKind.MULTIPLE:
                return ", ".join(labels.get(code, code) for code in value)
            case QuestionKind.SCALE:
                return str(_("%(value)s sur 10") % {"value": value})
            case QuestionKind.LEVEL:
                sentence = labels.get(str(value), "")
                return f"{Level(value).label} : {sentence}" if sentence else str(Level(value).label)
            case QuestionKind.NEED:
                told = [value["text"]]
                if value["horizon"]:
                    told.append(str(Horizon(value["horizon"]).label))
                if value["pool"]:
                    told.append(str(_("à mutualiser : %s") % YesNo(value["pool"]).label.lower()))
                return " · ".join(told)
        return str(value)


class Choice(Part):
    """One answer that may be picked; for a level, the sentence by which one recognises oneself."""

    question = models.ForeignKey(
        Question, verbose_name=_("question"), on_delete=models.CASCADE, related_name="choices"
    )
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    code = models.CharField(_("code"), max_length=40)
    label = models.CharField(_("libellé"), max_length=200)
    score = models.PositiveSmallIntegerField(
        _("niveau"), null=True, blank=True, validators=[MaxValueValidator(4)]
    )
    exclusive = models.BooleanField(
        _("exclut les autres"), default=False, help_text=_("Par exemple « Rien de précis ».")
    )

    class Meta:
        verbose_name = _("choix")
        verbose_name_plural = _("choix")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="one_choice_a_code"),
            models.UniqueConstraint(
                fields=["question", "score"], condition=Q(score__isnull=False), name="one_choice_a_level"
            ),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=4), name="choice_score_is_a_level"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def whole(self) -> Questionnaire:
        return self.question.section.questionnaire
