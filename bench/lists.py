"""Lists at two sizes, page by page, beside a bare view: what the benches of lists share."""

import argparse
import io
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import harness

TARGET, GROWTH_TARGET = 0.5, 1.3
VISITOR = "choix=1"
"""The cookie of a visitor with a session, for whom nothing is kept: what is measured is the view."""

More = Callable[[int, int, str], dict]
"""What else is measured at each size: (port, server's process, cookie of the team) → a row with a `name`."""


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


def compare(
    what: str,
    asked: argparse.Namespace,
    *,
    publish: Callable[[int], None],
    public: Mapping[str, str],
    desk: Mapping[str, str],
    more: More | None = None,
) -> int:
    """Fill the portal to each of `asked.sizes` by turns and ask every page; print, write the JSON, return 0.

    Pages for the public are asked four at a time, the desk's one at a time, by somebody of the team.
    """
    rows = []
    print(
        "nombre   page                              octets    nue/s   page/s  rapport  ms nue  ms page",
        flush=True,
    )
    with harness.installation(cache=True):
        from django.core.management import call_command
        from django.db import connection

        call_command("load_territory", stdout=io.StringIO())
        cookie = team_cookie()
        for number in sorted(asked.sizes):
            publish(number)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            with harness.portal() as (port, server):
                pages = [(name, path, VISITOR, 4) for name, path in public.items()]
                pages += [(f"desk: {name}", path, cookie, 1) for name, path in desk.items()]
                for name, path, sent, at_once in pages:
                    found = measure(
                        port, server, path, sent, rounds=asked.rounds, seconds=asked.seconds, at_once=at_once
                    )
                    row = {"size": number, "name": name} | found
                    rows.append(row)
                    print(
                        f"{number:7}  {name:32}{row['bytes']:8}{row['bare_rate']:9.0f}{row['rate']:9.1f}"
                        f"{row['ratio']:9.2f}{row['bare_milliseconds']:8.1f}{row['milliseconds']:9.1f}",
                        flush=True,
                    )
                if more:
                    row = {"size": number} | more(port, server, cookie)
                    rows.append(row)
                    print(
                        f"{number:7}  " + ", ".join(f"{key} {value}" for key, value in row.items()),
                        flush=True,
                    )
    growth = growth_of(rows, min(asked.sizes), max(asked.sizes))
    print(f"visé : rapport ≥ {TARGET}, et du moins au plus grand ≤ {GROWTH_TARGET} ×")
    print("croissance : " + ", ".join(f"{name} {ratio:.2f} ×" for name, ratio in growth.items()))
    targets = {"ratio": TARGET, "growth": GROWTH_TARGET}
    harness.write({"what": what, "target": targets, "rows": rows, "growth": growth}, asked.output)
    return 0


def growth_of(rows: list[dict], few: int, many: int) -> dict[str, float]:
    """Return how the processor's time of each page grew, beside the bare view's: the machine itself changes too."""
    cost = {
        (row["size"], row["name"]): row["milliseconds"] / row["bare_milliseconds"]
        for row in rows
        if "milliseconds" in row
    }
    return {name: cost[many, name] / cost[few, name] for size, name in cost if size == few}


def arguments(doc: str, option: str, sizes: list[int], output: str) -> argparse.Namespace:
    """Read the command line; the sizes are named by `option` and come out as `sizes`."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument(option, dest="sizes", type=int, nargs="+", default=sizes)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--output", type=Path, default=harness.RESULTS / output)
    return parser.parse_args()
