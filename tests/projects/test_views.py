"""The list, the board and the sheet: what each page shows, and to whom."""

import re
from datetime import date

import pytest
from django.urls import reverse

from actors.choices import State as ActorState
from projects.choices import PartnerRole, State
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import ActorFactory, CommuneFactory, MembershipFactory
from tests.factories.portal import small_territory
from tests.factories.projects import (
    MilestoneFactory,
    PartnershipFactory,
    ProjectFactory,
    ProjectSlugFactory,
    shared_need,
)
from tests.factories.territory import DimensionFactory, ThemeFactory

LIST = "/projets/"


@pytest.fixture
def places(db):
    """The two municipalities of a small territory, by name."""
    return list(small_territory().area.municipalities.order_by("slug"))


def titles(response):
    return re.findall(r'<h2><a href="/projets/[^"]+">(.*?)</a></h2>', response.text)


def told(response):
    return re.findall(r'role="status">(.*?)<', response.text)


def test_the_list_shows_what_is_published_with_its_count(client, places):
    ProjectFactory(title="Agenda", municipalities=places)
    ProjectFactory(title="Brouillon", published=False)
    response = client.get(LIST)
    assert titles(response) == ["Agenda"]
    assert told(response) == ["1 projet"]


def test_the_team_sees_what_is_not_published(client, places):
    ProjectFactory(title="Brouillon", published=False)
    client.force_login(TeamFactory())
    response = client.get(LIST)
    assert titles(response) == ["Brouillon"]
    assert "non publié" in response.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("etat=paused", ["Haies"]),
        ("commune=val-fictif-1", ["Agenda"]),
        ("theme=energie", ["Agenda"]),
        ("dimension=mobility", ["Haies"]),
        ("dimension=mobility&etat=running", []),
        ("etat=rien&commune=ailleurs", ["Agenda", "Haies"]),
        ("page=99", ["Agenda", "Haies"]),
        ("theme=%00&page=x", ["Agenda", "Haies"]),
    ],
)
def test_filters_live_in_the_address(client, places, query, names):
    ProjectFactory(title="Agenda", municipalities=places[:1], themes=[ThemeFactory(code="energie")])
    ProjectFactory(
        title="Haies", state=State.PAUSED, reason="Budget", dimensions=[DimensionFactory(code="mobility")]
    )
    response = client.get(f"{LIST}?{query}")
    assert titles(response) == names
    assert told(response) == [
        "1 projet" if len(names) == 1 else f"{len(names)} projets" if names else "0 projet"
    ]


def test_the_board_shows_the_same_result_by_state(client, places):
    ProjectFactory(title="Agenda", municipalities=places)
    ProjectFactory(title="Haies", state=State.ABANDONED, reason="Budget")
    response = client.get(f"{LIST}?vue=tableau")
    assert told(response) == ["2 projets"]
    heads = re.findall(r"<span>(\w[^<]*)</span> <span class=\"number\">(\d+)</span>", response.text)
    assert heads == [
        ("Annoncé", "0"),
        ("En conception", "0"),
        ("Approuvé", "0"),
        ("En cours", "1"),
        ("Terminé", "0"),
        ("Évalué", "0"),
        ("Abandonné", "1"),
    ]


def test_a_full_column_leads_to_the_whole_of_its_state(client, places):
    theme = ThemeFactory(code="energie")
    ProjectFactory.create_batch(9, themes=[theme])
    response = client.get(f"{LIST}?vue=tableau&theme=energie")
    assert response.text.count('<li><a href="/projets/agenda') == 8
    assert 'href="?theme=energie&amp;etat=running"' in response.text


def test_the_empty_list_leads_to_the_needs(client, places):
    assert reverse("needs:shared_need_list") in client.get(LIST).text


def test_an_empty_filter_leads_to_the_whole_list(client, places):
    ProjectFactory()
    response = client.get(f"{LIST}?etat=announced")
    assert "Aucun projet sous ces filtres" in response.text


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_as_many_questions_whatever_its_length(client, places, n, django_assert_num_queries):
    for _ in range(n):
        ProjectFactory(municipalities=places)
    with django_assert_num_queries(7):
        client.get(LIST)


@pytest.mark.parametrize("n", [1, 3])
def test_the_board_asks_as_many_questions_whatever_its_length(client, places, n, django_assert_num_queries):
    for _ in range(n):
        ProjectFactory(municipalities=places)
    with django_assert_num_queries(6):
        client.get(f"{LIST}?vue=tableau")


def test_a_sheet_tells_why_who_where_and_when(client, places):
    commune = CommuneFactory(municipality=places[0])
    need = shared_need("Trouver une salle", places=places)
    project = ProjectFactory(lead=commune, municipalities=places, shared_needs=[need])
    funder = PartnershipFactory(project=project, role=PartnerRole.FUNDER).actor
    draft = ActorFactory(name="Fiche en brouillon", state=ActorState.DRAFT)
    PartnershipFactory(project=project, actor=draft)
    MilestoneFactory(project=project, title="Ouvrir", due_on=date(2020, 1, 1), done_on=date(2020, 1, 3))
    MilestoneFactory(project=project, title="Étendre", due_on=date(2020, 2, 1), responsible=commune)
    MilestoneFactory(project=project, title="Évaluer", due_on=date(2990, 2, 1))
    response = client.get(project.get_absolute_url())
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))
    assert "Besoin de 2 communes : Val-Fictif-1, Val-Fictif-2" in text
    assert f'<a href="{commune.get_absolute_url()}">' in response.text
    assert f'<a href="{funder.get_absolute_url()}">' in response.text
    assert draft.get_absolute_url() not in response.text
    assert [
        (heading, tag)
        for heading, tag in re.findall(
            r"<h3>(.*?)</h3>.*?(franchie|en retard|à venir)</span>", response.text, re.S
        )
    ] == [("Ouvrir", "franchie"), ("Étendre", "en retard"), ("Évaluer", "à venir")]
    assert "Étape franchie : Ouvrir." in text
    assert re.findall(r'aria-label="(Val-Fictif-.)\s: (.*?)"', response.text) == [
        ("Val-Fictif-1", "porte le projet"),
        ("Val-Fictif-2", "y participe"),
    ]


@pytest.mark.parametrize("n", [1, 3])
def test_a_sheet_asks_as_many_questions_whatever_it_holds(client, places, n, django_assert_num_queries):
    project = ProjectFactory(municipalities=places, shared_needs=[shared_need() for _ in range(n)])
    for _ in range(n):
        MilestoneFactory(project=project, responsible=ActorFactory())
        PartnershipFactory(project=project)
    with django_assert_num_queries(13):
        client.get(project.get_absolute_url())


def test_an_announced_project_shows_its_title_alone(client, places):
    project = ProjectFactory(title="Agenda", state=State.ANNOUNCED, summary="Secret", story="Secret aussi")
    response = client.get(project.get_absolute_url())
    assert "Secret" not in response.text
    assert "Description à venir" in response.text
    assert "Secret" not in client.get(LIST).text


def test_a_sheet_keeps_a_need_that_is_not_public_to_the_team(client, places):
    need = shared_need("Besoin discret", public=False)
    project = ProjectFactory(shared_needs=[need])
    assert "Besoin discret" not in client.get(project.get_absolute_url()).text
    client.force_login(TeamFactory())
    assert "Besoin discret" in client.get(project.get_absolute_url()).text


def test_an_unpublished_sheet_is_its_members_and_the_teams(client, places):
    project = ProjectFactory(published=False)
    assert client.get(project.get_absolute_url()).status_code == 404
    client.force_login(UserFactory())
    assert client.get(project.get_absolute_url()).status_code == 404
    client.force_login(MembershipFactory(actor=project.lead).user)
    response = client.get(project.get_absolute_url())
    assert response.status_code == 200
    assert "le public ne le voit pas" in response.text


def test_a_former_address_leads_to_the_present_one(client, places):
    former = ProjectSlugFactory()
    response = client.get(f"/projets/{former.slug}/")
    assert (response.status_code, response["Location"]) == (301, former.project.get_absolute_url())


def test_a_former_address_does_not_betray_an_unpublished_project(client, places):
    former = ProjectSlugFactory(project__published=False)
    assert client.get(f"/projets/{former.slug}/").status_code == 404


def test_a_project_without_a_place_has_no_map(client, db):
    response = client.get(ProjectFactory().get_absolute_url())
    assert response.status_code == 200
    assert "patch-picture" not in response.text
