"""When the digest is due, and what it gathers: what became public since the one before."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors.choices import Subject
from actors.models import Digest
from portal import digest
from projects import actions as projects
from tests.factories.needs import SharedNeedFactory
from tests.factories.projects import ProjectFactory, shared_need
from tests.factories.territory import MunicipalityFactory, ThemeFactory
from tests.factories.trainings import TrainingFactory, TrainingSessionFactory
from tests.portal.digest.weeks import DUE, NOW, titles, week, write
from trainings import actions as trainings
from trainings.models import TrainingSession


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-26 06:59", "2026-11-19 07:00"),
        ("2026-11-26 07:00", "2026-11-26 07:00"),
        ("2026-12-02 23:00", "2026-11-26 07:00"),
        ("2027-03-29 12:00", "2027-03-25 07:00"),  # the clocks changed on the 28th
        ("2026-10-28 12:00", "2026-10-22 07:00"),
    ],
)
def test_the_digest_is_due_on_thursdays_at_seven_whatever_the_season(now, due):
    moment = timezone.make_aware(datetime.fromisoformat(now))
    assert digest.due(moment) == timezone.make_aware(datetime.fromisoformat(due))


def test_the_day_and_the_hour_are_settings(settings):
    settings.DIGEST_WEEKDAY, settings.DIGEST_HOUR = 1, 18
    assert digest.due(NOW) == timezone.make_aware(datetime(2026, 11, 16, 18))


def test_a_period_begins_where_the_one_before_ended_even_when_weeks_were_missed(db):
    write(DUE)
    write(DUE + timedelta(days=22))
    periods = list(Digest.objects.order_by("until").values_list("since", "until"))
    assert periods == [
        (DUE - timedelta(days=7), DUE),
        (DUE, DUE + timedelta(days=21)),
    ]


def test_a_day_moved_earlier_writes_nothing_twice(db, settings):
    write(DUE)
    settings.DIGEST_WEEKDAY = 3
    write(DUE + timedelta(days=1))
    assert Digest.objects.count() == 1
    write(DUE + timedelta(days=6))
    assert Digest.objects.latest("until").since == DUE


def test_what_is_public_since_the_week_is_gathered_and_nothing_else(db):
    TrainingSessionFactory(training__title="Annoncée")
    TrainingSessionFactory(training__title="Brouillon", state="draft")
    TrainingSessionFactory(training__title="Formation en brouillon", training__state="draft")
    TrainingSessionFactory(training__title="Annulée", state="cancelled")
    TrainingSessionFactory(training__title="Passée avant la lettre", days=[NOW.date() + timedelta(days=1)])
    ProjectFactory(title="Projet publié")
    ProjectFactory(title="Projet privé", published=False)
    SharedNeedFactory(title="Besoin publié", public=True)
    SharedNeedFactory(title="Besoin privé", public=False)
    with time_machine.travel(NOW - timedelta(days=30), tick=False):
        TrainingSessionFactory(training__title="Connue", days=[NOW.date() + timedelta(days=40)])
        ProjectFactory(title="Projet connu")
        SharedNeedFactory(title="Besoin connu", public=True)
    with time_machine.travel(DUE, tick=False):
        ProjectFactory(title="De la semaine d’après")
        assert titles(week()) == ["Annoncée", "Projet publié", "Besoin publié"]


def test_what_was_a_draft_counts_from_the_day_it_is_announced(db):
    with time_machine.travel(NOW - timedelta(days=30), tick=False):
        session = TrainingSessionFactory(state="draft", days=[NOW.date() + timedelta(days=21)])
        project = ProjectFactory(published=False)
        need = SharedNeedFactory(public=False)
    assert week() == []
    trainings.publish(session, by=None)
    projects.publish(project, by=None)
    need.public = True
    need.save(update_fields=["public"])
    assert len(week()) == 3
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        trainings.confirm(TrainingSession.objects.get(), by=None)
        need.title = "Un autre titre"
        need.save()
    assert len(week()) == 3, "a later change is no news"


def test_a_session_counts_from_the_day_its_training_is_published_too(db):
    with time_machine.travel(NOW - timedelta(days=30), tick=False):
        session = TrainingSessionFactory(
            training__title="Formation", training__state="draft", days=[NOW.date() + timedelta(days=21)]
        )
        TrainingSessionFactory(training=session.training, state="draft")
    assert week() == []
    session.training.state = "published"
    session.training.save()
    assert titles(week()) == ["Formation"]
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        session.training.title = "Formation (bis)"
        session.training.save()
    assert titles(week()) == ["Formation (bis)"], "a later change is no news"


def test_a_withdrawn_need_is_news_again_when_it_comes_back(db):
    need = SharedNeedFactory(public=True)
    need.public = False
    need.save()
    assert (need.published_at, week()) == (None, [])
    need.public = True
    need.save()
    assert len(week()) == 1


def test_gathering_costs_as_many_queries_with_one_and_with_three_of_each(db):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            week()
        return len(asked)

    counts = []
    for _ in range(2):
        theme = ThemeFactory()
        TrainingSessionFactory(training=TrainingFactory(themes=[theme]))
        ProjectFactory(themes=[theme], municipalities=[MunicipalityFactory()])
        shared_need(places=2, public=True)
        counts.append(cost())
    assert counts == [10, 10]


def test_what_is_told_is_what_everybody_may_see(programme):
    told = {item.url for item in week() if item.subject == Subject.TRAININGS}
    visible = TrainingSession.objects.visible_to(AnonymousUser())
    assert told == {f"http://testserver{one.get_absolute_url()}" for one in visible}
