"""The Python environment in `.venv`, exactly as locked: the first thing the two commands do.

    python3 -m dev.environment production      what the portal needs
    python3 -m dev.environment development     the same, and what its checks need

Uses the standard library only, and copes with a Debian that has neither `python3-venv` nor `pip`.
"""

import ast
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dev import system

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
REQUIREMENTS = ROOT / "requirements"


def main(wanted: str) -> None:
    """Make `.venv` hold at least what `wanted` ("production" or "development") says."""
    if sys.version_info < (3, 11):  # noqa: UP036 (this is the machine’s Python)
        sys.exit("Il faut Python 3.11 ou plus récent : make PYTHON=python3.11 …")
    if VENV.is_symlink():
        return  # somebody else's environment, lent to this checkout
    done = STAMP.read_text().split() if STAMP.exists() else []
    # What the checks need holds all that the portal needs: never shrink it.
    for name in dict.fromkeys([wanted, "development"]):
        if done == [name, _digest(name)] and PYTHON.exists():
            return
    if done and done[0] == "development":
        wanted = "development"
    if not _is_whole():
        print("Environnement Python…", flush=True)
        _create()
    STAMP.unlink(missing_ok=True)
    print(f"Bibliothèques Python ({wanted})…", flush=True)
    _install(REQUIREMENTS / f"{wanted}.txt")
    STAMP.write_text(f"{wanted} {_digest(wanted)}\n")


def _is_whole() -> bool:
    """Whether `.venv` runs and can install: one begun by another tool may have no pip, and is made anew."""
    return (
        PYTHON.exists()
        and not subprocess.run([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL).returncode
    )


def _digest(name: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def _create() -> None:
    """Create `.venv` with pip in it, with or without Debian's `python3-venv`."""
    shutil.rmtree(VENV, ignore_errors=True)
    create: list = [sys.executable, "-m", "venv", VENV]
    if importlib.util.find_spec("ensurepip"):
        subprocess.run(create, check=True)
        return
    with tempfile.TemporaryDirectory(prefix="portail-pip-") as place:
        try:
            system.unpack(["python3-pip-whl", "python3-setuptools-whl"], Path(place))
        except (subprocess.CalledProcessError, FileNotFoundError):
            sys.exit("Il manque un paquet. Installez : sudo apt-get install python3-venv")
        subprocess.run([*create, "--without-pip"], check=True)
        wheels = Path(place) / "usr" / "share" / "python-wheels"
        pip = next(wheels.glob("pip-*.whl")) / "pip"
        install: list = ["install", "--quiet", "--no-index", "--find-links", wheels, "pip"]
        subprocess.run([PYTHON, pip, *install], check=True)


def _install(requirements: Path) -> None:
    """Install exactly what the file says, by uv (seconds), or by pip (a minute) where uv cannot."""
    pip: list = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    locked: list = ["install", "--quiet", "--require-hashes", "--requirement"]
    sync: list = ["pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, requirements]
    if not subprocess.run([*pip, *locked, REQUIREMENTS / "setup.txt"]).returncode:
        told = _uv_variables(_pip_settings(pip))
        if not subprocess.run([VENV / "bin" / "uv", *sync], env={**told, **os.environ}).returncode:
            return
    print("uv n’y arrive pas ; pip prend le relais (une minute)…", flush=True)
    subprocess.run([*pip, *locked, requirements], check=True)


def _pip_settings(pip: list) -> dict[str, str]:
    """Return what this machine tells pip: option → value, its variables before its files."""
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=True).stdout
    settings: dict[str, str] = {}
    variables: dict[str, str] = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        (variables if section.startswith(":env:") else settings)[option] = str(ast.literal_eval(value))
    return settings | variables


def _uv_variables(settings: dict[str, str]) -> dict[str, str]:
    """Say to uv what pip was told: where packages come from, and whom to trust."""
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
        "proxy": "HTTPS_PROXY",
        "default-timeout": "UV_HTTP_TIMEOUT",
        "timeout": "UV_HTTP_TIMEOUT",
    }
    told = {names[option]: " ".join(value.split()) for option, value in settings.items() if option in names}
    # pip only warns of a folder that is not there, uv stops.
    for name, separator in (("UV_INDEX", " "), ("UV_FIND_LINKS", ",")):
        present = [place for place in told.pop(name, "").split() if _is_there(place)]
        if present:
            told[name] = separator.join(present)
    # As pip does; the hashes say which file is right, wherever it comes from.
    told["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    told["UV_LINK_MODE"] = "copy"
    return told


def _is_there(place: str) -> bool:
    if "://" in place and not place.startswith("file://"):
        return True
    return Path(place.removeprefix("file://")).exists()


if __name__ == "__main__":
    main(sys.argv[1])
