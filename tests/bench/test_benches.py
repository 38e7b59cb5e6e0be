"""What the benches measure can still be made: a bench that breaks unseen measures nothing."""

import sys

import pytest

from actors.models import Actor, Contact
from bench import catalogue, contention, directory, invitations, lists, peer
from invitations.models import Invitation
from tests.factories.portal import small_territory
from trainings.models import Registration, TrainingSession

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def territory():
    small_territory()


def test_the_directory_is_filled_up_to_its_size_each_time():
    for number in (1, 3):
        directory.publish(number)
        assert (Actor.objects.count(), Contact.objects.count()) == (number, number * directory.EACH)


def test_the_catalogue_is_filled_up_to_its_size_each_time():
    for number in (2, 12):
        catalogue.publish(number)
        sessions, people = TrainingSession.objects.count(), Registration.objects.count()
        assert (sessions, people) == (number, number * catalogue.PEOPLE)


def test_a_session_is_announced_with_its_seats():
    session = contention.announce(2)
    assert (session.is_open_now, session.capacity) == (True, 2)


def test_a_session_that_is_oversold_or_has_a_hole_is_told():
    session = contention.announce(2)
    assert contention.faults(session, 1, 2) == ["états : {}", "rangs troués ou doubles"]
    assert contention.faults(session, 0, 2) == []


def test_a_campaign_is_prepared_for_everybody():
    campaign = invitations.prepare(3)
    assert Invitation.objects.filter(campaign=campaign).count() == 3


def test_growth_is_that_of_the_page_beside_the_bare_view():
    rows = [
        {"size": size, "name": "page", "milliseconds": cost, "bare_milliseconds": bare}
        for size, cost, bare in [(1, 20, 2), (10, 45, 3)]
    ]
    assert lists.growth_of([*rows, {"size": 1, "name": "CSV"}], 1, 10) == {"page": 1.5}


def test_a_python_without_the_peer_is_told_so(capsys):
    with pytest.raises(SystemExit) as stopped:
        peer.version(sys.executable)
    said = f"{sys.executable} n’a pas pretix, ou pas gunicorn : rien n’est mesuré."
    assert (stopped.value.code, capsys.readouterr().err.partition(" Installez")[0]) == (2, said)


def test_the_peer_is_compared_by_medians():
    rows = [{"portal": ours, "api": 10, "checkout": 4} for ours in (90, 100, 500)]
    assert peer.ratios(rows) == {"portal": 1, "api": 10, "checkout": 25}


def test_people_take_turns_over_the_sessions():
    assert peer.demand(8, 3) == [3, 3, 2]
