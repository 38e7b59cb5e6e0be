"""Messages of the desk in a browser: no icon of Django's stands on their words."""

import pytest

from tests.chromium import look
from tests.factories.accounts import TeamFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KINDS = ["success", "info", "warning", "error"]


def test_no_icon_covers_the_first_letters(chromium, live_server):
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        page = context.new_page()
        page.goto("/bureau/")
        items = "".join(f'<li class="{kind}">Ce moment est déjà passé.</li>' for kind in KINDS)
        page.evaluate(
            "items => document.querySelector('#content').insertAdjacentHTML("
            "'afterbegin', `<ul class=messagelist>${items}</ul>`)",
            items,
        )
        found = page.locator(".messagelist li").evaluate_all(
            "all => all.map(one => getComputedStyle(one).backgroundImage)"
        )
    assert found == ["none"] * len(KINDS)
