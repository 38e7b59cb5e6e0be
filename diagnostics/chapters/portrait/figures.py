"""The figures of the portrait: asked once of the territory, rounded once. Missing is None, never 0."""

from django.utils.translation import gettext as _

from diagnostics import words
from diagnostics.frame import Frame, plain
from territory import figures
from territory.figures import Point
from territory.models import Area, Indicator, Source

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


def collect(frame: Frame) -> dict:
    """Return one entry a figure, `ranks` (rows of the sheet), and `sources` (what each subject rests on)."""
    return {
        "population": _population(frame),
        "density": _density(frame),
        "ages": _ages(frame),
        "income": _income(frame),
        "establishments": _establishments(frame),
        "permits": _permits(frame),
        "dwellings": _dwellings(frame),
        "surface": _pairs(frame, "surface", None, 1),
        "dwellings_count": _pairs(frame, "dwellings", HOUSING, 0),
        "alone": _pairs(frame, "share_one_person_households", None, 1),
        "ranks": [_ranked(frame, *row) for row in RANKED] + [_unavailable("broadband_coverage")],
        "sources": _sources(frame),
    }


def _years(points: dict[tuple[str, str], list[Point]], indicator: str, frame: Frame) -> list[int]:
    """The years of a series in which the scope has a value."""
    return [
        point.year
        for point in points[indicator, frame.scope.code]
        if point.value is not None and point.year is not None
    ]


def _series(frame: Frame, indicator: str, decimals: int) -> dict:
    """Years, and for each place its values: {"years": […], "values": [[code, […]], …]}."""
    points = figures.series([indicator], frame.places)
    years = _years(points, indicator, frame)
    values = []
    for place in frame.places:
        by_year = {point.year: point.value for point in points[indicator, place.code]}
        values.append([place.code, [plain(by_year.get(year), decimals) for year in years]])
    return {"years": years, "values": values}


def _growth(frame: Frame, indicator: str, years: tuple[int, int]) -> list[list]:
    found = figures.growth(indicator, frame.places, *years)
    return [[place.code, plain(found[place.code], 1)] for place in frame.places]


def _index(frame: Frame, indicator: str, start: int) -> list[list]:
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
                    plain(value / base * 100, 1) if base and value is not None else None
                    for value in (by_year.get(year) for year in years)
                ],
            ]
        )
    return rows


def _pairs(frame: Frame, indicator: str, year: int | None, decimals: int) -> list[list]:
    points = figures.series([indicator], frame.places, years=[year])
    return [[place.code, plain(points[indicator, place.code][0].value, decimals)] for place in frame.places]


def _population(frame: Frame) -> dict:
    legal = figures.latest(["population_legal"], frame.places)
    return {
        **_series(frame, "population", 0),
        "index": _index(frame, "population", POPULATION[0]),
        "from_to": list(POPULATION),
        "growth": _growth(frame, "population", POPULATION),
        "legal": [
            [place.code, point.year, plain(point.value, 0)]
            for place in frame.places
            if (point := legal["population_legal", place.code])
        ],
        "legal_index": _legal_index(frame, legal),
    }


def _legal_index(frame: Frame, legal: dict) -> list[list]:
    base = figures.series(["population"], frame.places, years=[POPULATION[0]])
    return [
        [place.code, plain(point.value / first.value * 100, 1)]
        for place in frame.places
        if (point := legal["population_legal", place.code])
        and (first := base["population", place.code][0]).value
    ]


def _density(frame: Frame) -> dict:
    everyone = figures.distribution("density", AGE, among=frame.among) if frame.among else {}
    names = {place.code: place.name for place in frame.everyone}
    ordered = sorted(everyone.items(), key=lambda pair: (pair[1], pair[0]))
    return {
        "year": AGE,
        "values": _pairs(frame, "density", AGE, 0),
        "everyone": [[code, names[code], plain(value, 0)] for code, value in ordered],
        "rank": _rank(frame, "density", AGE),
    }


def _rank(frame: Frame, indicator: str, year: int | tuple[int, int]) -> int | None:
    if not frame.among or isinstance(frame.scope, Area):
        return None
    found = (
        figures.growth_ranks(indicator, *year, among=frame.among)
        if isinstance(year, tuple)
        else figures.ranks(indicator, year, among=frame.among)
    )
    rank = found.get(frame.scope.code)
    return rank.rank if rank else None


def _ages(frame: Frame) -> dict:
    codes = [f"share_age_{age}" for age in AGES]
    points = figures.series(codes, frame.places, years=[AGE])
    labels = dict(
        Indicator.objects.filter(code__in=[f"age_{age}" for age in AGES]).values_list("code", "short_name")
    )
    return {
        "year": AGE,
        "classes": [labels[f"age_{age}"] for age in AGES],
        "values": [
            [place.code, [plain(points[code, place.code][0].value, 1) for code in codes]]
            for place in frame.places
        ],
    }


def _income(frame: Frame) -> dict:
    return {
        **_series(frame, "income_per_return", 0),
        "from_to": list(INCOME),
        "growth": _growth(frame, "income_per_return", INCOME),
    }


def _establishments(frame: Frame) -> dict:
    return {
        **_series(frame, "establishments", 0),
        "index": _index(frame, "establishments", ECONOMY[0]),
        "from_to": list(ECONOMY),
        "growth": _growth(frame, "establishments", ECONOMY),
    }


def _permits(frame: Frame) -> dict:
    """Dwellings authorised by year and place, houses and apartments of the scope, and ten-year totals."""
    parts = figures.series(["new_houses", "new_apartments"], [frame.scope])
    totals = figures.cumulated("new_dwellings", frame.places, *TEN_YEARS)
    apartments = figures.cumulated("new_apartments", frame.places, *TEN_YEARS)

    def share(code: str):
        total, part = totals[code], apartments[code]
        return plain(part / total * 100, 0) if total and part is not None else None

    return {
        **_series(frame, "new_dwellings", 0),
        "houses": [plain(p.value, 0) for p in parts["new_houses", frame.scope.code]],
        "apartments": [plain(p.value, 0) for p in parts["new_apartments", frame.scope.code]],
        "ten_years": list(TEN_YEARS),
        "totals": [[place.code, plain(totals[place.code], 0)] for place in frame.places],
        "apartment_shares": [[place.code, share(place.code)] for place in frame.places],
        "shares_of_group": _shares_of_group(frame, totals),
    }


def _shares_of_group(frame: Frame, totals: dict) -> dict | None:
    """What part of its group the scope builds, and what part it houses, in percent; None without a group."""
    if not frame.group or not totals[frame.group.code] or totals[frame.scope.code] is None:
        return None
    people = figures.series(["population"], [frame.scope, frame.group], years=[POPULATION[1]])
    mine, all_ = (people["population", place.code][0].value for place in (frame.scope, frame.group))
    if not mine or not all_:
        return None
    return {
        "dwellings": plain(totals[frame.scope.code] / totals[frame.group.code] * 100, 1),
        "people": plain(mine / all_ * 100, 1),
    }


def _dwellings(frame: Frame) -> dict:
    codes = [f"share_dwellings_{kind}" for kind in DWELLINGS]
    points = figures.series(codes, frame.places, years=[HOUSING])
    return {
        "year": HOUSING,
        "classes": [_("ouverte"), _("demi-fermée"), _("fermée"), _("appartement"), _("autre")],
        "values": [
            [place.code, [plain(points[code, place.code][0].value, 1) for code in codes]]
            for place in frame.places
        ],
    }


def _ranked(frame: Frame, code: str, year: int | tuple[int, int], decimals: int, signed: bool) -> dict:
    """One row of the sheet: values of the scope and the aggregates, and ranks of the municipalities shown."""
    indicator = Indicator.objects.get(code=code)
    if isinstance(year, tuple):
        values = figures.growth(code, frame.places, *year)
        ranks = figures.growth_ranks(code, *year, among=frame.among) if frame.among else {}
        label, unit = _growth_label(code), "%"
    else:
        points = figures.series([code], frame.places, years=[year])
        values = {place.code: points[code, place.code][0].value for place in frame.places}
        ranks = figures.ranks(code, year, among=frame.among) if frame.among else {}
        label, unit = (
            _row_label(code) or indicator.short_name,
            _row_unit(code, indicator.unit),
        )
    return {
        "code": code,
        "label": label,
        "when": "–".join(map(str, year)) if isinstance(year, tuple) else _moment(code, year),
        "unit": unit,
        "decimals": decimals,
        "signed": signed,
        "values": [[place.code, plain(values[place.code], decimals)] for place in frame.places],
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


def _growth_label(code: str) -> str:
    """How an evolution is called in the sheet."""
    return {
        "population": _("Croissance de la population"),
        "establishments": _("Croissance des établissements"),
    }[code]


def _row_label(code: str) -> str:
    """How a row of the sheet is called, in the reader's words; "" leaves the indicator's own name."""
    return {
        "density": _("Densité"),
        "share_under_20": _("Moins de 20 ans"),
        "share_aged_60": _("60 ans et plus"),
        "income_per_return": _("Revenu net imposable moyen"),
        "establishments_per_1000": _("Établissements d’entreprises"),
        "new_dwellings_per_1000": _("Logements autorisés par an"),
        "share_dwellings_apartment": _("Logements en appartement"),
    }.get(code, "")


def _row_unit(code: str, unit: str) -> str:
    """The unit of a row, as short as it can be."""
    return {
        "establishments_per_1000": _("pour 1\u202f000 hab."),
        "new_dwellings_per_1000": _("pour 1\u202f000 hab."),
    }.get(code, unit)


def _moment(code: str, year: int) -> str:
    """The year of a row, or the ten years that its mean covers."""
    if code == "new_dwellings_per_1000":
        return f"{year - 9}–{year}"
    return _("fin {year}").format(year=year) if code == "establishments_per_1000" else str(year)


def _sources(frame: Frame) -> list[dict]:
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
                "years": words.spans([point.year for point in found]),
                "municipalities": max((point.members - point.missing for point in found), default=None),
                "publisher": ", ".join(name.split(" (")[0] for name in names) or "—",
                "credits": credits,
                "note": known[code].unavailable or known[code].caution,
            }
        )
    return rows
