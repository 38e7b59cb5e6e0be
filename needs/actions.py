"""Verbs: load and publish a questionnaire, open a survey, answer it, send it; hear needs and pool them."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from actors.choices import State
from actors.models import Actor, Contact
from invitations import actions as invitations
from invitations.choices import NEXT as CAMPAIGN_NEXT
from invitations.choices import State as CampaignState
from invitations.models import Campaign, Invitation
from needs import emails, figures
from needs.choices import (
    NEED_NEXT,
    RESPONSE_NEXT,
    SHARED_NEXT,
    SURVEY_NEXT,
    Horizon,
    NeedState,
    Origin,
    QuestionKind,
    QuestionnaireState,
    ResponseState,
    SharedNeedState,
    SurveyState,
    YesNo,
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
    SurveyCampaign,
)
from needs.models.questionnaires import Frozen
from territory.models import LAG, Dimension, Municipality, Theme


def _move(obj, state: str, moves: dict[str, tuple[str, ...]]) -> None:
    """Change `obj.state`, unsaved. ValidationError, both states named, when the move is not allowed."""
    if state not in moves[obj.state]:
        words = type(obj)._meta.get_field("state").choices
        labels = {str(code): str(label) for code, label in words}
        raise ValidationError(
            _("« %(what)s » est « %(now)s » : cela ne peut pas devenir « %(then)s ». Rien n’a changé.")
            % {"what": obj, "now": labels[obj.state], "then": labels[state]},
            code="illegal_move",
        )
    obj.state = state


# Questionnaires ------------------------------------------------------------------------------------------


class Content(NamedTuple):
    """A questionnaire as plain values: its own fields, and sections with questions with choices."""

    own: dict[str, Any]
    sections: list[tuple[dict[str, Any], list[tuple[dict[str, Any], list[dict[str, Any]]]]]]


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


# Surveys -------------------------------------------------------------------------------------------------


@transaction.atomic
def open_survey(survey: Survey, *, by: User | None) -> Survey:
    """Open a survey; it takes answers between its dates. Its questionnaire must be published."""
    locked = Survey.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=survey.pk)
    if not locked.questionnaire.is_frozen:
        raise ValidationError(
            _("« %s » n’est pas publié : publiez le questionnaire avant d’ouvrir l’enquête.")
            % locked.questionnaire
        )
    if locked.closes_at <= timezone.now():
        raise ValidationError(_("La date de fermeture est passée : changez-la avant d’ouvrir l’enquête."))
    _move(locked, SurveyState.OPEN, SURVEY_NEXT)
    locked.save(update_fields=["state"])
    journal.record("survey.opened", locked, by=by)
    return locked


@transaction.atomic
def close_survey(survey: Survey, *, by: User | None) -> Survey:
    """Close a survey: answers stay, readable, and no longer change; its campaigns end with it."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    _move(locked, SurveyState.CLOSED, SURVEY_NEXT)
    locked.save(update_fields=["state"])
    journal.record("survey.closed", locked, by=by)
    for campaign in Campaign.objects.filter(survey_campaign__survey=locked):
        if CampaignState.CLOSED in CAMPAIGN_NEXT[campaign.state]:
            invitations.close(campaign, by=by)
        elif campaign.state == CampaignState.SCHEDULED:
            invitations.unschedule(campaign, by=by)
    return locked


# Invitations ---------------------------------------------------------------------------------------------


@transaction.atomic
def invite(survey: Survey, *, by: User) -> Campaign:
    """Return the campaign that invites to a survey those who speak for its audience; nobody is written to yet.

    Asked again while a campaign is under way, it adds to it the people who are new. Organisations that have
    sent their response are left out. ValidationError when the survey takes no answers.
    """
    locked = Survey.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=survey.pk)
    if not locked.takes_answers():
        raise ValidationError(
            _("L’enquête ne prend pas de réponses en ce moment : ouvrez-la d’abord. Personne n’est invité.")
        )
    under_way = [state for state, following in CAMPAIGN_NEXT.items() if following]
    campaign = Campaign.objects.filter(survey_campaign__survey=locked, state__in=under_way).first()
    if campaign is None:
        lag = LAG.objects.first()
        title = locked.title.translate(_BRACES)[:150]
        campaign = invitations.save(
            Campaign(
                title=title,
                kind=_("Enquête"),
                family=locked.audience,
                action_sheet=locked.action_sheet,
                subject=_("Votre réponse à l’enquête %(edition)s")
                % {"edition": locked.edition.translate(_BRACES)},
                body=emails.invitation_text(title, locked.questionnaire.minutes),
                reply_to=(lag and lag.email) or by.email,
                landing_path=locked.get_absolute_url(),
                deadline=locked.closes_at,
            ),
            by=by,
        )
        SurveyCampaign.objects.create(campaign=campaign, survey=locked)
    awaited = (
        Actor.objects.filter(state=State.PUBLISHED)
        .of_family(locked.audience)
        .exclude(survey_responses__in=Response.objects.submitted().filter(survey=locked))
    )
    contacts = Contact.objects.filter(actors__in=awaited).distinct()
    invitations.prepare(campaign, contacts=contacts, by=by)
    return campaign


_BRACES = {ord(brace): None for brace in "{}"}
"""What a letter would take for one of its placeholders."""


@transaction.atomic
def hand_down(survey: Survey, *, by: User | None) -> None:
    """Tell the campaigns of a survey its address and until when it takes answers."""
    for campaign in Campaign.objects.filter(survey_campaign__survey=survey):
        invitations.hand_down(
            campaign, deadline=survey.closes_at, landing_path=survey.get_absolute_url(), by=by
        )


def _invitations_to(response: Response) -> list[Any]:
    """Public ids of the invitations that this response answers: all those of its actor, to its survey."""
    return list(
        Invitation.objects.filter(
            campaign__survey_campaign__survey=response.survey_id, actor=response.actor_id
        ).values_list("public_id", flat=True)
    )


# Responses -----------------------------------------------------------------------------------------------


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
    _move(locked, ResponseState.SUBMITTED, RESPONSE_NEXT)
    locked.submitter, locked.submitted_at, locked.approved_on = by, timezone.now(), approved_on
    locked.submitter_contact, locked.publishes = None if by else contact, publishes
    locked.save(
        update_fields=[
            *("state", "submitter", "submitter_contact", "submitted_at", "approved_on", "publishes"),
        ]
    )
    journal.record("response.submitted", locked, by=by, publishes=publishes)
    for public_id in _invitations_to(locked):
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
    _move(locked, ResponseState.REOPENED, RESPONSE_NEXT)
    locked.reopening_reason = reason.strip()
    locked.save(update_fields=["state", "reopening_reason"])
    journal.record("response.reopened", locked, by=by)
    for public_id in _invitations_to(locked):
        invitations.mark_unanswered(public_id)
    return locked


# Needs ---------------------------------------------------------------------------------------------------

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
        title=_title(text),
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
        title=_title(text), description=text, origin=origin, municipality=municipality, theme=theme
    )
    journal.record("need.recorded", need, by=by, origin=origin)
    return need


def _title(text: str) -> str:
    """The first sentence, or as much of it as a title holds."""
    first = text.splitlines()[0].split(". ")[0].rstrip(" .")
    return first if len(first) <= 120 else first[:119].rsplit(" ", 1)[0] + "…"


@transaction.atomic
def qualify(need: Need, *, by: User) -> Need:
    """Say that a need is understood, and described well enough to be compared with others."""
    locked = Need.objects.select_for_update().get(pk=need.pk)
    _move(locked, NeedState.QUALIFIED, NEED_NEXT)
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
    _move(locked, NeedState.DECLINED, NEED_NEXT)
    locked.reason = reason.strip()
    locked.save(update_fields=["state", "reason"])
    journal.record("need.declined", locked, by=by)
    emails.send(emails.step([locked]))
    return locked


@transaction.atomic
def pool(*, needs: Iterable[Need], title: str, by: User) -> SharedNeed:
    """Make one shared need of needs of at least two municipalities; the originals stay, with their authors.

    Needs just received are qualified on the way; their authors are told. ValidationError when they are of one
    municipality, or when one of them can no longer be pooled.
    """
    title = title.strip()
    if not title:
        raise ValidationError(_("Donnez un titre au besoin mutualisé."))
    chosen = list(
        Need.objects.select_for_update(of=("self",))
        .select_related("theme", "dimension", "author", "contact")
        .filter(pk__in=[need.pk for need in needs])
        .order_by("pk")
    )
    if len({need.municipality_id for need in chosen}) < 2:
        raise ValidationError(
            _("Un besoin mutualisé réunit au moins deux communes : choisissez-en d’une autre commune aussi.")
        )
    for need in chosen:
        if need.state == NeedState.SUBMITTED:
            _move(need, NeedState.QUALIFIED, NEED_NEXT)
        if need.state != NeedState.POOLED:
            _move(need, NeedState.POOLED, NEED_NEXT)
    Need.objects.filter(pk__in=[need.pk for need in chosen]).update(state=NeedState.POOLED)
    shared = SharedNeed.objects.create(
        title=title,
        slug=_free_slug(title),
        theme=_same(need.theme for need in chosen),
        dimension=_same(need.dimension for need in chosen),
        horizon=min((need.horizon for need in chosen), key=Horizon.values.index),
    )
    shared.needs.set(chosen)
    journal.record("need.pooled", shared, by=by, needs=len(chosen))
    emails.send(emails.step(chosen, shared_need=shared))
    return shared


def _same(values):
    """The value all share, or None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _free_slug(title: str) -> str:
    base = slugify(title.replace("’", " "))[:160].strip("-") or "besoin"
    taken = set(SharedNeed.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug


@transaction.atomic
def set_position(shared_need: SharedNeed, *, municipality: Municipality, stance: str, by: User) -> Position:
    """Say how far a municipality goes with a shared need; the last word counts, saying it twice changes nothing."""
    SharedNeed.objects.select_for_update().get(pk=shared_need.pk)
    position = Position.objects.filter(shared_need=shared_need, municipality=municipality).first()
    before = position.stance if position else ""
    if position and before == stance:
        return position
    position = position or Position(shared_need=shared_need, municipality=municipality)
    position.stance, position.updated_at = stance, timezone.now()
    position.full_clean(validate_unique=False, validate_constraints=False)
    position.save()
    journal.record(
        "position.set", shared_need, by=by, municipality=municipality.code, before=before, after=stance
    )
    return position


@transaction.atomic
def advance(shared_need: SharedNeed, *, state: str, by: User | None) -> SharedNeed:
    """Move a shared need on; the needs it was made of follow (planned, answered), their authors are told."""
    locked = SharedNeed.objects.select_for_update().get(pk=shared_need.pk)
    _move(locked, state, SHARED_NEXT)
    locked.save(update_fields=["state"])
    follow: dict[str, NeedState] = {
        SharedNeedState.PLANNED: NeedState.PLANNED,
        SharedNeedState.ANSWERED: NeedState.ANSWERED,
    }
    if state in follow:
        movable = [source for source, targets in NEED_NEXT.items() if follow[state] in targets]
        moved = list(
            locked.needs.select_for_update(of=("self",))
            .select_related("author", "contact")
            .filter(state__in=movable)
            .order_by("pk")
        )
        for need in moved:
            need.state = follow[state]
        Need.objects.bulk_update(moved, ["state"])
        emails.send(emails.step(moved, shared_need=locked))
    journal.record("shared_need.advanced", locked, by=by, state=str(state))
    return locked
