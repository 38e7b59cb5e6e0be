"""What was said with the communes, and what the team promised them next."""

from typing import Any

from actors import actions
from actors.models import Interaction
from smartrural.demonstration.scene import Scene


def tell(scene: Scene) -> None:
    """Note each exchange on its day; one step is done, one is late, one is for today."""
    for told in scene.words("echanges")["echange"]:
        with scene.on(told["jour"], 16):
            noted = _note(scene, told)
        if "faite" in told:
            with scene.on(told["faite"], 9):
                actions.done(noted, by=scene.team)


def _note(scene: Scene, told: dict[str, Any]) -> Interaction:
    contact = scene.contacts[told["avec"]]
    noted = Interaction(
        date=scene.day(told["jour"]),
        kind=told["type"],
        staff=scene.team,
        summary=told["resume"],
        next_step=told.get("etape", ""),
        next_step_on=scene.day(told["pour_le"]) if "etape" in told else None,
    )
    return actions.record(noted, by=scene.team, contacts=[contact], actors=list(contact.actors.all()))
