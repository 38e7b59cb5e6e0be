"""Readers: citizens who asked to be kept posted, and the digest of last week."""

from actors import actions
from portal import tasks
from smartrural.demonstration.scene import Scene, address

SOURCE = "page « Me tenir au courant »"


def tell(scene: Scene) -> None:
    """Let each subscribe on their day; most confirm, one stops, one has not opened the letter yet."""
    for row in scene.table("lecteurs"):
        day, after = int(row["jour"]), row["suite"]
        with scene.on(day, 20):
            reader = actions.ask_subscription(
                email=address(row["nom"]),
                subjects=_split(row["sujets"]),
                themes=[scene.themes[code] for code in _split(row["themes"])],
                municipalities=[scene.municipalities[slug] for slug in _split(row["communes"])],
                source=SOURCE,
            )
        if after != "attend":
            with scene.on(day, 20, 30):
                actions.confirm_subscription(reader)
        if after == "arrete":
            with scene.on(day + 8, 9):
                actions.stop_subscription(reader)
    with scene.on(-1, 12):
        tasks.write_digests()


def _split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]
