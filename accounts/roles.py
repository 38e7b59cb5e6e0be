"""What each stored role may do: declared here, written into the group of its name after each migration."""

from django.apps import apps as live_apps
from django.db import DEFAULT_DB_ALIAS

from accounts.choices import Role

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"

TEAM_PERMISSIONS: dict[str, tuple[str, ...]] = {
    "accounts.user": (VIEW,),
    "accounts.journalentry": (VIEW,),
}
"""Model label → permissions of the LAG's team. Rooms above add theirs with `declare`."""


def declare(model: str, *permissions: str) -> None:
    """Let a room say, in its `ready`, what the LAG's team may do with one of its models ("app.model")."""
    TEAM_PERMISSIONS[model] = permissions


def write_groups(sender=None, apps=live_apps, using: str = DEFAULT_DB_ALIAS, **kwargs) -> None:
    """Make the groups match what is declared.

    Administrators need none (they may do everything); managers have none in the desk: what they read is asked
    by `visible_to` in each room.
    """
    if sender is not None and sender.name != "accounts":
        return
    try:
        Group = apps.get_model("auth", "Group")
        Permission = apps.get_model("auth", "Permission")
    except LookupError:
        return
    groups = {role: Group.objects.using(using).get_or_create(name=role)[0] for role in Role.values}
    wanted = [
        permission
        for permission in Permission.objects.using(using).select_related("content_type")
        if permission.codename.split("_")[0]
        in TEAM_PERMISSIONS.get(f"{permission.content_type.app_label}.{permission.content_type.model}", ())
    ]
    groups[Role.TEAM].permissions.set(wanted)
