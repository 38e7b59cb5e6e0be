"""A campaign in the desk: chosen, previewed, launched, followed, ended."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from invitations import actions
from invitations.choices import State
from invitations.models import Campaign
from outbox import actions as outbox
from outbox.models import Letter
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import ContactFactory, EnterpriseFactory
from tests.factories.invitations import (
    CampaignFactory,
    InvitationFactory,
    RunningCampaignFactory,
    launched_campaign,
    writable_contact,
)
from tests.factories.territory import LAGFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return TeamFactory(email="odile@gal.invalid")


@pytest.fixture
def desk(staff):
    return logged_in(staff)


def address(campaign, page: str) -> str:
    return reverse(f"admin:invitations_campaign_{page}", args=[campaign.pk])


def typed(**facts) -> dict:
    return {
        "title": "Enquête fictive",
        "subject": "Votre avis",
        "body": "Bonjour {prenom}",
        "reply_to": "equipe@gal.invalid",
        "landing_path": "/territoire/",
        "deadline_0": "31/12/2099",
        "deadline_1": "23:59",
        "reminders_allowed": "2",
        "days_between": "7",
        **facts,
    }


def test_a_new_campaign_leads_to_its_recipients(desk, staff):
    response = desk.post(reverse("admin:invitations_campaign_add"), typed())
    campaign = Campaign.objects.get()
    assert response["Location"] == address(campaign, "audience")
    assert (campaign.state, campaign.created_by) == (State.DRAFT, staff)


def test_a_form_with_an_unknown_placeholder_says_which_exist(desk):
    page = desk.post(reverse("admin:invitations_campaign_add"), typed(body="{prénom}")).content.decode()
    assert "Nous ne connaissons pas {prénom}. Vous pouvez écrire : {prenom}, {nom}" in page
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"days_between": "0"}, "C’est trop peu : 1 au moins."),
        ({"landing_path": "/nulle-part/"}, "Cette page n’existe pas sur le portail"),
        ({"landing_path": "https://ailleurs.invalid/territoire/"}, "Cette adresse mène à un autre site"),
        ({"landing_path": "https://testserver.invalid/"}, "Cette adresse mène à un autre site"),
        ({"landing_path": "http://testserver@ailleurs.invalid/"}, "Cette adresse mène à un autre site"),
        ({"landing_path": "http://testserver//ailleurs.invalid/"}, "Donnez une page de ce portail"),
        ({"landing_path": "http://["}, "Donnez une page de ce portail"),
        ({"landing_path": "javascript:alert(1)"}, "Donnez une page de ce portail"),
        ({"body": "Bonjour {prenom"}, "Une accolade est seule."),
        ({"subject": "Voici {lien}"}, "Le lien personnel ne peut pas se trouver dans l’objet."),
    ],
)
def test_a_form_says_in_words_what_cannot_be(desk, facts, told):
    page = desk.post(reverse("admin:invitations_campaign_add"), typed(**facts)).content.decode()
    assert told in page.replace("\u00a0", " ")
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("http://testserver/territoire/", "/territoire/"),
        ("HTTPS://TestServer/territoire/?annee=2026#carte", "/territoire/?annee=2026#carte"),
        ("https://portail.exemple.be/territoire/", "/territoire/"),
        ("http://testserver", "/"),
        ("/territoire/", "/territoire/"),
    ],
)
def test_an_address_of_the_portal_pasted_whole_keeps_its_path(desk, settings, pasted, kept):
    settings.SITE_URL = "https://portail.exemple.be"
    desk.post(reverse("admin:invitations_campaign_add"), typed(landing_path=pasted))
    assert Campaign.objects.get().landing_path == kept


def test_what_a_change_means_for_a_campaign_on_its_way_is_told(desk):
    campaign = launched_campaign(1)
    actions.plan_reminder(campaign, at=timezone.now() + timedelta(days=20), by=None)

    def told(**facts) -> list[str]:
        page = desk.post(address(campaign, "change"), typed(**facts), follow=True)
        return [str(message) for message in page.context["messages"] if message.level_tag == "warning"]

    kept = {"deadline_0": timezone.localtime(campaign.deadline).strftime("%d/%m/%Y")}
    assert told(body="Autre chose", **kept) == [
        "Les lettres déjà écrites gardent leur texte\u00a0; les suivantes auront celui-ci."
    ]
    assert told(body="Autre chose", **kept) == []
    near = (timezone.localtime() + timedelta(days=10)).strftime("%d/%m/%Y")
    assert told(body="Autre chose", deadline_0=near) == [
        "Une relance est prévue après la date limite\u00a0: elle ne partira pas."
    ]
    past = told(body="Autre chose", deadline_0="01/01/2026")
    assert past[0].startswith("La date limite est passée\u00a0: les liens ne mènent plus nulle part")
    assert len(past) == 2


def test_the_state_is_not_typed(desk):
    campaign = CampaignFactory()
    desk.post(address(campaign, "change"), typed(state="closed"))
    campaign.refresh_from_db()
    assert (campaign.state, campaign.title) == (State.DRAFT, "Enquête fictive")


def test_a_campaign_that_is_over_is_read_only(desk):
    campaign = RunningCampaignFactory(state=State.CLOSED, title="Finie")
    desk.post(address(campaign, "change"), typed())
    campaign.refresh_from_db()
    assert campaign.title == "Finie"


def test_recipients_are_shown_then_added_once(desk):
    here = MunicipalityFactory(name="Val-Fictif")
    LAGFactory(area__municipalities=[here])
    brewery = EnterpriseFactory(municipality=here)
    ada = writable_contact(name="Ada Fictive", actors=[brewery])
    ContactFactory(name="Bob Sans-Accord", actors=[brewery])
    writable_contact(name="Cléo d’Ailleurs", actors=[EnterpriseFactory()])
    campaign = CampaignFactory()
    chosen = f"{address(campaign, 'audience')}?families=enterprises&municipalities={here.pk}"
    page = desk.get(chosen).content.decode()
    assert "2 personnes à ajouter" in page
    assert "1 sans accord écrit" in page
    assert "Cléo" not in page
    desk.post(chosen)
    assert campaign.invitations.count() == 0
    for _ in range(2):
        desk.post(chosen, {"add": "1"})
    assert campaign.invitations.count() == 2
    assert campaign.invitations.filter(contact=ada, actor=brewery).count() == 1
    assert "Personne de nouveau ne correspond" in desk.get(chosen).content.decode()


def test_the_preview_shows_the_letter_of_one_person(desk):
    campaign = CampaignFactory()
    invitation = InvitationFactory(campaign=campaign, contact=writable_contact(name="Ada Fictive"))
    page = address(campaign, "preview")
    assert "Votre avis, Ada" in desk.get(f"{page}?contact={invitation.pk}").content.decode()
    html = desk.get(f"{page}?contact={invitation.pk}&version=html")
    assert "Bonjour Ada Fictive," in html.content.decode()
    assert html["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert Letter.objects.count() == 0


def test_before_anybody_is_chosen_the_preview_is_that_of_the_first_invited(desk):
    campaign = CampaignFactory()
    page = address(campaign, "preview")
    InvitationFactory(campaign=campaign, contact=writable_contact(name="Ada Fictive"))
    assert "Votre avis, Ada" in desk.get(page).content.decode()
    assert "Votre avis, Ada" not in desk.get(f"{page}?contact=").content.decode()


def test_who_has_no_organisation_that_the_letter_names_is_told_before_it_leaves(desk):
    campaign = CampaignFactory(body="Pour {organisation}")
    for actor in (None, EnterpriseFactory()):
        InvitationFactory(campaign=campaign, actor=actor)
    page = address(campaign, "launch")
    assert "et 1 personne n’en a pas" in desk.get(page).content.decode()
    Campaign.objects.update(body="Pour vous")
    assert "n’en a pas" not in desk.get(page).content.decode()


def test_the_list_tells_how_far_each_campaign_is(desk, smtp_server):
    campaign = launched_campaign(3)
    outbox.sweep()
    actions.mark_answered(campaign.invitations.first().public_id)
    CampaignFactory(title="Sans personne")
    page = desk.get(reverse("admin:invitations_campaign_changelist")).content.decode()
    assert page.count("<progress") == 1
    assert '<progress max="3" value="3" aria-hidden="true"></progress> 3 sur 3' in page
    assert "1 sur 3" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=brasseries", 1), ("q=fromages", 0), ("state__exact=draft", 1), ("state__exact=running", 0)],
)
def test_the_list_is_searched_and_filtered(desk, query, found):
    CampaignFactory(title="Rencontre des brasseries")
    page = desk.get(f"{reverse('admin:invitations_campaign_changelist')}?{query}").content.decode()
    assert page.count('class="field-title"') == found


def test_what_is_typed_does_not_undo_a_launch_made_meanwhile(desk, staff):
    campaign = CampaignFactory()
    InvitationFactory(campaign=campaign)
    read = Campaign.objects.get()
    actions.launch(campaign, by=staff)
    read.title = "Un autre titre"
    actions.save(read, by=staff, changed=["title"])
    campaign.refresh_from_db()
    assert (campaign.state, campaign.title) == (State.RUNNING, "Un autre titre")


def test_a_test_goes_to_oneself_alone(desk, smtp_server):
    campaign = CampaignFactory()
    invitation = InvitationFactory(campaign=campaign, contact=writable_contact(name="Ada Fictive"))
    desk.post(f"{address(campaign, 'preview')}?contact={invitation.pk}")
    outbox.sweep()
    (letter,) = smtp_server.letters
    assert letter.recipients == ["odile@gal.invalid"]
    assert letter.message["Subject"] == "[Essai] Votre avis, Ada"
    assert "/invitation/" not in letter.text


def test_launch_shows_its_size_and_writes_by_the_button_alone(desk):
    campaign = CampaignFactory()
    for _ in range(2):
        InvitationFactory(campaign=campaign)
    InvitationFactory(campaign=campaign, contact=ContactFactory(email=""))
    page = desk.get(address(campaign, "launch")).content.decode()
    assert "2 lettres vont partir" in page
    assert "1 sans adresse e-mail" in page
    assert Letter.objects.count() == 0
    for _ in range(2):
        assert desk.post(address(campaign, "launch"))["Location"] == address(campaign, "progress")
    assert Letter.objects.count() == 2


def test_a_refused_launch_says_why(desk):
    page = desk.post(address(CampaignFactory(), "launch"), follow=True).content.decode()
    assert "Personne de nouveau à qui écrire" in page


def test_the_bar_moves_and_stays_after_a_reload(desk, smtp_server):
    campaign = launched_campaign(2)
    assert 'data-progress="' in desk.get(address(campaign, "progress")).content.decode()
    before = desk.get(address(campaign, "advance")).json()
    assert (before["done"], before["total"], before["finished"]) == (0, 2, False)
    outbox.sweep()
    assert desk.get(address(campaign, "advance")).json() == {
        "done": 2,
        "total": 2,
        "text": "2 lettres parties sur 2.",
        "finished": True,
    }
    assert "2 lettres parties sur 2." in desk.get(address(campaign, "progress")).content.decode()


@pytest.mark.parametrize(("state", "told"), [("closed", "clôturée"), ("cancelled", "annulée")])
def test_a_campaign_is_ended_by_its_buttons(desk, state, told):
    campaign = launched_campaign(1)
    page = desk.post(address(campaign, "end"), {"state": state}, follow=True).content.decode()
    assert f"La campagne est « {told} »" in page
    campaign.refresh_from_db()
    assert campaign.state == state


@pytest.mark.parametrize("data", [{}, {"state": "running"}, {"state": "\x00"}])
def test_no_other_state_is_reached_by_hand(desk, data):
    campaign = launched_campaign(1)
    desk.post(address(campaign, "end"), data)
    desk.get(address(campaign, "end"))
    campaign.refresh_from_db()
    assert campaign.state == State.RUNNING


@pytest.mark.parametrize("people", [1, 3])
def test_the_pages_ask_as_much_for_one_as_for_three(desk, people, django_assert_num_queries):
    campaign = launched_campaign(people)
    desk.get(address(campaign, "progress"))
    with django_assert_num_queries(12):
        desk.get(address(campaign, "progress"))
    for _ in range(people - 1):
        launched_campaign(1)
    with django_assert_num_queries(8):
        desk.get(reverse("admin:invitations_campaign_changelist"))


@pytest.mark.parametrize("query", ["?page=99999999999", "?page=x", "?page=-1"])
def test_odd_pages_are_answered(desk, query):
    assert desk.get(address(launched_campaign(1), "progress") + query).status_code == 200


@pytest.mark.parametrize(
    "query", ["?municipalities=x", "?families=%00", "?contact=99999999999999999999", "?contact=x"]
)
def test_odd_filters_are_answered(desk, query):
    campaign = CampaignFactory()
    for page in ("audience", "preview"):
        assert desk.get(address(campaign, page) + query).status_code == 200
