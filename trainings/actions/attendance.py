"""Who was there, day by day, and the sheet they signed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from documents import actions as documents
from trainings.actions.locks import held, locked
from trainings.actions.refusals import Refused
from trainings.choices import RegistrationState
from trainings.models import Registration, SessionDay, TrainingSession


@transaction.atomic
def mark_attendance(
    registration: Registration, *, day: SessionDay, attended: bool | None, by: User | None
) -> Registration:
    """Say that a person was there on a day, was not, or (None) that nobody knows any more.

    It says the wanted state: the same mark twice is one, without a second line in the journal. Only this person's
    row is locked, and only this person's mark is written: two people who mark one list do not undo each other.
    Raises Refused for somebody without a seat, a day that has not come, or hours that are certified already.
    """
    registration = held(registration)
    session = registration.session
    if day.session_id != registration.session_id:
        raise Refused(_("Ce jour n’est pas un jour de cette séance. Rien n’est changé."))
    if registration.state != RegistrationState.CONFIRMED or session.cancelled_at:
        raise Refused(_("Cette personne n’a pas de place à cette séance. Rien n’est changé."))
    if timezone.localdate() < day.date:
        raise Refused(_("Ce jour n’est pas encore venu : l’appel ouvre le matin même. Rien n’est changé."))
    before = registration.marks.filter(day=day).values_list("attended", flat=True).first()
    if before == attended:
        return registration
    if registration.certificates.valid().exists():
        raise Refused(
            _(
                "{name} a une attestation pour cette séance\u00a0: retirez-la, corrigez l’appel, puis délivrez-en "
                "une autre. Rien n’est changé."
            ).format(name=registration.name)
        )
    if attended is None:
        registration.marks.filter(day=day).delete()
    else:
        registration.marks.update_or_create(day=day, defaults={"attended": attended})
    registration.attended = _came(registration)
    registration.save(update_fields=["attended"])
    journal.record(
        "session.attendance_marked",
        session,
        by=by,
        position=registration.position,
        day=day.date.isoformat(),
        before=before,
        after=attended,
    )
    return registration


@transaction.atomic
def keep_signed_sheet(session: TrainingSession, *, upload, by: User) -> TrainingSession:
    """Keep the scan of the sheet that people signed; one sent earlier stays among the documents, as proof.

    Raises ValidationError for a file that is refused, StorageFull when the disk is full.
    """
    session = locked(session)
    session.signed_sheet = documents.store(
        title=_("Feuille signée : {session}").format(session=session)[:200], upload=upload
    )
    session.save(update_fields=["signed_sheet"])
    journal.record("session.signed_sheet_kept", session, by=by, sha256=session.signed_sheet.sha256)
    return session


def _came(registration: Registration) -> bool | None:
    """Whether a person came on one day at least; None as long as nobody said."""
    marks = set(registration.marks.values_list("attended", flat=True))
    return (True in marks) if marks else None
