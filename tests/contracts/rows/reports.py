"""The activity report: managers and the team; its evidence, the team."""

from tests.contracts.table import Row, signed_in
from tests.factories.portal import busy_desk, small_territory
from tests.factories.trainings import CertificateFactory, RegistrationFactory, held

MANAGERS = signed_in(200, citizen=404)


def a_year(user) -> dict:
    """A territory with sessions that took place."""
    small_territory()
    RegistrationFactory(session=held(), attended=True)
    CertificateFactory()
    busy_desk()
    return {}


ROWS = [
    Row("portal:activity", MANAGERS, build=a_year, label="avec un programme"),
    Row("portal:activity", MANAGERS, label="sans rien"),
    Row("portal:activity", signed_in(422, citizen=404), query="?du=hier", label="sans date"),
    Row("portal:activity_pdf", MANAGERS, build=a_year, page=False),
    Row(
        "portal:activity_evidence",
        signed_in(404, team=200, administrator=200),
        method="post",
        build=a_year,
        page=False,
    ),
]
