"""The desk: states by buttons, capacity and days through the actions, people entered by phone."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings import actions
from trainings.models import Registration, TrainingSession


@pytest.fixture
def desk(client, db):
    """A client of the LAG's team."""
    client.force_login(TeamFactory(name="Odile Fictive"))
    return client


def change_address(session):
    return reverse("admin:trainings_trainingsession_change", args=[session.pk])


def posted(session, **fields):
    """What the session's form holds, with other fields."""
    day = session.days.get()
    return {
        "training": session.training_id,
        "format": session.format,
        "municipality": session.municipality_id,
        "venue": session.venue,
        "access_notes": session.access_notes,
        "capacity": session.capacity,
        "minimum": session.minimum,
        "waiting_list": "on",
        "share_days": "0",
        "price": "0",
        "questions-TOTAL_FORMS": "0",
        "questions-INITIAL_FORMS": "0",
        "days-TOTAL_FORMS": "1",
        "days-INITIAL_FORMS": "1",
        "days-0-id": day.pk,
        "days-0-session": session.pk,
        "days-0-date": day.date.strftime("%d/%m/%Y"),
        "days-0-start_time": f"{day.start_time:%H:%M}",
        "days-0-end_time": f"{day.end_time:%H:%M}",
    } | fields


def said(response):
    """Return the messages that a page shows."""
    return [str(message) for message in response.context["messages"]]


def test_a_button_publishes_and_a_refusal_is_said(desk):
    session = TrainingSessionFactory(state="draft", days=[date(2026, 1, 12)])
    address = reverse("admin:trainings_session_move", args=[session.pk])
    response = desk.post(address, {"vers": "publish"}, follow=True)
    assert said(response) == ["Donnez d’abord à la séance un jour à venir. Rien n’est changé."]
    session = TrainingSessionFactory(state="draft")
    address = reverse("admin:trainings_session_move", args=[session.pk])
    response = desk.post(address, {"vers": "publish"}, follow=True)
    assert said(response) == ["La séance est maintenant «\u00a0publiée\u00a0»."]


def test_cancelling_asks_for_a_reason_and_writes_to_everybody(desk):
    registration = RegistrationFactory()
    address = reverse("admin:trainings_session_move", args=[registration.session_id])
    assert "Dites pourquoi" in said(desk.post(address, {"vers": "cancel", "motif": " "}, follow=True))[0]
    desk.post(address, {"vers": "cancel", "motif": "Neige"})
    assert TrainingSession.objects.get().state == "cancelled"
    assert [letter.to for letter in mail.outbox] == [[registration.email]]


def test_more_seats_in_the_form_are_offered_to_who_waits(desk):
    session = TrainingSessionFactory(capacity=1)
    RegistrationFactory(session=session, position=1)
    RegistrationFactory(session=session, position=2, state="waiting")
    response = desk.post(change_address(session), posted(session, capacity="2"))
    assert response.status_code == 302
    assert session.registrations.offered().count() == 1
    assert TrainingSession.objects.get().capacity == 2
    assert actions.tell() == 1
    assert mail.outbox[0].subject.startswith("Une place pour vous, à confirmer")


def test_fewer_seats_than_people_are_refused_beside_the_field(desk):
    session = TrainingSessionFactory(capacity=2)
    RegistrationFactory(session=session, position=1)
    RegistrationFactory(session=session, position=2)
    response = desk.post(change_address(session), posted(session, capacity="1"))
    assert "2 personnes ont déjà une place" in str(response.context["errors"])
    assert TrainingSession.objects.get().capacity == 2


def test_another_day_or_place_writes_to_everybody_once(desk):
    session = TrainingSessionFactory()
    RegistrationFactory(session=session)
    later = (timezone.localdate() + timedelta(days=40)).strftime("%d/%m/%Y")
    fields = posted(session, venue="Salle du Foyer", **{"days-0-date": later})
    assert desk.post(change_address(session), fields).status_code == 302
    assert TrainingSession.objects.get().ics_sequence == 1
    assert [letter.subject.partition("\u00a0:")[0] for letter in mail.outbox] == ["Changement"]


def test_saving_without_a_change_writes_to_nobody(desk):
    session = TrainingSessionFactory()
    RegistrationFactory(session=session)
    assert desk.post(change_address(session), posted(session)).status_code == 302
    assert TrainingSession.objects.get().ics_sequence == 0
    assert mail.outbox == []


@pytest.mark.parametrize(("day", "hour"), [("28/03/2027", "02:30"), ("31/10/2027", "02:30")])
def test_an_hour_that_the_clock_change_swallows_is_a_form_error(desk, day, hour):
    session = TrainingSessionFactory()
    fields = posted(session, **{"days-0-date": day, "days-0-start_time": hour})
    response = desk.post(change_address(session), fields)
    assert "jour du changement d’heure" in str(response.context["errors"])


def test_an_announced_session_keeps_a_day(desk):
    session = TrainingSessionFactory()
    response = desk.post(change_address(session), posted(session, **{"days-0-DELETE": "on"}))
    assert "Gardez au moins un jour" in str(response.context["errors"])
    assert session.days.count() == 1


def test_the_state_is_not_a_field(desk):
    session = TrainingSessionFactory()
    desk.post(change_address(session), posted(session, state="closed"))
    assert TrainingSession.objects.get().state == "published"


def test_a_person_without_an_address_is_entered_by_phone(desk):
    session = TrainingSessionFactory()
    address = reverse("admin:trainings_registration_add")
    person = {"session": session.pk, "name": "Denis Fictif", "phone": "010 00 00 00"}
    assert desk.post(address, person).status_code == 302
    denis = Registration.objects.get()
    assert (denis.name, denis.state, denis.entered_by) == ("Denis Fictif", "confirmed", "Odile Fictive")
    html = desk.get(reverse("admin:trainings_session_people", args=[session.pk])).content.decode()
    assert "À prévenir par téléphone" in html


def test_a_person_whom_nobody_could_reach_is_asked_for_a_number(desk):
    session = TrainingSessionFactory()
    person = {"session": session.pk, "name": "Denis Fictif"}
    response = desk.post(reverse("admin:trainings_registration_add"), person)
    assert "c’est par là qu’on prévient" in str(response.context["errors"])


def test_a_session_that_is_over_takes_nobody_and_says_so(desk):
    session = TrainingSessionFactory(days=[date(2026, 1, 12)])
    person = {"session": session.pk, "name": "Denis Fictif", "phone": "010 00 00 00"}
    response = desk.post(reverse("admin:trainings_registration_add"), person, follow=True)
    assert said(response) == ["Cette séance a commencé le lundi 12\u00a0janvier 2026 à 19\u00a0h."]
    assert Registration.objects.count() == 0


def test_chosen_registrations_are_cancelled_one_after_the_other(desk):
    session = TrainingSessionFactory(capacity=1)
    first = RegistrationFactory(session=session, position=1)
    RegistrationFactory(session=session, position=2, state="waiting")
    address = reverse("admin:trainings_registration_changelist")
    desk.post(address, {"action": "cancel_selected", "_selected_action": [first.pk]})
    states = session.registrations.order_by("position").values_list("state", flat=True)
    assert list(states) == ["cancelled", "offered"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_sessions_asks_the_same_queries_for_one_and_three(desk, django_assert_num_queries, count):
    for _number in range(count):
        RegistrationFactory(session=TrainingSessionFactory())
    address = reverse("admin:trainings_trainingsession_changelist")
    with django_assert_num_queries(10):
        desk.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_who_comes_asks_the_same_queries_for_one_and_three(
    desk, django_assert_num_queries, count
):
    session = TrainingSessionFactory(capacity=3)
    for position in range(1, count + 1):
        RegistrationFactory(session=session, position=position)
    with django_assert_num_queries(10):
        desk.get(reverse("admin:trainings_session_people", args=[session.pk]))


@pytest.mark.parametrize("page", ["change", "add"])
def test_the_days_come_right_after_what_a_session_is_and_its_questions_last(desk, page):
    session = TrainingSessionFactory()
    address = change_address(session) if page == "change" else reverse("admin:trainings_trainingsession_add")
    shown = desk.get(address).content.decode()
    marks = [
        *('id="id_training"', 'id="days-group"', 'name="venue"'),
        *('name="share_days"', 'id="questions-group"', 'name="_save"'),
    ]
    assert [shown.count(mark) for mark in marks] == [1] * 6
    assert sorted(marks, key=shown.index) == marks


def test_a_row_of_a_list_names_each_value_for_a_phone_and_stays_a_row_of_a_table(desk):
    TrainingSessionFactory(training__title="<b>Haies</b>", venue="Ferme")
    page = desk.get(reverse("admin:trainings_trainingsession_changelist")).content.decode()
    row = page[page.index("<tbody") :]
    row = row[: row.index("</tr>")]
    assert re.findall(r'<(t[hd]) role="(\w+)"(?: data-label="([^"]+)")?', row) == [
        *(("th", "rowheader", ""), ("td", "cell", "Début"), ("td", "cell", "Commune")),
        *(("td", "cell", "État"), ("td", "cell", "Places"), ("td", "cell", "Inscriptions")),
    ]
    assert row.count("<td") + row.count("<th") == 6
