"""What each verb changes, refuses, writes in the journal, and does once when asked twice."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import JournalEntry
from needs.choices import Horizon, NeedState, SharedNeedState
from projects import actions, figures
from projects.choices import NEXT, PartnerRole, State
from projects.models import Milestone, Partnership, Project, ProjectSlug
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.actors import ActorFactory, MembershipFactory
from tests.factories.projects import MilestoneFactory, PartnershipFactory, ProjectFactory, shared_need
from tests.factories.territory import MunicipalityFactory, ObjectiveFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def journal():
    return list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_project_of_a_shared_need_takes_over_what_is_known_of_it():
    theme = ThemeFactory()
    need = shared_need(theme=theme, horizon=Horizon.SHORT)
    lead, team = ActorFactory(), TeamFactory()
    project = actions.create_from_shared_need(need, title=" L’agenda des salles ", lead=lead, by=team)
    project.refresh_from_db()
    need.refresh_from_db()
    places = {one.municipality for one in need.needs.all()}
    assert (project.title, project.slug) == ("L’agenda des salles", "l-agenda-des-salles")
    assert (project.state, project.published) == (State.ANNOUNCED, False)
    assert (project.horizon, list(project.themes.all())) == (Horizon.SHORT, [theme])
    assert set(project.municipalities.all()) == places
    assert list(project.shared_needs.all()) == [need]
    assert need.state == SharedNeedState.PLANNED
    assert {one.state for one in need.needs.all()} == {NeedState.PLANNED}
    assert journal() == ["project.created", "shared_need.advanced"]


def test_asked_twice_the_same_project_comes_back():
    need, lead = shared_need(), ActorFactory()
    first = actions.create_from_shared_need(need, title="Agenda", lead=lead, by=None)
    assert actions.create_from_shared_need(need, title="Agenda", lead=lead, by=None) == first
    assert Project.objects.count() == 1


def test_a_planned_need_may_have_a_second_project_with_its_own_address():
    need = shared_need()
    slugs = [
        actions.create_from_shared_need(need, title="Agenda", lead=ActorFactory(), by=None).slug
        for _ in range(2)
    ]
    assert slugs == ["agenda", "agenda-2"]


@pytest.mark.parametrize("state", [SharedNeedState.ANSWERED, SharedNeedState.CLOSED])
def test_a_need_that_no_longer_waits_makes_no_project(state):
    need = shared_need(state=state)
    with pytest.raises(ValidationError, match=str(state.label)):
        actions.create_from_shared_need(need, title="Agenda", lead=ActorFactory(), by=None)
    assert Project.objects.count() == 0


def test_a_project_is_counted_under_a_fiche_projet_only():
    with pytest.raises(ValidationError, match="fiche-projet"):
        actions.create_from_shared_need(
            shared_need(), title="Agenda", lead=ActorFactory(), action_sheet=ObjectiveFactory(), by=None
        )


@pytest.mark.parametrize(("before", "after"), [(old, new) for old in State for new in State if old != new])
def test_a_move_is_legal_or_refused_with_both_states_named(before, after):
    project = ProjectFactory(state=before, reason="Budget")
    if after in NEXT[before]:
        actions.move(project, to=after, reason="Faute de salle", by=None)
        assert Project.objects.get().state == project.state == after
        assert journal() == [f"project.{after.value}"]
    else:
        with pytest.raises(ValidationError) as refused:
            actions.move(project, to=after, reason="Faute de salle", by=None)
        assert f"« {before.label} »" in refused.value.messages[0]
        assert f"« {after.label} »" in refused.value.messages[0]
        assert Project.objects.get().state == before


def test_a_stop_says_why_and_a_restart_forgets_it():
    project = ProjectFactory(state=State.RUNNING)
    with pytest.raises(ValidationError, match="motif"):
        actions.move(project, to=State.PAUSED, reason="  ", by=None)
    actions.move(project, to=State.PAUSED, reason="Faute de salle", by=None)
    assert Project.objects.get().reason == "Faute de salle"
    actions.move(project, to=State.RUNNING, by=None)
    assert Project.objects.get().reason == ""


def test_a_move_asked_twice_is_told_once():
    project = ProjectFactory(state=State.DESIGN)
    actions.move(project, to=State.APPROVED, by=None)
    actions.move(project, to=State.APPROVED, by=None)
    assert journal() == ["project.approved"]


def test_publishing_and_withdrawing_are_told_once_each():
    project = ProjectFactory(published=False)
    for act in (actions.publish, actions.publish, actions.withdraw, actions.withdraw):
        act(project, by=None)
    assert journal() == ["project.published", "project.withdrawn"]
    assert Project.objects.get().published_at is None


def test_a_changed_address_goes_on_leading_to_the_project():
    project = ProjectFactory(slug="agenda")
    project.slug = "agenda-des-salles"
    actions.save(project, by=None, changed=["slug"])
    assert list(ProjectSlug.objects.values_list("slug", flat=True)) == ["agenda"]
    project.slug = "agenda"
    actions.save(project, by=None, changed=["slug"])
    assert list(ProjectSlug.objects.values_list("slug", flat=True)) == ["agenda-des-salles"]
    assert actions.free_slug("Agenda des salles") == "agenda-des-salles-2"
    with pytest.raises(ValidationError, match="changé de titre"):
        ProjectFactory.build(slug="agenda-des-salles", lead=project.lead).clean()


def test_a_partner_is_added_once_in_each_role():
    project, actor = ProjectFactory(), ActorFactory()
    for role in (PartnerRole.PARTNER, PartnerRole.PARTNER, PartnerRole.FUNDER):
        actions.add_partner(project, actor=actor, role=role, by=None)
    assert Partnership.objects.count() == 2
    assert journal() == ["project.partner_added"] * 2
    assert figures.partners(project) == [("Partenaires", [actor]), ("Financeurs", [actor])]
    with pytest.raises(ValueError, match="juge"):
        actions.add_partner(project, actor=actor, role="juge", by=None)


def test_a_step_is_reached_once_and_not_tomorrow():
    step = MilestoneFactory()
    with pytest.raises(ValidationError, match="jour venu"):
        actions.reach_milestone(step, on=timezone.localdate() + timedelta(days=1), by=None)
    actions.reach_milestone(step, on=date(2026, 1, 5), by=None)
    actions.reach_milestone(step, by=None)
    assert Milestone.objects.get().done_on == date(2026, 1, 5)
    assert journal() == ["project.milestone_reached"]


def test_a_typed_step_tells_the_journal_when_it_is_reached_and_taken_back():
    step = MilestoneFactory()
    step.done_on = date(2026, 1, 5)
    actions.save_milestone(step, by=None)
    step.done_on = None
    actions.save_milestone(step, by=None)
    assert journal() == ["project.milestone_reached", "project.milestone_reopened"]
    assert Milestone.objects.get().done_on is None


def test_only_a_project_under_way_is_late():
    day = date(2026, 6, 1)
    late = MilestoneFactory(due_on=date(2026, 5, 31))
    MilestoneFactory(due_on=day)
    MilestoneFactory(due_on=date(2026, 5, 1), done_on=day)
    MilestoneFactory(due_on=date(2026, 5, 1), project__state=State.PAUSED, project__reason="Budget")
    assert list(Milestone.objects.overdue(day)) == [late]
    assert list(Project.objects.late(day)) == [late.project]


def test_who_sees_what():
    everybody, theirs, shared, _hidden = (
        ProjectFactory(published=published) for published in (True, False, False, False)
    )
    member = MembershipFactory(actor=theirs.lead).user
    MembershipFactory(actor=PartnershipFactory(project=shared).actor, user=member)
    seen = {user: set(Project.objects.visible_to(user)) for user in (UserFactory(), member, TeamFactory())}
    assert list(seen.values()) == [
        {everybody},
        {everybody, theirs, shared},
        {everybody, theirs, shared, _hidden},
    ]


def test_projects_are_counted_by_state_and_by_municipality():
    here, there = MunicipalityFactory(code="A1"), MunicipalityFactory(code="B2")
    ProjectFactory(municipalities=[here, there])
    ProjectFactory(municipalities=[here], state=State.DESIGN)
    assert [(state.value, n) for state, n in Project.objects.count_by_state() if n] == [
        ("design", 1),
        ("running", 1),
    ]
    assert len(Project.objects.count_by_state()) == len(State)
    assert Project.objects.count_by_municipality() == [("A1", 2), ("B2", 1)]


def test_the_portfolio_counts_steps_on_a_day(django_assert_num_queries):
    for _ in range(3):
        project = ProjectFactory(municipalities=[MunicipalityFactory()], shared_needs=[shared_need()])
        MilestoneFactory(project=project, due_on=date(2026, 1, 1), done_on=date(2026, 1, 2))
        MilestoneFactory(project=project, due_on=date(2026, 2, 1))
        MilestoneFactory(project=project, due_on=date(2026, 9, 1))
    with django_assert_num_queries(4):
        rows = figures.portfolio(Project.objects.all(), date(2026, 6, 1))
    assert [(row.needs, row.reached, row.steps, row.late) for row in rows] == [(1, 1, 3, 1)] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"state": "rien"},
        {"kind": "rien"},
        {"state": State.ABANDONED, "reason": ""},
        {"starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)},
        {"published": True, "published_at": None},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectFactory(**wrong)
