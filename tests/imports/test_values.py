"""Figures from tables: wide or long, with their unit and source; ratios are never imported."""

from decimal import Decimal

import pytest

from imports.admin import summary
from territory.models import IndicatorValue, Source
from tests.factories.imports import previewed, received, written
from tests.factories.territory import (
    AreaFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    RatioFactory,
    SourceFactory,
)

# population_communes.csv of the territory's folder: residents on 1 January (Statbel).
WIDE = "Code INS;Commune;Population 2018;Population 2019;Population 2020\n25043;Incourt;5395;5453;5 521\n25120;Orp-Jauche;8.780;n.d.;8931\n"
LONG = "nis,annee,valeur\n25043,2018,5395\n25043,2019,5453\n25120,2018,\n25120,2020,8931\n"


@pytest.fixture
def population(places):
    return IndicatorFactory(code="population", short_name="Population", unit="habitants", decimals=0)


@pytest.fixture
def answers(population):
    source = SourceFactory(credit="Statbel")
    return {"indicator": str(population.pk), "unit": "habitants", "source": str(source.pk)}


def values():
    rows = IndicatorValue.objects.order_by("municipality__code", "year")
    return [(row.municipality.code, row.year, int(row.value)) for row in rows]


def test_a_column_a_year_is_read_and_missing_is_never_zero(answers):
    mapping = {"Commune": ""}
    run = written(WIDE, target="indicator_values", options=answers, mapping=mapping)
    assert run.mapping == {
        "Code INS": "place",
        "Population 2018": "value",
        "Population 2019": "value",
        "Population 2020": "value",
    }
    assert values() == [
        ("25043", 2018, 5395),
        ("25043", 2019, 5453),
        ("25043", 2020, 5521),
        ("25120", 2020, 8931),
    ]
    refused = run.rows.get(outcome="refused")
    assert (refused.line, refused.part, refused.reasons) == (
        3,
        "Population 2018",
        ["« 8.780 » se lit de deux façons : écrivez 8780, sans point ni virgule"],
    )
    again = written(WIDE, target="indicator_values", options=answers, mapping=mapping)
    assert summary(again) == "0 changement"


def test_a_row_a_value_is_read_alike_and_a_change_is_shown(answers):
    written(LONG, target="indicator_values", options=answers)
    assert values() == [("25043", 2018, 5395), ("25043", 2019, 5453), ("25120", 2020, 8931)]
    run = written(LONG.replace("5453", "5454"), target="indicator_values", options=answers)
    assert run.rows.get(outcome="change").changes == [
        ["valeur", "5\u202f453 habitants", "5\u202f454 habitants"]
    ]
    assert summary(run) == "1 modification"


def test_a_new_source_is_made_once_with_its_licence(answers):
    told = {
        "source": "",
        "publisher": "IBPT",
        "title": "Atlas du haut débit",
        "licence": "CC BY 4.0",
        "credit": "IBPT, 2026",
    }
    written(LONG, target="indicator_values", options=answers | told)
    source = Source.objects.get(code="ibpt-atlas-du-haut-debit")
    assert (source.licence, source.values.count()) == ("CC BY 4.0", 3)


def test_the_unit_must_be_the_indicators_and_a_source_is_told_whole(answers):
    kind = received(LONG, target="indicator_values").kind
    form = kind.form(answers | {"unit": "ménages", "source": ""})
    assert {"unit", "publisher", "title", "licence", "credit"} == set(form.errors)
    assert form.errors["unit"] == ["Cet indicateur se compte en « habitants »."]


def test_a_ratio_is_computed_and_never_imported(answers):
    ratio = RatioFactory(code="densite", name="Densité")
    assert "indicator" in received(LONG, target="indicator_values").kind.form({"indicator": ratio.pk}).errors
    run = previewed(
        "nis,indicateur,annee,valeur\n25043,densite,2020,140\n25043,population,2020,5521\n25043,xx,2020,1\n",
        target="indicator_values",
        options=answers | {"indicator": "", "unit": ""},
    )
    assert [(row.outcome, row.reasons) for row in run.rows.all()] == [
        ("refused", ["« Densité » se calcule : importez son numérateur et son dénominateur"]),
        ("create", []),
        ("refused", ["« xx » n’est pas le code d’un indicateur"]),
    ]


def test_a_value_of_the_folder_is_corrected_there(answers, population, places):
    IndicatorValueFactory(
        indicator=population,
        municipality=places["incourt"],
        year=2018,
        value=5395,
        file="population_communes.csv",
    )
    run = previewed(LONG.replace("5395", "5396"), target="indicator_values", options=answers)
    row = run.rows.get(line=2)
    assert (row.outcome, row.reasons) == (
        "refused",
        ["la valeur vient du dossier du territoire (population_communes.csv) : c’est là qu’elle se corrige"],
    )


def test_places_are_areas_too_and_contradictions_are_refused(answers):
    AreaFactory(code="20002", name="Brabant wallon")
    run = written(
        "nis;annee;valeur\n20002;2020;406019\nIncourt;2020;5521\n25043;2020;5522\n99999;2020;1\n25043;;1\n",
        target="indicator_values",
        options=answers,
    )
    assert [(row.line, row.outcome, row.reasons) for row in run.rows.all()] == [
        (2, "create", []),
        (3, "create", []),
        (4, "refused", ["déjà à la ligne 3, autre valeur"]),
        (5, "refused", ["« 99999 » n’est pas une commune ni un village connus ici"]),
        (6, "refused", ["l’année manque"]),
    ]
    assert IndicatorValue.objects.get(area__code="20002").value == Decimal(406019)
