"""What is typed about actors and members."""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.querysets import normalise_email
from actors.choices import Kind, MembershipRole, State, Subject
from actors.models import Actor, Subscription
from territory import enterprise_numbers
from territory.models import Municipality, Theme


class InvitationForm(forms.Form):
    """A colleague's address, and what they may do."""

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("La personne reçoit une lettre avec un lien\u00a0; elle se connecte avec cette adresse."),
    )
    role = forms.ChoiceField(
        label=_("Rôle"),
        initial=MembershipRole.EDITOR,
        widget=forms.RadioSelect,
        choices=[
            (MembershipRole.REFERENT, _("Référent\u00a0: répond pour l’acteur et invite des collègues")),
            (MembershipRole.EDITOR, _("Éditeur\u00a0: tient la fiche et les réponses à jour")),
            (MembershipRole.MEMBER, _("Membre\u00a0: voit l’espace de l’acteur")),
        ],
    )


class Ticked(Protocol):
    """What an address asks to tick beforehand: « ?commune=jodoigne »."""

    def getlist(self, key: str) -> list[str]: ...


def _boxes(label, help_text) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Ce choix n’existe pas, ou plus. Regardez les cases cochées.")},
    )


class ChoicesForm(forms.Form):
    """What one wants to be told about, on what, and where."""

    sujets = _boxes(_("De quoi vous parler"), _("Rien de coché : de tout."))
    themes = _boxes(_("Sur quels thèmes"), _("Rien de coché : tous les thèmes."))
    communes = _boxes(_("Dans quelles communes"), _("Rien de coché : tout le territoire."))

    def __init__(self, data=None, *, subscription: Subscription | None = None, ticked: Ticked | None = None):
        """Tick what a subscription says, or what an address asks for (`theme`, `commune`; others are ignored)."""
        self._themes = {theme.code: theme for theme in Theme.objects.all()}
        # The territory's own, and another that was chosen before it left.
        places = [*Municipality.objects.of_lag().only("slug", "name").order_by("name")]
        if subscription:
            places += [one for one in subscription.municipalities.all() if one not in places]
        self._places = {place.slug: place for place in places}
        initial: dict[str, list[str]] = {"sujets": list(Subject.values)}
        if subscription:
            initial["sujets"] = [subject.value for subject in subscription.subjects]
            initial["themes"] = [theme.code for theme in subscription.themes.all()]
            initial["communes"] = [place.slug for place in subscription.municipalities.all()]
        elif ticked:
            initial["themes"] = [code for code in ticked.getlist("theme") if code in self._themes]
            initial["communes"] = [slug for slug in ticked.getlist("commune") if slug in self._places]
        super().__init__(data, initial=initial)
        self._offer("sujets", ((subject.value, _up(subject.label)) for subject in Subject))
        self._offer("themes", ((theme.code, theme.name) for theme in self._themes.values()))
        self._offer("communes", ((place.slug, place.name) for place in self._places.values()))

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def choices_made(self) -> dict[str, Collection[Any]]:
        """Return what the verbs take: subjects, themes, municipalities."""
        data = self.cleaned_data
        return {
            "subjects": data["sujets"],
            "themes": [self._themes[code] for code in data["themes"]],
            "municipalities": [self._places[slug] for slug in data["communes"]],
        }


class SubscriptionForm(ChoicesForm):
    """An address, and what it wants to be told."""

    email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
        help_text=_("Vous y recevez d’abord une lettre, pour confirmer que c’est bien la vôtre."),
        error_messages={
            "required": _("Donnez l’adresse à laquelle vous écrire."),
            "invalid": _("Cette adresse n’est pas complète, par exemple «\u00a0nom@exemple.be\u00a0»."),
            "max_length": _("Cette adresse est trop longue : vérifiez-la."),
        },
    )
    field_order = ["email"]

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        return normalise_email(self.cleaned_data["email"])


def _up(label) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


class ActorForm(forms.ModelForm):
    """A sheet at the desk: an enterprise number is typed as people write it."""

    enterprise_number = forms.CharField(
        label=_("Numéro d’entreprise"),
        max_length=30,
        required=False,
        help_text=_("Par exemple 0314.595.348\u00a0; vide pour une initiative sans numéro."),
    )

    class Meta:
        model = Actor
        fields = ["enterprise_number"]  # the desk's fieldsets name the others

    def clean_enterprise_number(self) -> str:
        """Return the ten digits."""
        return enterprise_numbers.normalise(self.cleaned_data["enterprise_number"])


class ActorImportForm(forms.Form):
    """What is asked once for a whole file of actors."""

    kind = forms.ChoiceField(
        label=_("Type des acteurs"),
        choices=[(kind.value, kind.label) for kind in Kind],
        initial=Kind.ASSOCIATION,
        help_text=_("Pour les lignes dont aucune colonne ne donne le type."),
    )
    state = forms.ChoiceField(
        label=_("Nouvelles fiches"),
        choices=[
            (State.DRAFT, _("en brouillon")),
            (State.PENDING, _("à relire")),
            (State.PUBLISHED, _("publiées tout de suite")),
        ],
        initial=State.DRAFT,
    )
    strangers = forms.ChoiceField(
        label=_("Commune inconnue ici"),
        choices=[
            ("refuse", _("refuser la ligne")),
            ("keep", _("garder l’acteur sans commune (partenaire hors du territoire)")),
        ],
        initial="refuse",
    )


class ContactImportForm(forms.Form):
    """What is asked once for a whole file of people: above all, where their consent comes from."""

    consent = forms.ChoiceField(
        label=_("Consentement à recevoir nos campagnes"),
        choices=[
            ("", _("Choisissez")),
            ("file", _("toutes les personnes de ce fichier l’ont donné")),
            ("column", _("celles pour qui une colonne dit oui")),
            ("none", _("aucune : elles ne recevront pas de campagne")),
        ],
        help_text=_("Une personne désinscrite le reste, quoi que dise le fichier."),
    )
    consent_source = forms.CharField(
        label=_("Origine du consentement"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : fiche papier de la foire du 12/01/2027."),
    )
    consent_text = forms.CharField(
        label=_("Version du texte accepté"),
        max_length=60,
        required=False,
        help_text=_("Par exemple : 2027-01."),
    )
    consent_day = forms.DateField(label=_("Donné le"), required=False)

    def clean(self):
        """Ask for the origin of a consent that is said to be given."""
        data = super().clean() or self.cleaned_data
        if data.get("consent") in ("file", "column"):
            for name in ("consent_source", "consent_text", "consent_day"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Un consentement a une origine, un texte et une date."))
        return data


class MergeForm(forms.Form):
    """The one that stays."""

    dans = forms.ModelChoiceField(label=_("Celui qui reste"), queryset=Actor.objects.none())

    def __init__(self, data, *, rows):
        super().__init__(data)
        self.fields["dans"].queryset = rows  # type: ignore[attr-defined]
