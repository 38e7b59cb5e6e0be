"""The floors, read from the one place where they are written: import-linter's contract in pyproject.toml."""

import tomllib

from django.conf import settings


def read() -> dict[str, int]:
    """Return room → floor, the ground being 0."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"].startswith("Floors"))
    return {
        room.strip(): floor
        for floor, rooms in enumerate(reversed(layers))
        for room in rooms.replace(":", "|").split("|")
    }
