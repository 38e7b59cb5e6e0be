"""What people thought: asked once, kept apart from who they are."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from needs import actions as needs
from needs.choices import Origin
from trainings import emails, figures
from trainings.actions.locks import held, locked
from trainings.actions.refusals import Refused
from trainings.models import Evaluation, Registration, TrainingSession


@transaction.atomic
def ask_evaluations(session: TrainingSession, *, by: User) -> int:
    """Write to everybody who came, once, what they thought of it; return how many letters.

    Raises Refused before the session's end.
    """
    session = locked(session)
    if session.cancelled_at or session.ends_at is None or timezone.now() < session.ends_at:
        raise Refused(_("Une évaluation se demande après la séance. Rien n’est changé."))
    people = list(session.registrations.to_ask_for_an_evaluation().order_by("position"))
    for registration in people:
        registration.session = session
    session.registrations.filter(pk__in=[one.pk for one in people]).update(evaluation_asked=True)
    emails.send([emails.evaluation_asked(registration) for registration in people])
    if people:
        journal.record("session.evaluations_asked", session, by=by, people=len(people))
    return len(people)


@transaction.atomic
def evaluate(
    registration: Registration,
    *,
    useful: int,
    clear: int,
    welcome: int,
    remarks: str = "",
    missing: str = "",
    as_need: bool = False,
) -> bool:
    """Keep what a person thought, apart from who they are; False when they had answered already.

    Nothing of it is journaled: the hour of a line would lead from the answer to the person. What they miss becomes
    a need of their municipality when they agree (`as_need`); it then stands there alone, so that no text leads
    from a need, which has a municipality and an hour, to the scores. Opinions appear several at a time
    (`figures.FEWEST`): from the means before and after a single one, its scores could be computed.
    """
    locked(registration.session)
    registration = held(registration)
    if registration.evaluated:
        return False
    place = registration.municipality
    if as_need and missing and place is not None:
        themes = list(registration.session.training.themes.all()[:2])
        theme = themes[0] if len(themes) == 1 else None
        needs.record_need(missing, origin=Origin.EVALUATION, municipality=place, theme=theme, by=None)
        missing = ""
    Evaluation.objects.create(
        session_id=registration.session_id,
        useful=useful,
        clear=clear,
        welcome=welcome,
        remarks=remarks,
        missing=missing,
    )
    waiting = Evaluation.objects.filter(session=registration.session_id, shown=False)
    if waiting.count() >= figures.FEWEST:
        waiting.update(shown=True)
    registration.evaluated = True
    registration.save(update_fields=["evaluated"])
    return True
