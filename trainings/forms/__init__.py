"""The forms of a session: coming, by hand or on the phone, and saying what it was worth."""

from trainings.forms.amending import AmendForm
from trainings.forms.fields import NameField, OrganisationField
from trainings.forms.opinions import EvaluationForm
from trainings.forms.registering import PhoneForm, RegistrationForm, actor_named

__all__ = [
    "AmendForm",
    "EvaluationForm",
    "NameField",
    "OrganisationField",
    "PhoneForm",
    "RegistrationForm",
    "actor_named",
]
