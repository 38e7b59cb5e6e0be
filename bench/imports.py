"""The preview of a CSV of actors: seconds and memory, at one size and at five times that.

    .venv/bin/python -m bench.imports [--lines 1000 5000] [--output FILE]

A private PostgreSQL with the real territory, and as many actors there as the file has lines: names must be compared.
Each size is a new process; peak memory is the kernel's count for it, Django's start included. Time a line should not
follow the number of lines.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench import harness

GROWTH_TARGET = 1.5


def preview(lines: int) -> None:
    """Preview a file of so many lines as a worker does; print seconds and MiB."""
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from accounts.choices import Role
    from accounts.models import User
    from imports import actions

    user, _made = User.objects.get_or_create(
        email="banc@exemple.invalid", defaults={"role": Role.ADMINISTRATOR}
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        f"Club {word(rank)} {rank};ASBL;Rue Haute;{rank % 99 + 1};1350;Orp-Jauche;club{rank}@exemple.invalid"
        for rank in range(lines)
    ]
    content = "Nom;Type;Rue;N°;CP;Commune;Courriel\n" + "\n".join(rows) + "\n"
    started, worked = time.perf_counter(), time.process_time()
    run = actions.receive(
        target="actors",
        source=f"banc {lines}",
        upload=SimpleUploadedFile("clubs.csv", content.encode()),
        by=user,
    )
    run = actions.check(
        run,
        mapping=run.mapping,
        options={"kind": "association", "state": "draft", "strangers": "refuse"},
        by=user,
    )
    actions.work(run)
    run.refresh_from_db()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    print(
        json.dumps(
            {
                "lines": lines,
                "state": run.state,
                "counts": run.counts,
                "seconds": seconds,
                "processor": processor,
                "mebibytes_before": before,
                "mebibytes": peak,
            }
        )
    )


def word(rank: int) -> str:
    """Return a word unlike its neighbours': close names are what takes time."""
    return "".join(chr(97 + rank * step % 26) for step in (7, 11, 17, 23, 29))


def known(lines: int) -> None:
    """Have so many actors in the same municipality."""
    from actors.models import Actor
    from territory.models import Municipality

    place = Municipality.objects.get(slug="orp-jauche")
    made = [
        Actor(
            name=f"Cercle {word(rank * 3 + 1)} {rank}",
            slug=f"cercle-{rank}",
            kind="association",
            municipality=place,
        )
        for rank in range(Actor.objects.count(), lines)
    ]
    for actor in made:
        actor.fold_words()
    Actor.objects.bulk_create(made, batch_size=2000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--output", type=Path, default=harness.RESULTS / "imports.json")
    parser.add_argument("--preview", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.preview:
        preview(asked.preview)
        return 0
    rows = []
    print("lignes  état       s   processeur (s)  ms par ligne  Mio avant  Mio au plus", flush=True)
    with harness.installation(cache=False):
        from django.core.management import call_command

        call_command("load_territory", stdout=io.StringIO())
        for lines in sorted(asked.lines):
            known(lines)
            command = [sys.executable, "-m", "bench.imports", "--preview", str(lines)]
            said = subprocess.run(
                command, cwd=harness.ROOT, check=True, capture_output=True, text=True
            ).stdout
            row = json.loads(said.splitlines()[-1])
            rows.append(row)
            print(
                f"{lines:6}  {row['state']:8}{row['seconds']:5.1f}{row['processor']:13.1f}"
                f"{row['processor'] / lines * 1000:15.2f}{row['mebibytes_before']:12.0f}{row['mebibytes']:12.0f}",
                flush=True,
            )
    few, many = rows[0], rows[-1]
    growth = (many["processor"] / many["lines"]) / (few["processor"] / few["lines"])
    print(f"croissance du temps d’une ligne : {growth:.2f} × (visé : ≤ {GROWTH_TARGET})")
    harness.write({"what": "imports", "target": GROWTH_TARGET, "rows": rows, "growth": growth}, asked.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
