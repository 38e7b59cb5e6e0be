"""The waiting list: a freed seat is offered, accepted, refused, extended, passed on; ranks are true."""

import re
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.backends import RoleBackend
from accounts.models import JournalEntry
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings import actions, emails, tasks
from trainings.actions import Answer, Person, Refused
from trainings.actions.offers import delay
from trainings.models import Registration, TrainingSession

EVENING = date(2027, 3, 16)
START = timezone.make_aware(datetime(2027, 3, 16, 19))


def days(number: float) -> timedelta:
    return timedelta(days=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.fixture
def team(db):
    return TeamFactory(name="Odile Fictive")


@pytest.fixture
def clock(db):
    """Ten days before the evening; `clock.move_to(…)` goes on."""
    with time_machine.travel(START - days(10), tick=False) as traveller:
        yield traveller


def person(name: str) -> Person:
    return Person(name=name, email=f"{name.lower()}@exemple.invalid")


def register(session, *names: str, by=None) -> list[Registration]:
    return actions.register(session=session, people=[person(name) for name in names], by=by).registrations


def full(*names: str, capacity: int = 1, told: bool = True, **fields) -> tuple[TrainingSession, list]:
    """An evening that the first of these people fill while the others wait, all of them told and the letters gone."""
    session = TrainingSessionFactory(capacity=capacity, days=[EVENING], **fields)
    people = [register(session, name)[0] for name in names]
    if told:
        actions.tell()
        mail.outbox.clear()
    return session, people


def queue(session) -> list[tuple[str, str]]:
    """Everybody but who gave up, in the order of the queue."""
    return list(session.registrations.live().order_by("position").values_list("name", "state"))


def letters() -> list[tuple[str, str]]:
    """Write what is owed; return (to, subject's first words) of all that left, and forget them."""
    actions.tell()
    told = [(one.to[0].partition("@")[0], re.split("\u00a0:", one.subject)[0]) for one in mail.outbox]
    mail.outbox.clear()
    return told


# Offering ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "lives"),
    [
        (days(30), hours(48)),
        (days(4) + timedelta(seconds=1), hours(48)),
        (days(4), hours(12)),
        (days(1) + timedelta(seconds=1), hours(12)),
        (days(1), None),
        (hours(1), None),
    ],
)
def test_an_offer_lives_two_days_then_half_a_day_and_very_near_the_first_has_the_seat(before, lives):
    assert delay(before) == lives


def test_a_freed_seat_is_offered_to_the_first_who_waits_and_to_nobody_else(clock):
    session, (aline, basile, _clemence) = full("Aline", "Basile", "Clemence")
    actions.cancel(aline, by=None)
    assert queue(session) == [("Basile", "offered"), ("Clemence", "waiting")]
    basile.refresh_from_db()
    assert basile.offered_until == START - days(8)
    assert session.registrations.get(name="Clemence").rank == 1
    actions.tell()
    letter = next(one for one in mail.outbox if one.to == ["basile@exemple.invalid"])
    assert "jusqu’au lundi 8\u00a0mars 2027 à 19\u00a0h. Dites-nous" in letter.body
    assert "/inscriptions/" in letter.body
    assert letters() == [
        ("aline", "Inscription annulée"),
        ("basile", "Une place pour vous, à confirmer"),
    ]


def test_an_offered_seat_is_nobody_elses_on_any_page_that_counts(clock):
    session, (aline, _basile) = full("Aline", "Basile")
    actions.cancel(aline, by=None)
    counted = TrainingSession.objects.with_seats().get()
    assert (counted.confirmed, counted.offered, counted.waiting, counted.free) == (0, 1, 0, 0)
    assert list(TrainingSession.objects.with_free_seats()) == []
    assert register(session, "Clemence")[0].state == "waiting"


def test_more_seats_offer_exactly_as_many(clock, team):
    session, _people = full("Aline", "Basile", "Clemence", "Denis")
    actions.change_capacity(session, capacity=3, by=team)
    assert [state for _name, state in queue(session)] == ["confirmed", "offered", "offered", "waiting"]


def test_a_group_that_does_not_fit_is_skipped_and_keeps_its_place(clock, team):
    session, (aline,) = full("Aline")
    register(session, "Basile", "Clemence")
    register(session, "Denis")
    actions.cancel(aline, by=None)
    assert queue(session) == [("Basile", "waiting"), ("Clemence", "waiting"), ("Denis", "offered")]
    actions.change_capacity(session, capacity=3, by=team)
    assert [state for _name, state in queue(session)] == ["offered", "offered", "offered"]


def test_capacity_never_goes_below_the_seats_that_are_given_or_offered(clock, team):
    session, (aline, *_others) = full("Aline", "Basile", "Clemence", capacity=2)
    actions.cancel(aline, by=None)
    with pytest.raises(Refused, match="2 personnes ont déjà une place, ou la proposition d’une place"):
        actions.change_capacity(session, capacity=1, by=team)


def test_without_a_limit_all_have_a_seat_at_once_offered_ones_too(clock, team):
    session, (aline, *_others) = full("Aline", "Basile", "Clemence")
    actions.cancel(aline, by=None)
    letters()
    actions.change_capacity(session, capacity=None, by=team)
    assert queue(session) == [("Basile", "confirmed"), ("Clemence", "confirmed")]
    assert letters() == [("basile", "Vous avez une place"), ("clemence", "Une place s’est libérée")]


def test_nothing_is_offered_once_the_session_is_cancelled(clock, team):
    session, _people = full("Aline", "Basile")
    actions.cancel_session(session, reason="Neige", by=team)
    mail.outbox.clear()
    actions.change_capacity(session, capacity=2, by=team)
    assert queue(session) == [("Aline", "confirmed"), ("Basile", "waiting")]
    assert letters() == []


def test_nothing_is_offered_once_the_session_has_started(clock, team):
    session, _people = full("Aline", "Basile")
    clock.move_to(START)
    actions.change_capacity(session, capacity=2, by=team)
    assert queue(session) == [("Aline", "confirmed"), ("Basile", "waiting")]
    assert letters() == []


def test_who_has_an_offer_and_registers_again_keeps_the_offer(clock):
    session, (aline, basile) = full("Aline", "Basile")
    actions.cancel(aline, by=None)
    assert register(session, "Basile") == [basile]
    assert queue(session) == [("Basile", "offered")]


# Answering -----------------------------------------------------------------------------------------------


def test_accepting_gives_the_seat_with_its_calendar_once(clock):
    _session, (aline, basile) = full("Aline", "Basile")
    actions.cancel(aline, by=None)
    letters()
    assert actions.accept(basile, by=None) is Answer.SEATED
    assert actions.accept(basile, by=None) is Answer.ALREADY
    actions.tell()
    (letter,) = mail.outbox
    assert letter.subject.startswith("Vous avez une place")
    (calendar,) = [
        part.get_payload(decode=True)
        for part in letter.message().walk()
        if part.get_content_type() == "text/calendar"
    ]
    assert [str(event["status"]) for event in Calendar.from_ical(calendar).walk("VEVENT")] == ["CONFIRMED"]
    basile.refresh_from_db()
    assert (basile.state, basile.offered_until, basile.seated_at) == ("confirmed", None, timezone.now())


def test_refusing_passes_the_seat_to_the_next(clock):
    session, (aline, basile, _clemence) = full("Aline", "Basile", "Clemence")
    actions.cancel(aline, by=None)
    letters()
    actions.cancel(basile, by=None)
    assert queue(session) == [("Clemence", "offered")]
    assert letters() == [
        ("basile", "Inscription annulée"),
        ("clemence", "Une place pour vous, à confirmer"),
    ]


def test_who_answers_too_late_is_at_the_queues_end_and_the_next_has_the_offer(clock):
    session, (aline, basile, _clemence, _denis) = full("Aline", "Basile", "Clemence", "Denis")
    actions.cancel(aline, by=None)
    letters()
    clock.move_to(START - days(8))
    assert actions.accept(basile, by=None) is Answer.TOO_LATE
    assert queue(session) == [("Clemence", "offered"), ("Denis", "waiting"), ("Basile", "waiting")]
    assert session.registrations.get(name="Basile").rank == 2


def test_staff_accept_for_somebody_after_the_hour_as_long_as_the_seat_is_held(clock, team):
    _session, (aline, basile) = full("Aline", "Basile")
    actions.cancel(aline, by=None)
    clock.move_to(START - days(8) + hours(1))
    assert actions.accept(basile, by=team) is Answer.SEATED


def test_nobody_accepts_once_the_session_has_started_or_the_registration_is_cancelled(clock):
    _session, (aline, basile) = full("Aline", "Basile")
    actions.cancel(aline, by=None)
    with pytest.raises(Refused, match="est annulée"):
        actions.accept(aline, by=None)
    clock.move_to(START)
    with pytest.raises(Refused, match="La séance a commencé"):
        actions.accept(basile, by=None)


def test_staff_extend_an_offer_by_a_day_and_never_past_the_start(clock, team):
    _session, (aline, basile) = full("Aline", "Basile")
    with pytest.raises(Refused, match="Aucune place n’est proposée"):
        actions.extend(basile, by=team)
    actions.cancel(aline, by=None)
    assert actions.extend(basile, by=team) == START - days(7)
    clock.move_to(START - days(5))
    assert actions.extend(basile, by=team) == START - days(4)
    assert actions.extend(basile, by=team, longer=days(30)) == START


# Running out ---------------------------------------------------------------------------------------------


def test_an_offer_that_ran_out_goes_to_the_next_with_a_notice_of_the_new_rank(clock):
    session, (aline, *_others) = full("Aline", "Basile", "Clemence", "Denis")
    actions.cancel(aline, by=None)
    letters()
    clock.move_to(START - days(8) - timedelta(seconds=1))
    assert actions.expire_offers() == 0
    clock.move_to(START - days(8))
    tasks.expire_offers()
    assert queue(session) == [("Clemence", "offered"), ("Denis", "waiting"), ("Basile", "waiting")]
    actions.tell()
    notice = next(one for one in mail.outbox if one.to == ["basile@exemple.invalid"])
    assert "au rang 2" in notice.body
    assert "Une place est libre en ce moment" not in notice.body
    assert letters() == [
        ("clemence", "Une place pour vous, à confirmer"),
        ("basile", "Votre place est passée à la suite"),
    ]
    assert actions.expire_offers() == 0
    assert letters() == []


def test_who_alone_waits_is_not_offered_the_seat_again_but_may_still_take_it(clock):
    session, (aline, basile) = full("Aline", "Basile")
    actions.cancel(aline, by=None)
    letters()
    clock.move_to(START - days(8))
    assert actions.expire_offers() == 1
    assert queue(session) == [("Basile", "waiting")]
    actions.tell()
    assert "Une place est libre en ce moment" in mail.outbox[0].body
    assert actions.expire_offers() == 0
    assert actions.accept(basile, by=None) is Answer.SEATED


def test_after_the_start_an_offer_is_left_as_it_is(clock):
    session, (aline, *_others) = full("Aline", "Basile", "Clemence")
    actions.cancel(aline, by=None)
    letters()
    clock.move_to(START)
    assert actions.expire_offers() == 0
    assert queue(session) == [("Basile", "offered"), ("Clemence", "waiting")]
    assert letters() == []


def test_the_hours_of_an_offer_that_nobody_could_tell_start_anew(clock):
    session, (aline, basile, _clemence) = full("Aline", "Basile", "Clemence")
    actions.cancel(aline, by=None)
    clock.move_to(START - days(7))
    # The workers come back: an offer that is over is not written, it is made again.
    assert letters() == [("aline", "Inscription annulée")]
    assert actions.expire_offers() == 0
    basile.refresh_from_db()
    assert basile.offered_until == START - days(5)
    assert letters() == [("basile", "Une place pour vous, à confirmer")]


def test_an_offer_that_staff_must_phone_runs_out_as_the_others_do_and_waits_on_the_list_until_then(
    clock, team
):
    session, (aline, *_others) = full("Aline")
    denis = actions.register(session=session, people=[Person("Denis", phone="010 00 00 00")], by=team)
    actions.cancel(aline, by=None)
    assert list(Registration.objects.offers_to_phone(timezone.now())) == denis.registrations
    clock.move_to(START - days(8))
    assert actions.expire_offers() == 1
    assert list(Registration.objects.offers_to_phone(timezone.now())) == []


def test_a_second_offer_is_told_even_when_the_end_of_the_first_was_not(clock):
    session, (aline, bea, basile, _clemence) = full("Aline", "Bea", "Basile", "Clemence", capacity=2)
    actions.cancel(aline, by=None)
    letters()
    clock.move_to(START - days(8))
    actions.expire_offers()
    actions.cancel(bea, by=None)
    assert queue(session) == [("Clemence", "offered"), ("Basile", "offered")]
    assert ("basile", "Une place pour vous, à confirmer") in letters()


def test_one_session_that_fails_holds_no_other(clock, monkeypatch, caplog):
    broken, fine = full("Aline", "Basile")[0], full("Aline", "Basile")[0]
    for session in (broken, fine):
        actions.cancel(session.registrations.get(name="Aline"), by=None)
    letters()
    clock.move_to(START - days(8))
    lock = actions.offers.locked

    def locked(session):
        if session == broken:
            raise OSError("disk full")
        return lock(session)

    monkeypatch.setattr(actions.offers, "locked", locked)
    assert actions.expire_offers() == 1
    assert "could not be seen to" in caplog.text
    assert queue(fine) == [("Basile", "waiting")]


# Very near the session -----------------------------------------------------------------------------------


def test_very_near_the_session_all_who_fit_are_called_and_the_first_has_the_seat(clock):
    session, (aline, *_others) = full("Aline", "Basile", "Clemence")
    register(session, "Denis", "Edmee")
    letters()
    clock.move_to(START - hours(20))
    actions.cancel(aline, by=None)
    assert [state for _name, state in queue(session)] == ["waiting"] * 4
    assert letters() == [
        ("aline", "Inscription annulée"),
        ("basile", "Une place au premier qui confirme"),
        ("clemence", "Une place au premier qui confirme"),
    ]
    assert letters() == []
    first, second = session.registrations.get(name="Clemence"), session.registrations.get(name="Basile")
    assert actions.accept(first, by=None) is Answer.SEATED
    assert actions.accept(second, by=None) is Answer.NONE_LEFT
    assert letters() == [("clemence", "Une place s’est libérée")]


def test_nobody_is_called_for_a_seat_that_is_taken_already(clock):
    session, (aline, basile, _clemence) = full("Aline", "Basile", "Clemence")
    clock.move_to(START - hours(20))
    actions.cancel(aline, by=None)
    actions.accept(basile, by=None)
    assert letters() == [("aline", "Inscription annulée"), ("basile", "Une place s’est libérée")]
    assert not session.registrations.filter(call_owed=True).exists()


def test_who_leaves_the_queue_has_nobody_called_a_second_time(clock):
    _session, (aline, basile, _clemence) = full("Aline", "Basile", "Clemence")
    clock.move_to(START - hours(20))
    actions.cancel(aline, by=None)
    letters()
    actions.cancel(basile, by=None)
    assert letters() == [("basile", "Vous n’êtes plus en attente")]


def test_fewer_seats_call_nobody(clock, team):
    session, (aline, *_others) = full("Aline", "Bea", "Basile", capacity=2)
    actions.change_capacity(session, capacity=3, by=team)
    clock.move_to(START - hours(20))
    actions.expire_offers()
    letters()
    actions.cancel(aline, by=None)
    assert letters() == [("aline", "Inscription annulée"), ("basile", "Une place au premier qui confirme")]
    actions.change_capacity(session, capacity=2, by=team)
    assert letters() == []


def test_nobody_is_called_to_a_session_that_has_started(clock):
    _session, (aline, _basile) = full("Aline", "Basile")
    clock.move_to(START - hours(20))
    actions.cancel(aline, by=None)
    clock.move_to(START)
    assert letters() == [("aline", "Inscription annulée")]


def test_somebody_new_may_be_the_first(clock):
    session, (aline, basile) = full("Aline", "Basile")
    clock.move_to(START - hours(20))
    actions.cancel(aline, by=None)
    assert register(session, "Denis")[0].state == "confirmed"
    assert actions.accept(basile, by=None) is Answer.NONE_LEFT


def test_a_cancelled_session_calls_nobody(clock, team):
    session, (aline, _basile) = full("Aline", "Basile")
    clock.move_to(START - hours(20))
    actions.cancel(aline, by=None)
    actions.cancel_session(session, reason="Neige", by=team)
    assert letters() == [("basile", "Séance annulée"), ("aline", "Inscription annulée")]


# By hand -------------------------------------------------------------------------------------------------


def test_staff_let_somebody_pass_with_a_reason_that_the_journal_keeps(clock, team):
    session, (_aline, _basile, clemence) = full("Aline", "Basile", "Clemence")
    with pytest.raises(Refused, match="Dites pourquoi"):
        actions.promote(clemence, reason=" \n", add_seat=True, by=team)
    with pytest.raises(Refused, match="Aucune place n’est libre"):
        actions.promote(clemence, reason="Oratrice", by=team)
    actions.promote(clemence, reason="Oratrice de la soirée", add_seat=True, by=team)
    assert queue(session) == [("Aline", "confirmed"), ("Basile", "waiting"), ("Clemence", "confirmed")]
    session.refresh_from_db()
    assert session.capacity == 2
    assert JournalEntry.objects.latest("pk").facts == {"position": 3, "reason": "Oratrice de la soirée"}
    assert letters() == [("clemence", "Une place s’est libérée")]


def test_who_passes_by_hand_twice_has_one_seat_and_who_gave_up_has_none(clock, team):
    session, (_aline, basile) = full("Aline", "Basile")
    for _time in range(2):
        actions.promote(basile, reason="Intervenant", add_seat=True, by=team)
    session.refresh_from_db()
    assert session.capacity == 2
    gone = RegistrationFactory(session=session, state="cancelled", position=9)
    with pytest.raises(Refused, match="est annulée"):
        actions.promote(gone, reason="Intervenant", by=team)


# What the database refuses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "offered"},
        {"state": "waiting", "offered_until": timezone.now()},
        {"state": "confirmed", "call_owed": True},
    ],
    ids=["an offer without an end", "an end without an offer", "a call of who has a seat"],
)
def test_the_database_refuses(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(**fields)


def test_the_database_refuses_a_second_registration_of_who_has_an_offer(db):
    one = RegistrationFactory(state="offered", offered_until=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(
            session=one.session, name=one.name, folded_name=one.folded_name, email=one.email, position=99
        )


# One's own pages -----------------------------------------------------------------------------------------


def page_of(registration) -> str:
    return emails.manage_url(registration).partition("//")[2].partition("/")[2].join(["/", ""])


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def offered(clock, jodoigne):
    """Basile, to whom Aline's seat is offered while Clemence waits."""
    _session, (aline, basile, _clemence) = full("Aline", "Basile", "Clemence")
    actions.cancel(aline, by=None)
    actions.tell()
    mail.outbox.clear()
    return basile


def test_the_link_shows_the_offer_and_its_time_and_a_get_changes_nothing(client, offered):
    html = client.get(page_of(offered)).content.decode()
    assert "Place proposée" in html
    assert "<strong>lundi 8\u00a0mars 2027 à 19\u00a0h</strong>, encore 2\u00a0jours" in html
    assert re.findall(r'name="reponse" value="(\w+)"', html) == ["prendre", "laisser"]
    offered.refresh_from_db()
    assert offered.state == "offered"


def test_both_buttons_say_what_they_did_and_twice_that_it_is_done(client, offered):
    address = page_of(offered)
    take = client.post(address, {"reponse": "prendre"}, follow=True)
    assert said(take) == ["La place est à vous. Une lettre le confirme, avec les dates."]
    assert "Je prends la place" not in take.content.decode()
    again = client.post(address, {"reponse": "prendre"}, follow=True)
    assert said(again) == ["C’est déjà fait\u00a0: vous avez une place."]
    leave = client.post(address, {"reponse": "laisser"}, follow=True)
    assert said(leave)[0].startswith("C’est noté.")
    assert said(client.post(address, {"reponse": "laisser"}, follow=True)) == [
        "C’est déjà fait\u00a0: cette inscription est annulée."
    ]


def test_too_late_the_page_says_what_happened_and_the_new_rank(client, offered, clock):
    clock.move_to(START - days(8))
    html = client.get(page_of(offered)).content.decode()
    assert "Le délai est passé" in html
    assert "Je prends la place" not in html
    late = client.post(page_of(offered), {"reponse": "prendre"}, follow=True)
    assert said(late) == [
        "Le délai était passé\u00a0: la place va à la personne suivante. Vous restez dans la file, au rang 1."
    ]
    assert "En attente, rang 1" in late.content.decode()


def test_a_seat_for_the_first_is_on_the_page_and_who_is_second_keeps_the_rank(client, clock, jodoigne):
    session, (aline, basile, clemence) = full("Aline", "Basile", "Clemence")
    clock.move_to(START - hours(20))
    actions.cancel(aline, by=None)
    assert "Elle est à la première personne qui la prend." in client.get(page_of(basile)).content.decode()
    actions.accept(clemence, by=None)
    assert "Je prends la place" not in client.get(page_of(basile)).content.decode()
    slow = client.post(page_of(basile), {"reponse": "prendre"}, follow=True)
    assert said(slow) == ["Quelqu’un a été plus rapide. Vous gardez votre rang dans la file\u00a0: 1."]


def test_an_unknown_answer_changes_nothing(client, offered):
    response = client.post(page_of(offered), {"reponse": "peut-être"}, follow=True)
    assert said(response) == ["Ce bouton n’existe pas. Rien n’est changé."]
    offered.refresh_from_db()
    assert offered.state == "offered"


def test_my_registrations_show_the_offer_and_where_to_answer(client, offered):
    user = UserFactory()
    Registration.objects.filter(pk=offered.pk).update(user=user)
    client.force_login(user)
    html = client.get(reverse("trainings:my_registrations")).content.decode()
    assert "Gardée pour vous jusqu’au lundi 8\u00a0mars 2027 à 19\u00a0h, encore 2\u00a0jours" in html
    assert page_of(offered) in html


# The desk ------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, team, clock):
    client.force_login(team)
    return client


def act(desk, registration, verb: str, **fields):
    address = reverse("admin:trainings_session_seat", args=[registration.session_id])
    return desk.post(address, {"faire": f"{verb} {registration.public_id}", **fields}, follow=True)


def test_the_page_of_who_comes_shows_offers_and_ranks(desk, offered):
    html = desk.get(reverse("admin:trainings_session_people", args=[offered.session_id])).content.decode()
    assert "Jusqu’au lundi 8\u00a0mars 2027 à 19\u00a0h, encore 2\u00a0jours." in html
    assert re.search(r"<p>1\. <a [^>]*><strong>Clemence", html)


def test_staff_extend_accept_and_give_back_from_the_page(desk, offered):
    assert said(act(desk, offered, "prolonger")) == [
        "La place reste proposée à Basile jusqu’au mardi 9\u00a0mars 2027 à 19\u00a0h."
    ]
    assert said(act(desk, offered, "accepter")) == ["Basile a une place."]
    assert said(act(desk, offered, "rendre")) == ["L’inscription de Basile est annulée."]
    assert queue(offered.session) == [("Clemence", "offered")]


def test_staff_let_somebody_pass_from_the_page(desk, offered):
    clemence = offered.session.registrations.get(name="Clemence")
    assert said(act(desk, clemence, "promouvoir", motif="Oratrice"))[0].startswith("Aucune place n’est libre")
    assert said(act(desk, clemence, "promouvoir", motif="Oratrice", ajouter="on")) == [
        "Clemence a une place."
    ]
    assert queue(offered.session) == [("Basile", "offered"), ("Clemence", "confirmed")]


def test_staff_who_accept_what_has_passed_on_meanwhile_are_told(desk, offered, clock):
    clock.move_to(START - days(8))
    actions.expire_offers()
    assert said(act(desk, offered, "accepter"))[0].startswith("Le délai est passé entre-temps")


@pytest.mark.parametrize("posted", ["", "accepter", "accepter zz", "voler {}", "accepter {}0"])
def test_what_is_not_on_the_page_is_refused(desk, offered, posted):
    address = reverse("admin:trainings_session_seat", args=[offered.session_id])
    response = desk.post(address, {"faire": posted.format(offered.public_id)}, follow=True)
    assert said(response) == ["Cette personne ou ce bouton n’est plus sur la page. Rien n’est changé."]


def test_nobody_of_another_session_is_touched(desk, offered):
    elsewhere = TrainingSessionFactory()
    address = reverse("admin:trainings_session_seat", args=[elsewhere.pk])
    desk.post(address, {"faire": f"rendre {offered.public_id}"})
    offered.refresh_from_db()
    assert offered.state == "offered"


def test_who_may_only_look_has_no_buttons_and_is_refused(desk, offered, monkeypatch):
    look_only = set(RoleBackend().get_all_permissions(TeamFactory())) - {"trainings.change_registration"}
    monkeypatch.setattr(RoleBackend, "has_perm", lambda self, user, perm, obj=None: perm in look_only)
    page = desk.get(reverse("admin:trainings_session_people", args=[offered.session_id]))
    assert (page.status_code, "Accepter à sa place" in page.content.decode()) == (200, False)
    address = reverse("admin:trainings_session_seat", args=[offered.session_id])
    assert desk.post(address, {"faire": f"accepter {offered.public_id}"}).status_code == 403
    offered.refresh_from_db()
    assert offered.state == "offered"


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_the_same_queries_for_one_and_three(desk, django_assert_num_queries, count):
    session = TrainingSessionFactory(capacity=9, days=[EVENING])
    until = timezone.now() + hours(40)
    for position in range(count):
        RegistrationFactory(session=session, position=2 * position, state="offered", offered_until=until)
        RegistrationFactory(session=session, position=2 * position + 1, state="waiting")
    address = reverse("admin:trainings_session_people", args=[session.pk])
    desk.get(address)
    with django_assert_num_queries(10):
        desk.get(address)


def test_no_button_is_left_once_the_session_has_started(desk, offered, clock):
    clock.move_to(START + hours(1))
    html = desk.get(reverse("admin:trainings_session_people", args=[offered.session_id])).content.decode()
    assert "Accepter à sa place" not in html


def test_hours_survive_the_change_of_clocks(db):
    # On 28 March 2027 the night is an hour shorter: 48 hours from Saturday noon end on Monday at 13.
    session = TrainingSessionFactory(capacity=1, days=[date(2027, 4, 10)])
    with time_machine.travel(timezone.make_aware(datetime(2027, 3, 27, 12)), tick=False):
        (aline,), _basile = register(session, "Aline"), register(session, "Basile")
        actions.cancel(aline, by=None)
    offer = session.registrations.offered().get()
    assert timezone.localtime(offer.offered_until).time() == time(13)
