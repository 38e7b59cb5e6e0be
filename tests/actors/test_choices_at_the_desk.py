"""In a real Chromium: a choice of several, filled, is a list whose every item can be read and taken away."""

import pytest

from tests import axe
from tests.chromium import look
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory, ContactFactory
from tests.factories.territory import ThemeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_filled_choice_of_several_breaks_no_rule(chromium, live_server):
    actor = ActorFactory(themes=[ThemeFactory(), ThemeFactory()])
    contact = ContactFactory(actors=[actor])
    with look(chromium, live_server.url, user=TeamFactory()) as context:
        page = context.new_page()
        for address, items in (
            (f"/bureau/actors/actor/{actor.pk}/change/", 2),
            (f"/bureau/actors/contact/{contact.pk}/change/", 1),
        ):
            page.goto(address)
            page.locator(".select2-selection__choice").first.wait_for()
            assert page.locator(".select2-selection__choice__remove").count() == items
            assert axe.faults(page, axe.WHOLE_DESK) == []
        context.told.clear()  # axe copies style sheets into the page, which the policy rightly refuses
