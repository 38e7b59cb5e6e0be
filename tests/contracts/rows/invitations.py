"""Invitations: personal links open for whoever holds them, campaigns are the staff's."""

from datetime import timedelta

from django.utils import timezone

from accounts import links
from invitations import emails
from invitations.models import Campaign
from outbox.choices import State as LetterState
from outbox.models import Letter
from tests.contracts.table import Row, desk, everyone
from tests.factories.actors import ContactFactory
from tests.factories.invitations import (
    CampaignFactory,
    InvitationFactory,
    ReminderFactory,
    RunningCampaignFactory,
    launched_campaign,
    writable_contact,
)


def a_link(user=None, *, age: timedelta = timedelta(), **facts) -> dict:
    """A personal link, made `age` ago."""
    invitation = InvitationFactory(**facts)
    expires = timezone.now() + emails.LINK_LIFE - age
    return {"token": links.make(emails.OPEN, invitation.public_id, expires=expires)}


def an_old_link(user) -> dict:
    return a_link(age=timedelta(days=90))


def a_link_of_a_campaign_that_is_over(user) -> dict:
    return a_link(campaign__deadline=timezone.now() - timedelta(days=1))


def a_link_already_answered(user) -> dict:
    now = timezone.now()
    return a_link(begun_at=now, answered_at=now)


def an_altered_link(user) -> dict:
    return {"token": a_link()["token"] + "x"}


def an_opt_out(user) -> dict:
    return {"token": emails.opt_out_link(writable_contact()).rstrip("/").rpartition("/")[2]}


def a_campaign(user) -> dict:
    """A running campaign with people who answered, began, did neither."""
    campaign, now = RunningCampaignFactory(), timezone.now()
    InvitationFactory(campaign=campaign)
    InvitationFactory(campaign=campaign, begun_at=now)
    InvitationFactory(campaign=campaign, begun_at=now, answered_at=now)
    InvitationFactory(campaign=campaign, contact=ContactFactory(email=""))
    InvitationFactory(campaign=campaign, contact=ContactFactory(email=""), reached_at=now)
    ReminderFactory(campaign=campaign)
    return {"object_id": campaign.pk}


def a_campaign_in_doubt(user) -> dict:
    """A campaign with a letter whose fate nobody knows."""
    campaign = launched_campaign(1)
    Letter.objects.update(state=LetterState.UNCERTAIN)
    return {"object_id": campaign.pk}


def a_draft(user) -> dict:
    campaign = CampaignFactory()
    InvitationFactory(campaign=campaign)
    return {"object_id": campaign.pk}


def a_campaign_to_end(user) -> dict:
    return {"object_id": RunningCampaignFactory(pk=40_000).pk}


BUILD = {Campaign: CampaignFactory}
OPEN, OPT_OUT = "invitations:open", "invitations:opt_out"
BASE = "admin:invitations_campaign"
FIXED = "/bureau/invitations/campaign/40000"
ROWS = [
    Row(OPEN, everyone(200), build=a_link),
    Row(OPEN, everyone("/territoire/"), build=a_link, method="post"),
    Row(OPEN, everyone(410), build=an_old_link, label="trop vieux"),
    Row(OPEN, everyone(200), build=an_old_link, method="post", label="trop vieux"),
    Row(OPEN, everyone(410), build=a_link_of_a_campaign_that_is_over, label="campagne terminée"),
    Row(OPEN, everyone(200), build=a_link_already_answered, label="déjà fait"),
    Row(OPEN, everyone(404), build=an_altered_link, label="altéré"),
    Row(OPEN, everyone(404), build=an_opt_out, label="d’un autre usage"),
    Row(OPT_OUT, everyone(200), build=an_opt_out),
    Row(OPT_OUT, everyone(200), build=an_opt_out, method="post"),
    Row(OPT_OUT, everyone(404), build=a_link, label="d’un autre usage"),
    Row(f"{BASE}_audience", desk(200), build=a_draft),
    Row(f"{BASE}_audience", desk(200), build=a_draft, query="?families=associations&families=rien"),
    Row(f"{BASE}_audience", desk(200), build=a_draft, query="?families=enterprises", label="choisie"),
    Row(
        f"{BASE}_audience",
        desk(200, 200),
        build=a_draft,
        method="post",
        data={"addresses": "inconnue@exemple.invalid"},
        label="liste",
    ),
    Row(f"{BASE}_preview", desk(200), build=a_draft),
    Row(f"{BASE}_preview", desk(200), build=a_draft, query="?version=html", page=False, label="HTML"),
    Row(f"{BASE}_launch", desk(200), build=a_draft),
    Row(f"{BASE}_remind", desk(200), build=a_campaign),
    Row(f"{BASE}_progress", desk(200), build=a_campaign),
    Row(f"{BASE}_phone", desk(200), build=a_campaign),
    Row(f"{BASE}_uncertain", desk(200), build=a_campaign_in_doubt),
    Row(f"{BASE}_unanswered", desk(200), build=a_campaign, page=False),
    *(
        Row(
            f"{BASE}_{page}",
            desk(f"{FIXED}/{back}/", f"{FIXED}/{back}/"),
            build=a_campaign_to_end,
            method="post",
            data={"at": "", "invitation": "0"},
        )
        for page, back in (("schedule", "launch"), ("plan", "remind"), ("bounced", "progress"))
    ),
    Row(f"{BASE}_advance", desk(200), build=a_campaign, page=False),
    Row(
        f"{BASE}_end",
        desk("/bureau/invitations/campaign/40000/progress/", "/bureau/invitations/campaign/40000/progress/"),
        build=a_campaign_to_end,
        method="post",
        data={"state": "closed"},
    ),
]
