"""Changing one's own registration by its link: what may change, what may not, and what stays whatever changes."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from tests.contracts import markup
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import ActorFactory
from tests.factories.territory import MunicipalityFactory
from tests.factories.trainings import (
    RegistrationFactory,
    RegistrationQuestionFactory,
    TrainingSessionFactory,
    held,
)
from trainings import actions, emails, names
from trainings.actions import Person
from trainings.models import Registration


@pytest.fixture
def mine(jodoigne):
    """Basile, with a seat, who said all there is to say."""
    return RegistrationFactory(
        name="Basile Fictf",
        email="basile@exemple.invalid",
        phone="0470 00 00 01",
        organisation_text="Les Haies",
        municipality=jodoigne,
        access_needs="Plain-pied",
    )


def address(registration):
    token = emails.manage_url(registration).rstrip("/").rpartition("/")[2]
    return reverse("trainings:amend", args=[token])


def filled(**fields):
    """The form as Basile's page shows it."""
    return {
        "name": "Basile Fictf",
        "phone": "0470 00 00 01",
        "organisation": "Les Haies",
        "municipality": "jodoigne",
        "access_needs": "Plain-pied",
    } | fields


def same(registration, **fields):
    """What the person said, as a Person."""
    said = {
        "name": registration.name,
        "phone": registration.phone,
        "organisation": registration.organisation_text,
        "actor": registration.actor,
        "municipality": registration.municipality,
        "access_needs": registration.access_needs,
    }
    return Person(**(said | fields))


def journal():
    return list(JournalEntry.objects.filter(verb="registration.amended").values_list("facts", flat=True))


# The page ------------------------------------------------------------------------------------------------


def test_the_page_of_the_link_leads_to_a_form_that_says_what_is_known(client, mine):
    own_page = emails.manage_url(mine)
    assert f'href="{address(mine)}"' in client.get(own_page).content.decode()
    html = client.get(address(mine)).content.decode()
    assert markup.faults(html) == []
    for value in filled(municipality='jodoigne" selected').values():
        assert f'value="{value}' in html
    assert 'name="email"' not in html


def test_what_is_corrected_is_kept_and_the_seat_the_address_and_the_rest_stay(client, mine):
    MunicipalityFactory(name="Ailleurs")
    response = client.post(
        address(mine),
        filled(
            name="Basile Fictif",
            phone="0470 00 00 02",
            organisation="Les Prés",
            municipality="outside",
            access_needs="",
            email="autre@exemple.invalid",
            state="cancelled",
        ),
        follow=True,
    )
    assert [str(one) for one in response.context["messages"]] == ["C’est noté."]
    row = Registration.objects.values(
        "name", "folded_name", "email", "phone", "organisation_text", "municipality", "access_needs", "state"
    )
    assert row.get() == {
        "name": "Basile Fictif",
        "folded_name": "basile fictif",
        "email": "basile@exemple.invalid",
        "phone": "0470 00 00 02",
        "organisation_text": "Les Prés",
        "municipality": None,
        "access_needs": "",
        "state": "confirmed",
    }


def test_no_letter_leaves(client, mine, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(mine), filled(phone="0470 00 00 02"))
    actions.tell()
    assert mailoutbox == []


def test_the_journal_names_the_fields_and_no_value(client, mine):
    client.post(address(mine), filled(phone="0470 00 00 02", access_needs="Boucle magnétique"))
    assert journal() == [{"fields": ["phone", "access_needs"]}]


def test_nothing_changed_is_told_and_leaves_no_line_in_the_journal(client, mine):
    response = client.post(address(mine), filled(), follow=True)
    assert [str(one) for one in response.context["messages"]] == ["C’est noté\u00a0: rien n’a changé."]
    assert journal() == []


def test_the_same_form_twice_is_one_change(client, mine):
    for _turn in range(2):
        client.post(address(mine), filled(phone="0470 00 00 02"))
    assert journal() == [{"fields": ["phone"]}]


def test_what_is_missing_is_said_and_nothing_changes(client, mine):
    response = client.post(address(mine), filled(name=" ", municipality="", phone="0470 00 00 02"))
    assert dict(response.context["form"].errors) == {
        "name": ["Dites-nous votre nom."],
        "municipality": ["Choisissez votre commune, ou «\u00a0Hors du territoire\u00a0»."],
    }
    assert Registration.objects.get().phone == "0470 00 00 01"


def test_an_actor_that_the_team_tied_stays_until_another_organisation_is_written(client, mine):
    tied, other = ActorFactory(name="La Ferme"), ActorFactory(name="Le Moulin")
    Registration.objects.update(actor=tied)
    html = client.get(address(mine)).content.decode()
    assert 'value="La Ferme"' in html
    client.post(address(mine), filled(organisation="La Ferme"))
    assert journal() == []
    client.post(address(mine), filled(organisation="le moulin"))
    kept = Registration.objects.get()
    assert (kept.actor, kept.organisation_text) == (other, "le moulin")


def test_a_municipality_outside_the_territory_stays_a_choice(client, mine):
    far = MunicipalityFactory(name="Loinville", slug="loinville")
    Registration.objects.update(municipality=far)
    client.post(address(mine), filled(municipality="loinville"))
    assert journal() == []


def test_two_people_of_one_address_never_become_one(client, mine):
    twin = RegistrationFactory(session=mine.session, name="Aline Fictive", email=mine.email)
    response = client.post(address(twin), filled(name="basile FICTF"))
    assert response.status_code == 409
    assert response.context["form"].non_field_errors() == [
        "Une autre personne de ce nom est déjà inscrite avec cette adresse. Rien n’est changé."
    ]
    assert Registration.objects.get(pk=twin.pk).name == "Aline Fictive"


# Until when ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_once_it_has_started_a_sentence_says_why_nothing_changes(client, jodoigne, method):
    past = RegistrationFactory(session=held(), phone="0470 00 00 01")
    response = getattr(client, method)(address(past), filled(phone="0470 00 00 02"))
    assert response.status_code == {"get": 200, "post": 409}[method]
    assert response.context["why_fixed"] == (
        "Cette séance n’a plus lieu, ou est passée\u00a0: l’inscription ne change plus."
    )
    assert "<form" not in response.content.decode().partition("<main")[2].partition("</main>")[0]
    assert Registration.objects.get().phone == "0470 00 00 01"


def test_the_minute_of_the_start_ends_it(mine):
    with time_machine.travel(mine.session.starts_at - timedelta(seconds=1), tick=False):
        assert actions.amend(mine, person=same(mine, phone="0470 00 00 02")) == ["phone"]
    with time_machine.travel(mine.session.starts_at, tick=False), pytest.raises(actions.Refused) as refused:
        actions.amend(mine, person=same(mine, phone="0470 00 00 03"))
    assert str(refused.value) == (
        "La séance a commencé ou est passée\u00a0: l’inscription ne change plus. Rien n’est changé."
    )


@pytest.mark.parametrize("gone", ["person", "session"])
def test_what_is_cancelled_does_not_change(mine, gone):
    if gone == "person":
        actions.cancel(mine, by=None)
    else:
        actions.cancel_session(mine.session, reason="Malade", by=TeamFactory())
    with pytest.raises(actions.Refused):
        actions.amend(mine, person=same(mine, phone="0470 00 00 02"))
    assert Registration.objects.get().phone == "0470 00 00 01"


def test_needs_erased_after_thirty_days_stay_erased(client, mine):
    page = address(mine)
    with time_machine.travel(mine.session.ends_at + timedelta(days=30, seconds=1), tick=False):
        actions.erase_access_needs()
    with time_machine.travel(mine.session.ends_at + timedelta(days=29), tick=False):
        assert client.post(page, filled()).status_code == 409
    assert Registration.objects.get().access_needs == ""


def test_who_waits_may_correct_and_keeps_the_rank(client, mine):
    Registration.objects.update(state="waiting", told="waiting")
    client.post(address(mine), filled(phone="0470 00 00 02"))
    kept = Registration.objects.get()
    assert (kept.phone, kept.state, kept.rank) == ("0470 00 00 02", "waiting", 1)


# The session's questions ---------------------------------------------------------------------------------


@pytest.fixture
def asked(mine):
    """Four questions: two answered, one not, one answered and closed since."""
    meal = RegistrationQuestionFactory(
        session=mine.session, rank=1, label="Repas", choices="Soupe\nTartine", required=True
    )
    tool = RegistrationQuestionFactory(session=mine.session, rank=2, label="Tableur")
    lift = RegistrationQuestionFactory(session=mine.session, rank=3, label="Covoiturage", kind="yes_no")
    old = RegistrationQuestionFactory(session=mine.session, rank=4, label="Dialecte", closed=True)
    for question, text in ((meal, "Soupe"), (tool, "Calc"), (old, "wallon")):
        mine.answers.create(question=question, text=text)
    return {one.label: f"question_{one.pk}" for one in (meal, tool, lift, old)}


def told(registration):
    return dict(registration.answers.values_list("question__label", "text"))


def test_answers_change_appear_and_go_and_a_closed_question_keeps_its_own(client, mine, asked):
    html = client.get(address(mine)).content.decode()
    assert "Dialecte" not in html
    assert '<option value="Soupe" selected>' in html
    client.post(
        address(mine),
        filled(
            **{
                asked["Repas"]: "Tartine",
                asked["Tableur"]: "",
                asked["Covoiturage"]: "oui",
                asked["Dialecte"]: "x",
            }
        ),
    )
    assert told(mine) == {"Repas": "Tartine", "Covoiturage": "oui", "Dialecte": "wallon"}
    assert journal() == [{"fields": ["answers"]}]


def test_a_required_question_stays_required(client, mine, asked):
    response = client.post(address(mine), filled(**{asked["Repas"]: ""}))
    assert dict(response.context["form"].errors) == {asked["Repas"]: ["Répondez à cette question."]}
    assert told(mine)["Repas"] == "Soupe"


def test_the_same_answers_are_no_change(client, mine, asked):
    client.post(address(mine), filled(**{asked["Repas"]: "Soupe", asked["Tableur"]: "Calc"}))
    assert journal() == []


def test_the_form_asks_the_same_queries_for_one_question_and_three(client, mine, django_assert_num_queries):
    RegistrationQuestionFactory(session=mine.session)
    for _turn in range(2):
        with django_assert_num_queries(7):
            client.get(address(mine))
        RegistrationQuestionFactory.create_batch(2, session=mine.session)


# Shares --------------------------------------------------------------------------------------------------


def shared_session(**fields):
    return TrainingSessionFactory(capacity=3, share=1, share_of="municipality", **fields)


def test_a_seat_is_kept_in_a_municipality_whose_share_is_used_up(jodoigne):
    other = MunicipalityFactory(name="Orp-Jauche")
    session = shared_session()
    people = [
        RegistrationFactory(session=session, municipality=place, position=n)
        for n, place in enumerate((jodoigne, other), start=1)
    ]
    actions.amend(people[0], person=same(people[0], municipality=other))
    assert list(session.registrations.values_list("state", "municipality")) == [
        ("confirmed", other.pk),
        ("confirmed", other.pk),
    ]


def test_what_the_old_share_regains_is_offered_to_who_waits_for_it(jodoigne):
    other = MunicipalityFactory(name="Orp-Jauche")
    session = shared_session()
    seated = RegistrationFactory(session=session, municipality=jodoigne, position=1)
    waiting = RegistrationFactory(session=session, municipality=jodoigne, position=2, state="waiting")
    actions.amend(seated, person=same(seated, phone="0470 00 00 02"))
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    actions.amend(seated, person=same(seated, municipality=other))
    waiting.refresh_from_db()
    assert waiting.state == "offered"


# Mes inscriptions ----------------------------------------------------------------------------------------


def in_days(days, **fields):
    return TrainingSessionFactory(days=[timezone.localdate() + timedelta(days=days)], **fields)


def test_my_registrations_show_what_comes_soonest_first_then_what_is_past_latest_first(client, db):
    citizen = UserFactory()
    for days in (-20, 10, -5, 2):
        RegistrationFactory(
            session=in_days(days, training__title=f"Jour {days}", state="held" if days < 0 else None),
            user=citizen,
        )
    client.force_login(citizen)
    response = client.get(reverse("trainings:my_registrations"))
    rows = response.context["rows"]
    assert [row.registration.session.training.title for row in rows] == [
        "Jour 2",
        "Jour 10",
        "Jour -5",
        "Jour -20",
    ]
    assert [row.amend_url.endswith("/modifier/") for row in rows] == [True, True, False, False]
    assert f'href="{rows[0].amend_url}"' in response.content.decode()


def test_a_corrected_name_is_found_as_it_is_compared(mine):
    actions.amend(mine, person=same(mine, name="Éloïse D’Hóop"))
    assert Registration.objects.get().folded_name == names.folded("Eloise d'Hoop")
