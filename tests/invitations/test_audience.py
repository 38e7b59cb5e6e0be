"""Who a choice finds, what a page says of them, and how they come into a campaign."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry
from actors.choices import MembershipState
from actors.choices import State as Sheet
from invitations import actions, audience, pasted
from invitations.audience import Choice
from invitations.choices import Answer, State
from tests.factories.accounts import TeamFactory, UserFactory, logged_in
from tests.factories.actors import (
    ActorFactory,
    CommuneFactory,
    ContactFactory,
    EnterpriseFactory,
    MembershipFactory,
)
from tests.factories.invitations import (
    CampaignFactory,
    InvitationFactory,
    RunningCampaignFactory,
    launched_campaign,
    writable_contact,
)
from tests.factories.territory import LAGFactory, MunicipalityFactory, ThemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return logged_in(TeamFactory(name="Odile Fictive"))


def found(**asked) -> set:
    return set(audience.choose(Choice(**asked)))


def page_of(campaign) -> str:
    return reverse("admin:invitations_campaign_audience", args=[campaign.pk])


# Whom a choice finds -------------------------------------------------------------------------------------


def test_nothing_chosen_is_nobody_and_holding_back_chooses_nobody():
    writable_contact()
    assert found() == set()
    assert found(without=[InvitationFactory().campaign]) == set()


def test_families_and_places_are_those_of_one_actor_or_of_the_person():
    here, there = MunicipalityFactory(), MunicipalityFactory()
    of_commune = ContactFactory(actors=[CommuneFactory(municipality=here)])
    of_both = ContactFactory(
        actors=[EnterpriseFactory(municipality=here), EnterpriseFactory(municipality=there)]
    )
    citizen = ContactFactory(municipality=there)
    # An enterprise elsewhere, an association here: no enterprise here.
    ContactFactory(actors=[EnterpriseFactory(), ActorFactory(municipality=here)])
    assert found(families=["municipalities"]) == {of_commune}
    assert found(families=["enterprises"], municipalities=[there]) == {of_both}
    assert found(municipalities=[there]) == {of_both, citizen}
    assert found(families=["enterprises", "municipalities"], municipalities=[here]) == {of_commune, of_both}


def test_themes_are_those_of_the_same_actor():
    water, bread, here = ThemeFactory(), ThemeFactory(), MunicipalityFactory()
    baker = ContactFactory(actors=[EnterpriseFactory(themes=[bread], municipality=here)])
    well = ContactFactory(actors=[ActorFactory(themes=[water, bread])])
    ContactFactory(actors=[EnterpriseFactory(), ActorFactory()], municipality=here)
    assert found(themes=[bread]) == {baker, well}
    assert found(themes=[water, bread]) == {baker, well}
    assert found(themes=[bread], families=["enterprises"]) == {baker}
    assert found(themes=[bread], municipalities=[here]) == {baker}
    assert found(themes=[water], families=["enterprises"]) == set()


def test_members_stand_for_an_actor_by_their_contact_or_their_account():
    brewery, other = EnterpriseFactory(), EnterpriseFactory()
    linked = ContactFactory(actors=[brewery])
    user, left = UserFactory(), UserFactory()
    MembershipFactory(actor=brewery, user=user)
    MembershipFactory(actor=brewery, user=left, state=MembershipState.REVOKED)
    with_account = ContactFactory(user=user)
    ContactFactory(user=left)
    of_other = ContactFactory(actors=[other])
    assert found(members=[brewery]) == {linked, with_account}
    assert found(members=[brewery, other]) == {linked, with_account, of_other}


def test_previous_respondents_are_known_by_what_they_did():
    campaign, now = RunningCampaignFactory(), timezone.now()
    answered = InvitationFactory(campaign=campaign, begun_at=now, answered_at=now).contact
    begun = InvitationFactory(campaign=campaign, begun_at=now).contact
    silent = InvitationFactory(campaign=campaign).contact
    elsewhere = InvitationFactory(contact=silent, begun_at=now, answered_at=now).campaign
    InvitationFactory()
    assert found(previous=[campaign]) == {answered, begun, silent}
    assert found(previous=[campaign], answer=Answer.ANSWERED) == {answered}
    assert found(previous=[campaign], answer=Answer.SILENT) == {begun, silent}
    assert found(previous=[campaign, elsewhere], answer=Answer.SILENT) == {begun}
    assert found(previous=[campaign], without=[elsewhere]) == {answered, begun}


def test_a_list_is_one_more_kind_and_narrows_the_others():
    brewer = ContactFactory(actors=[EnterpriseFactory()])
    citizen = ContactFactory()
    both = [brewer.email, citizen.email, "inconnu@exemple.invalid", ""]
    assert found(addresses=both) == {brewer, citizen}
    assert found(addresses=both, families=["enterprises"]) == {brewer}
    ContactFactory(email="")
    assert found(addresses=[""]) == set()


def test_people_erased_or_merged_and_actors_that_are_gone_bring_nobody():
    brewery = EnterpriseFactory()
    kept = ContactFactory(actors=[brewery])
    ContactFactory(actors=[brewery], email="", merged_into=kept)
    ContactFactory(actors=[brewery], email="", erased_at=timezone.now())
    for state in (Sheet.ARCHIVED, Sheet.REFUSED):
        ContactFactory(actors=[EnterpriseFactory(state=state)])
    assert found(families=["enterprises"]) == {kept}
    assert found(members=[brewery]) == {kept}


def test_a_person_speaks_for_an_actor_that_still_acts():
    gone, alive = EnterpriseFactory(name="Abc", state=Sheet.ARCHIVED), EnterpriseFactory(name="Zoo")
    campaign = CampaignFactory()
    actions.prepare(campaign, contacts=[ContactFactory(actors=[gone, alive])], by=None)
    assert campaign.invitations.get().actor == alive


def test_a_choice_is_said_in_words():
    campaign = CampaignFactory(title="Enquête 2026")
    choice = Choice(
        families=["enterprises", "associations"],
        municipalities=[MunicipalityFactory(name="Incourt")],
        themes=[ThemeFactory(name="Énergie")],
        members=[EnterpriseFactory(name="Brasserie Imaginaire")],
        previous=[campaign],
        answer=Answer.SILENT,
        without=[CampaignFactory(title="Atelier")],
        addresses=["a@exemple.invalid", "a@exemple.invalid", ""],
    )
    assert audience.words(choice) == (
        "familles\u00a0: entreprises, associations et initiatives citoyennes\u00a0; communes\u00a0: Incourt\u00a0; "
        "thèmes\u00a0: Énergie\u00a0; membres de\u00a0: Brasserie Imaginaire\u00a0; "
        "personnes qui n’y ont pas répondu\u00a0: Enquête 2026\u00a0; "
        "sans les personnes invitées à\u00a0: Atelier\u00a0; une liste de 1 adresse"
    )
    assert audience.words(Choice()) == ""


def test_each_line_of_a_list_is_told():
    campaign, now = CampaignFactory(), timezone.now()
    fine = writable_contact(name="Ada Fictive", email="ada@exemple.invalid")
    out = writable_contact(name="Bob Fictif", email="bob@exemple.invalid", opted_out_at=now)
    refused = writable_contact(name="Cléo Fictive", email="cleo@exemple.invalid", bounced_at=now)
    silent = ContactFactory(name="Dan Fictif", email="dan@exemple.invalid")
    there = writable_contact(name="Eva Fictive", email="eva@exemple.invalid")
    other = writable_contact(name="Fay Fictive", email="fay@exemple.invalid")
    for one in (fine, out, refused, silent, there):
        one.actors.add(EnterpriseFactory())
    actions.prepare(campaign, contacts=[there], by=None)
    everybody = [one.email for one in (fine, out, refused, silent, there, other)]
    lines = pasted.read("\n".join([*everybody, "ADA@exemple.invalid", "x@exemple.invalid", "Personne"]))
    choice = Choice(families=["enterprises"], addresses=[line.email for line in lines])
    assert [(one.name, one.becomes, one.fine) for one in audience.tell(lines, choice, campaign)] == [
        ("Ada Fictive", "À ajouter.", True),
        ("Bob Fictif", "À ajouter, mais sans lettre\u00a0: elle s’est désinscrite.", False),
        ("Cléo Fictive", "À ajouter, mais sans lettre\u00a0: son adresse refuse les lettres.", False),
        ("Dan Fictif", "À ajouter, mais sans lettre\u00a0: nous n’avons pas son accord écrit.", False),
        ("Eva Fictive", "Déjà dans la campagne.", True),
        ("Fay Fictive", "Écartée par les autres choix.", False),
        ("Ada Fictive", "Déjà plus haut.", True),
        ("", "Inconnue\u00a0: elle n’est pas ajoutée.", False),
        ("", "Ce n’est pas une adresse e-mail.", False),
    ]


# At the desk ---------------------------------------------------------------------------------------------


def test_the_page_says_how_many_how_many_get_a_letter_and_who_is_there_already(desk):
    theme = ThemeFactory(name="Énergie")
    mill = EnterpriseFactory(name="Moulin Fictif", themes=[theme])
    people = [writable_contact(name=f"Personne {n:02}", actors=[mill]) for n in range(12)]
    people += [ContactFactory(name="Zoé Sans-Adresse", email="", actors=[mill])]
    campaign = CampaignFactory()
    actions.prepare(campaign, contacts=people[:1], by=None)
    address = f"{page_of(campaign)}?themes={theme.pk}"
    page = desk.get(address).content.decode()
    for words in (
        "12 personnes à ajouter",
        "1 autre correspond aussi, et est déjà dans la campagne.",
        "11 peuvent recevoir une lettre.",
        "1 sans adresse e-mail",
        "Thèmes\u00a0: Énergie",
        "Ajouter ces 12 personnes",
    ):
        assert words in page
    assert [name in page for name in ("Personne 00", "Personne 01", "Personne 10", "Personne 11")] == [
        *(False, True, True, False)
    ]
    assert campaign.invitations.count() == 1
    page = desk.post(address, {"add": "1"}, follow=True).content.decode()
    assert "12 personnes sont ajoutées." in page
    assert "12 personnes (thèmes\u00a0: Énergie)" in page
    assert "Odile Fictive" in page
    facts = [line.facts for line in JournalEntry.objects.filter(verb="campaign.prepared").order_by("pk")]
    assert facts == [{"people": 1}, {"people": 12, "chosen": "thèmes\u00a0: Énergie"}]


def test_members_of_the_actor_that_is_named_speak_for_it(desk):
    brewery, user = EnterpriseFactory(name="Zythologie"), UserFactory()
    MembershipFactory(actor=brewery, user=user)
    contact = writable_contact(user=user, actors=[EnterpriseFactory(name="Abc")])
    campaign = CampaignFactory()
    desk.post(f"{page_of(campaign)}?members={brewery.pk}", {"add": "1"})
    assert list(campaign.invitations.values_list("contact", "actor")) == [(contact.pk, brewery.pk)]


def test_a_list_is_read_told_and_added_without_standing_in_an_address(desk):
    campaign = CampaignFactory()
    ada = writable_contact(name="Ada Fictive", email="ada@exemple.invalid")
    text = "Ada Fictive <ada@exemple.invalid>\nnouveau@exemple.invalid"
    page = desk.post(page_of(campaign), {"addresses": text}).content.decode()
    for words in ("1 personne à ajouter", "Une liste de 2 adresses", "1 adresse nous est inconnue."):
        assert words in page
    assert reverse("admin:actors_contact_add") in page
    assert campaign.invitations.count() == 0
    answer = desk.post(page_of(campaign), {"addresses": text, "add": "1"})
    assert answer["Location"] == page_of(campaign)
    assert [one.contact for one in campaign.invitations.select_related("contact")] == [ada]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Collez d’abord une ou plusieurs adresses."),
        (" \n;\t", "Collez d’abord une ou plusieurs adresses."),
        ("a\x00b@exemple.invalid", "errornote"),
        ("\ud800@exemple.invalid", "0 personne à ajouter"),
        ("\x07\x1b[2J", "Ce n’est pas une adresse e-mail."),
        ("<script>alert(1)</script>@exemple.invalid", "0 personne à ajouter"),
        ("x\n" * 5001, "Cette liste a 5\u202f001 lignes"),
        ("a" * 300_001, "300"),
    ],
    ids=["empty", "blank", "nul", "surrogate", "controls", "script", "too-many", "too-long"],
)
def test_an_odd_list_is_answered_in_words(desk, text, told):
    campaign = CampaignFactory()
    form = "application/x-www-form-urlencoded"
    body = urlencode({"addresses": text}, errors="surrogatepass")
    assert told in desk.post(page_of(campaign), body, content_type=form).content.decode()
    assert desk.post(page_of(campaign), f"{body}&add=1", content_type=form).status_code in (200, 302)
    assert campaign.invitations.count() == 0


@pytest.mark.parametrize(
    "query",
    [
        *("themes=999999", "themes=x", "members=99999999999999999999", "previous=%00", "without=-1"),
        *("families=rien", "answer=rien", "municipalities=1&municipalities=%ED%A0%80", "inconnu=1"),
    ],
)
def test_a_choice_that_cannot_be_understood_chooses_nobody(desk, query):
    LAGFactory()
    writable_contact(actors=[EnterpriseFactory()])
    campaign = CampaignFactory()
    address = f"{page_of(campaign)}?families=enterprises&{query}"
    page = desk.get(address).content.decode()
    understood = query == "inconnu=1"
    assert ("1 personne à ajouter" in page) is understood
    assert ("Personne n’est choisi." in page) is not understood
    desk.post(address, {"add": "1"})
    assert campaign.invitations.count() == int(understood)


def test_a_campaign_is_not_its_own_past(desk):
    campaign = launched_campaign(1)
    page = desk.get(f"{page_of(campaign)}?previous={campaign.pk}").content.decode()
    assert "Un de ces choix n’existe pas, ou plus." in page


def test_who_chooses_nobody_is_told_to_choose(desk):
    campaign, other = CampaignFactory(), launched_campaign(1)
    for query, told in (("", False), ("?answer=invited", True), (f"?without={other.pk}", True)):
        page = desk.get(page_of(campaign) + query).content.decode()
        assert ("Rien ne dit encore qui choisir" in page) is told


def test_a_list_of_thousands_is_read_at_once(desk, django_assert_max_num_queries):
    campaign, known = CampaignFactory(), [writable_contact() for _ in range(3)]
    text = "\n".join([f"personne{n}@exemple.invalid" for n in range(4_997)] + [one.email for one in known])
    with django_assert_max_num_queries(16):
        page = desk.post(page_of(campaign), {"addresses": text}).content.decode()
    assert "3 personnes à ajouter" in page
    assert "4\u202f997 adresses nous sont inconnues" in page
    desk.post(page_of(campaign), {"addresses": text, "add": "1"})
    assert campaign.invitations.count() == 3


def test_those_to_whom_nothing_was_written_are_taken_out_again(desk):
    campaign = CampaignFactory()
    late, unreachable, reached = writable_contact(), ContactFactory(email=""), ContactFactory(email="")
    actions.prepare(campaign, contacts=[late, unreachable, reached], by=None)
    actions.mark_reached(campaign.invitations.get(contact=reached), by=TeamFactory())
    assert "Retirer les 2 personnes à qui rien n’est écrit" in desk.get(page_of(campaign)).content.decode()
    page = desk.post(page_of(campaign), {"undo": "1"}, follow=True).content.decode()
    assert "2 personnes sont retirées de la campagne." in page
    assert [one.contact for one in campaign.invitations.select_related("contact")] == [reached]
    assert desk.post(page_of(campaign), {"undo": "1"}).status_code == 302
    assert JournalEntry.objects.filter(verb="campaign.unprepared").count() == 1


def test_once_launched_those_to_phone_are_not_taken_out(desk):
    campaign = launched_campaign(1)
    late, unreachable = writable_contact(), ContactFactory(email="")
    actions.prepare(campaign, contacts=[late, unreachable], by=None)
    page = desk.post(page_of(campaign), {"undo": "1"}, follow=True).content.decode()
    assert "1 personne est retirée de la campagne." in page
    assert not campaign.invitations.filter(contact=late).exists()
    assert campaign.invitations.out_of_reach().get().contact == unreachable


@pytest.mark.parametrize("state", [State.CLOSED, State.CANCELLED, State.LAUNCHING])
def test_nobody_is_taken_out_of_a_campaign_that_is_over_or_being_written(desk, state):
    campaign = InvitationFactory(campaign=RunningCampaignFactory(state=state)).campaign
    page = desk.post(page_of(campaign), {"undo": "1"}, follow=True).content.decode()
    assert "Rien n’est changé." in page
    assert campaign.invitations.count() == 1


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(desk, people, django_assert_num_queries):
    theme = ThemeFactory()
    campaign = CampaignFactory()
    for _ in range(people):
        contact = writable_contact(actors=[EnterpriseFactory(themes=[theme]), EnterpriseFactory()])
        actions.prepare(campaign, contacts=[writable_contact()], by=None, chosen="essai")
    address = f"{page_of(campaign)}?families=enterprises&themes={theme.pk}"
    desk.get(address)
    with django_assert_num_queries(12):
        desk.get(address)
    with django_assert_num_queries(15):
        desk.post(address, {"addresses": f"{contact.email}\n" * people})
