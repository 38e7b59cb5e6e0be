"""Staff write a campaign, choose to whom, launch it, plan a reminder, and watch the letters leave."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from invitations import tasks
from outbox import actions as outbox
from outbox import nudge
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import EnterpriseFactory
from tests.factories.invitations import CampaignFactory, writable_contact
from tests.factories.territory import LAGFactory, MunicipalityFactory

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def real_outbox(settings, monkeypatch):
    """Letters leave when the test says so; the server is real."""
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)


@pytest.fixture
def people(transactional_db):
    here = MunicipalityFactory(name="Val-Fictif")
    LAGFactory(area__municipalities=[here], email="equipe@gal.invalid")
    brewery = EnterpriseFactory(name="Brasserie Fictive", municipality=here)
    return [writable_contact(name=name, actors=[brewery]) for name in ("Ada Fictive", "Bob Exemple")]


def test_staff_run_a_campaign_with_a_reminder_and_watch_it(chromium, live_server, people, smtp_server):
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        page = context.new_page()
        page.goto("/bureau/invitations/campaign/add/")
        page.get_by_label("Titre").fill("Rencontre des brasseries")
        page.get_by_label("Objet").fill("Une rencontre, {prenom}")
        page.get_by_label("Texte", exact=False).first.fill("Bonjour {prenom},\n\nVenez en parler.\n\n{lien}")
        page.get_by_label("Page d’arrivée").fill("/territoire/")
        page.get_by_role("button", name="Enregistrer", exact=True).click()

        page.get_by_label("Val-Fictif").check()
        page.get_by_role("button", name="Voir qui cela fait").click()
        page.get_by_role("button", name="Ajouter ces 2 personnes").click()
        page.get_by_role("link", name="Lancer", exact=True).click()
        page.get_by_role("button", name="Envoyer ces 2 lettres").click()
        expect(page.locator("[data-words]")).to_have_text("0 lettre partie sur 2.")
        outbox.sweep()
        # The page sees it by itself: the bar ends, and the page tells the result.
        expect(page.get_by_text("2 lettres parties sur 2.")).to_be_visible()
        expect(page.locator("progress")).to_have_count(0)

        later = timezone.localtime() + timedelta(days=8)
        page.get_by_role("link", name="Relancer", exact=True).click()
        page.get_by_label("Jour et heure").fill(later.strftime("%Y-%m-%dT%H:%M"))
        page.get_by_role("button", name="Prévoir").click()
        expect(
            page.get_by_text("Si elle partait maintenant, la prochaine écrirait à 2 personnes.")
        ).to_be_visible()
        with time_machine.travel(later + timedelta(minutes=1)):
            tasks.sweep()
            outbox.sweep()
        page.get_by_role("link", name="Suivi").click()
        expect(page.get_by_text("4 lettres parties sur 4.")).to_be_visible()
        page.reload()
        expect(page.get_by_text("4 lettres parties sur 4.")).to_be_visible()
        with page.expect_download() as told:
            page.get_by_role("link", name="Télécharger cette liste (CSV)").click()
        lines = told.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert [line.split(";")[0] for line in lines] == ["Nom", "Ada Fictive", "Bob Exemple"]
    assert sorted(letter.recipients[0] for letter in smtp_server.letters) == sorted(
        2 * [one.email for one in people]
    )


def test_the_members_of_an_actor_are_found_by_its_name(chromium, live_server, people):
    campaign = CampaignFactory()
    writable_contact(actors=[EnterpriseFactory(name="Moulin Fictif")])
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        page = context.new_page()
        page.goto(f"/bureau/invitations/campaign/{campaign.pk}/audience/")
        page.get_by_role("searchbox", name="Membres de ces acteurs").press_sequentially("Brass")
        page.get_by_role("option", name="Brasserie Fictive").click()
        page.get_by_role("button", name="Voir qui cela fait").click()
        expect(page.get_by_role("heading", name="2 personnes à ajouter")).to_be_visible()
        expect(page.get_by_text("Membres de : Brasserie Fictive")).to_be_visible()
        page.get_by_text("Coller une liste d’adresses").click()
        page.get_by_label("Adresses e-mail").fill(f"{people[0].email}\ninconnue@exemple.invalid")
        page.get_by_role("button", name="Lire cette liste").click()
        expect(page.get_by_role("heading", name="1 personne à ajouter")).to_be_visible()
        expect(page.get_by_role("row", name="inconnue@exemple.invalid")).to_contain_text(
            "elle n’est pas ajoutée"
        )
        assert "exemple.invalid" not in page.url
        page.get_by_role("button", name="Ajouter cette personne").click()
        expect(page.get_by_text("1 personne est ajoutée.")).to_be_visible()
    assert list(campaign.invitations.values_list("contact", flat=True)) == [people[0].pk]
