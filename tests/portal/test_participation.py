"""An actor's sheet says what it takes part in: things and counts, never people."""

import pytest

from actors.choices import MembershipRole
from portal import participation
from tests.factories.accounts import TeamFactory, UserFactory, logged_in
from tests.factories.actors import ActorFactory, MembershipFactory
from tests.factories.needs import NeedFactory, PositionFactory, SharedNeedFactory
from tests.factories.portal import busy_space, commune, small_territory
from tests.factories.projects import PartnershipFactory, ProjectFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory, held


@pytest.fixture
def actor(db):
    small_territory()
    return ActorFactory(slug="petit-sillon")


def shown(client, actor):
    return client.get(f"/acteurs/{actor.slug}/").context["participation"]


@pytest.mark.parametrize("things", [1, 3])
def test_a_sheet_takes_the_same_number_of_queries_whatever_it_holds(
    db, client, django_assert_num_queries, things
):
    own = busy_space(things=things)
    with django_assert_num_queries(16):
        page = client.get(f"/acteurs/{own.slug}/")
    found = page.context["participation"]
    assert [len(found.sessions), len(found.projects), len(found.shared_needs)] == [things] * 3


def test_a_sheet_without_any_part_says_nothing_of_it(client, actor):
    assert not shown(client, actor)
    assert "Ici, ils participent" not in client.get("/acteurs/petit-sillon/").content.decode()


def test_sessions_that_people_attended_are_counted_and_nobody_is_named(client, actor):
    session = held()
    for attended in (True, True, False, None):
        RegistrationFactory(session=session, actor=actor, attended=attended, name="Basile Secret")
    RegistrationFactory(session=session, attended=True)
    RegistrationFactory(session=TrainingSessionFactory(), actor=actor)
    RegistrationFactory(session=held(), actor=actor, attended=False)
    assert [(one, one.came) for one in shown(client, actor).sessions] == [(session, 2)]
    assert "Secret" not in client.get("/acteurs/petit-sillon/").content.decode()


def test_projects_say_what_the_actor_is_to_them(client, actor):
    led, joined = ProjectFactory(lead=actor), ProjectFactory()
    PartnershipFactory(project=joined, actor=actor)
    PartnershipFactory(project=joined, actor=actor, role="funder")
    PartnershipFactory(project=joined)
    roles = {part.project: part.role for part in shown(client, actor).projects}
    assert roles == {led: "porteur", joined: "partenaire, financeur"}


def test_what_is_not_published_shows_to_members_and_the_team_alone(client, actor):
    ProjectFactory(lead=actor, published=False)
    member = MembershipFactory(actor=actor, role=MembershipRole.MEMBER).user
    seen = [len(shown(logged_in(user), actor).projects) for user in (member, TeamFactory(), UserFactory())]
    assert (seen, shown(client, actor).projects) == ([1, 1, 0], [])


def test_shared_needs_come_from_ones_own_needs_and_from_the_stance_of_the_commune(client, actor):
    place = commune(1)
    own = SharedNeedFactory(needs=[NeedFactory(actor=actor, municipality=place.municipality)])
    stance = PositionFactory(municipality=place.municipality)
    SharedNeedFactory(needs=[NeedFactory(actor=actor, municipality=place.municipality)], public=False)
    SharedNeedFactory()
    assert [share.shared_need for share in shown(client, actor).shared_needs] == [own]
    of_commune = [(share.shared_need, share.cell) for share in shown(client, place).shared_needs]
    assert of_commune == [(stance.shared_need, "interested"), (own, "voiced")]


def test_a_sheet_shows_the_latest_and_no_more(actor, rf):
    for _n in range(participation.MOST + 1):
        ProjectFactory(lead=actor)
    assert len(participation.of(actor, UserFactory()).projects) == participation.MOST
