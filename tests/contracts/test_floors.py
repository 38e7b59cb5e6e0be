"""The house stands: no import and no relation upward, in any guise."""

import tomllib

import pytest
from django.apps import apps
from django.conf import settings

from tests.contracts import floors

FLOORS = floors.read()
OURS = [config.label for config in apps.get_app_configs() if (settings.BASE_DIR / config.name).is_dir()]


def upward(relations, floor_of):
    """Return the relations that leave a room for its own floor or one above."""
    return [
        (source, target)
        for source, target in relations
        if source.split(".")[0] != target.split(".")[0]
        and floor_of[target.split(".")[0]] >= floor_of[source.split(".")[0]]
    ]


def relations():
    """Every relation between models of ours, as (label, label): string foreign keys too."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in OURS:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if field.is_relation and not field.auto_created and target and target._meta.app_label in OURS:
                yield model._meta.label, target._meta.label


def test_every_room_of_the_house_stands_on_a_floor():
    assert set(OURS) <= set(FLOORS)


def test_no_relation_goes_sideways_or_up():
    assert upward(relations(), FLOORS) == []


def test_a_relation_upward_would_be_seen():
    assert upward([("territory.Area", "diagnostics.Diagnostic")], {"territory": 1, "diagnostics": 2}) == [
        ("territory.Area", "diagnostics.Diagnostic")
    ]
    assert upward([("territory.Area", "accounts.User")], {"territory": 1, "accounts": 1}) != []


def test_accounts_user_is_the_only_way_to_a_user():
    assert settings.AUTH_USER_MODEL == "accounts.User"


def test_no_exception_is_listed():
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    assert [contract for contract in contracts if "ignore_imports" in contract] == []


@pytest.mark.parametrize("room", [room for room in FLOORS if room != "smartrural"])
def test_every_room_says_what_it_is_for(room):
    text = (settings.BASE_DIR / room / "__init__.py").read_text()
    assert text.startswith('"""')
