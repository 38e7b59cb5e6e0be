"""What the story has so far: its day, its folder, and those who act in it."""

import csv
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from accounts.demonstration import DOMAIN
from accounts.models import User
from actors.models import Actor, Contact
from needs.models import SharedNeed, Survey
from smartrural.demonstration import clock, post
from territory.models import Dimension, Municipality, Objective, Theme
from trainings import actions as trainings
from typography.folding import fold


@dataclass
class Scene:
    """Everything one room's story hands to the next; people and actors by the names that the folder gives."""

    folder: Path
    today: date
    team: User
    manager: User
    chance: Random
    municipalities: dict[str, Municipality] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)
    dimensions: dict[str, Dimension] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    """Actor's key → the person who stands for it."""
    referents: dict[str, User] = field(default_factory=dict)
    """Municipality's slug → the user who speaks for it."""
    colleagues: dict[str, User] = field(default_factory=dict)
    citizen: User | None = None
    objectives: dict[str, Objective] = field(default_factory=dict)
    """"SDL 1.1" → the objective of that code in that plan."""
    surveys: dict[str, Survey] = field(default_factory=dict)
    shared_needs: dict[str, SharedNeed] = field(default_factory=dict)

    def day(self, offset: int) -> date:
        """Return the day that is so many days from today."""
        return self.today + timedelta(days=offset)

    @contextmanager
    def on(self, offset: int, hour: int = 10, minute: int = 0) -> Iterator[None]:
        """Act so many days from today (negative: before); letters are written and settled the same day."""
        with clock.at(clock.moment(self.day(offset), hour, minute)):
            yield
            trainings.tell()
            post.settle()

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a CSV of the folder."""
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def words(self, name: str) -> dict[str, Any]:
        """Return a TOML of the folder."""
        with (self.folder / f"{name}.toml").open("rb") as file:
            return tomllib.load(file)


def address(name: str) -> str:
    """Return the address of a fictitious person or actor: it leads nowhere."""
    return f"{fold(name).replace(' ', '.')[:60]}@{DOMAIN}"
