"""The registration form: one page on a phone, for one person or a few colleagues."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.nonces import NonceField
from accounts.querysets import normalise_email
from actors.choices import MembershipState
from actors.models import Actor
from territory.models import Municipality
from trainings import names, phones, questioning
from trainings.actions import MOST_PEOPLE, Person
from trainings.choices import OUTSIDE
from trainings.forms.fields import NameField, OrganisationField
from trainings.models import Registration, RegistrationQuestion, TrainingSession

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_NO_END = _("Cette adresse n’est pas complète, par exemple « nom@exemple.be ».")


def _email(label: "StrOrPromise", **options: Any) -> forms.EmailField:
    widget = forms.EmailInput({"autocomplete": options.pop("autocomplete"), "inputmode": "email"})
    return forms.EmailField(label=label, widget=widget, error_messages={"invalid": _NO_END}, **options)


class AboutSomebody(forms.Form):
    """What a person says of themselves, and may correct later."""

    name = NameField(
        label=_("Votre nom"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Dites-nous votre nom.")},
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        max_length=30,
        required=False,
        help_text=_("Utile si la séance change au dernier moment."),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    organisation = OrganisationField(
        autocomplete="organization",
        help_text=_("Celle de l’annuaire ou une autre, écrite librement ; rien si vous venez pour vous."),
    )
    municipality = forms.ChoiceField(
        label=_("Commune"),
        error_messages={
            "required": _("Choisissez votre commune, ou « Hors du territoire »."),
            "invalid_choice": _("Choisissez votre commune, ou « Hors du territoire »."),
        },
    )
    access_needs = forms.CharField(
        label=_("De quoi avez-vous besoin pour venir ?"),
        max_length=300,
        required=False,
        help_text=_("Accès, boucle magnétique, garde d’enfant… Effacé 30 jours après la séance."),
    )

    def __init__(
        self,
        data=None,
        *,
        questions: Sequence[RegistrationQuestion],
        initial: dict[str, str],
        place: Municipality | None = None,
    ):
        """`questions` are those that the session asks, each a field; `place` is a choice outside the territory too."""
        self._questions = questions
        self._municipalities = list(Municipality.objects.of_lag().only("slug", "name"))
        if place is not None and place not in self._municipalities:
            self._municipalities.append(place)
        super().__init__(data, initial=initial)
        cast(forms.ChoiceField, self.fields["municipality"]).choices = [
            ("", _("Choisir")),
            *((place.slug, place.name) for place in self._municipalities),
            (OUTSIDE, _("Hors du territoire")),
        ]
        self.fields |= questioning.fields(questions)

    @property
    def place(self) -> Municipality | None:
        """The municipality of a valid form; None outside the territory."""
        chosen = self.cleaned_data["municipality"]
        return next((place for place in self._municipalities if place.slug == chosen), None)


class RegistrationForm(AboutSomebody):
    """A person, and the colleagues who come along; each has their own seat and their own letter."""

    email = _email(
        _("Adresse e-mail"),
        help_text=_("Pour la confirmation et les changements de la séance, rien d’autre."),
        autocomplete="email",
    )
    consent = forms.BooleanField(
        label=_(
            "J’accepte que le GAL garde ces données pour organiser la séance et justifier son financement."
        ),
        error_messages={"required": _("Sans votre accord, nous ne pouvons pas vous inscrire.")},
    )
    people = forms.IntegerField(widget=forms.HiddenInput, required=False)
    nonce = NonceField()

    field_order = ["name", "email", "phone", "organisation", "municipality"]

    def __init__(
        self, data=None, *, user, more: bool = False, questions: Sequence[RegistrationQuestion] = ()
    ):
        """Draw as many colleagues as `data` says, and one more when `more`; prefill for who is signed in.

        `questions` are those of the session; each person answers them, a colleague below their name.
        """
        size = min(_size(data) + more, MOST_PEOPLE)
        if data is not None:
            data = data.copy()
            data["people"] = str(size)
        super().__init__(data, questions=questions, initial={} if data is not None else _known(user))
        self.size = size
        self.fields["people"].initial = size
        for number in range(2, size + 1):
            self.fields[f"name_{number}"] = NameField(
                label=_("Nom du collègue {number}").format(number=number - 1),
                max_length=150,
                required=False,
                widget=forms.TextInput({"autocomplete": "off"}),
                help_text=_("Laissez vide s’il ne vient pas."),
            )
            self.fields[f"email_{number}"] = _email(
                _("Son adresse e-mail ({number})").format(number=number - 1),
                required=False,
                help_text=_("Vide : sa confirmation arrive à votre adresse."),
                autocomplete="off",
            )
            self.fields |= questioning.fields(questions, colleague=number)
        tail = ["access_needs", "consent", "people", "nonce"]
        self.order_fields([*(name for name in self.fields if name not in tail), *tail])

    @property
    def next(self) -> int:
        """The number of the colleague who would be added: the page opens again at their name."""
        return self.size + 1

    @property
    def full(self) -> bool:
        """Whether nobody more fits in the form."""
        return self.size >= MOST_PEOPLE

    def clean_people(self) -> int:
        return self.size

    def clean(self):
        data = super().clean() or {}
        for number in range(2, self.size + 1):
            if data.get(f"name_{number}"):
                for name in questioning.unanswered(self._questions, data, colleague=number):
                    self.add_error(name, _("Répondez aussi pour ce collègue."))
        return data

    def persons(self) -> list[Person]:
        """Return whom to register, from a valid form."""
        data = self.cleaned_data
        organisation = names.clean(data["organisation"])
        shared = {
            "organisation": organisation,
            "actor": actor_named(organisation),
            "municipality": self.place,
            "consented": data["consent"],
        }
        first = Person(
            name=data["name"],
            email=normalise_email(data["email"]),
            phone=data["phone"],
            access_needs=data["access_needs"],
            answers=questioning.answers(self._questions, data),
            **shared,
        )
        colleagues = [
            Person(
                name=data[f"name_{number}"],
                email=normalise_email(data[f"email_{number}"]) or first.email,
                answers=questioning.answers(self._questions, data, colleague=number),
                **shared,
            )
            for number in range(2, self.size + 1)
            if data[f"name_{number}"]
        ]
        return [first, *colleagues]


class PhoneForm(forms.Form):
    """Somebody on the phone: a name and a number, one line; a municipality where one asks, for shares and figures."""

    name = NameField(
        label=_("Nom"), max_length=150, error_messages={"required": _("Quel est le nom de la personne ?")}
    )
    phone = forms.CharField(
        label=_("Téléphone"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("À quel numéro la prévenir si la séance change ?")},
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Commune"),
        required=False,
        to_field_name="slug",
        empty_label=_("Inconnue"),
        error_messages={"invalid_choice": _("Choisissez une commune de la liste, ou laissez « Inconnue ».")},
    )
    nonce = NonceField()

    def __init__(self, data=None, *, session: TrainingSession, anyway: bool = False):
        """`anyway`: staff saw that the number is somebody's already, and that it is somebody else."""
        super().__init__(data)
        self._session, self._anyway = session, anyway
        self.twice: list[Registration] = []
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        places = cast(forms.ModelChoiceField, self.fields["municipality"])
        places.queryset = Municipality.objects.of_lag().order_by("name")

    def clean(self):
        """Ask once more where somebody of this session has the number already: a couple may share it."""
        data = super().clean() or {}
        number = phones.folded(data.get("phone", ""))
        if number and not self._anyway:
            others = self._session.registrations.live().exclude(phone="").order_by("position")
            # The same form sent again is the same person, and needs no question.
            others = others.exclude(nonce=data["nonce"]) if data.get("nonce") else others
            self.twice = [one for one in others if phones.folded(one.phone) == number]
            if self.twice:
                people = ", ".join(f"{one.name} ({one.get_state_display()})" for one in self.twice)
                self.add_error(
                    None,
                    _(
                        "Ce numéro est déjà celui de {people}. Personne n’est encore ajouté : si c’est quelqu’un "
                        "d’autre, inscrivez quand même."
                    ).format(people=people),
                )
        return data


def _size(data) -> int:
    """Return the number of people that a posted form speaks of, within bounds whatever it says."""
    value = (data or {}).get("people", "1")
    return min(max(int(value), 1), MOST_PEOPLE) if re.fullmatch(r"[0-9]{1,2}", value) else 1


def actor_named(organisation: str) -> Actor | None:
    """Return the published actor of this name, whatever its accents, capitals, hyphens; None for none, or several."""
    return Actor.objects.published().called(organisation)


def _known(user) -> dict[str, str]:
    """Return what we know of who is signed in."""
    if not user.is_authenticated:
        return {}
    contact = getattr(user, "contact", None)
    member = (
        user.memberships.filter(state=MembershipState.ACTIVE).select_related("actor__municipality").first()
    )
    place = (contact and contact.municipality) or (member and member.actor.municipality)
    return {
        "name": user.name,
        "email": user.email,
        "phone": contact.phone if contact else "",
        "organisation": member.actor.name if member else "",
        "municipality": place.slug if place else "",
    }
