"""What was said with people, plainly fictitious."""

import factory
from django.utils import timezone

from actors.models import Interaction
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ContactFactory


class InteractionFactory(factory.django.DjangoModelFactory):
    """A visit of today; `InteractionFactory(contacts=[…], actors=[…])` says with whom, else one contact."""

    class Meta:
        model = Interaction
        skip_postgeneration_save = True

    date = factory.LazyFunction(timezone.localdate)
    kind = "visit"
    staff = factory.SubFactory(TeamFactory)
    summary = "On a parlé des haies et du verger partagé."

    @factory.post_generation
    def contacts(self, create, extracted, **kwargs):
        if create:
            self.contacts.set([ContactFactory()] if extracted is None else extracted)

    @factory.post_generation
    def actors(self, create, extracted, **kwargs):
        if create and extracted:
            self.actors.set(extracted)
