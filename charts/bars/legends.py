"""Legends of bars: fills that a photocopy keeps apart, diamond, line."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from charts import palette, svg
from charts.chart import Legend

FILLS = ("square", "hatch", "flat", "dots", "white")


def sign(kind: str, *, key: str, paper: str = "screen") -> SafeString:
    """Return the small drawing of a legend: "square", "diamond", "line", "hatch", "flat", "dots", "white"."""
    tone = palette.paper_named(paper)
    side = tone.text * 1.15
    middle = side / 2
    defs, fills = palette.fills(key, tone)
    named = dict(zip(("square", "hatch", "flat", "dots", "white"), fills, strict=True))
    drawn: list[SafeString] = []
    if kind == "diamond":
        edge = {"stroke": tone.wheat_edge, "stroke_width": 1.6}
        drawn.append(svg.diamond(middle, middle, side * 0.38, fill=tone.sheet, **edge))
    elif kind == "line":
        drawn.append(svg.line(0, middle, side, middle, stroke=tone.ink, stroke_width=tone.thick * 0.75))
    elif kind in named:
        if named[kind].startswith("url"):
            drawn.append(defs)
        box = {"fill": named[kind], "stroke": tone.field, "stroke_width": 1}
        drawn.append(svg.rectangle(1, 1, side - 2, side - 2, **box))
    else:
        raise ValueError(f"no sign is called {kind!r}")
    return svg.document(
        *drawn,
        key=key,
        width=side,
        height=side,
        title="",
        description="",
        unit=tone.unit,
        decorative=True,
    )


def series_legend(series: Sequence[str], key: str, paper: str) -> tuple[Legend, ...]:
    """Return the legend of parts, in the order of their fills."""
    return tuple(
        Legend(sign(FILLS[i], key=f"{key}-l{i}", paper=paper), name) for i, name in enumerate(series)
    )
