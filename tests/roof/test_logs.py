"""Logs say what happened and where, never who: no row of the database comes with an error."""

import json
import logging
import sys

import pytest

from smartrural.logs import JSONFormatter
from tests.dev.test_proxy import address, with_a_token

REFUSED = """new row for relation "trainings_registration" violates check constraint "registration_name"
DETAIL:  Failing row contains (7, Basile Fictif, basile@exemple.invalid, 0470 00 00 00, boucle
magnétique)."""


def written(error: Exception) -> dict:
    """Return the line of an error that followed another, as Django wraps what the database says."""
    try:
        try:
            raise error
        except ValueError as cause:
            raise RuntimeError(str(cause)) from cause
    except RuntimeError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s", (error,), sys.exc_info())
    return json.loads(JSONFormatter().format(record))


def test_the_row_that_the_database_refused_stays_out():
    line = written(ValueError(REFUSED))
    for text in (line["message"], line["error"]):
        assert "registration_name" in text
        for personal in ("Basile", "basile", "0470", "magnétique"):
            assert personal not in text
    assert "direct cause of the following exception" in line["error"]
    assert line["error"].count("Traceback") == 2


@pytest.mark.parametrize("name", with_a_token())
def test_what_opens_a_personal_page_stays_out(name):
    path = address(name, "WyJhIiwxLDJd:1xV7nY:M_kk-yuyALPdVx")
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Gone: %s", (path,), None)
    message = json.loads(JSONFormatter().format(record))["message"]
    assert "WyJhIiwx" not in message
    assert message.endswith("/…/")
