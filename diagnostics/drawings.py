"""Drawings that belong to no chapter: the maps of cover and sheet, the comparison beside a finding. No database."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from charts import Chart, bars, geometry, maps
from charts.bars import Row
from typography import numbers


def cover(data: Mapping) -> Chart | None:
    """Return the map of the cover, furrows by inhabitants; None when no municipality is shown one by one."""
    places = _on_map(data)
    if not places:
        return None
    return maps.cover(
        places,
        key="cover",
        highlighted=data["scope"]["code"],
        title=_("Carte des communes\u00a0: habitants au 1er janvier"),
        width=405,
        height=440,
    )


def locator(data: Mapping) -> Chart | None:
    """Return the small map of the sheet; None when there is nothing beside the scope."""
    places = _on_map(data)
    if not places:
        return None
    return maps.locator(
        places,
        key="locator",
        highlighted=data["scope"]["code"],
        title=_("{name} sur la carte").format(name=data["scope"]["name"]),
    )


def _on_map(data: Mapping) -> list[maps.Place]:
    names = {place["code"]: place["name"] for place in data["places"]}
    people = {
        code: values[-1] if values else None for code, values in data["portrait"]["population"]["values"]
    }
    return [
        maps.Place(code, names[code], geometry.read(shape), value=people.get(code))
        for code, shape in data["map"]
        if code in names
    ]


def finding_bars(finding: Mapping, *, paper: str) -> Chart:
    """Return the small comparison beside a finding."""
    fills = {"scope": "field", "group": "wheat", "province": "other", "region": "other"}
    rows = [
        Row(
            label,
            value,
            figure=_figure(value, finding),
            fill=fills[role],
            strong=role == "scope",
        )
        for label, value, role in finding["bars"]
    ]
    return bars.horizontal(
        rows,
        key=f"finding-{finding['key']}",
        title=finding["title"],
        measure=finding["caption"],
        decimals=finding["decimals"],
        width=150 if paper == "print" else None,
        paper=paper,
    )


def _figure(value: float, finding: Mapping) -> str:
    text = numbers.number(value, finding["decimals"])
    return f"{text}\u202f{finding['unit']}" if finding["unit"] else text
