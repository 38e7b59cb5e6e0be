"""`make run`: the portal, its workers and a local post office, under one process that stops them all.

python -m dev.serve [port]
"""

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from dev import catalogues, letters, system
from dev.services import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
PYTHON = sys.executable
STOP_SECONDS = 9
READY_SECONDS = 60
RESTARTS = 4
"""How often in a row a child may end by itself; each new start waits twice as long as the one before."""


class CannotServe(Exception):
    """Why the portal does not open, in a sentence for the person at the terminal."""


@dataclass
class Child:
    """One process of the portal: how it is started, and how often it ended by itself."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    started: float = 0
    ended: int = 0
    restart_at: float | None = None
    log: Path = field(init=False)

    def __post_init__(self):
        self.log = VAR / "logs" / f"{self.name}.log"

    def start(self, environment: dict[str, str]) -> None:
        """Start it in a process group of its own: Ctrl-C reaches the supervisor alone, which stops it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as written:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self.started, self.restart_at = time.monotonic(), None

    def signal_group(self, sign: int) -> None:
        """Signal the process and those it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)


def children(port: int) -> list[Child]:
    """The processes of the portal, in the order in which they start."""
    celery = [PYTHON, "-m", "celery", "-A", "smartrural"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"]
    return [
        Child(
            "web",
            [
                *[PYTHON, "-m", "gunicorn", "smartrural.wsgi", "--bind", f"127.0.0.1:{port}"],
                *["--workers", "2", "--worker-class", "gthread", "--threads", "4"],
                *[
                    "--graceful-timeout",
                    str(STOP_SECONDS - 2),
                    "--no-control-socket",
                    "--log-level",
                    "warning",
                ],
            ],
        ),
        Child("letters", [*worker, "-n", "letters@%h", "-Q", "letters,bulk", "--concurrency", "2"]),
        Child("reports", [*worker, "-n", "reports@%h", "-Q", "reports", "--concurrency", "1"]),
        Child("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]),
    ]


def write_environment() -> None:
    """Write var/environment on the first run: a demonstration with a secret of its own."""
    path = VAR / "environment"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(
            "# Écrit par `make run` ; ce que dit l’environnement passe avant.\n"
            f"DEMONSTRATION=1\nSECRET_KEY={secrets.token_urlsafe(50)}\n"
        )


def check_port(port: int) -> None:
    """Raise CannotServe when somebody listens on this port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotServe(
                f"Le port {port} est occupé ou refusé. Choisissez-en un autre : make run PORT={port + 1}"
            ) from error


class Supervisor:
    """Starts the children, watches them, and stops them all."""

    def __init__(self, port: int):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.children = children(port)
        self.environment: dict[str, str] = {}
        self.stopping = False

    def run(self) -> None:
        """Open the portal and keep it open until a signal. Raises CannotServe."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)
        check_port(self.port)
        write_environment()
        (VAR / "stopping").unlink(missing_ok=True)
        post = letters.open_post_office(VAR / "courrier", ROOT)
        try:
            self.environment = {
                **os.environ,
                **system.private_environment(),
                "SITE_URL": self.url,
                "EMAIL_HOST": "127.0.0.1",
                "EMAIL_PORT": str(post.port),
                "EMAIL_USE_TLS": "0",
                "EMAIL_USE_SSL": "0",
                "PYTHONUNBUFFERED": "1",
            }
            self._prepare()
            for child in self.children:
                if not self.stopping:
                    child.start(self.environment)
            self._wait_until_ready()
            if not self.stopping:
                self._welcome()
            while not self.stopping:
                self._watch()
                time.sleep(0.3)
        finally:
            self._stop()
            post.stop(no_assert=True)

    def _welcome(self) -> None:
        accounts = VAR / "comptes.txt"
        print(f"\nPortail prêt : {self.url}", flush=True)
        if accounts.exists():
            print(accounts.read_text())
        print("Les lettres s’annoncent ici et restent dans var/courrier. Ctrl-C arrête tout.", flush=True)

    def _ask_to_stop(self, number, frame) -> None:
        self.stopping = True

    def _prepare(self) -> None:
        """Database, static files, real territory, demonstration."""
        print("Base de données, fichiers, démonstration…", flush=True)
        catalogues.compile_stale()
        process = subprocess.Popen(
            [PYTHON, "-m", "dev.prepare"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        while process.poll() is None:
            if self.stopping:
                process.terminate()
                process.wait()
                return
            time.sleep(0.05)
        if process.returncode:
            raise CannotServe("La préparation a échoué (voyez ci-dessus). Rien n’est démarré.")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping:
            if _answers(f"{self.url}/sante/pret"):
                return
            if time.monotonic() > deadline:
                raise CannotServe(f"Le portail ne répond pas ; voyez {self.children[0].log}.")
            self._watch()
            time.sleep(0.1)

    def _watch(self) -> None:
        """Start again what ended by itself; give up after a few times in a row."""
        now = time.monotonic()
        for child in self.children:
            if child.restart_at is not None:
                if now >= child.restart_at:
                    child.start(self.environment)
                continue
            if child.process is None or child.process.poll() is None:
                if child.ended and now - child.started > 60:
                    child.ended = 0
                continue
            child.signal_group(signal.SIGKILL)  # what it may have left behind
            child.ended += 1
            fate = f"« {child.name} » s’est arrêté (code {child.process.returncode}, journal : {child.log})"
            if child.ended > RESTARTS:
                raise CannotServe(f"{fate}, pour la {child.ended}e fois : tout s’arrête.")
            pause = 2 ** (child.ended - 1)
            print(f"{fate} ; il redémarre dans {pause} s.", flush=True)
            child.restart_at = now + pause

    def _stop(self) -> None:
        """Turn readiness red, ask every child to finish, insist after STOP_SECONDS."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        if running:
            print("\nArrêt…", flush=True)
            (VAR / "stopping").touch()
            time.sleep(0.3)
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(process.poll() is None for process in running):
            time.sleep(0.05)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process:
                child.process.wait()
        (VAR / "stopping").unlink(missing_ok=True)


def _answers(url: str) -> bool:
    # No proxy of the machine stands between us and ourselves.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def main(arguments: list[str]) -> int:
    """Serve until told to stop; return the exit code."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Le portail tourne déjà dans ce dossier ; arrêtez-le d’abord (Ctrl-C dans son terminal).")
            return 1
        try:
            Supervisor(int(arguments[0]) if arguments else 8000).run()
        except CannotServe as reason:
            print(reason, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
