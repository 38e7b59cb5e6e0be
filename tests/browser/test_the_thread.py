"""The whole thread, by real letters: a survey, needs, a project, a session, and the diagnostic that tells it all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from actors.models import Actor
from invitations.models import Invitation
from territory.models import Dimension, Municipality
from tests.browser.journeys import (
    CODE,
    LAYOUT,
    Mailbox,
    ask_for_code,
    downloaded,
    give_code,
    link_in,
    printed,
    request_diagnostic,
    words,
)
from tests.chromium import look
from tests.factories.accounts import ManagerFactory, TeamFactory
from tests.factories.actors import ActorFactory
from tests.factories.invitations import writable_contact
from tests.factories.needs import SurveyFactory, small_questionnaire
from tests.factories.trainings import TrainingSessionFactory
from tests.outbox.workers import wait_until
from tests.servers import Letter
from trainings.models import TrainingSession
from typography import dates, elision

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgresql,  # the worker is a process: it cannot share an SQLite database in memory
    pytest.mark.django_db(transaction=True),
]
SURVEY = "Vos communes et le numérique"
SHARED_NEED = "Un agenda commun des salles"
PROJECT = "Réserver une salle en trois clics"
LEAD = "Les Salles Fictives"
TRAINING = "Cartographier les haies"


@dataclass(frozen=True)
class Commune:
    """A commune, who answers for it, what it lacks, its level everywhere, and whether it accepts to be named."""

    name: str
    writer: str
    email: str
    lacks: str
    level: str
    named: bool


JODOIGNE = Commune(
    "Jodoigne",
    "Colette Haie",
    "colette@jodoigne.invalid",
    lacks="Savoir quelle salle est libre",
    level="En place",
    named=True,
)
INCOURT = Commune(
    "Incourt",
    "Denis Labour",
    "denis@incourt.invalid",
    lacks="Prêter nos salles aux voisins",
    level="On en parle",
    named=False,
)
ALINE, BASILE = "aline@exemple.be", "basile@exemple.be"


@pytest.fixture
def communes(territory) -> None:
    """The communes' own sheets, and somebody to write to in two of them."""
    call_command("load_communes", verbosity=0)
    for commune in (JODOIGNE, INCOURT):
        writable_contact(
            name=commune.writer,
            email=commune.email,
            actors=Actor.objects.filter(name=commune.name),
        )


@pytest.fixture
def survey(communes):
    """An open survey of the communes, that asks for a need and a level in each dimension."""
    questionnaire = small_questionnaire(list(Dimension.objects.all()))
    return SurveyFactory(title=SURVEY, questionnaire=questionnaire)


@pytest.fixture
def session(communes) -> TrainingSession:
    """An announced session in Jodoigne, with one seat."""
    place = Municipality.objects.get(name=JODOIGNE.name)
    return TrainingSessionFactory(training__title=TRAINING, municipality=place, capacity=1)


@pytest.fixture
def mailbox(smtp_server) -> Mailbox:
    """Where everybody's letters arrive."""
    return Mailbox(smtp_server)


@pytest.fixture
def desk(communes, chromium, live_server) -> Iterator[Page]:
    """The browser of a member of the team, at the desk."""
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        yield context.new_page()


@pytest.fixture
def visit(chromium, live_server):
    """A function that opens the browser of somebody without an account."""
    return lambda width=1280: look(chromium, live_server.url, width=width)


# The survey ----------------------------------------------------------------------------------------------


def silent_communes(desk: Page) -> str:
    """What the desk's first page says of the communes that have not answered, up to the survey's name."""
    desk.goto(reverse("admin:index"))
    line = desk.locator(".desk-line").filter(has_text="répondu")
    return words(line.inner_text()).partition(" :")[0]


def invite(desk: Page) -> None:
    """From the desk's line to the survey, its invitation, the letter as one of them gets it, and the launch."""
    desk.get_by_role("link", name="communes n’ont pas répondu").click()
    desk.get_by_role("button", name="Inviter à répondre").click()
    expect(desk.get_by_text("Les destinataires sont prêts.")).to_be_visible()
    desk.get_by_label("Montrer la lettre de").select_option(label=JODOIGNE.writer)
    desk.get_by_role("button", name="Montrer").click()
    preview = desk.get_by_role("region", name="Lettre en texte")
    expect(preview).to_contain_text(f"demande à {JODOIGNE.name} où elle en est et ce qui lui manque")
    desk.get_by_role("link", name="Lancer", exact=True).click()
    desk.get_by_role("button", name="Envoyer ces 2 lettres").click()
    expect(desk.get_by_text("Les lettres partent.")).to_be_visible()


def answer(page: Page, letter: Letter, commune: Commune) -> None:
    """Open the personal link of a letter, answer section by section, read over, and send."""
    page.goto(link_in(letter, "/invitation/"))
    page.get_by_role("button", name="Commencer").click()
    page.get_by_role("button", name=f"Répondre pour {commune.name}").click()
    page.get_by_role("link", name="Continuer").click()
    page.get_by_label("Ce qui manque").fill(commune.lacks)
    page.get_by_role("button", name="Section 2").click()
    page.get_by_role("heading", name="Nos niveaux", level=1).wait_for()
    criteria = page.get_by_role("group")
    expect(criteria).to_have_count(Dimension.objects.count())
    for criterion in criteria.all():
        criterion.get_by_text(commune.level).check()
    page.get_by_role("button", name="Relire et envoyer").click()
    expect(page.get_by_role("main")).to_contain_text(commune.lacks)
    page.get_by_label("Nous acceptons d’être nommés").set_checked(commune.named)
    page.get_by_role("button", name=f"Envoyer pour {commune.name}").click()
    page.get_by_role("heading", name=f"Où en est {commune.name}").wait_for()


def invitations_told(desk: Page) -> str:
    """What the survey's page says of its campaign, reached from the desk."""
    desk.goto(reverse("admin:index"))
    desk.get_by_role("link", name="communes n’ont pas répondu").click()
    return words(desk.get_by_role("link", name=SURVEY).last.inner_text())


# Needs, a project ----------------------------------------------------------------------------------------


def make_need(desk: Page, commune: Commune) -> None:
    """Make a need of what a commune wrote."""
    desk.goto(reverse("admin:needs_response_changelist"))
    desk.get_by_role("link", name=commune.name).click()
    desk.get_by_role("button", name="En faire un besoin : Un besoin").click()
    expect(desk.get_by_text("Le besoin est noté")).to_be_visible()


def act_on_needs(desk: Page, action: str, *, title: str = "", told: str) -> None:
    """Choose both needs in their list, and one of its actions; read what came of it."""
    desk.goto(reverse("admin:needs_need_changelist"))
    for commune in (JODOIGNE, INCOURT):
        desk.get_by_role("row").filter(has_text=commune.lacks).get_by_role("checkbox").check()
    desk.get_by_role("combobox", name="Action").select_option(label=action)
    desk.get_by_label("Titre du besoin mutualisé").fill(title)
    desk.get_by_role("button", name="Envoyer").click()
    expect(desk.get_by_text(told)).to_be_visible()


def publish_shared_need(desk: Page) -> None:
    """Let everybody read the shared need of which the page is open."""
    desk.get_by_label("publié", exact=False).check()
    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(desk.get_by_text("est enregistré")).to_be_visible()


def make_project(desk: Page) -> None:
    """Make a project of the one shared need that waits for an answer, and publish it."""
    desk.goto(reverse("admin:projects_project_changelist"))
    desk.get_by_role("link", name="Faire un projet d’un besoin (1 besoin attend)").click()
    desk.get_by_label("Besoin mutualisé").select_option(label=SHARED_NEED)
    desk.get_by_label("Titre du projet").fill(PROJECT)
    desk.get_by_role("combobox", name="Porteur").click()
    desk.get_by_role("searchbox").fill(LEAD)
    desk.get_by_role("option", name=LEAD).click()
    desk.get_by_role("button", name="En faire un projet").click()
    expect(desk.get_by_text(f"« {PROJECT} » est annoncé")).to_be_visible()
    desk.get_by_role("button", name="Publier").click()
    expect(desk.get_by_role("button", name="Retirer du site")).to_be_visible()


def read_shared_need(page: Page) -> tuple[list[str], str]:
    """From the list of shared needs: who is named with this one, and what the page says in all."""
    page.goto("/besoins/")
    page.get_by_role("link", name=SHARED_NEED).click()
    page.get_by_role("heading", name=SHARED_NEED, level=1).wait_for()
    page.wait_for_load_state()
    places = page.get_by_role("region", name="Jusqu’où va chacune").get_by_role("listitem")
    told = [words(place.inner_text()) for place in places.all()]
    return [place for place in told if "rien encore" not in place], words(page.locator("main").inner_text())


# A session -----------------------------------------------------------------------------------------------


def register(page: Page, name: str, email: str, told: str) -> None:
    """Find the session, give one's name and address, and read what came of it."""
    page.goto(reverse("trainings:session_list"))
    page.get_by_role("link", name=TRAINING).click()
    page.locator("aside").get_by_role("link", name="Je m’inscris").or_(
        page.locator("aside").get_by_role("link", name="Me mettre en attente")
    ).click()
    page.get_by_label("Votre nom").fill(name)
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Commune").select_option(JODOIGNE.name)
    page.get_by_label("J’accepte").check()
    page.get_by_role("button", name="Je m’inscris").click()
    expect(page.get_by_role("listitem").filter(has_text=name)).to_contain_text(told)


def cancel(page: Page, letter: Letter) -> None:
    """Look at one's registration by the link of a letter, again, and only then give the seat back."""
    for _glance in range(2):
        page.goto(link_in(letter, "/inscriptions/"))
        page.get_by_text("Place réservée").wait_for()
    page.locator("summary", has_text="Annuler mon inscription").click()
    page.get_by_role("button", name="Oui, annuler mon inscription").click()
    page.get_by_text("C’est annulé").wait_for()


def take(page: Page, letter: Letter) -> None:
    """Take the seat that a letter offers."""
    page.goto(link_in(letter, "/inscriptions/"))
    page.get_by_role("button", name="Je prends la place").click()
    page.get_by_text("La place est à vous").wait_for()


def attached(letter: Letter) -> list[str]:
    """The kinds of the files that a letter brings."""
    return [part.get_content_type() for part in letter.message.iter_attachments()]


def hold(desk: Page, session: TrainingSession) -> str:
    """Let the session's day pass, and say at the desk that it took place; return the year in which it did."""
    day = session.days.get()
    day.date = timezone.localdate() - timedelta(days=1)
    day.save()
    desk.goto(reverse("admin:trainings_trainingsession_change", args=[session.pk]))
    desk.get_by_role("button", name="Marquer comme tenue").click()
    expect(desk.get_by_text("La séance est maintenant « ")).to_be_visible()
    return str(day.date.year)


# The walk ------------------------------------------------------------------------------------------------


def test_from_a_survey_to_the_diagnostic_that_tells_what_came_of_it(
    desk, visit, survey, session, workers, mailbox
):
    ActorFactory(name=LEAD)
    manager = ManagerFactory()
    with workers("letters,bulk,reports"):
        # Two communes are invited, and answer.
        assert silent_communes(desk) == (
            "7 communes n’ont pas répondu"
            " Beauvechain, Hélécine, Incourt, Jodoigne, Orp-Jauche, Perwez, Ramillies"
        )
        invite(desk)
        subject = f"Votre réponse à l’enquête {survey.edition}"
        letters = mailbox.open((JODOIGNE.email, subject), (INCOURT.email, subject))
        for commune, letter in zip((JODOIGNE, INCOURT), letters, strict=True):
            with visit() as context:
                answer(context.new_page(), letter, commune)
            mailbox.open((commune.email, f"Bien reçue : la réponse {elision.of(commune.name)}"))
        assert invitations_told(desk) == f"{SURVEY}, lancée : 2 ont répondu, de 2"
        assert Invitation.objects.filter(answered_at=None).count() == 0
        assert silent_communes(desk) == (
            "5 communes n’ont pas répondu Beauvechain, Hélécine, Orp-Jauche, Perwez, Ramillies"
        )

        # What both lack becomes one shared need, and a project; they are told of each step.
        for commune in (JODOIGNE, INCOURT):
            make_need(desk, commune)
        act_on_needs(desk, "Qualifier", told="2 besoins qualifiés.")
        mailbox.open(*both("Nous avons bien compris"))
        act_on_needs(desk, "Mutualiser, sous ce titre", title=SHARED_NEED, told=f"« {SHARED_NEED} » est créé")
        mailbox.open(*both("Vous n’êtes pas seuls"))
        publish_shared_need(desk)
        make_project(desk)
        mailbox.open(*both("Une réponse se prépare"))
        with visit() as context:
            named, said = read_shared_need(context.new_page())
        assert named == ["Jodoigne l’a dit, sans position"]
        for sentence in (
            "communes concernées 2 besoins réunis 2",
            "Et une commune, qui n’est pas nommée ici.",
            PROJECT,
            LEAD,
        ):
            assert sentence in said

        # The one seat of a session goes from hand to hand.
        when = f"{TRAINING}, {words(dates.day(session.starts_at, year=False))}"
        with visit(320) as context:
            aline = context.new_page()
            register(aline, "Aline Fictive", ALINE, "Place réservée")
            (seat,) = mailbox.open((ALINE, f"Vous avez une place : {when}"))
            assert attached(seat) == ["text/calendar"]
            with visit(320) as other:
                register(other.new_page(), "Basile Fictif", BASILE, "En attente, rang 1")
            (wait,) = mailbox.open((BASILE, f"En attente, rang 1 : {when}"))
            assert attached(wait) == []
            cancel(aline, seat)
        _gone, free = mailbox.open(
            (ALINE, f"Inscription annulée : {when}"), (BASILE, f"Une place pour vous, à confirmer : {when}")
        )
        with visit(320) as context:
            take(context.new_page(), free)
        (seat,) = mailbox.open((BASILE, f"Vous avez une place : {when}"))
        assert attached(seat) == ["text/calendar"]
        year = hold(desk, session)

        # The diagnostic of one of these communes tells all of it.
        with visit() as context:
            page = context.new_page()
            page.goto("/")
            ask_for_code(page, manager.email)
            give_code(page, *mailbox.open((manager.email, CODE)))
            request_diagnostic(page, JODOIGNE.name, year)
            page.get_by_role("link", name="Diagnostic complet").wait_for(timeout=LAYOUT)
            data = json.loads(downloaded(page, "Toutes les données").path().read_bytes())
            sheet = PdfReader(downloaded(page, "Fiche communale").path())
            report = PdfReader(downloaded(page, "Diagnostic complet").path())
        wait_until(mailbox.is_exhausted, "every letter that was written has been read here")
    tells_all(data, sheet, report, year)


def both(step: str) -> list[tuple[str, str]]:
    """The envelopes in which both communes are told of a step of what they lack."""
    return [(commune.email, f"{step} : {commune.lacks}") for commune in (JODOIGNE, INCOURT)]


def tells_all(data: dict, sheet: PdfReader, report: PdfReader, year: str) -> None:
    """The data hold what happened above, and both printed documents say what the data hold."""
    (need,), (project,) = data["needs"]["needs"], data["projects"]["projects"]
    whole = data["maturity"]["lines"][-1]
    assert (whole["own"], whole["territory"]) == (75, 50)  # level 3 of 4; the mean of levels 3 and 1
    assert (need["title"], need["importance"], need["own"]) == (SHARED_NEED, 2, "voiced")
    assert (project["title"], project["lead"], project["needs"]) == (PROJECT, LEAD, [SHARED_NEED])
    trainings = data["trainings"]
    assert [trainings[key] for key in ("year", "sessions", "local")] == [int(year), 1, 1]
    assert trainings["registered"] == "masqué"  # the one person who came is not to be found again

    assert sheet.metadata.title == f"Fiche communale de Jodoigne, édition {year}"
    assert report.metadata.title == f"Diagnostic territorial de Jodoigne, édition {year}"
    for document in (sheet, report):
        text = printed(document)
        for told in (
            f"Ensemble {whole['own']}",
            f"{need['title']} {need['importance']} communes sur 7",
            f"Projet « {project['title']} », {project['state']}.",
            f"1 séance de formation en {year}, dont 1 dans la commune",
        ):
            assert told in text
