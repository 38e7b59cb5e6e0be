"""Registrations per second over many sessions, beside pretix placing free orders on the same PostgreSQL.

    .venv/bin/python -m bench.peer --peer-python PYTHON [--sessions 100] [--people 500] [--visitors 200]
        [--at-once 16] [--rounds 3] [--pages] [--no-worker] [--output FILE]

PYTHON is that of an environment of its own where pretix and gunicorn are installed. Each round runs the portal,
pretix's API and pretix's checkout, by turns, each over new sessions or events; a ratio is that of the medians.
With --pages, people also see the pages before, between and after what they send. Everything is private and on
127.0.0.1, and stopped at the end; no letter is sent on either side. A round lasts at most `contention.SECONDS`:
ask for fewer visitors on a slow machine. Exit code 1 when a seat is oversold or missing, or an answer is an error;
2 when pretix is not there.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from bench import contention, harness
from dev import services

TARGET = 10
SIDES = {"portal": "portail", "api": "pretix, API", "checkout": "pretix, panier"}
POLLING = 0.1
"""Seconds before asking whether an order is placed; pretix's script waits 0.1 once, then 0.25."""
FORM = "Content-Type: application/x-www-form-urlencoded"
SETTINGS = """from pretix.settings import *
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
"""
CONFIGURATION = """[pretix]
url=http://127.0.0.1
datadir={folder}
loglevel=ERROR
[django]
secret={secret}
[database]
backend=postgresql
name=pretix
user={database.username}
host={database.hostname}
port={database.port}
[redis]
location={cache}/1
sessions=true
"""
QUEUE = """[celery]
backend={cache}/2
broker={cache}/3
"""


def version(python: str) -> str:
    """Return pretix's version. Raises SystemExit, with what to do, when that Python has none."""
    question = [python, "-c", "import gunicorn, pretix; print(pretix.__version__)"]
    with contextlib.suppress(OSError):
        asked = subprocess.run(question, capture_output=True, text=True)
        if not asked.returncode:
            return asked.stdout.strip()
    print(
        f"{python} n’a pas pretix, ou pas gunicorn : rien n’est mesuré. Installez les deux dans un "
        "environnement à part, et donnez son Python à --peer-python.",
        file=sys.stderr,
    )
    raise SystemExit(2)


@contextlib.contextmanager
def peer(python: str, *, events: int, seats: int, worker: bool):
    """Run pretix as its manual says; yield its port, its processes' ids, its events and its API's token."""
    from django.db import connection

    with tempfile.TemporaryDirectory(prefix="pretix-banc-") as folder, contextlib.ExitStack() as stack:
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE pretix")
        place = Path(folder)
        (place / "peer_settings.py").write_text(SETTINGS)
        values = {
            "folder": folder,
            "secret": secrets.token_hex(),
            "database": urllib.parse.urlsplit(os.environ["DATABASE_URL"]),
            "cache": os.environ["REDIS_URL"].rpartition("/")[0],
        }
        (place / "pretix.cfg").write_text((CONFIGURATION + QUEUE * worker).format(**values))
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONUTF8": "1",
            "PYTHONWARNINGS": "ignore",
            "PRETIX_CONFIG_FILE": str(place / "pretix.cfg"),
            "DJANGO_SETTINGS_MODULE": "peer_settings",  # found in the folder, where all of this runs
        }
        options = {"cwd": folder, "env": environment}

        def start(*command: str) -> int:
            dying = services.die_with_parent(signal.SIGTERM)
            process = subprocess.Popen(
                [python, "-m", *command], preexec_fn=dying, stdout=subprocess.DEVNULL, **options
            )
            stack.callback(services.end, process, signal.SIGTERM)
            return process.pid

        subprocess.run([python, "-m", "pretix", "migrate", "--verbosity", "0"], check=True, **options)
        code = Path(__file__).with_name("peer_events.py").read_text()
        made = subprocess.check_output([python, "-c", code, str(events), str(seats)], **options)
        port = services.free_port()
        server = (
            f"gunicorn pretix.wsgi --bind 127.0.0.1:{port} --workers 2 --worker-class gthread --threads 4"
        )
        processes = [start(*f"{server} --backlog 1024 --no-control-socket --log-level error".split())]
        if worker:
            # Neither its letters nor its chores: ours wait for workers that do not run here.
            queue = "celery -A pretix.celery_app worker --concurrency 2 --loglevel error"
            processes.append(start(*queue.split(), "--queues", "default,checkout"))
        for _attempt in range(600):
            with contextlib.suppress(OSError):
                asyncio.run(Visitor(port).send("/"))
                break
            time.sleep(0.1)
        yield port, processes, json.loads(made.splitlines()[-1])


class Visitor:
    """Somebody with a browser: cookies, redirects, and the polling of what is done later."""

    def __init__(self, port: int, *, pages: bool = False):
        self.port, self.pages = port, pages
        self.cookies = {"csrf": contention.TOKEN, "pretix_csrftoken": contention.TOKEN}

    async def send(self, path: str, fields: dict | None = None) -> tuple[int, str, bytes]:
        """GET a path, or POST the fields to it; return the status, the redirect's path and the body."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urllib.parse.urlencode(fields or {})
        status, head, content = await contention.answer(
            self.port,
            request(path, body, "POST" if fields else "GET", f"Cookie: {cookies}", FORM),
        )
        said = head.decode("latin-1")
        self.cookies |= dict(re.findall(r"(?im)^set-cookie: ([^=]+)=([^;]*)", said))
        location = re.search(r"(?im)^location: (\S+)", said)
        return status, location[1] if location else "", content

    async def see(self, path: str) -> None:
        """GET a page and what it redirects to, when pages count. Raises RuntimeError for an error."""
        while path and self.pages:
            status, following, _content = await self.send(path)
            if status >= 400:
                raise RuntimeError(f"{path} : {status}")
            path = following

    async def settle(self, path: str, fields: dict) -> str:
        """POST what is done later and poll until it is, as pretix's script does; return where it leads.

        A refusal leads nowhere: an empty path.
        """
        told = json.loads((await self.send(path, fields | {"ajax": "1"}))[2])
        check = told.get("check_url", "")
        while not told.get("ready", "redirect" in told):
            await asyncio.sleep(POLLING)
            told = json.loads((await self.send(check))[2])
        return told["redirect"] if told.get("success") else ""


def request(path: str, body: str, method: str, *headers: str) -> bytes:
    """Return the bytes of a request on a connection of its own."""
    content = body.encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(content)}", "", ""]).encode() + content


async def register(visitor: Visitor, path: str, number: int) -> int:
    """Register for one of our sessions: its page, the form, what was received; return the POST's status."""
    await visitor.see(path)
    await visitor.see(f"{path}inscription/")
    status, received, _page = await visitor.send(f"{path}inscription/", contention.person(number))
    await visitor.see(received)
    return status


async def check_out(visitor: Visitor, event: dict, number: int) -> int:
    """Order a seat in pretix: the cart, the contact form, the confirmation; return 201, or 409 if sold out."""
    mark, root = {"csrfmiddlewaretoken": contention.TOKEN}, f"/{event['path']}/"
    await visitor.see(root)
    start = urllib.parse.quote(f"{root}checkout/start")
    added = await visitor.settle(f"{root}cart/add?next={start}", mark | {f"item_{event['item']}": "1"})
    if not added:
        return 409
    await visitor.see(added)
    contact = mark | {"email": f"personne{number}@exemple.invalid"}
    _status, confirm, _page = await visitor.send(f"{root}checkout/questions/", contact)
    await visitor.see(confirm)
    placed = await visitor.settle(confirm, mark)
    await visitor.see(placed)
    return 201 if placed else 409


async def place(port: int, event: dict, number: int, token: str) -> int:
    """Place a free order through pretix's API; return the status."""
    person = {"attendee_name_parts": {"full_name": f"Personne Fictive {number}"}, "answers": []}
    body = {
        "email": f"personne{number}@exemple.invalid",
        "locale": "fr",
        "sales_channel": "web",
        "positions": [{"item": event["item"], **person}],
    }
    path = f"/api/v1/organizers/{event['path'].replace('/', '/events/')}/orders/"
    headers = [f"Authorization: Token {token}", "Content-Type: application/json"]
    return (await contention.answer(port, request(path, json.dumps(body), "POST", *headers)))[0]


def demand(people: int, sessions: int) -> list[int]:
    """Return how many people come to each session when they take turns."""
    return [len(range(rank, people, sessions)) for rank in range(sessions)]


def ours(port: int, asked) -> tuple[float, list[str]]:
    """Register everybody over new sessions; return registrations per second and what went wrong."""
    sessions = [contention.announce(asked.seats) for _number in range(asked.sessions)]
    people = [(sessions[n % asked.sessions].get_absolute_url(), n) for n in range(asked.people)]

    async def one(port: int, who: tuple[str, int]) -> int:
        return await register(Visitor(port, pages=asked.pages), *who)

    seconds, answers = contention.at_once(port, people, asked.at_once, one)
    wrong = [] if answers[302] == asked.people else [f"portail : {dict(answers)}"]
    for session, number in zip(sessions, demand(asked.people, asked.sessions), strict=True):
        wrong += contention.faults(session, number, asked.seats)
    return asked.people / seconds, wrong


def theirs(port: int, asked, events: list[dict], token: str) -> tuple[float, list[str]]:
    """Place everybody's order over the events, by the API with its token or as a visitor without.

    Return orders per second, counted in pretix's database, and what went wrong.
    """
    people = [(events[n % len(events)], n) for n in range(asked.people)]

    async def one(port: int, who: tuple[dict, int]) -> int:
        if token:
            return await place(port, *who, token)
        return await check_out(Visitor(port, pages=asked.pages), *who)

    seconds, answers = contention.at_once(port, people, asked.at_once, one)
    expected = [min(asked.seats, number) for number in demand(asked.people, len(events))]
    found = ordered(events)
    right = found == expected and answers[201] == sum(expected)
    wrong = [] if right else [f"pretix : {dict(answers)}, places par événement {found}, attendues {expected}"]
    return sum(found) / seconds, wrong


def ordered(events: list[dict]) -> list[int]:
    """Return how many seats are ordered in each event, as pretix's database has them."""
    import psycopg

    question = """SELECT event.slug, count(*) FROM pretixbase_orderposition seat
        JOIN pretixbase_order bought ON bought.id = seat.order_id AND bought.status = 'p'
        JOIN pretixbase_event event ON event.id = bought.event_id
        WHERE NOT seat.canceled GROUP BY event.slug"""
    with psycopg.connect(os.environ["DATABASE_URL"].rpartition("/")[0] + "/pretix") as line:
        found = dict(line.execute(question).fetchall())
    return [found.get(event["path"].rpartition("/")[2], 0) for event in events]


def ratios(rows: list[dict]) -> dict[str, float]:
    """Return how many times each side's median rate ours is."""
    return {side: harness.median(rows, "portal") / harness.median(rows, side) for side in SIDES}


def table(rows: list[dict]) -> str:
    """Return the rounds as a table: per second, medians, ratios, the processor's time for a person."""

    def line(name: str, values) -> str:
        return f"{name:26}" + "".join(f"{value:16.1f}" for value in values)

    lines = [" " * 26 + "".join(f"{name:>16}" for name in SIDES.values())]
    lines += [line(f"tour {n}, par seconde", (row[side] for side in SIDES)) for n, row in enumerate(rows, 1)]
    lines.append(line("médiane, par seconde", (harness.median(rows, side) for side in SIDES)))
    lines.append(line(f"rapport (visé : ≥ {TARGET})", ratios(rows).values()))
    worked = (harness.median(rows, f"{side}_milliseconds") for side in SIDES)
    return "\n".join([*lines, line("processeur, ms/personne", worked)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer-python", required=True, help="le Python où pretix et gunicorn sont installés")
    parser.add_argument("--sessions", type=int, default=100, help="séances du portail, événements de pretix")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--visitors", type=int, default=200, help="personnes, pour le panier de pretix")
    parser.add_argument("--seats", type=int, default=12)
    parser.add_argument("--at-once", type=int, default=16, help="personnes à la fois")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", action="store_true", help="voir aussi les pages autour des envois")
    parser.add_argument("--no-worker", action="store_true", help="pretix commande dans ses processus web")
    parser.add_argument("--output", type=Path, default=harness.RESULTS / "peer.json")
    asked = parser.parse_args()
    said = version(asked.peer_python)
    # Every process has imported everything, and the last seat is fought for.
    warm = {"people": asked.seats + 4, "sessions": 1}
    events = 2 * (asked.rounds * asked.sessions + 1)
    rows: list[dict] = []
    wrong: list[str] = []
    with (
        harness.installation(cache=True),
        contention.portal(dict(os.environ)) as (port, server),
        peer(asked.peer_python, events=events, seats=asked.seats, worker=not asked.no_worker) as (
            peer_port,
            processes,
            made,
        ),
    ):
        left = iter(made["events"])

        def run(side: str, **changed) -> dict:
            people = asked.visitors if side == "checkout" else asked.people
            wanted = argparse.Namespace(**vars(asked) | {"people": people} | changed)
            begun = sum(map(harness.processor_seconds, (server, *processes)))
            if side == "portal":
                rate, faults = ours(port, wanted)
            else:
                new = list(itertools.islice(left, wanted.sessions))
                rate, faults = theirs(peer_port, wanted, new, made["token"] if side == "api" else "")
            wrong.extend(faults)
            worked = sum(map(harness.processor_seconds, (server, *processes))) - begun
            return {side: rate, f"{side}_milliseconds": worked / wanted.people * 1000}

        for side in SIDES:
            run(side, **warm)
        for number in range(asked.rounds):
            rows.append({})
            for side in list(SIDES)[:: -1 if number % 2 else 1]:
                rows[-1] |= run(side)
    print(
        f"{asked.people} personnes ({asked.visitors} au panier), {asked.at_once} à la fois, {asked.sessions} "
        f"séances de {asked.seats} places, {'avec' if asked.pages else 'sans'} les pages ; "
        f"pretix {said} {'sans' if asked.no_worker else 'avec'} ouvrier"
    )
    print(table(rows))
    print("places : exactes" if not wrong else f"FAUTES : {wrong}")
    what = {"what": "peer", "pretix": said, "rounds": rows, "ratios": ratios(rows), "faults": wrong}
    harness.write(what | {"asked": {**vars(asked), "output": str(asked.output)}}, asked.output)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
