"""Sheets, members and contacts move by verbs; asked twice, nothing more happens."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from accounts.models import JournalEntry
from actors import actions
from actors.actions import members
from actors.choices import NEXT, MembershipRole, MembershipState, State
from actors.models import Actor, ActorSlug, Membership
from outbox.signals import bounced
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import ActorFactory, ConsentFactory, ContactFactory, MembershipFactory

MOVES = {
    State.PENDING: actions.propose,
    State.PUBLISHED: actions.publish,
    State.REFUSED: lambda actor, by: actions.refuse(actor, reason="Doublon.", by=by),
    State.ARCHIVED: actions.archive,
}


def verbs():
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


# Sheets


@pytest.mark.parametrize("state", [state for state in State if state != State.MERGED])
@pytest.mark.parametrize("to", MOVES)
def test_a_sheet_moves_where_it_may_and_is_refused_elsewhere_in_words(db, state, to):
    actor, by = ActorFactory(state=state, name="Les Jardins Fictifs"), TeamFactory()
    if to in NEXT[state] or to == state:
        MOVES[to](actor, by=by)
        MOVES[to](actor, by=by)
        assert verbs() == ([] if to == state else [f"actor.{to}"])
        expected = to
    else:
        with pytest.raises(ValidationError) as refusal:
            MOVES[to](actor, by=by)
        assert refusal.value.messages == [
            f"«\u00a0Les Jardins Fictifs\u00a0»\u00a0: une fiche {state.label} ne peut pas devenir une fiche {to.label}."
        ]
        expected = state
    actor.refresh_from_db()
    assert actor.state == expected


def test_a_refusal_has_a_reason_and_publishing_forgets_it(db):
    actor, by = ActorFactory(state=State.PENDING), TeamFactory()
    with pytest.raises(ValidationError):
        actions.refuse(actor, reason="  ", by=by)
    actions.refuse(actor, reason="Cette association existe déjà.", by=by)
    actor.refresh_from_db()
    assert (actor.state, actor.reason) == (State.REFUSED, "Cette association existe déjà.")
    actions.propose(actor, by=by)
    actions.publish(actor, by=by)
    actor.refresh_from_db()
    assert actor.reason == ""


def test_each_municipality_of_the_lag_gets_its_actor_once(places, capsys):
    call_command("load_communes")
    call_command("load_communes")
    assert capsys.readouterr().out == "2 changements\n0 changement\n"
    assert list(Actor.objects.values_list("name", "slug", "state", "kind")) == [
        ("Incourt", "incourt", "published", "municipality"),
        ("Orp-Jauche", "orp-jauche", "published", "municipality"),
    ]


def test_a_commune_takes_the_next_address_where_its_own_is_taken(places):
    ActorFactory(slug="incourt")
    made = actions.create_communes(by=None)
    assert sorted(actor.slug for actor in made) == ["incourt-2", "orp-jauche"]


def test_a_former_address_is_kept_and_taken_back(db):
    actor, by = ActorFactory(slug="premier"), TeamFactory()
    for slug in ("second", "troisieme", "premier"):
        actor.slug = slug
        actions.save(actor, by=by, changed=["slug"])
    assert list(ActorSlug.objects.values_list("slug", "actor")) == [
        ("second", actor.pk),
        ("troisieme", actor.pk),
    ]
    assert verbs() == ["actor.changed"] * 3


# Members


def test_inviting_sends_one_letter_whose_link_stands_for_the_invitation(db):
    referent = MembershipFactory(actor__name="Les Jardins Fictifs", user__name="Odile Fictive")
    invited = actions.invite_member(
        referent.actor, email=" Basile@Exemple.invalid", role=MembershipRole.EDITOR, by=referent.user
    )
    again = actions.invite_member(
        referent.actor, email="basile@exemple.invalid", role=MembershipRole.REFERENT, by=referent.user
    )
    assert again == invited
    assert (invited.user, invited.email, invited.role, invited.state) == (
        None,
        "basile@exemple.invalid",
        "editor",
        "invited",
    )
    letter = mail.outbox[0]
    assert [one.to for one in mail.outbox] == [["basile@exemple.invalid"]]
    assert letter.subject == "Les Jardins Fictifs vous invite"
    assert "Odile Fictive vous invite à rejoindre «\u00a0Les Jardins Fictifs\u00a0»" in letter.body
    links = re.findall(r"http://testserver/membre/lien/\S+", letter.body)
    assert len(links) == 1
    assert f'href="{links[0]}"' in letter.alternatives[0].content


def test_a_hostile_name_stays_one_subject_and_text_in_the_letter(db):
    actor = ActorFactory(name="Fictif\r\nBcc: tous@exemple.invalid <script>alert(1)</script>")
    actions.invite_member(actor, email="basile@exemple.invalid", role=MembershipRole.MEMBER, by=TeamFactory())
    letter = mail.outbox[0]
    assert letter.recipients() == ["basile@exemple.invalid"]
    assert letter.message()["Bcc"] is None
    assert "\n" not in letter.subject
    assert "<script>" not in letter.alternatives[0].content


def test_a_member_is_not_invited_again(db):
    member = MembershipFactory(role=MembershipRole.MEMBER)
    found = actions.invite_member(
        member.actor, email=member.user.email, role=MembershipRole.REFERENT, by=TeamFactory()
    )
    assert (found.pk, found.role, mail.outbox) == (member.pk, MembershipRole.MEMBER, [])


def test_somebody_withdrawn_is_invited_again_with_a_new_link(db):
    member = MembershipFactory(role=MembershipRole.MEMBER)
    gone = actions.revoke(member, by=TeamFactory())
    again = actions.invite_member(
        member.actor, email=member.user.email, role=MembershipRole.EDITOR, by=TeamFactory()
    )
    assert (again.pk, again.state, again.version > gone.version) == (member.pk, "invited", True)
    actions.accept(again, by=member.user)
    member.refresh_from_db()
    assert (member.state, member.role) == ("active", "editor")


def test_too_many_waiting_invitations_are_refused(db, monkeypatch):
    monkeypatch.setattr(members, "MOST_INVITED", 1)
    actor, by = ActorFactory(), TeamFactory()
    actions.invite_member(actor, email="un@exemple.invalid", role="member", by=by)
    with pytest.raises(ValidationError):
        actions.invite_member(actor, email="deux@exemple.invalid", role="member", by=by)
    assert len(mail.outbox) == 1


def test_only_the_proved_address_accepts(db):
    invited = MembershipFactory(
        user=None, state=MembershipState.INVITED, email="basile@exemple.invalid", role=MembershipRole.EDITOR
    )
    for wrong in (
        UserFactory(email="autre@exemple.invalid"),
        UserFactory(email="basile@exemple.invalid", verified=False),
    ):
        with pytest.raises(ValidationError):
            actions.accept(invited, by=wrong)
    basile = wrong
    EmailAddress.objects.create(user=basile, email="basile@exemple.invalid", verified=True)
    accepted = actions.accept(invited, by=basile)
    assert actions.accept(invited, by=basile) == accepted
    assert (accepted.user, accepted.state, accepted.role) == (basile, "active", "editor")
    assert verbs() == ["membership.accepted"]


def test_who_had_asked_and_is_invited_ends_with_one_membership(db):
    user = UserFactory()
    EmailAddress.objects.create(user=user, email="second@exemple.invalid", verified=True)
    actor = ActorFactory()
    asked = actions.request_membership(actor, by=user)
    invited = actions.invite_member(actor, email="second@exemple.invalid", role="editor", by=TeamFactory())
    accepted = actions.accept(invited, by=user)
    assert list(Membership.objects.values_list("pk", "state", "role", "public_id")) == [
        (asked.pk, "active", "editor", invited.public_id)
    ]
    assert actions.accept(accepted, by=user) == accepted


def test_a_withdrawn_invitation_is_not_accepted(db):
    user = UserFactory()
    invited = MembershipFactory(user=None, state=MembershipState.INVITED, email=user.email)
    actions.revoke(invited, by=TeamFactory())
    with pytest.raises(ValidationError):
        actions.accept(invited, by=user)


def test_the_last_referent_cannot_leave(db):
    last = MembershipFactory(actor__name="Les Jardins Fictifs")
    MembershipFactory(actor=last.actor, role=MembershipRole.EDITOR)
    waiting = MembershipFactory(actor=last.actor, state=MembershipState.REQUESTED)
    with pytest.raises(ValidationError) as refusal:
        actions.revoke(last, by=last.user)
    assert refusal.value.messages == [
        "C’est le dernier référent de «\u00a0Les Jardins Fictifs\u00a0»\u00a0: nommez-en un autre, puis retirez-le."
    ]
    actions.approve(waiting, by=last.user)
    actions.revoke(last, by=last.user)
    last.refresh_from_db()
    assert last.state == MembershipState.REVOKED
    assert actions.revoke(last, by=waiting.user).version == last.version


def test_a_request_is_made_once_and_answered_once(db):
    actor, user, by = MembershipFactory().actor, UserFactory(), TeamFactory()
    asked = actions.request_membership(actor, by=user)
    assert actions.request_membership(actor, by=user) == asked
    actions.approve(asked, by=by)
    assert actions.approve(asked, by=by).state == MembershipState.ACTIVE
    actions.revoke(asked, by=by)
    with pytest.raises(ValidationError) as refusal:
        actions.approve(asked, by=by)
    assert refusal.value.messages == [
        "Cette demande n’attend plus de réponse\u00a0: la personne est «\u00a0retiré\u00a0»."
    ]
    assert actions.request_membership(actor, by=user).state == MembershipState.REQUESTED


# Contacts


def test_a_contact_is_added_once_an_address_and_stands_for_several_actors(db):
    first, second = ActorFactory(), ActorFactory()
    contact = actions.add_contact(name="Basile", email="Basile@exemple.invalid", actors=[first], by=None)
    again = actions.add_contact(name="B.", email="basile@exemple.invalid", actors=[second], by=None)
    assert (again, again.name, set(again.actors.all())) == (contact, "Basile", {first, second})
    assert actions.add_contact(name="Basile", by=None) != contact
    assert verbs() == ["contact.added"] * 2


def test_a_contact_is_linked_to_the_user_who_proved_its_address(db):
    user = UserFactory(email="basile@exemple.invalid")
    assert actions.add_contact(name="Basile", email="basile@exemple.invalid", by=None).user == user
    unproved = UserFactory(email="odile@exemple.invalid", verified=False)
    assert actions.add_contact(name="Odile", email="odile@exemple.invalid", by=None).user is None
    address = EmailAddress.objects.create(user=unproved, email="Odile@exemple.invalid", verified=True)
    email_confirmed.send(EmailAddress, request=None, email_address=address)
    assert unproved.contact.name == "Odile"


def test_a_user_keeps_one_contact(db):
    user = UserFactory()
    ContactFactory(user=user)
    other = ContactFactory(email="second@exemple.invalid")
    assert actions.link_contact(user, email="second@exemple.invalid") is None
    other.refresh_from_db()
    assert other.user is None


def test_consent_is_written_once_withdrawn_and_given_anew(db):
    contact, by = ContactFactory(), TeamFactory()
    given = actions.give_consent(contact, text_version="2027-01", source="fiche papier", by=by)
    assert actions.give_consent(contact, text_version="2027-01", source="au guichet", by=by) == given
    assert actions.withdraw_consent(contact, by=by) == 1
    assert actions.withdraw_consent(contact, by=by) == 0
    assert actions.give_consent(contact, text_version="2027-01", source="en ligne", by=by) != given
    assert contact.consents.count() == 2


def test_opting_out_withdraws_consent_until_the_person_agrees_anew(db):
    contact = ConsentFactory().contact
    actions.opt_out(contact)
    actions.opt_out(contact)
    contact.refresh_from_db()
    assert contact.opted_out_at is not None
    assert contact.consents.filter(withdrawn_at=None).count() == 0
    actions.give_consent(contact, text_version="2027-02", source="en ligne", by=None)
    contact.refresh_from_db()
    assert contact.opted_out_at is None
    assert verbs() == ["contact.opted_out", "contact.consented"]


def test_a_refused_address_is_marked_and_a_new_one_is_tried(db):
    contact = ContactFactory(email="basile@exemple.invalid")
    for _twice in range(2):
        bounced.send(None, letter=None, address="Basile@exemple.invalid", code=550, answer="inconnu")
    contact.refresh_from_db()
    assert contact.bounced_at <= timezone.now()
    contact.email = "basile2@exemple.invalid"
    actions.save_contact(contact, by=None, changed=["email"])
    contact.refresh_from_db()
    assert contact.bounced_at is None
    assert actions.mark_bounced("inconnu@exemple.invalid") is False
