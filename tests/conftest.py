"""What every test shares: servers, and the rule that no test is left out in silence."""

import os
import shutil
import time
from types import SimpleNamespace

import pytest
from django.test import TransactionTestCase

from tests import emptying
from tests.chromium import chromium
from tests.servers import redis_server, redis_servers, smtp_server

__all__ = ["chromium", "redis_server", "redis_servers", "smtp_server"]


@pytest.fixture(autouse=True)
def empty_cache():
    """Start each test with an empty cache: limits counted in one test would bite in the next."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def a_span_of_its_own(monkeypatch):
    """Let each test begin where limits begin to count: an hour that ends in its middle would forget half."""
    from accounts import limits

    began = time.time()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: time.time() - began))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make the database, then clean it between tests in the quick way."""
    with django_db_blocker.unblock():
        emptying.remember()
    TransactionTestCase._fixture_teardown = emptying.empty


@pytest.fixture(autouse=True, scope="session")
def strict_templates():
    """Make a missing variable in one of our own templates an error."""
    from django.template import engines

    from tests.contracts.strictness import Strict

    engines["django"].engine.string_if_invalid = Strict("")


# No test is left out in silence --------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    """Count a skipped test, or one expected to fail, as failed."""
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    """Count a module that skips itself as failed."""
    return _refuse_skip((yield))


def _refuse_skip(report):
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"left out, which counts as a failure: {report.longrepr}"
        if hasattr(report, "wasxfail"):
            del report.wasxfail
    return report


def pytest_collection_modifyitems(config, items):
    """Deselect what a bare `pytest` has no service for; under `make test` there is nothing to deselect."""
    lacking = set()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        lacking.add("postgresql")
    if not os.environ.get("REDIS_TEST_URL"):
        lacking.add("redis")
    if lacking and os.environ.get("TESTS_COMPLETE"):
        raise pytest.UsageError(f"complete run without {', '.join(sorted(lacking))}")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in lacking)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_unconfigure(config):
    """Remove the folder that stood for var/."""
    from django.conf import settings

    if settings.configured and getattr(settings, "TESTS_DIR_TO_REMOVE", None):
        shutil.rmtree(settings.TESTS_DIR_TO_REMOVE, ignore_errors=True)
