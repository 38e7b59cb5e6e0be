"""Letters about a registration: a seat, a rank, a seat at last, a change, the end of it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.mime.text import MIMEText
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import User
from territory.models import LAG
from trainings import calendars, names, wording
from trainings.choices import RegistrationState
from trainings.models import Certificate, Registration, SessionDay, TrainingSession
from typography import dates

PURPOSE = "registration.manage"
"""The purpose of the link by which a person sees and cancels their registration."""
VALID_AFTER = timedelta(days=30)
"""How long the link lives after the session's end."""

EVALUATE = "session.evaluate"
"""The purpose of the link by which a person evaluates a session."""
EVALUATION_OPEN = timedelta(days=60)
"""How long after the session's end an evaluation is taken."""


def manage_url(registration: Registration) -> str:
    """Return the address at which this person, and nobody else, sees and cancels the registration."""
    return _own_url("trainings:registration", registration)


def amend_url(registration: Registration) -> str:
    """Return the address at which this person, and nobody else, corrects the registration."""
    return _own_url("trainings:amend", registration)


def _own_url(name: str, registration: Registration) -> str:
    end = registration.session.ends_at or timezone.now()
    token = links.make(
        PURPOSE, registration.public_id, version=registration.link_version, expires=end + VALID_AFTER
    )
    return f"{settings.SITE_URL}{reverse(name, args=[token])}"


def of_state(registration: Registration) -> EmailMultiAlternatives | None:
    """The first letter: a seat with its calendar entries, or the rank in the queue."""
    if registration.state == RegistrationState.WAITING:
        rank = registration.rank
        return _letter(
            "trainings/email/waiting",
            registration,
            _("En attente, rang {rank} : {what}"),
            rank=rank,
            why=why_waiting(registration),
            brought_by=_brought_by(registration),
        )
    return _letter(
        "trainings/email/confirmed",
        registration,
        _("Vous avez une place : {what}"),
        calendar=calendars.PUBLISH,
        brought_by=_brought_by(registration),
    )


def why_waiting(registration: Registration) -> str:
    """Return why somebody waits, in a sentence, as things are at this moment."""
    session = registration.session
    free, share = session.count_free(), session.share_told
    if free == 0:
        return _("La séance est complète.")
    group = session.registrations.waiting().filter(group=registration.group).count()
    if free is not None and free < group:
        return _("Il ne reste pas assez de places pour que vous veniez tous ensemble.")
    if share:
        return _("{share} Les vôtres sont prises.").format(share=share)
    return _("Toutes les places étaient prises.")


def of_change(registration: Registration) -> EmailMultiAlternatives | None:
    """The letter that leads from the state last told (`told`) to the present one."""
    match registration.state, registration.told:
        case RegistrationState.CANCELLED, told:
            return cancelled(registration, before=told)
        case RegistrationState.OFFERED, _told:
            return offered(registration)
        case RegistrationState.WAITING, RegistrationState.OFFERED:
            return expired(registration)
        case RegistrationState.WAITING, told if registration.call_owed:
            # Taken meanwhile: who waits and knows it is not written to for nothing.
            if registration.session.count_free() != 0:
                return called(registration)
            if told:
                return None
        case RegistrationState.CONFIRMED, RegistrationState.WAITING:
            return promoted(registration)
    return of_state(registration)


def offered(registration: Registration) -> EmailMultiAlternatives | None:
    """A seat is this person's, if they say so in time."""
    return _letter(
        "trainings/email/offered",
        registration,
        _("Une place pour vous, à confirmer : {what}"),
        until=registration.offered_until,
    )


def extended(registration: Registration) -> EmailMultiAlternatives | None:
    """Staff keep the seat longer: until when, and where to answer."""
    return _letter(
        "trainings/email/extended",
        registration,
        _("Votre place est gardée plus longtemps : {what}"),
        until=registration.offered_until,
    )


def called(registration: Registration) -> EmailMultiAlternatives | None:
    """A seat is free, very near the session: who confirms first has it."""
    return _letter(
        "trainings/email/called",
        registration,
        _("Une place au premier qui confirme : {what}"),
        rank=registration.rank,
    )


def expired(registration: Registration) -> EmailMultiAlternatives | None:
    """The offer ran out: the seat went to the next, and this person has another rank."""
    return _letter(
        "trainings/email/expired",
        registration,
        _("Votre place est passée à la suite : {what}"),
        rank=registration.rank,
        free=registration.session.count_free() != 0,
    )


def still_coming(registration: Registration) -> EmailMultiAlternatives | None:
    """Others wait: confirm, or free the seat; no answer changes nothing."""
    return _letter("trainings/email/still_coming", registration, _("Venez-vous toujours ? {what}"))


def reminder(registration: Registration) -> EmailMultiAlternatives | None:
    """The session is near: when, where, how to get there, how to free the seat."""
    return _letter("trainings/email/reminder", registration, _("Rappel : {what}"))


def promoted(registration: Registration) -> EmailMultiAlternatives | None:
    """A seat came free and is this person's."""
    subject = _("Une place s’est libérée : {what}")
    return _letter("trainings/email/promoted", registration, subject, calendar=calendars.PUBLISH)


def cancelled(registration: Registration, *, before: str) -> EmailMultiAlternatives | None:
    """The person, or staff for them, gave the seat, the offer or the place in the queue back; `before` says which."""
    waited = before == RegistrationState.WAITING
    return _letter(
        "trainings/email/cancelled",
        registration,
        _("Vous n’êtes plus en attente\u00a0: {what}") if waited else _("Inscription annulée\u00a0: {what}"),
        calendar=calendars.CANCEL if before == RegistrationState.CONFIRMED else "",
        waited=waited,
    )


def session_cancelled(registration: Registration) -> EmailMultiAlternatives | None:
    """The session will not be held."""
    had_seat = registration.state == RegistrationState.CONFIRMED
    subject = _("Séance annulée : {what}")
    return _letter(
        "trainings/email/session_cancelled",
        registration,
        subject,
        calendar=calendars.CANCEL if had_seat else "",
    )


def session_changed(
    registration: Registration, *, removed: Sequence[SessionDay] = (), before: Sequence[str] = ()
) -> EmailMultiAlternatives | None:
    """The session has another date or another place; `before` says in lines what they were."""
    confirmed = registration.state == RegistrationState.CONFIRMED
    return _letter(
        "trainings/email/session_changed",
        registration,
        _("Changement : {what}"),
        calendar=calendars.PUBLISH if confirmed else "",
        removed=removed,
        before=before,
    )


def session_confirmed(registration: Registration) -> EmailMultiAlternatives | None:
    """The session will be held, although few are registered."""
    return _letter("trainings/email/session_confirmed", registration, _("Séance confirmée : {what}"))


def message(
    registration: Registration, *, subject: str, body: str, by: User
) -> EmailMultiAlternatives | None:
    """What staff wrote in their own words, with what it says of the person and the session; the team is answered."""
    session = registration.session
    values = {
        "nom": registration.name,
        "formation": session.training.title,
        "date": " ; ".join(session.when),
        "lieu": session.place,
        "lien": manage_url(registration),
    }
    text = wording.fill(body.replace("\r\n", "\n"), values)
    line = names.clean(wording.fill(subject, values))
    words = {
        "subject": line,
        "text": text,
        "paragraphs": [one for one in text.split("\n\n") if one.strip()],
    }
    letter = _letter("trainings/email/message", registration, "", words=words)
    if letter is not None:
        letter.subject = line
        letter.reply_to = letter.reply_to or [by.email]
    return letter


def sample(session: TrainingSession, *, name: str, email: str) -> Registration:
    """Return somebody with a seat who exists nowhere: the link of their letter leads to nobody."""
    return Registration(session=session, name=name, email=email, state=RegistrationState.CONFIRMED)


def certificate_offered(certificate: Certificate) -> EmailMultiAlternatives | None:
    """The certificate is ready: where to read and print it."""
    return _letter(
        "trainings/email/certificate",
        certificate.registration,
        _("Votre attestation : {what}"),
        url=f"{settings.SITE_URL}{certificate.get_absolute_url()}",
    )


def evaluation_asked(registration: Registration) -> EmailMultiAlternatives | None:
    """What did you think of it: a link that counts once, and leads from no answer to a person."""
    return _letter(
        "trainings/email/evaluation",
        registration,
        _("Votre avis en une minute : {what}"),
        url=evaluation_url(registration),
    )


def evaluation_url(registration: Registration) -> str:
    """Return the address at which this person says, once, what they thought of the session."""
    end = registration.session.ends_at or timezone.now()
    token = links.make(
        EVALUATE, registration.public_id, version=registration.link_version, expires=end + EVALUATION_OPEN
    )
    return f"{settings.SITE_URL}{reverse('trainings:evaluate', args=[token])}"


def send(messages: Iterable[EmailMultiAlternatives | None]) -> None:
    """Send what there is to send: nobody without an address is written to."""
    written = [message for message in messages if message is not None]
    if written:
        get_connection().send_messages(written)


def _letter(
    template: str,
    registration: Registration,
    subject: str,
    *,
    calendar: str = "",
    removed: Sequence[SessionDay] = (),
    **told: Any,
) -> EmailMultiAlternatives | None:
    """Return one letter, None for who has no address; `told` is what its template says besides who, what and when."""
    if not registration.email:
        return None
    session, lag = registration.session, LAG.objects.first()
    confirmed = registration.state == RegistrationState.CONFIRMED
    context = {
        "registration": registration,
        "session": session,
        "when": session.when,
        "confirmed": confirmed,
        "manage_url": manage_url(registration),
        "session_url": f"{settings.SITE_URL}{session.get_absolute_url()}",
        "training_url": f"{settings.SITE_URL}{session.training.get_absolute_url()}",
        "lag": lag,
        **told,
    }
    what = (
        f"{session.training.title}, {dates.day(session.starts_at, year=False)}" if session.starts_at else ""
    )
    message = EmailMultiAlternatives(
        subject=names.clean(subject.format(what=what, **told)),
        body=render_to_string(f"{template}.txt", context).strip() + "\n",
        to=[registration.email],
        reply_to=lag.reply_to if lag else None,
        headers={
            "X-Letter-Kind": f"registration.{template.rpartition('/')[2]}",
            "X-About": str(registration.public_id),
        },
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    if calendar:
        message.attach(_calendar(session, calendar, removed, with_link=confirmed))
    return message


def _brought_by(registration: Registration) -> str:
    """Return who wrote this person's name into their own form, for a letter that goes to another address; else ""."""
    first = registration.brought_by
    return first.name if first and first.email != registration.email else ""


def _calendar(session, method: str, removed: Sequence[SessionDay], *, with_link: bool) -> MIMEText:
    content = calendars.of_session(
        session, stamp=timezone.now(), method=method, removed=removed, with_link=with_link
    )
    part = MIMEText(content.decode(), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename="seance.ics")
    return part
