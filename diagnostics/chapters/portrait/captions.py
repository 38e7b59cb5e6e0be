"""What stands around the portrait's figures: conclusion, how to read, source; and what is not known. No database."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from django.utils.translation import gettext as _

from diagnostics import words
from typography import numbers


def gaps(data: Mapping) -> list[dict]:
    """Return what this diagnostic does not know: subject and reason."""
    found = [
        {"subject": row["label"], "reason": row["missing"]}
        for row in data["portrait"]["ranks"]
        if not row["values"]
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
                "subject": _("La population de {years}").format(years=words.spans(holes).replace("–", " à ")),
                "reason": _("non disponible par commune. Les courbes y sont interrompues."),
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
        return words.value(pairs, code), words.value(pairs, region["code"]) if region else None

    def against(value) -> str:
        return _(", région {value}").format(value=value) if region else ""

    def caption(key: str, title: str, reading: str, source: str) -> dict:
        return {"key": key, "title": title, "reading": reading, "source": source}

    population, jobs, income = portrait["population"], portrait["establishments"], portrait["income"]
    start, end = population["from_to"]
    holes = [year for a, b in pairwise(population["years"]) for year in range(a + 1, b)]
    broken = _(" Ligne interrompue\u00a0: {years} n.d.").format(years=words.spans(holes)) if holes else ""
    legal = sorted({year for _place, year, _people in population["legal"]})
    hollow = (
        _(" Rond vide\u00a0: population légale {year}, autre méthode.").format(year=words.spans(legal))
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
            _("Statbel, population {years}.").format(years=words.spans(population["years"]))
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
            mine=numbers.number(mine),
            rank=words.ordinal(density["rank"]).replace("er", "re"),
            n=data["among"],
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
    own = words.value(ages["values"], code)
    other = words.value(ages["values"], region["code"]) if region else None
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
    people = dict(zip(population["years"], words.value(population["values"], code), strict=True)).get(
        ages["year"]
    )
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
    count = dict(zip(jobs["years"], words.value(jobs["values"], code), strict=True)).get(last)
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
    by_year = dict(zip(permits["years"], words.value(permits["values"], code), strict=True))
    known = {year: value for year, value in by_year.items() if value is not None}
    best = [year for year, value in known.items() if value == max(known.values(), default=0)]
    made.append(
        caption(
            "3.6",
            _("Le plus de logements autorisés\u00a0: {n} en\u00a0{years}").format(
                years=words.spans(best), n=numbers.number(max(known.values(), default=None))
            ),
            _("Logements neufs autorisés par an, {years}.").format(years=words.spans(known)),
            _(
                "Statbel, permis de bâtir. n = {n} logements\u00a0; la dernière année peut encore être révisée."
            ).format(n=numbers.number(sum(known.values()))),
        )
    )
    dwellings = portrait["dwellings"]
    position = dwellings["classes"].index(_("appartement"))
    mine, theirs = (
        (words.value(dwellings["values"], c) or [None] * 5)[position]
        for c in (code, region["code"] if region else "")
    )
    total = words.value(portrait["dwellings_count"], code)
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
