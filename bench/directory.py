"""The directory and the desk's lists at 50,000 actors and 200,000 contacts, beside a bare view.

    .venv/bin/python -m bench.directory [--actors 500 50000] [--rounds 3] [--seconds 1.5] [--output FILE]

Everything is private, as in bench.public_page; each actor comes with four contacts. Public pages are asked by a
visitor with a session (`choix=1`), for whom nothing is kept: what is measured is the view. The desk's lists are asked
by somebody of the team, one request at a time. The CSV is the one of the desk's list of actors, measured in seconds
and in the server's memory.
"""

import sys
import time
import urllib.request
from pathlib import Path

from bench import harness, lists

EACH = 4
"""Contacts of an actor."""

DIRECTORY = {
    "first page": "/acteurs/",
    "filtered": "/acteurs/?famille=associations&commune=jodoigne",
    "searched, a rare word": "/acteurs/?q=atelier+499",
    "searched, a village": "/acteurs/?q=folx-les-caves",
    "page 100": "/acteurs/?page=100",
    "map of the density": "/acteurs/?carte=density",
}
DESK = {
    "actors": "/bureau/actors/actor/",
    "actors, searched": "/bureau/actors/actor/?q=atelier+499",
    "actors, a village": "/bureau/actors/actor/?q=folx-les-caves",
    "contacts": "/bureau/actors/contact/",
    "contacts, searched": "/bureau/actors/contact/?q=odile+499",
    "contacts, who may be written to": "/bureau/actors/contact/?joignable=oui",
    "contacts, page 30": "/bureau/actors/contact/?p=30",
}


def publish(number: int) -> None:
    """Have so many fictitious actors in the directory's villages, each with its contacts."""
    from django.core.cache import cache
    from django.utils import timezone

    from actors.choices import Kind, State
    from actors.models import Actor, Consent, Contact
    from territory.models import Locality, Municipality

    kinds = [Kind.ASSOCIATION, Kind.CITIZEN_INITIATIVE, Kind.ENTERPRISE, Kind.PUBLIC_BODY]
    villages = list(
        Locality.objects.filter(municipality__in=Municipality.objects.of_lag()).select_related("municipality")
    )
    there = Actor.objects.count()
    made = []
    for rank in range(there, number):
        village = villages[rank * 7 % len(villages)]
        actor = Actor(
            name=f"Atelier fictif {rank}",
            slug=f"atelier-fictif-{rank}",
            kind=kinds[rank % len(kinds)],
            state=State.PUBLISHED,
            municipality=village.municipality,
            locality=village,
            summary="Une association imaginaire qui répare, plante et transmet.",
            description=f"Atelier {rank * 104_729 % 99_991}. On y vient le samedi, sans rien savoir faire. "
            * 3,
        )
        actor.fold_words()
        made.append(actor)
    actors = Actor.objects.bulk_create(made, batch_size=2000)
    names = ["Odile", "Basile", "Éloïse", "Ignace"]
    people = [
        Contact(
            name=f"{names[turn]} Fictive {there + rank}",
            email=f"p{turn}.{there + rank}@exemple.invalid",
            municipality_id=actor.municipality_id,
        )
        for rank, actor in enumerate(actors)
        for turn in range(EACH)
    ]
    for one in people:
        one.fold_words()
    people = Contact.objects.bulk_create(people, batch_size=2000)
    through = Contact.actors.through
    through.objects.bulk_create(
        [through(contact=one, actor=actors[rank // EACH]) for rank, one in enumerate(people)], batch_size=5000
    )
    Consent.objects.bulk_create(
        [
            Consent(contact=one, text_version="banc", source="banc", given_at=timezone.now())
            for one in people[::2]
        ],
        batch_size=5000,
    )
    cache.clear()


def resident(parent: int) -> float:
    """Return the MiB of the largest of a server's workers, at its highest."""
    peaks = []
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        status = Path(f"/proc/{child}/status").read_text()
        peaks.append(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return max(peaks)


def take_away(port: int, server: int, cookie: str) -> dict:
    """Take the list of actors away as CSV; return seconds, bytes, and how much the workers grew."""
    before = resident(server)
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/bureau/actors/actor/exporter/csv/", headers={"Cookie": cookie}
    )
    started, size = time.perf_counter(), 0
    with urllib.request.urlopen(asked, timeout=harness.LIMIT) as answer:
        while piece := answer.read(65536):
            size += len(piece)
    return {
        "name": "CSV",
        "bytes": size,
        "seconds": time.perf_counter() - started,
        "mebibytes_before": before,
        "mebibytes": resident(server),
    }


def main() -> int:
    asked = lists.arguments(__doc__, "--actors", [500, 50_000], "directory.json")
    return lists.compare("directory", asked, publish=publish, public=DIRECTORY, desk=DESK, more=take_away)


if __name__ == "__main__":
    sys.exit(main())
