"""A session's questions on paper: the fields of the public form, and the table of answers at the desk."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from trainings.actions.questions import Answers
from trainings.choices import QuestionKind, RegistrationState
from trainings.models import Registration, RegistrationQuestion, TrainingSession
from trainings.models.questions import LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Table:
    """What people answered: a column a question, a row a person; choices are counted among those with a seat."""

    questions: list[RegistrationQuestion]
    rows: list[tuple[Registration, list[str]]]
    counted: list[tuple[RegistrationQuestion, list[tuple[str, int]]]]


def fields(questions: Iterable[RegistrationQuestion], *, colleague: int = 0) -> dict[str, forms.Field]:
    """Return a field a question; those of a colleague are required only once they are named."""
    drawn: dict[str, Any] = {_name(one, colleague): _field(one, colleague) for one in questions}
    if colleague:
        for one in questions:
            if one.required:
                drawn[_name(one, colleague)].needed = _("(obligatoire si ce collègue vient)")
    return drawn


def initial(questions: Iterable[RegistrationQuestion], said: Answers) -> dict[str, str]:
    """Return what the fields of one person show: what they answered already."""
    return {_name(one, 0): said[one.pk] for one in questions if one.pk in said}


def answers(
    questions: Iterable[RegistrationQuestion], data: dict[str, Any], *, colleague: int = 0
) -> dict[int, str]:
    """Return what a valid form answers for one person, by the question's key."""
    return {one.pk: data.get(_name(one, colleague)) or "" for one in questions}


def unanswered(
    questions: Iterable[RegistrationQuestion], data: dict[str, Any], *, colleague: int
) -> list[str]:
    """Return the fields that a colleague must still answer; one that is wrong already is told as wrong."""
    names = [_name(one, colleague) for one in questions if one.required]
    return [name for name in names if name in data and not data[name]]


def table(session: TrainingSession, people: Sequence[Registration]) -> Table:
    """Return the answers of people whose `answers` are prefetched; questions nobody answered any more stay out."""
    said = {one.pk: {answer.question_id: answer.text for answer in one.answers.all()} for one in people}
    answered = {question for texts in said.values() for question in texts}
    asked = [one for one in session.questions.order_by("rank", "pk") if not one.closed or one.pk in answered]
    seated = [texts for one in people if one.state == RegistrationState.CONFIRMED and (texts := said[one.pk])]
    counted = []
    for question in asked:
        found = Counter(texts[question.pk] for texts in seated if question.pk in texts)
        offered = [*question.offered, *sorted(text for text in found if text not in question.offered)]
        if question.offered:
            counted.append((question, [(text, found[text]) for text in offered]))
    rows = [(one, [said[one.pk].get(question.pk, "") for question in asked]) for one in people]
    return Table(asked, rows, counted)


def _name(question: RegistrationQuestion, colleague: int) -> str:
    return f"question_{question.pk}_{colleague}" if colleague else f"question_{question.pk}"


def _field(question: RegistrationQuestion, colleague: int) -> forms.Field:
    label = question.label
    if colleague:
        label = _("{question} (collègue {number})").format(question=label, number=colleague - 1)
    required = question.required and not colleague
    kept = _("Effacé 30 jours après la séance.") if question.erase_answers else ""
    errors = {"required": _("Répondez à cette question."), "invalid_choice": _("Choisissez dans la liste.")}
    if question.kind == QuestionKind.TEXT:
        return forms.CharField(
            label=label, required=required, max_length=LONGEST_ANSWER, help_text=kept, error_messages=errors
        )
    choices = [(text, text) for text in question.offered]
    widget: type[forms.Widget] = forms.RadioSelect
    if question.kind == QuestionKind.CHOICE:
        choices, widget = [("", _("Choisir")), *choices], forms.Select
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=choices,
        widget=widget,
        help_text=kept,
        error_messages=errors,
    )
