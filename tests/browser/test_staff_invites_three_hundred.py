"""Staff invite three hundred people with a real worker: chosen, tried, launched, reminded, the others phoned."""

import io
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from actors.models import Consent, Contact
from invitations import actions
from invitations.models import Campaign, Invitation, Sending
from tests.browser.journeys import fits_a_phone, printed
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import EnterpriseFactory
from tests.factories.invitations import writable_contact
from tests.factories.territory import LAGFactory, MunicipalityFactory, ThemeFactory
from tests.outbox.workers import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,  # the worker is a process: it cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]
PEOPLE, WITHOUT_ADDRESS, ANSWERED = 300, 30, 100
WRITTEN = PEOPLE - WITHOUT_ADDRESS
WORK = 120_000
"""Milliseconds that the page may wait for hundreds of letters on a busy machine."""


@pytest.fixture
def people(transactional_db) -> list[Contact]:
    """Three hundred people of fifty enterprises that care about bread; every tenth has no address."""
    bread = ThemeFactory(name="Alimentation locale")
    places = [MunicipalityFactory(name=name) for name in ("Val-Fictif", "Mont-Fictif")]
    LAGFactory(area__municipalities=places, email="equipe@gal.invalid")
    bakeries = [EnterpriseFactory(municipality=places[n % 2], themes=[bread]) for n in range(50)]
    rows = [
        Contact(
            name=f"Personne{n:03} Fictive",
            email="" if n % 10 == 0 else f"personne{n}@exemple.invalid",
            phone=f"010 00 0{n // 100} {n % 100:02}",
        )
        for n in range(PEOPLE)
    ]
    for row in rows:
        row.fold_words()
    people = Contact.objects.bulk_create(rows)
    Consent.objects.bulk_create(
        Consent(contact=one, text_version="1", source="fiche fictive") for one in people
    )
    linked = Contact.actors.through
    linked.objects.bulk_create(
        linked(contact=one, actor=bakeries[n % len(bakeries)]) for n, one in enumerate(people)
    )
    # Somebody of another theme, who stays out of it.
    writable_contact(name="Autre Fictif", actors=[EnterpriseFactory(municipality=places[0])])
    return people


def test_three_hundred_people_are_invited_reminded_and_phoned(
    chromium, live_server, people, workers, smtp_server
):
    staff = TeamFactory(name="Odile Fictive", email="odile@gal.invalid")
    with look(chromium, live_server.url, user=staff) as context, workers("letters,bulk"):
        page = context.new_page()
        write(page)
        choose(page)
        try_it(page, smtp_server)
        launch(page)
        let_some_answer()
        remind(page, smtp_server)
        phone(page)
    written = [f"personne{n}@exemple.invalid" for n in range(PEOPLE) if n % 10]
    reminded = set(
        Invitation.objects.filter(answered_at=None)
        .exclude(contact__email="")
        .values_list("contact__email", flat=True)
    )
    assert len(reminded) == WRITTEN - ANSWERED
    arrived = [letter.recipients[0] for letter in smtp_server.letters]
    assert sorted(arrived) == sorted(["odile@gal.invalid", *written, *reminded])
    subjects = {str(letter.message["Subject"]).split(",")[0].strip() for letter in smtp_server.letters}
    assert subjects == {"[Essai] Une rencontre", "Une rencontre", "Rappel\u00a0: Une rencontre"}


def write(page: Page) -> None:
    """Write the campaign."""
    page.goto("/bureau/invitations/campaign/add/")
    page.get_by_label("Titre").fill("Rencontre des boulangeries")
    page.get_by_label("Objet").fill("Une rencontre, {prenom}")
    page.get_by_label("Texte", exact=False).first.fill(
        "Bonjour {prenom} de {organisation},\n\nVenez.\n\n{lien}"
    )
    page.get_by_label("Page d’arrivée").fill("/territoire/")
    page.get_by_role("button", name="Enregistrer", exact=True).click()


def choose(page: Page) -> None:
    """Choose people by family, municipality and theme; read how many, and why some get no letter."""
    for ticked in ("entreprises", "Val-Fictif", "Mont-Fictif", "Alimentation locale"):
        page.get_by_label(ticked).check()
    page.get_by_role("button", name="Voir qui cela fait").click()
    expect(page.get_by_role("heading", name=f"{PEOPLE} personnes à ajouter")).to_be_visible()
    expect(page.get_by_text(f"{WRITTEN} peuvent recevoir une lettre.")).to_be_visible()
    expect(page.get_by_text(f"{WITHOUT_ADDRESS} sans adresse e-mail")).to_be_visible()
    shown = page.get_by_role("table", name="Les premières personnes").get_by_role("row")
    assert shown.all_inner_texts()[1].split("\t")[0] == "Personne000 Fictive"
    assert fits_a_phone(page)
    chosen = page.url
    page.get_by_role("button", name=f"Ajouter ces {PEOPLE} personnes").click()
    expect(page.get_by_text(f"{PEOPLE} personnes sont ajoutées.")).to_be_visible()
    expect(page.get_by_text("thèmes : Alimentation locale")).to_be_visible()
    page.goto(chosen)  # the address of a choice is kept, and finds nobody new
    expect(page.get_by_text(f"{PEOPLE} autres correspondent aussi")).to_be_visible()


def try_it(page: Page, smtp_server) -> None:
    """Look at a letter, and have it sent to oneself."""
    page.get_by_role("link", name="Aperçu").click()
    page.get_by_label("Montrer la lettre de").select_option(label="Personne001 Fictive")
    page.get_by_role("button", name="Montrer").click()
    expect(page.get_by_role("region", name="Lettre en texte")).to_contain_text(
        "Bonjour Personne001 de Brasserie"
    )
    page.get_by_role("button", name="M’envoyer un essai à odile@gal.invalid").click()
    wait_until(lambda: len(smtp_server.letters) == 1, "the trial arrives")
    assert smtp_server.letters[0].recipients == ["odile@gal.invalid"]


def launch(page: Page) -> None:
    """Launch, and watch until all has left; the page sees it by itself."""
    page.get_by_role("link", name="Lancer", exact=True).click()
    page.get_by_role("button", name=f"Envoyer ces {WRITTEN} lettres").click()
    expect(page.get_by_text(f"{WRITTEN} lettres parties sur {WRITTEN}.")).to_be_visible(timeout=WORK)
    expect(page.locator("progress")).to_have_count(0)
    assert fits_a_phone(page)


def let_some_answer() -> None:
    """A hundred people answer, and a week goes by."""
    campaign = Campaign.objects.get()
    invited = campaign.invitations.exclude(contact__email="").order_by("pk")
    for public_id in invited.values_list("public_id", flat=True)[:ANSWERED]:
        actions.mark_answered(public_id)
    week = timedelta(days=8)
    Campaign.objects.update(launched_at=F("launched_at") - week)
    Sending.objects.update(written_at=F("written_at") - week)


def remind(page: Page, smtp_server) -> None:
    """Plan a reminder, see to whom it would go, then send it at once."""
    page.get_by_role("link", name="Relancer", exact=True).click()
    later = timezone.localtime() + timedelta(days=2)
    page.get_by_label("Jour et heure").fill(later.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Prévoir").click()
    left = WRITTEN - ANSWERED
    expect(page.get_by_text(f"la prochaine écrirait à {left} personnes.")).to_be_visible()
    page.get_by_role("button", name=f"Relancer ces {left} personnes").click()
    every = WRITTEN + left
    expect(page.get_by_text(f"{every} lettres parties sur {every}.")).to_be_visible(timeout=WORK)
    expect(
        page.get_by_text(f"{PEOPLE} personnes invitées, {ANSWERED} ont commencé, {ANSWERED} ont répondu.")
    ).to_be_visible()
    wait_until(lambda: len(smtp_server.letters) == every + 1, "all letters arrived")


def phone(page: Page) -> None:
    """Print the list of those to phone, and tick one."""
    page.get_by_role("link", name="Joindre autrement").click()
    expect(
        page.get_by_role("heading", name=f"{WITHOUT_ADDRESS} personnes qu’aucune lettre n’atteint, 0 jointe")
    ).to_be_visible()
    assert fits_a_phone(page)
    paper = printed(PdfReader(io.BytesIO(page.pdf())))
    assert paper.count("☐") == WITHOUT_ADDRESS
    assert "C’est fait" not in paper
    for person in ("Personne000 Fictive", "010 00 02 90"):
        assert person in paper
    page.get_by_role("button", name="C’est fait : Personne000 Fictive").click()
    expect(page.get_by_text("C’est noté pour Personne000 Fictive.")).to_be_visible()
    assert Invitation.objects.exclude(reached_at=None).get().reached_by.name == "Odile Fictive"
