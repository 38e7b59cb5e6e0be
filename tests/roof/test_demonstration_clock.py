"""The days of the demonstration: a moved clock that every row follows, and that is always put back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from smartrural.demonstration import clock
from tests.factories.actors import ContactFactory


def test_a_row_written_at_a_moment_carries_it(db):
    last_year = timezone.now() - timedelta(days=365)
    with clock.at(last_year):
        made = ContactFactory()
        assert timezone.localdate() == timezone.localtime(last_year).date()
        assert timezone.template_localtime(made.created_at).tzinfo.key == "Europe/Brussels"
    assert made.created_at == last_year


def test_the_clock_goes_on_when_a_block_fails():
    with pytest.raises(ValueError, match="raté"), clock.at(clock.moment(date(2020, 1, 1))):
        raise ValueError("raté")
    assert timezone.now().year > 2020


@pytest.mark.parametrize(
    ("today", "wanted", "held"),
    [
        (date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 18), date(2026, 11, 21), date(2026, 11, 23)),
        (date(2026, 11, 18), date(2026, 11, 22), date(2026, 11, 23)),
        (date(2026, 11, 24), date(2026, 11, 21), date(2026, 11, 20)),
        (date(2026, 11, 24), date(2026, 11, 22), date(2026, 11, 20)),
    ],
)
def test_a_week_end_moves_away_from_today(today, wanted, held):
    with clock.at(clock.moment(today)):
        assert clock.working_day(wanted) == held
