"""The activity report: everything adds up, says what is missing, and its evidence opens."""

import io
import zipfile
from datetime import date, time, timedelta
from decimal import Decimal

import page as pdfua
import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import JournalEntry
from actors.choices import Kind
from documents import pdf
from invitations import actions as invitations
from portal import activity, evidence
from portal.activity import Period
from portal.forms import ActivityForm
from territory.choices import Level
from territory.models import LAG, Municipality
from tests.factories.accounts import ManagerFactory, TeamFactory, UserFactory, logged_in
from tests.factories.actors import ActorFactory
from tests.factories.interactions import InteractionFactory
from tests.factories.invitations import CampaignFactory, writable_contact
from tests.factories.portal import small_territory
from tests.factories.projects import ProjectFactory
from tests.factories.territory import ObjectiveFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from tests.responses import let_go
from trainings.choices import SessionState

pytestmark = pytest.mark.django_db

ADDRESS = "/rapports/activite/"
YEAR = Period(date(2026, 1, 1), date(2026, 11, 30))


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-11-22T12:00:00+01:00")


@pytest.fixture
def sheet():
    return ObjectiveFactory(level=Level.ACTION_SHEET, title="Mobilité douce")


def session(sheet, on: date, *, people: int = 3, came: int = 2, **fields):
    """A session of two hours that took place, of whose people the first `came` were there."""
    held = TrainingSessionFactory(
        training__action_sheet=sheet, days=[on], state=SessionState.HELD, capacity=None, **fields
    )
    place = Municipality.objects.of_lag().order_by("name").first()
    actor = ActorFactory(kind=Kind.ASSOCIATION)
    for rank in range(people):
        one = RegistrationFactory(
            session=held,
            attended=rank < came,
            municipality=place if rank else None,
            actor=None if rank else actor,
        )
        one.marks.create(day=held.days.get(), attended=rank < came)
    return held


@pytest.fixture
def busy(sheet):
    """Two sessions of the sheet, one of another, one of another year; a campaign, exchanges, a project."""
    small_territory()
    first, second = session(sheet, date(2026, 2, 3)), session(sheet, date(2026, 5, 5), people=4, came=4)
    session(None, date(2026, 6, 6))
    session(sheet, date(2025, 12, 31))
    TrainingSessionFactory(training__action_sheet=sheet, days=[date(2026, 7, 7)])
    campaign = CampaignFactory(action_sheet=sheet)
    invitations.prepare(campaign, contacts=[writable_contact(), writable_contact()], by=None)
    invitations.launch(campaign, by=None)
    InteractionFactory(action_sheet=sheet, date=date(2026, 3, 1), kind="call")
    InteractionFactory.create_batch(2, action_sheet=sheet, date=date(2026, 3, 2), kind="visit")
    InteractionFactory(date=date(2026, 3, 2), kind="visit")
    ProjectFactory(action_sheet=sheet)
    return [first, second]


def test_a_sheet_counts_its_own_and_everything_adds_up(busy, sheet):
    found = activity.of(sheet, YEAR)
    assert list(found.sessions) == busy
    figures = found.figures
    assert (figures.sessions, figures.registered, figures.attended) == (2, 7, 6)
    assert (figures.people_different, figures.sessions_told) == (6, 2)
    assert (figures.hours, figures.person_hours) == (Decimal(4), Decimal(12))
    assert sum(one.came for one in found.sessions) == figures.attended
    assert sum(count for _name, count in found.families) == figures.attended
    assert sum(count for _name, count in found.municipalities) == figures.attended
    assert dict(found.municipalities) == {"Val-Fictif-1": 4, "Val-Fictif-2": 0, "Ailleurs ou inconnue": 2}
    assert found.unreached == ["Val-Fictif-2"]
    assert [part.invited for _campaign, part in found.campaigns] == [2]
    assert found.interactions == [("Visite", 2), ("Appel", 1)]
    assert len(found.projects) == 1
    assert [one.training.action_sheet for one in found.unsaid] == [sheet]


def test_all_sheets_count_what_has_none_too(busy):
    found = activity.of(None, YEAR)
    assert (found.figures.sessions, found.exchanges, found.projects) == (3, 4, [])


def test_it_says_what_each_session_lacks(busy, sheet):
    lacks = {lack.session: list(lack.pieces) for lack in activity.of(sheet, YEAR).lacks}
    assert lacks == dict.fromkeys(busy, ["Programme", "Feuille signée", "Attestations", "Évaluation"])


@pytest.mark.parametrize("several", [1, 3])
def test_it_asks_as_much_for_one_session_as_for_three(sheet, several, django_assert_num_queries):
    small_territory()
    for month in range(1, several + 1):
        session(sheet, date(2026, month, 3))
        CampaignFactory(action_sheet=sheet, launched_at=timezone.now())
    with django_assert_num_queries(18):
        activity.of(sheet, YEAR)


def test_months_are_drawn_with_those_in_which_nobody_came(busy, sheet):
    chart = activity.trend(activity.of(sheet, YEAR))
    assert [row for row in chart.table.rows if row[1] != "0"] == [
        ("févr.", "2"),
        ("mai", "4"),
    ]
    assert len(chart.table.rows) == 11
    across = activity.trend(activity.of(sheet, Period(date(2025, 12, 1), date(2026, 2, 28))))
    assert across.table.rows == (("déc.\u00a02025", "2"), ("janv.\u00a02026", "0"), ("févr.\u00a02026", "2"))
    years = activity.trend(activity.of(sheet, Period(date(2023, 1, 1), date(2026, 12, 31))))
    assert years.table.rows == (("2023", "0"), ("2024", "0"), ("2025", "2"), ("2026", "6"))
    assert activity.trend(activity.of(sheet, Period(date(2026, 2, 1), date(2026, 2, 28)))) is None


def test_without_an_address_it_is_this_year():
    form = ActivityForm({})
    assert form.is_valid()
    assert form.period == Period(date(2026, 1, 1), date(2026, 11, 22))
    assert str(form.period) == "du 1er\u00a0janvier 2026 au 22\u00a0novembre 2026"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            {"du": "2026-02-30", "au": "2026-03-01"},
            {"du": ["Cette date n’existe pas, par exemple 01/01/2027."]},
        ),
        ({"du": "2026-02-01"}, {"au": ["Donnez le dernier jour."]}),
        ({"du": "2026-02-02", "au": "2026-02-01"}, {"au": ["Le dernier jour vient avant le premier."]}),
        ({"du": "2001-01-01", "au": "2050-12-31"}, {"au": ["Une période de 10 ans au plus."]}),
        (
            {"fiche": "987654321", "du": "2026-01-01", "au": "2026-02-01"},
            {"fiche": ["Cette fiche-projet n’existe pas\u00a0: choisissez-en une."]},
        ),
        (
            {"fiche": "1 OR 1=1", "du": "0001-01-01", "au": "9999-12-31"},
            {
                "fiche": ["Cette fiche-projet n’existe pas\u00a0: choisissez-en une."],
                "du": ["Donnez une date à partir de l’an 2000."],
                "au": ["Donnez une date d’avant 2100."],
            },
        ),
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_kept(asked, told):
    client = logged_in(ManagerFactory())
    response = client.get(ADDRESS, asked)
    assert response.status_code == 422
    assert {name: list(errors) for name, errors in response.context["form"].errors.items()} == told
    assert client.get(f"{ADDRESS}rapport.pdf", asked).status_code == 404


def test_it_is_for_managers_and_its_evidence_for_the_team(busy):
    client = logged_in(UserFactory())
    assert client.get(ADDRESS).status_code == 404
    client = logged_in(ManagerFactory())
    page = client.get(ADDRESS, {"du": "2026-01-01", "au": "2026-11-30"})
    assert "preuves" not in page.content.decode()
    assert client.post(f"{ADDRESS}preuves?du=2026-01-01&au=2026-11-30").status_code == 404


def test_the_report_on_paper_says_the_same_and_names_nobody(busy, sheet, tmp_path):
    client = logged_in(ManagerFactory())
    response = client.get(
        f"{ADDRESS}rapport.pdf", {"fiche": sheet.pk, "du": "2026-01-01", "au": "2026-11-30"}
    )
    assert response["Content-Type"] == "application/pdf"
    path = tmp_path / "rapport.pdf"
    path.write_bytes(response.content)
    assert pdfua.validate_pdf(str(path), profile=pdfua.ValidationProfile.PDF_UA_1).is_compliant
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    for expected in ("Mobilité douce", "Val-Fictif-2", "personne n’a dit", "Ensemble"):
        assert expected in text
    assert "Basile" not in text


def test_each_page_of_the_report_names_the_funders(busy, sheet):
    LAG.objects.update(funders="Avec le soutien de l’Union européenne et de la Wallonie.")
    for day in range(1, 8):
        session(sheet, date(2026, 9, day))
    content = evidence.report(activity.of(sheet, YEAR), created=timezone.now())
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert [text.count("Avec le soutien de l’Union européenne") for text in pages] == [1] * len(pages)
    assert len(pages) > 1


def test_the_evidence_opens_and_is_journaled(busy, sheet):
    user = TeamFactory()
    client = logged_in(user)
    response = client.post(f"{ADDRESS}preuves?fiche={sheet.pk}&du=2026-01-01&au=2026-11-30")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    let_go(response)
    assert packed.testzip() is None
    assert [name for name in packed.namelist() if "/" not in name] == [
        "0-rapport.pdf",
        "1-seances.csv",
        "2-participation.csv",
        "3-campagnes.csv",
        "4-echanges.csv",
        "5-ce-qui-manque.csv",
    ]
    folders = {name.split("/")[1] for name in packed.namelist() if "/" in name}
    assert folders == {
        f"{n:03}-seance-{one.days.get().date}-{one.training.slug}" for n, one in enumerate(busy, start=1)
    }
    lines = packed.read("1-seances.csv").decode("utf-8-sig").splitlines()
    assert [line.split(";")[-3:] for line in lines[1:]] == [["2,00", "3", "2"], ["2,00", "4", "4"]]
    lines = packed.read("2-participation.csv").decode("utf-8-sig").splitlines()
    assert {line.count(";") for line in lines} == {2}
    assert lines[:4] == [
        "Par;Qui ou quoi;Nombre",
        "ensemble;Séances tenues;2",
        "ensemble;Inscriptions;7",
        "ensemble;Présences (une personne compte une fois par séance);6",
    ]
    assert packed.read("4-echanges.csv").decode().count("\r\n") == 4
    entry = JournalEntry.objects.get(verb="activity.evidence_taken")
    assert entry.facts == {"start": "2026-01-01", "end": "2026-11-30"}


def test_a_machine_that_cannot_print_still_gives_the_evidence(busy, sheet, monkeypatch):
    def refuse(*args, **kwargs):
        raise pdf.Unavailable("Cette machine n’imprime pas.")

    monkeypatch.setattr(pdf, "render_isolated", refuse)
    out = io.BytesIO()
    evidence.write(out, activity.of(sheet, YEAR), made=timezone.localtime())
    packed = zipfile.ZipFile(out)
    assert packed.read("0-rapport-absent.txt").decode() == "Cette machine n’imprime pas.\r\n"


def test_more_sessions_than_a_file_takes_are_told(busy, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_SESSIONS", 1)
    client = logged_in(TeamFactory())
    response = client.post(f"{ADDRESS}preuves?du=2026-01-01&au=2026-11-30", follow=True)
    assert "choisissez une période plus" in response.content.decode()
    assert JournalEntry.objects.filter(verb="activity.evidence_taken").count() == 0


def test_nothing_done_says_so(sheet):
    client = logged_in(ManagerFactory())
    page = client.get(ADDRESS, {"fiche": sheet.pk, "du": "2026-01-01", "au": "2026-02-01"}).content.decode()
    assert "Rien pendant cette période" in page
    assert reverse("portal:activity_pdf") not in page


def test_sessions_of_several_days_count_all_their_hours(sheet):
    held = session(sheet, date(2026, 2, 3), people=1, came=1)
    second = held.days.create(date=date(2026, 2, 4), start_time=time(9), end_time=time(12, 30))
    held.registrations.get().marks.create(day=second, attended=False)
    figures = activity.of(sheet, YEAR).figures
    assert (figures.lasted, figures.sat_through) == ("5\u00a0h\u00a030", "2\u00a0h")
    assert timedelta(hours=float(figures.hours)) == timedelta(hours=5, minutes=30)
