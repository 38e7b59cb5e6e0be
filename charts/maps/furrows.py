"""Furrows and hedges: how a field is ploughed, how a border is sewn."""

from django.utils.safestring import SafeString

from charts import svg

HEDGE = {"stroke_dasharray": ".1 5.5", "stroke_linecap": "round"}


def angles_for(count: int) -> list[int]:
    """Return an angle for each municipality: far from the one before, none flat nor upright."""
    turned = (22, -38, 78, -12, 52, -62, 8)
    return [turned[i % len(turned)] for i in range(count)]


def furrow_pattern(
    identifier: str, spacing: float, angle: float, colour: object, width: float, tint: object = None
) -> SafeString:
    """Return furrows, on their tint if given: one path then carries both."""
    return svg.element(
        "pattern",
        svg.rectangle(-1, -1, spacing + 2, 42, fill=tint) if tint else "",
        svg.element("path", d=f"M{svg.short(spacing / 2, 2)} 0v40", stroke=colour, stroke_width=width),
        id=identifier,
        width=float(spacing),
        height=40,
        patternUnits="userSpaceOnUse",
        patternTransform=f"rotate({angle})",
    )
