"""The place: municipalities, their villages and boundaries, areas, and the LAG served here."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from territory import enterprise_numbers
from territory.choices import AreaKind
from territory.querysets import AreaQuerySet, LAGManager, MunicipalityQuerySet

# A condition that comes out as NULL lets a row through: both sides are asked not to be null.
ON_EARTH = Q(lon=None, lat=None) | Q(
    lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)
)


class Municipality(models.Model):
    """A municipality, known by its official code (in Belgium INS/NIS, always five characters of text).

    A merged municipality stays, with its `successor`: old figures and old letters still name it.
    """

    code = models.CharField(
        _("code officiel"), max_length=10, unique=True, help_text=_("Code INS, par exemple 25048.")
    )
    name = models.CharField(_("nom"), max_length=100)
    slug = models.SlugField(_("adresse courte"), max_length=120, unique=True)
    postal_codes = models.JSONField(_("codes postaux"), default=list, blank=True)
    lon = models.FloatField(
        _("longitude"), null=True, blank=True, help_text=_("Degrés WGS 84, d’un point dans la commune.")
    )
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    surface_km2 = models.DecimalField(
        _("superficie (km²)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Superficie cadastrale."),
    )
    former_codes = models.JSONField(
        _("anciens codes"),
        default=list,
        blank=True,
        help_text=_("Codes d’avant un renumérotage ou une fusion."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("commune qui lui succède"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text=_("À remplir quand la commune a fusionné."),
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""), name="municipality_has_code_and_name"
            ),
            models.CheckConstraint(
                condition=ON_EARTH,
                name="municipality_point_is_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(surface_km2=None) | Q(surface_km2__gt=0), name="municipality_surface_is_positive"
            ),
            models.CheckConstraint(
                condition=~Q(successor=F("id")), name="municipality_does_not_succeed_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The outline of a municipality: a GeoJSON geometry (Polygon or MultiPolygon) in WGS 84 degrees.

    Kept beside the municipality because it weighs up to 15 kB: lists of municipalities do without.
    """

    municipality = models.OneToOneField(
        Municipality,
        verbose_name=_("commune"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="boundary",
    )
    geometry = models.JSONField(_("contour (GeoJSON)"))

    class Meta:
        verbose_name = _("contour de commune")
        verbose_name_plural = _("contours de communes")

    def __str__(self) -> str:
        return f"contour {self.municipality_id}"


class Locality(models.Model):
    """A village or a former municipality inside a municipality."""

    municipality = models.ForeignKey(
        Municipality, verbose_name=_("commune"), on_delete=models.PROTECT, related_name="localities"
    )
    name = models.CharField(_("nom"), max_length=100)
    postal_code = models.CharField(_("code postal"), max_length=10)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("localité")
        verbose_name_plural = _("localités")
        ordering = ["name", "postal_code"]
        constraints = [
            models.UniqueConstraint(
                "municipality", "name", "postal_code", name="one_locality_a_name_and_postal_code"
            ),
            models.CheckConstraint(
                condition=ON_EARTH,
                name="locality_point_is_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postal_code} {self.name}"


class Area(models.Model):
    """A named set of municipalities: the LAG's territory, a province, a region, a group of peers."""

    code = models.SlugField(
        _("code"), max_length=50, unique=True, help_text=_("Code officiel, ou code choisi.")
    )
    slug = models.SlugField(_("adresse courte"), max_length=120, unique=True)
    name = models.CharField(_("nom"), max_length=150)
    kind = models.CharField(_("type"), max_length=20, choices=AreaKind)
    valid_from = models.DateField(_("valable depuis"), null=True, blank=True)
    valid_until = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    municipalities = models.ManyToManyField(
        Municipality, verbose_name=_("communes"), related_name="areas", blank=True
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["kind", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AreaKind.values), name="area_kind_is_known"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="area_has_code_and_name"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lte=F("valid_until")),
                name="area_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LAG(models.Model):
    """The local action group (GAL) that this installation serves: there is one row, number 1.

    What is not known stays empty: a page leaves it out rather than show something invented.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("nom"), max_length=150)
    short_name = models.CharField(_("nom court"), max_length=60)
    slug = models.SlugField(_("adresse courte"), max_length=60, unique=True)
    programme = models.CharField(_("nom du programme"), max_length=100, help_text=_("Titre du portail."))
    area = models.OneToOneField(
        Area, verbose_name=_("territoire"), on_delete=models.PROTECT, related_name="lag"
    )
    neighbours = models.ManyToManyField(
        Municipality,
        verbose_name=_("communes voisines"),
        related_name="neighbour_of",
        blank=True,
        help_text=_("Dessinées autour du territoire sur les cartes."),
    )

    legal_form = models.CharField(_("forme juridique"), max_length=60, blank=True)
    seat_street = models.CharField(_("rue et numéro du siège"), max_length=150, blank=True)
    seat_postal_code = models.CharField(_("code postal du siège"), max_length=10, blank=True)
    seat_locality = models.CharField(_("localité du siège"), max_length=100, blank=True)
    enterprise_number = models.CharField(
        _("numéro d’entreprise"),
        max_length=10,
        blank=True,
        validators=[enterprise_numbers.validate],
        help_text=_("Dix chiffres, sans point ni espace."),
    )
    legal_court = models.CharField(
        _("registre des personnes morales"),
        max_length=100,
        blank=True,
        help_text=_("Par exemple : RPM Brabant wallon."),
    )
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    website = models.URLField(_("site web"), blank=True)
    funders = models.TextField(
        _("bandeau des financeurs"),
        blank=True,
        help_text=_("Phrase affichée en bas de chaque page et de chaque rapport."),
    )
    statistics_credit = models.CharField(
        _("crédit des cartes et des chiffres"),
        max_length=200,
        blank=True,
        help_text=_("Imprimé sous les cartes et les rapports."),
    )

    legal_notice = models.TextField(_("mentions légales"), blank=True)
    privacy_notice = models.TextField(_("déclaration de protection des données"), blank=True)
    accessibility_statement = models.TextField(_("déclaration d’accessibilité"), blank=True)
    complaint_contacts = models.TextField(
        _("où se plaindre"),
        blank=True,
        help_text=_("Médiateur, autorité de protection des données : nom et adresse, un par ligne."),
    )

    objects = LAGManager()

    class Meta:
        verbose_name = _("GAL")
        verbose_name_plural = _("GAL")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_lag_an_installation"),
            models.CheckConstraint(
                condition=Q(enterprise_number="") | Q(enterprise_number__regex=r"^[01][0-9]{9}$"),
                name="lag_enterprise_number_is_ten_digits",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(short_name="") & ~Q(programme=""), name="lag_has_names"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def enterprise_number_shown(self) -> str:
        """The enterprise number as it is printed: "0314.595.348", or ""."""
        return enterprise_numbers.shown(self.enterprise_number)

    @property
    def reply_to(self) -> list[str]:
        """Where an answer to a letter of the portal is read; nowhere as long as nobody said where."""
        return [self.email] if self.email else []

    @property
    def seat(self) -> str:
        """The address of the seat on one line, or what is known of it."""
        town = f"{self.seat_postal_code} {self.seat_locality}".strip()
        return ", ".join(part for part in (self.seat_street, town) if part)
