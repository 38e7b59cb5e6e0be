"""What a session asks of whoever registers, and what they answered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trainings import names
from trainings.choices import QuestionKind
from trainings.models.registrations import Registration
from trainings.models.sessions import TrainingSession
from trainings.querysets import RegistrationAnswerQuerySet, RegistrationQuestionQuerySet

MOST_CHOICES = 20
"""Choices of one question."""
LONGEST_ANSWER = 300
"""Characters of an answer."""


class RegistrationQuestion(models.Model):
    """A question of a session's registration form; each person answers it for themselves."""

    session = models.ForeignKey(
        TrainingSession, verbose_name=_("séance"), on_delete=models.CASCADE, related_name="questions"
    )
    rank = models.PositiveSmallIntegerField(_("ordre"), default=1)
    label = models.CharField(_("question"), max_length=200, help_text=_("« Que mangez-vous ? »"))
    kind = models.CharField(_("réponse"), max_length=8, choices=QuestionKind, default=QuestionKind.TEXT)
    choices = models.TextField(
        _("choix"), max_length=2000, blank=True, help_text=_("Un par ligne, pour une réponse à choisir.")
    )
    required = models.BooleanField(_("obligatoire"), default=False)
    # True for a new question: what one needs for an evening is kept no longer unless somebody says why it should be.
    # Questions asked before this promise existed keep their answers, for nobody was told that they would go.
    erase_answers = models.BooleanField(
        _("effacer les réponses"),
        default=True,
        help_text=_(
            "30 jours après la séance, et le formulaire le dit : santé, repas, garde… Décochez si la réponse sert "
            "encore après."
        ),
    )
    closed = models.BooleanField(
        _("fermée"), default=False, help_text=_("Elle n’est plus posée ; les réponses restent.")
    )

    objects = RegistrationQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question à l’inscription")
        verbose_name_plural = _("questions à l’inscription")
        ordering = ["session", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="registration_question_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(label=""), name="registration_question_asks_something"),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.CHOICE) & ~Q(choices="")
                | ~Q(kind=QuestionKind.CHOICE) & Q(choices=""),
                name="registration_question_has_choices_when_it_offers_some",
                violation_error_message=_("Donnez les choix, un par ligne, et à cette réponse seulement."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        self.label = names.clean(self.label)
        lines = list(dict.fromkeys(filter(None, map(names.clean, self.choices.splitlines()))))
        if self.kind != QuestionKind.CHOICE:
            lines = []
        elif not 2 <= len(lines) <= MOST_CHOICES or max(map(len, lines)) > LONGEST_ANSWER:
            raise ValidationError({"choices": gettext("Donnez de 2 à 20 choix courts, un par ligne.")})
        self.choices = "\n".join(lines)

    @property
    def offered(self) -> list[str]:
        """What one may answer; empty for a text of one's own."""
        if self.kind == QuestionKind.YES_NO:
            return [gettext("oui"), gettext("non")]
        return self.choices.splitlines()


class RegistrationAnswer(models.Model):
    """What one person answered to one question; no row for who left it empty.

    It goes with the person's name, or 30 days after the session where its question says so.
    """

    registration = models.ForeignKey(
        Registration, verbose_name=_("inscription"), on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(
        RegistrationQuestion, verbose_name=_("question"), on_delete=models.PROTECT, related_name="answers"
    )
    text = models.CharField(_("réponse"), max_length=LONGEST_ANSWER)

    objects = RegistrationAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponse à l’inscription")
        verbose_name_plural = _("réponses à l’inscription")
        ordering = ["question", "registration"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "question"], name="one_answer_a_person_and_question"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="registration_answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.question} · {self.text}"
