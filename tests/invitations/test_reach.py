"""People whom no letter reaches, addresses that refuse, and the list of who has not answered."""

import csv
import io
import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from actors import actions as actors
from actors.models import Contact
from invitations import actions, exports, figures
from invitations.choices import Progress
from invitations.models import Invitation
from outbox import actions as outbox
from outbox.bounces import Bounce
from outbox.models import Letter
from outbox.transport import Refusal
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import ConsentFactory, ContactFactory, EnterpriseFactory
from tests.factories.invitations import (
    InvitationFactory,
    RunningCampaignFactory,
    launched_campaign,
    writable_contact,
)
from tests.factories.territory import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return TeamFactory(name="Odile Fictive")


@pytest.fixture
def desk(staff):
    return logged_in(staff)


def address(campaign, page: str) -> str:
    return reverse(f"admin:invitations_campaign_{page}", args=[campaign.pk])


def invited(campaign, **facts) -> Invitation:
    return InvitationFactory(campaign=campaign, contact=ContactFactory(**facts))


def test_the_list_holds_those_without_a_working_address_and_who_did_not_object():
    campaign, now = RunningCampaignFactory(), timezone.now()
    without = invited(campaign, email="")
    bounced = invited(campaign, bounced_at=now)
    InvitationFactory(campaign=campaign)
    invited(campaign, email="", opted_out_at=now)
    ConsentFactory(contact=invited(campaign, email="").contact, given_at=now, withdrawn_at=now)
    answered = invited(campaign, email="")
    actions.mark_answered(answered.public_id)
    invited(RunningCampaignFactory(), email="")
    invited(campaign, email="", name="Personne effacée", erased_at=now)
    invited(campaign, email="", merged_into=without.contact)
    assert set(campaign.invitations.out_of_reach()) == {without, bounced}


def test_a_tick_says_who_and_when_and_is_counted_and_journaled(desk, staff):
    campaign = RunningCampaignFactory()
    one = invited(campaign, email="", name="Zoé Fictive", phone="010 00 00 00")
    page = desk.get(address(campaign, "phone")).content.decode()
    assert "010 00 00 00" in page
    for _ in range(2):
        page = desk.post(address(campaign, "phone"), {"reached": one.pk}, follow=True).content.decode()
    assert ", Odile Fictive" in page
    one.refresh_from_db()
    assert one.reached_by == staff
    assert figures.participation(campaign).total.counts == {Progress.REACHED: 1}
    desk.post(address(campaign, "phone"), {"unreached": one.pk})
    one.refresh_from_db()
    assert (one.reached_at, one.reached_by) == (None, None)
    verbs = JournalEntry.objects.order_by("pk").values_list("verb", "by_label")
    assert [verb for verb, _by in verbs] == ["invitation.reached", "invitation.unreached"]
    assert {by for _verb, by in verbs} == {str(staff)}


def test_somebody_whom_letters_reach_is_not_ticked(staff):
    with pytest.raises(actions.Refused, match="plus à joindre"):
        actions.mark_reached(InvitationFactory(), by=staff)


@pytest.mark.parametrize("typed", ["", "x", "9" * 30, "-1", "²"])
def test_a_tick_of_nobody_changes_nothing(desk, typed):
    campaign, other = RunningCampaignFactory(), invited(RunningCampaignFactory(), email="")
    for page, name in (("phone", "reached"), ("bounced", "invitation"), ("bounced", "good")):
        assert desk.post(address(campaign, page), {name: typed}).status_code == 302
        assert desk.post(address(campaign, page), {name: other.pk}).status_code == 302
    assert Invitation.objects.filter(reached_at=None, bounced_at=None).count() == 1


def test_the_database_knows_that_a_tick_has_its_moment(staff):
    InvitationFactory()
    with pytest.raises(IntegrityError, match="invitation_reached"), transaction.atomic():
        Invitation.objects.update(reached_by=staff)


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(desk, staff, people, django_assert_num_queries):
    campaign = RunningCampaignFactory()
    for _ in range(people):
        actions.mark_reached(invited(campaign, email=""), by=staff)
    desk.get(address(campaign, "phone"))
    with django_assert_num_queries(6):
        desk.get(address(campaign, "phone"))


@pytest.mark.parametrize("page", ["phone", "progress"])
def test_an_accent_does_not_send_a_name_to_the_end(desk, page):
    campaign = RunningCampaignFactory()
    for name in ("Zoé Fictive", "Éloïse Fictive", "Alix Fictive"):
        invited(campaign, name=name, email="")
    shown = desk.get(address(campaign, page)).content.decode()
    names = re.findall(r'<th scope="row">(\w+) Fictive</th>', shown)
    assert names == ["Alix", "Éloïse", "Zoé"]


# Bounces -------------------------------------------------------------------------------------------------


def test_staff_tick_an_address_that_refuses(desk):
    campaign = launched_campaign(1)
    one = campaign.invitations.get()
    for _ in range(2):
        desk.post(address(campaign, "bounced"), {"invitation": one.pk})
    assert list(campaign.invitations.out_of_reach()) == [one]
    assert figures.participation(campaign).total.counts == {Progress.BOUNCED: 1}
    assert JournalEntry.objects.filter(verb="invitation.bounced").count() == 1
    assert "adresse refusée, à corriger" in desk.get(address(campaign, "progress")).content.decode()


def test_the_button_that_stops_letters_is_folded_under_a_question_that_says_what_it_does(desk):
    campaign = launched_campaign(1)
    page = desk.get(address(campaign, "progress")).content.decode()
    folded = page.partition('<td class="tick"><details>')[2].partition("</details></td>")[0]
    summary, _end, inside = folded.partition("</summary>")
    assert summary.startswith("<summary>Adresse refusée\u00a0?")
    assert "plus aucune campagne ne lui écrit" in inside
    assert re.findall(r"<button [^>]*>([^<]*)", inside) == ["Oui, ne plus lui écrire"]


def test_an_address_ticked_by_mistake_is_good_again(desk):
    campaign = launched_campaign(1)
    one = campaign.invitations.get()
    desk.post(address(campaign, "bounced"), {"invitation": one.pk})
    page = desk.get(address(campaign, "progress")).content.decode()
    assert f'name="good" value="{one.pk}">L’adresse est bonne' in page
    for _ in range(2):
        page = desk.post(address(campaign, "bounced"), {"good": one.pk}, follow=True).content.decode()
    assert "Les campagnes lui écrivent à nouveau." in page
    assert (list(campaign.invitations.out_of_reach()), Contact.objects.writable().get()) == ([], one.contact)
    assert Progress.BOUNCED not in figures.participation(campaign).total.counts
    assert JournalEntry.objects.filter(verb="contact.bounce_cleared").count() == 1


def test_an_address_made_good_at_the_contacts_own_page_may_be_refused_again(staff):
    one = launched_campaign(1).invitations.get()
    actions.tick_bounced(one, by=staff)
    actors.clear_bounce(one.contact, by=staff)
    actions.tick_bounced(one, by=staff)
    one.contact.refresh_from_db()
    assert one.contact.bounced_at is not None


def test_a_person_without_address_has_none_that_refuses(staff):
    with pytest.raises(actions.Refused, match="pas d’adresse"):
        actions.tick_bounced(invited(RunningCampaignFactory(), email=""), by=staff)


def test_a_bounce_read_in_the_mailbox_marks_contact_and_invitation(smtp_server):
    campaign = launched_campaign(2)
    outbox.sweep()
    letter = Letter.objects.order_by("pk").first()
    bounce = Bounce(letter.message_id, (letter.recipients,), Refusal(550, "5.1.1 Inconnu"))
    assert [outbox.take_bounce(bounce), outbox.take_bounce(bounce)] == [True, False]
    assert figures.participation(campaign).total.counts == {Progress.BOUNCED: 1, Progress.SENT: 1}
    assert campaign.invitations.out_of_reach().get().contact.email == letter.recipients


# The list of who has not answered ------------------------------------------------------------------------


def test_who_has_not_answered_is_taken_away_without_formulas(desk):
    campaign = RunningCampaignFactory()
    brewery = EnterpriseFactory(name="=HYPERLINK(1)", municipality=MunicipalityFactory(name="Val-Fictif"))
    contact = writable_contact(name="@Ada; Fictive", email="ada@exemple.invalid", phone="+32 10 00 00 00")
    InvitationFactory(campaign=campaign, actor=brewery, contact=contact)
    actions.mark_answered(InvitationFactory(campaign=campaign).public_id)
    response = desk.get(address(campaign, "unanswered"))
    assert response["Content-Disposition"] == f'attachment; filename="sans-reponse-{campaign.pk}.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Nom", "Acteur", "Commune", "Adresse e-mail", "Téléphone", "Invitation"],
        [
            *("'@Ada; Fictive", "'=HYPERLINK(1)", "Val-Fictif", "ada@exemple.invalid"),
            *("'+32 10 00 00 00", "pas encore écrite"),
        ],
    ]
    assert JournalEntry.objects.get(verb="campaign.exported").facts == {"people": 1}


def test_people_erased_or_merged_are_on_no_list(desk):
    campaign = RunningCampaignFactory()
    kept = invited(campaign, name="Ada Fictive")
    invited(campaign, email="", name="Personne effacée", erased_at=timezone.now())
    invited(campaign, email="", name="Ada Double", merged_into=kept.contact)
    page = desk.get(address(campaign, "progress")).content.decode()
    assert "1 personne n’a pas répondu" in page
    assert [name in page for name in ("Ada Fictive", "Personne effacée", "Ada Double")] == [
        True,
        False,
        False,
    ]
    assert exports.unanswered_csv(campaign)[1] == 1


@pytest.mark.parametrize("people", [1, 3])
def test_the_file_asks_as_much_for_one_as_for_three(staff, people, django_assert_num_queries):
    campaign = launched_campaign(people)
    with django_assert_num_queries(4):
        actions.export_unanswered(campaign, by=staff)
