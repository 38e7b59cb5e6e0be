"""The catalogue and one's own registrations: open to all; the desk's buttons: to staff."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import links
from tests.contracts.table import LOGIN, Row, everyone, signed_in
from tests.factories import trainings as factories
from trainings import actions, emails, views
from trainings.models import Registration, Training, TrainingSession


def session(user):
    """An announced session."""
    return {"public_id": factories.TrainingSessionFactory().public_id}


def training(user):
    """A published training with a date."""
    return {"slug": factories.TrainingSessionFactory().training.slug}


def own_link(user):
    """The link of a letter."""
    registration = factories.RegistrationFactory()
    return {"token": emails.manage_url(registration).rstrip("/").rpartition("/")[2]}


def received_link(user):
    """The link to the page that follows the form."""
    registration = factories.RegistrationFactory()
    later = timezone.now() + timedelta(hours=1)
    return {"token": links.make(views.RECEIVED, registration.public_id.hex, expires=later)}


def desk_session(user):
    """A session, by the key that the desk uses."""
    return {"pk": 7_000_000, **_kept(7_000_000)}


def _kept(pk: int) -> dict:
    from trainings.models import TrainingSession

    if not TrainingSession.objects.filter(pk=pk).exists():
        factories.TrainingSessionFactory(pk=pk)
    return {}


def desk_past_session(user):
    """A session of last week with somebody present, who holds a certificate, and five opinions."""
    held = factories.held(pk=7_000_001)
    registration = factories.CertificateFactory(registration__session=held).registration
    registration.marks.create(day=held.days.get(), attended=True)
    factories.EvaluationFactory.create_batch(5, session=held, missing="Un tableur libre")
    return {"pk": held.pk}


def desk_signed_session(user):
    """A past session whose signed sheet was kept."""
    held = factories.held(pk=7_000_002)
    upload = SimpleUploadedFile("feuille signée.pdf", b"%PDF-1.4 scan")
    actions.keep_signed_sheet(held, upload=upload, by=None)
    return {"pk": held.pk}


def certificate(user):
    """A valid certificate, by its number."""
    return {"number": factories.CertificateFactory().number}


def opinion_link(user):
    """The link by which a person evaluates."""
    registration = factories.RegistrationFactory(session=factories.held(), attended=True)
    return {"token": emails.evaluation_url(registration).rstrip("/").rpartition("/")[2]}


def staff(answer, **others):
    """Staff only: others are told that the page is not for them, or to log in."""
    return everyone(403, **{"anonymous": LOGIN, "team": answer, "administrator": answer, **others})


DESK_CHANGE = "/bureau/trainings/trainingsession/7000000/change/"
DESK_AFTER = "/bureau/trainings/trainingsession/7000001/apres/"
DESK_ROLL_CALL = "/bureau/trainings/trainingsession/7000001/appel/"
BUILD = {
    Training: factories.TrainingFactory,
    TrainingSession: factories.TrainingSessionFactory,
    Registration: factories.RegistrationFactory,
}
ROWS = [
    Row("trainings:session_list", everyone(200), build=lambda user: session(user) and {}),
    Row("trainings:session_list", everyone(200), label="empty"),
    Row("trainings:month", everyone(200), build=lambda user: session(user) and {}),
    Row("trainings:month", everyone(200), query="?mois=2026-12", label="empty"),
    Row("trainings:archive", everyone(200)),
    Row("trainings:agenda", everyone(200), build=lambda user: session(user) and {}, page=False),
    Row("trainings:announcements", everyone(200), build=lambda user: session(user) and {}, page=False),
    Row("trainings:training", everyone(200), build=training),
    Row("trainings:session", everyone(200), build=session),
    Row("trainings:calendar", everyone(200), build=session, page=False),
    Row("trainings:register", everyone(200), build=session),
    Row("trainings:register", everyone(200), method="post", build=session, label="incomplete"),
    Row("trainings:received", everyone(200), build=received_link),
    Row("trainings:registration", everyone(200), build=own_link),
    Row("trainings:certificate", everyone(200), build=certificate),
    Row("trainings:certificate_pdf", everyone(200), build=certificate, page=False),
    Row("trainings:evaluate", everyone(200), build=opinion_link),
    Row("trainings:evaluate", everyone(200), method="post", build=opinion_link, label="incomplete"),
    Row("trainings:my_registrations", signed_in(200)),
    Row("admin:trainings_session_people", staff(200), build=desk_session),
    Row("admin:trainings_session_roll_call", staff(200), build=desk_past_session),
    Row("admin:trainings_session_roll_call", staff(DESK_ROLL_CALL), method="post", build=desk_past_session),
    Row("admin:trainings_session_sheet", staff(200), build=desk_session, page=False),
    Row("admin:trainings_session_after", staff(200), build=desk_past_session),
    Row("admin:trainings_session_follow", staff(DESK_AFTER), method="post", build=desk_past_session),
    Row("admin:trainings_session_proof", staff(200), build=desk_past_session, page=False),
    Row("admin:trainings_session_signed_sheet", staff(404), build=desk_session, page=False, label="none"),
    Row("admin:trainings_session_signed_sheet", staff(200), build=desk_signed_session, page=False),
    Row("admin:trainings_session_move", staff(DESK_CHANGE), method="post", build=desk_session),
]
