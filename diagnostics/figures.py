"""The figures of a diagnostic: asked once of the rooms below, rounded once, returned as plain values.

What comes out is what is frozen: lists, numbers and words that JSON keeps as they are. Ordered figures are lists
of pairs. Missing is None, never 0.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from diagnostics import findings
from territory import figures
from territory.choices import AreaKind
from territory.figures import Point
from territory.models import LAG, Area, Indicator, Municipality, Source
from typography import numbers

TOGETHER = 9
"""Up to how many municipalities are shown one by one; beyond, a page shows none of them."""
AGES = ("00_09", "10_19", "20_29", "30_39", "40_49", "50_59", "60_69", "70_79", "80")
DWELLINGS = ("detached", "semidetached", "terraced", "apartment", "other")
POPULATION, AGE, INCOME, ECONOMY, HOUSING, PERMITS = (
    (2006, 2020),
    2020,
    (2005, 2013),
    (2018, 2023),
    2025,
    (1996, 2025),
)
"""The years that conclusions compare. A later year enters the series by itself; a conclusion names its own."""
TEN_YEARS = (2015, 2024)
RANKED = (
    ("population", POPULATION, 1, True),
    ("density", 2020, 0, False),
    ("share_under_20", 2020, 1, False),
    ("share_aged_60", 2020, 1, False),
    ("income_per_return", 2013, 0, False),
    ("establishments_per_1000", 2019, 0, False),
    ("establishments", ECONOMY, 1, True),
    ("new_dwellings_per_1000", 2024, 1, False),
    ("share_dwellings_apartment", 2025, 1, False),
)
"""Rows of the sheet: indicator, year (or two years, for an evolution), decimals, printed with its sign."""

Place = Municipality | Area


def check_scope(scope: Place) -> None:
    """Raise ValidationError, in French, for an area without municipality: nothing could be said of it."""
    if isinstance(scope, Area) and not scope.municipalities.exists():
        raise ValidationError(
            _(
                "La zone « {area} » ne contient aucune commune\u00a0: il n’y a rien à diagnostiquer."
                " Ajoutez-lui des communes, puis réessayez."
            ).format(area=scope),
            code="empty",
        )


def collect(scope: Place, *, edition: str) -> dict:
    """Return every figure of the diagnostic of a municipality or an area, each once, with its sources and gaps.

    Keys: `scope`, `lag`, `places` (the scope first, then its companions, then aggregates), `map`, `portrait` (one
    entry a figure), `ranks` (rows of the sheet), `tables` (printed and downloadable), `findings`, `captions`,
    `gaps`, `sources`. Raises ValidationError for an empty area.
    """
    check_scope(scope)
    try:
        return _collect(scope, LAG.objects.current())
    except Indicator.DoesNotExist as error:
        raise ValidationError(
            _(
                "Des indicateurs manquent dans ce territoire\u00a0: {codes}. Rechargez-le, puis réessayez."
            ).format(codes=error),
            code="indicators",
        ) from error


def _collect(scope: Place, lag: LAG) -> dict:
    frame = _Frame(scope, lag)
    data = {
        "scope": frame.describe(scope),
        "lag": {
            "name": lag.name,
            "short_name": lag.short_name,
            "programme": lag.programme,
            "funders": lag.funders,
            "credit": lag.statistics_credit,
        },
        "places": [frame.describe(place) for place in frame.places],
        "among": len(frame.everyone),
        "map": frame.map(),
        "portrait": {
            "population": _population(frame),
            "density": _density(frame),
            "ages": _ages(frame),
            "income": _income(frame),
            "establishments": _establishments(frame),
            "permits": _permits(frame),
            "dwellings": _dwellings(frame),
            "surface": _pairs(frame, "surface", None, 1),
            "dwellings_count": _pairs(frame, "dwellings", HOUSING, 0),
        },
        "ranks": [_ranked(frame, *row) for row in RANKED] + [_unavailable("broadband_coverage")],
    }
    data["tables"] = _tables(frame, data)
    data["sources"] = _sources(frame)
    data["findings"] = findings.of(data)
    data["captions"] = findings.captions(data)
    data["gaps"] = findings.gaps(data)
    return data


class _Frame:
    """The scope and what it is compared with: municipalities beside it, areas around it."""

    def __init__(self, scope: Place, lag: LAG) -> None:
        self.scope, self.lag = scope, lag
        kinds = {AreaKind.PROVINCE: None, AreaKind.REGION: None}
        if isinstance(scope, Municipality):
            group = lag.area if lag.area.municipalities.filter(pk=scope.pk).exists() else None
            members = list(group.municipalities.current()) if group else []
            self.members = [place for place in members if place != scope]
            around = Area.objects.containing(scope)
        else:
            group = None
            members = list(scope.municipalities.current())
            self.members = members if len(members) <= TOGETHER else []
            around = Area.objects.filter(municipalities__in=members).distinct()
        self.size = len(members)
        self.group = group
        for kind in kinds:
            found = list(around.filter(kind=kind))
            kinds[kind] = found[0] if len(found) == 1 and found[0] != scope else None
        self.province, self.region = kinds[AreaKind.PROVINCE], kinds[AreaKind.REGION]
        everyone = self.region or (scope if isinstance(scope, Area) else None)
        self.among = everyone
        self.everyone = list(everyone.municipalities.all()) if everyone else []
        aggregates = [place for place in (group, self.province, self.region) if place]
        self.places: list[Place] = [scope, *self.members, *aggregates]
        self.on_map = self.members if isinstance(scope, Area) else [scope, *self.members]

    def describe(self, place: Place) -> dict:
        """A place as pages name it: code, name, label in charts and tables, and what it is to the scope."""
        role = {"scope": self.scope, "group": self.group, "province": self.province, "region": self.region}
        found = next((name for name, known in role.items() if known == place and known is not None), "member")
        name = label = str(place)
        if place == self.lag.area:
            name, label = self.lag.name, _("{n} communes").format(n=self.size)
        return {
            "code": place.code,
            "name": name,
            "label": label,
            "role": found,
            "kind": "municipality" if isinstance(place, Municipality) else place.kind,
            "municipalities": 1 if isinstance(place, Municipality) else place.municipalities.count(),
        }

    def map(self) -> list[list]:
        """Outlines of the municipalities shown one by one, thinned to about 10 m: [code, geometry]."""
        shapes = Municipality.objects.filter(pk__in=[place.pk for place in self.on_map]).with_boundary()
        return [[place.code, _thinned(place.boundary.geometry)] for place in shapes]


def _thinned(geometry: dict) -> dict:
    def thin(part):
        if isinstance(part[0], (int, float)):
            return [round(part[0], 4), round(part[1], 4)]
        return [thin(piece) for piece in part]

    return {"type": geometry["type"], "coordinates": thin(geometry["coordinates"])}


def _plain(value: Decimal | None, decimals: int) -> int | float | None:
    """The one rounding: half away from zero; whole numbers without a decimal point."""
    if value is None:
        return None
    exact = numbers.rounded(value, decimals)
    return int(exact) if decimals == 0 else float(exact)


def _years(points: dict[tuple[str, str], list[Point]], indicator: str, frame: _Frame) -> list[int]:
    """The years of a series in which the scope has a value."""
    return [point.year for point in points[indicator, frame.scope.code] if point.value is not None]


def _series(frame: _Frame, indicator: str, decimals: int) -> dict:
    """Years, and for each place its values: {"years": […], "values": [[code, […]], …]}."""
    points = figures.series([indicator], frame.places)
    years = _years(points, indicator, frame)
    values = []
    for place in frame.places:
        by_year = {point.year: point.value for point in points[indicator, place.code]}
        values.append([place.code, [_plain(by_year.get(year), decimals) for year in years]])
    return {"years": years, "values": values}


def _growth(frame: _Frame, indicator: str, years: tuple[int, int]) -> list[list]:
    found = figures.growth(indicator, frame.places, *years)
    return [[place.code, _plain(found[place.code], 1)] for place in frame.places]


def _index(frame: _Frame, indicator: str, start: int) -> list[list]:
    """Series with `start` at 100, rounded once, from exact values."""
    points = figures.series([indicator], frame.places)
    years = [year for year in _years(points, indicator, frame) if year >= start]
    rows = []
    for place in frame.places:
        by_year = {point.year: point.value for point in points[indicator, place.code]}
        base = by_year.get(start)
        rows.append(
            [
                place.code,
                [
                    _plain(by_year[year] / base * 100, 1) if base and by_year.get(year) is not None else None
                    for year in years
                ],
            ]
        )
    return rows


def _pairs(frame: _Frame, indicator: str, year: int | None, decimals: int) -> list[list]:
    points = figures.series([indicator], frame.places, years=[year])
    return [[place.code, _plain(points[indicator, place.code][0].value, decimals)] for place in frame.places]


def _population(frame: _Frame) -> dict:
    legal = figures.latest(["population_legal"], frame.places)
    return {
        **_series(frame, "population", 0),
        "index": _index(frame, "population", POPULATION[0]),
        "from_to": list(POPULATION),
        "growth": _growth(frame, "population", POPULATION),
        "legal": [
            [place.code, point.year, _plain(point.value, 0)]
            for place in frame.places
            if (point := legal["population_legal", place.code])
        ],
        "legal_index": _legal_index(frame, legal),
    }


def _legal_index(frame: _Frame, legal: dict) -> list[list]:
    base = figures.series(["population"], frame.places, years=[POPULATION[0]])
    return [
        [place.code, _plain(point.value / first.value * 100, 1)]
        for place in frame.places
        if (point := legal["population_legal", place.code])
        and (first := base["population", place.code][0]).value
    ]


def _density(frame: _Frame) -> dict:
    everyone = figures.distribution("density", AGE, among=frame.among) if frame.among else {}
    names = {place.code: place.name for place in frame.everyone}
    ordered = sorted(everyone.items(), key=lambda pair: (pair[1], pair[0]))
    return {
        "year": AGE,
        "values": _pairs(frame, "density", AGE, 0),
        "everyone": [[code, names[code], _plain(value, 0)] for code, value in ordered],
        "rank": _rank(frame, "density", AGE),
    }


def _rank(frame: _Frame, indicator: str, year: int | tuple[int, int]) -> int | None:
    if not frame.among or isinstance(frame.scope, Area):
        return None
    found = (
        figures.growth_ranks(indicator, *year, among=frame.among)
        if isinstance(year, tuple)
        else figures.ranks(indicator, year, among=frame.among)
    )
    rank = found.get(frame.scope.code)
    return rank.rank if rank else None


def _ages(frame: _Frame) -> dict:
    codes = [f"share_age_{age}" for age in AGES]
    points = figures.series(codes, frame.places, years=[AGE])
    labels = dict(
        Indicator.objects.filter(code__in=[f"age_{age}" for age in AGES]).values_list("code", "short_name")
    )
    return {
        "year": AGE,
        "classes": [labels[f"age_{age}"] for age in AGES],
        "values": [
            [place.code, [_plain(points[code, place.code][0].value, 1) for code in codes]]
            for place in frame.places
        ],
    }


def _income(frame: _Frame) -> dict:
    return {
        **_series(frame, "income_per_return", 0),
        "from_to": list(INCOME),
        "growth": _growth(frame, "income_per_return", INCOME),
    }


def _establishments(frame: _Frame) -> dict:
    return {
        **_series(frame, "establishments", 0),
        "index": _index(frame, "establishments", ECONOMY[0]),
        "from_to": list(ECONOMY),
        "growth": _growth(frame, "establishments", ECONOMY),
    }


def _permits(frame: _Frame) -> dict:
    """Dwellings authorised by year and place, houses and apartments of the scope, and ten-year totals."""
    parts = figures.series(["new_houses", "new_apartments"], [frame.scope])
    totals = figures.cumulated("new_dwellings", frame.places, *TEN_YEARS)
    apartments = figures.cumulated("new_apartments", frame.places, *TEN_YEARS)

    def share(code: str):
        total = totals[code]
        return _plain(apartments[code] / total * 100, 0) if total and apartments[code] is not None else None

    return {
        **_series(frame, "new_dwellings", 0),
        "houses": [_plain(p.value, 0) for p in parts["new_houses", frame.scope.code]],
        "apartments": [_plain(p.value, 0) for p in parts["new_apartments", frame.scope.code]],
        "ten_years": list(TEN_YEARS),
        "totals": [[place.code, _plain(totals[place.code], 0)] for place in frame.places],
        "apartment_shares": [[place.code, share(place.code)] for place in frame.places],
        "shares_of_group": _shares_of_group(frame, totals),
    }


def _shares_of_group(frame: _Frame, totals: dict) -> dict | None:
    """What part of its group the scope builds, and what part it houses, in percent; None without a group."""
    if not frame.group or not totals[frame.group.code] or totals[frame.scope.code] is None:
        return None
    people = figures.series(["population"], [frame.scope, frame.group], years=[POPULATION[1]])
    mine, all_ = (people["population", place.code][0].value for place in (frame.scope, frame.group))
    if not mine or not all_:
        return None
    return {
        "dwellings": _plain(totals[frame.scope.code] / totals[frame.group.code] * 100, 1),
        "people": _plain(mine / all_ * 100, 1),
    }


def _dwellings(frame: _Frame) -> dict:
    codes = [f"share_dwellings_{kind}" for kind in DWELLINGS]
    points = figures.series(codes, frame.places, years=[HOUSING])
    return {
        "year": HOUSING,
        "classes": [_("ouverte"), _("demi-fermée"), _("fermée"), _("appartement"), _("autre")],
        "values": [
            [place.code, [_plain(points[code, place.code][0].value, 1) for code in codes]]
            for place in frame.places
        ],
    }


def _ranked(frame: _Frame, code: str, year: int | tuple[int, int], decimals: int, signed: bool) -> dict:
    """One row of the sheet: values of the scope and the aggregates, and ranks of the municipalities shown."""
    indicator = Indicator.objects.get(code=code)
    if isinstance(year, tuple):
        values = figures.growth(code, frame.places, *year)
        ranks = figures.growth_ranks(code, *year, among=frame.among) if frame.among else {}
        label, unit = findings.growth_label(code), "%"
    else:
        points = figures.series([code], frame.places, years=[year])
        values = {place.code: points[code, place.code][0].value for place in frame.places}
        ranks = figures.ranks(code, year, among=frame.among) if frame.among else {}
        label, unit = (
            findings.row_label(code) or indicator.short_name,
            findings.row_unit(code, indicator.unit),
        )
    return {
        "code": code,
        "label": label,
        "when": "–".join(map(str, year)) if isinstance(year, tuple) else findings.moment(code, year),
        "unit": unit,
        "decimals": decimals,
        "signed": signed,
        "values": [[place.code, _plain(values[place.code], decimals)] for place in frame.places],
        "ranks": [[place.code, ranks[place.code].rank] for place in frame.places if place.code in ranks],
        "missing": indicator.unavailable,
    }


def _unavailable(code: str) -> dict:
    """A row that says why nothing stands in it."""
    indicator = Indicator.objects.get(code=code)
    return {
        "code": code,
        "label": indicator.name,
        "when": "",
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "signed": False,
        "values": [],
        "ranks": [],
        "missing": indicator.unavailable,
    }


# Tables ----------------------------------------------------------------------------------------------------


def _tables(frame: _Frame, data: dict) -> list[dict]:
    """Every table that is printed: each a header and rows of plain cells, with how to print them."""
    portrait, places = data["portrait"], data["places"]
    names = [place["label"] for place in places]

    def by_year(key: str, title: str, source: dict, note: str, decimals: int = 0) -> dict:
        rows = [
            _row(str(year), [values[position] for _code, values in source["values"]], decimals)
            for position, year in enumerate(source["years"])
        ]
        return _table(key, title, [_("Année"), *names], rows, note)

    def by_class(key: str, title: str, source: dict, note: str) -> dict:
        rows = [
            _row(label, [values[position] for _code, values in source["values"]], 1)
            for position, label in enumerate(source["classes"])
        ]
        return _table(key, title, [_("Classe"), *names], rows, note)

    ranked = [row for row in data["ranks"] if row["ranks"]]
    shown = [place for place in places if place["kind"] == "municipality"]
    tables = [
        _portrait_table(frame, data),
        by_year("A.1", _("Habitants au 1er janvier"), portrait["population"], _("Statbel, population.")),
        by_class(
            "A.2",
            _("Habitants par classe d’âge, 1er janvier {year}, en\u202f%").format(year=AGE),
            portrait["ages"],
            _("Statbel, population par âge."),
        ),
        by_year(
            "A.3",
            _("Revenu net imposable moyen par déclaration, en euros courants"),
            portrait["income"],
            _("Statbel, revenus fiscaux. Année des revenus."),
        ),
        by_year(
            "A.4",
            _("Unités d’établissement au 4e trimestre"),
            portrait["establishments"],
            _("Statbel, unités d’établissement."),
        ),
        by_year(
            "A.5",
            _("Logements neufs autorisés par an"),
            portrait["permits"],
            _("Statbel, permis de bâtir. L’autorisation ne dit pas si le logement est bâti."),
        ),
        by_class(
            "A.6",
            _("Logements selon le type de bâtiment, {year}, en\u202f%").format(year=HOUSING),
            portrait["dwellings"],
            _("Statbel, bâtiments."),
        ),
    ]
    if shown and ranked:
        rows = [
            _row(f"{row['label']}, {row['when']}", [dict(row["ranks"]).get(p["code"]) for p in shown], 0)
            for row in ranked
        ]
        title = _("Rang parmi les {n} communes").format(n=data["among"])
        header = [_("Indicateur"), *[place["label"] for place in shown]]
        tables.append(
            _table("A.7", title, header, rows, _("1er = valeur la plus haute, ni bonne ni mauvaise."))
        )
    return tables


def _table(key: str, title: str, header: Sequence[str], rows: list[dict], note: str) -> dict:
    return {"key": key, "title": title, "header": list(header), "rows": rows, "note": note}


def _row(label: str, values: list, decimals: int, *, signed: bool = False) -> dict:
    """A row: its cells as plain values (the first is its label), and how its numbers are printed."""
    return {"cells": [label, *values], "decimals": decimals, "signed": signed}


def _portrait_table(frame: _Frame, data: dict) -> dict:
    portrait = data["portrait"]
    households = figures.series(["share_one_person_households"], frame.places, years=[None])
    alone = [
        _plain(households["share_one_person_households", place.code][0].value, 1) for place in frame.places
    ]

    def of(pairs: list[list]) -> list:
        return [value for _code, value in pairs]

    def last(source: dict) -> list:
        return [values[-1] if values else None for _code, values in source["values"]]

    aged = next(row for row in data["ranks"] if row["code"] == "share_aged_60")
    people, jobs = portrait["population"], portrait["establishments"]
    rows = [
        (_("Habitants"), str(people["years"][-1]) if people["years"] else None, last(people), 0, False),
        (_("Évolution,\u202f%"), "–".join(map(str, people["from_to"])), of(people["growth"]), 1, True),
        (_("Densité, hab./km²"), str(AGE), of(portrait["density"]["values"]), 0, False),
        (_("60 ans et plus,\u202f%"), str(AGE), of(aged["values"]), 1, False),
        (_("Revenu/déclar., €"), str(INCOME[1]), last(portrait["income"]), 0, False),
        (_("Établissements"), f"T4 {jobs['years'][-1]}" if jobs["years"] else None, last(jobs), 0, False),
        (_("Logements"), str(HOUSING), of(portrait["dwellings_count"]), 0, False),
        (_("Ménages d’1 pers.,\u202f%"), None, alone, 1, False),
    ]
    return _table(
        "3.1",
        _("Les chiffres du portrait"),
        [_("Indicateur"), _("Année"), *[place["label"] for place in data["places"]]],
        [
            {"cells": [label, year, *values], "decimals": decimals, "signed": signed}
            for label, year, values, decimals, signed in rows
        ],
        _(
            "Statbel, CC BY 4.0\u00a0; traitement GAL. Ménages\u00a0: la source ne donne pas de date\u00a0; sans"
            " doute le Census du 1er janvier 2011. À lire comme un ordre de grandeur."
        ),
    )


def _sources(frame: _Frame) -> list[dict]:
    """What each subject rests on: years, how many municipalities have it, publisher, what to know."""
    publishers = {source.credit: source for source in Source.objects.all()}
    everyone = frame.among or frame.scope
    subjects = [
        (_("Population"), "population"),
        (_("Population légale"), "population_legal"),
        (_("Âge"), "age_00_09"),
        (_("Superficie"), "surface"),
        (_("Ménages"), "households"),
        (_("Revenus"), "income_total"),
        (_("Établissements"), "establishments"),
        (_("Logements"), "dwellings"),
        (_("Permis de bâtir"), "new_dwellings"),
        (_("Haut débit"), "broadband_coverage"),
    ]
    known = Indicator.objects.in_bulk([code for _label, code in subjects], field_name="code")
    points = figures.series(known.values(), [everyone])
    rows = []
    for label, code in subjects:
        found = points[code, everyone.code]
        credits = list(
            dict.fromkeys(credit for point in found for credit in point.source.split(" ; ") if credit)
        )
        names = list(
            dict.fromkeys(publishers[credit].publisher for credit in credits if credit in publishers)
        )
        rows.append(
            {
                "label": label,
                "years": findings.spans([point.year for point in found]),
                "municipalities": max((point.members - point.missing for point in found), default=None),
                "publisher": ", ".join(name.split(" (")[0] for name in names) or "—",
                "credits": credits,
                "note": known[code].unavailable or known[code].caution,
            }
        )
    return rows
