"""The one-page sheet: what a mayor reads in two minutes, from the frozen figures alone. No database."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnostics import drawings, words
from diagnostics.chapters import maturity, needs, projects, trainings
from diagnostics.chapters.portrait.drawings import permits_alone, rank_strip
from typography import numbers

FIRST, FIRST_PROJECTS = 3, 2
"""Needs and projects that the sheet names."""
ROOM = 42
"""Characters that a title may have there; the chapter prints it whole."""


def shown(data: Mapping) -> dict:
    """Return what the sheet prints: facts, ranks, and its foot.

    The foot holds maturity, the first needs and what happened, as far as there is matter; else dwellings
    authorised and what is not known.
    """
    programme = {key: data[key] for key in ("maturity", "needs", "trainings", "projects") if key in data}
    return {
        "facts": facts(data),
        "locator": drawings.locator(data),
        "ranks": ranks(data),
        "rank_heads": [place["label"] for place in words.aggregates(data)],
        "rank_reading": rank_reading(data),
        "permits": None if programme else permits_alone(data),
        "permits_caption": next(caption for caption in data["captions"] if caption["key"] == "3.6"),
        "maturity": _maturity(data) if "maturity" in programme else None,
        "needs": _needs(data) if "needs" in programme else [],
        "happened": _happened(data),
    }


def _maturity(data: Mapping) -> dict:
    matter, edition = data["maturity"], data["survey"]["edition"]
    municipal = data["scope"]["kind"] == "municipality"
    reading = _("Sur 100, déclarations de {n} communes sur {of}, {edition}.").format(
        n=matter["sent"], of=len(data["communes"]), edition=edition
    )
    if municipal:
        reading += _(" Rond\u00a0: la commune\u00a0; losange\u00a0: le territoire.")
    if matter["previous"]:
        reading += _(" Écart avec {edition}.").format(edition=matter["previous"])
    if not matter["answered"]:
        reading += _(" n.d.\u00a0: la commune n’a pas envoyé sa réponse.")
    return {"strips": maturity.strips(data), "reading": reading}


def _needs(data: Mapping) -> list[dict]:
    """The first needs of the commune, or of the territory, each with how many communes share it."""
    return [
        {
            "title": _cut(one["title"]),
            "detail": _("{n} communes sur {of}").format(n=one["importance"], of=data["needs"]["communes"])
            if one["importance"] > 1
            else _("une commune sur {of}").format(of=data["needs"]["communes"]),
        }
        for one in needs.own_of(data)[:FIRST]
    ]


def _happened(data: Mapping) -> list[str]:
    """Sentences on sessions and projects."""
    found = []
    if "trainings" in data:
        matter = data["trainings"]
        said = _("{sessions} de formation en {year}").format(
            sessions=trainings.sessions(matter["sessions"]), year=matter["year"]
        )
        if matter["local"] is not None:
            come = words.value(matter["communes"], data["scope"]["code"])
            people = come if isinstance(come, str) else numbers.number(come)
            said += _(", dont {n} dans la commune\u00a0; inscriptions d’ici\u00a0: {people}").format(
                n=numbers.number(matter["local"]), people=people
            )
        found.append(f"{said}.")
    if "projects" in data:
        own = projects.own_of(data)
        found += [
            _("Projet «\u00a0{title}\u00a0», {state}.").format(title=_cut(one["title"]), state=one["state"])
            for one in own[:FIRST_PROJECTS]
        ]
        if (more := len(own) - FIRST_PROJECTS) > 0:
            found.append(
                ngettext("Et %s autre projet.", "Et %s autres projets.", more) % numbers.number(more)
            )
        if not own:
            found.append(_("Aucun projet publié ne concerne encore la commune."))
    return found


def _cut(title: str) -> str:
    return title if len(title) <= ROOM else f"{title[: ROOM - 1].rstrip()}…"


def facts(data: Mapping) -> list[str]:
    """Return the two or three lines under the name: inhabitants with their dates, surface."""
    portrait, code = data["portrait"], data["scope"]["code"]
    people = next(iter(portrait["population"]["values"]), [code, []])[1]
    lines = []
    if people and people[-1] is not None:
        lines.append(
            _("{n} habitants au 1er janvier {year} (Statbel)").format(
                n=numbers.number(people[-1]), year=words.last_year(data)
            )
        )
    for place, year, legal in portrait["population"]["legal"]:
        if place == code:
            lines.append(
                _("{n} au 1er janvier {year} (population légale)").format(n=numbers.number(legal), year=year)
            )
    surface = dict(portrait["surface"]).get(code)
    if surface is not None:
        last = _("{n}\u202fkm²").format(n=numbers.number(surface, 1))
        shares = portrait["permits"]["shares_of_group"]
        if shares:
            last += _(" · {share} des habitants du territoire").format(
                share=numbers.percent(shares["people"], 0)
            )
        lines.append(last)
    return lines


def ranks(data: Mapping) -> list[dict]:
    """Return the rows of the sheet's table as they are printed."""
    rows = []
    for position, row in enumerate(data["portrait"]["ranks"]):
        values = dict(row["values"])

        def text(code: str, values=values, row=row) -> str:
            return numbers.number(values.get(code), row["decimals"], sign=row["signed"])

        rows.append(
            {
                "label": row["label"],
                "detail": ", ".join(part for part in (row["when"], row["unit"]) if part),
                "own": text(data["scope"]["code"]),
                "strip": rank_strip(row, data, key=f"r{position}") if row["values"] else "",
                "others": [text(place["code"]) for place in words.aggregates(data)],
                "missing": row["missing"],
            }
        )
    return rows


def rank_reading(data: Mapping) -> str:
    """Return how to read the scales of the sheet."""
    members = sum(place["role"] == "member" for place in data["places"])
    parts = []
    if data["scope"]["kind"] == "municipality":
        parts.append(
            _("Rond plein\u00a0: {name}, avec son rang (1er = valeur la plus haute).").format(
                name=data["scope"]["name"]
            )
        )
        if members:
            parts.append(_("Ronds vides\u00a0: les {n} autres communes du territoire.").format(n=members))
    elif members:
        parts.append(
            _(
                "Ronds vides\u00a0: les {n} communes, selon leur rang (à droite\u00a0: les valeurs hautes)."
            ).format(n=members)
        )
    parts.append(_("Traits verticaux\u00a0: quarts et médiane."))
    return " ".join(parts)
