"""What people answer when they register: read against the questions of their session, and kept with them."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from trainings import names
from trainings.actions.refusals import Refused
from trainings.models import Registration, RegistrationAnswer, RegistrationQuestion
from trainings.models.questions import LONGEST_ANSWER

MOST_QUESTIONS = 6
"""Questions that a form asks at once: each one more loses people."""

Answers = Mapping[int, str]
"""A question's key → what a person answered."""


def read_answers(asked: Iterable[RegistrationQuestion], given: Answers, *, staff: bool) -> Answers:
    """Return the answers to the questions that are asked, made clean; what answers no such question is left out.

    Each person answers for themselves, a colleague too: a meal or an allergy is nobody else's, and somebody who
    cancels alone takes their answers along. Staff, on the phone, may leave out what is required. Raises Refused
    for a choice that is not offered, or a required answer that is missing.
    """
    read: dict[int, str] = {}
    for question in asked:
        text = names.clean(given.get(question.pk, ""))[:LONGEST_ANSWER]
        if text and question.offered and text not in question.offered:
            raise Refused(
                _(
                    "« {answer} » n’est pas un choix de « {question} ». Choisissez dans la liste ; rien n’est "
                    "enregistré."
                ).format(answer=text[:40], question=question)
            )
        if not text and question.required and not staff:
            raise Refused(
                _("Il manque une réponse à « {question} ». Rien n’est enregistré.").format(question=question)
            )
        if text:
            read[question.pk] = text
    return read


def keep_answers(registration: Registration, answers: Answers) -> None:
    """Write what a person answered; in the transaction that registers them."""
    RegistrationAnswer.objects.bulk_create(
        RegistrationAnswer(registration=registration, question_id=question, text=text)
        for question, text in answers.items()
    )
