"""A result of the directory: a page of actors, counts beside each choice, the map and table of the same.

The map's tints show the number of actors, or any figure that the territory has (`carte` in the address); its discs
are always the actors, by village.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from actors import drawings, figures
from actors.choices import OUTSIDE, SLUG_OF, Family
from actors.figures import Tally, told
from actors.filters import ActorFilter
from actors.models import Actor
from charts.chart import Chart
from territory.models import Municipality
from typography import numbers

PER_PAGE = 24


@dataclass(frozen=True)
class Line:
    """One line of the table: a place, the address of its actors, their number as shown."""

    name: str
    href: str
    figure: str
    current: bool
    other: str = ""
    """What the map's tint stands for there, where that is not the number of actors."""


class Result:
    """What the filters of an address find."""

    def __init__(self, data, municipalities: Sequence[Municipality]):
        self.municipalities = municipalities
        self.indicators = figures.indicators(municipalities)
        self.filter = ActorFilter(
            data,
            Actor.objects.published(),
            municipalities=municipalities,
            villages=figures.villages(municipalities),
            indicators=self.indicators,
        )
        self.page_asked = data.get("page", "1")

    @cached_property
    def everywhere(self) -> Tally:
        """All families, everywhere, for the search and the theme: what families and map are counted from."""
        if {"q", "theme"} & self.filter.chosen.keys():
            return Tally.of(self.filter.without("famille", "commune", "village"))
        return Tally.of_directory()

    @property
    def family(self) -> Family | None:
        """The family asked for."""
        slug = self.filter.chosen.get("famille")
        return next((family for family in Family if SLUG_OF[family] == slug), None)

    @property
    def place(self) -> str:
        """The municipality asked for, as the address names it; "" for everywhere."""
        return self.filter.chosen.get("commune", "")

    def _in_family(self) -> Tally:
        return self.everywhere.only(family=self.family) if self.family else self.everywhere

    def _here(self, tally: Tally) -> Tally:
        """The part of a tally in the place asked for."""
        if village := self.filter.villages.get(self.filter.chosen.get("village", "")):
            tally = tally.only(village=village.pk)
        inside: dict[int | None, str] = {place.pk: place.slug for place in self.municipalities}
        if not self.place:
            return tally
        seats = {seat for seat in tally.by_seat() if inside.get(seat, OUTSIDE) == self.place}
        return tally.only(seats=seats)

    @cached_property
    def total(self) -> int:
        """How many actors the list has, all its pages together."""
        return self._here(self._in_family()).total

    @cached_property
    def page(self) -> Page:
        """The page asked for; the nearest one when there is no such page."""
        paginator = Paginator(self.filter.qs.with_places(), PER_PAGE)
        paginator.count = self.total
        return paginator.get_page(self.page_asked)

    def families(self) -> list[tuple[str, str, int]]:
        """Return each choice of family: its name in the address, its label, how many it would find."""
        here = self._here(self.everywhere)
        return [("", _("Toutes"), here.total)] + [
            (SLUG_OF[family], str(family.label), n) for family, n in here.by_family()
        ]

    def lines(self) -> list[Line]:
        """Return the table: each municipality, and « hors du territoire » where there is somebody."""
        counts = self._in_family().by_seat()
        tints = self.tint.cells if self.tint else {}
        lines = [
            Line(
                place.name,
                self._to(place.slug),
                numbers.number(counts.pop(place.pk, 0)),
                place.slug == self.place,
                tints[place.code].text if tints else "",
            )
            for place in self.municipalities
        ]
        if elsewhere := sum(counts.values()):
            href = self._to(OUTSIDE)
            lines.append(
                Line(_("Hors du territoire"), href, numbers.number(elsewhere), self.place == OUTSIDE)
            )
        return lines

    @cached_property
    def shapes(self) -> dict:
        """Each municipality's outline by primary key, as stored."""
        return drawings.shapes(self.municipalities)

    @cached_property
    def tint(self) -> figures.Tint | None:
        """What the map's tints stand for; None for the number of actors."""
        code = self.filter.chosen.get("carte")
        indicator = next((one for one in self.indicators if one.code == code), None)
        return figures.tint(indicator, self.municipalities) if indicator else None

    def marks(self) -> list[drawings.Dot]:
        """Return the actors by village, where it is known and can be drawn; else at their municipality."""
        seats = {place.pk: place for place in self.municipalities}
        villages = {village.pk: (address, village) for address, village in self.filter.villages.items()}
        found = []
        for (seat, pk), n in self._in_family().by_village().items():
            if seat not in seats:
                continue
            address, village = villages.get(pk, ("", None))
            point = village if village is not None and village.lon is not None else seats[seat]
            if point.lon is None or point.lat is None:
                continue
            name = village.name if village else _("%s, village non précisé") % seats[seat].name
            href = self._to(seats[seat].slug, village=address)
            found.append(drawings.Dot(name, point.lon, point.lat, n, href))
        return sorted(found)

    def lines_total(self) -> str:
        """Return the sum of the table, as shown."""
        return numbers.number(self._in_family().total)

    def map(self) -> Chart | None:
        """Return the map of the table's figures, upright."""
        return self._map(760)

    def wide_map(self) -> Chart | None:
        """Return the same map for a plot wider than high."""
        return self._map(560)

    def _map(self, height: float) -> Chart | None:
        here = next((place.code for place in self.municipalities if place.slug == self.place), "")
        return drawings.directory_map(
            self.municipalities,
            self._in_family().by_seat(),
            title=_("Acteurs par commune"),
            measure=_("Acteurs"),
            tint=self.tint,
            dots=self.marks(),
            shapes=lambda: self.shapes,
            links={place.slug: self._to(place.slug) for place in self.municipalities},
            highlighted=here,
            height=height,
            remember="q" not in self.filter.chosen,
        )

    def rows(self) -> list[tuple[Actor, SafeString | str]]:
        """Return the actors of the page, each with the outline of its municipality."""
        outlines = drawings.silhouettes(self.municipalities, lambda: self.shapes)
        return [(actor, outlines.get(actor.municipality_id, "")) for actor in self.page]

    def told(self) -> str:
        """Return the count in words: "12 acteurs"."""
        return told(self.total)

    def address(self) -> str:
        """Return the address of this result in the directory, from its first page."""
        return self.whole() + self.filter.address()

    def file(self) -> str:
        """Return the address of this result as a file."""
        return reverse("actors:directory_csv") + self.filter.address()

    def whole(self) -> str:
        """Return the address without any filter."""
        return reverse("actors:directory")

    def _to(self, place: str, village: str = "") -> str:
        return self.whole() + self.filter.address(commune=place, village=village)
