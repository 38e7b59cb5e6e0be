"""Places as tables name them: a commune or a village, a postal code, an official code. Loaded once a file."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from territory.models import Locality, Municipality
from typography.folding import fold


class UnknownPlace(ValidationError):
    """A name or a code that is no place known here."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, and its village when one was named."""

    municipality: int
    name: str
    locality: int | None = None
    locality_name: str = ""

    def __str__(self) -> str:
        return f"{self.locality_name} ({self.name})" if self.locality else self.name


@dataclass
class Gazetteer:
    """Every municipality and village, by folded name, postal code and official code; two queries in all."""

    names: dict[int, str] = field(default_factory=dict)
    postal: dict[int, set[str]] = field(default_factory=dict)
    by_name: dict[str, list[Place]] = field(default_factory=dict)
    by_code: dict[str, Place] = field(default_factory=dict)
    localities: dict[int, Place] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Gazetteer":
        """Load it; a municipality that merged leads to its successor."""
        book = cls()
        rows = Municipality.objects.values_list(
            "pk", "name", "code", "former_codes", "postal_codes", "successor", "successor__name"
        )
        for pk, name, code, former, postal, successor, successor_name in rows:
            place = Place(successor or pk, successor_name or name)
            book.names.setdefault(place.municipality, place.name)
            book.postal.setdefault(place.municipality, set()).update(postal)
            for one in (code, *former):
                book.by_code.setdefault(one, place)
            book.by_name.setdefault(fold(name), []).append(place)
        villages = Locality.objects.filter(municipality__successor=None)
        for pk, municipality, name, code in villages.values_list("pk", "municipality", "name", "postal_code"):
            place = Place(municipality, book.names[municipality], pk, name)
            book.localities[pk] = place
            book.postal[municipality].add(code)
            book.by_name.setdefault(fold(name), []).append(place)
        return book

    def find(self, name: str = "", postal_code: str = "") -> Place | None:
        """Return the place of a name, told apart by its postal code; of the code alone where no name is given.

        None for neither. Raises UnknownPlace for a name that is no place here, or that has another postal
        code: a foreign code of four digits is not taken for one of ours.
        """
        name = re.sub(r"^\d{4,5}\s+", "", name.strip())
        code = re.sub(r"\D", "", postal_code)
        if not name:
            return self._of_code(code) if code else None
        found = self.by_name.get(fold(name), [])
        if not found and (within := re.fullmatch(r"(.+?)\s*\((.+)\)", name)):  # « Baulers (Nivelles) »
            found = self.by_name.get(fold(within[1]), []) or self.by_name.get(fold(within[2]), [])
        if not found:
            raise UnknownPlace(_("« %s » n’est pas une commune ni un village connus ici") % name[:60])
        serving = [place for place in found if not code or code in self.postal[place.municipality]]
        if not serving:
            raise UnknownPlace(
                _("%(name)s n’a pas le code postal %(code)s") % {"name": name[:60], "code": code[:10]}
            )
        if len({place.municipality for place in serving}) > 1:
            whole = [place for place in serving if place.locality is None]
            if len(whole) != 1:
                raise UnknownPlace(
                    _("plusieurs lieux s’appellent « %s » : donnez le code postal") % name[:60]
                )
            return whole[0]
        villages = [place for place in serving if place.locality]
        return villages[0] if len(villages) == len(serving) else serving[0]

    def _of_code(self, code: str) -> Place:
        found = [pk for pk, codes in self.postal.items() if code in codes]
        if len(found) != 1:
            raise UnknownPlace(_("le code postal %s ne désigne pas une seule commune connue ici") % code[:10])
        return Place(found[0], self.names[found[0]])

    def of_key(self, text: str) -> Place:
        """Return the municipality of an official code or a name. Raises UnknownPlace."""
        if (place := self.by_code.get(text.strip())) is not None:
            return place
        place = self.find(text)
        if place is None:
            raise UnknownPlace(_("le lieu manque"))
        return Place(place.municipality, place.name)
