"""What the programs share: a private portal on 127.0.0.1, requests in a row, a table's JSON."""

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
from collections.abc import Iterator
from pathlib import Path

from dev import services

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
LIMIT = 180
"""Seconds that no single measure may pass."""


@contextlib.contextmanager
def installation(*, cache: bool) -> Iterator[None]:
    """Set Django up on a private PostgreSQL, with a private Redis when `cache`; migrations are done."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portail-banc-"))
        database = stack.enter_context(services.postgresql())
        os.environ |= {
            "DATABASE_URL": database.url,
            "REDIS_URL": stack.enter_context(services.redis()).url if cache else "",
            "DEMONSTRATION": "1",
            "SITE_URL": "http://127.0.0.1",
            "VAR_DIR": folder,
            "STATIC_ROOT": folder,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        if not cache:
            call_command("createcachetable", verbosity=0)
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


@contextlib.contextmanager
def portal() -> Iterator[tuple[int, int]]:
    """Run gunicorn as `make run` does, with two processes; yield its port and the process's id."""
    port = services.free_port()
    command = [sys.executable, "-m", "gunicorn", "smartrural.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    command += ["--no-control-socket", "--log-level", "error"]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        preexec_fn=services.die_with_parent(signal.SIGTERM),
        stdout=subprocess.DEVNULL,
    )
    try:
        for _attempt in range(600):
            with contextlib.suppress(OSError):
                asyncio.run(_in_turn(port, "/sante/vif", time.perf_counter()))
                break
            time.sleep(0.1)
        yield port, server.pid
    finally:
        services.end(server, signal.SIGTERM)


def load(
    port: int, path: str, *, seconds: float, connections: int = 4, cookie: str = ""
) -> tuple[float, int]:
    """Ask for `path` over and over on kept connections; return requests per second and bytes of one answer.

    `cookie` is sent with each request. Raises RuntimeError for any answer but 200.
    """

    async def everybody():
        started = time.perf_counter()
        end = started + seconds
        turns = [_in_turn(port, path, end, cookie) for _number in range(connections)]
        done = await asyncio.wait_for(asyncio.gather(*turns), LIMIT)
        return sum(count for count, _size in done) / (time.perf_counter() - started), done[0][1]

    return asyncio.run(everybody())


async def _in_turn(port: int, path: str, end: float, cookie: str = "") -> tuple[int, int]:
    """Ask one request after the other until `end`, one at least; return how many, and an answer's bytes."""
    said = f"Cookie: {cookie}\r\n" if cookie else ""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{said}\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = size = 0
    while not count or time.perf_counter() < end:
        if reader.at_eof():
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if head.split()[1] != "200":
            raise RuntimeError(f"{path} : {head.splitlines()[0]}")
        size = int(head.split("content-length:")[1].split()[0])
        await reader.readexactly(size)
        if "connection: close" in head:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        count += 1
    writer.close()
    return count, size


def processor_seconds(parent: int) -> float:
    """Return the processor's time that a server's workers have used: what a busy machine does not blur."""
    ticks = 0
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def median(rows: list[dict], key: str) -> float:
    """Return the median of a column."""
    return statistics.median(row[key] for row in rows)


def write(result: dict, output: Path) -> None:
    """Write a result as JSON, with when and on what it was measured."""
    about = {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cœurs, Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
    }
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(about | result, ensure_ascii=False, indent=2) + "\n")
