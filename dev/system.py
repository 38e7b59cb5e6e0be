"""Debian's packages that Python's cannot replace: what is missing, and how to have it.

    python3 -m dev.system run     the libraries behind the PDFs
    python3 -m dev.system test    the same, and a browser, PostgreSQL and Redis

Uses the standard library only: it runs before anything is installed.
"""

import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRIVATE = ROOT / "var" / "system"
"""Where packages are unpacked when we may not install them."""

LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
"""Debian package → library that WeasyPrint opens."""


def postgresql_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server on this machine, or None."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda path: int(path.parts[-3]), default=None)
    return newest.parent if newest else None


def missing(purpose: str) -> list[str]:
    """Return the Debian packages that `purpose` ("run" or "test") needs and this machine lacks."""
    absent = [package for package, library in LIBRARIES.items() if not _opens(library)]
    if purpose == "test":
        if not shutil.which("chromium"):
            absent.append("chromium")
        if not postgresql_programs():
            absent.append("postgresql")
        if not shutil.which("redis-server"):
            absent.append("redis-server")
    return absent


def install(packages: list[str]) -> None:
    """Install packages for the whole machine; needs root. Raises CalledProcessError when apt fails."""
    # RUNLEVEL=1 keeps the packages' own services from starting: the checks start private ones.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1", "LC_ALL": "C.UTF-8"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *arguments],
            env=environment,
            # Told only when it fails: a page of Debian's own messages else.
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )


def unpack(packages: list[str], folder: Path) -> None:
    """Download packages and what they need, and unpack them in `folder`; needs no right on the machine.

    Raises CalledProcessError when apt cannot, FileNotFoundError where there is no apt.
    """
    with tempfile.TemporaryDirectory(prefix="portail-apt-") as place:
        # Own lists: those of the machine may be empty, and only root may fill them.
        state = Path(place)
        (state / "lists" / "partial").mkdir(parents=True)
        (state / "archives" / "partial").mkdir(parents=True)
        apt = [
            "apt-get", "-qq",
            "-o", "Debug::NoLocking=1",
            "-o", f"Dir::State::Lists={state / 'lists'}",
            "-o", f"Dir::Cache={state}",
            "-o", "APT::Sandbox::User=" + ("root" if os.geteuid() == 0 else ""),
        ]  # fmt: skip
        subprocess.run([*apt, "update"], check=True, stdout=subprocess.DEVNULL)
        plan = subprocess.run(
            [*apt, "--simulate", "--no-install-recommends", "install", *packages],
            check=True,
            capture_output=True,
            text=True,
        )
        names = re.findall(r"^Inst (\S+)", plan.stdout, re.MULTILINE) or packages
        subprocess.run([*apt, "download", *names], check=True, cwd=state, stdout=subprocess.DEVNULL)
        folder.mkdir(parents=True, exist_ok=True)
        for archive in sorted(state.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)


def private_environment() -> dict[str, str]:
    """Return the variables that let a process find what `unpack` brought; empty when there is nothing."""
    if not PRIVATE.is_dir():
        return {}
    folders = [*PRIVATE.glob("usr/lib/*-linux-gnu*"), *PRIVATE.glob("lib/*-linux-gnu*")]
    inherited = os.environ.get("LD_LIBRARY_PATH")
    variables = {"LD_LIBRARY_PATH": ":".join([*map(str, folders), *([inherited] if inherited else [])])}
    if not Path("/etc/fonts/fonts.conf").exists():
        # The packages' own configuration knows only the machine's folders, and Pango dies without any font.
        configuration = PRIVATE / "fonts.conf"
        configuration.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
            f"<dir>{PRIVATE / 'usr/share/fonts'}</dir><dir>/usr/share/fonts</dir>"
            f"<cachedir>{PRIVATE / 'cache'}</cachedir></fontconfig>"
        )
        variables["FONTCONFIG_FILE"] = str(configuration)
    return variables


def prepare(purpose: str) -> int:
    """Have what `purpose` needs; return the exit code: 0 go on, 2 a person has to install something."""
    absent = missing(purpose)
    if purpose == "run" and absent and _private_libraries_open():
        return 0
    if not absent:
        return 0
    names = " ".join(absent)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Paquets Debian installés : {names}…", flush=True)
        try:
            install(absent)
            return 0
        except subprocess.CalledProcessError as failure:
            print((failure.stdout or "")[-1500:], file=sys.stderr)
            if purpose == "test":
                print(f"L’installation a échoué. Installez : {names}", file=sys.stderr)
                return 2
    if purpose == "test":
        print(f"Il manque des paquets. Installez : sudo apt-get install {names}", file=sys.stderr)
        return 2
    print(f"Paquets Debian dépliés dans var/system : {names}…", flush=True)
    try:
        unpack(absent, PRIVATE)
    except (subprocess.CalledProcessError, FileNotFoundError):
        print(f"Tout fonctionne sauf les PDF. Pour les avoir : sudo apt-get install {names}", flush=True)
    return 0


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _private_libraries_open() -> bool:
    if not PRIVATE.is_dir():
        return False
    attempt = f"import ctypes; [ctypes.CDLL(name) for name in {list(LIBRARIES.values())!r}]"
    environment = {**os.environ, **private_environment()}
    return not subprocess.run(
        [sys.executable, "-c", attempt], env=environment, capture_output=True
    ).returncode


if __name__ == "__main__":
    sys.exit(prepare(sys.argv[1]))
