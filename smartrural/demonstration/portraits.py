"""One diagnostic, asked for: the workers make it once the portal is open."""

from diagnostics import actions
from smartrural.demonstration.scene import Scene


def tell(scene: Scene) -> None:
    """Ask for the diagnostic of the first commune; nothing is laid out here."""
    first = next(iter(scene.referents))
    place, edition = scene.municipalities[first], str(scene.today.year)
    actions.request(scope=place, edition=edition, by=scene.manager)
