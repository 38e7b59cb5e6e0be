"""Requests per second of public pages, beside a bare Django view that answers as many bytes.

    .venv/bin/python -m bench.public_page [--actors 500 50000] [--rounds 3] [--seconds 2] [--output FILE]

Everything is private and on 127.0.0.1: its own PostgreSQL and Redis, its own gunicorn with two processes, the
real territory, fictitious actors. Each round asks the bare view, then the page, then the page with a cookie, which is
what a visitor with a session gets: nothing kept. Ratios are those of the medians. The processor's time of the
server, for one request, stands beside: a busy machine blurs it less.
"""

import argparse
import io
import sys
from pathlib import Path

from bench import harness

TARGET = 0.5
GROWTH_TARGET = 1.3


def publish(number: int) -> None:
    """Fill the directory up to that many published actors, spread over kinds and municipalities."""
    from django.core.cache import cache

    from actors.choices import Kind, State
    from actors.models import Actor
    from territory.models import Municipality

    kinds = [Kind.ASSOCIATION, Kind.CITIZEN_INITIATIVE, Kind.ENTERPRISE, Kind.PUBLIC_BODY]
    places = list(Municipality.objects.of_lag())
    made = []
    for rank in range(Actor.objects.count(), number):
        place = places[rank % len(places)]
        name = f"Atelier fictif {rank}"
        summary = "Une association imaginaire qui répare, plante et transmet."
        actor = Actor(
            name=name,
            slug=f"atelier-fictif-{rank}",
            kind=kinds[rank % len(kinds)],
            state=State.PUBLISHED,
            municipality=place,
            summary=summary,
        )
        actor.fold_words()
        made.append(actor)
    Actor.objects.bulk_create(made, batch_size=2000)
    cache.clear()


def measure(path: str, *, rounds: int, seconds: float) -> dict:
    """Ask the bare view and a page by turns; return the row of the table."""
    with harness.portal() as (port, server):

        def once(asked: str, cookie: str = "") -> tuple[float, float]:
            before = harness.processor_seconds(server)
            rate, _size = harness.load(port, asked, seconds=seconds, cookie=cookie)
            return rate, (harness.processor_seconds(server) - before) / (rate * seconds) * 1000

        size = harness.load(port, path, seconds=1)[1]  # both processes have imported everything
        bare = f"/bench/page/{size}"
        harness.load(port, bare, seconds=0.5)
        turns = []
        for _number in range(rounds):
            bare_rate, bare_cost = once(bare)
            rate, cost = once(path)
            anew_rate, anew_cost = once(path, cookie="choix=1")
            turns.append(
                {
                    "bare_rate": bare_rate,
                    "rate": rate,
                    "anew_rate": anew_rate,
                    "bare_milliseconds": bare_cost,
                    "milliseconds": cost,
                    "anew_milliseconds": anew_cost,
                }
            )
    row = {key: harness.median(turns, key) for key in turns[0]}
    ratios = {
        "ratio": row["rate"] / row["bare_rate"],
        "anew_ratio": row["anew_rate"] / row["bare_rate"],
    }
    return {"path": path, "bytes": size, **row, **ratios, "rounds": turns}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--actors", type=int, nargs="+", default=[500, 50_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--output", type=Path, default=harness.RESULTS / "public_page.json")
    asked = parser.parse_args()
    rows = []
    print(
        "acteurs  page                     octets   vue nue/s    page/s  rapport  sans garde   ms nue  ms page"
        "  sans garde",
        flush=True,
    )
    with harness.installation(cache=True):
        from django.core.management import call_command
        from django.db import connection

        call_command("load_territory", stdout=io.StringIO())
        from territory.models import Municipality

        paths = ["/", f"/communes/{Municipality.objects.of_lag().first().slug}/", "/acteurs/"]
        for number in sorted(asked.actors):
            publish(number)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            for path in paths:
                row = {"actors": number} | measure(path, rounds=asked.rounds, seconds=asked.seconds)
                rows.append(row)
                print(
                    f"{number:7}  {path:22}{row['bytes']:9}{row['bare_rate']:12.0f}{row['rate']:10.0f}"
                    f"{row['ratio']:9.2f}{row['anew_ratio']:12.2f}{row['bare_milliseconds']:9.1f}"
                    f"{row['milliseconds']:9.1f}{row['anew_milliseconds']:12.1f}",
                    flush=True,
                )
    # Of the processor's time beside the bare view's: between the two sizes the machine itself is not as fast.
    cost = {(row["actors"], row["path"]): row["milliseconds"] / row["bare_milliseconds"] for row in rows}
    few, many = min(asked.actors), max(asked.actors)
    growth = {path: cost[many, path] / cost[few, path] for path in paths}
    print(f"visé : rapport ≥ {TARGET}, et du moins au plus d’acteurs ≤ {GROWTH_TARGET} ×")
    print("croissance : " + ", ".join(f"{path} {ratio:.2f} ×" for path, ratio in growth.items()))
    targets = {"ratio": TARGET, "growth": GROWTH_TARGET}
    harness.write({"what": "public_page", "target": targets, "rows": rows, "growth": growth}, asked.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
