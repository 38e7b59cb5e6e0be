"""Certificates of the hours really attended."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from trainings import emails, names
from trainings.actions.locks import locked
from trainings.actions.refusals import Refused
from trainings.models import Certificate, TrainingSession


@transaction.atomic
def issue_certificates(session: TrainingSession, *, by: User) -> list[Certificate]:
    """Give everybody who came, and holds none, a certificate of the hours they were there; write to them.

    Raises Refused before the session's end.
    """
    session = locked(session)
    if session.cancelled_at or session.ends_at is None or timezone.now() < session.ends_at:
        raise Refused(_("Une attestation se délivre après la séance. Rien n’est changé."))
    # Locked: no mark may move between the hours that are counted and the certificate that says them.
    people = session.registrations.without_certificate().order_by("position")
    issued, given_by = [], session.given_by[:200]
    for registration in people.select_for_update(of=("self",)):
        registration.session = session
        marks = (
            registration.marks.filter(attended=True)
            .select_related("day")
            .order_by("day__date", "day__start_time")
        )
        days = [mark.day for mark in marks]
        if not days:
            continue
        certificate = Certificate.objects.create(
            number=_certificate_number(),
            registration=registration,
            name=registration.name,
            title=session.training.title,
            place=session.place,
            trainers=given_by,
            days=[
                [day.date.isoformat(), day.start_time.isoformat("minutes"), day.end_time.isoformat("minutes")]
                for day in days
            ],
            minutes=sum(day.minutes for day in days),
            issued_by=str(by)[:200],
        )
        journal.record("certificate.issued", certificate, by=by, minutes=certificate.minutes)
        issued.append(certificate)
    emails.send([emails.certificate_offered(certificate) for certificate in issued])
    return issued


@transaction.atomic
def withdraw_certificate(certificate: Certificate, *, reason: str, by: User) -> Certificate:
    """Withdraw a certificate: its page says so, and another may be issued. Raises Refused without a reason.

    One that is withdrawn already stays as it is.
    """
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.withdrawn_at:
        return certificate
    certificate.withdrawn_reason = names.clean(reason)[:300]
    if not certificate.withdrawn_reason:
        raise Refused(_("Dites pourquoi l’attestation est retirée. Rien n’est changé."))
    certificate.withdrawn_at, certificate.withdrawn_by = timezone.now(), str(by)[:200]
    certificate.save()
    journal.record("certificate.withdrawn", certificate, by=by)
    return certificate


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without what is misread on paper: 0 and O, 1, I and L, U."""


def _certificate_number() -> str:
    """Return a number nobody can guess (59 bits), in three groups that can be read over the phone."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _sign in range(4)) for _group in range(3))
