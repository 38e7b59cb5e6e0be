"""What tests of diagnostics share: the real territory, a store of their own, a layout that takes no time."""

import pytest
import time_machine

from documents import pdf
from tests import real
from tests.diagnostics import programme as fictitious


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Stored files of a test live and die with it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(scope="module")
def real_territory(django_db_setup, django_db_blocker):
    """The project's own `data/`, in a transaction that the module's end takes back."""
    with django_db_blocker.unblock(), real.territory():
        yield


@pytest.fixture(scope="module")
def programme(real_territory, django_db_blocker):
    """The fictitious programme on the real territory, on the day it was frozen."""
    with django_db_blocker.unblock(), time_machine.travel(fictitious.TODAY, tick=False):
        fictitious.build()
        yield fictitious


@pytest.fixture
def quick_layout(monkeypatch):
    """Take the layout's place: what was to be printed is kept, a small file comes out."""
    printed = []

    def render_isolated(html, *, created, **options):
        printed.append(html)
        return pdf.PDF(b"%PDF-1.7 " + created.isoformat().encode(), "70.0")

    monkeypatch.setattr(pdf, "render_isolated", render_isolated)
    return printed
