"""The catalogue as a calendar."""

from datetime import date, timedelta

import html5lib
import pytest
from django.utils import timezone

from tests.factories.trainings import TrainingFactory, TrainingSessionFactory
from trainings import months
from trainings.choices import SessionState

MONTH = "/formations/calendrier/"


def shown(client, query: str) -> dict[str, list[str]]:
    """Day → the titles of its sessions."""
    page = html5lib.parse(client.get(f"{MONTH}{query}").content.decode(), namespaceHTMLElements=False)
    found = {}
    for cell in page.findall(".//table[@class='month']/tbody/tr/td"):
        links = [link.text for link in cell.findall(".//li/a")]
        if links:
            found[cell.find(".//time").get("datetime")] = links
    return found


@pytest.mark.parametrize(
    ("first", "weeks", "outside"),
    [(date(2027, 2, 1), 4, 0), (date(2026, 12, 1), 5, 4), (date(2026, 8, 1), 6, 11)],
)
def test_a_month_is_whole_weeks_from_monday(first, weeks, outside):
    grid = months.Month(first).weeks([])
    assert (len(grid), {len(week) for week in grid}) == (weeks, {7})
    assert {week[0].date.weekday() for week in grid} == {0}
    assert sum(not cell.inside for week in grid for cell in week) == outside


@pytest.mark.parametrize(
    "asked", ["", "2026-13", "2026-00", "9999-12", "1999-12", "2026-1", "٢٠٢٦-١٢", "\x00", "9" * 5000]
)
def test_what_is_no_month_is_this_one(asked):
    assert months.asked(asked, date(2026, 11, 22)).code == "2026-11"


def test_the_calendar_has_two_ends():
    assert (months.Month(date(2000, 1, 1)).before, months.Month(date(2099, 12, 1)).after) == (None, None)
    assert months.Month(date(2026, 12, 1)).after == months.Month(date(2027, 1, 1))


def test_each_day_of_a_session_stands_on_its_date_and_drafts_nowhere(client, db):
    TrainingSessionFactory(
        training=TrainingFactory(title="Haies"), days=[date(2027, 3, 30), date(2027, 4, 1), date(2027, 4, 2)]
    )
    TrainingSessionFactory(
        training=TrainingFactory(title="Compost"), days=[date(2027, 4, 1)], state=SessionState.CANCELLED
    )
    TrainingSessionFactory(days=[date(2027, 4, 3)], state=SessionState.DRAFT)
    assert shown(client, "?mois=2027-04") == {"2027-04-01": ["Haies", "Compost"], "2027-04-02": ["Haies"]}
    assert shown(client, "?mois=2027-04&q=compost") == {"2027-04-01": ["Compost"]}
    assert shown(client, "?mois=2027-05") == {}
    # A session of two days is one; a cancelled one is shown, and counts for nothing.
    assert "1 séance ce mois-ci." in client.get(f"{MONTH}?mois=2027-04").content.decode()


def test_filters_stay_from_month_to_month(client, db):
    page = client.get(f"{MONTH}?mois=2027-04&q=haies&commune=x").content.decode()
    assert 'href="?mois=2027-05&amp;q=haies&amp;commune=x"' in page
    assert 'href="/formations/?q=haies&amp;commune=x"' in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["Communes", "Tous", "Entreprises"]),
        ("municipalities", ["Communes", "Tous"]),
        ("enterprises", ["Tous", "Entreprises"]),
    ],
)
def test_the_audience_is_a_filter_and_what_is_for_all_is_for_each(client, db, asked, found):
    today = timezone.localdate()
    for n, (title, families) in enumerate(
        [("Communes", ["municipalities"]), ("Tous", []), ("Entreprises", ["enterprises", "partners"])],
        start=1,
    ):
        training = TrainingFactory(title=title, families=families)
        TrainingSessionFactory(training=training, days=[today + timedelta(days=n)])
    page = client.get("/formations/", {"public": asked})
    assert [one.training.title for one in page.context["page"]] == found


@pytest.mark.parametrize("several", [1, 3])
def test_it_asks_as_much_for_one_as_for_three(client, db, django_assert_num_queries, several):
    for _number in range(several):
        TrainingSessionFactory(days=[date(2027, 4, 1)])
    with django_assert_num_queries(4):
        client.get(f"{MONTH}?mois=2027-04")
