"""The locked environment: where packages come from, and catalogues without gettext."""

import gettext
import os
import subprocess
import sys

import pytest

from dev import catalogues, environment

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "{n} place"
msgid_plural "{n} places"
msgstr[0] "{n} place"
msgstr[1] "{n} places"
"""


def test_uv_is_told_what_pip_knows_of_this_machine(tmp_path):
    told = environment._uv_variables(
        {
            "index-url": "https://miroir.exemple/simple",
            "extra-index-url": f"file://{tmp_path} file:///nowhere/simple https://autre.exemple/simple",
            "find-links": f"{tmp_path}\n/nowhere",
            "cert": "/etc/ssl/certs/ca-certificates.crt",
            "no-input": "true",
        }
    )
    assert told == {
        "UV_DEFAULT_INDEX": "https://miroir.exemple/simple",
        "UV_INDEX": f"file://{tmp_path} https://autre.exemple/simple",
        "UV_FIND_LINKS": str(tmp_path),
        "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_LINK_MODE": "copy",
    }


@pytest.mark.parametrize(("begun_with", "made_anew"), [("--without-pip", True), ("--clear", False)])
def test_an_environment_that_cannot_install_is_made_anew(tmp_path, monkeypatch, begun_with, made_anew):
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    assert not environment._is_whole()
    subprocess.run([sys.executable, "-m", "venv", begun_with, tmp_path / ".venv"], check=True)
    assert environment._is_whole() is not made_anew


def test_catalogues_are_compiled_once_and_count_as_french_does(tmp_path):
    source = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO)
    assert catalogues.compile_stale(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        french = gettext.GNUTranslations(compiled)
    assert [french.ngettext("{n} place", "{n} places", n) for n in (0, 1, 2)] == [
        "{n} place",
        "{n} place",
        "{n} places",
    ]
    assert catalogues.compile_stale(tmp_path) == []
    os.utime(source, (2**31, 2**31))
    assert catalogues.compile_stale(tmp_path) == [source.with_suffix(".mo")]
