"""Actors, members and contacts, plainly fictitious."""

import factory
from django.utils import timezone

from actors.choices import Kind, MembershipRole, MembershipState, State, SubscriptionState
from actors.models import Actor, ActorSlug, Consent, Contact, Correction, Membership, Proposal, Subscription
from tests.factories.accounts import UserFactory
from tests.factories.territory import MunicipalityFactory


class ActorFactory(factory.django.DjangoModelFactory):
    """A published association; `ActorFactory(themes=[…], municipalities_served=[…])` gives it its lists."""

    class Meta:
        model = Actor
        skip_postgeneration_save = True

    kind = Kind.ASSOCIATION
    state = State.PUBLISHED
    name = factory.Sequence(lambda n: f"Les Jardins Fictifs {n}")
    slug = factory.Sequence(lambda n: f"jardins-fictifs-{n}")

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        if create and extracted:
            self.themes.set(extracted)

    @factory.post_generation
    def municipalities_served(self, create, extracted, **kwargs):
        if create and extracted:
            self.municipalities_served.set(extracted)


class CommuneFactory(ActorFactory):
    """A commune, as an actor of its municipality."""

    kind = Kind.MUNICIPALITY
    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.LazyAttribute(lambda actor: actor.municipality.name)
    slug = factory.LazyAttribute(lambda actor: actor.municipality.slug)


class EnterpriseFactory(ActorFactory):
    kind = Kind.ENTERPRISE
    name = factory.Sequence(lambda n: f"Brasserie Imaginaire {n}")
    slug = factory.Sequence(lambda n: f"brasserie-imaginaire-{n}")


class ActorSlugFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ActorSlug

    actor = factory.SubFactory(ActorFactory)
    slug = factory.Sequence(lambda n: f"ancien-nom-{n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    """An active referent."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    actor = factory.SubFactory(ActorFactory)
    role = MembershipRole.REFERENT
    state = MembershipState.ACTIVE


class ProposalFactory(factory.django.DjangoModelFactory):
    """Somebody who proposed a sheet that nobody read yet."""

    class Meta:
        model = Proposal

    actor = factory.SubFactory(ActorFactory, state=State.PENDING)
    name = "Perrine Fictive"
    email = factory.Sequence(lambda n: f"perrine{n}@exemple.invalid")
    relation = "bénévole"


class CorrectionFactory(factory.django.DjangoModelFactory):
    """An error that somebody reported."""

    class Meta:
        model = Correction

    actor = factory.SubFactory(ActorFactory)
    text = factory.Sequence(lambda n: f"Le numéro {n} a changé.")


class ContactFactory(factory.django.DjangoModelFactory):
    """A person with an address; `ContactFactory(actors=[…])` says for whom they stand."""

    class Meta:
        model = Contact
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Contact Fictif {n}")
    email = factory.Sequence(lambda n: f"contact{n}@exemple.invalid")

    @factory.post_generation
    def actors(self, create, extracted, **kwargs):
        if create and extracted:
            self.actors.set(extracted)


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    contact = factory.SubFactory(ContactFactory)
    given_at = factory.LazyFunction(timezone.now)
    text_version = "2027-01"
    source = "fiche papier fictive"


class SubscriptionFactory(factory.django.DjangoModelFactory):
    """An active one, of everything; `SubscriptionFactory(themes=[…], municipalities=[…])` gives it its choices."""

    class Meta:
        model = Subscription
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"lectrice{n}@exemple.invalid")
    state = SubscriptionState.ACTIVE
    text_version = "abonnement-essai"
    source = "fiche fictive"
    confirmed_at = factory.LazyAttribute(
        lambda one: None if one.state == SubscriptionState.PENDING else timezone.now()
    )
    stopped_at = factory.LazyAttribute(
        lambda one: timezone.now() if one.state == SubscriptionState.STOPPED else None
    )

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        if create and extracted:
            self.themes.set(extracted)

    @factory.post_generation
    def municipalities(self, create, extracted, **kwargs):
        if create and extracted:
            self.municipalities.set(extracted)
