"""Style sheets and scripts stay small, and ask nobody else for anything."""

import re

import brotli
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
PUBLIC_CSS = ["tokens.css", "base.css", "components.css"]


def compressed(paths) -> int:
    return sum(len(brotli.compress(path.read_bytes())) for path in paths)


def test_public_style_sheets_weigh_less_than_10_kib():
    assert compressed(STATIC / "css" / name for name in PUBLIC_CSS) < 10 * 1024


def test_public_scripts_weigh_less_than_5_kib():
    assert compressed(path for path in (STATIC / "js").glob("*.js") if path.name != "desk.js") < 5 * 1024


def test_style_sheets_and_scripts_reach_no_other_site():
    reached = {
        path.name: re.findall(r"https?://[^\s\"')]+|url\(\s*[\"']?data:", path.read_text())
        for path in [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]
    }
    assert {name: found for name, found in reached.items() if found} == {}


def test_scripts_write_text_and_never_markup():
    sinks = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert [path.name for path in STATIC.glob("js/*.js") if re.search(sinks, path.read_text())] == []


def test_every_file_that_a_style_sheet_names_exists():
    named = [
        (path.parent / name).resolve()
        for path in STATIC.glob("css/*.css")
        for name in re.findall(r"url\([\"']?([^\"')#]+)", path.read_text())
    ]
    assert [str(path) for path in named if not path.exists()] == []
    assert len(named) >= 4
