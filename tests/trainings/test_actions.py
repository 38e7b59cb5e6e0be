"""Seats: given, refused, given back, moved on."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import JournalEntry
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import TrainingSessionFactory
from trainings import actions
from trainings.actions import Person, Refused
from trainings.choices import NEXT, SessionState
from trainings.models import TrainingSession

ALINE = Person(name="Aline Fictive", email="aline@exemple.invalid", consented=True)
BASILE = Person(name="Basile Fictif", email="basile@exemple.invalid", consented=True)
CLEMENCE = Person(name="Clémence Fictive", email="clemence@exemple.invalid", consented=True)


@pytest.fixture
def team(db):
    return TeamFactory(name="Odile Fictive")


def register(session, *people, by=None, nonce=""):
    return actions.register(session=session, people=people, by=by, nonce=nonce).registrations


def states(session):
    return list(session.registrations.order_by("position").values_list("name", "state"))


def subjects():
    actions.tell()
    return [letter.subject.partition("\u00a0:")[0] for letter in mail.outbox]


# Registering ---------------------------------------------------------------------------------------------


def test_the_first_have_a_seat_and_the_next_wait_in_their_order(db):
    session = TrainingSessionFactory(capacity=1)
    register(session, ALINE)
    register(session, BASILE)
    (third,) = register(session, CLEMENCE)
    assert states(session) == [
        ("Aline Fictive", "confirmed"),
        ("Basile Fictif", "waiting"),
        ("Clémence Fictive", "waiting"),
    ]
    assert third.rank == 2
    assert subjects() == ["Vous avez une place", "En attente, rang 1", "En attente, rang 2"]


def test_unlimited_capacity_seats_everybody(db):
    session = TrainingSessionFactory(capacity=None)
    register(session, ALINE, BASILE, CLEMENCE)
    assert {state for _name, state in states(session)} == {"confirmed"}


def test_the_same_person_twice_has_one_registration_and_one_letter(db):
    session = TrainingSessionFactory()
    (first,) = register(session, ALINE)
    (again,) = register(session, Person(name="  aline  FICTIVE ", email="Aline@Exemple.invalid"))
    assert again == first
    assert subjects() == ["Vous avez une place"]


def test_a_couple_that_shares_an_address_has_two_seats(db):
    session = TrainingSessionFactory()
    register(session, ALINE, Person(name="Basile Fictif", email=ALINE.email))
    assert [state for _name, state in states(session)] == ["confirmed", "confirmed"]


def test_the_same_form_twice_gives_the_same_registration_even_when_cancelled_since(db):
    session = TrainingSessionFactory()
    (first,) = register(session, ALINE, nonce="a" * 32)
    actions.cancel(first, by=None)
    assert register(session, ALINE, nonce="a" * 32) == [first]
    assert states(session) == [("Aline Fictive", "cancelled")]


def test_a_form_posted_again_with_another_name_registers_the_other_person(db):
    session = TrainingSessionFactory()
    register(session, ALINE, nonce="a" * 32)
    register(session, BASILE, nonce="a" * 32)
    assert [name for name, _state in states(session)] == ["Aline Fictive", "Basile Fictif"]


def test_the_same_person_twice_in_one_form_has_one_seat(db):
    session = TrainingSessionFactory()
    register(session, ALINE, ALINE)
    assert states(session) == [("Aline Fictive", "confirmed")]


def test_a_group_that_does_not_fit_waits_together(db):
    session = TrainingSessionFactory(capacity=2)
    register(session, ALINE, BASILE, CLEMENCE)
    assert [state for _name, state in states(session)] == ["waiting", "waiting", "waiting"]


def test_without_a_waiting_list_a_full_session_refuses_and_writes_nothing(db):
    session = TrainingSessionFactory(capacity=1, waiting_list=False)
    register(session, ALINE)
    with pytest.raises(Refused, match="complète et n’a pas de liste d’attente"):
        register(session, BASILE)
    assert states(session) == [("Aline Fictive", "confirmed")]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"opens_at": timedelta(days=1)}, "Les inscriptions ouvrent le"),
        ({"closes_at": timedelta(days=-1)}, "Les inscriptions sont closes depuis le"),
        ({"state": SessionState.DRAFT}, "pas encore annoncée"),
        ({"state": SessionState.CANCELLED}, "L’animatrice est malade"),
        ({"state": SessionState.HELD}, "Cette séance a commencé le"),
        ({"days": [date(2026, 1, 12)]}, "Cette séance a commencé le lundi 12\u00a0janvier 2026 à 19\u00a0h"),
    ],
    ids=["not yet open", "closed", "draft", "cancelled", "held", "past"],
)
def test_a_session_that_is_not_open_refuses_with_its_reason(db, fields, reason):
    now = timezone.now()
    fields = {key: now + value if isinstance(value, timedelta) else value for key, value in fields.items()}
    session = TrainingSessionFactory(**fields)
    with pytest.raises(Refused, match=reason):
        register(session, ALINE)
    assert states(session) == []


def test_nobody_but_staff_registers_a_person_without_an_address(team):
    session = TrainingSessionFactory()
    with pytest.raises(Refused, match="adresse e-mail"):
        register(session, Person(name="Denis Fictif", phone="010 00 00 00"))
    (denis,) = register(session, Person(name="Denis Fictif", phone="010 00 00 00"), by=team)
    assert (denis.state, denis.email, denis.entered_by) == ("confirmed", "", "Odile Fictive")
    assert subjects() == []


def test_a_name_with_line_breaks_is_written_on_one_line(db):
    session = TrainingSessionFactory()
    (one,) = register(session, Person(name="Aline\r\nBcc: tous@exemple.invalid", email=ALINE.email))
    assert one.name == "Aline Bcc: tous@exemple.invalid"
    actions.tell()
    assert mail.outbox[0].recipients() == [ALINE.email]


# Giving back ---------------------------------------------------------------------------------------------


def test_cancel_offers_the_seat_to_the_first_in_the_queue(db):
    session = TrainingSessionFactory(capacity=1)
    (aline,) = register(session, ALINE)
    register(session, BASILE)
    register(session, CLEMENCE)
    actions.tell()
    mail.outbox.clear()
    actions.cancel(aline, by=None)
    actions.tell()
    assert [state for _name, state in states(session)] == ["cancelled", "offered", "waiting"]
    assert [(letter.to, letter.subject.partition("\u00a0:")[0]) for letter in mail.outbox] == [
        ([ALINE.email], "Inscription annulée"),
        ([BASILE.email], "Une place pour vous, à confirmer"),
    ]


def test_cancelling_twice_changes_nothing(db):
    session = TrainingSessionFactory(capacity=1)
    (aline,) = register(session, ALINE)
    register(session, BASILE)
    register(session, CLEMENCE)
    actions.cancel(aline, by=None)
    letters = subjects()
    actions.cancel(aline, by=None)
    assert [state for _name, state in states(session)] == ["cancelled", "offered", "waiting"]
    assert subjects() == letters


def test_leaving_the_queue_frees_no_seat(db):
    session = TrainingSessionFactory(capacity=1)
    register(session, ALINE)
    (basile,) = register(session, BASILE)
    (clemence,) = register(session, CLEMENCE)
    actions.cancel(basile, by=None)
    assert [state for _name, state in states(session)] == ["confirmed", "cancelled", "waiting"]
    assert clemence.rank == 1


def test_a_group_too_large_for_the_freed_seat_is_passed_over_and_keeps_its_place(db):
    session = TrainingSessionFactory(capacity=2)
    (aline,) = register(session, ALINE)
    (basile,) = register(session, BASILE)
    register(session, Person(name="Un", email="un@x.invalid"), Person(name="Deux", email="deux@x.invalid"))
    register(session, CLEMENCE)
    actions.cancel(aline, by=None)
    assert [state for _n, state in states(session)] == [
        *("cancelled", "confirmed"),
        *("waiting", "waiting"),
        "offered",
    ]
    actions.change_capacity(session, capacity=4, by=TeamFactory())
    assert [state for _n, state in states(session)][2:] == ["offered", "offered", "offered"]
    assert actions.cancel(basile, by=None).state == "cancelled"


def test_nobody_cancels_once_the_session_has_started(db):
    session = TrainingSessionFactory()
    (aline,) = register(session, ALINE)
    with (
        time_machine.travel(session.starts_at + timedelta(minutes=1)),
        pytest.raises(Refused, match="La séance a commencé"),
    ):
        actions.cancel(aline, by=None)


# Capacity ------------------------------------------------------------------------------------------------


def test_capacity_never_goes_below_the_people_who_have_a_seat(team):
    session = TrainingSessionFactory(capacity=3)
    register(session, ALINE, BASILE)
    with pytest.raises(Refused, match="2 personnes ont déjà une place"):
        actions.change_capacity(session, capacity=1, by=team)
    session.refresh_from_db()
    assert session.capacity == 3


def test_two_more_seats_are_offered_to_two_people(team):
    session = TrainingSessionFactory(capacity=1)
    for number in range(4):
        register(session, Person(name=f"Personne {number}", email=f"p{number}@x.invalid"))
    actions.change_capacity(session, capacity=3, by=team)
    assert [state for _n, state in states(session)] == ["confirmed", "offered", "offered", "waiting"]


def test_no_limit_any_more_promotes_everybody(team):
    session = TrainingSessionFactory(capacity=1)
    register(session, ALINE)
    register(session, BASILE, CLEMENCE)
    actions.change_capacity(session, capacity=None, by=team)
    assert {state for _n, state in states(session)} == {"confirmed"}


# States --------------------------------------------------------------------------------------------------


def test_every_illegal_move_is_refused_with_both_states_named(team):
    verbs = {
        SessionState.PUBLISHED: actions.publish,
        SessionState.CONFIRMED: actions.confirm,
        SessionState.CLOSED: actions.close,
        SessionState.CANCELLED: lambda one, by: actions.cancel_session(one, reason="Neige", by=by),
    }
    refused = []
    for before in SessionState:
        for after, verb in verbs.items():
            if after in NEXT[before]:
                continue
            session = TrainingSessionFactory(state=before)
            with pytest.raises(Refused) as refusal:
                verb(session, by=team)
            refused.append(
                f"«\u00a0{before.label}\u00a0»" in str(refusal.value)
                and f"«\u00a0{after.label}\u00a0»" in str(refusal.value)
            )
    assert len(refused) == len(SessionState) * len(verbs) - sum(
        after in NEXT[before] for before in SessionState for after in verbs
    )
    assert all(refused)


def test_a_session_without_a_day_to_come_is_not_published(team):
    session = TrainingSessionFactory(state=SessionState.DRAFT, days=[date(2026, 1, 12)])
    with pytest.raises(Refused, match="un jour à venir"):
        actions.publish(session, by=team)


def test_a_session_is_not_held_before_it_starts(team):
    with pytest.raises(Refused, match="pas encore commencé"):
        actions.hold(TrainingSessionFactory(), by=team)


def test_cancelling_a_session_writes_to_everybody_who_counted_on_it(team):
    session = TrainingSessionFactory(capacity=1)
    (aline,) = register(session, ALINE)
    register(session, BASILE)
    actions.cancel(actions.register(session=session, people=[CLEMENCE], by=None).registrations[0], by=None)
    actions.tell()
    mail.outbox.clear()
    actions.cancel_session(session, reason="L’animatrice est malade.", by=team)
    assert [letter.to for letter in mail.outbox] == [[ALINE.email], [BASILE.email]]
    assert subjects() == ["Séance annulée", "Séance annulée"]
    assert "L’animatrice est malade." in mail.outbox[0].body
    session.refresh_from_db()
    assert (session.state, session.ics_sequence) == ("cancelled", 1)
    with pytest.raises(Refused, match="annulée"):
        register(session, BASILE, Person(name="Denis", email="denis@x.invalid"))


def test_cancelling_a_session_asks_why(team):
    session = TrainingSessionFactory()
    with pytest.raises(Refused, match="Dites pourquoi"):
        actions.cancel_session(session, reason=" \n ", by=team)
    session.refresh_from_db()
    assert session.state == "published"


def test_another_day_or_place_raises_the_sequence_and_writes_to_everybody(team):
    session = TrainingSessionFactory()
    register(session, ALINE)
    actions.tell()
    mail.outbox.clear()
    day = timezone.localdate() + timedelta(days=30)
    before = session.days.get().public_id
    actions.change_when_where(session, days=[(day, time(9), time(16))], venue="Salle du Foyer", by=team)
    session = TrainingSession.objects.get(pk=session.pk)
    assert (session.ics_sequence, session.venue) == (1, "Salle du Foyer")
    assert session.days.get().public_id == before
    assert timezone.localtime(session.starts_at).date() == day
    assert subjects() == ["Changement"]


def test_days_may_exchange_their_dates_and_go(team):
    monday = timezone.localdate() + timedelta(days=20)
    days = [monday, monday + timedelta(days=1), monday + timedelta(days=2)]
    session = TrainingSessionFactory(days=days)
    wanted = [(days[1], time(9), time(12)), (days[2], time(9), time(12))]
    actions.change_when_where(session, days=wanted, by=team)
    assert list(session.days.values_list("date", "start_time", "end_time")) == wanted


def test_nothing_changed_sends_nothing(team):
    session = TrainingSessionFactory()
    register(session, ALINE)
    mail.outbox.clear()
    day = session.days.get()
    actions.change_when_where(
        session, days=[(day.date, day.start_time, day.end_time)], venue=session.venue, by=team
    )
    assert mail.outbox == []
    assert TrainingSession.objects.get(pk=session.pk).ics_sequence == 0


def test_every_verb_is_in_the_journal_and_no_line_tells_a_person(team):
    session = TrainingSessionFactory(state=SessionState.DRAFT)
    actions.publish(session, by=team)
    (aline,) = register(session, ALINE)
    actions.change_capacity(session, capacity=5, by=team)
    actions.change_when_where(session, venue="Ailleurs", by=team)
    actions.cancel(aline, by=None)
    actions.cancel_session(session, reason="Neige", by=team)
    lines = list(JournalEntry.objects.order_by("pk"))
    assert [line.verb for line in lines] == [
        "session.published",
        "registration.created",
        "session.capacity_changed",
        "session.when_where_changed",
        "registration.cancelled",
        "session.cancelled",
    ]
    assert not any("Aline" in f"{line.object_label} {line.facts} {line.by_label}" for line in lines)
