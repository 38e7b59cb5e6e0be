"""The tree of a commune's plan from a table."""

import pytest

from imports.admin import summary
from territory.choices import PlanKind
from territory.models import Objective
from tests.factories.imports import written
from tests.factories.territory import StrategicPlanFactory

TREE = (
    "N°;Niveau;Intitulé\n"
    "1;Axe;Une commune qui se déplace\n"
    "1.1;OO;Relier les villages\n"
    "1.1.1;Action;Tracer un Ravel vers Glimes\n"
    "2;Axe;Une commune qui accueille\n"
    "3.1;OO;Sans son axe\n"
    "2;Axe;Deux fois\n"
)


@pytest.fixture
def answers(places):
    plan = StrategicPlanFactory(kind=PlanKind.PST, municipality=places["incourt"], title="PST d’Incourt")
    return {"plan": str(plan.pk)}


def test_a_tree_is_read_line_after_line_and_only_once(answers):
    run = written(TREE, target="objectives", options=answers)
    assert list(Objective.objects.order_by("code").values_list("code", "level", "parent__code")) == [
        ("1", "strategic", None),
        ("1.1", "operational", "1"),
        ("1.1.1", "action", "1.1"),
        ("2", "strategic", None),
    ]
    assert [(row.line, row.reasons) for row in run.rows.filter(outcome="refused")] == [
        (6, ["le parent « 3 » n’est pas plus haut dans le fichier, ni dans le plan"]),
        (7, ["ce code est déjà à la ligne 5"]),
    ]
    assert summary(written(TREE, target="objectives", options=answers)) == "0 changement"


def test_a_level_that_is_not_said_follows_from_the_code(answers):
    written("Code;Titre\nA;Axe\nA.1;Objectif\nA.1.a;Action\n", target="objectives", options=answers)
    assert dict(Objective.objects.values_list("code", "level")) == {
        "A": "strategic",
        "A.1": "operational",
        "A.1.a": "action",
    }


def test_a_changed_title_is_shown(answers):
    written(TREE, target="objectives", options=answers)
    run = written(TREE.replace("Ravel", "RAVeL"), target="objectives", options=answers)
    assert run.rows.get(outcome="change").changes == [
        ["titre", "Tracer un Ravel vers Glimes", "Tracer un RAVeL vers Glimes"]
    ]
