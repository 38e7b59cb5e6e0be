"""Findings: sentences that rules draw from figures, and nothing more than the figures say. No database."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from django.utils.translation import gettext as _

from typography import numbers

NEAR = 0.5
"""Percentage points within which two figures are said to be alike."""


def growth_label(code: str) -> str:
    """How an evolution is called in the sheet."""
    return {
        "population": _("Croissance de la population"),
        "establishments": _("Croissance des établissements"),
    }[code]


def row_label(code: str) -> str:
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


def row_unit(code: str, unit: str) -> str:
    """The unit of a row, as short as it can be."""
    return {
        "establishments_per_1000": _("pour 1\u202f000 hab."),
        "new_dwellings_per_1000": _("pour 1\u202f000 hab."),
    }.get(code, unit)


def moment(code: str, year: int) -> str:
    """The year of a row, or the ten years that its mean covers."""
    if code == "new_dwellings_per_1000":
        return f"{year - 9}–{year}"
    return _("fin {year}").format(year=year) if code == "establishments_per_1000" else str(year)


def spans(years: Iterable[int | None]) -> str:
    """Return "2006–2014, 2018–2020" for a series of years; "n.d." when there is none or it is not dated."""
    known = sorted(year for year in years if year is not None)
    if not known:
        return numbers.MISSING
    starts = [known[0], *(after for before, after in pairwise(known) if after != before + 1)]
    ends = [*(before for before, after in pairwise(known) if after != before + 1), known[-1]]
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True))


def ordinal(rank: int) -> str:
    """Return "1er", "2e"."""
    return f"{numbers.number(rank)}{'er' if rank == 1 else 'e'}"


def subject(data: Mapping) -> str:
    """What a sentence calls the scope."""
    return _("La commune") if data["scope"]["kind"] == "municipality" else _("Le territoire")


def of(data: Mapping) -> list[dict]:
    """Return the findings, from the surest to the most fragile: figure, what it measures, sentence, comparison.

    Each has `ref`, the figure or table that holds its numbers. What lacks a figure is left out.
    """
    made = (_grows(data), _builds(data), _works(data), _ages(data), _earns(data))
    return [finding for finding in made if finding]


def _value(pairs: Iterable, code: str):
    return next((value for place, value in pairs if place == code), None)


def _aggregates(data: Mapping) -> list[dict]:
    return [place for place in data["places"] if place["role"] in ("group", "province", "region")]


def _bars(data: Mapping, pairs: Iterable) -> list[list]:
    """The scope and the aggregates that have a value: [name, value, role]."""
    pairs = list(pairs)
    places = [data["scope"], *_aggregates(data)]
    found = [[p["label"], _value(pairs, p["code"]), p["role"]] for p in places]
    return [bar for bar in found if bar[1] is not None]


def _region(data: Mapping, pairs: Iterable) -> tuple[str, float | None]:
    place = next((p for p in data["places"] if p["role"] == "region"), None)
    return (place["name"], _value(pairs, place["code"])) if place else ("", None)


def _percent(value, *, sign: bool = True) -> str:
    return numbers.percent(value, sign=sign)


def _comparison(mine: float, region: float | None, faster: tuple[str, str, str, str]) -> str:
    """Choose among four sentences: more than twice, more, alike, less than the region."""
    twice, more, alike, less = faster
    if region is None:
        return ""
    if abs(mine - region) <= NEAR:
        return alike
    if region > 0 and mine >= 2 * region:
        return twice
    return more if mine > region else less


def _grows(data: Mapping) -> dict | None:
    population = data["portrait"]["population"]
    mine = _value(population["growth"], data["scope"]["code"])
    if mine is None:
        return None
    who = subject(data)
    name, region = _region(data, population["growth"])
    start, end = population["from_to"]
    title = _comparison(
        mine,
        region,
        (
            _("{who} grandit plus de deux fois plus vite que la région."),
            _("{who} grandit plus vite que la région."),
            _("{who} évolue comme la région."),
            _("{who} grandit moins vite que la région."),
        ),
    )
    if mine < 0:
        title = _("{who} perd des habitants.")
    elif not title:
        title = _("{who} gagne des habitants.")
    values = dict(zip(population["years"], _value(population["values"], data["scope"]["code"]), strict=True))
    sentences = [
        _("De {first} à {last} habitants.").format(
            first=numbers.number(values.get(start)), last=numbers.number(values.get(end))
        )
    ]
    rank = next((row["ranks"] for row in data["ranks"] if row["code"] == "population"), [])
    if (own := _value(rank, data["scope"]["code"])) is not None:
        sentences = [
            _("De {first} à {last} habitants\u00a0: {rank} croissance des {n} communes.").format(
                first=numbers.number(values.get(start)),
                last=numbers.number(values.get(end)),
                rank=ordinal(own).replace("er", "re"),
                n=data["among"],
            )
        ]
    beside = [
        f"{place['label']}\u00a0: {_percent(value)}"
        for place in _aggregates(data)
        if (value := _value(population["growth"], place["code"])) is not None
    ]
    if beside:
        sentences.append("\u00a0; ".join(beside) + ".")
    return {
        "key": "growth",
        "figure": _percent(mine),
        "caption": _("habitants, {start}–{end}").format(start=start, end=end),
        "title": title.format(who=who),
        "text": " ".join(sentences),
        "limit": "",
        "bars": _bars(data, population["growth"]),
        "decimals": 1,
        "unit": "%",
        "ref": "3.1",
    }


def _builds(data: Mapping) -> dict | None:
    permits, code = data["portrait"]["permits"], data["scope"]["code"]
    total = _value(permits["totals"], code)
    start, end = permits["ten_years"]
    if not total:
        return None
    limit = _("L’autorisation ne dit pas si le logement est bâti.")
    share = _value(permits["apartment_shares"], code)
    apartments = (
        _(", dont {share}\u202f% en appartement").format(share=numbers.number(share))
        if share is not None
        else ""
    )
    shares = permits["shares_of_group"]
    if shares:
        group = next(place for place in data["places"] if place["role"] == "group")
        return {
            "key": "building",
            "figure": numbers.percent(shares["dwellings"], 0),
            "caption": _("des logements neufs autorisés du territoire, {start}–{end}").format(
                start=start, end=end
            ),
            "title": _(
                "{who} porte {dwellings} de la construction du territoire avec {people} des habitants."
            ).format(
                who=subject(data),
                dwellings=numbers.percent(shares["dwellings"], 0),
                people=numbers.percent(shares["people"], 0),
            ),
            "text": _("{total} logements autorisés sur {all}{apartments}.").format(
                total=numbers.number(total),
                all=numbers.number(_value(permits["totals"], group["code"])),
                apartments=apartments,
            ),
            "limit": limit,
            "bars": [
                [_("logements"), shares["dwellings"], "scope"],
                [_("habitants"), shares["people"], "group"],
            ],
            "decimals": 1,
            "unit": "%",
            "ref": "3.6",
        }
    row = next(row for row in data["ranks"] if row["code"] == "new_dwellings_per_1000")
    mine = _value(row["values"], code)
    if mine is None:
        return None
    _name, region = _region(data, row["values"])
    title = _("Chaque année, {n} logements neufs y sont autorisés pour 1\u202f000 habitants.").format(
        n=numbers.number(mine, 1)
    )
    if region is not None and mine != region:
        more = _("On y autorise plus de logements neufs, par habitant, que dans la région.")
        less = _("On y autorise moins de logements neufs, par habitant, que dans la région.")
        title = more if mine > region else less
    return {
        "key": "building",
        "figure": numbers.number(mine, 1),
        "caption": _("logements autorisés par an pour 1\u202f000 habitants, {when}").format(when=row["when"]),
        "title": title,
        "text": _("{total} logements autorisés en dix ans{apartments}.").format(
            total=numbers.number(total), apartments=apartments
        ),
        "limit": limit,
        "bars": _bars(data, row["values"]),
        "decimals": 1,
        "unit": "",
        "ref": "3.6",
    }


def _works(data: Mapping) -> dict | None:
    jobs, code = data["portrait"]["establishments"], data["scope"]["code"]
    mine = _value(jobs["growth"], code)
    if mine is None:
        return None
    name, region = _region(data, jobs["growth"])
    start, end = jobs["from_to"]
    title = _comparison(
        mine,
        region,
        (
            _("Les établissements y augmentent plus de deux fois plus vite que dans la région."),
            _("Les établissements y augmentent plus vite que dans la région."),
            _("Les établissements y évoluent comme dans la région."),
            _("Les établissements y augmentent moins vite que dans la région."),
        ),
    )
    if mine < 0:
        title = _("Le nombre d’établissements y diminue.")
    elif not title:
        title = _("Le nombre d’établissements y augmente.")
    last = dict(zip(jobs["years"], _value(jobs["values"], code), strict=True)).get(end)
    beside = (
        _(" ({region}\u00a0: {value})").format(region=name, value=_percent(region))
        if region is not None
        else ""
    )
    return {
        "key": "establishments",
        "figure": _percent(mine),
        "caption": _("unités d’établissement, {start}–{end}").format(start=start, end=end),
        "title": title,
        "text": _("{n} établissements fin {end}, {mine} en {years} ans{beside}.").format(
            n=numbers.number(last), end=end, mine=_percent(mine), years=end - start, beside=beside
        ),
        "limit": _("Un indépendant sans personnel compte pour un établissement."),
        "bars": _bars(data, jobs["growth"]),
        "decimals": 1,
        "unit": "%",
        "ref": "3.5",
    }


def _ages(data: Mapping) -> dict | None:
    row = next(row for row in data["ranks"] if row["code"] == "share_aged_60")
    mine = _value(row["values"], data["scope"]["code"])
    if mine is None:
        return None
    name, region = _region(data, row["values"])
    title = (
        _("Un habitant sur {n} environ a 60 ans ou plus.").format(n=numbers.number(100 / mine))
        if mine
        else ""
    )
    if region is not None:
        title = _comparison(
            mine,
            region,
            (
                _("Deux fois plus de 60 ans et plus que dans la région."),
                _("Une part de 60 ans et plus supérieure à celle de la région."),
                _("Une part de 60 ans et plus proche de celle de la région."),
                _("Une part de 60 ans et plus inférieure à celle de la région."),
            ),
        )
    young = next(row for row in data["ranks"] if row["code"] == "share_under_20")
    return {
        "key": "age",
        "figure": numbers.percent(mine, 1),
        "caption": _("des habitants ont 60 ans ou plus, {year}").format(year=row["when"]),
        "title": title,
        "text": _("Les moins de 20 ans font {young} des habitants.").format(
            young=numbers.percent(_value(young["values"], data["scope"]["code"]))
        ),
        "limit": _("Âges au 1er janvier {year}\u00a0; aucune série plus récente n’a été trouvée.").format(
            year=row["when"]
        ),
        "bars": _bars(data, row["values"]),
        "decimals": 1,
        "unit": "%",
        "ref": "3.3",
    }


def _earns(data: Mapping) -> dict | None:
    row = next(row for row in data["ranks"] if row["code"] == "income_per_return")
    mine = _value(row["values"], data["scope"]["code"])
    if mine is None:
        return None
    name, region = _region(data, row["values"])
    title = _("Le revenu moyen par déclaration était de {n}\u202f€ en {year}.").format(
        n=numbers.number(mine), year=row["when"]
    )
    text = ""
    if region:
        difference = (mine - region) / region * 100
        above = _("En {year}, le revenu moyen par déclaration dépassait celui de la région.")
        alike = _("En {year}, le revenu moyen par déclaration était proche de celui de la région.")
        below = _("En {year}, le revenu moyen par déclaration restait sous celui de la région.")
        title = (alike if abs(difference) < 2 else above if difference > 0 else below).format(
            year=row["when"]
        )
        text = _("{mine}\u202f€, contre {region}\u202f€ ({name}).").format(
            mine=numbers.number(mine), region=numbers.number(region), name=name
        )
    return {
        "key": "income",
        "figure": f"{numbers.number(mine)}\u202f€",
        "caption": _("revenu net imposable moyen par déclaration, {year}").format(year=row["when"]),
        "title": title,
        "text": text,
        "limit": _("Chiffres anciens. La moyenne cache les écarts, et les revenus étrangers y comptent."),
        "bars": _bars(data, row["values"]),
        "decimals": 0,
        "unit": "€",
        "ref": "3.4",
    }


def gaps(data: Mapping) -> list[dict]:
    """Return what this diagnostic does not know: subject and reason."""
    found = [
        {"subject": row["label"], "reason": row["missing"]} for row in data["ranks"] if not row["values"]
    ]
    income, ages = data["portrait"]["income"], data["portrait"]["ages"]
    if income["years"]:
        found.append(
            {
                "subject": _("Les revenus après {year} et les âges après {age}").format(
                    year=income["years"][-1], age=ages["year"]
                ),
                "reason": _(
                    "séries non trouvées. Les écarts entre communes comptent, pas le niveau d’aujourd’hui."
                ),
            }
        )
    years = data["portrait"]["population"]["years"]
    if holes := [year for a, b in pairwise(years) for year in range(a + 1, b)]:
        found.append(
            {
                "subject": _("La population de {years}").format(years=spans(holes).replace("–", " à ")),
                "reason": _("non disponible par commune. Les courbes y sont interrompues."),
            }
        )
    found.append(
        {
            "subject": _("La maturité numérique, les besoins, les formations et les projets"),
            "reason": _("chapitres sans matière dans cette édition, laissés de côté."),
        }
    )
    return found


def captions(data: Mapping) -> list[dict]:
    """Return what stands around each figure: its conclusion, how to read it, its source."""
    portrait, name = data["portrait"], data["scope"]["name"]
    code, region = data["scope"]["code"], next((p for p in data["places"] if p["role"] == "region"), None)
    dotted = _(" Pointillé\u00a0: {region}.").format(region=region["name"]) if region else ""
    others = (
        _(" Gris\u00a0: les autres communes.") if any(p["role"] == "member" for p in data["places"]) else ""
    )

    def of(pairs: Iterable) -> tuple:
        return _value(pairs, code), _value(pairs, region["code"]) if region else None

    def against(value) -> str:
        return _(", région {value}").format(value=value) if region else ""

    def caption(key: str, title: str, reading: str, source: str) -> dict:
        return {"key": key, "title": title, "reading": reading, "source": source}

    population, jobs, income = portrait["population"], portrait["establishments"], portrait["income"]
    start, end = population["from_to"]
    holes = [year for a, b in pairwise(population["years"]) for year in range(a + 1, b)]
    broken = _(" Ligne interrompue\u00a0: {years} n.d.").format(years=spans(holes)) if holes else ""
    legal = sorted({year for _place, year, _people in population["legal"]})
    hollow = (
        _(" Rond vide\u00a0: population légale {year}, autre méthode.").format(year=spans(legal))
        if legal
        else ""
    )
    mine, theirs = of(population["growth"])
    made = [
        caption(
            "3.1",
            _("{name}\u00a0: {mine} d’habitants de {start} à {end}{region}").format(
                name=name,
                mine=numbers.percent(mine, sign=True),
                start=start,
                end=end,
                region=against(numbers.percent(theirs, sign=True)),
            ),
            _(
                "Population au 1er janvier, indice 100 en {start}. À droite du nom\u00a0: évolution {start}–{end}."
            ).format(start=start, end=end)
            + dotted
            + others
            + broken
            + hollow,
            _("Statbel, population {years}.").format(years=spans(population["years"]))
            + (
                _(" Population légale\u00a0: arrêté du Gouvernement wallon du 23 février 2024.")
                if legal
                else ""
            ),
        )
    ]
    density = portrait["density"]
    mine, theirs = of(density["values"])
    title = _("{mine} habitants par km²{region}").format(
        mine=numbers.number(mine), region=against(numbers.number(theirs))
    )
    if density["rank"]:
        title = _("{mine} habitants par km²\u00a0: {rank} densité sur {n} communes").format(
            mine=numbers.number(mine), rank=ordinal(density["rank"]).replace("er", "re"), n=data["among"]
        )
    made.append(
        caption(
            "3.2",
            title,
            _(
                "Habitants par km² au 1er janvier {year}\u00a0; un point par commune, n = {n}, échelle logarithmique."
            ).format(year=density["year"], n=numbers.number(len(density["everyone"]))),
            _("Statbel, population {year} et superficie cadastrale.").format(year=density["year"]),
        )
    )
    ages = portrait["ages"]
    own = _value(ages["values"], code)
    other = _value(ages["values"], region["code"]) if region else None
    title = _("Comment se répartissent les âges")
    if other and None not in own and None not in other:
        gap, label, more = max(
            (abs(a - b), label, a > b) for a, b, label in zip(own, other, ages["classes"], strict=True)
        )
        title = _("Des âges proches de ceux de la région, à un point près dans chaque classe")
        if gap > 1:
            title = (
                _("Un peu plus de {label} ans que dans la région")
                if more
                else _("Un peu moins de {label} ans que dans la région")
            ).format(label=label.removesuffix(_(" et plus")))
    people = dict(zip(population["years"], _value(population["values"], code), strict=True)).get(ages["year"])
    made.append(
        caption(
            "3.3",
            title,
            _(
                "Part des habitants par classe d’âge de dix ans, 1er janvier {year}, en\u202f%. n = {n} habitants."
            ).format(year=ages["year"], n=numbers.number(people)),
            _("Statbel, population par âge {year}. Série plus récente n.d.").format(year=ages["year"]),
        )
    )
    first, last = income["from_to"]
    earned = {place: values[-1] for place, values in income["values"] if values}
    mine, theirs = earned.get(code), earned.get(region["code"]) if region else None
    made.append(
        caption(
            "3.4",
            _("{mine}\u202f€ par déclaration en {year}{region}").format(
                mine=numbers.number(mine), year=last, region=against(f"{numbers.number(theirs)}\u202f€")
            ),
            _(
                "Revenu net imposable moyen par déclaration, euros courants\u00a0; rond vide {first}, plein {last}."
            ).format(first=first, last=last),
            _("Statbel, revenus fiscaux. Après {year}\u00a0: n.d.").format(year=last),
        )
    )
    first, last = jobs["from_to"]
    mine, theirs = of(jobs["growth"])
    count = dict(zip(jobs["years"], _value(jobs["values"], code), strict=True)).get(last)
    made.append(
        caption(
            "3.5",
            _("{mine} d’établissements de {first} à {last}{region}").format(
                mine=numbers.percent(mine, sign=True),
                first=first,
                last=last,
                region=against(numbers.percent(theirs, sign=True)),
            ),
            _(
                "Unités d’établissement au 4e trimestre, indice 100 en {first}\u00a0;"
                " à droite, évolution {first}–{last}."
            ).format(first=first, last=last),
            _("Statbel, unités d’établissement. n = {n} établissements fin {last}.").format(
                n=numbers.number(count), last=last
            ),
        )
    )
    permits = portrait["permits"]
    by_year = dict(zip(permits["years"], _value(permits["values"], code), strict=True))
    known = {year: value for year, value in by_year.items() if value is not None}
    best = [year for year, value in known.items() if value == max(known.values(), default=0)]
    made.append(
        caption(
            "3.6",
            _("Le plus de logements autorisés\u00a0: {n} en\u00a0{years}").format(
                years=spans(best), n=numbers.number(max(known.values(), default=None))
            ),
            _("Logements neufs autorisés par an, {years}.").format(years=spans(known)),
            _(
                "Statbel, permis de bâtir. n = {n} logements\u00a0; la dernière année peut encore être révisée."
            ).format(n=numbers.number(sum(known.values()))),
        )
    )
    dwellings = portrait["dwellings"]
    position = dwellings["classes"].index(_("appartement"))
    mine, theirs = (
        (_value(dwellings["values"], c) or [None] * 5)[position]
        for c in (code, region["code"] if region else "")
    )
    total = _value(portrait["dwellings_count"], code)
    made.append(
        caption(
            "3.7",
            _("{mine} des logements en appartement{region}").format(
                mine=numbers.percent(mine), region=against(numbers.percent(theirs))
            ),
            _("Logements selon le type de bâtiment, {year}, en\u202f%.").format(year=dwellings["year"]),
            _("Statbel, bâtiments {year}. n = {n} logements.").format(
                year=dwellings["year"], n=numbers.number(total)
            ),
        )
    )
    return made
