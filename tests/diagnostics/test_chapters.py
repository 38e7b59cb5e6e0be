"""Chapters: each figure computed by hand from the fictitious programme of `programme.py`."""

import json

import pytest

from diagnostics import figures, report, sheet, snapshots
from diagnostics.chapters import CHAPTERS
from needs.models import Survey
from territory.models import Area, Municipality
from tests.diagnostics.programme import HELECINE, INCOURT, JODOIGNE, PERWEZ
from tests.diagnostics.test_figures import figures_only
from tests.factories.diagnostics import frozen

KEYS = [chapter.KEY for chapter in CHAPTERS]


@pytest.fixture(scope="module")
def jodoigne():
    return frozen("programme")


@pytest.fixture
def territory(programme, db):
    return figures.collect(Area.objects.get(code="culturalite"), edition="2026")


@pytest.fixture
def silent(programme, db):
    """The diagnostic of a commune that did not send its response."""
    return figures.collect(Municipality.objects.get(code=HELECINE), edition="2026")


def rows(data: dict, key: str) -> list[list]:
    return next([row["cells"] for row in table["rows"]] for table in data["tables"] if table["key"] == key)


def test_the_programme_gives_the_figures_that_were_frozen(programme, db):
    data = figures.collect(Municipality.objects.get(code=JODOIGNE), edition="2026")
    assert data == figures_only(frozen("programme"))
    assert json.loads(snapshots.canonical(data)) == data


def test_chapters_have_their_numbers_in_order_and_number_what_they_show(jodoigne):
    assert [chapter["key"] for chapter in jodoigne["chapters"]] == KEYS
    assert [chapter["number"] for chapter in jodoigne["chapters"]] == list(range(3, 3 + len(KEYS)))
    numbered = {one["key"].partition(".")[0] for name in ("captions", "tables") for one in jodoigne[name]}
    assert numbered == {"A", *(str(chapter.NUMBER) for chapter in CHAPTERS)}
    assert jodoigne["left_out"] == []


def test_actors_are_counted_where_they_have_their_seat(jodoigne):
    counts = dict(jodoigne["actors"]["communes"])
    assert (counts[JODOIGNE], counts[PERWEZ], counts[HELECINE]) == ([1, 3, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0])
    assert jodoigne["actors"]["totals"] == [7, 3, 1, 0]  # not the university, which has no seat here
    assert rows(jodoigne, "4.1")[-1] == ["Ensemble", 7, 3, 1, 0, 11]


def test_who_did_not_answer_is_said_by_name_and_begun_is_not_sent(jodoigne):
    states = {code: state for code, state, _day in jodoigne["participation"]["communes"]}
    assert (states[JODOIGNE], states[HELECINE], states["25005"]) == ("submitted", "draft", "")
    assert (jodoigne["participation"]["sent"], jodoigne["participation"]["sent_before"]) == (3, 2)
    assert "Beauvechain, Hélécine, Orp-Jauche et Ramillies" in [gap["subject"] for gap in jodoigne["gaps"]]
    told = next(chapter for chapter in jodoigne["chapters"] if chapter["key"] == "participation")
    assert told["title"] == "Trois communes sur\u00a07 ont répondu"
    assert "%" not in told["title"] + told["lead"]  # n under 30: no percentage


def line(data: dict, code: str) -> dict:
    return next(one for one in data["maturity"]["lines"] if one["code"] == code)


def test_maturity_stands_beside_the_territory_and_the_edition_before(jodoigne):
    """Quality of life: (3 + 2) ÷ 8 = 62.5; the three communes 5, 4 and 3 of 8, mean 50; in 2024 4 of 8."""
    living = line(jodoigne, "living")
    assert [living[key] for key in ("own", "territory", "n", "previous", "gap", "band", "self_rated")] == [
        63, 50, 3, 50, 13, "Épi", 8,
    ]  # fmt: skip
    whole = line(jodoigne, "")
    assert (whole["own"], whole["previous"], whole["gap"]) == (
        58,
        46,
        13,
    )  # 28 and 22 of 48; 12.5 before rounding


def test_a_dimension_answered_under_three_quarters_leaves_the_mean_and_so_does_what_is_without_object(
    jodoigne,
):
    """Mobility: Incourt answered one criterion of two. Governance: Incourt's second is « s.o. », so 2 ÷ 4 counts."""
    assert (line(jodoigne, "mobility")["territory"], line(jodoigne, "mobility")["n"]) == (31, 2)
    assert (line(jodoigne, "governance")["territory"], line(jodoigne, "governance")["n"]) == (71, 3)
    assert line(jodoigne, "")["n"] == 2


def test_a_commune_that_did_not_answer_is_not_known_with_the_reason_and_never_zero(silent):
    lines = silent["maturity"]["lines"]
    assert {(one["own"], one["gap"], one["band"]) for one in lines} == {(None, None, "")}
    assert [one["territory"] for one in lines] == [50, 31, 50, 25, 54, 71, 53]
    assert {"maturity"} & {finding["key"] for finding in silent["findings"]} == set()
    reasons = {gap["subject"]: gap["reason"] for gap in silent["gaps"]}
    assert reasons["La maturité d’Hélécine"] == (
        "n.d., la commune n’a pas envoyé sa réponse à l’enquête 2026."
    )
    assert "n.d." in sheet.shown(silent)["maturity"]["reading"]
    assert [one["own"] for one in silent["criteria"]["criteria"]] == [None] * 12


def test_the_territory_compares_its_own_means_and_says_that_other_communes_answered(territory):
    assert (line(territory, "living")["own"], line(territory, "living")["previous"]) == (50, 44)
    told = next(chapter for chapter in territory["chapters"] if chapter["key"] == "maturity")
    assert "3 en 2026, 2 en 2024" in told["remark"]
    assert [table["header"] for table in territory["tables"] if table["key"] == "6.1"] == [
        ["Dimension", "2026", "Palier", "n", "2024", "Écart"]
    ]


def test_criteria_count_communes_at_each_level_and_name_both_ends_with_their_ties(jodoigne):
    """Quality of life, a: 3, 2, 2. Governance: 4, 3, 2 and 3, 3. Economy a: 1, 1, 0; mobility b: 1, 1, 1."""
    criteria = {one["code"]: one for one in jodoigne["criteria"]["criteria"]}
    first = criteria["a_living"]
    assert (first["levels"], first["n"], first["mean"], first["own"]) == ([0, 0, 2, 1, 0], 3, 2.3, 3)
    second = criteria["b_governance"]
    assert (second["levels"], second["n"], second["not_concerned"], second["mean"]) == (
        [0, 0, 0, 2, 0],
        2,
        1,
        3.0,
    )
    assert jodoigne["criteria"]["strongest"] == ["a_governance", "b_governance"]
    assert jodoigne["criteria"]["weakest"] == ["a_economy", "b_mobility"]


def test_needs_are_ranked_by_communes_times_urgency(jodoigne):
    """Adviser: 4 communes × 3 = 12. Rides: 2 communes × (1 + 2) ÷ 2 = 3. The unpublished one is nowhere."""
    ranked = [
        (one["title"], one["importance"], one["urgency"], one["score"]) for one in jodoigne["needs"]["needs"]
    ]
    assert ranked == [
        ("Un conseiller numérique partagé", 4, 3.0, 12.0),
        ("Du covoiturage vers les gares", 2, 1.5, 3.0),
    ]
    assert "Un besoin pas encore publié" not in json.dumps(jodoigne, ensure_ascii=False)


def test_needs_of_persons_are_counted_by_theme_with_small_cells_withheld(jodoigne):
    """Five digital needs, two of mobility: the two are withheld, and the five with them, since 7 is printed."""
    assert jodoigne["needs"]["received"] == 7
    assert jodoigne["needs"]["themes"] == [["Numérique et inclusion", "masqué"], ["Mobilité", "masqué"]]


def test_the_matrix_says_how_far_each_commune_goes(jodoigne):
    first, second = jodoigne["pooling"]["rows"]
    cells = dict(first["cells"])
    assert [cells[code] for code in (JODOIGNE, PERWEZ, INCOURT, HELECINE, "25005")] == [
        "cofunds", "joins", "interested", "voiced", "",
    ]  # fmt: skip
    assert [(row["engaged"], row["concerned"]) for row in (first, second)] == [(2, 4), (0, 2)]


def test_trainings_count_what_was_held_in_the_year_and_name_who_was_not_reached(jodoigne):
    """Two evenings of two hours, one of an hour and a half; 7, 6 and 2 people; 2025 is another year."""
    matter = jodoigne["trainings"]
    assert [matter[key] for key in ("sessions", "local", "hours", "registered", "attended", "told")] == [
        2, 1, 5.5, 15, 7, 1,
    ]  # fmt: skip
    shown = dict(matter["communes"])
    assert [shown[code] for code in (JODOIGNE, PERWEZ, INCOURT, HELECINE)] == [7, "masqué", "masqué", 0]
    assert matter["unreached"] == ["25005", HELECINE, "25120", "25122"]
    assert matter["families"] == [
        ["communes", 7],
        ["associations et initiatives citoyennes", 0],
        ["entreprises", 0],
        ["partenaires", 0],
        ["sans organisation connue", 8],
    ]


def test_no_withheld_count_can_be_had_back_from_the_snapshot(jodoigne):
    """Incourt's two people stand nowhere: neither in a cell, nor as what the total leaves."""
    shown = [n for _code, n in jodoigne["trainings"]["communes"]] + [jodoigne["trainings"]["elsewhere"]]
    assert shown.count("masqué") == 2
    assert 2 not in shown


def test_projects_show_their_state_their_funders_and_the_need_they_answer(jodoigne):
    assert rows(jodoigne, "11.1") == [
        [
            "Un agenda partagé des salles",
            "en cours",
            "Jodoigne",
            "Perwez",
            "Un conseiller numérique partagé",
            "1 sur 2",
        ],
        ["Une carte des sentiers", "en conception", "Incourt", None, "—", "—"],
    ]
    assert [one["own"] for one in jodoigne["projects"]["projects"]] == [True, False]


def test_the_sheet_names_the_first_needs_and_what_happened(jodoigne):
    shown = sheet.shown(jodoigne)
    assert [(one["title"], one["detail"]) for one in shown["needs"]] == [
        ("Un conseiller numérique partagé", "4 communes sur 7"),
        ("Du covoiturage vers les gares", "2 communes sur 7"),
    ]
    assert shown["happened"] == [
        "2 séances de formation en 2026, dont 1 dans la commune\u00a0; inscriptions d’ici\u00a0: 7.",
        "Projet «\u00a0Un agenda partagé des salles\u00a0», en cours.",
    ]
    assert shown["permits"] is None


def test_the_findings_draw_on_each_kind_of_matter_from_the_surest_to_the_most_fragile(jodoigne):
    assert [(one["key"], one["basis"]) for one in jodoigne["findings"]] == [
        ("growth", "public"),
        ("building", "public"),
        ("trainings", "counted"),
        ("maturity", "declared"),
        ("pooling", "declared"),
    ]
    assert "Depuis 2024\u00a0: +13 points." in jodoigne["findings"][3]["text"]


def test_another_edition_and_fewer_chapters_can_be_asked_for(programme, db):
    data = figures.collect(
        Municipality.objects.get(code=JODOIGNE),
        edition="2024",
        survey=Survey.objects.get(edition="2024"),
        chapters=["portrait", "maturity", "trainings"],
    )
    assert [chapter["key"] for chapter in data["chapters"]] == ["portrait", "maturity"]
    assert (line(data, "living")["own"], line(data, "living")["previous"]) == (50, None)
    assert {one["key"]: one["reason"] for one in data["left_out"]} == dict.fromkeys(
        ["actors", "participation", "criteria", "needs", "pooling", "projects"],
        "non demandé pour cette version.",
    ) | {"trainings": "aucune séance n’a été tenue en 2024."}
    snapshots.check(data)


def test_without_matter_each_chapter_is_left_out_and_the_method_says_why():
    data = frozen()
    assert [chapter["key"] for chapter in data["chapters"]] == ["portrait"]
    assert [one["key"] for one in data["left_out"]] == KEYS[1:]
    html = report.report_html(data)
    for absent in data["left_out"]:
        assert absent["reason"] in html


def test_a_large_area_leaves_out_what_is_shown_commune_by_commune(programme, db):
    data = figures.collect(Area.objects.get(code="20002"), edition="2026")
    assert [chapter["key"] for chapter in data["chapters"]] == ["portrait", "actors", "projects"]
    snapshots.check(data)
