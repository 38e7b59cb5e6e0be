"""A municipality’s own outline: a decoration beside a name, or a state."""

from django.utils.safestring import SafeString

from charts import geometry, palette, svg
from charts.geometry import Box, Shape
from charts.maps.furrows import furrow_pattern
from charts.maps.ground import on_paper

STATES = ("full", "hatched", "dotted")


def silhouette(
    boundary: Shape,
    *,
    key: str,
    state: str = "full",
    size: float = 24,
    label: str = "",
    on_wheat: bool = False,
    paper: str = "screen",
) -> SafeString:
    """Return a municipality's own outline: full (sent, or named), hatched (under way), dotted (not opened).

    Without `label` it is decoration beside a name and readers skip it. `on_wheat` suits the wheat plot. No
    boundary gives a plain round field, so that a list stays aligned.
    """
    if state not in STATES:
        raise ValueError(f"a silhouette is {', '.join(STATES)}, not {state!r}")
    tone = palette.paper_named(paper)
    ink = palette.Pair("#261b13", "#fdebbd") if on_wheat else tone.field
    view = Box(0, 0, size, size)
    if boundary:
        ground = on_paper((boundary,), (), view.grown(-1.5), view, size / 70)
        d = geometry.path([ring for polygon in ground.shapes[0] for ring in polygon])
    else:
        r, across = svg.short(size / 2 - 2), svg.short(size - 4)
        d = f"M2 {svg.short(size / 2)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0z"
    line = {"stroke": ink, "stroke_width": float(max(1.0, size / 26)), "stroke_linejoin": "round"}
    if state == "full":
        drawn = [svg.element("path", d=d, fill=ink, **line)]
    elif state == "hatched":
        pattern = furrow_pattern(f"{key}-h", size / 9, 40, ink, size / 22)
        drawn = [svg.element("defs", pattern), svg.element("path", d=d, fill=f"url(#{key}-h)", **line)]
    else:
        dash = f"{svg.short(size / 16)} {svg.short(size / 13)}"
        drawn = [svg.element("path", d=d, fill="none", stroke_dasharray=dash, **line)]
    return svg.document(
        *drawn,
        key=key,
        width=size,
        height=size,
        title=label,
        description="",
        unit=tone.unit,
        decorative=not label,
    )
