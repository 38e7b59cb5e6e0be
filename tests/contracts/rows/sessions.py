"""What the desk does around a session: only staff."""

from tests.contracts.rows.trainings import desk_session, staff
from tests.contracts.table import Row
from tests.factories.trainings import RegistrationFactory

DESK_ROLL_CALL = "/bureau/trainings/trainingsession/7000000/appel/"
DESK_DECIDE = "/bureau/trainings/trainingsession/7000000/decision/"


def on_paper(user):
    """Somebody without an address who has a seat."""
    registration = RegistrationFactory(email="", entered_by="Odile Fictive", phone="010 00 00 00")
    return {"pk": registration.session_id, "public_id": registration.public_id}


ROWS = [
    Row("admin:trainings_phone", staff(200), build=lambda user: desk_session(user) and {}),
    Row("admin:trainings_session_export", staff(200), build=desk_session, page=False),
    Row("admin:trainings_session_calls", staff(200), build=desk_session, page=False),
    Row("admin:trainings_session_paper", staff(200), build=on_paper, page=False),
    Row("admin:trainings_session_arrive", staff(DESK_ROLL_CALL), method="post", build=desk_session),
    Row("admin:trainings_session_message", staff(200), build=desk_session),
    Row(
        "admin:trainings_session_message",
        staff(200),
        method="post",
        build=desk_session,
        data={"audience": "all", "subject": "Le parking", "body": "Bonjour {nom}"},
        label="preview",
    ),
    Row("admin:trainings_session_decide", staff(200), build=desk_session),
    Row("admin:trainings_session_decide", staff(DESK_DECIDE), method="post", build=desk_session),
    Row("admin:trainings_session_repeat", staff(200), build=desk_session),
    Row(
        "admin:trainings_session_repeat",
        staff(200),
        method="post",
        build=desk_session,
        data={"first": "2030-01-15", "times": "3", "weeks": "2"},
        label="preview",
    ),
]
