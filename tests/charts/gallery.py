"""One drawing of every kind, and the real territory: what the tests of charts share."""

import json
from pathlib import Path

from charts import bars, geometry, lines, maps, radar, signs, strips

GROUND = json.loads((Path(__file__).parent / "data" / "communes.geojson").read_text(encoding="utf-8"))
TERRITORY = [one for one in GROUND["features"] if one["properties"]["population_2020"]]
AROUND = [one for one in GROUND["features"] if not one["properties"]["population_2020"]]
JODOIGNE = "25048"


def places(**changes):
    return [
        maps.Place(
            **{
                "code": one["properties"]["nis"],
                "name": one["properties"]["nom"],
                "boundary": geometry.read(one),
                "value": one["properties"]["population_2020"],
                **changes,
            }
        )
        for one in TERRITORY
    ]


def neighbours():
    return [maps.Neighbour(one["properties"]["nom"], geometry.read(one)) for one in AROUND]


def every_chart(label="Jodoigne", value=12.0, paper="screen"):
    """Return one drawing of each kind that carries this label and this value (None: missing)."""
    common = {"key": "k", "title": label, "paper": paper}
    dots = (lines.Dot(2006, 100), lines.Dot(2007, value), lines.Dot(2008, 104), lines.Dot(2010, 108, True))
    series = [lines.Series(label, dots, "own"), lines.Series("Perwez", dots)]
    stacks = [bars.Stack(label, (value, 3)), bars.Stack("2025", (1, 2))]
    part = None if value is None else 2
    outlines = [radar.Series(label, (part, 1, 3)), radar.Series("Territoire", (1, 2, 3), "territory")]
    rank = None if value is None else 2
    named = [maps.Place("1", label, places()[0].boundary, value), *places()[1:]]
    flat = {"key": "k", "title": label}
    drawn = {
        "horizontal": bars.horizontal(
            [bars.Row(label, value), bars.Row("Perwez", 4, fill="living")], **common
        ),
        "columns": bars.columns([bars.Column(label, value, 4, 5), bars.Column("b", 0)], **common),
        "stacked_columns": bars.stacked_columns(stacks, ["maison", label], **common),
        "stacked_shares": bars.stacked_shares(stacks, ["maison", label], **common),
        "small_multiples": lines.small_multiples(series, series[:1], **common),
        "lines": lines.lines(series, **common),
        "sparkline": lines.sparkline([1, value, 3], **common),
        "dumbbell": strips.dumbbell([strips.Dumbbell(label, 2, value, "own")], **common),
        "ranks": strips.ranks([strips.Rank(label, rank, (1, 3), reason=label)], among=7, **common),
        "density": strips.density([1, value, 30], [strips.Callout(label, 5)], **common),
        "radar": radar.radar([label, "Mobilité", "Économie"], outlines, **common),
        "choropleth": maps.choropleth(named, neighbours(), **common),
        "locator": maps.locator(named, highlighted="1", **common),
        "grains": signs.grains(4, 10, key="k", paper=paper),
    }
    if paper == "print":
        drawn["cover"] = maps.cover(named, highlighted="1", **flat)
    return drawn
