"""Offers of seats: answered by the link of a letter; extended, accepted and let pass by staff."""

from datetime import timedelta

from django.utils import timezone

from tests.contracts.table import LOGIN, Row, everyone, signed_in
from tests.factories import trainings as factories
from trainings import emails


def waited_for(**fields) -> dict:
    """A full session: a seat offered, somebody who waits, somebody asked whether they come."""
    session = factories.TrainingSessionFactory(capacity=2, **fields)
    until = timezone.now() + timedelta(hours=40)
    asked = timezone.localtime(session.starts_at).date()
    return {
        "session": session,
        "asked": factories.RegistrationFactory(session=session, position=1, asked_for=asked),
        "offered": factories.RegistrationFactory(
            session=session, position=2, state="offered", offered_until=until
        ),
        "waiting": factories.RegistrationFactory(session=session, position=3, state="waiting"),
    }


def link_of(who: str):
    """The link of the letter of one of them."""
    return lambda user: {"token": emails.manage_url(waited_for()[who]).rstrip("/").rpartition("/")[2]}


def link_of_late(user) -> dict:
    """The link of an offer that has run out."""
    late = waited_for()["offered"]
    late.offered_until = timezone.now() - timedelta(minutes=1)
    late.save()
    return {"token": emails.manage_url(late).rstrip("/").rpartition("/")[2]}


def link_of_free(user) -> dict:
    """The link of somebody who may take a seat that is free."""
    session = factories.TrainingSessionFactory(capacity=1)
    waiting = factories.RegistrationFactory(session=session, state="waiting")
    return {"token": emails.manage_url(waiting).rstrip("/").rpartition("/")[2]}


def own_offer(user) -> dict:
    """An offer among one's own registrations."""
    if user is None:
        return {}
    registration = waited_for()["offered"]
    registration.user = user
    registration.save()
    return {}


def desk_queue(user) -> dict:
    """A session whose queue moves, by the key that the desk uses."""
    pk = 7_000_002
    if not factories.TrainingSession.objects.filter(pk=pk).exists():
        waited_for(pk=pk)
    return {"pk": pk}


def staff(answer: int | str) -> dict[str, int | str]:
    """Staff only: others are told that the page is not for them, or to log in."""
    return everyone(403, anonymous=LOGIN, team=answer, administrator=answer)


PEOPLE = "/bureau/trainings/trainingsession/7000002/inscriptions/"
ROWS = [
    Row("trainings:registration", everyone(200), build=link_of("offered"), label="offered"),
    Row("trainings:registration", everyone(200), build=link_of("waiting"), label="waiting"),
    Row("trainings:registration", everyone(200), build=link_of("asked"), label="asked"),
    Row("trainings:registration", everyone(200), build=link_of_late, label="late"),
    Row("trainings:registration", everyone(200), build=link_of_free, label="free"),
    Row("trainings:my_registrations", signed_in(200), build=own_offer, label="offered"),
    Row("admin:trainings_session_people", staff(200), build=desk_queue, label="queue"),
    Row("admin:trainings_session_seat", staff(PEOPLE), method="post", build=desk_queue, label="nothing"),
]
