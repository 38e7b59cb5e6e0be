"""A tiny SVG builder: everything escaped, numbers short, the same input always the same characters."""

import math
import re
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString

TEXT_FACE = "Atkinson, Atkinson Hyperlegible Next, sans-serif"
TITLE_FACE = "Bricolage, Bricolage Grotesque, sans-serif"

_KEY = re.compile(r"[a-z][a-z0-9-]*")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|/(?!/)|[#?]|$)")
_NARROW = frozenset("iljtfrI.,;:!|'’() \u00a0\u202f")
_WIDE = frozenset("mwMW@%œæ")


def finite(value: float | None, what: str = "value") -> float | None:
    """Return `value` as it came (None: missing); raise ValueError for NaN, infinities, text, booleans."""
    if value is None:
        return None
    if isinstance(value, (str, bytes, bool)) or not math.isfinite(value):
        raise ValueError(f"{what} must be a finite number or None, not {value!r}")
    return value


def short(value: float, decimals: int = 1) -> str:
    """Return a coordinate in few characters: 12.0 is "12", 0.5 is ".5". NaN raises ValueError."""
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is no coordinate")
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def checked_key(key: str) -> str:
    """Return `key`, the prefix of every id of one drawing, or raise ValueError when it could not be an id."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"a chart's key is made of a-z, 0-9 and '-', starting with a letter, not {key!r}")
    return key


def clean(text: object) -> str:
    """Return text as XML can carry it: control characters, which no XML may hold, are left out."""
    return _CONTROLS.sub("", str(text))


def _attribute(value: object) -> str:
    if isinstance(value, float):
        return short(value, 2)
    return escape(clean(value))


def element(name: str, *children: object, **attributes: object) -> SafeString:
    """Return one element. Plain strings are escaped, None attributes left out, `font_size` is font-size."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = join(children)
    return SafeString(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")


def join(pieces: Iterable[object]) -> SafeString:
    """Return pieces one after the other, the unsafe ones escaped."""
    return SafeString(
        "".join(piece if isinstance(piece, SafeString) else escape(clean(piece)) for piece in pieces)
    )


def group(*children: object, **attributes: object) -> SafeString:
    """Return a <g>, or nothing when it would be empty."""
    inside = join(children)
    return element("g", inside, **attributes) if inside else SafeString("")


def text(x: float, y: float, content: object, *, size: float, **attributes: object) -> SafeString:
    """Return one line of text whose baseline starts (or as `text_anchor` says) at x, y."""
    return element("text", clean(content), x=float(x), y=float(y), font_size=float(size), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> SafeString:
    """Return a straight line as a path, which is shorter than <line>."""
    return element("path", d=f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}", **attributes)


def rectangle(x: float, y: float, width: float, height: float, **attributes: object) -> SafeString:
    """Return a rectangle; a negative size is drawn as nothing wide."""
    size = {"width": float(max(width, 0)), "height": float(max(height, 0))}
    return element("rect", x=float(x), y=float(y), **size, **attributes)


def disc(x: float, y: float, radius: float, **attributes: object) -> SafeString:
    """Return a circle."""
    return element("circle", cx=float(x), cy=float(y), r=float(radius), **attributes)


def diamond(x: float, y: float, radius: float, **attributes: object) -> SafeString:
    """Return a square standing on its corner."""
    r = short(radius)
    d = f"M{short(x)} {short(y - radius)}l{r} {r}l-{r} {r}l-{r} -{r}z"
    return element("path", d=d, **attributes)


def triangle(x: float, y: float, radius: float, **attributes: object) -> SafeString:
    """Return a triangle pointing up, its middle at x, y."""
    foot, side = short(y + radius * 0.75), short(radius * 2)
    d = f"M{short(x)} {short(y - radius)}L{short(x + radius)} {foot}h-{side}z"
    return element("path", d=d, **attributes)


def link(href: str, *children: object, **attributes: object) -> SafeString:
    """Return a link to a page; raise ValueError for any other scheme (`javascript:`, `data:`)."""
    if not _SAFE_LINK.match(href):
        raise ValueError(f"a chart links to a page, not to {href!r}")
    return element("a", *children, href=href, **attributes)


def text_width(content: object, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text comes out, in the units of `size`: a drawing cannot ask the font."""
    em = 0.0
    for character in str(content):
        if character in _NARROW:
            em += 0.29
        elif character in _WIDE:
            em += 0.86
        elif character.isupper():
            em += 0.65
        else:
            em += 0.565
    return em * size * (1.05 if bold else 1.0)


def shorten(content: object, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text, cut with « … » when it would be wider than `width`. The table keeps it whole."""
    whole = clean(content)
    if text_width(whole, size, bold=bold) <= width:
        return whole
    # Guess from the mean width first: a 100 000-character name must not cost a loop over each.
    cut = whole[: max(1, int(width / size / 0.25))]
    while len(cut) > 1 and text_width(cut + "…", size, bold=bold) > width:
        cut = cut[:-1]
    return cut.rstrip() + "…"


def wrap(content: object, width: float, size: float, *, lines: int = 2, bold: bool = False) -> list[str]:
    """Return the text in at most `lines` lines no wider than `width`, cut with « … » when it does not fit."""
    rows: list[str] = []
    words = clean(content).split(" ")
    while words and len(rows) < lines - 1:
        row = words.pop(0)
        while words and text_width(f"{row} {words[0]}", size, bold=bold) <= width:
            row = f"{row} {words.pop(0)}"
        rows.append(shorten(row, width, size, bold=bold))
    if words:
        rows.append(shorten(" ".join(words), width, size, bold=bold))
    return rows or [""]


def document(
    *children: object,
    key: str,
    width: float,
    height: float,
    title: str,
    description: str,
    unit: str = "",
    interactive: bool = False,
    decorative: bool = False,
    fill: str | None = None,
) -> SafeString:
    """Return the whole drawing, `width` × `height` in `unit` ("" is px on a page, "pt" on paper).

    `role="img"` with title and desc; a labelled `role="group"` when there are links inside (an image hides
    its links); hidden from readers when the words beside it already say everything (`decorative`).
    """
    checked_key(key)
    box = f"0 0 {short(width)} {short(height)}"
    size = {"viewBox": box, "width": short(width) + unit, "height": short(height) + unit}
    if decorative:
        voice: dict[str, object] = {"aria_hidden": "true"}
        heads = SafeString("")
    else:
        voice = {"role": "group" if interactive else "img"}
        voice["aria_labelledby"] = f"{key}-title"
        heads = element("title", clean(title), id=f"{key}-title")
        if description:
            voice["aria_describedby"] = f"{key}-desc"
            heads = join([heads, element("desc", clean(description), id=f"{key}-desc")])
    face = {"font_family": TEXT_FACE, "fill": fill, "class_": "chart"}
    return element("svg", heads, *children, xmlns="http://www.w3.org/2000/svg", **size, **voice, **face)
