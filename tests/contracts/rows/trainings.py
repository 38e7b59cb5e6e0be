"""The catalogue and one's own registrations: open to all; the desk's buttons: to staff."""

from datetime import timedelta

from django.utils import timezone

from accounts import links
from tests.contracts.table import LOGIN, Row, everyone, signed_in
from tests.factories import trainings as factories
from trainings import emails, views
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


def staff(answer, **others):
    """Staff only: others are told that the page is not for them, or to log in."""
    return everyone(403, **{"anonymous": LOGIN, "team": answer, "administrator": answer, **others})


DESK_CHANGE = "/bureau/trainings/trainingsession/7000000/change/"
BUILD = {
    Training: factories.TrainingFactory,
    TrainingSession: factories.TrainingSessionFactory,
    Registration: factories.RegistrationFactory,
}
ROWS = [
    Row("trainings:session_list", everyone(200), build=lambda user: session(user) and {}),
    Row("trainings:session_list", everyone(200), label="empty"),
    Row("trainings:archive", everyone(200)),
    Row("trainings:training", everyone(200), build=training),
    Row("trainings:session", everyone(200), build=session),
    Row("trainings:calendar", everyone(200), build=session, page=False),
    Row("trainings:register", everyone(200), build=session),
    Row("trainings:register", everyone(200), method="post", build=session, label="incomplete"),
    Row("trainings:received", everyone(200), build=received_link),
    Row("trainings:registration", everyone(200), build=own_link),
    Row("trainings:my_registrations", signed_in(200)),
    Row("admin:trainings_session_people", staff(200), build=desk_session),
    Row("admin:trainings_session_move", staff(DESK_CHANGE), method="post", build=desk_session),
]
