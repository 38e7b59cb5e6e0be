"""Heat maps: a number printed in each cell, a fill that survives a photocopy, one cell a row framed."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from typography import numbers

from . import palette, scales, svg
from .chart import Chart, Legend, Table
from .palette import Paper

FILLS = (0.75, 0.5, 0.25, 0)
"""Above which part of the maximum a cell is full, hatched, hatched flat, dotted; at 0 it is white."""


class Line(NamedTuple):
    """One row: its cells, the texts after them, which cell is framed, and whether it leads or trails."""

    label: str
    values: tuple[float | None, ...]
    after: tuple[str, ...] = ()
    framed: int | None = None
    lean: str = ""  # "up", "down" or ""
    group: str = ""  # a heading stands where it changes


def heat(
    lines: Sequence[Line],
    columns: Sequence[str],
    after: Sequence[str] = (),
    *,
    key: str,
    title: str,
    maximum: float,
    decimals: int = 0,
    width: float | None = None,
    paper: str = "screen",
) -> Chart:
    """Return cells filled from 0 (white) to `maximum` (full); on screen the label stands above its cells.

    Missing cells say « n.d. ». Raises ValueError for a row of another length, NaN, a value outside 0 and
    `maximum`, a framed cell that does not exist.
    """
    tone = palette.paper_named(paper)
    printed = paper == "print"
    width = width or (tone.full if printed else tone.width)
    for one in lines:
        if len(one.values) != len(columns) or len(one.after) != len(after):
            raise ValueError(f"{one.label} has {len(one.values)} cells for {len(columns)} columns")
        if any(not 0 <= value <= maximum for value in scales.known(one.values)):
            raise ValueError(f"{one.label}: a value is not between 0 and {maximum!r}")
        if one.framed is not None and not 0 <= one.framed < len(columns):
            raise ValueError(f"{one.label}: no cell {one.framed}")
    size = tone.text
    left = width * 0.5 if printed else 0
    tail = size * (5 if printed else 3.4)
    cell = (width - left - tail * len(after)) / max(len(columns), 1)
    high, label_high = size * 1.8, 0 if printed else size * 1.5
    defs, fills = palette.fills(key, tone)
    drawn: list[SafeString] = [defs]
    y = size * 1.4
    for i, name in enumerate(columns):
        x = left + cell * (i + 0.5)
        drawn.append(svg.text(x, y, svg.shorten(name, cell, size), size=size, text_anchor="middle"))
    for i, name in enumerate(after):
        x = width - tail * (len(after) - 1 - i)
        drawn.append(svg.text(x, y, name, size=size, text_anchor="end", font_weight=700))
    y += size * 0.6
    group = ""
    for one in lines:
        if one.group != group:
            group = one.group
            y += size * 1.7
            drawn.append(svg.text(0, y, group, size=size, font_weight=700, fill=tone.field))
            y += size * 0.5
        room = left - size * 1.6 if printed else width - size * 1.6
        label = svg.shorten(one.label, room, size, bold=bool(one.lean))
        baseline = y + (high / 2 + size * 0.35 if printed else size * 1.05)
        weight = 700 if one.lean else None
        drawn.append(svg.text(0, baseline, label, size=size, font_weight=weight))
        if one.lean:
            drawn.append(_lean(one.lean, left - size * 0.8 if printed else width - size, baseline, tone))
        y += label_high
        for i, value in enumerate(one.values):
            drawn.append(_cell(value, left + cell * i, y, cell, high, maximum, decimals, fills, tone))
        if one.framed is not None:
            frame = {"fill": "none", "stroke": tone.ink, "stroke_width": tone.thick}
            drawn.append(svg.rectangle(left + cell * one.framed + 1, y, cell - 2, high - 1, **frame))
        for i, text in enumerate(one.after):
            x = width - tail * (len(after) - 1 - i)
            drawn.append(svg.text(x, y + high / 2 + size * 0.35, text, size=size, text_anchor="end"))
        y += high + (0 if printed else size * 0.3)
    rows = tuple((one.label, *(numbers.number(v, decimals) for v in one.values), *one.after) for one in lines)
    said = (
        " ; ".join(f"{row[0]} : {', '.join(row[1:])}" for row in rows) + "." if rows else _("Aucune donnée.")
    )
    return Chart(
        svg=svg.document(
            *drawn, key=key, width=width, height=y + 2, title=title, description=said, unit=tone.unit,
            fill=str(tone.ink),
        ),
        title=title,
        description=said,
        table=Table((_("Critère"), *columns, *after), rows),
        legend=_legend(key, tone, maximum),
    )  # fmt: skip


MARKS = ("full", "half", "empty", "dot")


def mark(kind: str, *, key: str, title: str, paper: str = "screen") -> SafeString:
    """Return the sign of an engagement: "full", "half" or "empty" disc, "dot" for a wish. `title` is its words."""
    if kind not in MARKS:
        raise ValueError(f"a mark is {', '.join(MARKS)}, not {kind!r}")
    tone = palette.paper_named(paper)
    side = tone.text * 1.25
    middle, radius = side / 2, side / 2 - tone.thick * 0.4
    edge = {"stroke": tone.field, "stroke_width": tone.thick * 0.6}
    drawn = [svg.disc(middle, middle, radius, fill=tone.field if kind == "full" else tone.sheet, **edge)]
    if kind == "half":
        r, top = svg.short(radius), svg.short(middle - radius)
        d = f"M{svg.short(middle)} {top}a{r} {r} 0 0 0 0 {svg.short(2 * radius)}z"
        drawn.append(svg.element("path", d=d, fill=tone.field))
    if kind == "dot":
        drawn = [svg.disc(middle, middle, radius * 0.4, fill=tone.field)]
    return svg.document(*drawn, key=key, width=side, height=side, title=title, description="", unit=tone.unit)


def _fill(value: float, maximum: float, fills: Sequence[str]) -> str:
    part = value / maximum if maximum else 0
    return next((fill for bound, fill in zip(FILLS, fills, strict=False) if part > bound), fills[-1])


def _cell(
    value: float | None,
    x: float,
    y: float,
    wide: float,
    high: float,
    maximum: float,
    decimals: int,
    fills: Sequence[str],
    tone: Paper,
) -> SafeString:
    size, words = tone.text, numbers.number(value, decimals)
    middle, baseline = x + wide / 2, y + high / 2 + size * 0.3
    edge = {"stroke": tone.field, "stroke_width": tone.thin * 0.7}
    if value is None:
        return svg.join(
            [
                svg.rectangle(x + 1, y, wide - 2, high - 1, fill=tone.sheet, stroke=tone.grid),
                svg.text(middle, baseline, words, size=size, text_anchor="middle", fill=tone.ink_2),
            ]
        )
    fill = _fill(value, maximum, fills)
    pieces = [svg.rectangle(x + 1, y, wide - 2, high - 1, fill=fill, **edge)]
    if fill.startswith("url"):
        half = svg.text_width(words, size, bold=True) / 2 + size * 0.3
        pieces.append(svg.rectangle(middle - half, y + high * 0.14, 2 * half, high * 0.66, fill=tone.sheet))
    ink = tone.on_field if fill == fills[0] else tone.ink
    pieces.append(
        svg.text(middle, baseline, words, size=size, font_weight=700, text_anchor="middle", fill=ink)
    )
    return svg.join(pieces)


def _lean(lean: str, x: float, baseline: float, tone: Paper) -> SafeString:
    size = tone.text * 0.42
    middle = baseline - tone.text * 0.3
    if lean == "up":
        return svg.triangle(x, middle, size, fill=tone.field)
    turned = f"rotate(180 {svg.short(x)} {svg.short(middle)})"
    return svg.group(svg.triangle(x, middle, size, fill=tone.beet), transform=turned)


def _legend(key: str, tone: Paper, maximum: float) -> tuple[Legend, ...]:
    """Return the swatches of the fills, from none to all."""
    words = (_("0"), _("au plus un quart"), _("au plus la moitié"), _("au plus les trois quarts"), _("plus"))
    side = tone.text * 1.15
    bounds = [None, *reversed(FILLS)]
    found = []
    for i, bound in enumerate(bounds):
        defs, fills = palette.fills(f"{key}-l{i}", tone)
        value = 0 if bound is None else (bound + 0.1) * maximum
        fill = _fill(value, maximum, fills)
        box = svg.rectangle(1, 1, side - 2, side - 2, fill=fill, stroke=tone.field, stroke_width=1)
        swatch = svg.document(
            defs if fill.startswith("url") else SafeString(""),
            box,
            key=f"{key}-l{i}",
            width=side,
            height=side,
            title="",
            description="",
            unit=tone.unit,
            decorative=True,
        )
        found.append(Legend(swatch, words[i]))
    return tuple(found)
