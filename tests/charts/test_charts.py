"""Every drawing, on both papers: well formed, the same each time, honest about what is missing."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from charts import bars, lines, maps, radar, scales, signs, strips, svg
from tests.charts.gallery import JODOIGNE, every_chart, neighbours, places

PAPERS = pytest.mark.parametrize("paper", ["screen", "print"])
SVG = "{http://www.w3.org/2000/svg}"


def root(chart):
    return ElementTree.fromstring(str(chart))


def texts(chart):
    return ["".join(node.itertext()) for node in root(chart).iter(f"{SVG}text")]


def ids(chart):
    return re.findall(r' id="([^"]+)"', str(chart))


@PAPERS
@pytest.mark.parametrize("value", [12.0, 0, None, -3.0, 1e12, 1e-9])
def test_every_drawing_is_well_formed_whatever_the_value(paper, value):
    if value is not None and value <= 0:
        # What cannot be negative or zero says so instead of drawing it: tried on its own below.
        drawn = [bars.horizontal([bars.Row("a", value)], key="k", title="t", paper=paper)]
        drawn.append(bars.columns([bars.Column("a", value, 1, -2)], key="k", title="t", paper=paper))
        drawn.append(
            lines.lines([lines.Series("a", (lines.Dot(1, value),))], key="k", title="t", paper=paper)
        )
    else:
        drawn = every_chart(value=value, paper=paper).values()
    for chart in drawn:
        assert root(chart).tag == f"{SVG}svg"
        assert "nan" not in re.sub(r">[^<]*<", "><", str(chart)).lower()
        for word in (" style=", "<style", "<script", "javascript:", "currentColor", "var("):
            assert word not in str(chart)


@PAPERS
def test_the_same_input_gives_the_same_characters(paper):
    first, second = every_chart(paper=paper), every_chart(paper=paper)
    assert {name: str(chart) for name, chart in first.items()} == {
        name: str(chart) for name, chart in second.items()
    }


@PAPERS
def test_names_are_escaped(paper):
    for chart in every_chart(label='<script>alert("1")</script>&\x00', paper=paper).values():
        assert "<script" not in str(chart)
        assert root(chart).tag == f"{SVG}svg"


@PAPERS
def test_a_very_long_name_stays_on_the_paper(paper):
    for name, chart in every_chart(label="Très-Long-Village " * 17, paper=paper).items():
        box = root(chart)
        width = float(box.get("viewBox").split()[2])
        for node in box.iter(f"{SVG}text"):
            content, size = "".join(node.itertext()), float(node.get("font-size"))
            assert svg.text_width(content, size) <= width * 1.02, (name, content)


@PAPERS
def test_ids_carry_the_key_and_are_unique(paper):
    for name, chart in every_chart(paper=paper).items():
        found = ids(chart)
        assert len(found) == len(set(found)), name
        assert [one for one in found if not one.startswith("k-")] == []
        used = re.findall(r"url\(#([^)]+)\)", str(chart))
        assert set(used) <= set(found), name


@PAPERS
def test_a_drawing_has_words_and_a_table(paper):
    for name, chart in every_chart(paper=paper).items():
        if name == "grains":
            assert root(chart).get("aria-hidden") == "true"
            continue
        box = root(chart)
        assert box.get("role") == "img", name
        assert box.find(f"{SVG}title").text == "Jodoigne", name
        assert box.find(f"{SVG}desc").text == chart.description != "", name
        assert {len(row) for row in chart.table.rows} == {len(chart.table.header)}, name


@PAPERS
def test_missing_is_said_and_never_zero(paper):
    for name in (
        "horizontal",
        "columns",
        "stacked_columns",
        "stacked_shares",
        "dumbbell",
        "radar",
        "choropleth",
    ):
        chart = every_chart(value=None, paper=paper)[name]
        row = next(row for row in chart.table.rows if row[0] == "Jodoigne")
        assert any(cell.startswith("n.d.") for cell in row[1:]), name
        assert "0" not in row[1:], name


@PAPERS
def test_print_and_screen_never_change_the_data(paper):
    here, there = every_chart(paper=paper), every_chart(paper="screen")
    for name in there:
        assert here[name].table == there[name].table, name


@PAPERS
def test_nothing_to_draw_says_so(paper):
    common = {"key": "k", "title": "t", "paper": paper}
    drawn = [
        bars.horizontal([], **common),
        bars.columns([], **common),
        bars.stacked_columns([], ["a"], **common),
        bars.stacked_shares([], ["a"], **common),
        lines.small_multiples([], **common),
        lines.lines([], **common),
        strips.dumbbell([], **common),
    ]
    assert [texts(chart)[-1] for chart in drawn if "Aucune donnée" in texts(chart)] != []
    assert ["Aucune donnée" in texts(chart) for chart in drawn] == [True] * len(drawn)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "12", True])
def test_what_is_no_number_is_refused(bad):
    common = {"key": "k", "title": "t"}
    for draw in (
        lambda: bars.horizontal([bars.Row("a", bad)], **common),
        lambda: bars.columns([bars.Column("a", 1, bad)], **common),
        lambda: bars.stacked_columns([bars.Stack("a", (bad,))], ["s"], **common),
        lambda: lines.lines([lines.Series("a", (lines.Dot(1, bad),))], **common),
        lambda: strips.dumbbell([strips.Dumbbell("a", bad, 1)], **common),
        lambda: strips.density([bad], **common),
        lambda: radar.radar("abc", [radar.Series("a", (bad, 1, 1))], **common),
        lambda: maps.choropleth([replace(places()[0], value=bad)], **common),
    ):
        with pytest.raises(ValueError, match="finite"):
            draw()


def test_only_screen_follows_dark_and_sizes_are_readable():
    for name, chart in every_chart(paper="screen").items():
        assert "light-dark(" in str(chart), name
        if name in ("locator", "choropleth"):
            continue
        box = root(chart)
        scale = min(1, 288 / float(box.get("width")))
        sizes = [float(node.get("font-size")) * scale for node in box.iter(f"{SVG}text")]
        assert [size for size in sizes if size < 11] == [], name
    for name, chart in every_chart(paper="print").items():
        assert "light-dark(" not in str(chart), name
        assert root(chart).get("width").endswith("pt"), name
        assert [n for n in root(chart).iter(f"{SVG}text") if float(n.get("font-size")) < 7] == [], name


# Bars


def test_a_bar_is_as_long_as_its_value():
    chart = bars.horizontal([bars.Row("a", 10), bars.Row("b", 5), bars.Row("c", 0)], key="k", title="t")
    widths = [float(node.get("width")) for node in root(chart).iter(f"{SVG}rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)
    assert len(widths) == 2  # zero is written, not drawn
    assert texts(chart)[-1] == "0"


def test_shares_are_computed_from_counts():
    chart = bars.stacked_shares([bars.Stack("Jodoigne", (1, 2, 5))], ["a", "b", "c"], key="k", title="t")
    assert chart.table.rows == (("Jodoigne", "12,5\u202f%", "25,0\u202f%", "62,5\u202f%"),)


def test_parts_below_zero_or_too_many_series_are_refused():
    with pytest.raises(ValueError, match="below zero"):
        bars.stacked_shares([bars.Stack("a", (-1,))], ["a"], key="k", title="t")
    with pytest.raises(ValueError, match="5 fills"):
        bars.stacked_columns([], list("abcdef"), key="k", title="t")
    with pytest.raises(ValueError, match="2 parts for 1"):
        bars.stacked_columns([bars.Stack("a", (1, 2))], ["a"], key="k", title="t")


# Lines


def test_a_gap_a_long_step_and_a_hollow_point_interrupt_a_line():
    dots = [
        lines.Dot(2006, 1),
        lines.Dot(2007, 2),
        lines.Dot(2008, None),
        lines.Dot(2009, 3),
        lines.Dot(2012, 4),
    ]
    dots.append(lines.Dot(2013, 5, hollow=True))
    found = [[dot.x for dot in run] for run in lines.runs(dots, most=1)]
    assert found == [[2006, 2007], [2009], [2012]]


def test_end_labels_stand_apart_in_their_order():
    places_ = scales.apart([50, 51, 52, 10], 10, 0, 100)
    assert places_ == [41, 51, 61, 10]
    assert scales.apart([99, 99, 99], 10, 0, 100) == [80, 90, 100]


def test_ticks_are_round():
    assert scales.ticks(0, 160, 4) == [0, 50, 100, 150]
    assert scales.ticks(5, 5) == [5]
    assert scales.ticks(0, 1, 4) == [0, 0.5, 1]


def test_what_is_missing_has_no_place_on_a_scale():
    with pytest.raises(ValueError, match="no place"):
        scales.Linear(0, 10, 0, 100)(None)
    assert scales.Linear(5, 5, 0, 100)(5) == 50


# Strips


def test_rank_one_stands_at_the_right_and_is_said_1er():
    chart = strips.ranks(
        [strips.Rank("a", 1), strips.Rank("b", 261)], among=261, key="k", title="t", width=400
    )
    discs = [float(node.get("cx")) for node in root(chart).iter(f"{SVG}circle")]
    assert discs[0] > discs[1]
    assert [row[1] for row in chart.table.rows] == ["1er", "261e"]


def test_a_rank_outside_is_refused():
    with pytest.raises(ValueError, match="no rank 8 among 7"):
        strips.ranks([strips.Rank("a", 8)], among=7, key="k", title="t")


def test_a_log_scale_refuses_zero():
    with pytest.raises(ValueError, match="log scale"):
        strips.density([0, 1], key="k", title="t")


def test_many_equal_values_do_not_make_a_tower():
    chart = strips.density([5.0] * 3000, key="k", title="t")
    assert float(root(chart).get("height")) < 400
    assert "Un point vaut 75 valeurs." in chart.description


# Radar


def test_a_missing_value_leaves_the_side_open():
    points = [(0.0, 0.0), None, (2.0, 2.0), (3.0, 3.0)]
    assert radar.stretches(points) == ([((2.0, 2.0), (3.0, 3.0), (0.0, 0.0))], False)
    assert radar.stretches([None, None, None]) == ([], False)
    assert radar.stretches([(0, 0), (1, 0), (1, 1)]) == ([((0, 0), (1, 0), (1, 1))], True)


def test_a_radar_refuses_what_it_cannot_show():
    with pytest.raises(ValueError, match="three axes"):
        radar.radar("ab", [], key="k", title="t")
    with pytest.raises(ValueError, match="not between 0 and 4"):
        radar.radar("abc", [radar.Series("a", (5, 1, 1))], key="k", title="t")


# Signs


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        ((4, 10, 0), "4 places libres sur 14"),
        ((1, 11, 0), "1 place libre sur 12"),
        ((0, 16, 3), "Complet, 3 personnes en attente"),
        ((0, 16, 1), "Complet, 1 personne en attente"),
        ((0, 0, 0), "Aucune place"),
    ],
)
def test_grains_stand_beside_their_words(seats, words):
    assert signs.grains(*seats, key="k").title == words


def test_there_is_a_grain_a_place_up_to_forty_then_a_bar():
    assert len(list(root(signs.grains(4, 36, key="k")).iter(f"{SVG}ellipse"))) == 40
    assert len(list(root(signs.grains(5, 36, key="k")).iter(f"{SVG}ellipse"))) == 0


def test_five_levels_have_five_drawings():
    assert len({signs.growth(level, key="k") for level in (None, 0, 1, 2, 3, 4)}) == 6
    with pytest.raises(ValueError, match="0 to 4"):
        signs.growth(5, key="k")


# Maps


def test_classes_hold_about_as_many_each():
    assert maps.classes([12, 31, 18, 54, 22, 40, 17, None]) == [12, 18, 31, 40]
    assert maps.classes([5, 5, 5]) == [5]
    assert maps.classes([3, 1]) == [1, 3]
    assert maps.classes([None]) == []


def test_a_value_is_in_the_class_it_reaches():
    assert [maps.class_of(value, [1, 5, 9]) for value in (0, 1, 4.9, 5, 100)] == [0, 0, 0, 1, 2]


def test_the_legend_says_the_classes_with_the_maps_own_swatches():
    some = [*places()[:-1], replace(places()[-1], value=None)]
    chart = maps.choropleth(some, key="k", title="t", bounds=[0, 6000, 9000])
    assert [entry.label for entry in chart.legend] == [
        "moins de 6\u202f000", "6\u202f000 à 8\u202f999", "9\u202f000 et plus", "n.d.",
    ]  # fmt: skip
    everything = ids(chart) + [one for entry in chart.legend for one in ids(entry.swatch)]
    assert len(everything) == len(set(everything))


def test_a_map_with_links_is_a_group_and_each_link_has_a_name():
    chart = maps.choropleth(places(href="/communes/x/"), key="k", title="t")
    links = list(root(chart).iter(f"{SVG}a"))
    assert root(chart).get("role") == "group"
    assert [link.get("aria-label") for link in links][:2] == [
        "Beauvechain : 7\u202f205",
        "Incourt : 5\u202f522",
    ]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "JavaScript:1"]
)
def test_a_map_links_to_pages_only(href):
    with pytest.raises(ValueError, match="links to a page"):
        maps.choropleth(places(href=href), key="k", title="t")


def test_the_home_map_is_light():
    chart = maps.choropleth(places(href="/communes/25048/"), neighbours(), key="home", title="Acteurs")
    assert len(str(chart).encode()) < 35_000


def test_labels_stand_on_the_map_and_off_each_other():
    chart = maps.choropleth(places(), neighbours(), key="k", title="t")
    for kind in ("chart-wide", "chart-narrow"):
        *_rest, group = [node for node in root(chart).iter(f"{SVG}g") if node.get("class") == kind]
        boxes = [
            [float(node.get(name)) for name in ("x", "y", "width", "height")]
            for node in group.iter(f"{SVG}rect")
        ]
        assert len(boxes) == 7
        for i, (x, y, width, height) in enumerate(boxes):
            assert x > 0 and x + width < 640 and y > 0
            for other in boxes[i + 1 :]:
                apart_x = other[0] >= x + width or x >= other[0] + other[2]
                assert apart_x or other[1] >= y + height or y >= other[1] + other[3]


def test_a_centimetre_of_furrow_is_so_many_inhabitants():
    chart = maps.cover(places(), key="k", title="t", highlighted=JODOIGNE, per_centimetre=50)
    assert chart.legend[0].label == "Un centimètre de sillon vaut 50 habitants."
    lengths = []
    for node in root(chart).iter(f"{SVG}path"):
        if node.get("stroke-width") == "0.75" or node.get("stroke-width") == ".75":
            steps = re.findall(r"l(-?[\d.]+) ?(-?[\d.]+)", node.get("d"))
            lengths.append(sum((float(x) ** 2 + float(y) ** 2) ** 0.5 for x, y in steps) * 2.54 / 72)
    inhabitants = [place.value for place in places()]
    assert [length * 50 for length in lengths] == [pytest.approx(value, rel=0.05) for value in inhabitants]


def test_initials_are_as_long_as_needed():
    assert maps.initials(["Beauvechain", "Incourt", "Orp", "Oplinter"]) == ["B", "I", "Or", "Op"]
    assert maps.initials(["Orp", "Orp"]) == ["O", "O"]


def test_silhouettes_have_three_states_and_survive_without_boundary():
    boundary = places()[0].boundary
    drawn = {maps.silhouette(boundary, key="k", state=state) for state in maps.STATES}
    assert len(drawn) == 3
    assert root(maps.silhouette((), key="k", label="Nulle part")).get("role") == "img"
    with pytest.raises(ValueError, match="full, hatched, dotted"):
        maps.silhouette(boundary, key="k", state="half")


def test_a_map_without_any_boundary_is_refused():
    with pytest.raises(ValueError, match="at least one boundary"):
        maps.choropleth([maps.Place("1", "Nulle part", (), 3)], key="k", title="t")


# The builder


def test_coordinates_are_short():
    assert [svg.short(value) for value in (12.0, 0.5, -0.04, -0.5, 100, 3.14159)] == [
        "12", ".5", "0", "-.5", "100", "3.1",
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["", "A", "1a", 'x"y', "a b"])
def test_a_key_that_could_break_an_id_is_refused(key):
    with pytest.raises(ValueError, match="key"):
        lines.sparkline([1], key=key, title="t")
