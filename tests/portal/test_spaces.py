"""The space of an actor: all of it for those who speak for it, nothing for the others."""

import logging

import pytest
from django.urls import reverse

from accounts.models import JournalEntry
from actors.choices import MembershipRole, MembershipState
from needs.choices import SharedNeedState, Stance
from needs.models import Position, Survey
from tests.factories import accounts
from tests.factories.accounts import UserFactory, logged_in
from tests.factories.actors import ActorFactory, ActorSlugFactory, CommuneFactory, MembershipFactory
from tests.factories.diagnostics import ready
from tests.factories.needs import (
    AnswerFactory,
    NeedFactory,
    SharedNeedFactory,
    SubmittedFactory,
    SurveyFactory,
)
from tests.factories.portal import busy_space, commune, small_territory
from tests.factories.projects import ProjectFactory
from tests.factories.trainings import RegistrationFactory
from trainings.choices import RegistrationState
from typography.numbers import number


@pytest.fixture
def referent(db):
    return UserFactory(name="Colette Haie")


@pytest.fixture
def own(referent):
    small_territory()
    return commune(1, role=MembershipRole.REFERENT, user=referent)


def page_of(user, actor):
    return logged_in(user).get(reverse("portal:space", args=[actor.slug]))


def say(user, actor, shared, position=Stance.JOINS):
    address = reverse("portal:stance", args=[actor.slug, shared.slug])
    return logged_in(user).post(address, {"position": position})


# Who may see -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (MembershipState.ACTIVE, 200),
        (MembershipState.REQUESTED, 404),
        (MembershipState.INVITED, 404),
        (MembershipState.REVOKED, 404),
    ],
)
@pytest.mark.parametrize("role", MembershipRole.values)
def test_every_active_member_sees_their_space_and_nobody_before_or_after(db, role, state, status):
    small_territory()
    membership = MembershipFactory(actor=commune(), role=role, state=state)
    assert page_of(membership.user, membership.actor).status_code == status


def test_a_member_of_another_commune_finds_nothing_and_security_is_told(own, caplog):
    stranger = MembershipFactory(actor=commune(2)).user
    with caplog.at_level(logging.WARNING, logger="security"):
        assert page_of(stranger, own).status_code == 404
    assert caplog.messages[0] == f"space refused: {own.slug} to user {stranger.public_id}"


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (accounts.UserFactory, 404),
        (accounts.ManagerFactory, 200),
        (accounts.TeamFactory, 200),
        (accounts.AdministratorFactory, 200),
    ],
)
def test_managers_and_the_team_see_every_space_and_citizens_none(own, make, status):
    assert page_of(make(), own).status_code == status


def test_a_manager_reads_a_space_without_a_door_to_what_is_not_theirs(referent):
    own = busy_space(referent)
    text = page_of(accounts.ManagerFactory(), own).content.decode()
    assert "Enquête" in text
    for closed in ("/enquetes/enquete-", "/position", "/membres/"):
        assert closed not in text


def test_a_former_address_leads_to_the_present_one(own, referent):
    ActorSlugFactory(actor=own, slug="ancien-nom")
    answer = logged_in(referent).get("/espace/ancien-nom/")
    assert (answer.status_code, answer["Location"]) == (302, f"/espace/{own.slug}/")
    assert logged_in(UserFactory()).get("/espace/ancien-nom/").status_code == 404


# Where login leads ---------------------------------------------------------------------------------------


def test_login_leads_a_member_to_the_space_and_the_team_to_the_desk(own, referent):
    def lands(user):
        return logged_in(user).get(reverse("portal:my_space"))

    assert lands(referent)["Location"] == f"/espace/{own.slug}/"
    assert lands(accounts.TeamFactory())["Location"] == "/bureau/"
    assert "aucune organisation" in lands(UserFactory()).content.decode()
    MembershipFactory(user=referent, actor=ActorFactory(name="Les Haies vives"))
    page = lands(referent)
    assert [actor.name for actor in page.context["actors"]] == ["Les Haies vives", own.name]


# What it shows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("things", [1, 3])
def test_a_space_takes_the_same_number_of_queries_whatever_it_holds(
    referent, django_assert_num_queries, things
):
    own = busy_space(referent, things=things)
    client = logged_in(referent)
    with django_assert_num_queries(42):
        page = client.get(reverse("portal:space", args=[own.slug]))
    shown = page.context
    assert [len(shown[name]) for name in ("needs", "projects", "diagnostics")] == [things] * 3
    assert (len(shown["sessions"]), len(shown["shared_needs"])) == (2 * things, 2 * things)


def test_a_space_shows_the_survey_to_go_on_with_and_the_results_of_the_last_one(referent):
    page = page_of(referent, busy_space(referent))
    todo = page.context["todo"]
    assert (todo.progress.answered, todo.progress.asked) == (0, 5)
    assert [(one.is_open, one.response.state) for one in page.context["surveys"]] == [
        (True, "draft"),
        (False, "submitted"),
        (False, "submitted"),
    ]
    overall = page.context["maturity"].lines[-1]
    assert (overall.own.out_of_4, overall.previous.out_of_4) == (3, 1)
    text = page.content.decode()
    assert f'href="{todo.response.get_absolute_url()}"' in text
    assert "0 réponse sur 5" in text


@pytest.mark.parametrize(("others", "told"), [(1, ["n.d."]), (2, ["2,0"])])
def test_the_territory_is_shown_beside_from_three_communes_on(referent, others, told):
    own = busy_space(referent)
    survey = Survey.objects.get(edition="2025")
    for nth in range(others):
        response = SubmittedFactory(survey=survey, actor=CommuneFactory())
        for question in survey.questionnaire.sections.get(code="niveaux").questions.all():
            AnswerFactory(response=response, question=question, value=(1, 2)[nth])
    maturity = page_of(referent, own).context["maturity"]
    assert (maturity.beside, maturity.communes) == (others == 2, others + 1)
    assert {number(line.territory.out_of_4, 1) for line in maturity.lines} == set(told)
    assert len(maturity.chart.legend) == 2 + maturity.beside


def test_a_survey_that_is_not_begun_is_begun_from_the_space_by_who_may_write(own, referent):
    survey = SurveyFactory()
    begin = f'action="/enquetes/{survey.slug}/commencer/"'
    assert begin in page_of(referent, own).content.decode()
    reader = MembershipFactory(actor=own, role=MembershipRole.MEMBER).user
    text = page_of(reader, own).content.decode()
    assert begin not in text
    assert "La personne référente et ses éditeurs peuvent la commencer." in text


def test_a_space_shows_nothing_of_the_others(own, referent):
    other = commune(2)
    SubmittedFactory(actor=other)
    NeedFactory(actor=other, municipality=other.municipality)
    ProjectFactory(lead=other)
    RegistrationFactory(actor=other)
    RegistrationFactory(actor=own, state=RegistrationState.WAITING)
    ready(municipality=other.municipality, publication="public")
    ready(municipality=other.municipality, version=2)
    shown = page_of(referent, own).context
    names = ("needs", "projects", "sessions", "diagnostics", "maturity")
    assert {name: shown[name] for name in names if shown[name]} == {}


def test_who_registered_is_counted_and_never_named(referent):
    own = busy_space(referent)
    RegistrationFactory(actor=own, name="Basile Secret", email="basile.secret@exemple.invalid")
    text = page_of(referent, own).content.decode()
    assert "1 inscrit" in text
    assert "Secret" not in text
    assert "secret@" not in text


def test_the_sheet_of_a_diagnostic_comes_first_then_its_report(own, referent):
    diagnostic = ready(municipality=own.municipality)
    text = page_of(referent, own).content.decode()
    assert f'class="button ghost small" href="/diagnostics/{diagnostic.public_id}/fiche.pdf"' in text
    assert f'href="/diagnostics/{diagnostic.public_id}/diagnostic.pdf"' in text


def test_an_association_has_a_space_without_what_is_for_communes(db):
    small_territory()
    membership = MembershipFactory()
    SharedNeedFactory()
    page = page_of(membership.user, membership.actor)
    assert (page.context["shared_needs"], page.context["diagnostics"]) == ([], [])
    assert "Espace de l’acteur" in page.content.decode()
    assert 'id="diagnostics"' not in page.content.decode()


# The stance ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(MembershipRole.REFERENT, 302), (MembershipRole.EDITOR, 302), (MembershipRole.MEMBER, 404)],
)
def test_referents_and_editors_say_how_far_their_commune_goes(own, role, status):
    user = MembershipFactory(actor=own, role=role).user
    assert say(user, own, SharedNeedFactory()).status_code == status
    said = list(Position.objects.values_list("municipality__slug", "stance"))
    assert said == ([(own.municipality.slug, "joins")] if status == 302 else [])


def test_a_stance_is_written_in_the_journal_and_may_be_said_again(own, referent):
    shared = SharedNeedFactory()
    say(referent, own, shared, Stance.INTERESTED)
    say(referent, own, shared, Stance.COFUNDS)
    say(referent, own, shared, Stance.COFUNDS)
    assert Position.objects.get().stance == Stance.COFUNDS
    entries = JournalEntry.objects.filter(verb="position.set").order_by("pk")
    assert [(one.by_label, one.facts["after"]) for one in entries] == [
        (str(referent), "interested"),
        (str(referent), "cofunds"),
    ]


def test_nobody_speaks_for_another_commune_nor_does_the_team(own, referent):
    other = commune(2)
    for user in (referent, accounts.TeamFactory(), accounts.ManagerFactory(), UserFactory()):
        assert say(user, other, SharedNeedFactory()).status_code == 404
    assert Position.objects.count() == 0


@pytest.mark.parametrize("position", ["", "paie", "joins\x00", "9" * 5000])
def test_a_stance_out_of_the_list_changes_nothing(own, referent, position):
    answer = say(referent, own, SharedNeedFactory(), position)
    assert answer.status_code == 302
    assert Position.objects.count() == 0


@pytest.mark.parametrize("facts", [{"public": False}, {"state": SharedNeedState.ANSWERED}])
def test_no_stance_on_what_is_not_published_or_no_longer_waits(own, referent, facts):
    assert say(referent, own, SharedNeedFactory(**facts)).status_code == 404
    assert Position.objects.count() == 0


def test_a_get_says_nothing(own, referent):
    shared = SharedNeedFactory()
    answer = logged_in(referent).get(reverse("portal:stance", args=[own.slug, shared.slug]))
    assert (answer.status_code, Position.objects.count()) == (405, 0)
