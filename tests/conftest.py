"""What every test shares."""

import pytest
from django.template import engines

from tests.contracts.strictness import Strict


@pytest.fixture(autouse=True, scope="session")
def strict_templates():
    """A missing variable in one of our own templates is an error."""
    engines["django"].engine.string_if_invalid = Strict("")
