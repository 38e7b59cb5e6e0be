"""What is typed about a sheet by those who keep it, and by those who find it wrong or missing."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.nonces import NonceField
from actors import sheets
from actors.choices import OUTSIDE, Kind
from actors.forms.fields import EnterpriseNumberField, LogoField, PhoneField, SeveralField
from actors.models import Actor
from territory.models import Dimension, Locality, Municipality, Theme


class PublicFields(forms.Form):
    """What a sheet shows of an actor, whoever types it."""

    summary = forms.CharField(
        label=_("En une phrase"),
        max_length=250,
        required=False,
        help_text=_("Montrée dans l’annuaire, sous le nom."),
    )
    description = forms.CharField(
        label=_("Ce que vous faites"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Texte simple\u00a0; une ligne vide sépare les paragraphes."),
    )
    email = forms.EmailField(
        label=_("Adresse e-mail publique"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "off", "inputmode": "email"}),
        help_text=_("Montrée à tous\u00a0: de préférence celle d’un service, pas d’une personne."),
    )
    phone = PhoneField()
    website = forms.URLField(
        label=_("Site web"),
        max_length=200,
        required=False,
        assume_scheme="https",
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "url"}),
        error_messages={"invalid": _("Donnez l’adresse d’une page, par exemple exemple.be.")},
    )
    themes = SeveralField(
        label=_("Thèmes"),
        queryset=Theme.objects.none(),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["themes"]).queryset = Theme.objects.all()

    def clean_website(self) -> str:
        """Refuse what a browser does not open as a page."""
        address = self.cleaned_data["website"]
        if address and not address.startswith(("http://", "https://")):
            raise ValidationError(_("Donnez l’adresse d’une page, par exemple exemple.be."), code="invalid")
        return address


class SheetForm(PublicFields):
    """A sheet, typed by those who keep it."""

    events = forms.CharField(
        label=_("Ce qui s’annonce"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Portes ouvertes, marchés, concerts\u00a0: une ligne chacun, avec la date."),
    )
    languages = forms.CharField(
        label=_("Langues"),
        max_length=120,
        required=False,
        help_text=_("Dans lesquelles on peut vous écrire ou vous parler."),
    )
    street = forms.CharField(
        label=_("Rue et numéro"),
        max_length=150,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    locality = forms.ModelChoiceField(
        label=_("Village"),
        queryset=Locality.objects.none(),
        required=False,
        empty_label=_("Aucun en particulier"),
    )
    municipalities_served = SeveralField(
        label=_("Communes desservies"),
        queryset=Municipality.objects.none(),
        required=False,
        help_text=_("Là où vous agissez, siège compris."),
    )
    dimensions = SeveralField(
        label=_("Dimensions du territoire intelligent"),
        queryset=Dimension.objects.none(),
        required=False,
    )
    logo = LogoField(
        label=_("Logo"),
        required=False,
        help_text=_(
            "PNG, JPEG ou WebP, sur fond clair ou transparent. Le nom de l’acteur en est le texte de remplacement."
        ),
    )
    without_logo = forms.BooleanField(label=_("Retirer le logo actuel"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = [
        *(
            "summary",
            "description",
            "events",
            "logo",
            "without_logo",
            "languages",
            "email",
            "phone",
            "website",
            "street",
            "locality",
        ),
        *("municipalities_served", "themes", "dimensions", "seen"),
    ]

    def __init__(self, data=None, files=None, *, actor: Actor):
        now = sheets.read(actor)
        super().__init__(data, files, initial={**now, "seen": sheets.seal(actor, now)})
        self.actor = actor
        fields = cast(dict[str, Any], self.fields)
        fields["locality"].queryset = Locality.objects.filter(municipality=actor.municipality_id)
        # Those of the LAG, and those beyond that the sheet names already.
        own = Q(pk__in=Municipality.objects.of_lag().values("pk"))
        named = Q(pk__in=actor.municipalities_served.values("pk"))
        fields["municipalities_served"].queryset = Municipality.objects.filter(own | named)
        fields["dimensions"].queryset = Dimension.objects.all()
        if not actor.municipality_id:
            del self.fields["locality"]
        if not actor.logo:
            del self.fields["without_logo"]

    def clean(self) -> dict[str, Any]:
        """Give what the form does not ask its empty value."""
        data = super().clean() or self.cleaned_data
        return {"locality": None, "without_logo": False, **data}

    def seen_values(self) -> sheets.Values:
        """Return what the sheet said when the person began."""
        return sheets.unseal(self.actor, self.data.get("seen", ""))

    def values(self) -> sheets.Values:
        """Return what was typed, as plain values."""
        return sheets.plain(self.cleaned_data)

    def after(self, stored: sheets.Values) -> "SheetForm":
        """Return this form, begun anew on what is stored: the person’s own changes stay, the rest is taken."""
        mine, seen = self.values(), self.seen_values()
        data = cast(QueryDict, self.data).copy()
        for name in sheets.FIELDS:
            if mine[name] == seen.get(name):
                value = stored[name]
                data.setlist(name, value if isinstance(value, list) else [value])
        data["seen"] = sheets.seal(self.actor, stored)
        return SheetForm(data, actor=self.actor)

    def shown(self, name: str, value: sheets.Plain) -> str:
        """Return a plain value in words: the names behind primary keys."""
        if name not in (sheets.PLACE, *sheets.LISTS):
            return str(value)
        keys = value if isinstance(value, list) else [value]
        queryset = cast(Any, self.fields[name]).queryset if name in self.fields else Locality.objects.none()
        return ", ".join(str(row) for row in queryset if str(row.pk) in keys)


class Trap(forms.Form):
    """A field that people do not see and that robots fill in."""

    site_web = forms.CharField(
        label=_("Ne remplissez pas ce champ"),
        required=False,
        widget=forms.TextInput({"class": "trap", "tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def caught(self) -> bool:
        """Whether a robot filled in the form."""
        return bool(self.data.get("site_web"))


class ProposalForm(Trap, PublicFields):
    """A sheet that is missing, and who proposes it."""

    kind = forms.ChoiceField(
        label=_("De quoi s’agit-il\u00a0?"),
        choices=[(kind.value, capfirst(kind.label)) for kind in Kind if kind != Kind.MUNICIPALITY],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce qui s’en approche le plus.")},
    )
    name = forms.CharField(
        label=_("Son nom"),
        max_length=200,
        help_text=_("Tel que les gens le connaissent."),
        widget=forms.TextInput({"autocomplete": "organization"}),
        error_messages={"required": _("Dites-nous son nom.")},
    )
    place = forms.ChoiceField(
        label=_("Où est son siège\u00a0?"),
        help_text=_("Une commune, ou l’un de ses villages."),
        error_messages={"required": _("Choisissez sa commune, ou «\u00a0Hors du territoire\u00a0».")},
    )
    enterprise_number = EnterpriseNumberField(
        help_text=_("S’il en a un, par exemple 0314.595.348."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    your_name = forms.CharField(
        label=_("Votre nom"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Dites-nous votre nom.")},
    )
    your_email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        help_text=_("Nous y répondons, rien d’autre\u00a0; elle n’est pas montrée."),
        error_messages={"required": _("Sans elle, nous ne pouvons pas vous répondre.")},
    )
    relation = forms.CharField(
        label=_("Votre lien avec lui"),
        max_length=200,
        required=False,
        help_text=_("Par exemple\u00a0: présidente, bénévole, voisin."),
    )
    nonce = NonceField()

    field_order = [
        *("kind", "name", "place", "summary", "description", "email", "phone", "website"),
        *("themes", "enterprise_number", "your_name", "your_email", "relation", "site_web", "nonce"),
    ]

    def __init__(self, data=None, *, user=None):
        known = {"your_name": user.name, "your_email": user.email} if user else {}
        super().__init__(data, initial=known)
        fields = cast(dict[str, Any], self.fields)
        self.places = {place.slug: place for place in places_with_villages()}
        fields["place"].choices = [
            ("", _("Choisir")),
            *((place.name, _choices(place)) for place in self.places.values()),
            (OUTSIDE, _("Hors du territoire")),
        ]
        fields["description"].label = _("Ce qu’il fait")

    def clean_name(self) -> str:
        """Return the name on one line."""
        return sheets.one_line(self.cleaned_data["name"])

    def clean_your_name(self) -> str:
        """Return the person's name on one line."""
        return sheets.one_line(self.cleaned_data["your_name"])

    def actor(self) -> Actor:
        """Return the sheet that is proposed, unsaved."""
        data = self.cleaned_data
        texts = {name: sheets.text(name, data[name]) for name in sheets.TEXTS if name in data}
        own = {name: data[name] for name in ("kind", "name", "enterprise_number")}
        slug, _mark, village = data["place"].partition(":")
        place = self.places.get(slug)
        villages = place.localities.all() if place else []
        locality = next((one for one in villages if str(one.pk) == village), None)
        return Actor(**texts, **own, municipality=place, locality=locality)


def places_with_villages() -> QuerySet[Municipality]:
    """Return the LAG's municipalities, each with its villages; two queries."""
    return Municipality.objects.of_lag().prefetch_related("localities")


def _choices(place: Municipality) -> list[tuple[str, str]]:
    villages = [(f"{place.slug}:{one.pk}", one.name) for one in place.localities.all()]
    return [(place.slug, _("%(place)s, toute la commune") % {"place": place.name}), *villages]


class ClaimForm(forms.Form):
    """Who asks to speak for an actor."""

    statement = forms.CharField(
        label=_("Qui êtes-vous pour lui, en une phrase\u00a0?"),
        max_length=300,
        help_text=_("Par exemple\u00a0: «\u00a0Je suis secrétaire de l’association depuis 2021.\u00a0»"),
        error_messages={"required": _("Une phrase suffit\u00a0: elle permet de vous reconnaître.")},
    )


class CorrectionForm(Trap):
    """What is wrong on a sheet."""

    text = forms.CharField(
        label=_("Qu’est-ce qui est faux\u00a0?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Et si vous le savez, ce qu’il faudrait lire."),
        error_messages={"required": _("Dites-nous ce qui est faux.")},
    )
    email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        help_text=_("Si vous voulez bien que nous vous posions une question."),
    )

    field_order = ["text", "email", "site_web"]
