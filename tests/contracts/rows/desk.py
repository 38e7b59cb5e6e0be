"""The desk: rows derive from what each room declares for the team, and from what each admin class allows."""

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import RequestFactory

from accounts import roles
from accounts.choices import Role
from accounts.models import User
from tests.contracts.table import LOGIN, Row, everyone, of_rooms

BUILD = {model: make for builders in of_rooms("BUILD") for model, make in builders.items()}
"""Model → what makes a real object of it. A model of the desk without an entry fails the suite."""


def desk(team: int | str, administrator: int | str = 200) -> dict[str, int | str]:
    """Staff only: others are told that the page is not for them, or to log in."""
    return everyone(403, anonymous=LOGIN, team=team, administrator=administrator)


def derived() -> list[Row]:
    """Five rows a model: list, add, change, delete, history."""
    declared = roles.team_permissions()
    found = []
    for model, model_admin in admin.site._registry.items():
        allowed = declared.get(model._meta.label_lower, ())
        request = RequestFactory().get("/")
        request.user = User(role=Role.ADMINISTRATOR)

        def answer(action, model_admin=model_admin, request=request, allowed=allowed):
            possible = getattr(model_admin, f"has_{action}_permission")(request)
            names = ("view", "change") if action == "view" else (action,)
            team = possible and any(name in allowed for name in names)
            return desk(200 if team else 403, 200 if possible else 403)

        def build(user, model=model):
            return {"object_id": BUILD[model]().pk}

        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [
            Row(f"{base}_changelist", answer("view")),
            Row(f"{base}_add", answer("add")),
            Row(f"{base}_change", answer("view"), build=build),
            Row(f"{base}_delete", answer("delete"), build=build),
            Row(f"{base}_history", answer("view"), build=build),
        ]
    return found


ROWS = [
    Row("admin:index", desk(200)),
    Row("admin:login", everyone(403, anonymous=LOGIN, team="/bureau/", administrator="/bureau/")),
    Row("admin:logout", desk("/compte/logout/", "/compte/logout/"), method="post"),
    Row("admin:password_change", desk("/compte/password/change/", "/compte/password/change/")),
    Row("admin:password_change_done", desk(200)),
    Row("admin:app_list", desk(200), build=lambda user: {"app_label": "accounts"}),
    Row("admin:autocomplete", desk(403, 403), page=False),
    Row("admin:jsi18n", desk(200), page=False),
    Row(
        "admin:view_on_site",
        desk(404, 404),
        build=lambda user: {"content_type_id": Permission._meta.pk.name, "object_id": "1"},
        page=False,
    ),
    *derived(),
]
