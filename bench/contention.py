"""500 people at once for 20 seats, on PostgreSQL with 2 web processes, beside the bare row lock.

    .venv/bin/python -m bench.contention [--people 500] [--seats 20] [--rounds 3] [--output FILE]
    .venv/bin/python -m bench.contention --sessions 200 --people 2000 --at-once 16 --seats 12     sustained

Everything is private and on 127.0.0.1: its own PostgreSQL, Redis and gunicorn, all stopped at the end. Each
round runs the yardstick, then the portal; the ratio is that of the medians. Exit code 1 when a seat is
oversold, a rank is missing or an answer is an error.
"""

import argparse
import asyncio
import contextlib
import datetime
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections import Counter
from pathlib import Path

from bench import harness
from dev import services

ROOT = Path(__file__).resolve().parent.parent
TARGET = 2.5
TOKEN = "a" * 32
SECONDS = 180
"""No round may last longer."""


async def answer(port: int, request: bytes) -> tuple[int, bytes, bytes]:
    """Send one request on its own connection; return the status, the head and the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    head, _blank, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split(maxsplit=2)[1]), head, body


async def _ask(port: int, request: bytes) -> int:
    return (await answer(port, request))[0]


def at_once(port: int, requests: list, most: int = 0, ask=_ask) -> tuple[float, Counter]:
    """Send the requests together, or `most` at a time; return the seconds until the last answer, and the statuses.

    `ask` is a coroutine function: what is done with the port and one request, to its status.
    """

    async def everybody():
        room = asyncio.Semaphore(most or len(requests))

        async def one(request) -> int:
            async with room:
                return await ask(port, request)

        started = time.perf_counter()
        statuses = await asyncio.wait_for(asyncio.gather(*map(one, requests)), SECONDS)
        return time.perf_counter() - started, Counter(statuses)

    return asyncio.run(everybody())


def post(path: str, fields: dict[str, str]) -> bytes:
    """Return the bytes of a form's POST."""
    body = urllib.parse.urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: csrf={TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def person(number: int) -> dict[str, str]:
    """Return what a person posts."""
    return {
        "csrfmiddlewaretoken": TOKEN,
        "name": f"Personne Fictive {number}",
        "email": f"personne{number}@exemple.invalid",
        "municipality": "outside",
        "consent": "on",
        "people": "1",
        "nonce": f"{number:032x}",
    }


@contextlib.contextmanager
def portal(environment: dict[str, str]):
    """Run gunicorn with two processes; yield its port and its process's id."""
    port = services.free_port()
    command = [sys.executable, "-m", "gunicorn", "smartrural.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--backlog", "1024"]
    command += ["--no-control-socket", "--log-level", "error"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        preexec_fn=services.die_with_parent(signal.SIGTERM),
        stdout=subprocess.DEVNULL,
    )
    try:
        for _attempt in range(300):
            with contextlib.suppress(OSError):
                asyncio.run(
                    _ask(port, b"GET /sante/vif HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                )
                break
            time.sleep(0.1)
        yield port, server.pid
    finally:
        services.end(server, signal.SIGTERM)


def prepare() -> None:
    """Make the tables of the portal and of the yardstick."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_session (id integer PRIMARY KEY)")
        cursor.execute("INSERT INTO bench_session VALUES (1)")
        cursor.execute("CREATE TABLE bench_seat (id bigserial PRIMARY KEY, name text NOT NULL)")


def announce(seats: int):
    """Return a session to come with that many seats."""
    from trainings.models import SessionDay, Training, TrainingSession

    offer, _created = Training.objects.get_or_create(
        slug="banc", defaults={"title": "Séance du banc d’essai", "summary": "Essai", "state": "published"}
    )
    session = TrainingSession.objects.create(training=offer, capacity=seats)
    day = datetime.date.today() + datetime.timedelta(days=30)
    SessionDay.objects.create(
        session=session, date=day, start_time=datetime.time(19), end_time=datetime.time(21)
    )
    session.state = "published"
    session.save()
    return session


def faults(session, people: int, seats: int) -> list[str]:
    """Return what went wrong with a session."""
    seats = min(seats, people)
    registrations = list(session.registrations.order_by("position"))
    states = Counter(one.state for one in registrations)
    found = []
    if states != +Counter(confirmed=seats, waiting=people - seats):
        found.append(f"états : {dict(states)}")
    if [one.position for one in registrations] != list(range(1, people + 1)):
        found.append("rangs troués ou doubles")
    if any(one.state != "confirmed" for one in registrations[:seats]):
        found.append("une place est allée à qui venait après")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--seats", type=int, default=20)
    parser.add_argument("--sessions", type=int, default=1, help="séances, entre lesquelles on se répartit")
    parser.add_argument("--at-once", type=int, default=0, help="demandes à la fois (0 : toutes)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=ROOT / "var" / "contention.json")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="portail-banc-") as folder,
        services.postgresql() as database,
        services.redis() as cache,
    ):
        os.environ |= {
            "DATABASE_URL": database.url,
            "REDIS_URL": cache.url,  # as in production: the table that stands in for it is one more hot row
            "DEMONSTRATION": "1",
            "SITE_URL": "http://127.0.0.1",
            "VAR_DIR": folder,
            "STATIC_ROOT": folder,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }
        import django

        django.setup()
        prepare()
        rows, wrong = [], []
        with portal(dict(os.environ)) as (port, server):
            yardstick = [post("/bench/verrou", {}) for _number in range(asked.people)]
            at_once(port, yardstick[:16])  # both processes have imported everything
            warm = announce(1)
            at_once(port, [post(f"{warm.get_absolute_url()}inscription/", person(n)) for n in range(16)])
            for number in range(asked.rounds):
                idle = harness.processor_seconds(server)
                bare, answers = at_once(port, yardstick, asked.at_once)
                bare_worked = harness.processor_seconds(server) - idle
                if answers != Counter({200: asked.people}):
                    wrong.append(f"étalon : {dict(answers)}")
                sessions = [announce(asked.seats) for _number in range(asked.sessions)]
                forms = [
                    post(f"{sessions[n % asked.sessions].get_absolute_url()}inscription/", person(n))
                    for n in range(asked.people)
                ]
                ours, answers = at_once(port, forms, asked.at_once)
                worked = harness.processor_seconds(server) - idle - bare_worked
                if answers != Counter({302: asked.people}):
                    wrong.append(f"réponses : {dict(answers)}")
                for rank, session in enumerate(sessions):
                    wrong += faults(session, len(range(rank, asked.people, asked.sessions)), asked.seats)
                rows.append(
                    {
                        "round": number + 1,
                        "row_lock_seconds": bare,
                        "portal_seconds": ours,
                        "row_lock_milliseconds": bare_worked / asked.people * 1000,
                        "portal_milliseconds": worked / asked.people * 1000,
                    }
                )
        from django.db import connections

        connections.close_all()
    return report(asked, rows, wrong)


def report(asked, rows: list[dict], wrong: list[str]) -> int:
    """Print the table, write the JSON, return the exit code."""
    bare = statistics.median(row["row_lock_seconds"] for row in rows)
    ours = statistics.median(row["portal_seconds"] for row in rows)
    print(
        f"{asked.people} personnes, {asked.at_once or asked.people} à la fois, {asked.sessions} séances de "
        f"{asked.seats} places, PostgreSQL, 2 processus"
    )
    print("tour   verrou nu (s)   portail (s)   rapport   processeur, par personne (ms)")
    for row in rows:
        ratio = row["portal_seconds"] / row["row_lock_seconds"]
        print(
            f"{row['round']:4}{row['row_lock_seconds']:16.2f}{row['portal_seconds']:14.2f}{ratio:10.2f}"
            f"{row['row_lock_milliseconds']:14.1f} et {row['portal_milliseconds']:.1f}"
        )
    print(f"médiane{bare:13.2f}{ours:14.2f}{ours / bare:10.2f}   (visé : ≤ {TARGET})")
    print(f"{asked.people / ours:.0f} inscriptions par seconde")
    print("places et rangs : exacts" if not wrong else f"FAUTES : {wrong}")
    result = {
        "what": "contention",
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cœurs, Python {platform.python_version()}",
        "people": asked.people,
        "seats": asked.seats,
        "sessions": asked.sessions,
        "at_once": asked.at_once or asked.people,
        "registrations_a_second": asked.people / ours,
        "rounds": rows,
        "median_row_lock_seconds": bare,
        "median_portal_seconds": ours,
        "ratio": ours / bare,
        "processor_ratio": harness.median(rows, "portal_milliseconds")
        / harness.median(rows, "row_lock_milliseconds"),
        "target": TARGET,
        "faults": wrong,
    }
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
