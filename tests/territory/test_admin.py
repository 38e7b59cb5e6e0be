"""The territory at the desk: every page opens, figures of files are only read, lists are counted."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from tests.factories.territory import (
    AreaFactory,
    BoundaryFactory,
    DimensionFactory,
    IndicatorFactory,
    IndicatorValueFactory,
    LAGFactory,
    LocalityFactory,
    MunicipalityFactory,
    ObjectiveFactory,
    PillarFactory,
    SourceFactory,
    StrategicPlanFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES = {
    "lag": LAGFactory,
    "municipality": MunicipalityFactory,
    "locality": LocalityFactory,
    "area": AreaFactory,
    "theme": ThemeFactory,
    "dimension": DimensionFactory,
    "pillar": PillarFactory,
    "strategicplan": StrategicPlanFactory,
    "objective": ObjectiveFactory,
    "source": SourceFactory,
    "indicator": IndicatorFactory,
    "indicatorvalue": IndicatorValueFactory,
}


@pytest.fixture
def desk(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    client.force_login(User.objects.create_user("admin@exemple.be", role=Role.ADMINISTRATOR))
    return client


def test_every_model_but_the_boundary_is_at_the_desk_and_the_team_has_a_word_on_each():
    config = apps.get_app_config("territory")
    shown = {model._meta.model_name for model in config.get_models() if admin.site.is_registered(model)}
    assert shown == set(FACTORIES)
    assert set(config.team_permissions) == {f"territory.{name}" for name in FACTORIES}


@pytest.mark.parametrize("name", FACTORIES)
def test_each_list_and_each_form_open(desk, name):
    thing = FACTORIES[name]()
    assert desk.get(reverse(f"admin:territory_{name}_changelist")).status_code == 200
    assert desk.get(reverse(f"admin:territory_{name}_change", args=[thing.pk])).status_code == 200


@pytest.mark.parametrize(("name", "queries"), [("municipality", 7), ("indicatorvalue", 7), ("objective", 7)])
def test_a_list_takes_the_same_queries_for_one_row_and_three(desk, django_assert_num_queries, name, queries):
    address = reverse(f"admin:territory_{name}_changelist")
    for rows in (1, 2):
        FACTORIES[name].create_batch(rows)
        with django_assert_num_queries(queries):
            desk.get(address)


def test_a_boundary_is_shown_as_text_and_cannot_be_typed(desk):
    boundary = BoundaryFactory()
    page = desk.get(reverse("admin:territory_municipality_change", args=[boundary.pk])).content.decode()
    assert "&quot;Polygon&quot;" in page
    assert 'name="boundary' not in page


def test_a_figure_of_a_file_is_read_only_and_one_typed_here_is_not(desk):
    of_file, typed = IndicatorValueFactory(file="population.csv"), IndicatorValueFactory()
    pages = [
        desk.get(reverse("admin:territory_indicatorvalue_change", args=[value.pk])).content.decode()
        for value in (of_file, typed)
    ]
    assert ['name="_save"' in page for page in pages] == [False, True]


def test_a_second_lag_cannot_be_added(desk):
    assert desk.get(reverse("admin:territory_lag_add")).status_code == 403
