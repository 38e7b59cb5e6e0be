"""Two people and one seat on a phone: one gives it back, the other reads the letter of the offer and takes it."""

import re

import pytest

from tests import axe
from tests.chromium import look
from tests.factories.territory import LAGFactory, MunicipalityFactory
from tests.factories.trainings import TrainingSessionFactory
from trainings import actions
from trainings.actions import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def letters(settings, smtp_server):
    """Let each letter go straight to the real SMTP server; return what arrived, as (to, subject, link)."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    def read() -> list[tuple[str, str, str]]:
        actions.tell()
        told = []
        for letter in smtp_server.letters:
            subject = " ".join(str(letter.message["Subject"]).split())
            link = re.search(r"http\S+/inscriptions/\S+", letter.text)
            told.append((letter.recipients[0], subject.partition(" : ")[0], link.group() if link else ""))
        smtp_server.letters.clear()
        return told

    return read


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_seat_given_back_is_offered_by_letter_and_taken(chromium, live_server, settings, letters, scheme):
    settings.SITE_URL = live_server.url
    LAGFactory(area__municipalities=[MunicipalityFactory(name="Jodoigne", slug="jodoigne")])
    session = TrainingSessionFactory(capacity=1)
    for name in ("Basile", "Aline"):
        person = Person(name=f"{name} Fictif", email=f"{name.lower()}@exemple.invalid")
        actions.register(session=session, people=[person], by=None)
    (_basile, _seat, basiles), (_aline, _rank, alines) = letters()
    rules = axe.WHOLE if scheme == "light" else axe.CONTRAST

    with look(chromium, live_server.url, width=320, scheme=scheme) as context:
        page = context.new_page()

        def is_right() -> bool:
            complaints = len(context.told)
            faults = axe.faults(page, rules)
            # axe copies style sheets that @import others into the page, which the policy rightly refuses.
            del context.told[complaints:]
            assert faults == []
            return page.evaluate("document.documentElement.scrollWidth") == 320

        page.goto(alines)
        page.get_by_text("En attente, rang 1").wait_for()
        page.goto(basiles)
        page.locator("summary", has_text="Annuler mon inscription").click()
        page.get_by_role("button", name="Oui, annuler mon inscription").click()
        page.get_by_text("C’est annulé").wait_for()
        cancelled, offered = letters()
        assert [cancelled[:2], offered[:2]] == [
            ("basile@exemple.invalid", "Inscription annulée"),
            ("aline@exemple.invalid", "Une place pour vous, à confirmer"),
        ]
        page.goto(offered[2])
        page.get_by_role("heading", name="Une place est à vous, si vous la voulez").wait_for()
        page.get_by_text("encore 1 jour et 23 heures").wait_for()
        assert page.get_by_role("button", name="Je prends la place").bounding_box()["height"] >= 44
        assert is_right()
        page.get_by_role("button", name="Je prends la place").click()
        page.get_by_text("La place est à vous.").wait_for()
        page.get_by_text("Place réservée").wait_for()
        assert is_right()
        assert [told[:2] for told in letters()] == [("aline@exemple.invalid", "Vous avez une place")]
    states = session.registrations.order_by("position").values_list("state", flat=True)
    assert list(states) == ["cancelled", "confirmed"]
