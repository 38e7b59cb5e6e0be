"""What leaves by itself: a launch at a date, planned reminders; shown before, taken back, stopped."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from invitations import actions, tasks
from invitations.actions import launching
from invitations.choices import State
from invitations.models import Campaign, Reminder
from outbox.models import Letter
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.invitations import CampaignFactory, launched_campaign, writable_contact

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def prepared(people: int = 2, **facts) -> Campaign:
    campaign = CampaignFactory(**facts)
    actions.prepare(campaign, contacts=[writable_contact() for _ in range(people)], by=None)
    return campaign


def days(number: float):
    return NOW + timedelta(days=number)


def kinds() -> dict[str, int]:
    found = list(Letter.objects.values_list("kind", flat=True))
    return {kind: found.count(kind) for kind in set(found)}


# A launch at a date --------------------------------------------------------------------------------------


def test_a_scheduled_campaign_leaves_at_its_moment_once(clock):
    campaign = prepared()
    actions.schedule(campaign, at=days(1), by=None)
    tasks.sweep()
    assert (Campaign.objects.get().state, kinds()) == (State.SCHEDULED, {})
    clock.move_to(days(1))
    tasks.sweep()
    tasks.sweep()
    launched = Campaign.objects.get()
    assert (launched.state, launched.scheduled_at, launched.launched_at) == (State.RUNNING, None, days(1))
    assert kinds() == {"invitation.first": 2}


def test_scheduled_again_the_moment_alone_changes(clock):
    campaign = prepared()
    actions.schedule(campaign, at=days(1), by=None)
    actions.schedule(campaign, at=days(2), by=None)
    clock.move_to(days(1.5))
    tasks.sweep()
    assert kinds() == {}
    verbs = JournalEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["campaign.prepared", "campaign.scheduled", "campaign.rescheduled"]


@pytest.mark.parametrize("back", [actions.unschedule, actions.cancel])
def test_what_is_taken_back_before_its_moment_does_not_leave(clock, back):
    campaign = prepared()
    actions.schedule(campaign, at=days(1), by=None)
    back(campaign, by=None)
    back(campaign, by=None)
    clock.move_to(days(2))
    tasks.sweep()
    assert kinds() == {}
    assert Campaign.objects.get().scheduled_at is None


@pytest.mark.parametrize(
    ("at", "told"),
    [(-1, "déjà passé"), (0, "déjà passé"), (30, "après la date limite"), (99, "après la date")],
)
def test_a_moment_that_makes_no_sense_is_refused(at, told):
    campaign = prepared(deadline=days(30))
    with pytest.raises(actions.Refused, match=told):
        actions.schedule(campaign, at=days(at), by=None)
    with pytest.raises(actions.Refused, match="Personne de nouveau"):
        actions.schedule(CampaignFactory(), at=days(1), by=None)
    assert set(Campaign.objects.values_list("state", flat=True)) == {State.DRAFT}


def test_a_running_campaign_is_not_scheduled():
    with pytest.raises(actions.Refused, match="« lancée ».*« programmée »"):
        actions.schedule(launched_campaign(), at=days(1), by=None)


def test_one_that_cannot_leave_waits_and_leaves_once_put_right(clock):
    campaign = prepared()
    other = prepared(1)
    for one in (campaign, other):
        actions.schedule(one, at=days(1), by=None)
    Campaign.objects.filter(pk=campaign.pk).update(deadline=days(0.5))
    clock.move_to(days(1))
    tasks.sweep()
    assert kinds() == {"invitation.first": 1}
    assert Campaign.objects.get(pk=campaign.pk).state == State.SCHEDULED
    Campaign.objects.filter(pk=campaign.pk).update(deadline=days(20))
    tasks.sweep()
    assert kinds() == {"invitation.first": 3}


@pytest.mark.parametrize("facts", [{"state": State.SCHEDULED}, {"scheduled_at": NOW}])
def test_the_database_knows_that_what_is_scheduled_has_a_moment(facts):
    campaign = prepared()
    with pytest.raises(IntegrityError, match="campaign_scheduled"), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(**facts)


# Planned reminders ---------------------------------------------------------------------------------------


def test_a_planned_reminder_leaves_at_its_moment_to_who_has_not_answered(clock):
    campaign = launched_campaign(3)
    actions.plan_reminder(campaign, at=days(7), by=None)
    answered, *silent = campaign.invitations.select_related("contact").order_by("pk")
    clock.move_to(days(6.9))
    tasks.sweep()
    assert kinds() == {"invitation.first": 3}
    actions.mark_answered(answered.public_id)
    clock.move_to(days(7))
    tasks.sweep()
    tasks.sweep()
    reminded = Letter.objects.filter(kind="invitation.reminder.1").values_list("recipients", flat=True)
    assert sorted(reminded) == sorted(one.contact.email for one in silent)
    assert Reminder.objects.get().sent_at == days(7)


def test_a_planned_reminder_that_everybody_answered_ends_without_a_letter(clock):
    campaign = launched_campaign(1)
    actions.plan_reminder(campaign, at=days(7), by=None)
    actions.mark_answered(campaign.invitations.get().public_id)
    clock.move_to(days(8))
    tasks.sweep()
    assert (kinds(), Reminder.objects.get().sent_at) == ({"invitation.first": 1}, days(8))


def test_the_deadline_stops_planned_reminders(clock):
    campaign = launched_campaign(1)
    actions.plan_reminder(campaign, at=days(7), by=None)
    Campaign.objects.update(deadline=days(6))
    clock.move_to(days(8))
    tasks.sweep()
    assert (kinds(), Reminder.objects.get().begun_at) == ({"invitation.first": 1}, None)


def test_the_end_of_a_campaign_takes_its_planned_reminders_back():
    campaign = launched_campaign(1)
    actions.plan_reminder(campaign, at=days(7), by=None)
    actions.close(campaign, by=None)
    assert Reminder.objects.count() == 0


def test_a_reminder_is_planned_before_the_launch_and_waits_for_the_days_between(clock):
    campaign = prepared(1)
    actions.plan_reminder(campaign, at=days(7), by=None)
    clock.move_to(days(3))
    actions.launch(campaign, by=None)
    clock.move_to(days(8))
    tasks.sweep()
    assert kinds() == {"invitation.first": 1}
    clock.move_to(days(10))
    tasks.sweep()
    assert kinds() == {"invitation.first": 1, "invitation.reminder.1": 1}


def test_a_reminder_by_hand_is_the_next_planned_one(clock):
    campaign = launched_campaign(1)
    actions.plan_reminder(campaign, at=days(9), by=None)
    clock.move_to(days(8))
    actions.remind(campaign, by=None)
    clock.move_to(days(9))
    tasks.sweep()
    assert kinds() == {"invitation.first": 1, "invitation.reminder.1": 1}


def test_the_last_letters_of_a_long_launch_are_reminded_with_the_first(clock):
    campaign = launched_campaign(1)
    clock.move_to(NOW + timedelta(minutes=20))
    actions.prepare(campaign, contacts=[writable_contact()], by=None)
    actions.launch(campaign, by=None)
    actions.plan_reminder(campaign, at=days(7), by=None)
    clock.move_to(days(7))
    tasks.sweep()
    assert kinds() == {"invitation.first": 2, "invitation.reminder.1": 2}


@pytest.mark.parametrize(
    ("at", "told"), [(-1, "déjà passé"), (6, "7 jours au moins"), (30, "après la date limite")]
)
def test_a_reminder_at_a_moment_that_makes_no_sense_is_refused(at, told):
    campaign = launched_campaign(1, deadline=days(30))
    with pytest.raises(actions.Refused, match=told):
        actions.plan_reminder(campaign, at=days(at), by=None)
    assert Reminder.objects.count() == 0


def test_planned_reminders_count_against_their_number_and_keep_their_distance():
    campaign = launched_campaign(1)
    actions.plan_reminder(campaign, at=days(7), by=None)
    with pytest.raises(actions.Refused, match="7 jours au moins"):
        actions.plan_reminder(campaign, at=days(13), by=None)
    actions.plan_reminder(campaign, at=days(14), by=None)
    with pytest.raises(actions.Refused, match="2 relances au plus"):
        actions.plan_reminder(campaign, at=days(21), by=None)


def test_one_that_has_begun_is_not_taken_back(clock):
    campaign = launched_campaign(1)
    actions.plan_reminder(campaign, at=days(7), by=None)
    actions.plan_reminder(campaign, at=days(14), by=None)
    clock.move_to(days(7))
    tasks.sweep()
    with pytest.raises(actions.Refused, match="déjà commencé"):
        actions.drop_reminder(campaign, number=1, by=None)
    for _ in range(2):
        actions.drop_reminder(campaign, number=2, by=None)
    assert list(Reminder.objects.values_list("number", flat=True)) == [1]


# At the desk ---------------------------------------------------------------------------------------------


def test_the_desk_schedules_shows_and_takes_back():
    campaign, desk = prepared(), logged_in(TeamFactory())
    launch, schedule = (
        reverse(f"admin:invitations_campaign_{page}", args=[campaign.pk]) for page in ("launch", "schedule")
    )
    at = timezone.localtime(days(1)).strftime("%Y-%m-%dT%H:%M")
    page = desk.post(schedule, {"at": at}, follow=True).content.decode()
    assert page.count("Les lettres partent d’elles-mêmes") == 1
    assert Campaign.objects.get().scheduled_at == days(1)
    desk.post(schedule, {"undo": "1"})
    assert "Les lettres partent d’elles-mêmes" not in desk.get(launch).content.decode()
    assert Campaign.objects.get().state == State.DRAFT


@pytest.mark.parametrize("typed", ["", "demain", "0001-01-01T00:00", "9999-12-31T23:59", "2027-03-28T02:30"])
def test_a_moment_that_is_none_changes_nothing(typed):
    campaign, desk = launched_campaign(1, deadline=days(20)), logged_in(TeamFactory())
    for page in ("schedule", "plan"):
        address = reverse(f"admin:invitations_campaign_{page}", args=[campaign.pk])
        assert "errorlist" not in desk.post(address, {"at": typed}, follow=True).content.decode()
        assert desk.get(address).status_code == 302
    assert (Reminder.objects.count(), Campaign.objects.get().scheduled_at) == (0, None)


def test_the_desk_plans_shows_and_takes_back_a_reminder():
    campaign, desk = launched_campaign(2), logged_in(TeamFactory())
    plan = reverse("admin:invitations_campaign_plan", args=[campaign.pk])
    at = timezone.localtime(days(8)).strftime("%Y-%m-%dT%H:%M")
    assert "la prochaine écrirait à 2 personnes" in desk.post(plan, {"at": at}, follow=True).content.decode()
    progress = reverse("admin:invitations_campaign_progress", args=[campaign.pk])
    assert "Relances prévues" in desk.get(progress).content.decode()
    desk.post(plan, {"drop": "1"})
    desk.post(plan, {"drop": "x"})
    assert Reminder.objects.count() == 0


# One does not stop the others ------------------------------------------------------------------------------


def test_a_campaign_that_fails_does_not_stop_the_others(clock, monkeypatch, caplog):
    broken, sound = (prepared(scheduled_at=None) for _ in range(2))
    for campaign in (broken, sound):
        actions.schedule(campaign, at=days(1), by=None)
    clock.move_to(days(1.1))
    launch = actions.launch

    def fails_for_one(campaign, **facts):
        if campaign.pk == broken.pk:
            raise ZeroDivisionError
        return launch(campaign, **facts)

    with monkeypatch.context() as patched:
        patched.setattr(launching, "launch", fails_for_one)
        tasks.sweep()
    assert [Campaign.objects.get(pk=one.pk).state for one in (broken, sound)] == [
        State.SCHEDULED,
        State.RUNNING,
    ]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    tasks.sweep()
    assert Campaign.objects.get(pk=broken.pk).state == State.RUNNING
    assert kinds() == {"invitation.first": 4}
