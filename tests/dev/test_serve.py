"""The supervisor of `make run`: it opens, it says what happens, and it leaves no process behind."""

import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import pytest

from dev import services
from tests.servers import gone

pytestmark = pytest.mark.processes

# The supervisor with two light children in place of the portal's; each starts a process of its own.
LIGHT = """
import sys
from dev import serve

BODY = '''
import os, subprocess, sys, time
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(os.getpid(), own.pid, flush=True)
time.sleep(60)
'''
serve.RESTARTS = 1
serve.Supervisor._prepare = lambda self: None
serve._answers = lambda url: all(child.log.exists() and child.log.read_text() for child in (one, two))
one, two = (serve.Child(name, [sys.executable, "-c", BODY]) for name in ("un", "deux"))
serve.children = lambda port: [one, two]
sys.exit(serve.main(sys.argv[1:]))
"""


@pytest.fixture
def supervise(tmp_path):
    """A function that starts the supervisor in a folder of its own; whatever is left is killed."""
    started = []

    def start(*arguments, port=None):
        process = subprocess.Popen(
            [sys.executable, *arguments, str(port or services.free_port())],
            # Nothing of the tests' own settings: a person's shell, and a folder that was never used.
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "VAR_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


def read_until(process, wanted):
    """Return what it printed up to the line that holds `wanted`."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if wanted in line:
            return "".join(lines)
    pytest.fail("".join(lines))


def family(tmp_path):
    """The pids that the light children told, their own children's included."""
    return [int(pid) for log in tmp_path.glob("logs/*.log") for pid in log.read_text().split()]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_children_and_theirs(supervise, tmp_path, sign):
    process = supervise("-c", LIGHT)
    read_until(process, "Portail prêt")
    pids = family(tmp_path)
    assert len(pids) == 4
    process.send_signal(sign)
    assert process.wait(20) == 0
    assert [gone(pid) for pid in pids] == [True] * 4
    assert not (tmp_path / "stopping").exists()


def test_children_end_with_a_supervisor_that_is_killed(supervise, tmp_path):
    process = supervise("-c", LIGHT)
    read_until(process, "Portail prêt")
    children = [int(log.read_text().split()[0]) for log in tmp_path.glob("logs/*.log")]
    process.kill()
    assert [gone(pid) for pid in children] == [True, True]
    for pid in family(tmp_path):
        if pid not in children:
            os.kill(pid, signal.SIGKILL)


def test_a_child_that_ends_is_started_again_and_after_a_few_times_everything_stops(supervise, tmp_path):
    process = supervise("-c", LIGHT)
    read_until(process, "Portail prêt")
    log = tmp_path / "logs" / "deux.log"
    os.kill(int(log.read_text().split()[0]), signal.SIGKILL)
    assert "« deux » s’est arrêté (code -9" in read_until(process, "il redémarre dans 1 s.")
    while len(log.read_text().split()) < 4:
        assert process.poll() is None
    os.kill(int(log.read_text().split()[2]), signal.SIGKILL)
    assert "pour la 2e fois : tout s’arrête." in process.stdout.read()
    assert process.wait(20) == 1
    assert [gone(pid) for pid in family(tmp_path)] == [True] * 6


def test_a_second_run_in_the_same_folder_is_refused(supervise):
    first = supervise("-c", LIGHT)
    read_until(first, "Portail prêt")
    second = supervise("-c", LIGHT)
    assert second.stdout.read() == (
        "Le portail tourne déjà dans ce dossier ; arrêtez-le d’abord (Ctrl-C dans son terminal).\n"
    )
    assert second.wait(20) == 1
    assert first.poll() is None


def test_a_busy_port_is_said_with_another_one_to_take(supervise):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        process = supervise("-c", LIGHT, port=port)
        assert process.stdout.read() == (
            f"Le port {port} est occupé ou refusé. Choisissez-en un autre : make run PORT={port + 1}\n"
        )
        assert process.wait(20) == 1


def test_the_portal_opens_tells_of_letters_and_stops(supervise, tmp_path):
    port = services.free_port()
    process = supervise("-m", "dev.serve", port=port)
    told = read_until(process, "Ctrl-C arrête tout.")
    assert f"Portail prêt : http://127.0.0.1:{port}\n" in told
    assert re.findall(r"\S+@exemple\.invalid", told) == [
        "administration@exemple.invalid",
        "equipe@exemple.invalid",
        "gestion@exemple.invalid",
        "referent.jodoigne@exemple.invalid",
        "referent.orp-jauche@exemple.invalid",
        "citoyen@exemple.invalid",
    ]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/pret", timeout=10) as answer:
        assert answer.read() == b'{"base": true, "cache": true, "ouvert": true}'

    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@exemple.invalid", "b@exemple.invalid", "Votre code"
    letter.set_content("Votre code :\n\nBCDF-GHJK\n\nÀ bientôt !\n")
    with smtplib.SMTP("127.0.0.1", post_office(process), timeout=10) as line:
        line.send_message(letter)
    (kept,) = (tmp_path / "courrier").glob("*.eml")
    assert read_until(process, "    code :") == (
        f"Lettre à b@exemple.invalid : Votre code ({kept})\n    code : BCDF-GHJK\n"
    )

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def post_office(process):
    """The port that the portal's processes were given for their letters."""
    child = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
    variables = Path(f"/proc/{child}/environ").read_text().split("\0")
    told = dict(entry.split("=", 1) for entry in variables if "=" in entry)
    return int(told["EMAIL_PORT"])
