"""Lists and papers of a session: what is taken away, whom to phone, what a person without an address takes home."""

import csv
import io

import pypdf
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import JournalEntry
from territory.models import LAG
from tests.chromium import look
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.trainings import (
    RegistrationFactory,
    RegistrationQuestionFactory,
    TrainingSessionFactory,
    held,
)


@pytest.fixture
def desk(db):
    """A client of the LAG's team, logged in a moment ago."""
    return logged_in(TeamFactory(name="Odile Fictive"))


@pytest.fixture
def session(jodoigne):
    """One person with a seat, one on the phone, one who waits, one who gave up."""
    session = TrainingSessionFactory(municipality=jodoigne, training__title="Les haies")
    RegistrationFactory(session=session, name="Aline Fictive", email="aline@exemple.invalid", position=1)
    phoned = {"email": "", "entered_by": "Odile Fictive", "phone": "010 00 00 00"}
    RegistrationFactory(session=session, name="Denis Fictif", position=2, **phoned)
    RegistrationFactory(session=session, name="Basile Fictif", position=3, state="waiting", **phoned)
    RegistrationFactory(session=session, name="Zoé Fictive", position=4, state="cancelled", **phoned)
    return session


def of(name, session, *more):
    return reverse(f"admin:{name}", args=[session.pk, *more])


def rows(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def words(response, tmp_path):
    """Return the text of a PDF that is PDF/UA-1."""
    import page

    path = tmp_path / "paper.pdf"
    path.write_bytes(response.content)
    assert page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1).is_compliant
    text = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    return " ".join(text.split())


# The table -----------------------------------------------------------------------------------------------


def test_everybody_is_in_the_table_with_marks_and_answers_and_the_journal_says_who_took_it(desk):
    session = held()
    question = RegistrationQuestionFactory(session=session, label="Repas")
    aline = RegistrationFactory(
        session=session,
        name="Aline Fictive",
        email="a@exemple.invalid",
        entered_by="",
        organisation_text="Haies",
    )
    aline.marks.create(day=session.days.get(), attended=True)
    aline.answers.create(question=question, text="Soupe")
    response = desk.get(of("trainings_session_export", session))
    header, row = rows(response)
    assert header[:6] == ["Nom", "État", "Organisation", "Commune", "Adresse e-mail", "Téléphone"]
    assert header[-1] == "Repas"
    assert (row[:5], row[-2:]) == (
        *(["Aline Fictive", "confirmée", "Haies", "", "a@exemple.invalid"], ["présent", "Soupe"]),
    )
    assert "attachment" in response["Content-Disposition"]
    entry = JournalEntry.objects.get(verb="session.people_exported")
    assert (entry.by_label, entry.facts) == ("Odile Fictive", {"people": 1})


@pytest.mark.parametrize("formula", ["=1+1", "+32 10", "-cmd", "@sum", "\t=1"])
def test_no_cell_is_a_formula(desk, formula):
    session = TrainingSessionFactory()
    question = RegistrationQuestionFactory(session=session, label=formula)
    person = RegistrationFactory(session=session, name=formula, organisation_text=formula, phone=formula)
    person.answers.create(question=question, text=formula)
    header, row = rows(desk.get(of("trainings_session_export", session)))
    for cell in (header[-1], row[0], row[2], row[5], row[-1]):
        assert cell.startswith("'")


def test_the_table_asks_for_the_password_again(desk, session):
    kept = desk.session
    del kept["account_authentication_methods"]
    kept.save()
    response = desk.get(of("trainings_session_export", session))
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/compte/reauthenticate/")
    assert JournalEntry.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_takes_the_same_queries_for_one_and_three(desk, django_assert_num_queries, count):
    session = held(capacity=3)
    for position in range(1, count + 1):
        RegistrationFactory(session=session, position=position)
    with django_assert_num_queries(12):
        desk.get(of("trainings_session_export", session))


# Papers --------------------------------------------------------------------------------------------------


def test_whom_to_phone_is_printed_those_with_a_seat_first_and_nobody_who_gave_up(desk, session, tmp_path):
    text = words(desk.get(of("trainings_session_calls", session)), tmp_path)
    assert "Denis Fictif 010 00 00 00 confirmée Basile Fictif 010 00 00 00 en attente" in text
    assert "Aline" not in text
    assert "Zoé" not in text


def test_a_confirmation_on_paper_says_what_the_letter_says(desk, session, tmp_path):
    LAG.objects.update(phone="010 00 00 99", email="bonjour@exemple.invalid")
    denis = session.registrations.get(name="Denis Fictif")
    text = words(desk.get(of("trainings_session_paper", session, denis.public_id)), tmp_path)
    assert "Vous avez une place Denis Fictif Les haies" in text
    assert "Ferme du Tilleul, Jodoigne Accès" in text
    assert "Plain-pied, toilette adaptée." in text
    assert "010 00 00 99 · bonjour@exemple.invalid" in text
    waiting = session.registrations.get(name="Basile Fictif")
    text = words(desk.get(of("trainings_session_paper", session, waiting.public_id)), tmp_path)
    assert "Vous êtes en attente Basile Fictif" in text
    assert "Rang 1" in text


def test_who_gave_up_or_belongs_to_another_session_has_no_paper(desk, session):
    gone = session.registrations.get(name="Zoé Fictive")
    assert desk.get(of("trainings_session_paper", session, gone.public_id)).status_code == 404
    other = RegistrationFactory()
    assert desk.get(of("trainings_session_paper", session, other.public_id)).status_code == 404


# The phone -----------------------------------------------------------------------------------------------


def test_from_the_first_page_two_links_lead_to_a_name_that_can_be_typed(desk, session):
    assert reverse("admin:trainings_phone") in desk.get("/bureau/").content.decode()
    html = desk.get(reverse("admin:trainings_phone")).content.decode()
    address = f"{of('trainings_session_people', session)}?telephone=1"
    assert f'href="{address}"' in html
    form = desk.get(address)
    assert form.context["form"]["name"].subwidgets[0].data["attrs"]["autofocus"] is True
    posted = {"name": "Nora Fictive", "phone": "010 00 00 01", "nonce": "c" * 32}
    desk.post(address, posted)
    assert session.registrations.filter(name="Nora Fictive").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_the_phone_asks_the_same_queries_for_one_and_three(
    desk, django_assert_num_queries, count
):
    for _number in range(count):
        RegistrationFactory(session=TrainingSessionFactory())
    with django_assert_num_queries(6):
        desk.get(reverse("admin:trainings_phone"))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_the_first_page_to_a_seat_by_keyboard_alone(chromium, live_server):
    session = TrainingSessionFactory(capacity=2)
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        page = context.new_page()
        page.goto("/bureau/")
        page.get_by_role("link", name="Quelqu’un téléphone pour une formation").press("Enter")
        page.get_by_role("link", name=session.training.title).press("Enter")
        expect(page.get_by_label("Nom")).to_be_focused()
        page.keyboard.type("Nora Fictive")
        page.keyboard.press("Tab")
        page.keyboard.type("010 00 00 01")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Nora Fictive a une place.")).to_be_visible()
    assert session.registrations.get().state == "confirmed"
