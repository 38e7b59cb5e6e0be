"""Diagnostics: the public reads what is published; managers and staff read all, and ask for more."""

from diagnostics.choices import Publication, State
from diagnostics.models import Diagnostic
from tests.contracts.table import LOGIN, Row, everyone
from tests.factories.diagnostics import DiagnosticFactory, ready
from tests.factories.portal import small_territory

PUBLISHED, MINE = everyone(200), everyone(404, manager=200, team=200, administrator=200)
KNOWN = {**MINE, "anonymous": LOGIN}


def published(user) -> dict:
    return {"public_id": ready(publication=Publication.PUBLIC).public_id}


def private(user) -> dict:
    return {"public_id": ready().public_id}


def in_progress(user) -> dict:
    return {"public_id": DiagnosticFactory().public_id}


FAILED = "5f0c8a52-3c1e-4a57-9a52-0d7c1f6b2e11"


def failed(user) -> dict:
    DiagnosticFactory(public_id=FAILED, state=State.FAILED, error="La mise en page a échoué.")
    return {"public_id": FAILED}


SHOWN = "0b6a2c1e-7d7a-4f57-8b0c-2f4f0a9e7c33"


def to_withdraw(user) -> dict:
    ready(public_id=SHOWN, publication=Publication.PUBLIC)
    return {"public_id": SHOWN}


def a_table(user) -> dict:
    return {**published(user), "key": "3-1"}


def a_territory(user) -> dict:
    small_territory()
    return {}


BACK = f"/diagnostics/{FAILED}/"
PAGE = f"/diagnostics/{SHOWN}/"
WITHDRAWN = everyone(404, anonymous=LOGIN, manager=PAGE, team=PAGE, administrator=PAGE)
AFTER = everyone(404, anonymous=LOGIN, manager=BACK, team=BACK, administrator=BACK)
BUILD = {Diagnostic: DiagnosticFactory}
ROWS = [
    Row("diagnostics:diagnostic_list", everyone(200), build=lambda user: published(user) and {}),
    Row("diagnostics:diagnostic_list", everyone(200), label="sans diagnostic"),
    Row("diagnostics:diagnostic_request", KNOWN, build=a_territory),
    Row("diagnostics:diagnostic_page", PUBLISHED, build=published),
    Row("diagnostics:diagnostic_page", MINE, build=private, label="privé"),
    Row("diagnostics:diagnostic_page", MINE, build=in_progress, label="en cours"),
    Row("diagnostics:diagnostic_page", MINE, build=failed, label="échoué"),
    Row("diagnostics:diagnostic_progress", MINE, build=in_progress, page=False),
    Row("diagnostics:diagnostic_retry", AFTER, method="post", build=failed),
    Row(
        "diagnostics:diagnostic_publish",
        WITHDRAWN,
        method="post",
        build=to_withdraw,
        data={"publication": "private"},
    ),
    Row("diagnostics:sheet_pdf", PUBLISHED, build=published, page=False),
    Row("diagnostics:report_pdf", PUBLISHED, build=published, page=False),
    Row("diagnostics:snapshot_json", PUBLISHED, build=published, page=False),
    Row("diagnostics:table_csv", PUBLISHED, build=a_table, page=False),
]
