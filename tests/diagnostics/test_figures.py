"""Figures: the real territory's, each once, plain, and refused where there is nothing to say."""

import json

import pytest
from django.core.exceptions import ValidationError

from diagnostics import figures, snapshots
from diagnostics.chapters.portrait import figures as portrait_figures
from diagnostics.models import Diagnostic
from territory.models import Area, Municipality
from tests.factories.diagnostics import frozen
from tests.factories.territory import AreaFactory

META = {"schema", "code_version", "edition", "version", "status", "created", "author"}


def figures_only(data: dict) -> dict:
    return {key: value for key, value in data.items() if key not in META}


@pytest.mark.parametrize(
    ("model", "code", "name"),
    [
        (Municipality, "25048", "jodoigne"),
        (Area, "culturalite", "territoire"),
        (Municipality, "25121", "ottignies"),
    ],
)
def test_the_real_territory_gives_the_figures_that_were_frozen(real_territory, db, model, code, name):
    data = figures.collect(model.objects.get(code=code), edition="2026")
    assert data == figures_only(frozen(name))
    assert json.loads(snapshots.canonical(data)) == data


def test_published_figures_of_jodoigne():
    """Checked by hand against Statbel's files: 14 357 ÷ 12 440 − 1, 735 of 2 297 permits, rank 34 of 261."""
    data = frozen()
    portrait = data["portrait"]
    assert portrait["population"]["values"][0][1][-1] == 14357
    assert portrait["population"]["growth"][0] == ["25048", 15.4]
    assert dict(portrait["permits"]["totals"])["25048"] == 735
    assert dict(portrait["permits"]["totals"])["culturalite"] == 2297
    assert portrait["permits"]["shares_of_group"] == {"dwellings": 32.0, "people": 25.8}
    assert dict(portrait["ranks"][0]["ranks"])["25048"] == 34
    assert data["among"] == 261
    assert data["tables"][0]["rows"][4]["cells"] == [
        "Revenu/déclar., €", "2013", 32819, 37908, 32139, 35702, 33539, 34235, 35179, 34334, 35533, 28794,
    ]  # fmt: skip


def test_what_is_not_published_is_none_with_its_reason_and_never_zero():
    broadband = frozen()["portrait"]["ranks"][-1]
    assert (broadband["values"], broadband["missing"]) == ([], "Non publié par commune en accès libre.")


def test_a_municipality_outside_the_territory_is_compared_with_its_province_and_region():
    assert [place["role"] for place in frozen("ottignies")["places"]] == ["scope", "province", "region"]


def test_an_area_shows_its_municipalities_one_by_one_up_to_nine(real_territory, db):
    province = figures.collect(Area.objects.get(code="20002"), edition="2026")
    assert [place["role"] for place in province["places"]] == ["scope", "region"]
    assert [place["role"] for place in frozen("territoire")["places"]].count("member") == 7


def test_an_empty_area_is_refused_in_french_before_anything_is_written(db):
    with pytest.raises(ValidationError, match="ne contient aucune commune"):
        figures.collect(AreaFactory(name="Zone vide"), edition="2026")
    assert Diagnostic.objects.count() == 0


def test_a_territory_without_the_indicators_says_which_are_missing(real_territory, db, monkeypatch):
    monkeypatch.setattr(portrait_figures, "RANKED", (("inconnu", 2020, 0, False),))
    with pytest.raises(ValidationError, match="Des indicateurs manquent dans ce territoire"):
        figures.collect(Municipality.objects.get(code="25048"), edition="2026")
