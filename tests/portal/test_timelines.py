"""The history of a person and of an actor: everything, newest first, in two queries a page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actors.models import Interaction
from portal import extracts, timelines
from tests.factories.accounts import TeamFactory, UserFactory, logged_in
from tests.factories.actors import (
    ActorFactory,
    ContactFactory,
    CorrectionFactory,
    ProposalFactory,
    SubscriptionFactory,
)
from tests.factories.interactions import EMAIL, NAME, InteractionFactory, busy_actor, busy_person
from tests.factories.outbox import write_letter
from tests.factories.trainings import RegistrationFactory

EVERYTHING = sorted(
    [
        *("interaction", "invited", "reached", "answered", "letter", "letter", "response", "need"),
        *("registered", "registered", "registered", "registered", "cancelled", "came", "absent"),
        *("certificate", "certificate.withdrawn", "consent", "consent.withdrawn", "contact.opted_out"),
        *("member.referent", "member.referent", "created", "imported", "contact.changed"),
    ]
)


def page_of(thing, kind="personne", **query):
    return logged_in(TeamFactory()).get(f"/bureau/historique/{kind}/{thing.public_id}/", query)


def told(rows) -> list[str]:
    return sorted(event for _moment, event, *_rest in rows)


def test_a_person_finds_everything_once(db):
    assert told(timelines.of_contact(busy_person())) == EVERYTHING


def test_an_actor_finds_what_its_people_did(db):
    assert told(timelines.of_actor(busy_actor())) == sorted(
        [
            *("interaction", "invited", "reached", "answered", "letter", "response", "need", "registered"),
            *("came", "certificate", "member.referent", "created", "imported", "actor.published"),
        ]
    )


def test_every_sort_of_event_is_read_by_some_timeline(db):
    lines = [verb for verb, sort in timelines.SORTS.items() if sort.kind == timelines.Kind.FILE]
    read = {*told(timelines.of_contact(busy_person())), *told(timelines.of_actor(busy_actor())), *lines}
    assert {*timelines.SORTS} - read == {"member.editor", "member.member"}


@pytest.mark.parametrize("kind", timelines.Kind.values)
def test_each_kind_shows_its_own_events_and_all_kinds_together_show_all(db, kind):
    rows = timelines.of_contact(busy_person(), kind)
    assert {timelines.SORTS[event].kind for event in told(rows)} == {kind}
    assert told(rows) == sorted(one for one in EVERYTHING if timelines.SORTS[one].kind == kind)


def test_nothing_of_others_is_there(db):
    busy_person()
    busy_actor()
    assert told(timelines.of_contact(ContactFactory())) == ["created"]
    assert told(timelines.of_actor(ActorFactory())) == ["created"]


def test_a_letter_without_a_subject_is_called_by_its_kind(db, settings):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    write_letter(to=EMAIL, subject="Votre inscription", kind="registration.confirmed")
    write_letter(to=EMAIL, secret=True, kind="login-code")
    rows = timelines.events(timelines.of_contact(ContactFactory(email=EMAIL), "lettres"))
    assert sorted(event.title for event in rows) == ["Votre inscription", "code de connexion"]


def test_a_registration_without_contact_is_found_by_its_address_and_one_of_another_contact_is_not(db):
    contact = ContactFactory(email=EMAIL)
    RegistrationFactory(email=EMAIL, name="Sans contact")
    RegistrationFactory(email=EMAIL, name="D’un autre", contact=ContactFactory())
    RegistrationFactory(email="", entered_by="Aline", name="Sans adresse")
    rows = timelines.events(timelines.of_contact(contact, "inscriptions"))
    assert [event.who for event in rows] == ["Sans contact"]
    nobody = timelines.of_contact(ContactFactory(email=""), "inscriptions")
    assert told(nobody) == []


def test_events_come_newest_first_and_are_grouped_by_month(db):
    contact = ContactFactory()
    for day in ("2026-03-31", "2026-04-01", "2026-04-30", "2025-04-02"):
        InteractionFactory(contacts=[contact], date=day)
    found = timelines.events(timelines.of_contact(contact, "echanges"))
    months = [(str(first), [event.when for event in group]) for first, group in timelines.by_month(found)]
    assert months == [
        ("2026-04-01", ["30\u00a0avril 2026", "1er\u00a0avril 2026"]),
        ("2026-03-01", ["31\u00a0mars 2026"]),
        ("2025-04-01", ["2\u00a0avril 2025"]),
    ]


@pytest.mark.parametrize("things", [1, 3])
def test_a_page_takes_the_same_number_of_queries_whatever_happened(db, django_assert_num_queries, things):
    contact, actor, client = busy_person(things), busy_actor(things), logged_in(TeamFactory())
    for address in (f"personne/{contact.public_id}/", f"acteur/{actor.public_id}/"):
        client.get(f"/bureau/historique/{address}")
    with django_assert_num_queries(7):
        page = client.get(f"/bureau/historique/personne/{contact.public_id}/")
    with django_assert_num_queries(7):
        client.get(f"/bureau/historique/acteur/{actor.public_id}/")
    assert page.context["page"].paginator.count == things * (len(EVERYTHING) - 2) + 2


def test_ten_thousand_events_are_paged(db, django_assert_num_queries):
    contact, staff = ContactFactory(), TeamFactory()
    today = timezone.localdate()
    made = Interaction.objects.bulk_create(
        Interaction(date=today - timedelta(days=n % 3000), staff=staff, summary=f"Échange {n}")
        for n in range(10_000)
    )
    links = Interaction.contacts.through
    links.objects.bulk_create(links(interaction=one, contact=contact) for one in made)
    client = logged_in(staff)
    address = f"/bureau/historique/personne/{contact.public_id}/"
    client.get(address)
    with django_assert_num_queries(7):
        page = client.get(address, {"page": 150})
    assert page.context["page"].paginator.count == 10_001
    days = [event.moment for _first, group in page.context["months"] for event in group]
    assert (len(days), days) == (50, sorted(days, reverse=True))
    seen = {row[1:3] for number in (1, 2, 3) for row in client.get(address, {"page": number}).context["page"]}
    assert len(seen) == 150


def test_the_page_leads_to_where_each_thing_is_and_every_link_opens(db):
    client = logged_in(TeamFactory())
    page = client.get(f"/bureau/historique/personne/{busy_person().public_id}/")
    links = {event.url for _first, group in page.context["months"] for event in group if event.url}
    assert len(links) == 14
    assert {client.get(url).status_code for url in links} == {200}


def test_pages_are_reached_from_the_sheets(db):
    client, contact, actor = logged_in(TeamFactory()), ContactFactory(), ActorFactory()
    for thing, kind in ((contact, "personne"), (actor, "acteur")):
        sheet = client.get(f"/bureau/actors/{thing._meta.model_name}/{thing.pk}/change/").content.decode()
        assert f"/bureau/historique/{kind}/{thing.public_id}/" in sheet


def test_the_extract_holds_what_the_portal_knows_and_the_journal_says_who_took_it(db):
    staff = TeamFactory(name="Aline Sillon")
    contact = busy_person()
    client = logged_in(staff)
    answer = client.post(f"/bureau/historique/personne/{contact.public_id}/donnees")
    held = answer.json()
    assert answer["Content-Disposition"] == 'attachment; filename="donnees-eglantine-haiefictive.json"'
    assert (held["contact"]["nom"], held["compte"]["adresse e-mail"]) == (NAME, EMAIL)
    lengths = {name: len(rows) for name, rows in held.items() if isinstance(rows, list)}
    assert lengths == {
        "consentements": 1,
        "inscriptions": 4,
        "invitations": 1,
        "réponses écrites": 1,
        "échanges": 1,
        "abonnements": 1,
        "fiches proposées": 1,
        "erreurs signalées": 1,
        "historique": len(EVERYTHING),
    }
    assert held["échanges"][0]["ce qui s’est dit"] == f"{NAME} préfère {EMAIL}."
    after = told(timelines.of_contact(contact))
    assert after.count("contact.extracted") == 1


def test_the_extract_holds_nothing_that_came_from_others(db):
    contact = busy_person()
    (
        SubscriptionFactory(),
        ProposalFactory(),
        CorrectionFactory(),
        CorrectionFactory(email="autre@exemple.invalid"),
    )
    rooms = ("abonnements", "fiches proposées", "erreurs signalées")
    assert [len(extracts.of_contact(contact)[room]) for room in rooms] == [1, 1, 1]
    contact.email, contact.user = "", None
    assert [len(extracts.of_contact(contact)[room]) for room in rooms] == [0, 0, 0]


def test_the_extract_asks_for_the_password_again(db):
    client = logged_in(TeamFactory())
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    answer = client.post(f"/bureau/historique/personne/{busy_person().public_id}/donnees")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/compte/")


@pytest.mark.parametrize("things", [1, 3])
def test_an_extract_takes_the_same_number_of_queries_whatever_it_holds(db, django_assert_num_queries, things):
    contact, client = busy_person(things), logged_in(TeamFactory())
    address = f"/bureau/historique/personne/{contact.public_id}/donnees"
    client.post(address)
    with django_assert_num_queries(25):
        client.post(address)


def test_others_than_staff_find_no_such_page(db):
    contact = ContactFactory()
    address = f"/bureau/historique/personne/{contact.public_id}/"
    assert logged_in(UserFactory()).get(address).status_code == 404
