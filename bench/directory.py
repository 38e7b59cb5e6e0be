"""The directory and the desk's lists at 50,000 actors and 200,000 contacts, beside a bare view.

    .venv/bin/python -m bench.directory [--actors 500 50000] [--rounds 3] [--seconds 1.5] [--output FILE]

Everything is private, as in bench.public_page; each actor comes with four contacts. Public pages are asked by a
visitor with a session (`choix=1`), for whom nothing is kept: what is measured is the view. The desk's lists are asked
by somebody of the team, one request at a time. The CSV is the one of the desk's list of actors, measured in seconds
and in the server's memory.
"""

import argparse
import io
import sys
import time
import urllib.request
from pathlib import Path

from bench import harness

TARGET, GROWTH_TARGET = 0.5, 1.3
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


def team_cookie() -> str:
    """Return the cookie of somebody of the team, logged in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.choices import Role
    from accounts.models import User

    user, _made = User.objects.get_or_create(
        email="banc@exemple.invalid", defaults={"role": Role.ADMINISTRATOR}
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def measure(
    port: int, server: int, path: str, cookie: str, *, rounds: int, seconds: float, at_once: int
) -> dict:
    """Ask the bare view and a page by turns; return the medians of rates and of the processor's time."""
    size = harness.load(port, path, seconds=0.3, cookie=cookie)[1]
    bare_path = f"/bench/page/{size}"

    def once(asked: str, cookie: str) -> tuple[float, float]:
        before = harness.processor_seconds(server)
        started = time.perf_counter()
        rate, _size = harness.load(port, asked, seconds=seconds, connections=at_once, cookie=cookie)
        asked_in_all = rate * (time.perf_counter() - started)
        return rate, (harness.processor_seconds(server) - before) / asked_in_all * 1000

    turns = []
    for _number in range(rounds):
        bare_rate, bare_cost = once(bare_path, "")
        rate, cost = once(path, cookie)
        turns.append(
            {"bare_rate": bare_rate, "rate": rate, "bare_milliseconds": bare_cost, "milliseconds": cost}
        )
    row = {key: harness.median(turns, key) for key in turns[0]}
    return {"path": path, "bytes": size, **row, "ratio": row["rate"] / row["bare_rate"], "rounds": turns}


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
        "path": "CSV",
        "bytes": size,
        "seconds": time.perf_counter() - started,
        "mebibytes_before": before,
        "mebibytes": resident(server),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--actors", type=int, nargs="+", default=[500, 50_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--output", type=Path, default=harness.RESULTS / "directory.json")
    asked = parser.parse_args()
    rows = []
    print(
        "acteurs  page                              octets    nue/s   page/s  rapport  ms nue  ms page",
        flush=True,
    )
    with harness.installation(cache=True):
        from django.core.management import call_command
        from django.db import connection

        call_command("load_territory", stdout=io.StringIO())
        cookie = team_cookie()
        for number in sorted(asked.actors):
            publish(number)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            with harness.portal() as (port, server):
                pages = [(name, path, "choix=1", 4) for name, path in DIRECTORY.items()]
                pages += [(f"desk: {name}", path, cookie, 1) for name, path in DESK.items()]
                for name, path, sent, at_once in pages:
                    found = measure(
                        port, server, path, sent, rounds=asked.rounds, seconds=asked.seconds, at_once=at_once
                    )
                    row = {"actors": number, "name": name} | found
                    rows.append(row)
                    print(
                        f"{number:7}  {name:32}{row['bytes']:8}{row['bare_rate']:9.0f}{row['rate']:9.1f}"
                        f"{row['ratio']:9.2f}{row['bare_milliseconds']:8.1f}{row['milliseconds']:9.1f}",
                        flush=True,
                    )
                csv = {"actors": number, "name": "CSV"} | take_away(port, server, cookie)
                rows.append(csv)
                print(
                    f"{number:7}  CSV{csv['bytes']:37} {csv['seconds']:6.1f} s,"
                    f" Mio {csv['mebibytes_before']:.0f} puis {csv['mebibytes']:.0f}",
                    flush=True,
                )
    # Of the processor's time beside the bare view's: between the two sizes the machine itself is not as fast.
    cost = {
        (row["actors"], row["name"]): row["milliseconds"] / row["bare_milliseconds"]
        for row in rows
        if "milliseconds" in row
    }
    few, many = min(asked.actors), max(asked.actors)
    growth = {name: cost[many, name] / cost[few, name] for number, name in cost if number == few}
    print(f"visé : rapport ≥ {TARGET}, et du moins au plus d’acteurs ≤ {GROWTH_TARGET} ×")
    print("croissance : " + ", ".join(f"{name} {ratio:.2f} ×" for name, ratio in growth.items()))
    targets = {"ratio": TARGET, "growth": GROWTH_TARGET}
    harness.write({"what": "directory", "target": targets, "rows": rows, "growth": growth}, asked.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
