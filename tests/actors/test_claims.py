"""Somebody asks to speak for an actor: a referent or the team answers, and the person is told why."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import JournalEntry
from actors import actions
from actors.choices import MembershipRole, MembershipState, State
from actors.models import Membership
from actors.views.sheets import CLAIMS_A_DAY
from tests.factories.accounts import TeamFactory, UserFactory, logged_in
from tests.factories.actors import ActorFactory, CommuneFactory, EnterpriseFactory, MembershipFactory

SENTENCE = "Je suis trésorier depuis 2021."


@pytest.fixture
def actor(db):
    return ActorFactory(name="Les Jardins Fictifs", slug="jardins")


@pytest.fixture
def denis(db):
    return UserFactory(name="Denis Labour", email="denis@exemple.invalid")


def letters() -> list[tuple[str, str]]:
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def claim(client, **data):
    return client.post("/acteurs/jardins/rejoindre/", data)


# Asking


def test_a_sheet_without_referent_is_claimed_and_one_with_a_referent_is_joined(client, actor):
    assert "Revendiquer cette fiche" in client.get("/acteurs/jardins/").text
    MembershipFactory(actor=actor)
    page = client.get("/acteurs/jardins/").text
    assert ("Revendiquer cette fiche" in page, "Demander à rejoindre" in page) == (False, True)


def test_who_speaks_for_an_actor_is_not_asked_to_join(actor):
    page = logged_in(MembershipFactory(actor=actor).user).get("/acteurs/jardins/").text
    assert ("Revendiquer" in page, "Demander à rejoindre" in page, "Tenir la fiche à jour" in page) == (
        False,
        False,
        True,
    )


def test_who_is_not_logged_in_logs_in_or_signs_up_and_comes_back(actor):
    client = Client()
    address = client.get("/acteurs/jardins/rejoindre/")["Location"]
    assert address == "/compte/login/?next=/acteurs/jardins/rejoindre/"
    login = client.get(address).text
    [signup] = set(re.findall(r'href="(/compte/signup/[^"]*)"', login))
    assert signup == "/compte/signup/?next=%2Facteurs%2Fjardins%2Frejoindre%2F"
    assert 'name="next" value="/acteurs/jardins/rejoindre/"' in client.get(signup).text


@pytest.mark.parametrize(
    ("with_referent", "role"), [(False, MembershipRole.REFERENT), (True, MembershipRole.MEMBER)]
)
def test_a_request_says_who_asks_and_is_made_once(actor, denis, with_referent, role):
    referent = MembershipFactory(actor=actor) if with_referent else None
    client = logged_in(denis)
    page = claim(client, statement="")
    assert page.context["form"].errors == {
        "statement": ["Une phrase suffit\u00a0: elle permet de vous reconnaître."]
    }
    for _twice in range(2):
        claim(client, statement=SENTENCE, role="referent", state="active", user="1")
    own = Membership.objects.get(user=denis)
    assert (own.actor, own.role, own.state, own.statement) == (
        actor,
        role,
        MembershipState.REQUESTED,
        SENTENCE,
    )
    assert letters() == ([(referent.user.email, "Une demande pour Les Jardins Fictifs")] if referent else [])
    assert "Votre demande est partie" in client.get("/acteurs/jardins/rejoindre/").text
    assert "en attente" in client.get("/mon-espace/").text


@pytest.mark.parametrize(
    "state", [state for state in State if state != State.PUBLISHED and state != State.MERGED]
)
def test_a_sheet_that_is_not_public_is_not_claimed(actor, denis, state):
    type(actor).objects.update(state=state)
    assert claim(logged_in(denis), statement=SENTENCE).status_code == 404
    assert Membership.objects.count() == 0


def test_requests_of_one_person_are_limited(db, denis):
    client = logged_in(denis)
    answers = [
        client.post(f"/acteurs/{ActorFactory().slug}/rejoindre/", {"statement": SENTENCE}).status_code
        for _n in range(CLAIMS_A_DAY + 1)
    ]
    assert answers == [302] * CLAIMS_A_DAY + [429]
    assert Membership.objects.count() == CLAIMS_A_DAY


# Answering


@pytest.fixture
def asked(actor, denis):
    """A request to an actor that has a referent."""
    MembershipFactory(actor=actor, user__name="Colette Haie")
    membership = actions.request_membership(actor, by=denis, statement=SENTENCE)
    mail.outbox.clear()
    return membership


def answer(client, membership, verb: str, **data):
    return client.post(f"/espace/jardins/membres/{membership.public_id}/{verb}/", data)


def test_the_referent_reads_who_asks_and_lets_in(asked, denis):
    client = logged_in(asked.actor.memberships.referents().get().user)
    page = client.get("/espace/jardins/membres/").text
    assert SENTENCE in page
    for _twice in range(2):
        answer(client, asked, "accepter", role="editor")
    asked.refresh_from_db()
    assert (asked.state, asked.role) == (MembershipState.ACTIVE, MembershipRole.EDITOR)
    assert letters() == [("denis@exemple.invalid", "Vous parlez pour Les Jardins Fictifs")]
    assert "/espace/jardins/" in mail.outbox[0].body
    assert logged_in(denis).get("/espace/jardins/fiche/").status_code == 200


def test_an_unknown_role_leaves_the_one_that_was_asked(asked):
    answer(logged_in(asked.actor.memberships.referents().get().user), asked, "accepter", role="empereur")
    asked.refresh_from_db()
    assert (asked.state, asked.role) == (MembershipState.ACTIVE, MembershipRole.MEMBER)


def test_a_refusal_has_a_reason_that_the_person_reads(asked, denis):
    client = logged_in(asked.actor.memberships.referents().get().user)
    answer(client, asked, "refuser", motif="  ")
    asked.refresh_from_db()
    assert (asked.state, letters()) == (MembershipState.REQUESTED, [])
    for _twice in range(2):
        answer(client, asked, "refuser", motif="Nous ne vous\r\nconnaissons pas.")
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (MembershipState.REVOKED, "Nous ne vous connaissons pas.")
    assert letters() == [("denis@exemple.invalid", "Votre demande pour Les Jardins Fictifs")]
    assert (
        "« Nous ne vous connaissons pas. »".replace("« ", "«\u00a0").replace(" »", "\u00a0»")
        in mail.outbox[0].body
    )
    told = logged_in(denis).get("/acteurs/jardins/rejoindre/").text
    assert "Nous ne vous connaissons pas." in told
    assert actions.request_membership(asked.actor, by=denis).reason == ""


def test_who_was_let_in_is_not_refused_any_more(asked):
    actions.approve(asked, by=TeamFactory())
    with pytest.raises(ValidationError, match="n’attend plus de réponse"):
        actions.decline(asked, reason="Trop tard.", by=TeamFactory())


def test_the_desk_answers_requests_too(asked):
    client = logged_in(TeamFactory())
    address = f"/bureau/actors/membership/{asked.pk}/change/"
    page = client.post(address, {"reason": "", "_verb_decline": "1"}, follow=True).text
    assert "Donnez le motif du refus" in page
    client.post(
        address,
        {"reason": "Une autre association.", "role": "referent", "state": "active", "_verb_decline": "1"},
    )
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.role) == (
        MembershipState.REVOKED,
        "Une autre association.",
        MembershipRole.MEMBER,
    )
    assert letters() == [("denis@exemple.invalid", "Votre demande pour Les Jardins Fictifs")]
    assert client.post(address, {"reason": "Autre chose.", "_verb_decline": "1"}).status_code == 302
    asked.refresh_from_db()
    assert asked.reason == "Une autre association."


@pytest.mark.parametrize("verb", ["accepter", "refuser"])
def test_members_of_others_do_not_answer(asked, verb):
    other = logged_in(MembershipFactory().user)
    assert answer(other, asked, verb, motif="Non.").status_code == 404
    asked.refresh_from_db()
    assert asked.state == MembershipState.REQUESTED


@pytest.mark.parametrize("things", [1, 3])
def test_the_list_of_members_asks_the_same_whatever_its_length(db, django_assert_num_queries, things):
    MembershipFactory.create_batch(things, state=MembershipState.REQUESTED)
    client = logged_in(TeamFactory())
    with django_assert_num_queries(6):
        client.get("/bureau/actors/membership/")


# At sign-up


def sign_up(client, organisation: str) -> None:
    """Fill in the form, then prove the address as the mailed code does."""
    posted = {
        "email": "nouvelle@exemple.invalid",
        "password1": "une phrase fictive",
        "organisation": organisation,
    }
    assert client.post("/compte/signup/", posted).status_code == 302
    address = EmailAddress.objects.get(email="nouvelle@exemple.invalid")
    assert Membership.objects.filter(user=address.user).count() == 0
    [code] = re.findall(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE)
    client.post("/compte/confirm-email/", {"code": code})


@pytest.mark.parametrize("said", ["les jardins fictifs", "LES JARDINS-FICTIFS", "0314.595.348"])
def test_the_organisation_named_at_sign_up_becomes_a_request_once_the_address_is_proved(client, actor, said):
    actor.enterprise_number = "0314595348"
    actor.save()
    sign_up(client, said)
    own = Membership.objects.get()
    assert (own.user.email, own.actor, own.state) == (
        "nouvelle@exemple.invalid",
        actor,
        MembershipState.REQUESTED,
    )


@pytest.mark.parametrize("said", ["", "Inconnue au bataillon", "-", "Deux Fois"])
def test_an_organisation_that_is_nobody_s_or_two_s_asks_for_nothing(client, actor, said):
    ActorFactory(name="Deux Fois")
    EnterpriseFactory(name="Deux fois")
    sign_up(client, said)
    assert EmailAddress.objects.get(email="nouvelle@exemple.invalid").verified
    assert Membership.objects.count() == 0


def test_an_address_proved_without_a_request_joins_nothing(db, denis):
    CommuneFactory()
    email_confirmed.send(
        sender=EmailAddress, request=None, email_address=EmailAddress.objects.get(user=denis)
    )
    assert Membership.objects.count() == 0


def test_the_journal_tells_who_asked_and_who_answered(asked):
    actions.approve(asked, by=TeamFactory(name="Aline Sillon"))
    lines = JournalEntry.objects.order_by("pk").values_list("verb", "by_label")
    assert list(lines) == [("membership.requested", "Denis Labour"), ("membership.approved", "Aline Sillon")]
