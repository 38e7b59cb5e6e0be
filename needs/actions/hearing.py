"""A need: heard, qualified, or put aside with its reason."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from needs import emails
from needs.actions.moves import move
from needs.choices import NEED_NEXT, Horizon, NeedState, Origin, QuestionKind, YesNo
from needs.models import Answer, Need
from territory.models import Municipality, Theme

WORDS = (QuestionKind.NEED, QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT)
"""Kinds of answers that hold somebody's own words, from which a need is made."""


@transaction.atomic
def record_need_from_answer(answer: Answer, *, by: User) -> Need:
    """Return the need made of an answer in somebody's own words; the same need when asked twice.

    The answer stays linked, and its author is the need's. ValidationError when there are no words, or when
    the actor has no municipality.
    """
    locked = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("question__dimension", "response__actor__municipality", "author", "contact")
        .get(pk=answer.pk)
    )
    existing = Need.objects.filter(source=locked).first()
    if existing:
        return existing
    if locked.question.kind not in WORDS or locked.value is None:
        raise ValidationError(_("Cette réponse ne dit pas un besoin avec des mots : rien n’a été créé."))
    actor = locked.response.actor
    if actor.municipality is None:
        raise ValidationError(_("« %s » n’a pas de commune : complétez sa fiche d’abord.") % actor)
    told = locked.value if isinstance(locked.value, dict) else {"text": locked.value}
    text = told["text"].strip()
    need = Need.objects.create(
        title=title_of(text),
        description=text,
        origin=Origin.ANSWER,
        source=locked,
        actor=actor,
        municipality=actor.municipality,
        author=locked.author,
        contact=locked.contact,
        publishable=locked.response.publishes,
        dimension=locked.question.dimension,
        horizon=told.get("horizon") or Horizon.MEDIUM,
        poolable=told.get("pool") == YesNo.YES,
    )
    journal.record("need.recorded", need, by=by, origin=Origin.ANSWER)
    return need


@transaction.atomic
def record_need(
    text: str, *, origin: str, municipality: Municipality, theme: Theme | None = None, by: User | None
) -> Need:
    """Return the need made of somebody's own words, without who they are. ValidationError without words."""
    text = text.strip()
    if not text:
        raise ValidationError(_("Dites le besoin avec quelques mots\u00a0: rien n’a été créé."))
    need = Need.objects.create(
        title=title_of(text), description=text, origin=origin, municipality=municipality, theme=theme
    )
    journal.record("need.recorded", need, by=by, origin=origin)
    return need


def title_of(text: str) -> str:
    """The first sentence, or as much of it as a title holds."""
    first = text.splitlines()[0].split(". ")[0].rstrip(" .")
    return first if len(first) <= 120 else first[:119].rsplit(" ", 1)[0] + "…"


@transaction.atomic
def qualify(need: Need, *, by: User) -> Need:
    """Say that a need is understood, and described well enough to be compared with others."""
    locked = Need.objects.select_for_update().get(pk=need.pk)
    move(locked, NeedState.QUALIFIED, NEED_NEXT)
    locked.reason = ""
    locked.save(update_fields=["state", "reason"])
    journal.record("need.qualified", locked, by=by)
    emails.send(emails.step([locked]))
    return locked


@transaction.atomic
def decline(need: Need, *, reason: str, by: User) -> Need:
    """Say that the programme will not answer a need, and why."""
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi ce besoin n’est pas retenu : la personne le lira."))
    locked = Need.objects.select_for_update().get(pk=need.pk)
    move(locked, NeedState.DECLINED, NEED_NEXT)
    locked.reason = reason.strip()
    locked.save(update_fields=["state", "reason"])
    journal.record("need.declined", locked, by=by)
    emails.send(emails.step([locked]))
    return locked
