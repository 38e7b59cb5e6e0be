"""What the desk does around a session: only staff."""

from tests.contracts.rows.trainings import desk_session, staff
from tests.contracts.table import Row

DESK_DECIDE = "/bureau/trainings/trainingsession/7000000/decision/"

ROWS = [
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
