"""Figures about places: sources, indicators, and one value an indicator, place and year."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from territory.choices import Aggregation, DenominatorBasis, IndicatorGroup
from territory.models.places import Area, Municipality
from territory.querysets import IndicatorQuerySet


class Source(models.Model):
    """Where values come from, and under which licence they may be shown."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    publisher = models.CharField(_("éditeur"), max_length=150)
    title = models.CharField(_("titre"), max_length=250)
    licence = models.CharField(_("licence"), max_length=100)
    licence_url = models.URLField(_("adresse de la licence"), blank=True)
    credit = models.CharField(_("mention à imprimer"), max_length=200)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(licence="") & ~Q(credit=""), name="source_has_licence_and_credit"
            )
        ]

    def __str__(self) -> str:
        return self.credit


class Indicator(models.Model):
    """What is measured, in which unit, and how the figure of an area follows from its municipalities.

    A ratio has no values of its own. Its figure for year Y is
    `factor × mean of the numerator over the last years_averaged years to Y ÷ denominator`,
    where the denominator is read at Y + offset, at a fixed year, or undated. Over an area both are summed
    first: the ratio itself is never averaged.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=150)
    short_name = models.CharField(_("nom court"), max_length=40, help_text=_("Pour les tableaux."))
    unit = models.CharField(_("unité"), max_length=60)
    decimals = models.PositiveSmallIntegerField(_("décimales affichées"), default=0)
    period = models.CharField(
        _("moment de l’année"),
        max_length=60,
        blank=True,
        help_text=_("Par exemple « au 1er janvier », « 4e trimestre »."),
    )
    group = models.CharField(_("groupe"), max_length=20, choices=IndicatorGroup)
    order = models.PositiveSmallIntegerField(_("ordre"), default=0)
    caution = models.TextField(_("mise en garde"), blank=True, help_text=_("Ce que le chiffre ne dit pas."))
    unavailable = models.CharField(
        _("pourquoi il manque"), max_length=200, blank=True, help_text=_("Affiché à côté de « n.d. ».")
    )

    aggregation = models.CharField(_("agrégation"), max_length=10, choices=Aggregation)
    numerator = models.ForeignKey(
        "self",
        verbose_name=_("numérateur"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="numerator_of",
        limit_choices_to={"aggregation": Aggregation.SUM},
    )
    denominator = models.ForeignKey(
        "self",
        verbose_name=_("dénominateur"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="denominator_of",
        limit_choices_to={"aggregation": Aggregation.SUM},
    )
    factor = models.DecimalField(
        _("facteur"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("100 pour un pourcentage, 1000 pour « pour 1 000 habitants », 1 sinon."),
    )
    years_averaged = models.PositiveSmallIntegerField(
        _("années moyennées"), default=1, help_text=_("Le numérateur est la moyenne de ces dernières années.")
    )
    denominator_basis = models.CharField(
        _("dénominateur lu"), max_length=10, choices=DenominatorBasis, default=DenominatorBasis.OFFSET
    )
    denominator_offset = models.SmallIntegerField(
        _("décalage du dénominateur"),
        default=0,
        help_text=_(
            "1 pour lire le dénominateur l’année suivante : fin 2019 se rapporte au 1er janvier 2020."
        ),
    )
    denominator_year = models.PositiveSmallIntegerField(
        _("année fixe du dénominateur"), null=True, blank=True
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(aggregation__in=Aggregation.values), name="indicator_aggregation_is_known"
            ),
            models.CheckConstraint(
                condition=Q(group__in=IndicatorGroup.values), name="indicator_group_is_known"
            ),
            models.CheckConstraint(
                condition=Q(denominator_basis__in=DenominatorBasis.values), name="indicator_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    aggregation=Aggregation.RATIO,
                    numerator__isnull=False,
                    denominator__isnull=False,
                    factor__isnull=False,
                    factor__gt=0,
                )
                | (
                    ~Q(aggregation=Aggregation.RATIO)
                    & Q(numerator__isnull=True, denominator__isnull=True, factor__isnull=True)
                ),
                name="indicator_ratio_has_two_parts",
                violation_error_message=_(
                    "Un rapport a un numérateur, un dénominateur et un facteur positif ; "
                    "les autres n’en ont pas."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(numerator=F("id")) & ~Q(denominator=F("id")),
                name="indicator_is_not_its_own_part",
            ),
            models.CheckConstraint(
                condition=Q(denominator_basis=DenominatorBasis.FIXED, denominator_year__isnull=False)
                | (~Q(denominator_basis=DenominatorBasis.FIXED) & Q(denominator_year__isnull=True)),
                name="indicator_fixed_year_goes_with_its_basis",
                violation_error_message=_("L’année fixe va avec « une année fixe », et seulement avec elle."),
            ),
            models.CheckConstraint(
                condition=Q(denominator_basis=DenominatorBasis.OFFSET) | Q(denominator_offset=0),
                name="indicator_offset_goes_with_its_basis",
            ),
            models.CheckConstraint(
                condition=Q(years_averaged__gte=1), name="indicator_averages_a_year_or_more"
            ),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="indicator_decimals_are_four_at_most"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def names_its_unit(self) -> bool:
        """Say whether the name ends with the unit: « Habitants » needs no « habitants » after it."""
        return self.name.casefold().endswith(self.unit.casefold())

    def clean(self) -> None:
        """Refuse a ratio of ratios: both parts must add up."""
        for field in ("numerator", "denominator"):
            part = getattr(self, field)
            if part and part.aggregation != Aggregation.SUM:
                raise ValidationError({field: _("Choisissez un indicateur qui s’additionne.")})


class IndicatorValue(models.Model):
    """One published figure: an indicator, a municipality or an area, a year, a source.

    What was not published has no row: missing is never 0. `file` names the file of the territory's folder
    that the value was read from, empty for a value entered at the desk; `load_territory` touches only the
    former.
    """

    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicateur"), on_delete=models.PROTECT, related_name="values"
    )
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicator_values",
    )
    area = models.ForeignKey(
        Area,
        verbose_name=_("zone"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicator_values",
        help_text=_("Pour un chiffre publié pour la zone entière."),
    )
    year = models.PositiveSmallIntegerField(
        _("année"), null=True, blank=True, help_text=_("Vide quand la source ne donne pas de date.")
    )
    value = models.DecimalField(_("valeur"), max_digits=18, decimal_places=4)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="values"
    )
    note = models.CharField(_("remarque"), max_length=200, blank=True)
    file = models.CharField(_("fichier d’origine"), max_length=100, blank=True, editable=False)

    class Meta:
        verbose_name = _("valeur d’indicateur")
        verbose_name_plural = _("valeurs d’indicateurs")
        ordering = ["indicator", "municipality", "area", "year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, area__isnull=True)
                | Q(municipality__isnull=True, area__isnull=False),
                name="value_has_one_place",
                violation_error_message=_("Choisissez une commune ou une zone, pas les deux."),
            ),
            # A null year is distinct from any other in SQL: each place needs its own rule for undated values.
            models.UniqueConstraint(
                "indicator", "municipality", "year", name="one_value_a_municipality_and_year"
            ),
            models.UniqueConstraint(
                "indicator", "municipality", condition=Q(year=None), name="one_undated_value_a_municipality"
            ),
            models.UniqueConstraint("indicator", "area", "year", name="one_value_an_area_and_year"),
            models.UniqueConstraint(
                "indicator", "area", condition=Q(year=None), name="one_undated_value_an_area"
            ),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__range=(1800, 2200)), name="value_year_is_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.municipality or self.area} · {self.year or _('sans date')}"

    def clean(self) -> None:
        """Refuse a value for a ratio: it is computed from its two parts."""
        if self.indicator_id and self.indicator.aggregation == Aggregation.RATIO:
            raise ValidationError({"indicator": _("Ce rapport se calcule : saisissez ses deux parties.")})
