"""The colours of charts as data: pairs for light and dark, two papers, patterns, and how far apart they are.

Presentation attributes only: a strict CSP forbids styles inside SVG, and WeasyPrint lets no host style,
`var()` or `currentColor` reach an inline SVG. `light-dark(#…,#…)` as attribute was measured in both engines:
Chromium follows the colour scheme, WeasyPrint 70 takes the light one. So the screen's paper can be printed;
the printed report has a second paper because its sizes are points and its greens and reds are darker.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString

from . import svg


class Pair(NamedTuple):
    """One colour in light and in dark, as #rrggbb."""

    light: str
    dark: str

    def __str__(self) -> str:
        return self.light if self.light == self.dark else f"light-dark({self.light},{self.dark})"


def _same(colour: str) -> Pair:
    return Pair(colour, colour)


@dataclass(frozen=True)
class Paper:
    """What a drawing is drawn on: its colours, its sizes (px or pt) and the thickness of its lines."""

    name: str
    unit: str
    sheet: Pair  # under everything, and in the hollow signs
    ink: Pair
    ink_2: Pair
    field: Pair  # the municipality
    on_field: Pair
    wheat: Pair
    wheat_edge: Pair
    beet: Pair
    grid: Pair  # decorative: never for text
    other: Pair  # the others, behind
    neighbour: Pair
    neighbour_edge: Pair
    steps: tuple[Pair, Pair, Pair, Pair]
    furrow: Pair
    text: float
    small: float
    thick: float
    thin: float
    width: float  # of one column
    full: float  # of the page


# 340 units, text of 13: on a phone of 320 px a drawing is 288 px wide and its text still 11 px.
SCREEN = Paper(
    name="screen",
    unit="",
    sheet=Pair("#fbf6ea", "#18130e"),
    ink=Pair("#261b13", "#f5ecdd"),
    ink_2=Pair("#5b4a3b", "#cbbba5"),
    field=Pair("#1d5237", "#93d4a6"),
    on_field=Pair("#fdf8ec", "#0e1f15"),
    wheat=_same("#edb93f"),
    wheat_edge=Pair("#7a5300", "#edb93f"),
    beet=Pair("#951a4b", "#f4a0be"),
    grid=Pair("#ddceb0", "#3d3125"),
    other=Pair("#b9a88b", "#6f5f4d"),
    neighbour=Pair("#efe3c6", "#1d160f"),
    neighbour_edge=Pair("#d9c69c", "#3a2f22"),
    steps=(
        Pair("#f4e8bf", "#2b2717"),
        Pair("#d8dda2", "#303a20"),
        Pair("#aecb87", "#375030"),
        Pair("#7fb479", "#3f6a42"),
    ),
    furrow=Pair("#6b8449", "#7a9360"),
    text=14,
    small=13,
    thick=3,
    thin=1.4,
    width=340,
    full=340,
)

PRINT = Paper(
    name="print",
    unit="pt",
    sheet=_same("#ffffff"),
    ink=_same("#1d2b26"),
    ink_2=_same("#4a5a52"),
    field=_same("#14523a"),
    on_field=_same("#ffffff"),
    wheat=_same("#edb93f"),
    wheat_edge=_same("#9a6a00"),
    beet=_same("#8e2450"),
    grid=_same("#d5d9d1"),
    other=_same("#b9c0b6"),
    neighbour=_same("#ffffff"),
    neighbour_edge=_same("#c3c9bf"),
    steps=(_same("#f4e8bf"), _same("#d8dda2"), _same("#aecb87"), _same("#7fb479")),
    furrow=_same("#6b8449"),
    text=8,
    small=7.5,
    thick=2.4,
    thin=0.8,
    width=236,
    full=493,
)

PAPERS = {"screen": SCREEN, "print": PRINT}
COVER = Pair("#f7f2e5", "#f7f2e5")  # the cream of the report's cover, behind its labels
SPACINGS = (26, 17, 11, 7.5)  # of the furrows, one for each step of a map

DIMENSIONS = {
    "living": Pair("#5a1338", "#d0648e"),
    "mobility": Pair("#2f8fe0", "#c1d8fb"),
    # #37845b was 17 from mobility for tritan eyes; this is the nearest green that is 25 from all.
    "environment": Pair("#487249", "#7ff0bd"),
    "economy": Pair("#e1ac1e", "#f3d676"),
    "people": Pair("#b34e0f", "#ee5020"),
    "governance": Pair("#4a2199", "#a27ad0"),
}
FAMILIES = {
    "communes": SCREEN.field,
    "associations": SCREEN.wheat,
    "enterprises": SCREEN.beet,
    "partners": Pair("#7a5233", "#b98e68"),
}
EDGED = frozenset({"economy", "associations", "wheat"})  # too pale alone on paper: drawn with wheat's edge
TEXTURES = {
    "living": "M0 0l8 8M-2 6l4 4M6 -2l4 4",
    "mobility": "M0 4h8",
    "environment": "M4 0v8",
    "economy": "M4 4h.01",
    "people": "M8 0l-8 8M-2 2l4 -4M6 10l4 -4",
    "governance": "M0 4h8M4 0v8",
}


def paper_named(name: str) -> Paper:
    """Return the paper called "screen" or "print"; raise ValueError for another."""
    try:
        return PAPERS[name]
    except KeyError:
        raise ValueError(f"paper is {' or '.join(PAPERS)}, not {name!r}") from None


def colour(name: str, paper: Paper) -> Pair:
    """Return the colour of a dimension, a family or a paper's role ("field", "wheat", "beet", "other")."""
    if name in ("field", "wheat", "beet", "other"):
        return getattr(paper, name)
    pair = DIMENSIONS.get(name) or FAMILIES.get(name)
    if pair is None:
        raise ValueError(f"no colour is called {name!r}")
    return pair if paper is SCREEN else _same(pair.light)


def edge(name: str, paper: Paper) -> Pair | None:
    """Return the stroke that a pale colour needs to stand on paper at 3:1, or None."""
    return paper.wheat_edge if name in EDGED else None


def texture(name: str, identifier: str, paper: Paper) -> SafeString:
    """Return the pattern of a dimension: its colour crossed by its own lines in the paper's colour."""
    strokes = {"stroke": paper.sheet, "fill": "none", "stroke_width": 3.2 if name == "economy" else 2}
    return svg.element(
        "pattern",
        svg.rectangle(0, 0, 8, 8, fill=colour(name, paper)),
        svg.element(
            "path", d=TEXTURES[name], stroke_linecap="round" if name == "economy" else None, **strokes
        ),
        id=identifier,
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
        patternTransform="scale(.6)" if paper.name == "print" else None,
    )


def fills(key: str, paper: Paper) -> tuple[SafeString, list[str]]:
    """Return the definitions and the names of the five fills that photocopies keep apart.

    Full, hatched at 45°, hatched flat, dotted, white.
    """
    scale = 1.6 if paper.name == "screen" else 1
    side = 4 * scale
    drawn = {
        "hatch": ("M-1 1l2 -2M0 4l4 -4M3 5l2 -2", 0.8),
        "flat": ("M0 2h4", 0.7),
        "dots": ("M2 2h.01", 1.1),
    }
    patterns = [
        svg.element(
            "pattern",
            svg.rectangle(0, 0, side, side, fill=paper.sheet),
            svg.element(
                "path",
                d=d,
                transform=f"scale({scale})" if scale != 1 else None,
                stroke=paper.field,
                stroke_width=width,
                stroke_linecap="round" if name == "dots" else None,
                fill="none",
            ),
            id=f"{key}-{name}",
            width=float(side),
            height=float(side),
            patternUnits="userSpaceOnUse",
        )
        for name, (d, width) in drawn.items()
    ]
    names = [
        str(paper.field),
        f"url(#{key}-hatch)",
        f"url(#{key}-flat)",
        f"url(#{key}-dots)",
        str(paper.sheet),
    ]
    return svg.element("defs", *patterns), names


def _channels(colour: str) -> tuple[float, float, float]:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return red, green, blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio, 1 to 21, of two #rrggbb (WCAG 2.2, relative luminance)."""
    lights = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(_channels, (first, second))
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


# Machado, Oliveira, Fernandes (2009), severity 1.0, applied to linear RGB.
VISIONS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lab(colour: str, vision: str = "normal") -> tuple[float, float, float]:
    """Return CIE L*a*b* (D65) of a #rrggbb as someone with this vision sees it (`VISIONS`)."""
    channels = _channels(colour)
    seen = [
        min(1.0, max(0.0, sum(weight * channel for weight, channel in zip(row, channels, strict=True))))
        for row in VISIONS[vision]
    ]
    red, green, blue = seen
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883

    def root(value: float) -> float:
        return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

    fx, fy, fz = root(x), root(y), root(z)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(first: str, second: str, vision: str = "normal") -> float:
    """Return the CIE 1976 distance of two colours for this vision; about 2 is just seen, 25 is plain."""
    return sum((a - b) ** 2 for a, b in zip(lab(first, vision), lab(second, vision), strict=True)) ** 0.5
