"""Projects, their partners and steps, plainly fictitious; shared needs to make them of."""

import factory
from django.utils import timezone

from needs.choices import NeedState
from needs.models import SharedNeed
from projects.choices import PartnerRole, State
from projects.models import Milestone, Partnership, Project, ProjectSlug
from tests.factories.actors import ActorFactory
from tests.factories.needs import NeedFactory, SharedNeedFactory
from tests.factories.territory import MunicipalityFactory


class ProjectFactory(factory.django.DjangoModelFactory):
    """A published project under way; `ProjectFactory(municipalities=[…], themes=[…])` gives it its lists."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Agenda fictif des salles {n}")
    slug = factory.Sequence(lambda n: f"agenda-fictif-{n}")
    summary = "Un seul agenda pour trouver une salle libre."
    story = "Premier paragraphe.\n\nSecond paragraphe."
    state = State.RUNNING
    published = True
    published_at = factory.LazyAttribute(lambda project: timezone.now() if project.published else None)
    lead = factory.SubFactory(ActorFactory)

    @factory.post_generation
    def municipalities(self, create, extracted, **kwargs):
        if create and extracted:
            self.municipalities.set(extracted)

    @factory.post_generation
    def themes(self, create, extracted, **kwargs):
        if create and extracted:
            self.themes.set(extracted)

    @factory.post_generation
    def dimensions(self, create, extracted, **kwargs):
        if create and extracted:
            self.dimensions.set(extracted)

    @factory.post_generation
    def shared_needs(self, create, extracted, **kwargs):
        if create and extracted:
            self.shared_needs.set(extracted)


class ProjectSlugFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectSlug

    project = factory.SubFactory(ProjectFactory)
    slug = factory.Sequence(lambda n: f"ancien-titre-{n}")


class PartnershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partnership

    project = factory.SubFactory(ProjectFactory)
    actor = factory.SubFactory(ActorFactory)
    role = PartnerRole.PARTNER


class MilestoneFactory(factory.django.DjangoModelFactory):
    """A step that is not reached."""

    class Meta:
        model = Milestone

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Étape fictive {n}")
    due_on = factory.LazyFunction(timezone.localdate)


def shared_need(title="Trouver une salle libre", *, places=2, **fields) -> SharedNeed:
    """Make a published shared need of as many needs, each of its own municipality.

    `places` is their number, or the municipalities themselves.
    """
    municipalities = [MunicipalityFactory() for _ in range(places)] if isinstance(places, int) else places
    needs = [NeedFactory(municipality=place, state=NeedState.POOLED) for place in municipalities]
    return SharedNeedFactory(title=title, needs=needs, **fields)
