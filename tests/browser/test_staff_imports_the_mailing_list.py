"""The team brings in its mailing list line by line, with the origin of the consent, and invites a referent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from actors.models import Contact
from tests.browser.journeys import Mailbox, fits_a_phone, leave_table, lines_shown, link_in
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,  # the workers are processes: they cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]
LIST = (
    "Prénom;Nom;Fonction;Courriel;GSM;Association\r\n"
    "Odile;Fictive;présidente;Odile@Exemple.invalid;;Les Abeilles\r\n"
    "Odile;Fictive;secrétaire;odile@exemple.invalid;;Les Jardins\r\n"
    "Odile;Fictive;membre;odile@exemple.invalid;;Le Verger\r\n"
    "Basile;Fictif;trésorier;odile@exemple.invalid;475 00 00 01;Les Abeilles\r\n"
    "Zoé;Sans-Mail;;;;Le Verger\r\n"
)
SHARED = "odile@exemple.invalid"
PAPER = "fiche papier du 12/01/2026"
CLUBS = ["Les Abeilles", "Les Jardins", "Le Verger"]
WORK = 60_000
"""Milliseconds that the page may wait for the worker on a busy machine."""


@pytest.fixture
def desk(chromium, live_server) -> Iterator[Page]:
    """The browser of a member of the team; three associations are there."""
    for name in CLUBS:
        ActorFactory(name=name)
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        yield context.new_page()


def leave(desk: Page) -> None:
    """Leave the list, as a spreadsheet of Windows writes it."""
    leave_table(desk, "contact", "publipostage.csv", LIST.encode("cp1252"), "Liste de publipostage")


def shown(desk: Page, tab: str) -> list[str]:
    """Open a tab of the preview, and read its lines."""
    link = desk.get_by_role("link", name=tab)
    link.click(timeout=WORK)
    expect(link).to_have_attribute("aria-current", "page")
    assert fits_a_phone(desk)
    return lines_shown(desk)


def test_the_mailing_list_is_read_line_by_line_and_written_once(desk, workers):
    leave(desk)
    desk.get_by_label("Consentement à recevoir nos campagnes").select_option(
        label="toutes les personnes de ce fichier l’ont donné"
    )
    desk.get_by_role("button", name="Préparer l’aperçu").click()
    expect(desk.get_by_text("Un consentement a une origine, un texte et une date.")).to_have_count(3)
    desk.get_by_label("Origine du consentement").fill(PAPER)
    desk.get_by_label("Version du texte accepté").fill("2026-01")
    desk.get_by_label("Donné le").fill("12/01/2026")
    desk.get_by_role("button", name="Préparer l’aperçu").click()
    with workers("reports"):
        assert shown(desk, "À créer (2)") == [
            f"2 Odile Fictive fonction : présidente adresse e-mail : {SHARED} "
            f"consentement : {PAPER} organisations : Les Abeilles",
            f"6 Zoé Sans-Mail consentement : {PAPER} organisations : Le Verger",
        ]
        assert shown(desk, "À modifier (2)") == [
            "3 Odile Fictive organisations : Les Abeilles → Les Abeilles, Les Jardins "
            "même personne qu’à la ligne 2",
            "4 Odile Fictive organisations : Les Abeilles, Les Jardins → Les Abeilles, Les Jardins, Le Verger "
            "même personne qu’à la ligne 2",
        ]
        shown(desk, "Doublons possibles (1)")
        expect(desk.get_by_text("« Odile Fictive » : même adresse e-mail")).to_be_visible()
        desk.get_by_label("Décision pour la ligne 5").select_option(
            label="C’est une autre personne : l’ajouter (sans l’adresse e-mail si elle est prise)"
        )
        desk.get_by_role("button", name="Enregistrer ces décisions").click()
        assert shown(desk, "À créer (3)")[1].startswith(
            f"5 Basile Fictif fonction : trésorier téléphone : 0475 00 00 01 consentement : {PAPER} "
            "organisations : Les Abeilles ajoutée sans adresse e-mail : elle est celle d’une autre personne"
        )
        assert Contact.objects.count() == 0
        desk.get_by_role("button", name="Écrire ces 5 lignes").click()
        expect(desk.get_by_text("3 créations, 2 modifications", exact=True)).to_be_visible(timeout=WORK)
        written = known()
        assert written == [
            ("Basile Fictif", "", ["Les Abeilles"], [PAPER]),
            ("Odile Fictive", SHARED, ["Le Verger", "Les Abeilles", "Les Jardins"], [PAPER]),
            ("Zoé Sans-Mail", "", ["Le Verger"], [PAPER]),
        ]

        leave(desk)
        expect(desk.get_by_label("Origine du consentement")).to_have_value(PAPER)
        desk.get_by_role("button", name="Préparer l’aperçu").click()
        expect(desk.get_by_text("0 changement", exact=True)).to_be_visible(timeout=WORK)
        assert len(shown(desk, "Sans changement (5)")) == 5
    assert known() == written
    desk.goto("/bureau/actors/contact/")
    desk.get_by_role("link", name="Oui, par une campagne").click()
    expect(desk.get_by_text("1 contact", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name="Odile Fictive")).to_be_visible()


def known() -> list[tuple[str, str, list[str], list[str]]]:
    """Return who is known: name, address, organisations, origins of consent."""
    return [
        (
            one.name,
            one.email,
            sorted(actor.name for actor in one.actors.all()),
            [consent.source for consent in one.consents.all()],
        )
        for one in Contact.objects.order_by("name")
    ]


def test_somebody_of_the_list_is_invited_as_referent_by_a_letter(desk, workers, smtp_server, live_server):
    mailbox = Mailbox(smtp_server)
    desk.goto("/bureau/actors/actor/?q=verger")
    desk.get_by_role("link", name="Le Verger").click()
    desk.get_by_role("link", name="Inviter un référent").click()
    expect(desk.get_by_label("Référent")).to_be_checked()
    desk.get_by_label("Adresse e-mail").fill(SHARED)
    desk.get_by_role("button", name="Envoyer l’invitation").click()
    expect(desk.get_by_role("status")).to_have_text(f"L’invitation est en route vers {SHARED}.")
    waiting = desk.get_by_role("listitem").filter(has_text=SHARED)
    expect(waiting).to_contain_text("invité référent")
    assert fits_a_phone(desk)
    with workers("letters"):
        [letter] = mailbox.open((SHARED, "Le Verger vous invite"))
    assert link_in(letter, "/membre/lien/").startswith(live_server.url)
    assert mailbox.is_exhausted()
    waiting.get_by_role("button", name="Retirer").click()
    expect(desk.get_by_role("status")).to_have_text(f"C’est fait : {SHARED} n’est plus dans la liste.")
