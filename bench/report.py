"""Seconds and peak memory of the printed diagnostic, beside bare WeasyPrint on the same final HTML.

    .venv/bin/python -m bench.report [--scopes culturalite 25048] [--rounds 3] [--output FILE]

A private PostgreSQL with the real territory. Each round is two new processes: the portal's, which collects, writes
the HTML and has it laid out as a worker does; then WeasyPrint alone. The portal's seconds leave out Django's start,
as in a worker that is running; both include the start of the process that lays out. Peak memory is the kernel's
count for the largest process of each.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import harness

TARGET, MEMORY_TARGET = 1.25, 400
STEPS = ("collect", "html", "layout")
BARE = """
import sys, weasyprint
html, pdf = sys.argv[1:]
weasyprint.HTML(filename=html).write_pdf(pdf, pdf_variant="pdf/ua-1")
"""


def produce(code: str, folder: Path) -> None:
    """Do what a worker does for a diagnostic, but store it; print the seconds of each step."""
    import django

    django.setup()
    from django.conf import settings
    from django.utils import timezone

    from diagnostics import figures, report, snapshots
    from documents import pdf
    from territory.models import Area, Municipality

    scope = Municipality.objects.filter(code=code).first() or Area.objects.get(code=code)
    created = timezone.now().replace(microsecond=0)
    marks, worked = [time.perf_counter()], sum(os.times()[:4])
    data = figures.collect(scope, edition=str(created.year)) | {
        "schema": snapshots.SCHEMA,
        "code_version": settings.CODE_VERSION,
        "edition": str(created.year),
        "version": 1,
        "status": "provisoire",
        "created": created.isoformat(),
        "author": "banc d’essai",
    }
    marks.append(time.perf_counter())
    html = report.report_html(data)
    marks.append(time.perf_counter())
    content = pdf.render_isolated(html, created=created).content
    marks.append(time.perf_counter())
    (folder / "portal.pdf").write_bytes(content)
    # WeasyPrint alone knows no address of ours.
    (folder / "page.html").write_text(html.replace('"/static/', f'"{(harness.ROOT / "static").as_uri()}/'))
    steps = [after - before for before, after in zip(marks, marks[1:], strict=False)]
    processor = sum(os.times()[:4]) - worked
    print(json.dumps(dict(zip(STEPS, steps, strict=True)) | {"processor": processor}))


def run(command: list[str]) -> tuple[dict, str]:
    """Run a process; return what it took (seconds, of them the processor's, peak in MiB) and what it said."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=harness.ROOT, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:4]} : code {process.returncode}")
    took = {
        "seconds": time.perf_counter() - started,
        "processor": usage.ru_utime + usage.ru_stime,
        "mebibytes": usage.ru_maxrss / 1024,
    }
    return took, said


def measure(scope: str, *, rounds: int) -> dict:
    """Print one scope's report by both, by turns; return the row of the table."""
    turns = []
    with tempfile.TemporaryDirectory(prefix="portail-banc-") as name:
        folder = Path(name)
        for _number in range(rounds):
            command = [sys.executable, "-m", "bench.report", "--produce", scope, "--folder", name]
            took, said = run(command)
            # Django's start left out, which a running worker has behind it.
            ours = took | json.loads(said.splitlines()[-1])
            ours["seconds"] = sum(ours[step] for step in STEPS)
            alone = [sys.executable, "-c", BARE, str(folder / "page.html"), str(folder / "bare.pdf")]
            bare, _said = run(alone)
            turns.append(ours | {f"bare_{key}": value for key, value in bare.items()})
        import pypdf

        pages = [len(pypdf.PdfReader(folder / name).pages) for name in ("portal.pdf", "bare.pdf")]
    row = {key: harness.median(turns, key) for key in turns[0]}
    ratios = {
        "ratio": row["seconds"] / row["bare_seconds"],
        "processor_ratio": row["processor"] / row["bare_processor"],
    }
    return {"scope": scope, "pages": pages, **row, **ratios, "rounds": turns}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scopes", nargs="+", default=["culturalite", "25048"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=harness.RESULTS / "report.json")
    parser.add_argument("--produce", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.produce:
        produce(asked.produce, asked.folder)
        return 0
    rows = []
    print(
        "lieu         pages  chiffres  HTML  mise en page  portail (s)  nu (s)  rapport   cpu  cpu nu", end=""
    )
    print("  rapport  Mio  Mio nu", flush=True)
    with harness.installation(cache=False):
        from django.core.management import call_command

        call_command("load_territory", stdout=io.StringIO())
        for scope in asked.scopes:
            row = measure(scope, rounds=asked.rounds)
            rows.append(row)
            print(
                f"{scope:13}{row['pages'][0]:5}{row['collect']:10.2f}{row['html']:6.2f}{row['layout']:14.2f}"
                f"{row['seconds']:13.2f}{row['bare_seconds']:8.2f}{row['ratio']:9.2f}{row['processor']:6.2f}"
                f"{row['bare_processor']:8.2f}{row['processor_ratio']:9.2f}"
                f"{row['mebibytes']:5.0f}{row['bare_mebibytes']:8.0f}",
                flush=True,
            )
    print(f"visé : rapport ≤ {TARGET}, ≤ {MEMORY_TARGET} Mio")
    targets = {"ratio": TARGET, "mebibytes": MEMORY_TARGET}
    harness.write({"what": "report", "target": targets, "rows": rows}, asked.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
