"""A questionnaire: loaded, published, revised."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from needs.choices import QuestionKind, QuestionnaireState
from needs.models import Choice, Question, Questionnaire, Section
from needs.models.questionnaires import Frozen
from territory.models import Dimension

_OWN = ("title", "intro", "minutes")


_SECTION = ("code", "title", "intro", "order")


_QUESTION = (
    "code",
    "kind",
    "label",
    "help",
    "required",
    "criterion",
    "weight",
    "may_be_not_concerned",
    "most",
    "order",
)


_CHOICE = ("code", "label", "score", "exclusive", "order")


class Content(NamedTuple):
    """A questionnaire as plain values: its own fields, and sections with questions with choices."""

    own: dict[str, Any]
    sections: list[tuple[dict[str, Any], list[tuple[dict[str, Any], list[dict[str, Any]]]]]]


def content_of(questionnaire: Questionnaire) -> Content:
    """Return what a questionnaire holds, to compare or to copy."""

    def values(obj, names):
        return {name: getattr(obj, name) for name in names}

    return Content(
        values(questionnaire, _OWN),
        [
            (
                values(section, _SECTION),
                [
                    (
                        values(question, _QUESTION)
                        | {"dimension": question.dimension.code if question.dimension else ""},
                        [values(choice, _CHOICE) for choice in question.choices.all()],
                    )
                    for question in section.questions.all()
                ],
            )
            for section in questionnaire.sections.prefetch_related(
                "questions__choices", "questions__dimension"
            )
        ],
    )


def _write_content(questionnaire: Questionnaire, content: Content) -> None:
    """Replace all that a draft holds. ValidationError when something in it is not valid."""
    dimensions = {dimension.code: dimension for dimension in Dimension.objects.all()}
    questionnaire.sections.all().delete()
    choices = []
    for fields, asked in content.sections:
        section = Section(questionnaire=questionnaire, **fields)
        section.full_clean()
        section.save()
        for question_fields, offered in asked:
            values = dict(question_fields)
            code = values.pop("dimension")
            if code and code not in dimensions:
                raise ValidationError(_("Dimension inconnue : « %s ». Chargez d’abord le territoire.") % code)
            question = Question(
                questionnaire=questionnaire, section=section, dimension=dimensions.get(code), **values
            )
            question.full_clean()
            question.save()
            choices += [Choice(question=question, **one) for one in offered]
    Choice.objects.bulk_create(choices)


@transaction.atomic
def load_questionnaire(
    *, code: str, version: int, content: Content, publish: bool = True, by: User | None
) -> bool:
    """Make this version match `content`; return whether something changed.

    A published version that says something else is refused (`Frozen`): give it the next number.
    """
    questionnaire, created = Questionnaire.objects.get_or_create(
        code=code, version=version, defaults=content.own
    )
    changed = created or content_of(questionnaire) != content
    if changed:
        if questionnaire.is_frozen:
            raise Frozen
        for name, value in content.own.items():
            setattr(questionnaire, name, value)
        questionnaire.full_clean()
        questionnaire.save()
        _write_content(questionnaire, content)
        journal.record("questionnaire.loaded", questionnaire, by=by)
    if publish and not questionnaire.is_frozen:
        publish_questionnaire(questionnaire, by=by)
        changed = True
    return changed


@transaction.atomic
def publish_questionnaire(questionnaire: Questionnaire, *, by: User | None) -> Questionnaire:
    """Freeze a draft, so that surveys may use it. ValidationError when it is frozen already or asks nothing."""
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.is_frozen:
        raise Frozen
    if not locked.questions.exclude(kind=QuestionKind.NOTE).exists():
        raise ValidationError(_("Ce questionnaire ne pose aucune question : ajoutez-en avant de le publier."))
    choosing = locked.questions.filter(kind__in=(QuestionKind.SINGLE, QuestionKind.MULTIPLE), choices=None)
    if choosing.exists():
        raise ValidationError(_("« %s » n’offre aucun choix : ajoutez-en.") % choosing.first())
    locked.state, locked.published_at = QuestionnaireState.PUBLISHED, timezone.now()
    locked.save(update_fields=["state", "published_at"])
    journal.record("questionnaire.published", locked, by=by)
    return locked


@transaction.atomic
def next_version(questionnaire: Questionnaire, *, by: User | None) -> Questionnaire:
    """Return a draft with the same content and the next number; the draft that exists already, if any."""
    versions = Questionnaire.objects.select_for_update().filter(code=questionnaire.code)
    newest = versions.latest("version")
    if not newest.is_frozen:
        return newest
    content = content_of(questionnaire)
    draft = Questionnaire.objects.create(code=questionnaire.code, version=newest.version + 1, **content.own)
    _write_content(draft, content)
    journal.record("questionnaire.versioned", draft, by=by, of=questionnaire.version)
    return draft
