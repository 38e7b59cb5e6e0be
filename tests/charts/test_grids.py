"""Heat maps and engagement marks: every number printed, fills that a photocopy keeps apart."""

import pytest

from charts import grids
from charts.grids import Line

PAPERS = pytest.mark.parametrize("paper", ["screen", "print"])


def heat(lines, paper="print", maximum=4):
    return grids.heat(lines, ["0", "1"], ["n"], key="essai", title="Essai", maximum=maximum, paper=paper)


@PAPERS
def test_each_cell_prints_its_number_and_missing_is_said(paper):
    chart = heat([Line("Critère", (3, None), ("3",), framed=0, lean="up", group="Mobilité")], paper)
    assert chart.table.rows == (("Critère", "3", "n.d.", "3"),)
    assert [text in chart.svg for text in (">3<", ">n.d.<", ">Mobilité<", ">Critère<")] == [True] * 4


@pytest.mark.parametrize(
    ("value", "fill"), [(0, 4), (0.5, 3), (1, 3), (1.1, 2), (2, 2), (3, 1), (3.1, 0), (4, 0)]
)
def test_a_fill_says_which_quarter_of_the_maximum_is_reached(value, fill):
    assert grids._fill(value, 4, ["full", "hatch", "flat", "dots", "white"]) == [
        "full", "hatch", "flat", "dots", "white",
    ][fill]  # fmt: skip


def test_the_legend_names_the_five_fills():
    assert [entry.label for entry in heat([]).legend] == [
        "0", "au plus un quart", "au plus la moitié", "au plus les trois quarts", "plus",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (Line("A", (1,), ("1",)), "1 cells for 2 columns"),
        (Line("A", (1, 5), ("1",)), "not between 0 and 4"),
        (Line("A", (1, -1), ("1",)), "not between 0 and 4"),
        (Line("A", (1, float("nan")), ("1",)), "finite"),
        (Line("A", (1, 2), ("1",), framed=2), "no cell 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(line, why):
    with pytest.raises(ValueError, match=why):
        heat([line])


@PAPERS
def test_a_mark_says_its_words_and_an_unknown_one_is_refused(paper):
    drawn = {kind: grids.mark(kind, key="m", title="rejoint", paper=paper) for kind in grids.MARKS}
    assert len(set(drawn.values())) == len(grids.MARKS)
    assert all("<title" in one and "rejoint" in one for one in drawn.values())
    with pytest.raises(ValueError, match="a mark is"):
        grids.mark("autre", key="m", title="x")


def test_labels_are_escaped():
    assert "<script>" not in heat([Line("<script>", (1, 2), ("<script>",))]).svg
