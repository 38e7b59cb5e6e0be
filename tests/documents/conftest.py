"""What tests of documents share."""

import pytest


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Stored files of a test live and die with it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
