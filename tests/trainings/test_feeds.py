"""What calendars and readers subscribe to, read back by parsers of other makers."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
import vobject
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import TeamFactory
from tests.factories.territory import ThemeFactory
from tests.factories.trainings import TrainingFactory, TrainingSessionFactory
from trainings import actions, feeds
from trainings.choices import SessionState, TrainingState

pytestmark = pytest.mark.django_db

AGENDA, NEWS = "/formations/agenda.ics", "/formations/nouveautes.xml"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entries(client, address=AGENDA) -> list:
    """The entries of the agenda, as vobject reads them."""
    read = vobject.readOne(client.get(address).content.decode())
    return list(read.contents.get("vevent", []))


def titles(client, address=AGENDA) -> list[str]:
    return [entry.summary.value for entry in entries(client, address)]


def test_the_agenda_holds_what_everybody_may_see_each_day_an_entry(client):
    first = TrainingSessionFactory(days=[timezone.localdate() + timedelta(days=n) for n in (3, 10)])
    TrainingSessionFactory(state=SessionState.DRAFT)
    TrainingSessionFactory(training__state=TrainingState.DRAFT)
    TrainingSessionFactory(days=[timezone.localdate() - timedelta(days=200)], state=SessionState.HELD)
    client.force_login(TeamFactory())  # of the team or not: it is one agenda for all
    assert titles(client) == [first.training.title] * 2


def test_entries_keep_their_identifier_and_count_their_revisions(client, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    session, team = TrainingSessionFactory(), TeamFactory()
    [before] = entries(client)
    time_machine.shift(60)
    actions.change_when_where(session, venue="Salle du Foyer", by=team)
    [moved] = entries(client)
    time_machine.shift(60)
    actions.cancel_session(session, reason="Neige", by=team)
    [cancelled] = entries(client)
    assert len({one.uid.value for one in (before, moved, cancelled)}) == 1
    assert [one.sequence.value for one in (before, moved, cancelled)] == ["0", "1", "2"]
    assert [one.status.value for one in (before, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert before.dtstamp.value < moved.dtstamp.value < cancelled.dtstamp.value


def test_the_summer_hour_changes_nothing_on_the_clock(client):
    year = timezone.localdate().year + 1
    TrainingSessionFactory(days=[date(year, 3, 1), date(year, 6, 1)])
    assert [entry.dtstart.value.isoformat()[10:] for entry in entries(client)] == [
        "T19:00:00+01:00",
        "T19:00:00+02:00",
    ]


def test_the_video_meeting_is_for_those_who_have_a_seat(client):
    TrainingSessionFactory(online_url="https://visio.exemple.invalid/secret")
    assert b"secret" not in client.get(AGENDA).content


def test_the_agenda_follows_the_filters_of_the_catalogue(client):
    theme = ThemeFactory()
    about = TrainingSessionFactory(training=TrainingFactory(themes=[theme]))
    TrainingSessionFactory()
    assert titles(client, f"{AGENDA}?theme={theme.code}") == [about.training.title]
    assert len(titles(client, f"{AGENDA}?theme=n-existe-pas&page=3")) == 2  # what means nothing is left out
    shown = client.get(f"{reverse('trainings:session_list')}?theme={theme.code}&page=1").content.decode()
    assert f'href="webcal://testserver{AGENDA}?theme={theme.code}"' in shown


@pytest.mark.parametrize("address", [AGENDA, NEWS])
def test_nothing_new_is_not_sent_again(client, address):
    session = TrainingSessionFactory()
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    actions.change_when_where(session, venue="Salle du Foyer", by=TeamFactory())
    changed = client.get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("address", [AGENDA, NEWS])
def test_it_asks_as_much_for_one_as_for_three(client, address, django_assert_num_queries):
    for number in (1, 2):
        TrainingSessionFactory.create_batch(number)
        with django_assert_num_queries(5):
            client.get(address)


def test_an_empty_agenda_is_one(client):
    assert client.get(AGENDA).content.startswith(b"BEGIN:VCALENDAR")
    assert entries(client) == []


def test_a_long_agenda_ends(client, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_SESSIONS", 1)
    soonest = TrainingSessionFactory(days=[timezone.localdate() + timedelta(days=1)])
    TrainingSessionFactory()
    assert titles(client) == [soonest.training.title]


def test_the_news_tell_the_last_announced_first_and_what_became_of_it(client):
    first, second = TrainingSessionFactory(), TrainingSessionFactory(training__title="Tailler & greffer")
    actions.cancel_session(first, reason="Neige", by=TeamFactory())
    feed = ElementTree.fromstring(client.get(NEWS).content)
    found = [
        (entry.findtext("a:title", namespaces=ATOM), entry.find("a:link", ATOM).get("href"))
        for entry in feed.findall("a:entry", ATOM)
    ]
    assert found == [
        ("Tailler & greffer", f"http://testserver{second.get_absolute_url()}"),
        (f"Annulée\u00a0: {first.training.title}", f"http://testserver{first.get_absolute_url()}"),
    ]
