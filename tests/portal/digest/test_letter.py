"""The letter of the week: its words, its links, and who stops before it leaves."""

import re

import html5lib
import pytest
import time_machine
from django.test import Client

from actors import actions
from actors.models import Subscription
from outbox import actions as outbox
from outbox.choices import Lane, State
from outbox.models import Letter
from outbox.transport import Outcome
from tests.factories.actors import SubscriptionFactory
from tests.factories.projects import ProjectFactory
from tests.factories.territory import MunicipalityFactory, ThemeFactory
from tests.portal.digest.weeks import DUE, html_of, read, text_of, write


def one_letter() -> Letter:
    SubscriptionFactory(email="zelie@exemple.invalid")
    write()
    return Letter.objects.get(kind="subscription.digest")


def test_the_letter_in_text_and_html(programme):
    letter = one_letter()
    assert letter.subject == "Vélo, et 3 autres nouvelles"
    text, html = text_of(letter), html_of(letter)
    assert text.startswith("4 nouvelles du territoire, publiées depuis le jeudi 19\u00a0novembre 2026, ")
    html5lib.HTMLParser(strict=True).parse(html)
    for whole in (text, html):
        for word in ("Vélo", "Isoler", "Agenda commun", "Une salle", "Maison Fictive", "Incourt"):
            assert word in whole
    assert re.findall(r"^[A-ZÉ ]+$", text, re.MULTILINE) == [
        "FORMATIONS ET RENCONTRES",
        "PROJETS",
        "BESOINS PARTAGÉS",
    ]
    assert "dimanche 13\u00a0décembre 2026, de 19\u00a0h à 21\u00a0h" in text

    def found(whole):
        return set(re.findall(r"http://testserver/[^\s\"<]+", whole))

    assert found(text) == found(html)
    assert "tous les thèmes" in text
    assert "tout le territoire" in html


def test_every_link_of_the_letter_leads_somewhere_and_one_click_stops(programme):
    letter = one_letter()
    message = read(letter)
    assert (letter.lane, message["List-Unsubscribe-Post"]) == (Lane.BULK, "List-Unsubscribe=One-Click")
    assert message["Reply-To"] == "bonjour@exemple.invalid"
    links = re.findall(r"http://testserver(/[^\s\"<]+)", text_of(letter))
    assert [Client().get(path).status_code for path in links] == [200] * 6
    stop = message["List-Unsubscribe"].strip(" <>").removeprefix("http://testserver")
    assert stop in links
    Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert Subscription.objects.get().state == "stopped"


def test_one_thing_alone_is_told_in_the_singular_and_names_the_choices(db):
    theme, place = ThemeFactory(name="Mobilité"), MunicipalityFactory(name="Incourt")
    SubscriptionFactory(themes=[theme], municipalities=[place], about_needs=False)
    ProjectFactory(title="Agenda\ncommun")
    write()
    letter = Letter.objects.get()
    assert letter.subject == "Agenda commun"
    assert "Une nouvelle du territoire, publiée depuis le" in text_of(letter)
    assert "Vos choix\u00a0: formations et rencontres, projets\u00a0; Mobilité\u00a0; Incourt." in text_of(
        letter
    )
    assert "Publiée depuis le" in html_of(letter)
    assert "autre" not in text_of(letter)


@pytest.mark.parametrize(
    ("n", "subject", "rest"),
    [
        (2, "et 1 autre nouvelle", None),
        (8, "et 7 autres nouvelles", None),
        (9, "et 8 autres nouvelles", "Et 1 autre\u00a0: voir toute la liste"),
        (12, "et 11 autres nouvelles", "Et 4 autres\u00a0: voir toute la liste"),
    ],
)
def test_a_long_week_names_the_first_eight_and_counts_the_others(db, n, subject, rest):
    SubscriptionFactory()
    for number in range(n):
        ProjectFactory(title=f"Projet {number:02}")
    write()
    letter = Letter.objects.get()
    assert letter.subject == f"Projet 00, {subject}"
    assert len(re.findall(r"^\* Projet", text_of(letter), re.MULTILINE)) == min(n, 8)
    assert re.findall(r"Et .*liste", text_of(letter)) == ([rest] if rest else [])


def test_a_title_is_text_in_the_letter(db):
    SubscriptionFactory()
    ProjectFactory(title="<script>alert(1)</script>")
    write()
    assert "<script>" not in html_of(Letter.objects.get())
    assert "<script>" in text_of(Letter.objects.get())


@pytest.fixture
def post(monkeypatch):
    """Send what waits to a server that takes everything; return the addresses reached."""

    def go() -> list[str]:
        reached = []

        class Server:
            def send(self, sender, recipients, source):
                reached.extend(recipients)
                return Outcome(reached=list(recipients))

        for letter in outbox.claim_next(Lane.BULK):
            outbox.deliver(letter, Server())
        return reached

    return go


def test_who_stops_between_writing_and_sending_gets_nothing(programme, post):
    stays, goes, erased, moved = (
        SubscriptionFactory(email=f"{name}@exemple.invalid") for name in ("reste", "part", "efface", "change")
    )
    write()
    with time_machine.travel(DUE, tick=False):
        actions.stop_subscription(goes)
        erased.delete()
        Subscription.objects.filter(pk=moved.pk).update(email="neuve@exemple.invalid")
        assert post() == [stays.email]
    reasons = dict(Letter.objects.filter(state=State.CANCELLED).values_list("recipients", "last_error"))
    assert reasons == {
        "part@exemple.invalid": "La personne a arrêté son abonnement.",
        "efface@exemple.invalid": "L’abonnement n’existe plus.",
        "change@exemple.invalid": "L’adresse a été effacée ou changée.",
    }
