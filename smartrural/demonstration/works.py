"""Projects: announced for a shared need, led by an actor, step by step; one is done."""

from datetime import date
from typing import Any

from needs import actions as needs
from needs.choices import SharedNeedState
from projects import actions
from projects.choices import State
from projects.models import Milestone, Project
from smartrural.demonstration.scene import Scene


def tell(scene: Scene) -> None:
    """Let each project come as far as it has."""
    for told in scene.words("projets")["projet"]:
        with scene.on(told["jour"], 10):
            project = _announced(scene, told)
            for actor, role in told["partenaires"]:
                actions.add_partner(project, actor=scene.actors[actor], role=role, by=scene.team)
            steps = [_step(scene, project, *step) for step in told["etapes"]]
            actions.publish(project, by=scene.team)
        for step, done in steps:
            if done is not None:
                with scene.on(done, 17):
                    actions.reach_milestone(step, by=scene.team)
        for state, day in told["etats"]:
            with scene.on(day, 16):
                actions.move(project, to=state, by=scene.team)
        if told.get("repondu"):
            with scene.on(told["etats"][-1][1], 17):
                shared = scene.shared_needs[told["besoin"]]
                needs.advance(shared, state=SharedNeedState.ANSWERED, by=scene.team)


def _announced(scene: Scene, told: dict[str, Any]) -> Project:
    lead, sheet = scene.actors[told["porteur"]], scene.objectives[f"SDL {told['fiche']}"]
    if "besoin" in told:
        project = actions.create_from_shared_need(
            scene.shared_needs[told["besoin"]],
            title=told["titre"],
            lead=lead,
            action_sheet=sheet,
            kind=told["type"],
            by=scene.team,
        )
    else:
        project = Project(
            title=told["titre"],
            slug=actions.free_slug(told["titre"]),
            kind=told["type"],
            lead=lead,
            action_sheet=sheet,
        )
    project.summary, project.story = told["phrase"], told["recit"].strip()
    project.lag_contact, project.starts_on = scene.team, _starts(scene, told)
    project.clean()
    actions.save(project, by=scene.team, changed=["summary", "story", "lag_contact", "starts_on"])
    project.objectives.set(scene.objectives[code] for code in told["objectifs"])
    if "communes" in told:
        project.municipalities.set(scene.municipalities[slug] for slug in told["communes"])
        project.themes.set(scene.themes[code] for code in told["themes"])
        project.dimensions.set(scene.dimensions[code] for code in told["dimensions"])
    return project


def _starts(scene: Scene, told: dict[str, Any]) -> date | None:
    days = [day for state, day in told["etats"] if state == State.RUNNING]
    return scene.day(days[0]) if days else None


def _step(
    scene: Scene, project: Project, title: str, due: int, done: int | None = None
) -> tuple[Milestone, int | None]:
    step = Milestone(project=project, title=title, due_on=scene.day(due), responsible=project.lead)
    step.full_clean()
    return actions.save_milestone(step, by=scene.team), done
