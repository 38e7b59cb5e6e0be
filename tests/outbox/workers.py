"""Real Celery workers over the test's own database, that tests may kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from celery import Celery
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment(directory: Path, smtp_port: int, **more: str) -> dict[str, str]:
    """The environment of processes that work on the database of the running test."""
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    host = database["HOST"] or "127.0.0.1"
    return {
        **os.environ,
        # Not the tests' settings: those forget what is said here of letters and of the broker.
        "DJANGO_SETTINGS_MODULE": "smartrural.settings",
        "DEMONSTRATION": "1",
        "VAR_DIR": str(directory),
        "DATABASE_URL": f"postgres://{login}@{host}:{database['PORT'] or 5432}/{database['NAME']}",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(smtp_port),
        "OUTBOX_LEASE": "3",
        **more,
    }


class Worker:
    """One worker process and its children, for these queues."""

    def __init__(self, env: dict[str, str], name: str, queues: str = "letters,bulk") -> None:
        self._log = (Path(env["VAR_DIR"]) / f"{name}.log").open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "smartrural", "worker", "-Q", queues, "-c", "1"]
            + ["-n", f"{name}@%h", "-l", "warning", "--without-mingle", "--without-gossip"],
            cwd=ROOT,
            env=env,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """SIGKILL, the worker and its children at once: nobody can say goodbye."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
        self._log.close()

    def stop(self) -> None:
        """Ask it to end, as a service manager does; insist when it does not."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
        self.kill()


@contextmanager
def worker(env: dict[str, str], name: str, queues: str = "letters,bulk") -> Iterator[Worker]:
    """A worker for the length of a block."""
    running = Worker(env, name, queues)
    try:
        yield running
    finally:
        running.stop()


def ask(env: dict[str, str], *tasks: str) -> None:
    """Publish tasks by name to the workers of that environment, as beat and the portal do."""
    messages = Path(env["VAR_DIR"]) / "broker" / "messages"
    messages.mkdir(parents=True, exist_ok=True)
    with Celery(broker=env.get("REDIS_URL") or "filesystem://", set_as_current=False) as app:
        app.conf.broker_transport_options = {
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(messages.parent / "control"),
        }
        with app.connection_for_write() as channel:
            for task in tasks:
                queue = "bulk" if task == "send_bulk" or task.startswith("invitations.") else "letters"
                name = task if "." in task else f"outbox.tasks.{task}"
                app.send_task(name, queue=queue, connection=channel)


def wait_until(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for something to come true; fail by saying what did not."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"not in {seconds:.0f} s: {what}")
        time.sleep(0.02)
