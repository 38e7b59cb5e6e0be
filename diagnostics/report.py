"""The report: from a snapshot's data alone to HTML, for paper and for the page. No database, no request.

The same partials and the same drawings serve both; what differs is the sheet of style and the size of drawings.
"""

from collections.abc import Mapping
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from charts import Chart
from diagnostics import drawings, snapshots, words
from diagnostics.chapters import CHAPTERS
from diagnostics.chapters.portrait.drawings import permits_alone, rank_strip
from typography import numbers


def report_html(data: Mapping) -> str:
    """Return the whole diagnostic as a page to print."""
    return render_to_string("diagnostics/report.html", context(data, paper="print"))


def sheet_html(data: Mapping) -> str:
    """Return the one-page sheet as a page to print."""
    return render_to_string("diagnostics/sheet.html", {**context(data, paper="print"), "alone": True})


def context(data: Mapping, *, paper: str) -> dict:
    """Return what the partials show: texts already in French typography, drawings made for `paper`."""
    sha256 = snapshots.fingerprint(data)
    created = datetime.fromisoformat(data["created"])
    scope = data["scope"]
    municipal = scope["kind"] == "municipality"
    return {
        "data": data,
        "scope": scope,
        "municipal": municipal,
        "sheet_name": _("Fiche communale") if municipal else _("Fiche du territoire"),
        "print": paper == "print",
        "alone": False,
        "created": created,
        "sha256": sha256,
        "sha256_grouped": snapshots.grouped(sha256),
        "sha256_short": snapshots.short(sha256),
        "running": _("Diagnostic territorial · {name}").format(name=scope["name"]),
        "imprint": _("Édition {edition} · version {version}, {status} · {date} · empreinte {hash}").format(
            edition=data["edition"],
            version=data["version"],
            status=data["status"],
            date=timezone.localtime(created).strftime("%d.%m.%Y"),
            hash=snapshots.short(sha256),
        ),
        "subtitle": subtitle(data),
        "facts": facts(data),
        "findings": [
            {
                **finding,
                "chart": drawings.finding_bars(finding, paper=paper),
                "anchor": anchor(finding["ref"]),
            }
            for finding in data["findings"]
        ],
        "essence": essence(data),
        "chapters": chapters(data, paper=paper),
        "ranks": ranks(data) if paper == "print" else [],
        "rank_heads": [place["label"] for place in words.aggregates(data)],
        "rank_reading": rank_reading(data),
        "annexes": [
            shown(table, scope["label"]) for table in data["tables"] if table["key"].startswith("A.")
        ],
        "cover_map": drawings.cover(data) if paper == "print" else None,
        "locator": drawings.locator(data) if paper == "print" else None,
        "people_year": last_year(data),
        "permits_caption": next(caption for caption in data["captions"] if caption["key"] == "3.6"),
        "sheet_permits": permits_alone(data) if paper == "print" else None,
    }


def anchor(number: str) -> str:
    """Return the anchor of a figure or table: "3.1" gives "f-3-1", "A.1" gives "t-a-1"."""
    kind = "t" if number.startswith("A") else "f"
    return f"{kind}-{number.lower().replace('.', '-')}"


def last_year(data: Mapping) -> int | None:
    """The last year of the population series."""
    return next(reversed(data["portrait"]["population"]["years"]), None)


def subtitle(data: Mapping) -> str:
    """Return the line under the cover's title."""
    scope, group = data["scope"], next((p for p in data["places"] if p["role"] == "group"), None)
    if group:
        return _("{name}, parmi les {n} communes du {lag}").format(
            name=scope["name"], n=group["municipalities"], lag=data["lag"]["short_name"]
        )
    if scope["kind"] == "municipality":
        return str(scope["name"])
    return _("{name}, {n} communes").format(name=scope["name"], n=numbers.number(scope["municipalities"]))


def facts(data: Mapping) -> list[str]:
    """Return the two or three lines under the name: inhabitants with their dates, surface."""
    portrait, code = data["portrait"], data["scope"]["code"]
    people = next(iter(portrait["population"]["values"]), [code, []])[1]
    lines = []
    if people and people[-1] is not None:
        lines.append(
            _("{n} habitants au 1er janvier {year} (Statbel)").format(
                n=numbers.number(people[-1]), year=last_year(data)
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


def essence(data: Mapping) -> str:
    """Return the conclusion over the summary: the first finding, and how many follow."""
    first = data["findings"][0]["title"].rstrip(".") if data["findings"] else _("L’essentiel")
    return str(first)


def chapters(data: Mapping, *, paper: str) -> list[dict]:
    """Return each chapter with what it shows: its words, and its figures and tables in their order."""
    drawn = {chapter.KEY: chapter.draw(data, paper=paper) for chapter in CHAPTERS if chapter.KEY in data}
    own = data["scope"]["label"]
    return [
        {
            **told,
            "template": f"diagnostics/{OWN_LAYOUT.get(told['key'], '_chapter.html')}",
            "anchor": f"chapitre-{told['number']}",
            "figures": [
                figure(caption, drawn[told["key"]][caption["key"]])
                for caption in data["captions"]
                if caption["key"] in drawn[told["key"]]
            ],
            "tables": [shown(table, own) for table in data["tables"] if _stands_in(told["number"], table)],
        }
        for told in data["chapters"]
    ]


OWN_LAYOUT = {"portrait": "_portrait.html"}
"""Chapters that have a template of their own; the others share one."""


def _stands_in(number: int, table: Mapping) -> bool:
    return table["key"].partition(".")[0] == str(number)


def figure(caption: Mapping, chart: Chart) -> dict:
    """Return a figure as templates print it: caption, drawing, legend, anchor."""
    return {
        **caption,
        "chart": chart,
        "legend": [(spoken(entry.swatch, entry.label), entry.label) for entry in chart.legend],
        "anchor": anchor(caption["key"]),
    }


def spoken(swatch: str, label: str) -> SafeString:
    """Return a swatch with an alternative text: on paper every drawing needs one (PDF/UA knows no aria-hidden)."""
    heard = swatch.replace(' aria-hidden="true"', "")
    return SafeString(heard.replace(">", f"><title>{escape(label)}</title>", 1))


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


def shown(table: Mapping, own: str) -> dict:
    """Return a table with its numbers written: header and rows of {"text", "own", "kind"}."""
    header = [
        {"text": text, "own": text == own, "kind": "year" if text == _("Année") and position else ""}
        for position, text in enumerate(table["header"])
    ]
    rows = []
    for row in table["rows"]:
        head, *cells = row["cells"]
        rows.append(
            {
                "head": head,
                "cells": [
                    {
                        "text": _written(cell, row),
                        "own": column["own"],
                        "kind": column["kind"],
                    }
                    for cell, column in zip(cells, header[1:], strict=True)
                ],
            }
        )
    return {
        "key": table["key"],
        "title": table["title"],
        "header": header,
        "rows": rows,
        "note": table["note"],
        "anchor": anchor(table["key"]).replace("f-", "t-", 1),
        "wide": len(header) > 9,
    }


def _written(cell, row: Mapping) -> str:
    if cell is None or isinstance(cell, (int, float)):
        return numbers.number(cell, row["decimals"], sign=row["signed"])
    return str(cell)
