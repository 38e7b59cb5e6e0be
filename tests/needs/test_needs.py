"""Needs: from an answer, qualified, declined with a reason, pooled across communes, positions."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import JournalEntry
from needs import actions, figures
from needs.choices import Horizon, NeedState, SharedNeedState, Stance
from needs.models import Need, Position, SharedNeed
from projects.figures import reasons
from tests.factories.accounts import AdministratorFactory, TeamFactory, logged_in
from tests.factories.needs import (
    AnswerFactory,
    NeedFactory,
    PositionFactory,
    SharedNeedFactory,
    SubmittedFactory,
)
from tests.factories.portal import small_territory
from tests.factories.projects import ProjectFactory
from tests.factories.territory import MunicipalityFactory, ThemeFactory
from tests.factories.trainings import TrainingFactory

pytestmark = pytest.mark.django_db


def an_answer(writing, **told):
    question = writing.response.survey.questionnaire.questions.get(code="besoin")
    value = {"text": "Un agenda commun. Trois clubs réservent la même salle.", "horizon": "", "pool": ""}
    return AnswerFactory(
        response=writing.response, question=question, value=value | told, author=writing.editor
    )


def test_an_answer_becomes_a_need_once_and_stays_linked(writing):
    answer = an_answer(writing, horizon="short", pool="yes")
    need = actions.record_need_from_answer(answer, by=TeamFactory())
    assert actions.record_need_from_answer(answer, by=TeamFactory()) == need
    assert (need.title, need.source, need.author) == ("Un agenda commun", answer, writing.editor)
    assert (need.horizon, need.poolable, need.municipality) == (
        *(Horizon.SHORT, True, writing.response.actor.municipality),
    )
    assert JournalEntry.objects.filter(verb="need.recorded").count() == 1


def test_a_level_is_not_made_a_need(writing):
    question = writing.response.survey.questionnaire.questions.get(code="niveau_0")
    answer = AnswerFactory(response=writing.response, question=question, value=3)
    with pytest.raises(ValidationError, match="avec des mots"):
        actions.record_need_from_answer(answer, by=TeamFactory())


def test_needs_of_two_communes_make_a_shared_need_and_stay(django_assert_num_queries):
    theme = ThemeFactory()
    needs = [
        NeedFactory(theme=theme, horizon=Horizon.LONG),
        NeedFactory(theme=theme, horizon=Horizon.SHORT, state=NeedState.QUALIFIED),
    ]
    shared = actions.pool(needs=needs, title="Un agenda d’été", by=TeamFactory())
    assert (shared.slug, shared.theme, shared.horizon, shared.public) == (
        *("un-agenda-d-ete", theme, Horizon.SHORT, False),
    )
    assert set(shared.needs.all()) == set(needs)
    assert list(Need.objects.values_list("state", flat=True)) == [NeedState.POOLED] * 2
    assert actions.pool(needs=needs, title="Un agenda d’été", by=TeamFactory()).slug == "un-agenda-d-ete-2"


def test_needs_of_one_commune_are_not_pooled():
    place = MunicipalityFactory()
    with pytest.raises(ValidationError, match="au moins deux communes"):
        actions.pool(
            needs=[NeedFactory(municipality=place), NeedFactory(municipality=place)],
            title="x",
            by=TeamFactory(),
        )
    assert SharedNeed.objects.count() == 0


def test_a_declined_need_is_not_pooled_and_nothing_is_half_done():
    fine = NeedFactory()
    declined = NeedFactory(state=NeedState.DECLINED, reason="Voirie")
    with pytest.raises(ValidationError, match="non retenu.*mutualisé"):
        actions.pool(needs=[fine, declined], title="x", by=TeamFactory())
    fine.refresh_from_db()
    assert (fine.state, SharedNeed.objects.count()) == (NeedState.SUBMITTED, 0)


def test_a_need_is_declined_with_a_reason_only():
    need = NeedFactory()
    with pytest.raises(ValidationError, match="pourquoi"):
        actions.decline(need, reason="  ", by=TeamFactory())
    declined = actions.decline(need, reason="C’est une question de voirie.", by=TeamFactory())
    assert (declined.state, declined.reason) == (NeedState.DECLINED, "C’est une question de voirie.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.update(reason="")


def test_an_illegal_move_is_refused_with_both_states_named():
    with pytest.raises(ValidationError, match="une réponse existe.*qualifié"):
        actions.qualify(NeedFactory(state=NeedState.ANSWERED), by=TeamFactory())


def test_a_shared_need_that_is_answered_answers_its_needs():
    shared = actions.pool(needs=[NeedFactory(), NeedFactory()], title="x", by=TeamFactory())
    actions.advance(shared, state=SharedNeedState.PLANNED, by=None)
    assert set(Need.objects.values_list("state", flat=True)) == {NeedState.PLANNED}
    actions.advance(shared, state=SharedNeedState.ANSWERED, by=None)
    assert set(Need.objects.values_list("state", flat=True)) == {NeedState.ANSWERED}
    with pytest.raises(ValidationError, match="Rien n’a changé"):
        actions.advance(shared, state=SharedNeedState.PLANNED, by=None)


def test_the_last_position_of_a_commune_counts_and_saying_it_twice_changes_nothing():
    shared, place = SharedNeedFactory(), MunicipalityFactory()
    for stance in (Stance.INTERESTED, Stance.JOINS, Stance.JOINS):
        actions.set_position(shared, municipality=place, stance=stance, by=TeamFactory())
    assert list(Position.objects.values_list("stance", flat=True)) == [Stance.JOINS]
    assert JournalEntry.objects.filter(verb="position.set").count() == 2
    with pytest.raises(ValidationError):
        actions.set_position(shared, municipality=place, stance="danse", by=TeamFactory())


def test_the_matrix_says_how_far_each_commune_goes():
    first, second, third = (MunicipalityFactory() for _n in range(3))
    shared = SharedNeedFactory(needs=[NeedFactory(municipality=first), NeedFactory(municipality=second)])
    PositionFactory(shared_need=shared, municipality=second, stance=Stance.COFUNDS)
    rows = figures.matrix(SharedNeed.objects.with_communes(), [first, second, third])
    assert [(row.cells, row.engaged) for row in rows] == [(("voiced", "cofunds", ""), 2)]


def test_needs_are_counted_by_theme_dimension_state_and_commune():
    theme = ThemeFactory(code="mobilite")
    one, two, _none = NeedFactory(theme=theme), NeedFactory(theme=theme), NeedFactory()
    assert Need.objects.count_by_theme() == {"mobilite": 2, "": 1}
    assert Need.objects.count_by_dimension() == {"": 3}
    assert Need.objects.count_by_state() == {"submitted": 3}
    counted = Need.objects.filter(theme=theme).count_by_municipality()
    assert counted == {one.municipality.code: 1, two.municipality.code: 1}


def test_participation_counts_who_was_asked_who_began_and_who_sent(writing):
    SubmittedFactory(survey=writing.response.survey)
    assert figures.participation(writing.response.survey) == figures.Participation(2, 2, 1)


def test_a_shared_need_that_is_not_published_is_seen_by_staff_only(client):
    shared = SharedNeedFactory(public=False, title="Encore secret")
    assert client.get(shared.get_absolute_url()).status_code == 404
    assert "Encore secret" not in client.get("/besoins/").content.decode()
    assert "Encore secret" in logged_in(TeamFactory()).get("/besoins/").content.decode()


def test_the_public_page_names_communes_and_no_person(client, writing):
    small_territory()
    need = actions.record_need_from_answer(an_answer(writing), by=TeamFactory())
    shared = SharedNeedFactory(needs=[need])
    page = client.get(shared.get_absolute_url()).content.decode()
    assert writing.editor.name not in page
    assert need.title not in page


def test_a_commune_that_does_not_accept_it_is_counted_and_never_named(client):
    named, hidden, *_others = small_territory().area.municipalities.order_by("pk")
    shared = SharedNeedFactory(
        needs=[NeedFactory(municipality=named), NeedFactory(municipality=hidden, publishable=False)]
    )
    row = figures.matrix([shared], [named, hidden])[0]
    assert (row.cells, row.unnamed, row.engaged) == (("voiced", ""), 1, 2)
    assert (
        "Et une commune, qui n’est pas nommée ici." in client.get(shared.get_absolute_url()).content.decode()
    )
    project = ProjectFactory(published=True, municipalities=[named], shared_needs=[shared])
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Besoin de 2 communes" in page
    assert [reason.municipalities for reason in reasons(project, AnonymousUser())] == [[named]]


def test_a_position_is_shown_and_counted_whatever_was_voiced(client):
    first, second, *_others = small_territory().area.municipalities.order_by("pk")
    shared = SharedNeedFactory(needs=[NeedFactory(municipality=first, publishable=False)])
    PositionFactory(shared_need=shared, municipality=first, stance="cofunds")
    PositionFactory(shared_need=shared, municipality=second, stance="cofunds")
    row = figures.matrix([shared], [first, second])[0]
    assert (row.cells, row.unnamed, row.stances) == (("cofunds", "cofunds"), 0, [("cofinancent", 2)])
    for path in ("/besoins/", shared.get_absolute_url()):
        assert "cofinancent" in client.get(path).content.decode()


def test_the_page_of_a_shared_need_leads_to_what_answers_it(client):
    small_territory()
    shared = SharedNeedFactory()
    path = shared.get_absolute_url()
    assert "Rien encore" in client.get(path).content.decode()
    ProjectFactory(title="L’agenda des salles", published=True, shared_needs=[shared])
    ProjectFactory(title="Projet caché", published=False, shared_needs=[shared])
    TrainingFactory(title="Tenir un agenda").shared_needs.add(shared)
    page = client.get(path).content.decode()
    assert ["L’agenda des salles" in page, "Projet caché" in page, "Tenir un agenda" in page] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_shared_needs_asks_the_same_of_the_database(client, count, django_assert_num_queries):
    places = list(small_territory().area.municipalities.all())
    for _n in range(count):
        shared = SharedNeedFactory(needs=[NeedFactory(municipality=place) for place in places])
        PositionFactory(shared_need=shared, municipality=places[0])
    with django_assert_num_queries(7):
        client.get("/besoins/")


# At the desk ---------------------------------------------------------------------------------------------


def test_one_click_at_the_desk_makes_a_need(writing):
    answer = an_answer(writing)
    path = f"/bureau/needs/response/{writing.response.pk}/change/"
    desk = logged_in(TeamFactory())
    assert f'name="_need_{answer.pk}"' in desk.get(path).content.decode()
    for _twice in range(2):
        desk.post(path, {f"_need_{answer.pk}": "x"})
    assert Need.objects.get().source == answer
    desk.post(path, {"_need_" + "9" * 5000: "x"})


def test_an_answer_of_another_response_is_not_made_a_need_from_this_one(writing):
    answer = an_answer(writing)
    other = SubmittedFactory(survey=writing.response.survey)
    path = f"/bureau/needs/response/{other.pk}/change/"
    logged_in(TeamFactory()).post(path, {f"_need_{answer.pk}": "x"})
    assert Need.objects.count() == 0


def test_the_desk_reopens_with_a_reason_and_writes_nothing_else(writing):
    response = SubmittedFactory(survey=writing.response.survey)
    path = f"/bureau/needs/response/{response.pk}/change/"
    desk = logged_in(TeamFactory())
    desk.post(path, {"_verb_reopen": "x", "reopening_reason": ""})
    response.refresh_from_db()
    assert response.state == "submitted"
    desk.post(path, {"_save": "x", "reopening_reason": "Sans bouton"})
    response.refresh_from_db()
    assert response.reopening_reason == ""
    desk.post(path, {"_verb_reopen": "x", "reopening_reason": "Erreur de chiffre", "state": "draft"})
    response.refresh_from_db()
    assert (response.state, response.reopening_reason) == ("reopened", "Erreur de chiffre")


def test_the_desk_pools_chosen_needs_under_a_title():
    needs = [NeedFactory(), NeedFactory()]
    chosen = {"action": "pool_chosen", "_selected_action": [need.pk for need in needs]}
    desk = logged_in(TeamFactory())
    desk.post("/bureau/needs/need/", chosen | {"shared_title": ""})
    assert SharedNeed.objects.count() == 0
    answer = desk.post("/bureau/needs/need/", chosen | {"shared_title": "Un agenda"})
    shared = SharedNeed.objects.get()
    assert answer["Location"] == f"/bureau/needs/sharedneed/{shared.pk}/change/"


def test_a_published_questionnaire_is_read_at_the_desk(writing):
    questionnaire = writing.response.survey.questionnaire
    section = questionnaire.sections.first()
    desk = logged_in(AdministratorFactory())
    for path in (f"questionnaire/{questionnaire.pk}", f"section/{section.pk}"):
        assert desk.get(f"/bureau/needs/{path}/change/").status_code == 200
        assert desk.post(f"/bureau/needs/{path}/change/", {"title": "Autre"}).status_code == 403
    assert desk.post(f"/bureau/needs/section/{section.pk}/delete/", {"post": "yes"}).status_code == 403
    section.refresh_from_db()
    assert section.title == "Nos mots"
