"""The team's evening: a series made from one session, announced, moved, filled by phone, held, proved and reported."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from territory.choices import Level
from tests.browser.journeys import words
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.territory import LAGFactory, MunicipalityFactory, ObjectiveFactory
from tests.factories.trainings import TrainingFactory, TrainingSessionFactory
from trainings import actions
from trainings.actions import Person
from trainings.choices import SessionState
from trainings.models import TrainingSession

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BASILE = "basile@exemple.be"


@pytest.fixture
def draft(settings, smtp_server, live_server) -> TrainingSession:
    """A session that nobody knows of yet, of a training accounted under a « fiche-projet »."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SITE_URL = live_server.url
    jodoigne = MunicipalityFactory(name="Jodoigne", slug="jodoigne")
    LAGFactory(area__municipalities=[jodoigne])
    sheet = ObjectiveFactory(level=Level.ACTION_SHEET, title="Mobilité douce")
    training = TrainingFactory(title="Réparer un vélo", action_sheet=sheet, programme="Démonter\nRemonter")
    return TrainingSessionFactory(training=training, municipality=jodoigne, state=SessionState.DRAFT)


@pytest.fixture
def desk(chromium, live_server):
    with look(chromium, live_server.url, user=TeamFactory(name="Odile Fictive")) as context:
        yield context.new_page()


def change(session: TrainingSession) -> str:
    return f"/bureau/trainings/trainingsession/{session.pk}/change/"


def make_series(desk: Page, draft: TrainingSession) -> list[TrainingSession]:
    """Two more, a week apart, from the dates that the page shows first."""
    desk.goto(change(draft))
    desk.get_by_role("link", name="Refaire").click()
    first = draft.days.get().date + timedelta(days=7)
    desk.get_by_label("Première date").fill(first.isoformat())
    desk.get_by_label("Nombre de séances").fill("2")
    desk.get_by_role("button", name="Montrer les dates").click()
    desk.get_by_role("button", name="Créer ces 2 brouillons").dblclick()
    desk.get_by_text("brouillons").first.wait_for()
    made = list(TrainingSession.objects.exclude(pk=draft.pk).order_by("starts_at"))
    assert [one.days.get().date for one in made] == [first, first + timedelta(days=7)]
    return made


def test_from_a_series_to_the_report(desk, draft, smtp_server):
    session, _second = make_series(desk, draft)

    # Announced; somebody registers on the site; somebody else phones, and is there in two fields.
    desk.goto(change(session))
    desk.get_by_role("button", name="Publier").click()
    desk.get_by_text("La séance est maintenant « publiée ».").wait_for()
    actions.register(session=session, people=[Person(name="Basile Fictif", email=BASILE)], by=None)
    actions.tell()
    desk.goto("/bureau/")
    desk.get_by_role("link", name="Quelqu’un téléphone pour une formation").click()
    desk.get_by_role("link", name="Réparer un vélo").first.click()
    desk.get_by_label("Nom").first.fill("Odette Fictive")
    desk.get_by_label("Téléphone").first.fill("010 00 00 00")
    desk.get_by_role("button", name="Donner une place").first.click()
    desk.get_by_text("Odette Fictive a une place.").wait_for()

    # The date moves: who has an address is written to, the other stands on the list to phone.
    moved = session.days.get().date + timedelta(days=1)
    desk.goto(change(session))
    desk.locator("input[name='days-0-date']").fill(moved.strftime("%d/%m/%Y"))
    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    desk.get_by_text("Réparer un vélo").first.wait_for()
    assert [
        (letter.recipients, words(str(letter.message["Subject"])).partition(" :")[0])
        for letter in smtp_server.letters
    ] == [([BASILE], "Vous avez une place"), ([BASILE], "Changement")]

    # The evening comes: one by one, and somebody who had not registered.
    day = session.days.get()
    assert day.date == moved
    day.date = timezone.localdate()
    day.start_time = day.start_time.replace(hour=0, minute=1)
    day.save()
    desk.goto(f"/bureau/trainings/trainingsession/{session.pk}/appel/")
    for name in ("Basile Fictif", "Odette Fictive"):
        desk.get_by_role("group", name=name).get_by_role("button", name="Présent").click()
    desk.get_by_label("Nom").first.fill("Zoé Imprévue")
    desk.get_by_role("button", name="Ajouter").click()
    expect(desk.get_by_text("Présents : 3")).to_be_visible()
    desk.wait_for_load_state("networkidle")

    # And is over.
    day.date = timezone.localdate() - timedelta(days=1)
    day.save()
    desk.goto(change(session))
    desk.get_by_role("button", name="Marquer comme tenue").click()
    desk.get_by_text("La séance est maintenant « tenue ».").wait_for()
    desk.get_by_role("link", name="Après la séance").click()
    scan = {"name": "feuille.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 scan"}
    desk.get_by_label("Feuille signée, numérisée").set_input_files(scan)
    desk.get_by_role("button", name="Garder la feuille").click()
    desk.get_by_text("La feuille signée est gardée.").wait_for()
    desk.get_by_role("button", name="Délivrer les attestations").click()
    desk.get_by_text("3 attestations sont délivrées.").wait_for()
    with desk.expect_download() as waiting:
        desk.get_by_role("link", name="Télécharger le dossier (ZIP)").click()
    with zipfile.ZipFile(waiting.value.path()) as packed:
        assert packed.read("5-feuille-signee.pdf") == b"%PDF-1.4 scan"
        present = packed.read("2-presences.csv").decode("utf-8-sig").splitlines()[1:]
    assert [line.split(";")[0] for line in present] == ["Basile Fictif", "Odette Fictive", "Zoé Imprévue"]

    # The report of its « fiche-projet » says the same.
    desk.goto("/bureau/")
    desk.get_by_role("link", name="Rapport d’activité et statistiques").click()
    desk.get_by_label("Fiche-projet").select_option(label=str(session.training.action_sheet))
    desk.get_by_label("Du", exact=True).fill((timezone.localdate() - timedelta(days=5)).isoformat())
    desk.get_by_role("button", name="Afficher").click()
    expect(desk.locator(".figures div").filter(has_text="présences").locator("dd").first).to_have_text("3")
    expect(desk.get_by_role("row", name="Réparer un vélo")).to_contain_text("3")
    address = desk.get_by_role("link", name="Le rapport (PDF)").get_attribute("href")
    text = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(desk.request.get(address).body())).pages
    )
    assert "Mobilité douce" in text
    assert "Basile" not in text
    with desk.expect_download() as waiting:
        desk.get_by_role("button", name="Le rapport et ses preuves (ZIP)").click()
    with zipfile.ZipFile(waiting.value.path()) as packed:
        assert [name for name in packed.namelist() if name.endswith("5-feuille-signee.pdf")] == [
            f"seances/001-seance-{timezone.localdate() - timedelta(days=1)}-{session.training.slug}/5-feuille-signee.pdf"
        ]
