"""Debian's Chromium, driven by Playwright: a fresh context for each look at a page."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

EXECUTABLE = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE = 30_000
"""Milliseconds that a look waits for what must come; a busy machine is slow, and only a failure waits so long."""
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    # Only a test that takes the network away sees this one; the browser tells it for each request, its own included.
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
)
"""How the console's errors begin that are no fault of a page."""
ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root, in a container
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; pages come from `look`."""
    # Playwright's loop runs in this thread, and Django would take the tests for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        yield browser
        browser.close()


@contextlib.contextmanager
def look(
    browser: Browser,
    server: str,
    *,
    user=None,
    width: int = 1280,
    scheme: str = "light",
    script: bool = True,
) -> Iterator[BrowserContext]:
    """Open a fresh context on `server`, logged in as `user`; any console error is a fault.

    Raises AssertionError at the end when the console told an error (a refused script or style, a failed request).
    """
    context = browser.new_context(
        base_url=server,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
        locale="fr-BE",
        timezone_id="Europe/Brussels",
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    if user is not None:
        from tests.factories.accounts import logged_in

        cookie = logged_in(user).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server}])
    told: list[str] = []
    context.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: told.append(str(error.error)))
    context.told = told  # a test that provokes errors itself takes them out again
    try:
        yield context
        faults = [text for text in told if not text.startswith(EXPECTED)]
        assert not faults, faults
    finally:
        context.close()
