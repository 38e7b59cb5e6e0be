"""A letter of the team's own words to the people of a session: written once to each, whatever is clicked."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from trainings import emails, names, wording
from trainings.actions.locks import live, locked
from trainings.actions.refusals import Refused
from trainings.choices import LIVE, Audience, RegistrationState
from trainings.models import Registration, SessionMessage, TrainingSession

STATES = {
    Audience.SEATED: {RegistrationState.CONFIRMED},
    Audience.WAITING: {RegistrationState.WAITING, RegistrationState.OFFERED},
    Audience.ALL: set(LIVE),
}


def recipients(session: TrainingSession, audience: str) -> tuple[list[Registration], list[Registration]]:
    """Return whom a message would be written to, and who is among them without an address: to be phoned."""
    people = [one for one in live(session) if one.state in STATES[Audience(audience)]]
    return [one for one in people if one.email], [one for one in people if not one.email]


@transaction.atomic
def write_message(
    session: TrainingSession, *, audience: str, subject: str, body: str, nonce: str, by: User
) -> tuple[SessionMessage, bool]:
    """Write to the people of a session, one letter each; return the message, and whether it is new.

    The same form again (`nonce`) writes nothing. Letters are written with the message, in one transaction: all of
    them or none. Raises Refused for words we do not know between braces, or where there is nobody to write to.
    """
    session = locked(session)
    if known := SessionMessage.objects.filter(nonce=nonce).first():
        if known.session_id != session.pk:
            raise Refused(_("Ce formulaire a déjà servi ailleurs : rechargez la page. Rien n’est envoyé."))
        return known, False
    subject, body = names.clean(subject), body.strip()
    try:
        wording.validate_subject(subject)
        wording.validate(body)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    if not subject or not body:
        raise Refused(_("Écrivez un objet et un texte. Rien n’est envoyé."))
    people, _without = recipients(session, audience)
    if not people:
        raise Refused(_("Personne n’a d’adresse e-mail parmi ces personnes. Rien n’est envoyé."))
    message = SessionMessage.objects.create(
        session=session,
        nonce=nonce,
        audience=audience,
        subject=subject,
        body=body,
        letters=len(people),
        sent_by=str(by)[:200],
    )
    emails.send([emails.message(one, subject=subject, body=body, by=by) for one in people])
    journal.record("session.message_sent", session, by=by, audience=audience, letters=len(people))
    return message, True


def try_message(session: TrainingSession, *, subject: str, body: str, by: User) -> None:
    """Write a message to the one who wrote it, as somebody with a seat would read it."""
    sample = emails.sample(session, name=str(by), email=by.email)
    emails.send([emails.message(sample, subject=names.clean(subject), body=body.strip(), by=by)])
    journal.record("session.message_tried", session, by=by)
