"""`make test`: style, floors, types, settings, then the tests on SQLite and on PostgreSQL.

Services are private to the run. Without services or styles, `make test ARGS="-k name"` runs just those tests.
"""

import contextlib
import os
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from dev import catalogues, services

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")


class Failed(Exception):
    """A step ended with an error; carries its exit code."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code


def step(title: str, *command: str, **variables: str) -> None:
    """Run one step, say what it is and how long it took. Raises Failed."""
    print(f"── {title}", flush=True)
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables})
    try:
        code = process.wait()
    except BaseException:
        # pytest closes its servers and browsers on SIGINT.
        services.end(process, signal.SIGINT)
        raise
    if code:
        print(f"── {title} : échec (code {code})", file=sys.stderr, flush=True)
        raise Failed(code)
    # Nothing is said after the tests: pytest's own line closes the run.
    if "pytest" not in command:
        print(f"   {time.monotonic() - started:.1f} s", flush=True)


def lint() -> None:
    """Style, floors, types, migrations and production settings. Raises Failed."""
    step("style : ruff check", str(BIN / "ruff"), "check", ".")
    step("style : ruff format", str(BIN / "ruff"), "format", "--check", ".")
    step("gabarits : djlint", str(BIN / "djlint"), "--quiet", "--lint", "templates")
    if "importlinter" in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]:
        step("étages : import-linter", str(BIN / "lint-imports"))
    with tempfile.TemporaryDirectory(prefix="portail-") as folder:
        demonstration = {"DEMONSTRATION": "1", "VAR_DIR": folder}
        step("types : mypy", str(BIN / "mypy"), ".", **demonstration)
        step("migrations", PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", **demonstration)
        production = {
            "DEMONSTRATION": "0",
            "VAR_DIR": folder,
            "SITE_URL": "https://portail.exemple.be",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "REDIS_URL": "redis://127.0.0.1:1/0",
        }
        step(
            "réglages de production",
            *[PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            **production,
        )


def tests() -> None:
    """The tests on both databases; services and browser with PostgreSQL. Raises Failed, after both.

    A slip that SQLite finds does not hide what only PostgreSQL, Redis or Chromium would.
    """
    pytest = [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    embedded = "not postgresql and not redis and not browser and not processes"
    failure = None
    try:
        step("tests sur SQLite", *pytest, "-m", embedded, DATABASE_URL="", REDIS_TEST_URL="")
    except Failed as first:
        failure = first
    with services.postgresql() as database, services.redis() as redis:
        step(
            "tests sur PostgreSQL, avec Redis et Chromium",
            *pytest,
            DATABASE_URL=database.url,
            REDIS_TEST_URL=redis.url,
            TESTS_COMPLETE="1",
        )
    if failure:
        raise failure


def main(arguments: list[str]) -> int:
    """Run what is asked: "lint", or "test" with pytest's arguments; return the exit code."""
    # Stop as on Ctrl-C: every `with` closes what it opened.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    catalogues.compile_stale()
    what, chosen = arguments[0], shlex.split(arguments[1] if len(arguments) > 1 else "")
    with contextlib.suppress(KeyboardInterrupt):
        try:
            if chosen:
                step("tests choisis, sur SQLite", PYTHON, "-m", "pytest", *chosen)
                return 0
            lint()
            if what == "test":
                tests()
        except Failed as failure:
            return failure.code
        except services.DidNotStart as failure:
            print(failure, file=sys.stderr)
            return 2
        return 0
    return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
