"""What anybody suggests: a missing sheet, read by the team before it is public; an error, read and dealt with."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import JournalEntry
from actors import actions, twins
from actors.choices import Kind, State
from actors.models import Actor, Correction, Proposal
from actors.views.sheets import CORRECTIONS_AN_HOUR, PROPOSALS_A_DAY
from tests.factories.accounts import TeamFactory, UserFactory, logged_in
from tests.factories.actors import (
    ActorFactory,
    CommuneFactory,
    CorrectionFactory,
    EnterpriseFactory,
    ProposalFactory,
)
from tests.factories.territory import ThemeFactory

ADDRESS = "/acteurs/proposer/"
ORP = "Orp-Jauche"


@pytest.fixture
def facts(places) -> dict:
    """What somebody types of a bakery of Orp-Jauche."""
    return {
        "kind": "enterprise",
        "name": "Boulangerie  Fictive",
        "place": "orp-jauche",
        "summary": "Du pain.",
        "email": "pain@exemple.invalid",
        "website": "exemple.invalid",
        "enterprise_number": "0314.595.348",
        "themes": [ThemeFactory(code="food").pk],
        "your_name": "Perrine Fictive",
        "your_email": "Perrine@Exemple.invalid",
        "relation": "cliente",
    }


def propose(client, facts, **changes):
    return client.post(ADDRESS, {**facts, **changes})


def letters() -> list[tuple[str, str]]:
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


# A sheet that is missing


def test_anybody_proposes_a_sheet_that_nobody_sees_before_the_team(client, facts, places):
    assert propose(client, facts)["Location"] == "/acteurs/proposer/merci/"
    proposal = Proposal.objects.get()
    actor = proposal.actor
    assert (actor.name, actor.kind, actor.state) == ("Boulangerie Fictive", Kind.ENTERPRISE, State.PENDING)
    assert (actor.municipality, actor.enterprise_number) == (places["orp"], "0314595348")
    assert (actor.website, [theme.code for theme in actor.themes.all()]) == (
        "https://exemple.invalid",
        ["food"],
    )
    assert list(actor.municipalities_served.all()) == [places["orp"]]
    assert (proposal.name, proposal.email, proposal.relation) == (
        "Perrine Fictive",
        "perrine@exemple.invalid",
        "cliente",
    )
    assert client.get(actor.get_absolute_url()).status_code == 404
    assert "Boulangerie" not in client.get("/acteurs/").text
    assert "Boulangerie" not in client.get("/acteurs/proposer/merci/").text
    assert mail.outbox == []
    page = logged_in(TeamFactory()).get(f"/bureau/actors/actor/{actor.pk}/change/").text
    assert "perrine@exemple.invalid" in page


def test_a_village_says_its_commune(client, facts, places):
    village = places["orp"].localities.get()
    propose(client, facts, place=f"orp-jauche:{village.pk}")
    actor = Actor.objects.get()
    assert (actor.municipality, actor.locality) == (places["orp"], village)


def test_a_partner_from_elsewhere_has_no_commune(client, facts):
    propose(client, facts, place="hors-territoire")
    assert Actor.objects.get().municipality is None


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"kind": Kind.MUNICIPALITY}, ["kind"]),
        ({"name": ""}, ["name"]),
        ({"place": ""}, ["place"]),
        ({"place": "orp-jauche:1e9"}, ["place"]),
        ({"enterprise_number": "0314.595.349"}, ["enterprise_number"]),
        ({"your_email": "perrine"}, ["your_email"]),
        ({"your_name": "\x00"}, ["your_name"]),
        ({"themes": ["9" * 30]}, ["themes"]),
        ({"website": "javascript:alert(1)"}, ["website"]),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_is_kept(client, facts, changes, wrong):
    page = propose(client, facts, **changes)
    assert list(page.context["form"].errors) == wrong
    assert Actor.objects.count() == 0


def test_fields_that_are_not_in_the_form_count_for_nothing(client, facts):
    propose(client, facts, state="published", slug="x", lag_contact=1, municipality=1)
    actor = Actor.objects.get()
    assert (actor.state, actor.slug, actor.lag_contact) == (State.PENDING, "boulangerie-fictive", None)


def test_a_form_sent_twice_is_one_proposal(client, facts):
    nonce = client.get(ADDRESS).context["form"]["nonce"].value()
    for _twice in range(2):
        assert propose(client, facts, nonce=nonce, **{"quand-meme": "oui"}).status_code == 302
    assert (Actor.objects.count(), Proposal.objects.count()) == (1, 1)


def test_a_robot_that_fills_in_everything_leaves_nothing(client, facts):
    assert propose(client, facts, site_web="http://exemple.invalid")["Location"] == "/acteurs/proposer/merci/"
    assert Actor.objects.count() == 0


def test_proposals_are_limited_by_the_address_to_answer_to(client, facts):
    answers = [
        propose(client, facts, name=f"Entreprise {n}{n}{n}", enterprise_number="", email="").status_code
        for n in range(PROPOSALS_A_DAY + 1)
    ]
    assert answers == [302] * PROPOSALS_A_DAY + [429]
    assert Proposal.objects.count() == PROPOSALS_A_DAY


def test_the_word_of_a_page_is_no_sheet_s_address(client, facts):
    propose(client, facts, name="Proposer")
    assert Actor.objects.get().slug == "proposer-2"


def test_two_sheets_of_one_name_at_once_both_stay(client, facts, monkeypatch):
    ActorFactory(slug="boulangerie-fictive")
    found = iter(["boulangerie-fictive", "boulangerie-fictive-2"])  # the first was free a moment ago
    monkeypatch.setattr("actors.actions.suggestions.free_slug", lambda wanted: next(found))
    assert propose(client, facts).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.actor.slug, proposal.actor.enterprise_number) == ("boulangerie-fictive-2", "0314595348")


# Perhaps it is there already


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"name": "Autre", "enterprise_number": "0314595348"}, True),
        ({"name": "Autre", "email": "PAIN@exemple.invalid"}, True),
        ({"name": "Boulangerie fictive SRL", "municipality": ORP}, True),
        ({"name": "La boulangerie Fictives", "municipality": ORP}, True),
        ({"name": "Boulangerie fictive", "municipality": None}, False),
        ({"name": "Boucherie Imaginaire", "municipality": ORP}, False),
        ({"name": "Boulangerie fictive", "municipality": ORP, "state": State.PENDING}, False),
    ],
)
def test_sheets_that_may_be_the_same_are_shown_before_anything_is_sent(client, facts, places, known, shown):
    if known.get("municipality"):
        known = {**known, "municipality": places["orp"]}
    other = EnterpriseFactory(**known)
    page = propose(client, facts)
    if not shown:
        assert page.status_code == 302
        return
    assert (page.status_code, page.context["close"]) == (200, [other])
    assert "C’est peut-être déjà lui" in page.text
    assert Proposal.objects.count() == 0
    assert propose(client, facts, **{"quand-meme": "oui"}).status_code == 302
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("state", [State.PUBLISHED, State.PENDING, State.ARCHIVED])
def test_a_number_that_another_sheet_bears_is_noted_for_the_team(client, facts, state):
    EnterpriseFactory(name="Autre", enterprise_number="0314595348", state=state)
    propose(client, facts, **{"quand-meme": "oui"})
    proposal = Proposal.objects.get()
    assert (proposal.enterprise_number, proposal.actor.enterprise_number) == ("0314595348", "")


def test_close_sheets_are_found_in_two_queries(places, django_assert_num_queries):
    for n in range(9):
        ActorFactory(name=f"Boulangerie fictive {'abcdefghi'[n]}", municipality=places["orp"])
    asked = Actor(name="Boulangerie fictive", municipality=places["orp"], email="a@exemple.invalid")
    with django_assert_num_queries(2):
        assert len(twins.close_to(asked, Actor.objects.published())) == twins.MOST_SHOWN


# What the person is told


def test_publishing_is_told_once(places):
    proposal = ProposalFactory(actor__name="Boulangerie Fictive", email="perrine@exemple.invalid")
    team = TeamFactory()
    actions.publish(proposal.actor, by=team)
    actions.archive(proposal.actor, by=team)
    actions.publish(proposal.actor, by=team)
    assert letters() == [("perrine@exemple.invalid", "Boulangerie Fictive est dans l’annuaire")]
    assert proposal.actor.get_absolute_url() in mail.outbox[0].body
    proposal.refresh_from_db()
    assert proposal.answered_at is not None


def test_a_refusal_at_the_desk_is_told_with_its_reason(places):
    proposal = ProposalFactory(
        actor__name="Boulangerie <b>Fictive</b>\r\nBcc: x", email="perrine@exemple.invalid"
    )
    actions.refuse(proposal.actor, reason="Elle a fermé.", by=TeamFactory())
    [(to, subject)] = letters()
    assert (to, subject) == (
        "perrine@exemple.invalid",
        "Votre proposition\u00a0: Boulangerie <b>Fictive</b> Bcc: x",
    )
    assert "«\u00a0Elle a fermé.\u00a0»" in mail.outbox[0].body
    html = mail.outbox[0].alternatives[0].content
    assert ("<b>" in html, "Elle a fermé." in html) == (False, True)


def test_merging_is_told_too(places):
    kept = ActorFactory(name="Boulangerie d’Orp")
    proposal = ProposalFactory(actor__name="Boulangerie Fictive", email="perrine@exemple.invalid")
    actions.merge(proposal.actor, into=kept, by=TeamFactory(), dry_run=True)
    mail.outbox.clear()
    actions.merge(proposal.actor, into=kept, by=TeamFactory())
    assert letters() == [("perrine@exemple.invalid", "Votre proposition\u00a0: Boulangerie Fictive")]
    assert kept.get_absolute_url() in mail.outbox[0].body


def test_the_desk_refuses_with_a_reason_from_its_page(places):
    proposal = ProposalFactory(email="perrine@exemple.invalid")
    actor, client = proposal.actor, logged_in(TeamFactory())
    address = f"/bureau/actors/actor/{actor.pk}/change/"
    posted = {"name": actor.name, "slug": actor.slug, "kind": actor.kind, "_verb_refuse": "1"}
    for prefix in ("proposals", "memberships"):
        posted |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    client.post(address, {**posted, "reason": ""})
    assert letters() == []
    client.post(address, {**posted, "reason": "Hors du territoire."})
    actor.refresh_from_db()
    assert (actor.state, [to for to, _subject in letters()]) == (State.REFUSED, ["perrine@exemple.invalid"])


# An error


def report(client, actor, **data):
    return client.post(f"{actor.get_absolute_url()}erreur/", data)


def test_an_error_goes_to_the_desk_and_is_dealt_with_once(client, db):
    actor = ActorFactory(slug="jardins")
    assert "/acteurs/jardins/erreur/" in client.get("/acteurs/jardins/").text
    assert report(client, actor, text="").status_code == 429 or Correction.objects.count() == 0
    for _twice in range(2):
        assert (
            report(client, actor, text="Le téléphone a changé.", email="A@exemple.invalid")["Location"]
            == "/acteurs/jardins/"
        )
    correction = Correction.objects.get()
    assert (correction.text, correction.email, correction.handled_at) == (
        "Le téléphone a changé.",
        "a@exemple.invalid",
        None,
    )
    team = logged_in(TeamFactory(name="Aline Sillon"))
    address = f"/bureau/actors/correction/{correction.pk}/change/"
    told = []
    for _twice in range(2):
        page = team.post(address, {"_verb_handle": "1"}, follow=True)
        told += [str(message).partition(",")[0] for message in page.context["messages"]]
    assert told == [f"«\u00a0{actor}\u00a0»\u00a0: «\u00a0C’est traité\u00a0»", "C’était déjà traité"]
    correction.refresh_from_db()
    assert correction.handled_at is not None
    assert list(JournalEntry.objects.values_list("verb", "by_label")) == [
        ("correction.handled", "Aline Sillon")
    ]
    report(client, actor, text="Le téléphone a changé.")
    assert Correction.objects.count() == 2


def test_the_desk_offers_nothing_to_save_where_nothing_is_typed(db):
    page = logged_in(TeamFactory()).get(f"/bureau/actors/correction/{CorrectionFactory().pk}/change/")
    assert [name in page.text for name in ("_save", "_continue", "_addanother", "_verb_handle")] == [
        *(False, False, False, True)
    ]


def test_several_errors_are_said_to_be_dealt_with_from_the_list(db):
    chosen = [CorrectionFactory().pk for _n in range(2)]
    page = logged_in(TeamFactory()).post(
        "/bureau/actors/correction/", {"action": "handle_chosen", "_selected_action": chosen}, follow=True
    )
    assert [str(message) for message in page.context["messages"]] == ["C’est noté\u00a0: traité."]
    assert Correction.objects.waiting().count() == 0


def test_an_empty_form_and_a_robot_report_nothing(client, db):
    actor = ActorFactory()
    assert list(report(client, actor, text=" ").context["form"].errors) == ["text"]
    report(client, actor, text="Achetez.", site_web="http://exemple.invalid")
    assert Correction.objects.count() == 0


def test_reports_of_one_network_are_limited(client, db):
    actor = ActorFactory()
    answers = [report(client, actor, text=f"Faux {n}.").status_code for n in range(CORRECTIONS_AN_HOUR + 1)]
    assert answers == [302] * CORRECTIONS_AN_HOUR + [429]


def test_a_sheet_with_many_unread_errors_takes_no_more(client, db, monkeypatch):
    monkeypatch.setattr("actors.actions.suggestions.MOST_CORRECTIONS", 1)
    correction = CorrectionFactory()
    page = report(client, correction.actor, text="Encore.")
    assert (page.status_code, Correction.objects.count()) == (429, 1)


def test_a_sheet_that_is_not_public_has_no_page_for_errors(db):
    actor = ActorFactory(state=State.PENDING)
    assert Client().get(f"{actor.get_absolute_url()}erreur/").status_code == 404


@pytest.mark.parametrize("things", [1, 3])
def test_the_list_of_errors_asks_the_same_whatever_its_length(db, django_assert_num_queries, things):
    CorrectionFactory.create_batch(things)
    client = logged_in(TeamFactory())
    with django_assert_num_queries(6):
        client.get("/bureau/actors/correction/")


@pytest.mark.parametrize("path", ["/acteurs/proposer/", "/acteurs/jardins/erreur/"])
def test_who_is_logged_in_may_use_the_public_forms(db, path):
    ActorFactory(slug="jardins")
    CommuneFactory()
    assert logged_in(UserFactory()).get(path).status_code == 200


# A year later ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "left"), [(364, (1, 1)), (366, (0, 0))])
def test_who_suggested_is_forgotten_a_year_after_the_answer(db, days, left):
    moment = timezone.now() - timedelta(days=days)
    ProposalFactory(answered_at=moment)
    CorrectionFactory(handled_at=moment)
    waiting = [ProposalFactory(created_at=moment), CorrectionFactory(created_at=moment)]
    erased = actions.erase_old_suggestions()
    assert (Proposal.objects.count() - 1, Correction.objects.count() - 1) == left
    assert erased == 2 - sum(left)
    for one in waiting:
        one.refresh_from_db()
