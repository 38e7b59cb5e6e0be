"""It is the Sunday before the digest; its letters are real ones."""

import pytest
import time_machine

from tests.factories.projects import ProjectFactory, shared_need
from tests.factories.territory import LAGFactory, MunicipalityFactory, ThemeFactory
from tests.factories.trainings import TrainingFactory, TrainingSessionFactory
from tests.portal.digest.weeks import NOW


@pytest.fixture(autouse=True)
def real_letters(settings):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"


@pytest.fixture(autouse=True)
def sunday():
    """It is Sunday; what the factories make is published then."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def programme(db):
    """A training about mobility in Incourt, one about energy in Jodoigne, a project everywhere, a need."""
    mobility, energy = ThemeFactory(name="Mobilité"), ThemeFactory(name="Énergie")
    incourt, jodoigne = MunicipalityFactory(name="Incourt"), MunicipalityFactory(name="Jodoigne")
    LAGFactory(area__municipalities=[incourt, jodoigne], email="bonjour@exemple.invalid")
    TrainingSessionFactory(training=TrainingFactory(title="Vélo", themes=[mobility]), municipality=incourt)
    TrainingSessionFactory(training=TrainingFactory(title="Isoler", themes=[energy]), municipality=jodoigne)
    ProjectFactory(title="Agenda commun", lead__name="Maison Fictive")
    shared_need("Une salle", places=[incourt], public=True, theme=energy)
    return {"mobility": mobility, "energy": energy, "incourt": incourt, "jodoigne": jodoigne}
