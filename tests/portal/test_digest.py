"""The digest of the week: what was published and fits, to each reader once, whatever dies meanwhile."""

import re
from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import html5lib
import pytest
import time_machine
from django.conf import settings as shipped
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import actions
from actors.actions import subscriptions as verbs
from actors.choices import Subject, SubscriptionState
from actors.models import Digest, DigestCopy, Subscription
from outbox import actions as outbox
from outbox.choices import Lane, State
from outbox.models import Letter
from outbox.transport import Outcome
from portal import digest, tasks
from projects import actions as projects
from tests.factories.actors import SubscriptionFactory
from tests.factories.needs import NeedFactory, SharedNeedFactory
from tests.factories.projects import ProjectFactory, shared_need
from tests.factories.territory import LAGFactory, MunicipalityFactory, ThemeFactory
from tests.factories.trainings import TrainingFactory, TrainingSessionFactory
from trainings import actions as trainings
from trainings.models import TrainingSession

NOW = timezone.make_aware(datetime(2026, 11, 22, 10))
"""A Sunday; digests are written on Thursdays at 7."""
DUE = timezone.make_aware(datetime(2026, 11, 26, 7))


@pytest.fixture(autouse=True)
def real_letters(settings):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"


@pytest.fixture(autouse=True)
def sunday():
    """It is Sunday; what the factories make is published then."""
    with time_machine.travel(NOW, tick=False):
        yield


def write(moment: datetime = DUE) -> None:
    """Let beat ask, at this moment."""
    with time_machine.travel(moment, tick=False):
        tasks.write_digests()


def letters() -> Counter:
    """Address → digests written to it."""
    return Counter(Letter.objects.filter(kind="subscription.digest").values_list("recipients", flat=True))


def read(letter: Letter):
    return message_from_bytes(bytes(letter.message), policy=policy.default)


def text_of(letter: Letter) -> str:
    return read(letter).get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(letter: Letter) -> str:
    return read(letter).get_body(("html",)).get_content()


def titles(items) -> list[str]:
    return [item.title for item in items]


def week() -> list[digest.Item]:
    return digest.gather(DUE - timedelta(days=7), DUE)


def shown(subscription: Subscription) -> list[str]:
    return [item.title for section in digest.fitting(week(), subscription) for item in section.items]


# When ----------------------------------------------------------------------------------------------------


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


# What ----------------------------------------------------------------------------------------------------


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


# For whom ------------------------------------------------------------------------------------------------


@pytest.fixture
def programme(db):
    """A training about mobility in Incourt, one about energy in Jodoigne, a project everywhere, a need."""
    mobility, energy = ThemeFactory(name="Mobilité"), ThemeFactory(name="Énergie")
    incourt, jodoigne = MunicipalityFactory(name="Incourt"), MunicipalityFactory(name="Jodoigne")
    LAGFactory(area__municipalities=[incourt, jodoigne], email="bonjour@exemple.invalid")
    TrainingSessionFactory(training=TrainingFactory(title="Vélo", themes=[mobility]), municipality=incourt)
    TrainingSessionFactory(training=TrainingFactory(title="Isoler", themes=[energy]), municipality=jodoigne)
    ProjectFactory(title="Agenda commun", lead__name="Maison Fictive")
    shared_need("Une salle", places=[incourt], public=True, theme=energy)
    return {"mobility": mobility, "energy": energy, "incourt": incourt, "jodoigne": jodoigne}


@pytest.mark.parametrize(
    ("themes", "places", "expected"),
    [
        ([], [], ["Vélo", "Isoler", "Agenda commun", "Une salle"]),
        (["mobility"], [], ["Vélo", "Agenda commun"]),
        (["energy"], [], ["Isoler", "Agenda commun", "Une salle"]),
        (["mobility", "energy"], [], ["Vélo", "Isoler", "Agenda commun", "Une salle"]),
        ([], ["incourt"], ["Vélo", "Agenda commun", "Une salle"]),
        (["energy"], ["incourt"], ["Agenda commun", "Une salle"]),
        (["mobility"], ["jodoigne"], ["Agenda commun"]),
    ],
)
def test_themes_and_communes_narrow_it_and_what_names_none_concerns_all(programme, themes, places, expected):
    subscription = SubscriptionFactory(
        themes=[programme[name] for name in themes], municipalities=[programme[name] for name in places]
    )
    assert shown(subscription) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (Subject.TRAININGS, ["Vélo", "Isoler"]),
        (Subject.PROJECTS, ["Agenda commun"]),
        (Subject.NEEDS, ["Une salle"]),
    ],
)
def test_subjects_narrow_it(programme, subject, expected):
    about = {f"about_{one.value}": one == subject for one in Subject}
    assert shown(SubscriptionFactory(**about)) == expected


def test_a_commune_that_took_a_position_is_concerned_by_a_need(programme):
    from tests.factories.needs import PositionFactory

    need = SharedNeedFactory(
        title="Un bus", public=True, needs=[NeedFactory(municipality=programme["incourt"])]
    )
    PositionFactory(shared_need=need, municipality=programme["jodoigne"])
    assert "Un bus" in shown(SubscriptionFactory(municipalities=[programme["jodoigne"]]))


def test_only_who_confirmed_before_the_digest_and_has_not_stopped_gets_it(programme):
    with time_machine.travel(DUE + timedelta(minutes=1), tick=False):
        SubscriptionFactory(email="demain@exemple.invalid")
    for state in SubscriptionState.values:
        SubscriptionFactory(email=f"{state}@exemple.invalid", state=state)
    write(DUE + timedelta(minutes=2))
    assert letters() == {"active@exemple.invalid": 1}


def test_nothing_to_say_no_letter(programme):
    SubscriptionFactory(themes=[ThemeFactory()], about_projects=False)
    write()
    assert (letters(), DigestCopy.objects.count()) == ({}, 0)
    assert Digest.objects.get().finished_at == DUE


def test_a_week_without_anything_writes_to_nobody(db):
    SubscriptionFactory()
    write()
    assert letters() == {}


def test_the_same_is_told_once_and_the_next_week_what_came_since(programme):
    SubscriptionFactory()
    for minutes in (0, 1, 60 * 24 * 6):
        write(DUE + timedelta(minutes=minutes))
    assert letters().total() == 1
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        ProjectFactory(title="Projet suivant")
    write(DUE + timedelta(days=7))
    assert letters().total() == 2
    assert Letter.objects.latest("pk").subject == "Projet suivant"


# The letter ----------------------------------------------------------------------------------------------


def one_letter() -> Letter:
    SubscriptionFactory(email="zelie@exemple.invalid")
    write()
    return Letter.objects.get(kind="subscription.digest")


def test_the_letter_in_text_and_html(programme):
    letter = one_letter()
    assert letter.subject == "Vélo, et 3 autres nouvelles"
    text, html = text_of(letter), html_of(letter)
    assert text.startswith("4 nouvelles du territoire, publiées depuis le jeudi 19\u00a0novembre 2026, ")
    html5lib.HTMLParser(strict=True).parse(html)
    for whole in (text, html):
        for word in ("Vélo", "Isoler", "Agenda commun", "Une salle", "Maison Fictive", "Incourt"):
            assert word in whole
    assert re.findall(r"^[A-ZÉ ]+$", text, re.MULTILINE) == [
        "FORMATIONS ET RENCONTRES",
        "PROJETS",
        "BESOINS PARTAGÉS",
    ]
    assert "dimanche 13\u00a0décembre 2026, de 19\u00a0h à 21\u00a0h" in text

    def found(whole):
        return set(re.findall(r"http://testserver/[^\s\"<]+", whole))

    assert found(text) == found(html)
    assert "tous les thèmes" in text
    assert "tout le territoire" in html


def test_every_link_of_the_letter_leads_somewhere_and_one_click_stops(programme):
    letter = one_letter()
    message = read(letter)
    assert (letter.lane, message["List-Unsubscribe-Post"]) == (Lane.BULK, "List-Unsubscribe=One-Click")
    assert message["Reply-To"] == "bonjour@exemple.invalid"
    links = re.findall(r"http://testserver(/[^\s\"<]+)", text_of(letter))
    assert [Client().get(path).status_code for path in links] == [200] * 6
    stop = message["List-Unsubscribe"].strip(" <>").removeprefix("http://testserver")
    assert stop in links
    Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert Subscription.objects.get().state == "stopped"


def test_one_thing_alone_is_told_in_the_singular_and_names_the_choices(db):
    theme, place = ThemeFactory(name="Mobilité"), MunicipalityFactory(name="Incourt")
    SubscriptionFactory(themes=[theme], municipalities=[place], about_needs=False)
    ProjectFactory(title="Agenda\ncommun")
    write()
    letter = Letter.objects.get()
    assert letter.subject == "Agenda commun"
    assert "Une nouvelle du territoire, publiée depuis le" in text_of(letter)
    assert "Vos choix\u00a0: formations et rencontres, projets\u00a0; Mobilité\u00a0; Incourt." in text_of(
        letter
    )
    assert "Publiée depuis le" in html_of(letter)
    assert "autre" not in text_of(letter)


@pytest.mark.parametrize(
    ("n", "subject", "rest"),
    [
        (2, "et 1 autre nouvelle", None),
        (8, "et 7 autres nouvelles", None),
        (9, "et 8 autres nouvelles", "Et 1 autre\u00a0: voir toute la liste"),
        (12, "et 11 autres nouvelles", "Et 4 autres\u00a0: voir toute la liste"),
    ],
)
def test_a_long_week_names_the_first_eight_and_counts_the_others(db, n, subject, rest):
    SubscriptionFactory()
    for number in range(n):
        ProjectFactory(title=f"Projet {number:02}")
    write()
    letter = Letter.objects.get()
    assert letter.subject == f"Projet 00, {subject}"
    assert len(re.findall(r"^\* Projet", text_of(letter), re.MULTILINE)) == min(n, 8)
    assert re.findall(r"Et .*liste", text_of(letter)) == ([rest] if rest else [])


def test_a_title_is_text_in_the_letter(db):
    SubscriptionFactory()
    ProjectFactory(title="<script>alert(1)</script>")
    write()
    assert "<script>" not in html_of(Letter.objects.get())
    assert "<script>" in text_of(Letter.objects.get())


# Stopped meanwhile ---------------------------------------------------------------------------------------


@pytest.fixture
def post(monkeypatch):
    """Send what waits to a server that takes everything; return the addresses reached."""

    def go() -> list[str]:
        reached = []

        class Server:
            def send(self, sender, recipients, source):
                reached.extend(recipients)
                return Outcome(reached=list(recipients))

        for letter in outbox.claim_next(Lane.BULK):
            outbox.deliver(letter, Server())
        return reached

    return go


def test_who_stops_between_writing_and_sending_gets_nothing(programme, post):
    stays, goes, erased, moved = (
        SubscriptionFactory(email=f"{name}@exemple.invalid") for name in ("reste", "part", "efface", "change")
    )
    write()
    with time_machine.travel(DUE, tick=False):
        actions.stop_subscription(goes)
        erased.delete()
        Subscription.objects.filter(pk=moved.pk).update(email="neuve@exemple.invalid")
        assert post() == [stays.email]
    reasons = dict(Letter.objects.filter(state=State.CANCELLED).values_list("recipients", "last_error"))
    assert reasons == {
        "part@exemple.invalid": "La personne a arrêté son abonnement.",
        "efface@exemple.invalid": "L’abonnement n’existe plus.",
        "change@exemple.invalid": "L’adresse a été effacée ou changée.",
    }


# Once to each --------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for a worker's death: nothing catches it."""


@pytest.fixture
def readers(programme, monkeypatch):
    """Seven readers, looked at two by two."""
    monkeypatch.setattr(verbs, "BATCH", 2)
    return [SubscriptionFactory(email=f"lectrice{n}@exemple.invalid") for n in range(7)]


def everyone_once(readers) -> dict[str, int]:
    return {one.email: 1 for one in readers}


def die_at(monkeypatch, nth: int) -> None:
    """Die while the `nth` letter of the next run is written."""
    build, count = tasks.emails.digest, iter(range(1, 1000))

    def fatal(*args, **kwargs):
        if next(count) == nth:
            raise Killed
        return build(*args, **kwargs)

    monkeypatch.setattr(tasks.emails, "digest", fatal)


@pytest.mark.parametrize("nth", range(1, 8))
def test_killed_at_any_letter_and_run_again_each_has_exactly_one(readers, monkeypatch, nth):
    with monkeypatch.context() as mortal:
        die_at(mortal, nth)
        with pytest.raises(Killed):
            write()
    assert letters().total() == DigestCopy.objects.count() == (nth - 1) // 2 * 2
    write(DUE + timedelta(hours=3))
    assert letters() == everyone_once(readers)
    assert DigestCopy.objects.count() == 7


def test_killed_between_the_copies_and_their_letters_nobody_is_lost(readers, monkeypatch):
    with monkeypatch.context() as mortal:
        mortal.setattr(verbs.emails, "send", lambda messages: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            write()
    assert DigestCopy.objects.count() == 0
    write()
    assert letters() == everyone_once(readers)


def test_letters_written_outside_the_transaction_would_be_written_twice(readers, monkeypatch):
    """What the guard is for: with letters that do not share the fate of the copies, a death doubles them."""
    sent = Counter()
    actions.open_digest(DUE)
    with monkeypatch.context() as apart:
        apart.setattr(verbs.emails, "send", lambda messages: sent.update(one.to[0] for one in messages))
        apart.setattr(Digest, "save", lambda *args, **kwargs: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            write()
    write()
    assert (sent + letters()).most_common(1)[0][1] == 2
    assert letters() == everyone_once(readers)


def test_a_digest_that_forgot_how_far_it_was_is_refused_by_the_database(readers):
    write()
    Digest.objects.update(walked_to=0, finished_at=None)
    with pytest.raises(IntegrityError):
        write()


def test_an_unfinished_digest_is_finished_before_the_next_begins(readers, monkeypatch):
    with monkeypatch.context() as mortal:
        die_at(mortal, 4)
        with pytest.raises(Killed):
            write()
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        ProjectFactory(title="Projet suivant")
    write(DUE + timedelta(days=7))
    assert letters() == {one.email: 2 for one in readers}
    assert Digest.objects.filter(finished_at=None).count() == 0


def test_a_turn_ends_after_its_seconds_and_the_next_goes_on(readers, monkeypatch):
    monkeypatch.setattr(tasks, "TURN", 0)
    counts = []
    for minute in range(5):
        write(DUE + timedelta(minutes=minute))
        counts.append(letters().total())
    assert counts == [2, 4, 6, 7, 7]


def test_a_reader_more_costs_no_query(programme, monkeypatch):
    monkeypatch.setattr(verbs, "BATCH", 10)

    def cost(readers: int) -> int:
        Digest.objects.all().delete()
        while Subscription.objects.count() < readers:
            SubscriptionFactory(themes=[programme["energy"]], municipalities=[programme["jodoigne"]])
        with CaptureQueriesContext(connection) as asked:
            write()
        return len(asked)

    assert cost(1) == cost(6)
    assert letters().total() == 7


def test_beat_asks_for_it():
    asked = {entry["task"] for entry in shipped.CELERY_BEAT_SCHEDULE.values()}
    assert {name for name in asked if name.startswith("portal.")} == {tasks.write_digests.name}


def test_what_is_told_is_what_everybody_may_see(programme):
    told = {item.url for item in week() if item.subject == Subject.TRAININGS}
    visible = TrainingSession.objects.visible_to(AnonymousUser())
    assert told == {f"http://testserver{one.get_absolute_url()}" for one in visible}
