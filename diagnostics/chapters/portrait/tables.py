"""The portrait's tables, printed and downloadable. No database."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from diagnostics.chapters.chapter import row, table


def tables(data: Mapping) -> list[dict]:
    """Every table that is printed: each a header and rows of plain cells, with how to print them."""
    portrait, places = data["portrait"], data["places"]
    names = [place["label"] for place in places]

    def by_year(key: str, title: str, source: dict, note: str, decimals: int = 0) -> dict:
        rows = [
            row(str(year), [values[position] for _code, values in source["values"]], decimals)
            for position, year in enumerate(source["years"])
        ]
        return table(key, title, [_("Année"), *names], rows, note)

    def by_class(key: str, title: str, source: dict, note: str) -> dict:
        rows = [
            row(label, [values[position] for _code, values in source["values"]], 1)
            for position, label in enumerate(source["classes"])
        ]
        return table(key, title, [_("Classe"), *names], rows, note)

    ranked = [one for one in data["portrait"]["ranks"] if one["ranks"]]
    shown = [place for place in places if place["kind"] == "municipality"]
    found = [
        _portrait_table(data),
        by_year("A.1", _("Habitants au 1er janvier"), portrait["population"], _("Statbel, population.")),
        by_class(
            "A.2",
            _("Habitants par classe d’âge, 1er janvier {year}, en\u202f%").format(
                year=portrait["ages"]["year"]
            ),
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
            _("Logements selon le type de bâtiment, {year}, en\u202f%").format(
                year=portrait["dwellings"]["year"]
            ),
            portrait["dwellings"],
            _("Statbel, bâtiments."),
        ),
    ]
    if shown and ranked:
        rows = [
            row(f"{one['label']}, {one['when']}", [dict(one["ranks"]).get(p["code"]) for p in shown])
            for one in ranked
        ]
        title = _("Rang parmi les {n} communes").format(n=data["among"])
        header = [_("Indicateur"), *[place["label"] for place in shown]]
        found.append(
            table("A.7", title, header, rows, _("1er = valeur la plus haute, ni bonne ni mauvaise."))
        )
    return found


def _portrait_table(data: Mapping) -> dict:
    portrait = data["portrait"]
    alone = [value for _code, value in portrait["alone"]]

    def of(pairs: list[list]) -> list:
        return [value for _code, value in pairs]

    def last(source: dict) -> list:
        return [values[-1] if values else None for _code, values in source["values"]]

    aged = next(one for one in data["portrait"]["ranks"] if one["code"] == "share_aged_60")
    people, jobs = portrait["population"], portrait["establishments"]
    rows = [
        (_("Habitants"), str(people["years"][-1]) if people["years"] else None, last(people), 0, False),
        (_("Évolution,\u202f%"), "–".join(map(str, people["from_to"])), of(people["growth"]), 1, True),
        (
            _("Densité, hab./km²"),
            str(portrait["density"]["year"]),
            of(portrait["density"]["values"]),
            0,
            False,
        ),
        (_("60 ans et plus,\u202f%"), str(portrait["ages"]["year"]), of(aged["values"]), 1, False),
        (_("Revenu/déclar., €"), str(portrait["income"]["from_to"][1]), last(portrait["income"]), 0, False),
        (_("Établissements"), f"T4 {jobs['years'][-1]}" if jobs["years"] else None, last(jobs), 0, False),
        (_("Logements"), str(portrait["dwellings"]["year"]), of(portrait["dwellings_count"]), 0, False),
        (_("Ménages d’1 pers.,\u202f%"), None, alone, 1, False),
    ]
    return table(
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
