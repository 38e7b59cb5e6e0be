"""The desk's front page: what waits, how many, where it leads, for whom."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from actors.choices import MembershipRole, State
from outbox.models import Letter
from portal import desk
from tests.factories.accounts import AdministratorFactory, ManagerFactory, TeamFactory, logged_in
from tests.factories.actors import (
    ActorFactory,
    CommuneFactory,
    ContactFactory,
    EnterpriseFactory,
    MembershipFactory,
)
from tests.factories.diagnostics import ready
from tests.factories.interactions import InteractionFactory
from tests.factories.invitations import CampaignFactory
from tests.factories.needs import NeedFactory, SubmittedFactory, SurveyFactory
from tests.factories.outbox import write_many
from tests.factories.portal import busy_desk
from tests.factories.projects import MilestoneFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory, held
from trainings.choices import RegistrationState

LAST_WEEK = timezone.localdate() - timedelta(days=7)


@pytest.fixture
def team(db):
    return TeamFactory(name="Aline Sillon")


def told(user) -> list[tuple[int, str, str]]:
    """What is to be done; `standing` tells the rest."""
    return [(line.count, line.what, line.detail) for line in desk.lines(user) if line.tone != desk.STANDING]


def standing(user) -> list[tuple[int, str, str]]:
    return [(line.count, line.what, line.detail) for line in desk.lines(user) if line.tone == desk.STANDING]


def test_nothing_to_do_is_said_in_words(team):
    page = logged_in(team).get("/bureau/")
    assert page.context["waiting"] == []
    assert page.context["greeting"] == "Bonjour Aline"
    assert "Rien n’attend. Bonne journée." in page.content.decode()


def test_what_waits_is_counted_and_what_is_late_comes_first(team):
    busy_desk()
    page = logged_in(team).get("/bureau/")
    assert page.context["greeting"] == "Bonjour Aline, 16\u00a0choses attendent"
    assert [(line.count, line.what, line.tag) for line in page.context["waiting"]][:-2] == [
        (1, "séance passée sans appel complet", "en retard"),
        (1, "lettre incertaine ou en échec", "en retard"),
        (1, "campagne programmée n’est pas partie", "en retard"),
        (1, "projet dont une étape est en retard", "en retard"),
        (1, "prochaine étape en retard", "en retard"),
        (1, "séance complète\u00a0: 1 personne en attente", "aujourd’hui"),
        (1, "prochaine étape à faire", "aujourd’hui"),
        (1, "commune n’a pas répondu", ""),
        (1, "fiche d’acteur à relire", ""),
        (1, "demande de membre à traiter", ""),
        (1, "erreur signalée à lire", ""),
        (1, "fiche pas confirmée depuis plus de 13 mois", ""),
        (1, "adresse e-mail à corriger", ""),
        (1, "besoin à qualifier", ""),
        (1, "diagnostic prêt à relire", ""),
        (1, "échange à relire après un effacement", ""),
    ]


@pytest.mark.parametrize("things", [1, 3])
def test_the_desk_takes_the_same_number_of_queries_whatever_waits(team, django_assert_num_queries, things):
    busy_desk(things)
    client = logged_in(team)
    client.get("/bureau/")
    with django_assert_num_queries(26):
        page = client.get("/bureau/")
    assert {line.count for line in page.context["waiting"] if line.tone != desk.STANDING} == {things}


@pytest.mark.parametrize("things", [1, 2])
def test_each_line_leads_to_the_thing_or_to_the_list_of_those_things_alone(team, things):
    busy_desk(things)
    for n in range(2):  # others, of which nothing is to be done
        held()
        RegistrationFactory(session=TrainingSessionFactory())
        write_many(1, lane="bulk")
        ActorFactory()
        ContactFactory()
        CampaignFactory(state="scheduled", scheduled_at=timezone.now() + timedelta(days=1))
        NeedFactory(state="qualified")
        MilestoneFactory(due_on=timezone.localdate() + timedelta(days=2))
        ready(publication="public", version=5 + n)
        InteractionFactory(next_step="Plus tard", next_step_on=timezone.localdate() + timedelta(days=2))
        InteractionFactory(next_step="Faite", next_step_on=LAST_WEEK, next_step_done_at=timezone.now())
    client = logged_in(team)
    for line in desk.lines(team):
        if line.url.startswith("/espace/"):
            assert (line.what, things) == ("demande de membre à traiter", 1)
            continue
        page = client.get(line.url)
        assert page.status_code == 200, line.url
        expected = line.count if line.tone == desk.STANDING else things
        if "cl" in page.context:
            assert (page.context["cl"].result_count, line.count) == (expected, expected), line.url
        elif not line.url.startswith("/bureau/needs/survey/"):
            assert expected == 1, line.url


def test_a_line_shows_only_to_who_may_open_its_list(db):
    busy_desk()
    assert told(AnonymousUser()) == told(ManagerFactory()) == []
    assert len(told(TeamFactory())) == len(told(AdministratorFactory())) == 16


def test_communes_that_have_not_answered_are_named_until_the_survey_closes(team):
    survey = SurveyFactory(title="Enquête 2026")
    CommuneFactory(name="Val-Fictif")
    CommuneFactory(name="Mont-Fictif", state=State.DRAFT)
    EnterpriseFactory()
    SubmittedFactory(survey=survey)
    [(count, what, detail)] = told(team)
    assert (count, what) == (1, "commune n’a pas répondu")
    assert detail.startswith("Val-Fictif\u00a0: «\u00a0Enquête 2026\u00a0», jusqu’au ")
    survey.closes_at = timezone.now() - timedelta(minutes=1)
    survey.save()
    assert told(team) == []


def test_communes_and_other_sheets_without_a_referent_are_told_last_and_are_no_task_of_the_day(team):
    for name in ("Val-Fictif", "Mont-Fictif"):
        CommuneFactory(name=name)
    ActorFactory(name="Les Jardins Fictifs")
    ActorFactory(name="En brouillon", state=State.DRAFT)
    MembershipFactory(actor=EnterpriseFactory(), role=MembershipRole.REFERENT)
    MembershipFactory(actor__name="Avec un éditeur", role=MembershipRole.EDITOR)
    MembershipFactory(actor__name="Avec un ancien", role=MembershipRole.REFERENT, state="revoked")
    assert (told(team), standing(team)) == (
        [],
        [
            (2, "communes sans référent", "Mont-Fictif\u00a0; Val-Fictif"),
            (
                3,
                "fiches publiées sans référent",
                "Avec un ancien\u00a0; Avec un éditeur\u00a0; Les Jardins Fictifs",
            ),
        ],
    )
    page = logged_in(team).get("/bureau/")
    assert page.context["greeting"] == "Bonjour Aline"


def test_letters_are_told_apart(team):
    for letter, state in zip(write_many(3, lane="bulk"), ("uncertain", "failed", "queued"), strict=True):
        Letter.objects.filter(pk=letter.pk).update(state=state)
    assert told(team) == [(2, "lettres incertaines ou en échec", "1 incertaine, 1 en échec")]


def test_many_are_named_by_the_first_three(team):
    for name in "ABCDE":
        ActorFactory(name=f"Acteur {name}", state=State.PENDING)
    names = "Acteur A\u00a0; Acteur B\u00a0; Acteur C et 2 autres"
    assert told(team) == [(5, "fiches d’acteurs à relire", names)]


def test_a_session_with_its_attendance_or_without_anybody_does_not_wait(team):
    TrainingSessionFactory(days=[LAST_WEEK])
    RegistrationFactory(session=TrainingSessionFactory(days=[LAST_WEEK]), attended=False)
    waiting = TrainingSessionFactory(capacity=2)
    RegistrationFactory(session=waiting, state=RegistrationState.WAITING)
    assert told(team) == []


@pytest.mark.parametrize("people", [1, 2])
def test_offers_that_a_letter_cannot_tell_are_to_be_phoned(team, people):
    session = TrainingSessionFactory(capacity=3)
    until = timezone.now() + timedelta(hours=40)
    unreachable = {"email": "", "entered_by": "Odile Fictive", "phone": "010 00 00 00"}
    for position, facts in enumerate([*[unreachable] * people, {}], start=1):
        RegistrationFactory(
            session=session, position=position, name="Denis", state="offered", offered_until=until, **facts
        )
    [line] = desk.lines(team)
    assert (line.count, line.detail) == (people, "\u00a0; ".join(["Denis, 010 00 00 00"] * people))
    page = logged_in(team).get(line.url)
    assert page.status_code == 200
    if people > 1:
        assert page.context["cl"].result_count == people


def test_a_diagnostic_waits_until_it_is_published_or_made_again(team):
    first = ready(title="Jodoigne")
    assert [detail for _count, _what, detail in told(team)] == [str(first)]
    newer = ready(title="Jodoigne", municipality=first.municipality, version=2)
    assert [detail for _count, _what, detail in told(team)] == [str(newer)]
    newer.publication = "public"
    newer.save()
    assert told(team) == []


def test_rooms_follow_the_programme_and_not_the_alphabet(team):
    rooms = [room["app_label"] for room in logged_in(team).get("/bureau/").context["app_list"]]
    assert rooms == [
        *("actors", "needs", "trainings", "projects", "diagnostics"),
        *("invitations", "imports", "outbox", "territory", "accounts"),
    ]


def test_a_room_has_its_own_page_of_lists(team):
    page = logged_in(team).get("/bureau/trainings/").content.decode()
    assert "<h1>Formations</h1>" in page
    assert 'href="/bureau/trainings/trainingsession/"' in page
