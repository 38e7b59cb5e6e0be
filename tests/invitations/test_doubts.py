"""Letters that may have arrived or not: seen from the campaign, sent again by a person who knows it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from actors import actions as actors
from invitations import actions, figures
from invitations.choices import Progress
from invitations.models import Campaign, Sending
from outbox import actions as outbox
from outbox.choices import State
from outbox.models import Letter
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.invitations import launched_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return TeamFactory(name="Odile Fictive")


@pytest.fixture
def desk(staff):
    return logged_in(staff)


@pytest.fixture
def campaign(smtp_server):
    """A campaign to three: the first letter's fate is unknown, the second failed, the third arrived."""
    campaign = launched_campaign(3)
    smtp_server.drop()
    one, two, three = Letter.objects.order_by("pk")
    Letter.objects.exclude(pk=one.pk).update(next_try_at=timezone.now() + timedelta(hours=1))
    outbox.sweep()
    smtp_server.drop(False)
    smtp_server.letters.clear()
    Letter.objects.filter(pk=two.pk).update(state=State.FAILED, last_error="Trop d’essais")
    Letter.objects.filter(pk=three.pk).update(state=State.SENT, sent_at=timezone.now())
    return campaign


def page(campaign, name: str = "uncertain") -> str:
    return reverse(f"admin:invitations_campaign_{name}", args=[campaign.pk])


def states() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("state", flat=True))


def doubtful(campaign) -> list[int]:
    return list(Sending.objects.needing_a_person(campaign).values_list("pk", flat=True))


def test_the_campaign_shows_letters_of_unknown_fate(desk, campaign):
    assert states() == [State.UNCERTAIN, State.FAILED, State.SENT]
    now = figures.advance(campaign, to_write=0)
    assert (now.uncertain, now.withheld) == (1, 1)
    progress = desk.get(page(campaign, "progress")).content.decode()
    assert "2 lettres ne sont peut-être pas arrivées." in progress
    assert f'href="{page(campaign)}"' in progress
    shown = desk.get(page(campaign)).content.decode()
    for sending in Sending.objects.select_related("invitation__contact", "letter"):
        name = sending.invitation.contact.name
        assert (f">{name}</label>" in shown) is (sending.letter.state != State.SENT)
    assert "Trop d’essais" in shown


def test_they_stay_where_they_are_whatever_sweeps(campaign, smtp_server):
    outbox.sweep()
    assert (states(), smtp_server.letters) == ([State.UNCERTAIN, State.FAILED, State.SENT], [])


def test_sent_again_by_a_person_a_letter_keeps_its_message_id(desk, campaign, smtp_server):
    uncertain = Letter.objects.get(state=State.UNCERTAIN)
    chosen = Sending.objects.get(letter=uncertain)
    for _ in range(2):
        desk.post(page(campaign), {"letter": chosen.pk, "sure": "1"})
    assert states() == [State.QUEUED, State.FAILED, State.SENT]
    outbox.sweep()
    assert [one.message["Message-ID"] for one in smtp_server.letters] == [uncertain.message_id]
    assert JournalEntry.objects.get(verb="campaign.sent_again").facts == {"letters": 1}
    assert Letter.objects.get(pk=uncertain.pk).resent_by == "Odile Fictive"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"sure": "1"}, "Cochez d’abord une lettre."),
        ({"letter": ["x", "9" * 30, "-1"], "sure": "1"}, "Cochez d’abord une lettre."),
        ({"letter": "all"}, "Dites d’abord que vous savez"),
    ],
)
def test_nothing_is_sent_again_by_mistake(desk, campaign, data, told):
    data = {**data, "letter": doubtful(campaign)} if data.get("letter") == "all" else data
    assert told in desk.post(page(campaign), data, follow=True).content.decode()
    assert states() == [State.UNCERTAIN, State.FAILED, State.SENT]


def test_letters_of_another_campaign_or_that_arrived_are_left_alone(desk, campaign):
    other = launched_campaign(1)
    everything = list(Sending.objects.values_list("pk", flat=True))
    desk.post(page(other), {"letter": everything, "sure": "1"})
    assert states() == [State.UNCERTAIN, State.FAILED, State.SENT, State.QUEUED]


def test_a_campaign_that_is_over_sends_nothing_again(desk, campaign, staff):
    Campaign.objects.update(deadline=timezone.now())
    assert 'name="sure"' not in desk.get(page(campaign)).content.decode()
    told = desk.post(page(campaign), {"letter": doubtful(campaign), "sure": "1"}, follow=True)
    assert "La campagne n’envoie plus de lettres." in told.content.decode()
    assert states() == [State.UNCERTAIN, State.FAILED, State.SENT]


def test_a_letter_whose_text_is_gone_is_told_and_none_is_sent(staff, campaign):
    Letter.objects.filter(state=State.FAILED).update(message=b"", emptied_at=timezone.now())
    with pytest.raises(actions.Refused, match="plus conservé"):
        actions.send_again(campaign, sendings=doubtful(campaign), by=staff)
    assert states() == [State.UNCERTAIN, State.FAILED, State.SENT]


def test_who_answered_meanwhile_is_not_written_to_again(staff, campaign, smtp_server):
    uncertain = Sending.objects.get(letter__state=State.UNCERTAIN)
    actions.mark_answered(uncertain.invitation.public_id)
    assert actions.send_again(campaign, sendings=[uncertain.pk], by=staff) == 0
    assert states()[0] == State.UNCERTAIN
    outbox.resend(uncertain.letter, by=staff)  # by the list of letters: asked again when it leaves
    outbox.sweep()
    assert states()[0] == State.CANCELLED
    assert smtp_server.letters == []


def test_letters_kept_back_by_a_deadline_leave_once_it_is_moved_and_somebody_says_so(
    desk, staff, smtp_server
):
    campaign = launched_campaign(2)
    deadline = campaign.deadline
    Campaign.objects.update(deadline=timezone.now() - timedelta(minutes=1))
    outbox.sweep()
    assert (states(), smtp_server.letters) == ([State.CANCELLED] * 2, [])
    Campaign.objects.update(deadline=deadline)
    outbox.sweep()
    assert smtp_server.letters == []
    one, two = Sending.objects.needing_a_person(campaign)
    desk.post(page(campaign), {"letter": [one.pk], "sure": "1"})
    outbox.sweep()
    assert [letter.recipients for letter in smtp_server.letters] == [[one.invitation.contact.email]]
    assert doubtful(campaign) == [two.pk]


def test_a_corrected_address_gets_the_letter_that_the_old_one_refused(staff, smtp_server):
    campaign = launched_campaign(1)
    smtp_server.answers = ["550 5.1.1 Boîte inconnue"]
    outbox.sweep()
    contact = campaign.invitations.get().contact
    assert [one.sendable for one in Sending.objects.needing_a_person(campaign)] == [False]
    contact.email = "juste@exemple.invalid"
    actors.save_contact(contact, by=staff, changed=["email"])
    assert actions.send_again(campaign, sendings=doubtful(campaign), by=staff) == 1
    assert actions.send_again(campaign, sendings=doubtful(campaign), by=staff) == 0
    outbox.sweep()
    assert [letter.recipients for letter in smtp_server.letters] == [["juste@exemple.invalid"]]
    assert figures.participation(campaign).total.counts == {Progress.SENT: 1}
    assert Sending.objects.count() == 1


def test_who_opted_out_is_no_decision_to_take(staff, smtp_server):
    campaign = launched_campaign(1)
    actors.opt_out(campaign.invitations.get().contact)
    outbox.sweep()
    assert (states(), doubtful(campaign)) == ([State.CANCELLED], [])


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(desk, people, django_assert_num_queries):
    campaign = launched_campaign(people)
    Letter.objects.update(state=State.UNCERTAIN)
    desk.get(page(campaign))
    with django_assert_num_queries(6):
        desk.get(page(campaign))
