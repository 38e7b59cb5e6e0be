"""Launch, remind, close: who is written to, once, and who is not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import JournalEntry
from invitations import actions, refusals
from invitations.actions import writing
from invitations.choices import Progress, State
from invitations.models import Campaign, Invitation, Reminder, Sending
from outbox import actions as outbox
from outbox.models import Letter
from tests.factories.actors import ConsentFactory, ContactFactory, EnterpriseFactory
from tests.factories.invitations import (
    CampaignFactory,
    InvitationFactory,
    RunningCampaignFactory,
    launched_campaign,
    writable_contact,
)
from tests.factories.outbox import write_letter

pytestmark = pytest.mark.django_db


def addresses() -> list[str]:
    return sorted(Letter.objects.values_list("recipients", flat=True))


def progress() -> dict[str, str]:
    return dict(Invitation.objects.with_progress().values_list("contact__email", "progress"))


# Prepare, launch -----------------------------------------------------------------------------------------


def test_prepare_invites_each_contact_once():
    campaign, contacts = CampaignFactory(), [writable_contact(), writable_contact()]
    assert actions.prepare(campaign, contacts=[*contacts, contacts[0]], by=None) == 2
    assert actions.prepare(campaign, contacts=contacts, by=None) == 0
    assert campaign.invitations.count() == 2
    assert Letter.objects.count() == 0


def test_prepare_knows_for_whom_a_contact_speaks():
    campaign, (zoo, abc) = CampaignFactory(), (EnterpriseFactory(name="Zoo"), EnterpriseFactory(name="Abc"))
    of_both, of_none = writable_contact(actors=[zoo, abc]), writable_contact()
    actions.prepare(campaign, contacts=[of_both, of_none], by=None)
    assert dict(campaign.invitations.values_list("contact", "actor")) == {
        of_both.pk: abc.pk,
        of_none.pk: None,
    }
    given = CampaignFactory()
    actions.prepare(given, contacts=[of_both], by=None, actor=zoo)
    assert given.invitations.get().actor == zoo


def test_launch_writes_only_to_whom_it_may():
    campaign, now = CampaignFactory(), timezone.now()
    willing = writable_contact()
    withdrawn = ContactFactory()
    ConsentFactory(contact=withdrawn, given_at=now, withdrawn_at=now)
    others = [
        writable_contact(opted_out_at=now),
        writable_contact(bounced_at=now),
        writable_contact(email=""),
        ContactFactory(),
        withdrawn,
    ]
    actions.prepare(campaign, contacts=[willing, *others], by=None)
    assert actions.launch(campaign, by=None) == 1
    assert addresses() == [willing.email]
    assert (campaign.state, Campaign.objects.get().state) == (State.RUNNING, State.RUNNING)


def test_launch_again_writes_to_who_is_new():
    campaign = launched_campaign(1)
    assert actions.launch(campaign, by=None) == 0
    late = writable_contact()
    actions.prepare(campaign, contacts=[late], by=None)
    assert actions.launch(campaign, by=None) == 1
    assert Letter.objects.count() == Sending.objects.count() == 2


def test_launch_past_the_first_batch_goes_on_behind(monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 2)
    campaign = launched_campaign(5)
    assert (campaign.state, Letter.objects.count()) == (State.LAUNCHING, 2)
    assert actions.launch(campaign, by=None) == 0
    assert [actions.write_next(campaign), actions.write_next(campaign)] == [True, False]
    assert (campaign.state, Letter.objects.count()) == (State.RUNNING, 5)
    assert len(set(addresses())) == 5


def test_a_launch_that_ends_with_its_batch_is_over(monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 2)
    campaign = launched_campaign(2)
    assert actions.write_next(campaign) is False
    assert campaign.state == State.RUNNING


def test_launch_is_refused_without_anyone_to_write_to():
    with pytest.raises(actions.Refused, match="Personne de nouveau"):
        actions.launch(CampaignFactory(), by=None)
    assert Campaign.objects.get().state == State.DRAFT


def test_launch_is_refused_past_the_deadline():
    campaign = CampaignFactory(deadline=timezone.now() - timedelta(minutes=1))
    actions.prepare(campaign, contacts=[writable_contact()], by=None)
    with pytest.raises(actions.Refused, match="date limite"):
        actions.launch(campaign, by=None)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("end", [actions.close, actions.cancel])
def test_a_campaign_that_is_over_refuses_every_verb_with_both_states(end):
    campaign = launched_campaign(1)
    end(campaign, by=None)
    end(campaign, by=None)
    other = actions.cancel if end is actions.close else actions.close
    for verb in (actions.launch, actions.remind, other):
        with pytest.raises(actions.Refused, match=f"« {campaign.get_state_display()} ».*« .* »"):
            verb(campaign, by=None)
    with pytest.raises(actions.Refused):
        actions.prepare(campaign, contacts=[writable_contact()], by=None)


def test_a_draft_is_not_closed():
    with pytest.raises(actions.Refused, match="« brouillon ».*« clôturée »"):
        actions.close(CampaignFactory(), by=None)


def test_an_address_that_no_letter_can_be_sent_to_does_not_hold_the_others():
    campaign = CampaignFactory()
    odd, fine = writable_contact(email="élodie@exemple.invalid"), writable_contact()
    actions.prepare(campaign, contacts=[odd, fine], by=None)
    actions.launch(campaign, by=None)
    assert addresses() == [fine.email]
    assert progress() == {odd.email: Progress.WITHHELD, fine.email: Progress.WAITING}


# Reminders -----------------------------------------------------------------------------------------------


def test_remind_writes_only_to_those_who_have_not_answered():
    campaign = launched_campaign(3)
    answered, begun, silent = campaign.invitations.order_by("pk")
    actions.mark_answered(answered.public_id)
    actions.mark_begun(begun)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert actions.remind(campaign, by=None) == 2
    reminded = Letter.objects.filter(kind="invitation.reminder.1")
    assert sorted(letter.recipients for letter in reminded) == sorted(
        [begun.contact.email, silent.contact.email]
    )
    assert {letter.subject.split(",")[0] for letter in reminded} == {"Rappel : Votre avis"}
    assert Reminder.objects.get().sent_at is not None


def test_remind_waits_for_the_days_between_two_letters():
    campaign = launched_campaign(1)
    with pytest.raises(actions.Refused, match="moins de 7 jours"):
        actions.remind(campaign, by=None)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        actions.remind(campaign, by=None)
        with pytest.raises(actions.Refused, match="moins de 7 jours"):
            actions.remind(campaign, by=None)
    assert Letter.objects.count() == 2


def test_remind_spares_those_who_were_written_to_lately():
    campaign = launched_campaign(1)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        actions.prepare(campaign, contacts=[writable_contact()], by=None)
        actions.launch(campaign, by=None)
        assert actions.remind(campaign, by=None) == 1
        assert Letter.objects.filter(kind="invitation.reminder.1").count() == 1


def test_remind_stops_at_the_number_allowed_and_at_the_deadline():
    campaign = launched_campaign(1, reminders_allowed=1)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        actions.remind(campaign, by=None)
    with (
        time_machine.travel(timezone.now() + timedelta(days=16)),
        pytest.raises(actions.Refused, match="Les 1"),
    ):
        actions.remind(campaign, by=None)
    Campaign.objects.update(reminders_allowed=5)
    with (
        time_machine.travel(timezone.now() + timedelta(days=31)),
        pytest.raises(actions.Refused, match="limite"),
    ):
        actions.remind(campaign, by=None)
    assert Letter.objects.count() == 2


def test_a_long_reminder_goes_on_behind(monkeypatch):
    campaign = launched_campaign(3)
    monkeypatch.setattr(writing, "BATCH", 2)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert actions.remind(campaign, by=None) == 2
        assert actions.to_write(campaign) == 1
        assert actions.write_next(campaign) is False
    assert Letter.objects.filter(kind="invitation.reminder.1").count() == 3


# Begun, answered -----------------------------------------------------------------------------------------


def test_marks_are_kept_as_first_given():
    invitation = InvitationFactory()
    first = actions.mark_begun(invitation).begun_at
    assert actions.mark_begun(invitation).begun_at == first
    answered = actions.mark_answered(invitation.public_id).answered_at
    assert actions.mark_answered(str(invitation.public_id)).answered_at == answered
    verbs = JournalEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["invitation.begun", "invitation.answered"]


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", "rien", ""])
def test_an_answer_without_its_invitation_is_no_error(unknown):
    assert actions.mark_answered(unknown) is None


def test_the_journal_names_nobody():
    invitation = InvitationFactory(contact=writable_contact(name="Zélie Secrète"))
    actions.mark_begun(invitation)
    assert "Zélie" not in str(list(JournalEntry.objects.values()))


# Vetoes --------------------------------------------------------------------------------------------------


def opt_out(invitation):
    invitation.contact.opted_out_at = timezone.now()


def bounce(invitation):
    invitation.contact.bounced_at = timezone.now()


def erase(invitation):
    invitation.contact.email, invitation.contact.name = "", "Personne effacée"


def withdraw(invitation):
    invitation.contact.consents.update(withdrawn_at=timezone.now() + timedelta(seconds=1))


def answer(invitation):
    actions.mark_answered(invitation.public_id)


def cancel(invitation):
    actions.cancel(invitation.campaign, by=None)


def outlive(invitation):
    Campaign.objects.update(deadline=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (opt_out, "La personne s’est désinscrite."),
        (bounce, "L’adresse refuse les lettres."),
        (erase, "L’adresse a été effacée ou changée."),
        (withdraw, "La personne n’a plus donné son accord."),
        (answer, "La personne a déjà répondu."),
        (cancel, "La campagne est terminée."),
        (outlive, "La date limite est passée."),
    ],
)
def test_a_letter_that_waits_is_kept_back(smtp_server, change, reason):
    launched_campaign(2)
    spared, other = Invitation.objects.select_related("contact", "campaign").order_by("pk")
    change(spared)
    spared.contact.save()
    outbox.sweep()
    letter = Letter.objects.get(invitation_sending__invitation=spared)
    assert (letter.state, letter.last_error) == ("cancelled", reason)
    everyone = change in (cancel, outlive)
    assert [one.recipients for one in smtp_server.letters] == ([] if everyone else [[other.contact.email]])


def test_a_letter_whose_invitation_is_gone_is_kept_back(smtp_server):
    launched_campaign(1)
    Sending.objects.all().delete()
    outbox.sweep()
    assert Letter.objects.get().last_error == "L’invitation n’existe plus."


def test_letters_of_other_rooms_are_none_of_ours(django_assert_num_queries):
    letter = write_letter(kind="registration.confirmed")
    with django_assert_num_queries(0):
        assert refusals.why_not(letter) is None


def test_an_address_refused_for_good_marks_the_contact_and_the_invitation(smtp_server):
    campaign = launched_campaign(2)
    smtp_server.answers = ["550 5.1.1 Boîte inconnue"]
    outbox.sweep()
    refused = Invitation.objects.exclude(bounced_at=None).get()
    assert refused.contact.bounced_at is not None
    assert sorted(progress().values()) == [Progress.BOUNCED, Progress.SENT]
    assert actions.due_for_reminder(campaign).filter(pk=refused.pk).exists() is False


def test_a_letter_put_off_is_no_bounce(smtp_server):
    launched_campaign(1)
    smtp_server.answers = ["421 4.3.2 Plus tard"] * 2
    outbox.sweep()
    assert list(progress().values()) == [Progress.WAITING]


def test_a_new_link_leaves_once(smtp_server):
    invitation = InvitationFactory(campaign=RunningCampaignFactory())
    assert [actions.send_new_link(invitation), actions.send_new_link(invitation)] == [True, False]
    assert Letter.objects.get().lane == "transactional"


@pytest.mark.parametrize("why", ["answered", "bounced", "over"])
def test_no_new_link_leaves_for_nothing(why):
    now = timezone.now()
    facts = {
        "answered": {"begun_at": now, "answered_at": now},
        "bounced": {"contact": writable_contact(bounced_at=now)},
        "over": {"campaign": CampaignFactory()},
    }[why]
    assert actions.send_new_link(InvitationFactory(**facts)) is False
    assert Letter.objects.count() == 0
