"""`load_territory`: whole or not at all, twice the same, any LAG, errors that name file and line."""

import io

import pytest
from django.core.management import CommandError, call_command

from territory import actions, figures
from territory.models import (
    LAG,
    Area,
    Boundary,
    Indicator,
    IndicatorValue,
    Locality,
    Municipality,
    Theme,
)
from territory.tables import FolderError
from tests.factories.territory import SourceFactory

pytestmark = pytest.mark.django_db


def replace(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def changes(report):
    return {kind: tally.changes for kind, tally in report.items() if tally.changes}


# Another LAG ---------------------------------------------------------------------------------------------


def test_another_lag_loads_from_its_own_folder(small_folder):
    actions.load_folder(small_folder)
    lag = LAG.objects.current()
    assert str(lag) == "GAL Burdinale Mehaigne"
    assert [m.name for m in Municipality.objects.of_lag()] == ["Braives", "Burdinne", "Héron", "Wanze"]
    assert list(Area.objects.values_list("code", flat=True)) == ["burdinale-mehaigne"]
    point = figures.latest(["population"], [lag.area])["population", lag.area.code]
    assert (point.year, point.value) == (2020, 3297 + 5476 + 13731 + 6391)


def test_the_command_says_what_it_did_and_then_that_nothing_changes(small_folder):
    first, second = io.StringIO(), io.StringIO()
    call_command("load_territory", folder=small_folder, stdout=first)
    call_command("load_territory", folder=small_folder, stdout=second)
    assert first.getvalue().splitlines()[0] == "communes\u00a0: ajouts 13"
    assert first.getvalue().splitlines()[-1] == "78 changements"
    assert second.getvalue().splitlines()[0] == "communes\u00a0: inchangés 13"
    assert second.getvalue().splitlines()[-1] == "0 changement"


def test_a_dry_run_checks_everything_and_writes_nothing(small_folder):
    out = io.StringIO()
    call_command("load_territory", folder=small_folder, dry_run=True, stdout=out)
    assert out.getvalue().splitlines()[-1] == "78 changements (essai\u00a0: rien n’a été écrit)"
    assert (Municipality.objects.count(), IndicatorValue.objects.count()) == (0, 0)


def test_a_database_that_serves_a_lag_refuses_another(small_folder, settings):
    actions.load_folder(small_folder)
    replace(small_folder, "territoire.toml", "[gal.burdinale-mehaigne]", "[gal.autre]")
    with pytest.raises(FolderError, match="cette base sert déjà le GAL «\u00a0burdinale-mehaigne\u00a0»"):
        actions.load_folder(small_folder)
    assert not Area.objects.filter(code="autre").exists()


def test_a_folder_of_two_lags_asks_which(small_folder):
    path = small_folder / "territoire.toml"
    text = path.read_text(encoding="utf-8")
    second = text[text.index("[gal.") :].replace("burdinale-mehaigne", "autre")
    path.write_text(text + second, encoding="utf-8")
    with pytest.raises(FolderError, match="plusieurs GAL"):
        actions.load_folder(small_folder)
    actions.load_folder(small_folder, lag="autre")
    assert LAG.objects.current().slug == "autre"


# A folder that changes -----------------------------------------------------------------------------------


def test_a_village_whose_name_is_written_better_remains_that_village(small_folder):
    replace(small_folder, "territoire.toml", "[fichiers]", '[fichiers]\nlocalites = "localites.csv"')
    villages = small_folder / "localites.csv"
    villages.write_text(
        "code_postal,localite,nis,lon,lat\n4210,L'ecluse-Sur-Mehaigne,61010,5.1,50.6\n", "utf-8"
    )
    actions.load_folder(small_folder)
    before = Locality.objects.get()
    replace(small_folder, "localites.csv", "L'ecluse-Sur", "L'Écluse-sur")
    assert changes(actions.load_folder(small_folder)) == {"localités": 1}
    assert list(Locality.objects.values_list("pk", "name")) == [(before.pk, "L’Écluse-sur-Mehaigne")]
    assert changes(actions.load_folder(small_folder)) == {}


def test_a_corrected_figure_is_changed_a_withdrawn_one_removed(small_folder):
    actions.load_folder(small_folder)
    replace(small_folder, "population.csv", "61010,2020,3297\n", "61010,2020,3298\n")
    replace(small_folder, "population.csv", "61010,2006,2824\n", "")
    tally = actions.load_folder(small_folder)["valeurs d’indicateurs"]
    assert (tally.created, tally.changed, tally.removed) == (0, 1, 1)
    values = IndicatorValue.objects.filter(municipality__code="61010", indicator__code="population")
    assert list(values.values_list("year", "value")) == [(2020, 3298)]


def test_an_empty_cell_is_a_missing_figure_never_zero(small_folder):
    replace(small_folder, "population.csv", "61010,2020,3297\n", "61010,2020,\n")
    actions.load_folder(small_folder)
    values = IndicatorValue.objects.filter(municipality__code="61010", indicator__code="population")
    assert list(values.values_list("year", flat=True)) == [2006]


def test_a_value_typed_at_the_desk_is_kept_and_counted(small_folder):
    actions.load_folder(small_folder)
    values = IndicatorValue.objects.filter(municipality__code="61010", indicator__code="population")
    values.filter(year=2020).update(value=3300, file="")
    IndicatorValue.objects.create(
        indicator=Indicator.objects.get(code="population"),
        municipality=Municipality.objects.get(code="61010"),
        year=2026,
        value=3400,
        source=SourceFactory(),
    )
    report = actions.load_folder(small_folder)
    assert changes(report) == {}
    assert report["valeurs d’indicateurs"].kept == 1
    assert list(values.order_by("year").values_list("year", "value")) == [
        (2006, 2824),
        (2020, 3300),
        (2026, 3400),
    ]


def test_texts_that_staff_changed_stay_and_empty_ones_are_filled(small_folder):
    actions.load_folder(small_folder)
    LAG.objects.update(programme="Nos villages branchés")
    Theme.objects.filter(code="culture").update(name="Culture")
    replace(
        small_folder,
        "territoire.toml",
        "[gal.burdinale-mehaigne]\n",
        '[gal.burdinale-mehaigne]\nrpm = "RPM Liège"\n',
    )
    assert changes(actions.load_folder(small_folder)) == {"GAL": 1}
    lag = LAG.objects.current()
    assert (lag.programme, lag.legal_court) == ("Nos villages branchés", "RPM Liège")
    assert Theme.objects.get(code="culture").name == "Culture"
    assert changes(actions.load_folder(small_folder)) == {}


def test_a_municipality_that_leaves_the_lag_leaves_its_area(small_folder):
    actions.load_folder(small_folder)
    replace(small_folder, "territoire.toml", '"61010", ', "")
    replace(small_folder, "territoire.toml", '"64034"', '"64034", "61010"')
    assert changes(actions.load_folder(small_folder)) == {"zones": 1, "GAL": 1}
    assert not Municipality.objects.of_lag().filter(code="61010").exists()
    assert Municipality.objects.neighbours().filter(code="61010").exists()


# Files that are wrong ------------------------------------------------------------------------------------

WRONG = [
    (
        "population.csv",
        "61010,2020,3297",
        "61010,2020,3 297",
        "population.csv, ligne 5 : « 3 297 » n’est pas un nombre (colonne « population »)",
    ),
    (
        "population.csv",
        "61010,2020,3297",
        "61010,2020,nan",
        "population.csv, ligne 5 : « nan » n’est pas un nombre (colonne « population »)",
    ),
    (
        "population.csv",
        "61010,2020,",
        "61010,20,",
        "population.csv, ligne 5 : « 20 » n’est pas une année (colonne « annee »)",
    ),
    (
        "population.csv",
        "61010,2020,",
        "99999,2020,",
        "population.csv, ligne 5 : « 99999 » est inconnu (colonne « nis »)",
    ),
    (
        "population.csv",
        "61010,2020,",
        "61010,2006,",
        "population.csv, ligne 5 : doublon de la ligne 4 (61010, 2006)",
    ),
    ("population.csv", "61010,2020,3297", "61010,2020", "population.csv, ligne 5 : 2 cellules au lieu de 3"),
    (
        "population.csv",
        "nis,annee",
        "ins,annee",
        "population.csv, ligne 1 : colonne(s) absente(s) : nis ; trouvées : ins, annee, population",
    ),
    (
        "communes.csv",
        "61010,Burdinne",
        "61003,Burdinne",
        "communes.csv, ligne 3 : doublon de la ligne 2 (61003)",
    ),
    (
        "contours.geojson",
        '"Polygon"',
        '"Point"',
        "contours.geojson, ligne 2 : contour de 61003 : type « Point » au lieu de Polygon ou MultiPolygon",
    ),
    (
        "contours.geojson",
        "[[[5.",
        "[[[500.",
        "contours.geojson, ligne 2 : contour de 61003 : un point n’est pas une longitude et une latitude",
    ),
    (
        "contours.geojson",
        "[[[5.",
        "[[[6.",
        "contours.geojson, ligne 2 : contour de 61003 : un anneau n’est pas fermé",
    ),
    (
        "contours.geojson",
        '"features":[',
        '"features":[,',
        "contours.geojson, ligne 1 : JSON illisible (Expecting value)",
    ),
    (
        "contours.geojson",
        '"nis":"61003"',
        '"nis":"99999"',
        "contours.geojson : contour d’une commune inconnue (99999)",
    ),
    (
        "contours.geojson",
        '"nis":"61003"',
        '"nis":"61010"',
        "contours.geojson, ligne 2 : la commune 61010 y figure deux fois",
    ),
    (
        "territoire.toml",
        '"61010"',
        '"99999"',
        "territoire.toml : la commune 99999 n’est pas dans communes.csv",
    ),
    ("territoire.toml", '"61010"', '"61028"', "territoire.toml : la commune 61028 est citée deux fois"),
    (
        "territoire.toml",
        '"61010"',
        '"61012"',
        "territoire.toml : aucun fichier de contours ne contient la commune 61012",
    ),
    (
        "territoire.toml",
        "nom_court",
        "surnom",
        "territoire.toml : [gal.burdinale-mehaigne] : « nom_court » manque",
    ),
    (
        "territoire.toml",
        "programme =",
        "telefone = 1\nprogramme =",
        "territoire.toml : [gal.burdinale-mehaigne] : clé inconnue « telefone »",
    ),
    (
        "territoire.toml",
        "programme =",
        'numero_entreprise = "0123"\nprogramme =',
        "territoire.toml : « 0123 » n’est pas un numéro d’entreprise : dix chiffres attendus, "
        "par exemple 0314.595.348",
    ),
    ("territoire.toml", "themes.csv", "absent.csv", None),
    (
        "indicateurs.csv",
        "rapport,population,surface",
        "rapport,population,density",
        "indicateurs.csv, ligne 4 : « density » est inconnu (colonne « denominateur »)",
    ),
    (
        "indicateurs.csv",
        "surface,1,,",
        "surface,0,,",
        "indicateurs.csv, ligne 4 : un rapport a besoin d’un facteur positif",
    ),
    (
        "indicateurs.csv",
        "population,somme",
        "meteo,somme",
        "indicateurs.csv, ligne 3 : « meteo » est inconnu (colonne « groupe »)",
    ),
    (
        "lectures.csv",
        "surface,communes.csv",
        "density,communes.csv",
        "lectures.csv, ligne 2 : « density » est un rapport : il se calcule, il ne se lit pas",
    ),
    (
        "lectures.csv",
        ",population,,",
        ",habitants,,",
        "lectures.csv, ligne 3 : population.csv n’a pas de colonne « habitants »",
    ),
    (
        "lectures.csv",
        ",,statbel,",
        ",,insee,",
        "lectures.csv, ligne 2 : « insee » est inconnu (colonne « source »)",
    ),
    (
        "lectures.csv",
        "population,population.csv,annee,population,,",
        "population,population.csv,annee,population,annee,",
        "lectures.csv, ligne 3 : filtre illisible : « annee »",
    ),
]


def french(text):
    """The spaces of French typography, written as plain spaces above to stay readable."""
    for mark in ";?!":
        text = text.replace(f" {mark}", f"\u202f{mark}")
    return text.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")


@pytest.mark.parametrize(("file", "old", "new", "message"), WRONG)
def test_a_wrong_file_is_named_with_its_line_and_nothing_is_written(small_folder, file, old, new, message):
    replace(small_folder, file, old, new)
    with pytest.raises(CommandError) as error:
        call_command("load_territory", folder=small_folder)
    message = french(message) if message else french(f"absent.csv : ce fichier manque dans {small_folder}")
    assert str(error.value) == f"{message}. Rien n’a été écrit."
    assert [model.objects.count() for model in (Municipality, Area, LAG, Boundary, Locality)] == [0] * 5


def test_a_file_in_another_encoding_is_refused_with_its_line(small_folder):
    path = small_folder / "themes.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(FolderError, match="themes.csv, ligne 2\u00a0: ce fichier n’est pas en UTF-8"):
        actions.load_folder(small_folder)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(CommandError, match="territoire.toml\u00a0: ce fichier manque dans"):
        call_command("load_territory", folder=tmp_path)


def test_a_fault_found_while_writing_takes_everything_back(small_folder):
    """Two themes of one name: the database refuses, after the municipalities were written."""
    replace(small_folder, "themes.csv", "Culture et vie associative", "Mobilité")
    with pytest.raises(CommandError, match="Rien n’a été écrit"):
        call_command("load_territory", folder=small_folder)
    assert Municipality.objects.count() == 0
