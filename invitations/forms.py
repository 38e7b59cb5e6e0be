"""What staff choose: an audience, a person to preview for."""

import re
from collections.abc import Collection
from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.translation import gettext_lazy as _

from actors.choices import Family
from actors.choices import State as Sheet
from actors.models import Actor
from invitations import pasted
from invitations.audience import Choice
from invitations.choices import Answer
from invitations.models import Campaign, Invitation
from territory.models import Municipality, Theme
from typography.numbers import number

_KEY = re.compile(r"[0-9]{1,18}")


class Picker(AutocompleteSelectMultiple):
    """The desk's own picker of rows; what an address proposes and no column holds is not looked up."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if _KEY.fullmatch(one)], attr)


class Rows(forms.ModelMultipleChoiceField):
    """Rows of which any may answer; one that cannot be is refused before the database is asked."""

    default_error_messages = dict.fromkeys(
        ("invalid_choice", "invalid_pk_value"),
        _("Un de ces choix n’existe pas, ou plus. Personne n’est choisi."),
    )

    def __init__(self, queryset, **options):
        super().__init__(queryset, required=False, **options)

    def clean(self, value):
        if not all(_KEY.fullmatch(str(one)) for one in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class LandingField(forms.CharField):
    """A page of this portal, typed as a path or pasted whole from the browser: its path is kept."""

    def __init__(self, *, hosts: Collection[str], **options):
        """`hosts` are the names, with port, under which the portal answers."""
        super().__init__(**options)
        self._hosts = {host.lower() for host in hosts}

    def to_python(self, value):
        """Return the path (what follows it included) of an address of ours; refuse that of another site."""
        text = super().to_python(value) or ""
        try:
            address = urlsplit(text)
        except ValueError:
            return text  # the model says what is expected
        if address.scheme not in ("http", "https"):
            return text
        if address.netloc.lower() not in self._hosts:
            raise forms.ValidationError(
                _(
                    "Cette adresse mène à un autre site\u00a0: le lien d’une campagne mène à une page de ce portail, "
                    "par exemple /enquetes/."
                ),
                code="elsewhere",
            )
        return text.partition("//")[2][len(address.netloc) :] or "/"


class AudienceForm(forms.Form):
    """What is asked of people: in one list, any of what is ticked; between lists, all of them."""

    families = forms.MultipleChoiceField(
        label=_("Familles d’acteurs"),
        choices=Family.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": Rows.default_error_messages["invalid_choice"]},
    )
    municipalities = Rows(
        Municipality.objects.none(), label=_("Communes"), widget=forms.CheckboxSelectMultiple
    )
    themes = Rows(Theme.objects.all(), label=_("Thèmes des acteurs"), widget=forms.CheckboxSelectMultiple)
    members = Rows(Actor.objects.exclude(state=Sheet.MERGED), label=_("Membres de ces acteurs"))
    previous = Rows(Campaign.objects.none(), label=_("Personnes d’autres campagnes"))
    answer = forms.ChoiceField(
        label=_("Celles qui"),
        choices=Answer,
        required=False,
        initial=Answer.INVITED,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": Rows.default_error_messages["invalid_choice"]},
    )
    without = Rows(Campaign.objects.none(), label=_("Sans les personnes invitées à"))

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        others = Campaign.objects.exclude(pk=campaign.pk)
        for name, rows in (
            ("municipalities", Municipality.objects.of_lag()),
            ("previous", others),
            ("without", others),
        ):
            cast(Rows, self.fields[name]).queryset = rows
        for name, relation in (("members", "actor"), ("previous", "campaign"), ("without", "campaign")):
            field = cast(Rows, self.fields[name])
            # Thousands of actors: the desk's own picker asks for a few at a time.
            field.widget = Picker(Invitation._meta.get_field(relation), admin.site, choices=field.choices)

    def clean_answer(self) -> str:
        """Without an answer, those who were invited."""
        return self.cleaned_data["answer"] or Answer.INVITED

    @property
    def choice(self) -> Choice | None:
        """What is asked; None when it cannot be understood: nobody is chosen rather than too many."""
        if not self.is_bound:
            return Choice()
        if not self.is_valid():
            return None
        values: dict[str, Any] = {
            name: value if isinstance(value, str) else list(value)
            for name, value in self.cleaned_data.items()
        }
        return Choice(**values)


class PastedForm(forms.Form):
    """A list of addresses, as somebody pastes it."""

    addresses = forms.CharField(
        label=_("Adresses e-mail"),
        max_length=300_000,
        strip=False,
        widget=forms.Textarea({"rows": 6, "cols": 60, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "Une par ligne, ou séparées par des points-virgules\u00a0; les noms autour ne gênent pas."
        ),
        error_messages={"required": _("Collez d’abord une ou plusieurs adresses.")},
    )

    def clean_addresses(self) -> list[pasted.Line]:
        """Read the list; one that is too long is refused whole, so that nobody is left out in silence."""
        lines = pasted.read(self.cleaned_data["addresses"])
        if len(lines) > pasted.LONGEST:
            raise forms.ValidationError(
                _("Cette liste a %(n)s lignes\u00a0; nous en lisons %(most)s à la fois. Coupez-la en deux."),
                params={"n": number(len(lines)), "most": number(pasted.LONGEST)},
            )
        if not lines:
            raise forms.ValidationError(self.fields["addresses"].error_messages["required"])
        return lines


class MomentForm(forms.Form):
    """When letters leave by themselves."""

    at = forms.DateTimeField(
        label=_("Jour et heure"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class PreviewForm(forms.Form):
    """For whom the letter is shown: one of the people invited."""

    contact: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Montrer la lettre de"), queryset=None, required=False, empty_label=_("moi-même")
    )

    def __init__(self, *args, invitations, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["contact"]
        field.queryset = invitations  # type: ignore[attr-defined]
        field.label_from_instance = lambda invitation: str(invitation.contact)  # type: ignore[attr-defined]
