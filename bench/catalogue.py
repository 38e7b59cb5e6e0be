"""The catalogue and the desk's list of sessions, at 500 and at 5,000 sessions, beside a bare view.

    .venv/bin/python -m bench.catalogue [--sessions 500 5000] [--rounds 3] [--seconds 1.5] [--output FILE]

Everything is private, as in bench.public_page. Two thirds of the sessions are still to come; each has eight people
for twelve seats.
"""

import datetime
import sys

from bench import lists

PUBLIC = {
    "first page": "/formations/",
    "page 10": "/formations/?page=10",
    "a theme": "/formations/?theme=energie",
    "free seats": "/formations/?libres=on",
    "searched": "/formations/?q=atelier+49",
    "past ones": "/formations/archives/",
    "a month": "/formations/calendrier/",
    "the agenda": "/formations/agenda.ics",
    "the news": "/formations/nouveautes.xml",
}
DESK = {
    "sessions": "/bureau/trainings/trainingsession/",
    "sessions, searched": "/bureau/trainings/trainingsession/?q=atelier+49",
    "registrations": "/bureau/trainings/registration/",
    "the year's report": "/rapports/activite/",
}
PEOPLE, SEATS = 8, 12


def publish(number: int) -> None:
    """Announce so many fictitious sessions, one training for ten of them."""
    from django.core.cache import cache
    from django.utils import timezone

    from territory.models import Municipality, Theme
    from trainings import names
    from trainings.choices import RegistrationState, SessionState, TrainingState
    from trainings.models import Registration, SessionDay, Training, TrainingSession

    places, themes, now = list(Municipality.objects.of_lag()), list(Theme.objects.all()), timezone.localtime()
    for rank in range(TrainingSession.objects.count(), number):
        if rank % 10 == 0:
            training = Training.objects.create(
                title=f"Atelier fictif {rank}",
                slug=f"atelier-fictif-{rank}",
                summary="Un essai du banc.",
                state=TrainingState.PUBLISHED,
            )
            if themes:
                training.themes.set([themes[rank // 10 % len(themes)]])
        # Days apart so that a year holds them all: a third are over.
        day = (now + datetime.timedelta(hours=(rank % 360 - 120) * 24)).date()
        start = datetime.time(9 + rank % 9)
        over = day < now.date()
        session = TrainingSession.objects.create(
            training=Training.objects.latest("pk"),
            municipality=places[rank % len(places)],
            venue="Salle fictive",
            capacity=SEATS,
        )
        SessionDay.objects.bulk_create(
            [SessionDay(session=session, date=day, start_time=start, end_time=datetime.time(start.hour + 2))]
        )
        session.read_days()
        session.state = SessionState.HELD if over else SessionState.PUBLISHED
        session.save()
        Registration.objects.bulk_create(
            Registration(
                session=session,
                state=RegistrationState.CONFIRMED,
                told=RegistrationState.CONFIRMED,
                name=f"Personne Fictive {n}",
                folded_name=names.folded(f"Personne Fictive {n}"),
                email=f"personne{n}.{rank}@exemple.invalid",
                position=n,
                municipality=places[(rank + n) % len(places)],
                attended=n % 4 > 0 if over else None,
            )
            for n in range(1, PEOPLE + 1)
        )
    cache.clear()


def main() -> int:
    asked = lists.arguments(__doc__, "--sessions", [500, 5_000], "catalogue.json")
    return lists.compare("catalogue", asked, publish=publish, public=PUBLIC, desk=DESK)


if __name__ == "__main__":
    sys.exit(main())
