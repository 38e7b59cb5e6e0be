"""Letters: one clear action, the dates for the agenda, readable without HTML."""

import pytest
from icalendar import Calendar

from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings import actions, emails


def attached(message):
    """Return the calendar that a letter carries, parsed from the bytes that would travel; None without."""
    for part in message.message().walk():
        if part.get_content_type() == "text/calendar":
            assert part.get_param("method") == Calendar.from_ical(part.get_payload(decode=True))["method"]
            return Calendar.from_ical(part.get_payload(decode=True))
    return None


@pytest.mark.parametrize(
    ("write", "method"),
    [
        (emails.of_state, "PUBLISH"),
        (emails.promoted, "PUBLISH"),
        (lambda one: emails.cancelled(one, before="confirmed"), "CANCEL"),
        (lambda one: emails.cancelled(one, before="offered"), None),
        (lambda one: emails.cancelled(one, before="waiting"), None),
        (emails.session_cancelled, "CANCEL"),
        (emails.session_changed, "PUBLISH"),
    ],
)
def test_each_letter_carries_the_calendar_that_goes_with_it(db, write, method):
    calendar = attached(write(RegistrationFactory()))
    assert (calendar["method"] if calendar else None) == method


def test_who_waits_gets_a_rank_and_no_calendar(db):
    session = TrainingSessionFactory(capacity=1)
    RegistrationFactory(session=session)
    message = emails.of_state(RegistrationFactory(session=session, state="waiting"))
    assert "au rang 1" in message.body
    assert attached(message) is None


def test_a_letter_says_the_same_in_text_and_in_html(db):
    message = emails.of_state(RegistrationFactory(name="Aline Fictive"))
    html = message.alternatives[0][0]
    for words in ("Aline Fictive", "Ferme du Tilleul", "Plain-pied", "19\u00a0h", "/inscriptions/"):
        assert words in message.body
        assert words in html


def test_the_text_escapes_nothing_and_the_html_everything(db):
    message = emails.of_state(RegistrationFactory(name="Zoé & <b>Fils</b>"))
    assert "Zoé & <b>Fils</b>" in message.body
    assert "Zoé &amp; &lt;b&gt;Fils" in message.alternatives[0][0]


def test_a_subject_is_one_line_whatever_the_title(db):
    session = TrainingSessionFactory(training__title="Haies\r\nBcc: x@exemple.invalid")
    message = emails.of_state(RegistrationFactory(session=session))
    assert message.message()["Bcc"] is None
    assert message.subject.startswith("Vous avez une place\u00a0: Haies Bcc: x@exemple.invalid, ")


def test_the_link_of_the_letter_has_no_name_and_no_address_in_it(db):
    registration = RegistrationFactory(name="Aline Fictive", email="aline@exemple.invalid")
    assert "aline" not in emails.manage_url(registration).lower()


def test_nobody_without_an_address_is_written_to(db, mailoutbox):
    session = TrainingSessionFactory()
    one = RegistrationFactory(session=session, email="", entered_by="Odile Fictive")
    actions.cancel_session(session, reason="Neige", by=TeamFactory())
    assert emails.of_state(one) is None
    assert mailoutbox == []
