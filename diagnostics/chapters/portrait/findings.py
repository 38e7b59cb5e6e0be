"""Sentences that rules draw from the portrait's figures, and nothing more than the figures say. No database."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from diagnostics import words
from typography import numbers

NEAR = 0.5
"""Percentage points within which two figures are said to be alike."""


def of(data: Mapping) -> list[dict]:
    """Return the findings, from the surest to the most fragile: figure, what it measures, sentence, comparison.

    Each has `ref`, the figure or table that holds its numbers. What lacks a figure is left out.
    """
    made = (_grows(data), _builds(data), _works(data), _ages(data), _earns(data))
    return [finding for finding in made if finding]


def _bars(data: Mapping, pairs: Iterable) -> list[list]:
    """The scope and the aggregates that have a value: [name, value, role]."""
    pairs = list(pairs)
    places = [data["scope"], *words.aggregates(data)]
    found = [[p["label"], words.value(pairs, p["code"]), p["role"]] for p in places]
    return [bar for bar in found if bar[1] is not None]


def _region(data: Mapping, pairs: Iterable) -> tuple[str, float | None]:
    place = next((p for p in data["places"] if p["role"] == "region"), None)
    return (place["name"], words.value(pairs, place["code"])) if place else ("", None)


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
    mine = words.value(population["growth"], data["scope"]["code"])
    if mine is None:
        return None
    who = words.subject(data)
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
    values = dict(
        zip(population["years"], words.value(population["values"], data["scope"]["code"]), strict=True)
    )
    sentences = [
        _("De {first} à {last} habitants.").format(
            first=numbers.number(values.get(start)), last=numbers.number(values.get(end))
        )
    ]
    rank: list = next((row["ranks"] for row in data["portrait"]["ranks"] if row["code"] == "population"), [])
    if (own := words.value(rank, data["scope"]["code"])) is not None:
        sentences = [
            _("De {first} à {last} habitants\u00a0: {rank} croissance des {n} communes.").format(
                first=numbers.number(values.get(start)),
                last=numbers.number(values.get(end)),
                rank=words.ordinal(own).replace("er", "re"),
                n=data["among"],
            )
        ]
    beside = [
        f"{place['label']}\u00a0: {_percent(value)}"
        for place in words.aggregates(data)
        if (value := words.value(population["growth"], place["code"])) is not None
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
    total = words.value(permits["totals"], code)
    start, end = permits["ten_years"]
    if not total:
        return None
    limit = _("L’autorisation ne dit pas si le logement est bâti.")
    share = words.value(permits["apartment_shares"], code)
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
                who=words.subject(data),
                dwellings=numbers.percent(shares["dwellings"], 0),
                people=numbers.percent(shares["people"], 0),
            ),
            "text": _("{total} logements autorisés sur {all}{apartments}.").format(
                total=numbers.number(total),
                all=numbers.number(words.value(permits["totals"], group["code"])),
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
    row = next(row for row in data["portrait"]["ranks"] if row["code"] == "new_dwellings_per_1000")
    mine = words.value(row["values"], code)
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
    mine = words.value(jobs["growth"], code)
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
    last = dict(zip(jobs["years"], words.value(jobs["values"], code), strict=True)).get(end)
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
    row = next(row for row in data["portrait"]["ranks"] if row["code"] == "share_aged_60")
    mine = words.value(row["values"], data["scope"]["code"])
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
    young = next(row for row in data["portrait"]["ranks"] if row["code"] == "share_under_20")
    return {
        "key": "age",
        "figure": numbers.percent(mine, 1),
        "caption": _("des habitants ont 60 ans ou plus, {year}").format(year=row["when"]),
        "title": title,
        "text": _("Les moins de 20 ans font {young} des habitants.").format(
            young=numbers.percent(words.value(young["values"], data["scope"]["code"]))
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
    row = next(row for row in data["portrait"]["ranks"] if row["code"] == "income_per_return")
    mine = words.value(row["values"], data["scope"]["code"])
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
