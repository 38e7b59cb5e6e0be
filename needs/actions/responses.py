"""A response: begun, kept field by field by several people at once, sent, opened again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors.models import Actor, Contact
from invitations import actions as invitations
from needs import emails, figures
from needs.actions.moves import move
from needs.actions.surveys import invitations_to
from needs.choices import RESPONSE_NEXT, ResponseState
from needs.models import Answer, Question, Response, Survey


class NoLongerEditable(ValidationError):
    """The response was sent, or the survey is closed: answers do not change."""


class StaleReview(ValidationError):
    """Answers changed since the review page was shown."""


@transaction.atomic
def start(survey: Survey, *, actor: Actor, by: User | None) -> Response:
    """Return the actor's response to a survey, begun now if it was not; asking twice changes nothing."""
    response = Response.objects.filter(survey=survey, actor=actor).first()
    if response:
        return response
    if not survey.takes_answers():
        raise NoLongerEditable(_("Cette enquête ne prend plus de réponses."))
    if actor.family != survey.audience:
        raise ValidationError(_("Cette enquête s’adresse à d’autres que « %s ».") % actor)
    response, created = Response.objects.get_or_create(survey=survey, actor=actor)
    if created:
        journal.record("response.started", response, by=by)
    return response


class Given(NamedTuple):
    """One answer as somebody wrote it. `seen` is the mark of what they saw before they wrote (`mark`)."""

    question: Question
    value: Any
    not_concerned: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people wrote the same answer: mine was not saved, theirs stands."""

    mine: Given
    theirs: Answer


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a page of answers: conflicts apart, everything is kept."""

    answers: dict[int, Answer]
    conflicts: list[Conflict]
    changed: int


def mark(answer: Answer | None) -> str:
    """Return the mark of an answer as shown on a page: its version and a digest of what it says."""
    if answer is None:
        return f"0.{_digest(None, False)}"
    return f"{answer.version}.{_digest(answer.value, answer.not_concerned)}"


def agrees(answer: Answer | None, given: Given) -> bool:
    """Tell whether what is kept is what was given."""
    return mark(answer).partition(".")[2] == _digest(given.value, given.not_concerned)


def _digest(value, not_concerned: bool) -> str:
    text = json.dumps([value, not_concerned], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def save_answers(
    response: Response, *, given: Sequence[Given], by: User | None, contact: Contact | None = None
) -> Saved:
    """Write what changed on a page, question by question.

    An answer that its writer did not touch is left alone, whatever others wrote since. One that another
    person changed since it was shown is not overwritten: it comes back as a conflict. `contact` is who writes
    by a personal link, when there is no account. Raises NoLongerEditable after submission or closing.
    """
    # The response is locked first: a submission waits for us, or we see it.
    locked = Response.objects.select_for_update(of=("self",)).select_related("survey").get(pk=response.pk)
    refuse_when_closed(locked)
    kept = figures.answers_of(locked)
    now = timezone.now()
    conflicts, changed = [], 0
    for one in given:
        version, _dot, shown = one.seen.partition(".")
        answer = kept.get(one.question.pk)
        wrote = _digest(one.value, one.not_concerned)
        current = mark(answer).partition(".")
        if wrote in (shown, current[2]):
            continue  # not touched, or both wrote the same
        if version != current[0] and answer is not None and answer.writer != (by or contact):
            conflicts.append(Conflict(one, answer))
            continue
        if answer is None:
            answer = Answer(response=locked, question=one.question, version=0)
            kept[one.question.pk] = answer
        answer.value, answer.not_concerned = one.value, one.not_concerned
        answer.author, answer.contact = by, None if by else contact
        answer.updated_at, answer.version = now, answer.version + 1
        answer.save()
        changed += 1
    if changed:
        locked.version += 1
        locked.save(update_fields=["version"])
    return Saved(kept, conflicts, changed)


def refuse_when_closed(response: Response) -> None:
    """Raise NoLongerEditable, saying why, when the response takes no answers."""
    if response.state == ResponseState.SUBMITTED:
        raise NoLongerEditable(
            _("La réponse est envoyée : elle ne change plus. Écrivez à l’équipe pour la faire rouvrir.")
        )
    if not response.survey.takes_answers():
        raise NoLongerEditable(_("L’enquête ne prend pas de réponses en ce moment : rien n’a été modifié."))


@transaction.atomic
def submit(
    response: Response,
    *,
    version: int,
    approved_on: date | None = None,
    publishes: bool = False,
    by: User | None,
    contact: Contact | None = None,
) -> Response:
    """Send a response: it is complete, it no longer changes, and whoever sends it gets a receipt.

    `version` is the response's version on the review page; `publishes` says that the organisation accepts to
    be named with its needs; `contact` is who sends by a personal link, without an account. The invitations of
    the organisation are answered: nobody there is reminded any more. Raises StaleReview when answers changed since,
    ValidationError when a required answer misses, NoLongerEditable after submission or closing.
    """
    locked = (
        Response.objects.select_for_update(of=("self",)).select_related("survey", "actor").get(pk=response.pk)
    )
    refuse_when_closed(locked)
    if locked.version != version:
        raise StaleReview(
            _("Une réponse a changé depuis que vous relisez. Rien n’est envoyé : relisez la page à jour.")
        )
    missing = figures.progress(figures.sections_of(locked), figures.answers_of(locked)).missing
    if missing:
        raise ValidationError(
            [
                _("Il manque une réponse : « %(question)s » (%(section)s).")
                % {"question": question, "section": section}
                for section, question in missing
            ],
            code="missing",
        )
    move(locked, ResponseState.SUBMITTED, RESPONSE_NEXT)
    locked.submitter, locked.submitted_at, locked.approved_on = by, timezone.now(), approved_on
    locked.submitter_contact, locked.publishes = None if by else contact, publishes
    locked.save(
        update_fields=[
            *("state", "submitter", "submitter_contact", "submitted_at", "approved_on", "publishes"),
        ]
    )
    journal.record("response.submitted", locked, by=by, publishes=publishes)
    for public_id in invitations_to(locked):
        invitations.mark_answered(public_id)
    if sender := by or contact:
        emails.receipt(locked, to=sender).send()
    return locked


@transaction.atomic
def reopen(response: Response, *, reason: str, by: User) -> Response:
    """Let the organisation change what it sent; `reason` is shown to it, and its links work again."""
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi la réponse est rouverte : la commune le lira."))
    locked = Response.objects.select_for_update().get(pk=response.pk)
    move(locked, ResponseState.REOPENED, RESPONSE_NEXT)
    locked.reopening_reason = reason.strip()
    locked.save(update_fields=["state", "reopening_reason"])
    journal.record("response.reopened", locked, by=by)
    for public_id in invitations_to(locked):
        invitations.mark_unanswered(public_id)
    return locked
