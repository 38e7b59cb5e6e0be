"""Permissions follow the role, through the group of the same name."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from accounts import roles
from tests.factories.accounts import AdministratorFactory, ManagerFactory, TeamFactory, UserFactory


def test_each_role_has_its_group_and_only_the_team_needs_permissions(db):
    groups = {group.name: group.permissions.count() for group in Group.objects.all()}
    assert set(groups) == {"administrator", "team", "manager"}
    assert groups["administrator"] == groups["manager"] == 0
    assert groups["team"] == sum(len(actions) for actions in roles.team_permissions().values())


def test_the_team_may_do_what_the_rooms_declare(db):
    team = TeamFactory()
    assert team.has_perm("accounts.view_user")
    assert not team.has_perm("accounts.delete_user")
    assert AdministratorFactory().has_perm("accounts.delete_user")
    assert not ManagerFactory().has_perm("accounts.view_user")
    assert not UserFactory().has_perm("accounts.view_user")


def test_a_removed_declaration_takes_the_permission_away_at_the_next_migration(db, monkeypatch):
    monkeypatch.setattr(apps.get_app_config("accounts"), "team_permissions", {"accounts.user": ("change",)})
    roles.write_groups()
    team = TeamFactory()
    assert (team.has_perm("accounts.view_user"), team.has_perm("accounts.change_user")) == (False, True)


@pytest.mark.parametrize(
    ("declared", "error"),
    [({"accounts.nobody": ("view",)}, LookupError), ({"accounts.user": ("eat",)}, ValueError)],
)
def test_a_wrong_declaration_stops_the_start(monkeypatch, declared, error):
    monkeypatch.setattr(apps.get_app_config("accounts"), "team_permissions", declared)
    with pytest.raises(error):
        roles.team_permissions()
