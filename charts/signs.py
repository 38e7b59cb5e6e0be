"""Small signs: places as grains, maturity as growth. Beside their words, so readers skip the drawing."""

import math

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from typography import numbers

from . import palette, svg
from .chart import Chart, Table

MOST_GRAINS = 40


def grains(
    free: int, taken: int, waiting: int = 0, *, key: str, width: float = 124, paper: str = "screen"
) -> Chart:
    """Return places as grains: taken small and grey, then free large and wheat; all beet when full.

    Two rows at most, up to 40 places; beyond, a bar. `Chart.title` holds the words to print beside it. Raises
    ValueError below zero.
    """
    if min(free, taken, waiting) < 0:
        raise ValueError("places are not counted below zero")
    tone = palette.paper_named(paper)
    places = free + taken
    full = places > 0 and free == 0
    words = _words(free, places, waiting)
    drawn: list[SafeString] = []
    if places > MOST_GRAINS:
        height = 14.0
        share = taken / places * (width - 2)
        color = tone.beet if full else tone.other
        drawn.append(
            svg.rectangle(1, 1, width - 2, 12, rx=3, fill=tone.sheet if full else tone.wheat,
                          stroke=tone.beet if full else tone.wheat_edge, stroke_width=1.4)
        )  # fmt: skip
        drawn.append(svg.rectangle(1, 1, share, 12, rx=3, fill=color))
    else:
        per_row = places if places <= 12 else math.ceil(places / 2)
        pitch = min(10.5, width / max(per_row, 1))
        rows = max(1, math.ceil(places / max(per_row, 1)))
        height = rows * 15.0
        for i in range(places):
            x, y = (i % per_row + 0.5) * pitch, (i // per_row + 0.5) * 15
            if full:
                look: dict[str, object] = {"fill": tone.beet, "rx": pitch * 0.26, "ry": 5.0}
            elif i < taken:
                look = {"fill": tone.other, "rx": pitch * 0.2, "ry": 3.6}
            else:
                edge = {"stroke": tone.wheat_edge, "stroke_width": 1}
                look = {"fill": tone.wheat, "rx": pitch * 0.36, "ry": 5.6, **edge}
            where = f"rotate(20 {svg.short(x)} {svg.short(y)})"
            drawn.append(svg.element("ellipse", cx=float(x), cy=float(y), transform=where, **look))
        width = max(per_row * pitch, 1.0)
    rows_ = tuple((name, numbers.number(count)) for name, count in _counted(free, taken, waiting))
    return Chart(
        svg=svg.document(
            *drawn,
            key=key,
            width=width,
            height=height,
            title="",
            description="",
            unit=tone.unit,
            decorative=True,
        ),
        title=words,
        description="",
        table=Table((_("Places"), _("Nombre")), rows_),
    )


def _counted(free: int, taken: int, waiting: int) -> list[tuple[str, int]]:
    return [(_("Libres"), free), (_("Prises"), taken), (_("En attente"), waiting)]


def _words(free: int, places: int, waiting: int) -> str:
    if not places:
        return _("Aucune place")
    if not free:
        words = _("Complet")
        if waiting:
            count = {"count": numbers.number(waiting)}
            # The French catalogue is not needed: 0 is singular in French, and 0 is never said here.
            words += (
                ngettext(", %(count)s personne en attente", ", %(count)s personnes en attente", waiting)
                % count
            )
        return words
    count = {"free": numbers.number(free), "places": numbers.number(places)}
    return (
        _("%(free)s place libre sur %(places)s") if free == 1 else _("%(free)s places libres sur %(places)s")
    ) % count


GROWTH = ("seed", "shoot", "stem", "ear", "sheaf")


def _ear(x: float, top: float, lean: float, pairs: int) -> list[SafeString]:
    """Return the grains of an ear: one at the tip, pairs below, leaning with the stalk."""
    found = [
        svg.element(
            "ellipse", cx=float(x), cy=float(top), rx=1.7, ry=3.0, transform=f"rotate({lean} {x} {top})"
        )
    ]
    for i in range(pairs):
        for side in (-1, 1):
            gx, gy = x + side * 2.8 - lean * 0.06 * (i + 1), top + 4 + i * 4.2
            turn = f"rotate({svg.short(side * 30 + lean)} {svg.short(gx)} {svg.short(gy)})"
            found.append(svg.element("ellipse", cx=float(gx), cy=float(gy), rx=1.7, ry=2.9, transform=turn))
    return found


def growth(
    level: int | None, *, key: str, label: str = "", size: float = 32, paper: str = "screen"
) -> SafeString:
    """Return the icon of a maturity level 0 to 4: seed, shoot, stem, ear, sheaf; None is a dotted furrow.

    Without `label` readers skip it, for the band's name stands beside it. ValueError for another level.
    """
    if level is not None and level not in range(5):
        raise ValueError(f"a level is 0 to 4, not {level!r}")
    tone = palette.paper_named(paper)
    ground = "M3 28h26"
    leaf = "M16 {0}c-2 -4 -6 -5 -9 -5c1 4 5 6 9 5z"
    mirror = "M16 {0}c2 -4 6 -5 9 -5c-1 4 -5 6 -9 5z"
    filled: list[SafeString] = []
    if level is None:
        strokes = []
        filled = [svg.element("path", d=ground, stroke_dasharray=".1 5", stroke_linecap="round", fill="none")]
    elif level == 0:
        strokes = [ground, "M3 21c4 0 6 1 8 3M29 21c-4 0 -6 1 -8 3"]
        filled = [svg.element("ellipse", cx=16, cy=21, rx=3.0, ry=4.6, transform="rotate(28 16 21)")]
    elif level == 1:
        strokes = [ground, "M16 28v-9"]
        filled = [svg.element("path", d=leaf.format(20) + mirror.format(20))]
    elif level == 2:
        strokes = [ground, "M16 28V7"]
        d = leaf.format(25) + mirror.format(19) + "M16 12c-1 -3 -3 -6 -6 -7c0 4 2 7 6 7z"
        filled = [svg.element("path", d=d)]
    elif level == 3:
        strokes = [ground, "M16 28V8"]
        filled = [*_ear(16, 4.2, 0, 3), svg.element("path", d=leaf.format(27) + mirror.format(25))]
    else:
        strokes = [ground, "M16 28V9M14.5 21L8 9M17.5 21L24 9M14.5 21L10 28M17.5 21L22 28M11.5 21h9"]
        filled = [*_ear(16, 3.6, 0, 2), *_ear(6.8, 6.6, -28, 1), *_ear(25.2, 6.6, 28, 1)]
    inside = svg.group(
        *(svg.element("path", d=d, fill="none") for d in strokes),
        *filled,
        fill=tone.field,
        stroke=tone.field,
        stroke_width=0.6 if level is None else None,
    )
    if level is not None:
        inside = svg.join(
            [
                svg.group(
                    *(svg.element("path", d=d) for d in strokes),
                    fill="none",
                    stroke=tone.field,
                    stroke_width=2,
                    stroke_linecap="round",
                ),
                svg.group(*filled, fill=tone.field),
            ]
        )
    else:
        dotted = {
            "stroke": tone.ink_2,
            "stroke_width": 2.2,
            "stroke_dasharray": ".1 5",
            "stroke_linecap": "round",
        }
        inside = svg.element("path", d=ground, **dotted)
    scale = f"scale({svg.short(size / 32, 3)})" if size != 32 else None
    return svg.document(
        svg.group(inside, transform=scale),
        key=key,
        width=size,
        height=size,
        title=label,
        description="",
        unit=tone.unit,
        decorative=not label,
    )
