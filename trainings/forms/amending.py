"""The form by which a person changes what they said when they registered."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from trainings import names, questioning
from trainings.actions import Person
from trainings.choices import OUTSIDE
from trainings.forms.registering import AboutSomebody, actor_named
from trainings.models import Registration, RegistrationQuestion


class AmendForm(AboutSomebody):
    """What is known of one person, to correct; the address of the letters is not among it (see `actions.amend`)."""

    def __init__(self, data=None, *, mine: Registration, questions: Sequence[RegistrationQuestion]):
        """Draw what `mine` says; `questions` are those still asked of its session."""
        self._mine = mine
        said = {one.question_id: one.text for one in mine.answers.all()}
        # Whoever staff entered without a municipality may still be from anywhere: the person says.
        elsewhere = "" if mine.entered_by else OUTSIDE
        initial = {
            "name": mine.name,
            "phone": mine.phone,
            "organisation": mine.organisation,
            "municipality": mine.municipality.slug if mine.municipality else elsewhere,
            "access_needs": mine.access_needs,
        }
        initial |= questioning.initial(questions, said)
        super().__init__(data, questions=questions, initial=initial, place=mine.municipality)
        self.order_fields([*(name for name in self.fields if name != "access_needs"), "access_needs"])
        self.fields["name"].help_text = _("Comme il doit figurer sur la liste et sur l’attestation.")

    def person(self) -> Person:
        """Return what the person says of themselves, from a valid form."""
        data, mine = self.cleaned_data, self._mine
        organisation, actor = names.clean(data["organisation"]), mine.actor
        if organisation == names.clean(mine.organisation):
            # Left as it is: what the team tied to a sheet stays tied, whatever that sheet's name.
            organisation = mine.organisation_text
        else:
            actor = actor_named(organisation)
        return Person(
            name=data["name"],
            phone=data["phone"],
            organisation=organisation,
            actor=actor,
            municipality=self.place,
            access_needs=data["access_needs"],
            answers=questioning.answers(self._questions, data),
        )
