"""Who is no contact is found by an address: what is held of them, their extract, their erasure."""

import pytest

from accounts.models import Erasure, JournalEntry
from actors.models import Correction, Proposal, Subscription
from tests.factories.accounts import ManagerFactory, TeamFactory, UserFactory, logged_in
from tests.factories.actors import (
    ContactFactory,
    CorrectionFactory,
    ProposalFactory,
    SubscriptionFactory,
)
from tests.factories.trainings import RegistrationFactory
from trainings.models import Registration

EMAIL = "zelie@exemple.invalid"


@pytest.fixture
def team(db):
    return logged_in(TeamFactory())


@pytest.fixture(autouse=True)
def register(settings, tmp_path):
    settings.ERASURE_REGISTER = tmp_path / "effacements.jsonl"


def found(client, email=EMAIL):
    return client.post("/bureau/personne/", {"email": email}).context["found"]


def test_rooms_that_hold_something_are_told(team):
    SubscriptionFactory(email=EMAIL)
    CorrectionFactory(email=EMAIL)
    assert found(team, " Zelie@Exemple.invalid") == [("", [("abonnements", 1), ("erreurs signalées", 1)])]
    ProposalFactory(email=EMAIL, name="Zélie Fictive")
    RegistrationFactory(email=EMAIL, name="zelie fictive")
    [(name, told)] = found(team)
    assert name == "zelie fictive"
    assert dict(told)["inscriptions"] == 1


def test_two_who_share_an_address_are_told_apart(team):
    UserFactory(email=EMAIL, name="Zélie Fictive")
    RegistrationFactory(email=EMAIL, name="Basile Fictif")
    RegistrationFactory(email=EMAIL, name="Zélie Fictive")
    told = {name: dict(counts) for name, counts in found(team)}
    assert {name: (counts.get("compte"), counts["inscriptions"]) for name, counts in told.items()} == {
        "Zélie Fictive": (1, 1),
        "Basile Fictif": (None, 1),
    }


def test_a_contact_has_its_own_page_and_nothing_held_is_said_with_what_to_do(team):
    contact = ContactFactory(email=EMAIL, name="Zélie Fictive")
    RegistrationFactory(email=EMAIL, name="Zélie Fictive")
    page = team.post("/bureau/personne/", {"email": EMAIL})
    assert (page.context["contact"], page.context["found"]) == (contact, [])
    assert f"/bureau/historique/personne/{contact.public_id}/" in page.text
    assert "Vérifiez comment elle s’écrit" in team.post("/bureau/personne/", {"email": "a@b.be"}).text


def test_the_extract_holds_what_is_theirs_and_the_journal_names_no_address(team):
    RegistrationFactory(email=EMAIL, name="Basile Fictif", phone="010 00 00 01")
    SubscriptionFactory(email=EMAIL)
    RegistrationFactory(email=EMAIL, name="Zélie Fictive", phone="010 00 00 02")
    held = team.post("/bureau/personne/donnees", {"email": EMAIL, "name": "Basile Fictif"}).json()
    assert [one["téléphone"] for one in held["inscriptions"]] == ["010 00 00 01"]
    assert [one["adresse e-mail"] for one in held["abonnements"]] == [EMAIL]
    assert {line["quoi"] for line in held["historique"]} == {"Inscription"}
    line = JournalEntry.objects.get(verb="person.extracted")
    assert EMAIL not in f"{line.object_label}{line.facts}"


def test_an_erasure_by_address_is_shown_first_then_done(team):
    SubscriptionFactory(email=EMAIL)
    ProposalFactory(email=EMAIL, name="Zélie Fictive")
    CorrectionFactory(email=EMAIL)
    theirs = RegistrationFactory(email=EMAIL, name="Zélie Fictive")
    other = RegistrationFactory(email=EMAIL, name="Basile Fictif")
    whom = {"email": EMAIL, "name": "Zélie Fictive"}
    page = team.post("/bureau/personne/effacer", whom)
    assert (page.status_code, Erasure.objects.count(), Subscription.objects.count()) == (200, 0, 1)
    unticked = team.post("/bureau/personne/effacer", {**whom, "vu": page.context["report"].fingerprint})
    assert (unticked.status_code, Erasure.objects.count()) == (200, 0)
    done = {**whom, "vu": page.context["report"].fingerprint, "compris": "on"}
    assert team.post("/bureau/personne/effacer", done).status_code == 302
    assert (Subscription.objects.count(), Erasure.objects.count()) == (0, 1)
    assert not Proposal.objects.filter(email=EMAIL).exists()
    assert not Correction.objects.filter(email=EMAIL).exists()
    names = dict(Registration.objects.values_list("pk", "name"))
    assert (names[theirs.pk] == "Zélie Fictive", names[other.pk]) == (False, "Basile Fictif")


@pytest.mark.parametrize("path", ["", "donnees", "effacer"])
def test_others_than_staff_see_no_such_page(db, path):
    answer = logged_in(ManagerFactory()).post(f"/bureau/personne/{path}", {"email": EMAIL})
    assert answer.status_code == 404


def test_finding_asks_the_same_whatever_there_is(team, django_assert_num_queries):
    for _turn in range(2):
        RegistrationFactory(email=EMAIL, name="Zélie Fictive")
        ProposalFactory(email=EMAIL, name="Zélie Fictive")
        with django_assert_num_queries(21):
            found(team)
