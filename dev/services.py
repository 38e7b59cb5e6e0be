"""A private PostgreSQL and a private Redis, for as long as a `with` block lasts.

They listen on free ports of 127.0.0.1, keep everything in a temporary folder, and end with the process that
started them, however it ends.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dev import system

_PR_SET_PDEATHSIG = 1
_ATTEMPTS = 5


class DidNotStart(Exception):
    """A service did not answer; carries the end of what it wrote."""


@dataclass(frozen=True)
class Service:
    """A running service: where it answers, and its process (for tests that stop or freeze it)."""

    url: str
    process: subprocess.Popen


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent(sign: int) -> Callable[[], None]:
    """Return a `preexec_fn`: the child receives `sign` when its parent is gone, even by SIGKILL (Linux)."""
    library = ctypes.CDLL(None)  # opened before the fork: a forked child should do as little as possible

    def ask_kernel() -> None:
        library.prctl(_PR_SET_PDEATHSIG, sign)

    return ask_kernel


@contextlib.contextmanager
def postgresql() -> Iterator[Service]:
    """Run PostgreSQL with an empty database `portail`. Raises DidNotStart."""
    programs = system.postgresql_programs()
    if programs is None:
        raise DidNotStart("PostgreSQL n’est pas installé.")
    with _folder() as folder:
        # PostgreSQL refuses to be root; Debian made it a user of its own.
        identity: dict = {"cwd": folder}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            identity |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", *options],
            check=True,
            stdout=subprocess.DEVNULL,
            **identity,
        )

        def command(port: int) -> list:
            settings = {
                "listen_addresses": "127.0.0.1",
                "port": port,
                "unix_socket_directories": folder,
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "max_connections": 300,
            }
            return [
                programs / "postgres",
                "-D",
                folder / "data",
                *[part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
            ]

        def answers(port: int) -> bool:
            question: list = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
            return not subprocess.run([*question, "-U", "postgres"]).returncode

        # SIGINT is PostgreSQL's "fast" stop: it does not wait for clients.
        with _running(command, answers, folder / "log", stop=signal.SIGINT, **identity) as (port, process):
            create: list = [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
            subprocess.run([*create, "portail"], check=True, **identity)
            yield Service(f"postgresql://postgres@127.0.0.1:{port}/portail", process)


@contextlib.contextmanager
def redis(port: int | None = None) -> Iterator[Service]:
    """Run Redis, in memory only, on `port` or a free one. Raises DidNotStart."""
    program = shutil.which("redis-server")
    if program is None:
        raise DidNotStart("Redis n’est pas installé.")
    with _folder() as folder:

        def command(port: int) -> list:
            place = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
            return [program, *place, "--save", "", "--appendonly", "no"]

        def answers(port: int) -> bool:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                    line.sendall(b"PING\r\n")
                    return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False

        running = _running(command, answers, folder / "log", stop=signal.SIGTERM, port=port, cwd=folder)
        with running as (used, process):
            yield Service(f"redis://127.0.0.1:{used}/0", process)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that any user may reach; delete it afterwards."""
    # Not TMPDIR: it may lie where `postgres` cannot enter.
    with tempfile.TemporaryDirectory(prefix="portail-", dir="/tmp", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextlib.contextmanager
def _running(
    command, answers, log: Path, *, stop: int, port: int | None = None, **options
) -> Iterator[tuple[int, subprocess.Popen]]:
    """Run a server until the block ends; give its port and process.

    Another process may take a free port first: try again.
    """
    for _ in range(_ATTEMPTS):
        chosen = port or free_port()
        with log.open("w") as written:
            process = subprocess.Popen(
                command(chosen),
                stdout=written,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches the whole terminal group; services outlive the tests that it stops.
                start_new_session=True,
                preexec_fn=die_with_parent(stop),
                **options,
            )
        try:
            if _waited(process, answers, chosen):
                yield chosen, process
                return
        finally:
            end(process, stop)
    raise DidNotStart(log.read_text()[-2000:])


def _waited(process: subprocess.Popen, answers, port: int) -> bool:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        if answers(port) and process.poll() is None:
            return True
        time.sleep(0.05)
    return False


def end(process: subprocess.Popen, sign: int, *, seconds: float = 10) -> None:
    """Ask a process that we started to stop, and insist after `seconds`."""
    if process.poll() is not None:
        return
    process.send_signal(sign)
    process.send_signal(signal.SIGCONT)  # a test may have frozen it
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
