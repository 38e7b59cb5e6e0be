"""Shared needs × communes: who is engaged in what, and so what can be pooled."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charts import Chart
from diagnostics.chapters import chapter, needs
from diagnostics.frame import Frame
from needs.choices import Stance
from typography import numbers

KEY, NUMBER, NAME, BASIS = "pooling", 9, gettext_lazy("Besoins à porter à plusieurs"), chapter.DECLARED
ENGAGED = (Stance.COFUNDS, Stance.JOINS)
"""Stances that engage a commune further than its interest."""


def collect(frame: Frame) -> dict:
    """Return `rows`, the most shared first: title, cells ([code, stance]), engaged, concerned."""
    if len(frame.together) < 2:
        raise chapter.NoMatter(_("il faut au moins deux communes, et neuf au plus, pour mettre en commun."))
    rows: list[dict] = [
        {
            "title": row.shared_need.title,
            "cells": [[place.code, str(cell)] for place, cell in zip(frame.together, row.cells, strict=True)],
            "engaged": sum(cell in ENGAGED for cell in row.cells),
            "concerned": row.engaged,
        }
        for row in needs.rows_of(frame)
        if row.engaged > 1
    ]
    if not rows:
        raise chapter.NoMatter(_("aucun besoin publié n’est encore partagé par deux communes."))
    rows.sort(key=lambda one: (-one["engaged"], -one["concerned"], one["title"]))
    return {"rows": rows}


def tell(data: Mapping) -> chapter.Told:
    """Return which needs a majority of communes share."""
    rows, of = data[KEY]["rows"], len(data["communes"])
    most = of // 2 + 1
    shared = sum(row["concerned"] >= most for row in rows)
    title = _("{n} besoins sur\u00a0{all} concernent au moins {most} communes").format(
        n=numbers.words(shared).capitalize(), all=len(rows), most=numbers.words(most)
    )
    if not shared:
        title = _("Aucun besoin ne concerne encore {most} communes").format(most=numbers.words(most))
    elif shared == 1:
        title = _("Un besoin sur\u00a0{all} concerne au moins {most} communes").format(
            all=len(rows), most=numbers.words(most)
        )
    return chapter.Told(
        title=title,
        lead=_("Ce que plusieurs communes attendent peut se porter ensemble\u00a0: à lire par ligne."),
        remark=_(
            "Une position est dite sur le portail par la commune\u00a0: c’est une intention. Seule une"
            " délibération engage."
            " Engagées\u00a0: cofinancent ou rejoignent. Concernées\u00a0: y ajoutent celles que le besoin"
            " intéresse ou qui"
            " l’ont exprimé."
        ),
        tables=[_table(data)],
        findings=[_finding(rows[0], of)],
    )


def _finding(row: Mapping, of: int) -> dict:
    return {
        "key": "pooling",
        "figure": _("{n} sur {of}").format(n=row["concerned"], of=of),
        "caption": _("communes concernées par le besoin le plus partagé"),
        "title": _("Le besoin le plus partagé\u00a0: {title}.").format(title=row["title"]),
        "text": _("{n} communes le cofinanceraient ou le rejoindraient.").format(n=row["engaged"])
        if row["engaged"] > 1
        else _("Une commune le cofinancerait ou le rejoindrait.")
        if row["engaged"]
        else _("Aucune commune ne s’est encore dite prête à le rejoindre."),
        "limit": _("Des intentions, jusqu’à une délibération."),
        "bars": [
            [_("concernées"), row["concerned"], "scope"],
            [_("engagées"), row["engaged"], "group"],
            [_("communes"), of, "region"],
        ],
        "decimals": 0,
        "unit": "",
        "ref": "9.1",
    }


def _table(data: Mapping) -> dict:
    said, names = needs.stances(), dict(data["communes"])
    rows = [
        chapter.row(
            row["title"], [*(said[cell] for _code, cell in row["cells"]), row["engaged"], row["concerned"]]
        )
        for row in data[KEY]["rows"]
    ]
    return chapter.table(
        "9.1",
        _("Qui s’engage sur quoi"),
        [_("Besoin"), *names.values(), _("Engagées"), _("Concernées")],
        rows,
        ngettext(
            "Portail du GAL. n = {n} besoin, {of} communes.",
            "Portail du GAL. n = {n} besoins, {of} communes.",
            len(rows),
        ).format(n=len(rows), of=len(names)),
        signs={said[stance]: sign for stance, sign in SIGNS.items()},
    )


SIGNS = {"cofunds": "full", "joins": "half", "interested": "empty", "voiced": "dot"}
"""The sign of each stance, from an engagement to a wish."""


def draw(data: Mapping, *, paper: str) -> dict[str, Chart]:
    """Nothing: the matrix is a table whose cells are signs."""
    return {}
