"""What each stored role may do, written into the group of the same name after each migration.

Each room declares, as `team_permissions` on its AppConfig, what the LAG's team may do with its models:
`{"room.model": ("view", "add", "change")}`. Administrators need no permission (they may do everything);
managers have none in the desk: what they read is asked by `visible_to` in each room.
"""

from django.apps import apps as live_apps
from django.db import DEFAULT_DB_ALIAS

from accounts.choices import Role


def team_permissions() -> dict[str, tuple[str, ...]]:
    """Return what all rooms declare: "room.model" → actions ("view", or one of the model's own permissions).

    Raises LookupError for an unknown model, ValueError for an unknown action: wrong ones stop the start.
    """
    declared: dict[str, tuple[str, ...]] = {}
    for config in live_apps.get_app_configs():
        for label, actions in getattr(config, "team_permissions", {}).items():
            meta = live_apps.get_model(label)._meta
            own = {codename.removesuffix(f"_{meta.model_name}") for codename, _name in meta.permissions}
            if not set(actions) <= {*meta.default_permissions, *own}:
                raise ValueError(f"{label}: {actions}")
            declared[label] = tuple(actions)
    return declared


def write_groups(sender=None, using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    """Make the groups match what is declared; run after each migration, writes only what changed."""
    from django.contrib.auth.models import Group, Permission

    declared = team_permissions()
    groups = {role: Group.objects.using(using).get_or_create(name=role)[0] for role in Role.values}
    permissions = Permission.objects.using(using).select_related("content_type")
    wanted = [
        permission.pk
        for permission in permissions
        if any(
            permission.codename == f"{action}_{permission.content_type.model}"
            for action in declared.get(
                f"{permission.content_type.app_label}.{permission.content_type.model}", ()
            )
        )
    ]
    if set(wanted) != set(groups[Role.TEAM].permissions.using(using).values_list("pk", flat=True)):
        groups[Role.TEAM].permissions.set(wanted)
