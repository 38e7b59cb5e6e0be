"""The container's web process: told to stop, it says so first, then finishes what it has begun."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dev import services

pytestmark = pytest.mark.processes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def web(tmp_path):
    """The port and the process of `deploy/web`, one worker, on an empty database of its own."""
    port = services.free_port()
    env = {
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORTAIL_TESTS_DIR": str(tmp_path),
        "VAR_DIR": str(tmp_path / "main"),
        "BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1",
        "DRAIN_SECONDS": "3",
    }
    migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=env, check=True)
    (tmp_path / "main" / "stopping").touch()  # what an earlier stop left
    process = subprocess.Popen(["deploy/web"], cwd=ROOT, env=env, start_new_session=True)
    try:
        eventually(lambda: status(port, "/sante/vif") == 200)
        yield port, process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def status(port: int, path: str) -> int:
    """What an address answers; 0 when nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return 0


def eventually(true) -> None:
    """Wait until it is; a busy machine is given a minute."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_stop_turns_readiness_red_then_lets_a_request_end(web):
    port, process = web
    assert status(port, "/sante/pret") == 200
    body = b"login=ada%40exemple.invalid"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as begun:
        head = f"POST /compte/login/code/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        begun.sendall(f"{head}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body[:5])
        process.send_signal(signal.SIGTERM)
        eventually(lambda: status(port, "/sante/pret") == 503)
        assert process.poll() is None
        begun.sendall(body[5:])
        answer = b"".join(iter(lambda: begun.recv(65536), b""))
    # Without a form's token it is refused, in plain words and to the end.
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert answer.rstrip().endswith(b"</html>")
    assert process.wait(60) in {0, 128 + signal.SIGTERM}
    assert status(port, "/sante/vif") == 0
