"""Free events to order in pretix, and a token of its API, as JSON; run by pretix's own Python, never by ours.

python -c "$(cat bench/peer_events.py)" EVENTS SEATS
"""

import datetime
import json
import sys


def make(events: int, seats: int) -> dict:
    """Make an organizer and so many live events of that many free seats; return the token, slugs and items."""
    from django_scopes import scopes_disabled
    from pretix.base.models import Event, Organizer, Team

    with scopes_disabled():
        organizer = Organizer.objects.create(name="Banc", slug="banc")
        team = Team.objects.create(
            organizer=organizer,
            name="Banc",
            all_events=True,
            all_event_permissions=True,
            all_organizer_permissions=True,
        )
        day = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30)
        made = []
        for number in range(events):
            event = Event.objects.create(
                organizer=organizer,
                name=f"Séance du banc d’essai {number}",
                slug=f"banc{number}",
                date_from=day,
                currency="EUR",
                live=True,
                plugins="",
            )
            event.set_defaults()
            event.settings.invoice_address_asked = False  # one form less to check
            event.settings.locales, event.settings.locale = ["fr"], "fr"
            event.settings.timezone = "Europe/Brussels"
            item = event.items.create(name="Place", default_price=0)
            event.quotas.create(name="Places", size=seats).items.add(item)
            made.append({"path": f"banc/{event.slug}", "item": item.pk})
        return {"token": team.tokens.create(name="Banc").token, "events": made}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(make(int(sys.argv[1]), int(sys.argv[2]))))
