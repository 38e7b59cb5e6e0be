"""The portrait's drawings, for the page ("screen") and for paper ("print"). No database."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import Chart, bars, lines, palette, scales, strips, svg
from charts.bars import Column, Stack
from charts.lines import Dot, Series
from diagnostics import words
from typography import numbers

KINDS = {"scope": "own", "member": "other", "group": "territory", "province": "province", "region": "region"}
"""What a place is to the scope → how its line is drawn."""


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
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
        return Series(place["label"], tuple(dots), KINDS[place["role"]], figure)

    panels, beside = _alone(data), _of_role(data, "province", "region")
    if data["scope"]["kind"] != "municipality" and len(panels) > 1:
        # The whole is no ninth commune: it stands with what the communes are compared with.
        panels, beside = panels[1:], [panels[0], *beside]
    panels = sorted(panels, key=lambda place: -(growth[place["code"]] or 0))
    return lines.small_multiples(
        [series(place) for place in panels],
        [series(place) for place in beside],
        key=key,
        title=title,
        highlighted=data["scope"]["label"],
        base=100,
        paper=paper,
    )


def _establishments(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["establishments"]
    index, growth = dict(source["index"]), dict(source["growth"])
    drawn = [
        Series(
            place["label"],
            tuple(
                Dot(year, value) for year, value in zip(source["years"], index[place["code"]], strict=True)
            ),
            KINDS[place["role"]],
            numbers.number(growth[place["code"]], 1, sign=True),
        )
        for place in [*_alone(data), *_of_role(data, "province", "region")]
    ]
    height = 178 if paper == "print" else None
    return lines.lines(drawn, key=key, title=title, base=100, height=height, paper=paper)


def _ages(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["ages"]
    shares = dict(source["values"])

    def of(role: str) -> tuple[str, Sequence]:
        place = next(iter(_of_role(data, role)), None)
        return (place["label"], shares[place["code"]]) if place else ("", [None] * len(source["classes"]))

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
        height=112 if paper == "print" else None,
        paper=paper,
    )


def permits_alone(data: Mapping) -> Chart:
    """Return the small chart at the foot of the sheet: dwellings authorised each year."""
    title = next(caption["title"] for caption in data["captions"] if caption["key"] == "3.6")
    return _permits(data, key="sheet-permits", title=title, paper="print", height=104)


def _permits(data: Mapping, *, key: str, title: str, paper: str, height: float = 150) -> Chart:
    source = data["portrait"]["permits"]
    stacks = [
        Stack(str(year), (houses, apartments))
        for year, houses, apartments in zip(
            source["years"], source["houses"], source["apartments"], strict=True
        )
    ]
    return bars.stacked_columns(
        stacks,
        [_("maison"), _("appartement")],
        key=key,
        title=title,
        height=height if paper == "print" else None,
        paper=paper,
    )


def _dwellings(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["dwellings"]
    shares = dict(source["values"])
    apartment = 3
    alone = sorted(_alone(data), key=lambda place: -(shares[place["code"]][apartment] or 0))
    rows = [*alone, *_of_role(data, "group", "region")]
    stacks = [
        Stack(place["label"], tuple(shares[place["code"]]), strong=place["role"] != "member")
        for place in rows
    ]
    return bars.stacked_shares(stacks, source["classes"], key=key, title=title, paper=paper)


def rank_strip(row: Mapping, data: Mapping, *, key: str) -> SafeString:
    """Return where a row of the sheet stands among all: the scope full, its companions hollow, quarters marked.

    The lowest value stands left, the highest right. One drawing a row, so that values, rank and names stand in
    a real table around it; an area has no rank of its own and shows its municipalities alone.
    """
    tone = palette.PRINT
    width, height, axis, edge = 178.0, 22.0, 14.0, 6.0
    among = max(data["among"], 2)
    x = scales.Linear(among, 1, edge, width - edge)
    pieces = []
    for part in (0.25, 0.5, 0.75):
        place = edge + (width - 2 * edge) * part
        rule = {"stroke": tone.ink_2 if part == 0.5 else tone.grid, "stroke_width": 0.6}
        pieces.append(
            svg.line(place, 0, place, height, stroke_dasharray="2.5 2" if part == 0.5 else None, **rule)
        )
    pieces.append(svg.line(edge, axis, width - edge, axis, stroke=tone.ink_2, stroke_width=0.7))
    roles = {place["code"]: place for place in data["places"]}
    own = next((rank for code, rank in row["ranks"] if roles[code]["role"] == "scope"), None)
    for code, rank in row["ranks"]:
        if roles[code]["role"] == "member":
            pieces.append(svg.disc(x(rank), axis, 2.7, fill=tone.sheet, stroke=tone.ink, stroke_width=0.8))
    if own is not None:
        written = words.ordinal(own)
        half = svg.text_width(written, 7.5, bold=True) / 2 + 1
        place = min(max(x(own), half), width - half)
        pieces += [
            svg.disc(x(own), axis, 4.4, fill=tone.field),
            svg.rectangle(place - half, 1, 2 * half, 7.4, fill=tone.sheet),
            svg.text(place, 7.4, written, size=7.5, font_weight=700, text_anchor="middle", fill=tone.ink),
        ]
    said = "\u00a0; ".join(f"{roles[code]['label']} {words.ordinal(rank)}" for code, rank in row["ranks"])
    return svg.document(
        *pieces,
        key=key,
        width=width,
        height=height,
        title=_("{label}\u00a0: rang parmi {n} communes").format(label=row["label"], n=data["among"]),
        description=f"{said}.",
        unit=tone.unit,
    )


def _income(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["income"]
    start, end = source["from_to"]
    values = dict(source["values"])
    kinds = {"scope": "own", "group": "group", "province": "region", "region": "region"}
    rows = []
    for place in data["places"]:
        by_year = dict(zip(source["years"], values[place["code"]], strict=True))
        rows.append(
            strips.Dumbbell(
                place["label"], by_year.get(start), by_year.get(end), kinds.get(place["role"], "other")
            )
        )
    rows.sort(key=lambda row: -(row.end or 0))
    return strips.dumbbell(
        rows,
        key=key,
        title=title,
        start_name=str(start),
        end_name=str(end),
        unit_divider=1000,
        paper=paper,
    )


def _density(data: Mapping, *, key: str, title: str, paper: str) -> Chart:
    source = data["portrait"]["density"]
    values = dict(source["values"])

    def call(places: Iterable[Mapping]) -> list[strips.Callout]:
        return [
            strips.Callout(place["label"], values[place["code"]], place["role"] == "scope")
            for place in places
            if values.get(place["code"])
        ]

    alone = [place for place in _alone(data) if place["kind"] == "municipality"]
    around = [place for place in data["places"] if place not in alone and place["role"] != "group"]
    return strips.density(
        [value for _code, _name, value in source["everyone"]],
        call(alone),
        key=key,
        title=title,
        triangles=call(around),
        paper=paper,
    )
