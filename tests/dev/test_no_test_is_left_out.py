"""A test that skips, or expects to fail, fails the run; a run without tests fails too."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]

LEFT_OUT = {
    "test_skips.py": "def test_it():\n    pytest.skip('later')\n",
    "test_expects_to_fail.py": "@pytest.mark.xfail(reason='known')\ndef test_it():\n    assert False\n",
    "test_module_skips.py": "pytest.skip('not here', allow_module_level=True)\n",
}


def run(folder):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    place = ["--rootdir", folder, "-c", ROOT / "pyproject.toml", "--continue-on-collection-errors", folder]
    return subprocess.run([*command, *place], cwd=ROOT, capture_output=True, text=True)


def test_leaving_a_test_out_fails_the_run(tmp_path):
    for name, body in LEFT_OUT.items():
        (tmp_path / name).write_text(f"import pytest\n\n{body}")
    (tmp_path / "test_passes.py").write_text("def test_it():\n    assert True\n")
    result = run(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1].startswith("2 failed, 1 passed, 1 error in ")


def test_a_run_without_tests_fails(tmp_path):
    result = run(tmp_path)
    assert result.returncode == 5, result.stdout + result.stderr
