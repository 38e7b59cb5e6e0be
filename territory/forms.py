"""What is asked once for a whole file of figures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from territory.choices import Aggregation, PlanKind
from territory.models import Indicator, Source, StrategicPlan
from typography.folding import fold


class ValuesForm(forms.Form):
    """Which indicator, in which unit, from which source, under which licence."""

    indicator = forms.ModelChoiceField(
        label=_("Indicateur"),
        queryset=Indicator.objects.exclude(aggregation=Aggregation.RATIO),
        required=False,
        help_text=_(
            "Vide si une colonne donne son code. Un rapport (un pourcentage, une moyenne) ne s’importe pas : "
            "importez son numérateur et son dénominateur, le portail divise les sommes."
        ),
    )
    unit = forms.CharField(
        label=_("Unité des valeurs du fichier"),
        max_length=60,
        required=False,
        help_text=_("Telle que le fichier la donne ; elle doit être celle de l’indicateur."),
    )
    year = forms.IntegerField(
        label=_("Année"),
        required=False,
        min_value=1800,
        max_value=2200,
        help_text=_("Vide si une colonne ou les titres des colonnes la donnent."),
    )
    source = forms.ModelChoiceField(
        label=_("Source connue"),
        queryset=Source.objects.all(),
        required=False,
        help_text=_("Vide pour une nouvelle source, décrite ci-dessous."),
    )
    publisher = forms.CharField(label=_("Nouvelle source : éditeur"), max_length=150, required=False)
    title = forms.CharField(label=_("Nouvelle source : titre"), max_length=250, required=False)
    licence = forms.CharField(label=_("Nouvelle source : licence"), max_length=100, required=False)
    credit = forms.CharField(label=_("Nouvelle source : mention à imprimer"), max_length=200, required=False)

    def clean(self):
        """Ask for the unit of the indicator, and for a source that is known or told whole."""
        data = super().clean() or self.cleaned_data
        indicator = data.get("indicator")
        if indicator and fold(data.get("unit", "")) != fold(indicator.unit):
            self.add_error("unit", _("Cet indicateur se compte en « %(unit)s ».") % {"unit": indicator.unit})
        if not data.get("source"):
            for name in ("publisher", "title", "licence", "credit"):
                if not data.get(name):
                    self.add_error(
                        name, _("Une nouvelle source a un éditeur, un titre, une licence et une mention.")
                    )
        return data


class ObjectivesForm(forms.Form):
    """Which plan the tree is of."""

    plan = forms.ModelChoiceField(
        label=_("Plan"),
        queryset=StrategicPlan.objects.exclude(kind=PlanKind.SDG),
        help_text=_("Créez d’abord le plan, avec ses dates d’adoption, s’il n’est pas dans la liste."),
    )
