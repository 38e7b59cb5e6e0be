"""A citizen's whole way: two colleagues come, one gives up, a third waits and takes the seat; what follows the evening."""

import re
from datetime import timedelta

import pytest
import time_machine
import vobject
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from needs.models import Need
from portal.tasks import write_digests
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.territory import LAGFactory, MunicipalityFactory, ThemeFactory
from tests.factories.trainings import TrainingFactory, TrainingSessionFactory
from tests.servers import Letter
from trainings import actions
from trainings.models import TrainingSession

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BASILE, CLEMENCE, ALINE = "basile@exemple.be", "clemence@exemple.be", "aline@exemple.be"


class Post:
    """The letters that arrived, read once each."""

    def __init__(self, server) -> None:
        self._server, self._read = server, 0

    def __call__(self, *addresses: str) -> list[Letter]:
        """What came since the last time, written to exactly these people, in this order."""
        actions.tell()
        fresh = self._server.letters[self._read :]
        self._read += len(fresh)
        assert [letter.recipients for letter in fresh] == [[address] for address in addresses]
        return fresh


@pytest.fixture
def post(settings, live_server, smtp_server) -> Post:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SITE_URL = live_server.url
    return Post(smtp_server)


@pytest.fixture
def page(chromium, live_server):
    """A phone."""
    with look(chromium, live_server.url, width=320) as context:
        yield context.new_page()


@pytest.fixture
def session() -> TrainingSession:
    jodoigne = MunicipalityFactory(name="Jodoigne", slug="jodoigne")
    LAGFactory(area__municipalities=[jodoigne], email="bonjour@gal.exemple")
    haies = TrainingFactory(title="Cartographier les haies", themes=[ThemeFactory(name="Paysage")])
    return TrainingSessionFactory(training=haies, municipality=jodoigne, capacity=2)


def link(letter: Letter, path: str) -> str:
    """The one address of a letter that holds this path."""
    (found,) = set(re.findall(rf"http\S+{path}\S+", letter.text))
    return found


def entry(letter: Letter):
    """The calendar entry that a letter brings, read by another library than the one that wrote it."""
    (part,) = letter.message.iter_attachments()
    return vobject.readOne(part.get_content()).vevent


def subject(letter: Letter) -> str:
    return " ".join(str(letter.message["Subject"]).split()).partition(" :")[0]


def find(page: Page, title: str) -> None:
    """From the home page's navigation to the form."""
    page.goto(reverse("trainings:session_list"))
    page.locator("summary", has_text="Choisir parmi les séances").click()
    page.get_by_label("Chercher").fill("haies")
    page.get_by_role("button", name="Afficher").click()
    page.get_by_role("link", name=title).click()
    page.get_by_role("link", name=re.compile("inscri|attente", re.IGNORECASE)).first.click()


def test_from_the_catalogue_to_the_next_training(page, post, session):
    title = session.training.title

    # Two colleagues, from one form.
    find(page, title)
    page.get_by_role("button", name="Inscrire aussi un collègue").click()
    page.get_by_label("Votre nom").fill("Basile Fictif")
    page.get_by_label("Adresse e-mail").first.fill(BASILE)
    page.get_by_label("Nom du collègue 1").fill("Clémence Fictive")
    page.get_by_label("Son adresse e-mail (1)").fill(CLEMENCE)
    page.get_by_label("Commune").select_option("Jodoigne")
    page.get_by_label("J’accepte").check()
    page.get_by_role("button", name="J’inscris ces personnes").click()
    page.get_by_text("Place réservée").first.wait_for()
    of_basile, of_clemence = post(BASILE, CLEMENCE)
    assert (entry(of_basile).summary.value, entry(of_basile).sequence.value) == (title, "0")

    # A third waits; a colleague gives her own seat up, and nobody else's; it is offered, and taken.
    find(page, title)
    page.get_by_label("Votre nom").fill("Aline Fictive")
    page.get_by_label("Adresse e-mail").fill(ALINE)
    page.get_by_label("Commune").select_option("Jodoigne")
    page.get_by_label("J’accepte").check()
    page.get_by_role("button", name="Je m’inscris").click()
    page.get_by_text("En attente, rang 1").first.wait_for()
    post(ALINE)
    page.goto(link(of_clemence, "/inscriptions/"))
    page.locator("summary", has_text="Annuler mon inscription").click()
    page.get_by_role("button", name="Oui, annuler mon inscription").click()
    page.get_by_text("C’est annulé").wait_for()
    cancelled, offered = post(CLEMENCE, ALINE)
    assert entry(cancelled).status.value == "CANCELLED"
    page.goto(link(offered, "/inscriptions/"))
    page.get_by_role("button", name="Je prends la place").click()
    page.get_by_text("La place est à vous.").wait_for()
    (seated,) = post(ALINE)
    assert entry(seated).uid.value == entry(of_basile).uid.value
    states = session.registrations.order_by("position").values_list("name", "state")
    assert list(states) == [
        ("Basile Fictif", "confirmed"),
        ("Clémence Fictive", "cancelled"),
        ("Aline Fictive", "confirmed"),
    ]

    # The evening has been; Basile was there.
    day, odile = session.days.get(), TeamFactory()
    day.date = timezone.localdate() - timedelta(days=1)
    day.save()
    basile = session.registrations.get(email=BASILE)
    actions.mark_attendance(basile, day=day, attended=True, by=odile)
    actions.hold(session, by=odile)
    actions.issue_certificates(session, by=odile)
    actions.ask_evaluations(session, by=odile)
    certificate, question = post(BASILE, BASILE)
    page.goto(link(question, "/evaluations/"))
    for name in ("Ce sera utile", "C’était clair", "Le lieu et l’accueil"):
        page.get_by_role("group", name=name).get_by_label("5").check()
    page.get_by_label("Ce qui me manque").fill("Savoir tailler un saule têtard")
    page.get_by_label("J’accepte que le GAL en fasse un besoin").check()
    page.get_by_role("button", name="Envoyer mon avis").click()
    page.get_by_role("heading", name="Merci de votre avis").wait_for()
    need = Need.objects.get()
    assert (need.title, need.municipality.name, need.contact, need.author) == (
        "Savoir tailler un saule têtard",
        "Jodoigne",
        None,
        None,
    )
    page.goto(link(certificate, "/attestations/"))
    page.get_by_text("Cette attestation est valable.").wait_for()
    printed = page.request.get(page.get_by_role("link", name="Ouvrir l’attestation").get_attribute("href"))
    assert printed.body().startswith(b"%PDF-")

    # And is told of the next one.
    page.goto(reverse("trainings:session_list"))
    page.get_by_role("link", name="Me tenir au courant").first.click()
    page.get_by_label("Paysage").check()
    page.get_by_label("Adresse e-mail").fill(BASILE)
    page.get_by_role("button", name="Tenez-moi au courant").click()
    page.get_by_role("heading", name="Regardez votre boîte").wait_for()
    (asked,) = post(BASILE)
    page.goto(link(asked, "/abonnement/confirmer/"))
    page.get_by_role("button", name="Je confirme").click()
    page.get_by_role("heading", name="C’est fait").wait_for()
    saules = TrainingFactory(title="Tailler un saule têtard", themes=list(session.training.themes.all()))
    TrainingSessionFactory(training=saules, days=[timezone.localdate() + timedelta(days=40)])
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        write_digests()
    (news,) = post(BASILE)
    assert "Tailler un saule têtard" in news.text
    assert title not in news.text
