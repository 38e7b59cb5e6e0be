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

from charts import Chart, grids
from diagnostics import drawings, sheet, snapshots, words
from diagnostics.chapters import CHAPTERS
from diagnostics.chapters.chapter import BASES, COUNTED, DECLARED, PUBLIC
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
    data = snapshots.read(data)
    created = datetime.fromisoformat(data["created"])
    scope = data["scope"]
    municipal = scope["kind"] == "municipality"
    return {
        "data": data,
        "scope": scope,
        "municipal": municipal,
        "titled": words.titled(scope["name"], municipal=municipal),
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
        "findings": [
            {
                **finding,
                "chart": drawings.finding_bars(finding, paper=paper),
                **reference(data, finding["ref"]),
            }
            for finding in data["findings"]
        ],
        "essence": essence(data),
        "rests_on": rests_on(data),
        "chapters": chapters(data, paper=paper),
        "sheet": sheet.shown(data) if paper == "print" else {},
        "annexes": [
            shown(table, scope["label"], paper=paper)
            for table in data["tables"]
            if table["key"].startswith("A.")
        ],
        "cover_map": drawings.cover(data) if paper == "print" else None,
        "people_year": words.last_year(data),
    }


def anchor(number: str) -> str:
    """Return the anchor of a figure: "3.1" gives "f-3-1"."""
    return f"f-{number.lower().replace('.', '-')}"


def table_anchor(number: str) -> str:
    """Return the anchor of a table: "A.1" gives "t-a-1"."""
    return f"t-{number.lower().replace('.', '-')}"


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


def essence(data: Mapping) -> str:
    """Return the conclusion over the summary: the first finding, and how many follow."""
    first = data["findings"][0]["title"].rstrip(".") if data["findings"] else _("L’essentiel")
    return str(first)


def reference(data: Mapping, key: str) -> dict:
    """Return how a finding names the figure, or else the table, that holds its numbers, and its anchor."""
    if any(caption["key"] == key for caption in data["captions"]):
        return {"holder": _("Figure"), "anchor": anchor(key)}
    return {"holder": _("Tableau"), "anchor": table_anchor(key)}


def rests_on(data: Mapping) -> str:
    """Return what the findings rest on, in the summary's order."""
    bases = {finding["basis"] for finding in data["findings"]}
    told = {
        PUBLIC: _("la statistique publique"),
        COUNTED: _("les comptages du GAL"),
        DECLARED: _("les déclarations des communes"),
    }
    known = words.listed(told[basis] for basis in BASES if basis in bases)
    return _(
        "Du plus sûr au plus fragile. Ces constats reposent sur {bases}\u00a0; aucun ne dit pourquoi."
    ).format(bases=known)


def chapters(data: Mapping, *, paper: str) -> list[dict]:
    """Return each chapter with what it shows: its words, and its figures and tables in their order."""
    drawn = {chapter.KEY: chapter.draw(data, paper=paper) for chapter in CHAPTERS if chapter.KEY in data}
    own = data["scope"]["label"]
    return [
        {
            **told,
            "template": OWN_LAYOUT.get(told["key"], "diagnostics/_chapter.html"),
            "anchor": f"chapitre-{told['number']}",
            "figures": [
                figure(caption, drawn[told["key"]][caption["key"]])
                for caption in data["captions"]
                if caption["key"] in drawn[told["key"]]
            ],
            "tables": [
                shown(table, own, paper=paper)
                for table in data["tables"]
                if _stands_in(told["number"], table)
            ],
        }
        for told in data["chapters"]
    ]


OWN_LAYOUT = {"portrait": "diagnostics/_portrait.html"}
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


def shown(table: Mapping, own: str, *, paper: str) -> dict:
    """Return a table with its numbers written: header and rows of {"text", "own", "kind", "sign"}."""
    words_in, signs = table.get("text", ()), table.get("signs", {})
    number = table_anchor(table["key"])

    def kind(position: int, text: str) -> str:
        if position in words_in:
            return "text"
        return "year" if text == _("Année") and position else ""

    header = [
        {"text": text, "own": text == own, "kind": kind(position, text)}
        for position, text in enumerate(table["header"])
    ]
    rows = []
    for line, row in enumerate(table["rows"]):
        head, *cells = row["cells"]
        rows.append(
            {
                "head": head,
                "cells": [
                    {
                        "text": _written(cell, row),
                        "own": column["own"],
                        "kind": column["kind"],
                        "sign": grids.mark(
                            signs[cell], key=f"{number}-{line}-{place}", title=cell, paper=paper
                        )
                        if cell in signs
                        else "",
                    }
                    for place, (cell, column) in enumerate(zip(cells, header[1:], strict=True))
                ],
            }
        )
    return {
        "key": table["key"],
        "title": table["title"],
        "header": header,
        "rows": rows,
        "note": table["note"],
        "legend": [
            (grids.mark(sign, key=f"{number}-l{place}", title=said, paper=paper), said)
            for place, (said, sign) in enumerate(signs.items())
        ],
        "anchor": number,
        "wide": len(header) > 9,
        "wordy": bool(words_in),
    }


def _written(cell, row: Mapping) -> str:
    if cell is None or isinstance(cell, (int, float)):
        return numbers.number(cell, row["decimals"], sign=row["signed"])
    return str(cell)
