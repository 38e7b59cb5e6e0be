"""What tables of figures are read into: a row a value, or a column a year; missing is never 0."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tabular import cells
from tabular.targets import SPREAD, Field, Outcome, Plan, Session, Target, Values
from territory.choices import Aggregation
from territory.forms import ValuesForm
from territory.gazetteer import Gazetteer
from territory.models import Area, Indicator, IndicatorValue, Source
from typography import numbers

DECIMALS = 4
"""Decimals that a value keeps."""
MOST = Decimal(10) ** 14
Key = tuple[int, int | None, int | None, int]
"""Indicator, municipality, area, year."""


class ValueSession(Session):
    """One file of figures. Places, indicators and the values that are there are loaded once."""

    def __init__(self, options: Mapping[str, Any]):
        self.options = options
        self.book = Gazetteer.load()
        self.areas = {code: (pk, name) for pk, code, name in Area.objects.values_list("pk", "code", "name")}
        self.indicators = {one.code: one for one in Indicator.objects.all()}
        self.by_pk = {one.pk: one for one in self.indicators.values()}
        self.there: dict[Key, tuple[int, Decimal, str]] = {}
        self.given: dict[Key, tuple[int, str]] = {}
        self.source: Source | None = options.get("source")
        values = IndicatorValue.objects.exclude(year=None)
        if options.get("indicator"):
            values = values.filter(indicator=options["indicator"])
        rows = values.values_list("indicator", "municipality", "area", "year", "pk", "value", "file")
        for indicator, municipality, area, year, pk, value, file in rows.iterator():
            self.there[indicator, municipality, area, year or 0] = (pk, value, file)

    def check(self, values: Values) -> list[str]:
        indicator = self._indicator(values)
        values["indicator"] = indicator.pk
        self._place(values)
        year = values.get("year") or self.options.get("year")
        title = values.pop("title", "")
        values["year"] = year or self._year_of(title)
        if not 1800 <= values["year"] <= 2200:
            raise ValidationError(_("%s n’est pas une année") % values["year"])
        number = cells.number(values.pop("value"), whole=indicator.decimals == 0)
        if abs(number) >= MOST:
            raise ValidationError(_("cette valeur est trop grande"))
        values["value"] = str(numbers.rounded(number, DECIMALS))
        return []

    def _indicator(self, values: Values) -> Indicator:
        code = values.pop("indicator", "")
        indicator = self.indicators.get(code) if code else self.options.get("indicator")
        if indicator is None:
            told = _("« %s » n’est pas le code d’un indicateur") % code if code else _("l’indicateur manque")
            raise ValidationError(told)
        if indicator.aggregation == Aggregation.RATIO:
            raise ValidationError(
                _("« %s » se calcule : importez son numérateur et son dénominateur") % indicator.name
            )
        return indicator

    def _place(self, values: Values) -> None:
        text = values.pop("place")
        if text in self.areas and text not in self.book.by_code:
            values["area"], values["label"] = self.areas[text]
            return
        place = self.book.of_key(text)
        values["municipality"], values["label"] = place.municipality, place.name

    def _year_of(self, title: str) -> int:
        try:
            return cells.year(title)
        except ValidationError:
            raise ValidationError(_("l’année manque")) from None

    def identity(self, values: Values) -> tuple[str, ...]:
        return tuple(map(str, self._key(values)))

    def _key(self, values: Values) -> Key:
        return values["indicator"], values.get("municipality"), values.get("area"), values["year"]

    def plan(self, values: Values, *, line: int, known: str = "", choice: str = "") -> Plan:
        key, indicator = self._key(values), self.by_pk[values["indicator"]]
        label = f"{values['label']}, {indicator.short_name} {values['year']}"
        earlier, said = self.given.setdefault(key, (line, values["value"]))
        if earlier != line:
            told = _("déjà à la ligne %s") % earlier
            outcome = Outcome.SAME if said == values["value"] else Outcome.REFUSED
            return Plan(
                outcome, label, reasons=[told if outcome == Outcome.SAME else f"{told}, autre valeur"]
            )
        new = self._said(indicator, Decimal(values["value"]))
        if key not in self.there:
            return Plan(Outcome.CREATE, label, changes=[[str(_("valeur")), "", new]])
        pk, value, file = self.there[key]
        if value == Decimal(values["value"]):
            return Plan(Outcome.SAME, label, str(pk))
        changes = [[str(_("valeur")), self._said(indicator, value), new]]
        if file:
            told = _("la valeur vient du dossier du territoire (%s) : c’est là qu’elle se corrige") % file
            return Plan(Outcome.REFUSED, label, str(pk), changes, [told])
        return Plan(Outcome.CHANGE, label, str(pk), changes)

    def _said(self, indicator: Indicator, value: Decimal) -> str:
        shown = max(indicator.decimals, -int(value.normalize().as_tuple().exponent), 0)
        return f"{numbers.number(value, min(shown, DECIMALS))} {indicator.unit}"

    def write(self, values: Values, plan: Plan, *, line: int, by) -> str:
        source = self._source()
        if plan.outcome == Outcome.CHANGE:
            kept = IndicatorValue.objects.select_for_update().get(pk=plan.pk)
            kept.value, kept.source = Decimal(values["value"]), source
            kept.save(update_fields=["value", "source"])
        else:
            kept = IndicatorValue.objects.create(
                indicator_id=values["indicator"],
                municipality_id=values.get("municipality"),
                area_id=values.get("area"),
                year=values["year"],
                value=Decimal(values["value"]),
                source=source,
            )
        return str(kept.pk)

    def _source(self) -> Source:
        """Return the source of the file, made with the first value that is written."""
        if self.source is None:
            told = {name: self.options[name] for name in ("publisher", "title", "licence", "credit")}
            code = slugify(f"{told['publisher']} {told['title']}")[:60].strip("-") or "source"
            self.source, _made = Source.objects.get_or_create(code=code, defaults=told)
        return self.source


def _names_a_year(title: str) -> bool:
    return bool(re.search(r"(?<!\d)(18|19|20|21)\d\d(?!\d)", title)) and not _is_not(title, cells.year)


def _is_not(text: str, read) -> bool:
    try:
        read(text)
    except ValidationError:
        return True
    return False


class IndicatorValues(Target):
    """Figures of municipalities and areas."""

    key = "indicator_values"
    label = gettext_lazy("valeurs d’indicateurs")
    help = gettext_lazy("Une ligne par valeur, ou une ligne par commune et une colonne par année.")
    permissions = (
        "territory.add_indicatorvalue",
        "territory.change_indicatorvalue",
        "territory.add_source",
    )
    form = ValuesForm
    fields = (
        Field(
            "place",
            gettext_lazy("commune ou zone"),
            partial(cells.text, most=100),
            ("nis", "ins", "code ins", "refnis", "commune", "nom commune", "zone", "territoire"),
            required=True,
        ),
        Field("indicator", gettext_lazy("code de l’indicateur"), cells.text, ("indicateur",)),
        Field("year", gettext_lazy("année"), cells.year, ("annee", "an", "year", "exercice")),
        Field(
            "value",
            gettext_lazy("valeur (l’année peut être dans le titre)"),
            cells.text,
            ("valeur", "value", "nombre", "total"),
            required=True,
            gathers=SPREAD,
            named=_names_a_year,
        ),
    )

    def open(self, options: Mapping[str, Any]) -> ValueSession:
        return ValueSession(options)


VALUES = IndicatorValues()
