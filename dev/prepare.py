"""What `make run` does to the database and the files before the portal opens: `python -m dev.prepare`."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartrural.settings")

LONG_FORMS = ["jquery.js", "select2.full.js", "xregexp.js"]

STEPS: tuple[tuple[str, dict], ...] = (
    ("migrate", {"verbosity": 0}),
    ("createcachetable", {"verbosity": 0}),
    # Only what a portal asks for: compressing the long form of the desk's libraries takes seconds.
    ("collectstatic", {"verbosity": 0, "interactive": False, "ignore_patterns": LONG_FORMS}),
    ("load_territory", {}),
    ("load_communes", {}),
)


def main() -> None:
    """Run the steps in order, in one process; those whose room is not there yet are left out."""
    django.setup()
    present = get_commands()
    for name, options in STEPS:
        if name in present:
            call_command(name, **options)
    if settings.DEMONSTRATION:
        # Told by the supervisor, once the portal is open.
        with Path(settings.VAR_DIR, "comptes.txt").open("w") as accounts:
            call_command("demo_accounts", stdout=accounts)
            try:
                call_command("load_demo", stdout=accounts)
            except CommandError as refusal:
                # A folder where somebody real has worked opens all the same, as it is.
                print(refusal)


if __name__ == "__main__":
    main()
