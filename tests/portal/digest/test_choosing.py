"""What of a week fits a reader’s choices."""

import pytest

from actors.choices import Subject
from tests.factories.actors import SubscriptionFactory
from tests.factories.needs import NeedFactory, SharedNeedFactory
from tests.portal.digest.weeks import shown


@pytest.mark.parametrize(
    ("themes", "places", "expected"),
    [
        ([], [], ["Vélo", "Isoler", "Agenda commun", "Une salle"]),
        (["mobility"], [], ["Vélo", "Agenda commun"]),
        (["energy"], [], ["Isoler", "Agenda commun", "Une salle"]),
        (["mobility", "energy"], [], ["Vélo", "Isoler", "Agenda commun", "Une salle"]),
        ([], ["incourt"], ["Vélo", "Agenda commun", "Une salle"]),
        (["energy"], ["incourt"], ["Agenda commun", "Une salle"]),
        (["mobility"], ["jodoigne"], ["Agenda commun"]),
    ],
)
def test_themes_and_communes_narrow_it_and_what_names_none_concerns_all(programme, themes, places, expected):
    subscription = SubscriptionFactory(
        themes=[programme[name] for name in themes], municipalities=[programme[name] for name in places]
    )
    assert shown(subscription) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (Subject.TRAININGS, ["Vélo", "Isoler"]),
        (Subject.PROJECTS, ["Agenda commun"]),
        (Subject.NEEDS, ["Une salle"]),
    ],
)
def test_subjects_narrow_it(programme, subject, expected):
    about = {f"about_{one.value}": one == subject for one in Subject}
    assert shown(SubscriptionFactory(**about)) == expected


def test_a_commune_that_took_a_position_is_concerned_by_a_need(programme):
    from tests.factories.needs import PositionFactory

    need = SharedNeedFactory(
        title="Un bus", public=True, needs=[NeedFactory(municipality=programme["incourt"])]
    )
    PositionFactory(shared_need=need, municipality=programme["jodoigne"])
    assert "Un bus" in shown(SubscriptionFactory(municipalities=[programme["jodoigne"]]))
