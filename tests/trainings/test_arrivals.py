"""Who comes unannounced is on the list, has a seat and is present; two half-days of one date are called apart."""

import contextlib
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory
from tests.factories.trainings import RegistrationFactory, SessionDayFactory, TrainingSessionFactory, held
from tests.trainings.test_admin import change_address, posted
from tests.trainings.test_races import at_once
from trainings import actions
from trainings.actions import Person
from trainings.models import Attendance, Certificate, Registration

JSON = {"accept": "application/json"}
NONCE = "a" * 32


@pytest.fixture
def team(db):
    return TeamFactory(name="Odile Fictive")


@pytest.fixture
def desk(client, team):
    """A client of the LAG's team."""
    client.force_login(team)
    return client


def full_today():
    """A session of today with one seat, which is taken."""
    session = TrainingSessionFactory(days=[timezone.localdate()], capacity=1)
    session.days.update(start_time=time(0), end_time=time(23, 59))
    RegistrationFactory(session=session, name="Aline Fictive", email="aline@exemple.invalid", position=1)
    return session


def address(session):
    return reverse("admin:trainings_session_arrive", args=[session.pk])


def typed(session, **fields):
    return {"jour": session.days.first().public_id, "name": "Denis Fictif", "nonce": NONCE} | fields


def people(session):
    return list(
        session.registrations.order_by("position").values_list("name", "state", "attended", "walk_in")
    )


# Walk-ins ------------------------------------------------------------------------------------------------


def test_a_name_is_enough_and_the_room_may_be_full(desk):
    session = full_today()
    response = desk.post(address(session), typed(session), follow=True)
    assert [str(one) for one in response.context["messages"]] == [
        "Denis Fictif est sur la liste, et présent."
    ]
    assert people(session) == [
        ("Aline Fictive", "confirmed", None, False),
        ("Denis Fictif", "confirmed", True, True),
    ]
    assert actions.tell() == 0
    assert mail.outbox == []
    html = desk.get(reverse("admin:trainings_session_people", args=[session.pk])).content.decode()
    assert "Denis Fictif</a> (sur place)" in html


def test_the_same_arrival_sent_again_is_one_person(desk):
    session = full_today()
    for _try in range(3):
        told = desk.post(address(session), typed(session), headers=JSON)
    assert told.status_code == 200
    assert told.json()["text"] == "Présents : 1 · absents : 0 · à dire : 1"
    assert (session.registrations.count(), Attendance.objects.count()) == (2, 1)


def test_organisation_municipality_and_address_are_kept_when_they_are_known(desk, jodoigne):
    session, actor = full_today(), ActorFactory(name="Les Haies Fictives")
    more = {
        "organisation": "les haies fictives",
        "municipality": "jodoigne",
        "email": "Denis@Exemple.invalid",
    }
    desk.post(address(session), typed(session, **more))
    denis = Registration.objects.get(walk_in=True)
    assert (denis.actor, denis.municipality, denis.email, denis.entered_by) == (
        *(actor, jodoigne, "denis@exemple.invalid", "Odile Fictive"),
    )


def test_somebody_who_is_on_the_list_already_is_marked_and_who_waited_has_a_seat(desk):
    session = full_today()
    RegistrationFactory(session=session, name="Basile Fictif", state="waiting", position=2)
    desk.post(address(session), typed(session, name="aline FICTIVE"))
    desk.post(address(session), typed(session, name="Basile Fictif", nonce="b" * 32))
    assert people(session) == [
        ("Aline Fictive", "confirmed", True, False),
        ("Basile Fictif", "confirmed", True, False),
    ]
    assert actions.tell() == 0


def test_a_namesake_with_another_address_is_another_person(desk):
    session = full_today()
    desk.post(address(session), typed(session, name="Aline Fictive", email="autre@exemple.invalid"))
    assert [name for name, *_rest in people(session)] == ["Aline Fictive", "Aline Fictive"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Quel est le nom de la personne ?"),
        ({"email": "denis@"}, "Cette adresse n’est pas complète, par exemple « nom@exemple.be »."),
        ({"jour": "x"}, "Ce jour n’est plus un jour de cette séance. Rien n’est changé."),
    ],
)
def test_what_cannot_be_is_told_and_nobody_is_added(desk, wrong, said):
    session = full_today()
    told = desk.post(address(session), typed(session, **wrong), headers=JSON)
    assert (told.status_code, told.json()["late"]) == (409, True)
    assert told.json()["text"].replace("\u00a0", " ") == said.replace("\u00a0", " ")
    assert session.registrations.count() == 1


def test_an_hour_before_the_doors_are_open_and_earlier_nobody_passes_who_waits(team, time_machine):
    session = TrainingSessionFactory(days=[date(2027, 1, 28)], capacity=1)
    RegistrationFactory(session=session, position=1)
    RegistrationFactory(session=session, position=2, state="waiting")
    for hour, minute, comes in ((17, 59, False), (18, 0, True)):
        time_machine.move_to(
            datetime(2027, 1, 28, hour, minute, tzinfo=ZoneInfo("Europe/Brussels")), tick=False
        )
        with contextlib.nullcontext() if comes else pytest.raises(actions.Refused, match="trop tôt"):
            actions.arrive(
                session, person=Person("Passe Devant"), day=session.days.get(), nonce=NONCE, by=team
            )
        assert session.registrations.filter(walk_in=True).count() == comes


def test_a_form_sent_again_after_its_person_was_taken_off_says_so(team):
    session = full_today()
    arrive = {"person": Person("Denis Fictif"), "day": session.days.get(), "nonce": NONCE, "by": team}
    denis = actions.arrive(session, **arrive)
    Registration.objects.filter(pk=denis.pk).update(
        state="cancelled", cancelled_at=timezone.now(), attended=None
    )
    with pytest.raises(actions.Refused, match="retirée de la liste"):
        actions.arrive(session, **arrive)


def test_nobody_arrives_before_the_day_nor_where_nothing_takes_place(team):
    today = timezone.localdate()
    tomorrow = TrainingSessionFactory(days=[today + timedelta(days=1)])
    cancelled = TrainingSessionFactory(days=[today], state="cancelled")
    for session, said in ((tomorrow, "encore trop tôt"), (cancelled, "ne reçoit plus personne")):
        with pytest.raises(actions.Refused, match=said):
            actions.arrive(session, person=Person(name="Denis"), day=session.days.get(), nonce=NONCE, by=team)


def test_a_room_that_is_fuller_than_its_seats_can_still_be_edited(desk):
    session = full_today()
    desk.post(address(session), typed(session))
    response = desk.post(change_address(session), posted(session, capacity="1", trainers="Odile Fictive"))
    assert response.status_code == 302
    session.refresh_from_db()
    assert (session.trainers, session.capacity) == ("Odile Fictive", 1)


def test_a_walk_in_is_entered_by_somebody(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(walk_in=True)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_an_arrival_sent_by_five_requests_at_once_is_one_person():
    session, team = full_today(), TeamFactory()
    day, person = session.days.get(), Person(name="Denis Fictif")
    at_once([lambda: actions.arrive(session, person=person, day=day, nonce=NONCE, by=team)] * 5)
    assert session.registrations.filter(walk_in=True).count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_arrival_without_network_is_kept_when_the_page_is_closed_and_sent_once(chromium, live_server):
    session = full_today()
    with look(chromium, live_server.url, user=TeamFactory(), width=320) as context:
        page = context.new_page()
        page.goto(reverse("admin:trainings_session_roll_call", args=[session.pk]))
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        context.set_offline(True)
        page.get_by_label("Nom").fill("Denis Fictif")
        page.get_by_role("button", name="Ajouter à l’appel").click()
        expect(page.get_by_role("status")).to_contain_text("Pas de réseau")
        expect(page.get_by_text("… Denis Fictif")).to_be_visible()
        assert page.get_by_label("Nom").input_value() == ""
        assert Registration.objects.count() == 1
        page.close()
        context.set_offline(False)
        page = context.new_page()
        page.goto(reverse("admin:trainings_session_roll_call", args=[session.pk]))
        expect(page.get_by_role("group", name="Denis Fictif")).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("Présents : 1")
    assert people(session)[1:] == [("Denis Fictif", "confirmed", True, True)]


# Half-days -----------------------------------------------------------------------------------------------


def whole_day(on=None):
    """A session of a morning and an afternoon of one date (last week's), with somebody who has a seat."""
    session = held()
    on = on or session.days.get().date
    session.days.all().delete()
    for start, end in ((time(9), time(12)), (time(13), time(16, 30))):
        SessionDayFactory(session=session, date=on, start_time=start, end_time=end)
    session.refresh_from_db()
    return session, RegistrationFactory(session=session, name="Aline Fictive")


def test_morning_and_afternoon_are_called_apart_and_a_certificate_counts_what_was_attended(desk, team):
    session, aline = whole_day()
    morning, afternoon = session.announced_days
    page = desk.get(reverse("admin:trainings_session_roll_call", args=[session.pk]))
    assert [name.partition(", ")[2] for _day, name in page.context["days"]] == [
        *("de 9\u00a0h à 12\u00a0h", "de 13\u00a0h à 16\u00a0h\u00a030"),
    ]
    for day, there in ((morning, True), (afternoon, False)):
        actions.mark_attendance(aline, day=day, attended=there, by=team)
    (certificate,) = actions.issue_certificates(session, by=team)
    assert (certificate.minutes, len(certificate.days)) == (180, 1)
    assert Certificate.objects.get().when[0].endswith("de 9\u00a0h à 12\u00a0h")


@pytest.mark.parametrize(("hour", "on_call"), [(8, 9), (11, 9), (12, 13), (15, 13)])
def test_the_roll_call_opens_on_the_half_day_that_is_on(desk, time_machine, hour, on_call):
    session, _aline = whole_day(on=date(2027, 1, 12))
    time_machine.move_to(datetime(2027, 1, 12, hour, 5, tzinfo=ZoneInfo("Europe/Brussels")))
    desk.force_login(TeamFactory())
    page = desk.get(reverse("admin:trainings_session_roll_call", args=[session.pk]))
    assert page.context["day"].start_time == time(on_call)


def test_half_days_that_overlap_are_refused_and_nothing_changes(desk, team):
    session = TrainingSessionFactory()
    day = session.days.get()
    on = day.date.strftime("%d/%m/%Y")
    more = {
        "days-1-session": session.pk,
        "days-1-date": on,
        "days-1-start_time": "20:30",
        "days-1-end_time": "22:00",
    }
    response = desk.post(change_address(session), posted(session, **more, **{"days-TOTAL_FORMS": "2"}))
    assert "Deux heures d’un même jour se chevauchent." in str(response.context["errors"])
    with pytest.raises(actions.Refused, match="se chevauchent"):
        wanted = [(day.date, time(9), time(12)), (day.date, time(11), time(14))]
        actions.change_when_where(session, days=wanted, by=team)
    assert session.days.count() == 1
    response = desk.post(
        change_address(session),
        posted(session, **more | {"days-1-start_time": "21:00"}, **{"days-TOTAL_FORMS": "2"}),
    )
    assert (response.status_code, session.days.count()) == (302, 2)
