"""The real territory, loaded once for a module and taken back; and a small folder of another LAG."""

import shutil
from pathlib import Path

import pytest

from territory.models import Area, Municipality
from tests import real

SMALL_FOLDER = Path(__file__).parent / "data" / "burdinale-mehaigne"


@pytest.fixture(scope="module")
def real_territory(django_db_setup, django_db_blocker):
    """The project's own `data/`, in a transaction that the module's end takes back."""
    with django_db_blocker.unblock(), real.territory() as report:
        yield report


@pytest.fixture
def jodoigne(real_territory, db):
    return Municipality.objects.get(code="25048")


@pytest.fixture
def lag_area(real_territory, db):
    return Area.objects.get(code="culturalite")


@pytest.fixture
def brabant(real_territory, db):
    return Area.objects.get(code="20002")


@pytest.fixture
def wallonia(real_territory, db):
    return Area.objects.get(code="03000")


@pytest.fixture
def small_folder(tmp_path):
    """A copy of another LAG's folder that a test may spoil."""
    return Path(shutil.copytree(SMALL_FOLDER, tmp_path / "dossier"))
