"""From frozen figures to drawings, for the page ("screen") and for paper ("print"). No database."""

import math
from collections.abc import Iterable, Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import Chart, Table, bars, geometry, lines, maps, palette, scales, svg
from charts.bars import Column, Row, Stack
from charts.lines import Dot, Series
from typography import numbers

KINDS = {"scope": "own", "member": "other", "group": "territory", "province": "province", "region": "region"}
"""What a place is to the scope → how its line is drawn."""


def portrait(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Return the seven figures of the portrait by their number, those that have something to show."""
    titles = {caption["key"]: caption["title"] for caption in data["captions"]}
    makers = {
        "3.1": _population,
        "3.2": _density,
        "3.3": _ages,
        "3.4": _income,
        "3.5": _establishments,
        "3.6": _permits,
        "3.7": _dwellings,
    }
    return {
        key: maker(data, key=f"f{key.replace('.', '-')}", title=titles[key], paper=paper)
        for key, maker in makers.items()
    }


def cover(data: Mapping) -> Chart | None:
    """Return the map of the cover, furrows by inhabitants; None when no municipality is shown one by one."""
    places = _on_map(data)
    if not places:
        return None
    return maps.cover(
        places,
        key="cover",
        highlighted=data["scope"]["code"],
        title=_("Carte des communes\u00a0: habitants au 1er janvier"),
    )


def locator(data: Mapping) -> Chart | None:
    """Return the small map of the sheet; None when there is nothing beside the scope."""
    places = _on_map(data)
    if not places:
        return None
    return maps.locator(
        places,
        key="locator",
        highlighted=data["scope"]["code"],
        title=_("{name} sur la carte").format(name=data["scope"]["name"]),
    )


def _on_map(data: Mapping) -> list[maps.Place]:
    names = {place["code"]: place["name"] for place in data["places"]}
    people = {
        code: values[-1] if values else None for code, values in data["portrait"]["population"]["values"]
    }
    return [
        maps.Place(code, names[code], geometry.read(shape), value=people.get(code))
        for code, shape in data["map"]
        if code in names
    ]


def finding_bars(finding: Mapping, *, paper: str) -> Chart:
    """Return the small comparison beside a finding."""
    fills = {"scope": "field", "group": "wheat", "province": "other", "region": "other"}
    rows = [
        Row(
            label,
            value,
            figure=_figure(value, finding),
            fill=fills[role],
            strong=role == "scope",
        )
        for label, value, role in finding["bars"]
    ]
    return bars.horizontal(
        rows,
        key=f"finding-{finding['key']}",
        title=finding["title"],
        measure=finding["caption"],
        decimals=finding["decimals"],
        width=150 if paper == "print" else None,
        paper=paper,
    )


def _figure(value: float, finding: Mapping) -> str:
    text = numbers.number(value, finding["decimals"])
    return f"{text}\u202f{finding['unit']}" if finding["unit"] else text


def _of_role(data: Mapping, *roles: str) -> list[Mapping]:
    return [place for place in data["places"] if place["role"] in roles]


def _alone(data: Mapping) -> list[Mapping]:
    """The places drawn one by one: the scope and its companions."""
    return _of_role(data, "scope", "member")


def _population(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["population"]
    index, growth = dict(source["index"]), dict(source["growth"])
    legal, legal_year = dict(source["legal_index"]), {code: year for code, year, _n in source["legal"]}

    def series(place: Mapping) -> Series:
        code = place["code"]
        dots = [Dot(year, value) for year, value in zip(source["years"], index[code], strict=True)]
        if code in legal:
            dots.append(Dot(legal_year[code], legal[code], hollow=True))
        figure = numbers.percent(growth[code], sign=True)
        return Series(place["name"], tuple(dots), KINDS[place["role"]], figure)

    panels = sorted(_alone(data), key=lambda place: -(growth[place["code"]] or 0))
    return lines.small_multiples(
        [series(place) for place in panels],
        [series(place) for place in _of_role(data, "province", "region")],
        key=key,
        title=title,
        highlighted=data["scope"]["name"],
        base=100,
        paper=paper,
    )


def _establishments(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["establishments"]
    index, growth = dict(source["index"]), dict(source["growth"])
    drawn = [
        Series(
            place["name"],
            tuple(
                Dot(year, value) for year, value in zip(source["years"], index[place["code"]], strict=True)
            ),
            KINDS[place["role"]],
            numbers.number(growth[place["code"]], 1, sign=True),
        )
        for place in [*_alone(data), *_of_role(data, "province", "region")]
    ]
    return lines.lines(drawn, key=key, title=title, base=100, paper=paper)


def _ages(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["ages"]
    shares = dict(source["values"])

    def of(role: str) -> tuple[str, Sequence]:
        place = next(iter(_of_role(data, role)), None)
        return (place["name"], shares[place["code"]]) if place else ("", [None] * len(source["classes"]))

    (name, own), (group, theirs), (region, all_) = of("scope"), of("group"), of("region")
    return bars.columns(
        [Column(*column) for column in zip(source["classes"], own, theirs, all_, strict=True)],
        key=key,
        title=title,
        name=name,
        diamond_name=group,
        line_name=region,
        decimals=1,
        width=palette.PRINT.full if paper == "print" else None,
        paper=paper,
    )


def _permits(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["permits"]
    stacks = [
        Stack(str(year), (houses, apartments))
        for year, houses, apartments in zip(
            source["years"], source["houses"], source["apartments"], strict=True
        )
    ]
    return bars.stacked_columns(stacks, [_("maison"), _("appartement")], key=key, title=title, paper=paper)


def _dwellings(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["dwellings"]
    shares = dict(source["values"])
    apartment = 3
    alone = sorted(_alone(data), key=lambda place: -(shares[place["code"]][apartment] or 0))
    rows = [*alone, *_of_role(data, "group", "region")]
    stacks = [
        Stack(place["name"], tuple(shares[place["code"]]), strong=place["role"] != "member") for place in rows
    ]
    return bars.stacked_shares(stacks, source["classes"], key=key, title=title, paper=paper)


# Drawn here: charts of positions -----------------------------------------------------------------------------


def rank_strip(row: Mapping, data: Mapping, *, key: str, paper: str = "print") -> SafeString:
    """Return where a row of the sheet stands among all: the scope full, its companions hollow, quarters marked.

    The lowest value stands left, the highest right. The table around it holds value and rank in words.
    """
    tone = palette.paper_named(paper)
    width, height, foot = 176.0, 21.0, 13.0
    among = max(data["among"], 2)
    place = scales.Linear(among, 1, 6, width - 6)
    roles = {found["code"]: found for found in data["places"]}
    pieces = [
        svg.line(
            x, 0, x, height, stroke=tone.other, stroke_width=0.5, stroke_dasharray="2 1.5" if middle else None
        )
        for x, middle in [(place(1 + (among - 1) * part / 4), part == 2) for part in (1, 2, 3)]
    ]
    pieces.append(svg.line(6, foot, width - 6, foot, stroke=tone.ink_2, stroke_width=0.7))
    said = []
    own = None
    for code, rank in row["ranks"]:
        if roles[code]["role"] == "scope":
            own = rank
        else:
            pieces.append(
                svg.disc(place(rank), foot, 2.6, fill=tone.sheet, stroke=tone.ink, stroke_width=0.8)
            )
        said.append(f"{roles[code]['name']} {rank}")
    if own is not None:
        x = place(own)
        pieces.append(svg.disc(x, foot, 4.2, fill=tone.field, stroke=tone.sheet, stroke_width=0.6))
        words = f"{own}e" if own > 1 else "1er"
        half = svg.text_width(words, 7.4, bold=True) / 2 + 1
        x = min(max(x, half), width - half)
        pieces.append(svg.rectangle(x - half, 0.6, 2 * half, 7.6, fill=tone.sheet))
        bold = {"font_weight": 700, "text_anchor": "middle", "fill": tone.ink}
        pieces.append(svg.text(x, 7, words, size=7.4, **bold))
    title = _("{label}\u00a0: rang parmi {n} communes").format(label=row["label"], n=data["among"])
    return svg.document(
        *pieces,
        key=key,
        width=width,
        height=height,
        title=title,
        description="\u00a0; ".join(said) + ".",
        unit=tone.unit,
    )


def _income(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    """Return the income of each place at two dates: a hollow disc, then a full one, and the last in figures."""
    source, tone = data["portrait"]["income"], palette.paper_named(paper)
    start, end = source["from_to"]
    values = dict(source["values"])
    rows = []
    for place in data["places"]:
        by_year = dict(zip(source["years"], values[place["code"]], strict=True))
        if by_year.get(start) is not None and by_year.get(end) is not None:
            rows.append((place, by_year[start], by_year[end]))
    rows.sort(key=lambda row: -row[2])
    width, pitch, size = tone.width, tone.text * 2, tone.text
    names = max((svg.text_width(row[0]["name"], size, bold=True) for row in rows), default=40) + 8
    figures = svg.text_width("37 908", size, bold=True) + 6
    every = [value for _place, first, last in rows for value in (first, last)]
    x = scales.Linear(min(every, default=0), max(every, default=1), names + 6, width - figures - 6)
    top = size * 2.2
    height = top + pitch * len(rows)
    pieces: list[object] = []
    for tick in scales.ticks(min(every, default=0), max(every, default=1), 3):
        pieces.append(svg.line(x(tick), top - 4, x(tick), height, stroke=tone.grid, stroke_width=0.7))
        label = numbers.number(tick / 1000) + ("" if paper == "print" else "\u202fk€")
        pieces.append(svg.text(x(tick), size, label, size=tone.small, fill=tone.ink_2, text_anchor="middle"))
    for i, (place, first, last) in enumerate(rows):
        y = top + pitch * (i + 0.5)
        own, aggregate = place["role"] == "scope", place["role"] in ("group", "province", "region")
        ink = tone.field if own else tone.ink
        weight = 700 if own or aggregate else None
        text = {"fill": ink, "font_weight": weight, "text_anchor": "end"}
        pieces.append(svg.text(names, y + size * 0.35, place["name"], size=size, **text))
        stroke = tone.thick if own else tone.thin
        pieces.append(
            svg.line(x(first), y, x(last), y, stroke=ink if own else tone.ink_2, stroke_width=stroke)
        )
        r = size * 0.34
        pieces.append(svg.disc(x(first), y, r, fill=tone.sheet, stroke=ink, stroke_width=1))
        pieces.append(_mark(place["role"], x(last), y, r, tone))
        text["fill"] = ink
        pieces.append(svg.text(width, y + size * 0.35, numbers.number(last), size=size, **text))
    table = Table(
        (_("Lieu"), str(start), str(end)),
        tuple((place["name"], numbers.number(a), numbers.number(b)) for place, a, b in rows),
    )
    said = "\u00a0; ".join(f"{row[0]} {row[2]}\u202f€" for row in table.rows) + "."
    drawn = svg.document(
        *pieces, key=key, width=width, height=height, title=title, description=said, unit=tone.unit
    )
    return Chart(drawn, title, said, table)


def _mark(role: str, x: float, y: float, radius: float, tone: palette.Paper) -> SafeString:
    """The sign of a place, the same everywhere: green disc, hollow diamond, black square, small disc."""
    if role == "scope":
        return svg.disc(x, y, radius * 1.5, fill=tone.field)
    if role == "group":
        return svg.diamond(x, y, radius * 1.5, fill=tone.sheet, stroke=tone.wheat_edge, stroke_width=1.5)
    if role in ("province", "region"):
        return svg.rectangle(x - radius, y - radius, radius * 2, radius * 2, fill=tone.ink)
    return svg.disc(x, y, radius, fill=tone.ink_2)


def _density(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    """Return one dot a municipality on a scale by powers, piled up; the places shown are named with leaders."""
    source, tone = data["portrait"]["density"], palette.paper_named(paper)
    everyone = [(code, name, value) for code, name, value in source["everyone"] if value and value > 0]
    roles = {place["code"]: place["role"] for place in data["places"]}
    values = [value for _code, _name, value in everyone] or [1]
    width = tone.full if paper == "print" else 340.0
    size = tone.small
    radius = 2.4 if paper == "print" else 1.9
    x = scales.Log(min(values), max(values), 10, width - 12)
    piles: dict[int, int] = {}
    named = []
    dots: list[tuple[float, int, str]] = []
    for code, name, value in everyone:
        column = round(x(value) / (radius * 2.2))
        level = piles.get(column, 0)
        piles[column] = level + 1
        where = column * radius * 2.2
        dots.append((where, level, roles.get(code, "")))
        if roles.get(code) in ("scope", "member"):
            named.append((value, name, roles[code], where, level))
    pile = (max(piles.values(), default=1)) * radius * 2.2
    pitch = size * 1.45
    named.sort()
    half = (len(named) + 1) // 2
    top = pitch * max(half, 1) + 6
    foot = top + pile + 4
    height = foot + size * 4.2
    pieces: list[object] = []
    middle = sum(item[3] for item in named) / len(named) if named else width / 2
    for side, chosen in ((-1, named[:half]), (1, named[half:])):
        # The nearest to the middle stands lowest, so that no leader crosses another.
        ordered = list(reversed(chosen)) if side < 0 else chosen
        anchor = middle + side * (width * 0.13)
        for i, (value, name, role, where, level) in enumerate(ordered):
            y = top - pitch * (i + 0.6)
            own = role == "scope"
            ink = tone.field if own else tone.ink_2
            dot = foot - 4 - radius * 2.2 * (level + 0.5)
            d = (
                f"M{svg.short(anchor)} {svg.short(y)}h{svg.short(-side * 8)}"
                f"L{svg.short(where)} {svg.short(dot)}"
            )
            pieces.append(svg.element("path", d=d, stroke=ink, stroke_width=1.2 if own else 0.6, fill="none"))
            pieces.append(
                svg.text(
                    anchor + side * 4,
                    y + size * 0.35,
                    f"{name} {numbers.number(value)}",
                    size=size * (1.15 if own else 1),
                    fill=tone.field if own else tone.ink,
                    font_weight=700 if own else None,
                    text_anchor="end" if side < 0 else None,
                )
            )
    for where, level, role in dots:
        y = foot - 4 - radius * 2.2 * (level + 0.5)
        if role == "scope":
            pieces.append(svg.disc(where, y, radius * 1.2, fill=tone.field))
        elif role == "member":
            pieces.append(svg.disc(where, y, radius, fill=tone.sheet, stroke=tone.field, stroke_width=1.1))
        else:
            pieces.append(svg.disc(where, y, radius, fill=tone.other))
    pieces.append(svg.line(4, foot, width - 4, foot, stroke=tone.ink, stroke_width=0.8))
    for tick in _powers(min(values), max(values)):
        pieces.append(svg.line(x(tick), foot, x(tick), foot + 3, stroke=tone.ink, stroke_width=0.8))
        pieces.append(
            svg.text(
                x(tick),
                foot + size * 1.4,
                numbers.number(tick),
                size=size,
                fill=tone.ink_2,
                text_anchor="middle",
            )
        )
    pairs = dict(source["values"])
    below = [
        (place["name"], pairs[place["code"]])
        for place in [*_of_role(data, "province", "region"), *([data["scope"]] if not named else [])]
        if pairs.get(place["code"])
    ]
    below.sort(key=lambda pair: pair[1])
    for i, (name, value) in enumerate(below):
        y = foot + size * 2.9
        pieces.append(svg.triangle(x(value), y - size * 0.3, size * 0.42, fill=tone.ink))
        left = i == 0 and len(below) > 1
        pieces.append(
            svg.text(
                x(value) + (-6 if left else 6),
                y,
                f"{name} {numbers.number(value)}",
                size=size,
                fill=tone.ink,
                text_anchor="end" if left else None,
            )
        )
    rows = tuple((name, numbers.number(value)) for value, name, *_rest in named) + tuple(
        (name, numbers.number(value)) for name, value in below
    )
    said = "\u00a0; ".join(f"{name} {value}" for name, value in rows) + "."
    drawn = svg.document(
        *pieces, key=key, width=width, height=height, title=title, description=said, unit=tone.unit
    )
    return Chart(drawn, title, said, Table((_("Lieu"), _("Habitants par km²")), rows))


def _powers(low: float, high: float) -> Iterable[int]:
    """1, 2, 5, 10, 20, 50… between two values."""
    found = [
        step * 10**power
        for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for step in (1, 2, 5)
        if low <= step * 10**power <= high
    ]
    return found
