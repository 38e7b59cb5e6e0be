"""Projects at the desk: a project of a need, states by buttons, partners and steps in the journal."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import JournalEntry
from projects.choices import PartnerRole, State
from projects.models import Project
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory
from tests.factories.projects import MilestoneFactory, ProjectFactory, shared_need

FROM_NEED = "/bureau/projects/project/depuis-un-besoin/"


@pytest.fixture
def desk(client, db):
    client.force_login(TeamFactory())
    return client


def form(project, **changes):
    """What the desk's form would send for a project, with `changes`."""
    empty = {
        f"{name}-{field}": value
        for name in ("partnerships", "milestones")
        for field, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }
    fields = ("title", "slug", "kind", "summary", "story", "reason", "horizon")
    return {**empty, **{name: getattr(project, name) for name in fields}, "lead": project.lead.pk, **changes}


def page(project):
    return reverse("admin:projects_project_change", args=[project.pk])


def test_the_list_leads_to_the_needs_that_wait(desk):
    shared_need()
    response = desk.get(reverse("admin:projects_project_changelist"))
    assert f'<a href="{FROM_NEED}">Faire un projet d’un besoin (1 besoin attend)</a>' in response.text


def test_a_need_becomes_a_project(desk):
    need, lead = shared_need("Trouver une salle"), ActorFactory()
    response = desk.get(f"{FROM_NEED}?besoin={need.public_id}")
    assert f'<option value="{need.pk}" selected>' in response.text
    response = desk.post(
        FROM_NEED, {"shared_need": need.pk, "title": "Agenda", "kind": "tool", "lead": lead.pk}
    )
    project = Project.objects.get()
    assert (response.status_code, response["Location"]) == (302, page(project))
    assert list(project.shared_needs.all()) == [need]


def test_what_is_missing_is_said_and_nothing_is_made(desk):
    response = desk.post(FROM_NEED, {"title": "Agenda"})
    assert response.status_code == 200
    assert "Rien n’est créé" in response.text
    assert Project.objects.count() == 0


def test_a_button_moves_a_project_and_another_is_refused_in_words(desk):
    project = ProjectFactory(state=State.DESIGN)
    desk.post(page(project), form(project, _verb_approved="Approuver"))
    assert Project.objects.get().state == State.APPROVED
    response = desk.post(page(project), form(project, _verb_evaluated="Marquer comme évalué"))
    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert "« approuvé » : cela ne peut pas devenir « évalué »" in " ".join(told).replace("\u00a0", " ")
    assert Project.objects.get().state == State.APPROVED


def test_a_pause_takes_the_reason_typed_with_it(desk):
    project = ProjectFactory()
    desk.post(page(project), form(project, reason="Faute de salle", _verb_paused="Mettre en pause"))
    project.refresh_from_db()
    assert (project.state, project.reason) == (State.PAUSED, "Faute de salle")
    response = desk.post(page(project), form(project, reason=""))
    assert "garde son motif" in response.text


def test_partners_and_steps_are_told_in_the_journal(desk):
    project, actor = ProjectFactory(), ActorFactory()
    step = MilestoneFactory(project=project)
    data = form(project) | {
        "partnerships-TOTAL_FORMS": 1,
        "partnerships-0-actor": actor.pk,
        "partnerships-0-role": PartnerRole.FUNDER,
        "milestones-TOTAL_FORMS": 1,
        "milestones-INITIAL_FORMS": 1,
        "milestones-0-id": step.pk,
        "milestones-0-title": step.title,
        "milestones-0-due_on": "12/01/2026",
        "milestones-0-done_on": "13/01/2026",
        "milestones-0-order": 0,
    }
    assert desk.post(page(project), data).status_code == 302
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert verbs == {"project.partner_added", "project.milestone_reached"}


def test_the_portfolio_says_which_step_is_late(desk):
    MilestoneFactory(title="Ouvrir", due_on="2020-01-02")
    ProjectFactory()
    response = desk.get(reverse("admin:projects_project_changelist") + "?etapes=retard")
    assert "En retard\u00a0: 02/01/2020 · Ouvrir" in response.text
    assert response.context["cl"].result_count == 1
