"""« Ça m’intéresse » before there is a date or once it is closed: to be told of the next ones, by theme."""

import re

import pytest
from django.urls import reverse

from tests.factories.territory import ThemeFactory
from tests.factories.trainings import RegistrationFactory, TrainingFactory, TrainingSessionFactory, held

LINK = re.compile(r'<a href="([^"]+)">Me prévenir des prochaines dates</a>')


def leads_to(client, page):
    """Follow the page's link; return the form's address and the themes that it ticks, None without a link."""
    found = LINK.search(client.get(page).content.decode())
    if not found:
        return None
    address = found[1].replace("&amp;", "&")
    return address.partition("?")[0], client.get(address).context["form"]["themes"].initial


@pytest.mark.parametrize("count", [0, 2])
def test_a_training_without_a_date_leads_to_the_letters_on_its_themes(client, jodoigne, count):
    offer = TrainingFactory(themes=[ThemeFactory() for _ in range(count)])
    codes = sorted(theme.code for theme in offer.themes.all())
    address, ticked = leads_to(client, offer.get_absolute_url())
    assert (address, sorted(ticked or [])) == (reverse("actors:subscribe"), codes)


def test_a_session_that_is_full_or_over_asks_too_one_with_a_seat_does_not(client, jodoigne):
    full = RegistrationFactory(session=TrainingSessionFactory(capacity=1)).session
    pages = [full, held(), TrainingSessionFactory(capacity=2)]
    assert [bool(leads_to(client, one.get_absolute_url())) for one in pages] == [True, True, False]
