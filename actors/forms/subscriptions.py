"""Forms of « Me tenir au courant »."""

from collections.abc import Collection, Iterable
from typing import Any, Protocol, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.querysets import normalise_email
from actors.choices import Subject
from actors.models import Subscription
from territory.models import Municipality, Theme


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
        """Tick what a subscription says, or what an address asks for (`theme`, `commune`; others are ignored).

        A new subscription begins with nothing ticked, which means everything: a tap chooses, it never takes away.
        """
        self._themes = {theme.code: theme for theme in Theme.objects.all()}
        # The territory's own, and another that was chosen before it left.
        places = [*Municipality.objects.of_lag().only("slug", "name").order_by("name")]
        if subscription:
            places += [one for one in subscription.municipalities.all() if one not in places]
        self._places = {place.slug: place for place in places}
        initial: dict[str, list[str]] = {}
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
        cast(Any, self.fields[name]).choices = list(choices)

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
