"""The admin site of this project in place of Django's default one; what rooms tell each other by signals and names."""

from django.apps import AppConfig
from django.contrib.admin import apps


class Roof(AppConfig):
    """What stands above all rooms: no model, the commands that need every one of them."""

    name = "smartrural"
    verbose_name = "SMART Ruralité"


class AdminConfig(apps.AdminConfig):
    default_site = "smartrural.admin.Desk"

    def ready(self) -> None:
        super().ready()
        from django.db.models.signals import post_delete, post_save

        from outbox import kinds, signals
        from smartrural import context, kept, letters

        kinds.name(letters.NAMES)

        signals.handled.connect(write_in_journal, dispatch_uid="smartrural.apps.write_in_journal")
        for changed in (post_save, post_delete):
            changed.connect(
                context.forget_lag, sender="territory.LAG", dispatch_uid="smartrural.context.forget_lag"
            )
            for model in kept.SHOWN:
                changed.connect(kept.forget_once_written, sender=model, dispatch_uid=f"kept.{model}")


def write_in_journal(sender, *, letter, verb: str, by, **kwargs) -> None:
    """Say who resent or cancelled a letter: outbox and accounts stand on one floor and cannot say it."""
    from accounts import journal

    journal.record(verb, letter, by=by, kind=letter.kind, lane=letter.lane)
