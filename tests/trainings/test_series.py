"""The same session again: once, every n weeks, on dates; all of it or nothing."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import SessionDayFactory, TrainingSessionFactory
from tests.trainings.test_races import at_once
from trainings import actions
from trainings.models import TrainingSession

BRUSSELS = ZoneInfo("Europe/Brussels")
NONCE = "a" * 32


@pytest.fixture(autouse=True)
def in_january(time_machine):
    """The whole story happens in January 2027, before the clocks change."""
    time_machine.move_to(datetime(2027, 1, 4, 9, tzinfo=BRUSSELS), tick=False)


@pytest.fixture
def source(db):
    """An evening from 19:00 to 21:00 that is open from the 1st to the 12th of January at noon."""
    return TrainingSessionFactory(
        days=[date(2027, 1, 14)],
        capacity=12,
        opens_at=datetime(2027, 1, 1, 9, tzinfo=BRUSSELS),
        closes_at=datetime(2027, 1, 12, 12, tzinfo=BRUSSELS),
    )


@pytest.fixture
def desk(client, db):
    """A client of the LAG's team."""
    client.force_login(TeamFactory(name="Odile Fictive"))
    return client


def made_of(session, *starts, nonce=NONCE):
    return actions.make_series(session, starts=starts, by=TeamFactory(), nonce=nonce)


def test_a_copy_is_a_draft_with_the_same_hours_place_and_seats(source):
    (copy,) = made_of(source, date(2027, 2, 4))
    copy.refresh_from_db()
    assert (copy.state, copy.training, copy.venue, copy.capacity) == (
        *("draft", source.training, source.venue, 12),
    )
    assert [str(day) for day in copy.days.all()] == ["jeudi 4\u00a0février 2027, de 19\u00a0h à 21\u00a0h"]
    assert copy.opens_at == datetime(2027, 1, 22, 9, tzinfo=BRUSSELS)
    assert copy.closes_at == datetime(2027, 2, 2, 12, tzinfo=BRUSSELS)
    assert (copy.public_id == source.public_id, copy.published_at, copy.registrations.count()) == (
        *(False, None, 0),
    )


def test_a_weekly_series_keeps_19_00_local_over_the_change_of_clocks(source):
    made = made_of(source, date(2027, 3, 18), date(2027, 3, 25), date(2027, 4, 1))
    starts = TrainingSession.objects.filter(series=NONCE).order_by("series_rank")
    assert [timezone.localtime(one.starts_at).time() for one in starts] == [time(19)] * 3
    assert [one.starts_at.utcoffset().total_seconds() for one in starts] == [0, 0, 0]  # kept in UTC
    assert [one.starts_at.hour for one in starts] == [18, 18, 17]
    # The closing moves with its day, and keeps its hour too.
    assert [timezone.localtime(one.closes_at).hour for one in made] == [12, 12, 12]


def test_days_of_a_session_keep_their_distance(source):
    SessionDayFactory(session=source, date=date(2027, 1, 21))
    (copy,) = made_of(source, date(2027, 2, 25))
    assert list(copy.days.values_list("date", "start_time")) == [
        (date(2027, 2, 25), time(19)),
        (date(2027, 3, 4), time(9, 30)),
    ]


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (date(2027, 1, 3), "Dimanche 3\u00a0janvier 2027 est passé. Rien n’est créé."),
        (date(2031, 1, 3), "Vendredi 3\u00a0janvier 2031 est à plus de trois ans. Rien n’est créé."),
    ],
)
def test_one_wrong_date_and_nothing_is_made(source, start, said):
    with pytest.raises(actions.Refused) as refused:
        made_of(source, date(2027, 2, 4), start)
    assert str(refused.value) == said
    assert TrainingSession.objects.count() == 1


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
def test_an_hour_that_the_change_of_clocks_takes_away_is_refused_and_nothing_is_made(db, night):
    session = TrainingSessionFactory(days=[])
    session.days.update(start_time=time(2, 30), end_time=time(5))
    with pytest.raises(actions.Refused) as refused:
        made_of(session, date(2027, 2, 7), night)
    assert "cette heure n’existe pas, ou existe deux fois" in str(refused.value)
    assert TrainingSession.objects.count() == 1


def test_a_date_given_twice_and_too_many_dates_are_refused(source):
    with pytest.raises(actions.Refused, match="donné deux fois"):
        made_of(source, date(2027, 2, 4), date(2027, 2, 4))
    with pytest.raises(actions.Refused, match="de une à 52 dates"):
        made_of(source, *[date(2027, 2, day) for day in range(1, 28)] * 2)


def test_the_same_form_twice_makes_one_series(source):
    once = made_of(source, date(2027, 2, 4), date(2027, 2, 11))
    again = made_of(source, date(2027, 2, 4), date(2027, 2, 11))
    assert [one.pk for one in again] == [one.pk for one in once]
    assert JournalEntry.objects.filter(verb="session.copied").count() == 2


def test_the_page_shows_the_dates_then_makes_the_drafts(desk, source):
    address = reverse("admin:trainings_session_repeat", args=[source.pk])
    wanted = {"first": "2027-01-21", "times": "3", "weeks": "2", "listed": "", "nonce": NONCE}
    shown = desk.post(address, wanted | {"montrer": "1"})
    assert [days[0].date for days, _taken in shown.context["planned"]] == [
        *(date(2027, 1, 21), date(2027, 2, 4), date(2027, 2, 18)),
    ]
    assert TrainingSession.objects.count() == 1
    for _click in range(2):
        done = desk.post(address, wanted | {"creer": "1"})
        assert done["Location"] == f"{reverse('admin:trainings_trainingsession_changelist')}?series={NONCE}"
    assert TrainingSession.objects.filter(series=NONCE, state="draft").count() == 3
    assert desk.get(done["Location"]).context["cl"].result_count == 3


def test_dates_of_one_s_own_take_the_place_of_the_weeks_and_a_word_is_no_date(desk, source):
    address = reverse("admin:trainings_session_repeat", args=[source.pk])
    shown = desk.post(address, {"first": "2027-01-21", "listed": "15/02/2027\n2027-02-01"})
    assert [days[0].date for days, _taken in shown.context["planned"]] == [
        *(date(2027, 2, 1), date(2027, 2, 15)),
    ]
    shown = desk.post(address, {"listed": "15/02/2027\nmardi prochain\n31/02/2027"})
    assert shown.context["form"].errors["listed"] == [
        "Ce n’est pas une date\u00a0: «\u00a0mardi prochain\u00a0», «\u00a031/02/2027\u00a0». "
        "Écrivez par exemple 15/01/2027."
    ]


def test_a_day_on_which_the_training_has_a_session_already_is_pointed_out(desk, source):
    address = reverse("admin:trainings_session_repeat", args=[source.pk])
    shown = desk.post(address, {"first": "2027-01-14", "times": "2"})
    assert [taken for _days, taken in shown.context["planned"]] == [True, False]


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"first": "9999-12-31", "times": "52", "weeks": "12"},
        {"first": "2027-01-21", "times": "9" * 5000},
        {"listed": "\x00"},
    ],
)
def test_what_cannot_be_is_answered_on_the_page(desk, source, posted):
    address = reverse("admin:trainings_session_repeat", args=[source.pk])
    shown = desk.post(address, posted | {"creer": "1"})
    assert shown.status_code == 200
    assert shown.context["form"].errors
    assert TrainingSession.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_series():
    session, team = TrainingSessionFactory(days=[date(2027, 1, 14)]), TeamFactory()
    starts = [date(2027, 2, 4), date(2027, 2, 11)]
    made = at_once([lambda: actions.make_series(session, starts=starts, by=team, nonce=NONCE)] * 4)
    assert {tuple(one.pk for one in series) for series in made} == {
        tuple(
            TrainingSession.objects.filter(series=NONCE).order_by("series_rank").values_list("pk", flat=True)
        )
    }
    assert TrainingSession.objects.filter(series=NONCE).count() == 2


def test_two_weeks_in_a_row_are_not_repeated_each_week(db):
    first = date(2027, 1, 14)
    session = TrainingSessionFactory(days=[first, first + timedelta(days=7)])
    starts = [first + timedelta(weeks=weeks) for weeks in (3, 4, 5)]
    with pytest.raises(actions.Refused, match="tomberait dans deux séances de la série"):
        actions.series_days(session, starts=starts)
    assert len(actions.series_days(session, starts=starts[::2])) == 2
