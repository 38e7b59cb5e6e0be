"""The proxy: its log tells which page was asked for and keeps no personal link; its own pages stand alone."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import links
from tests.contracts import markup

TEMPLATE = Path(settings.BASE_DIR, "deploy", "nginx.conf.template").read_text()
PAGES = Path(settings.BASE_DIR, "deploy", "pages")


def logged(path: str) -> str:
    """What the proxy's map makes of a path."""
    pattern, shown = re.search(r'"~(\S+)" "(\S+)";', TEMPLATE).groups()
    found = re.match(re.sub(r"\(\?<(?=\w)", "(?P<", pattern), path)
    return re.sub(r"\$(\w+)", lambda name: found[name[1]] or "", shown) if found else path


def with_a_token() -> list[str]:
    """Every named address of the portal that holds a token."""
    found = []
    for full, resolver in named(get_resolver()):
        if "token" in resolver.pattern.converters or "<token>" in str(resolver.pattern):
            found.append(full)
    return sorted(found)


def address(name: str, token: str) -> str:
    """Return the address of that name that holds a token; what else it names is one thing or another."""
    (pattern,) = (entry.pattern for full, entry in named(get_resolver()) if full == name)
    others = {key: uuid.uuid4() for key in pattern.converters if key != "token"}
    return reverse(name, kwargs={"token": token, **others})


def named(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from named(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            yield prefix + entry.name, entry


@pytest.mark.parametrize("name", with_a_token())
def test_a_personal_link_is_not_kept(name):
    token = links.make("essai", uuid.uuid4(), version=1, expires=timezone.now() + timedelta(days=1))
    path = address(name, token)
    assert logged(path) == path.replace(token, "[lien]")


def test_a_page_is_told_by_its_address():
    paths = ["/", "/formations/", f"/formations/seance/{uuid.uuid4()}/", "/communes/orp-jauche/"]
    assert [logged(path) for path in paths] == paths


def test_nothing_of_a_query_is_logged():
    (line,) = re.findall(r"log_format discreet '([^']+)';", TEMPLATE)
    assert re.findall(r"\$(\w+)", line) == [
        "remote_addr",
        "time_iso8601",
        "request_method",
        "logged_path",
        "status",
        "body_bytes_sent",
        "request_time",
    ]
    assert re.findall(r"access_log (\S+ \w+);", TEMPLATE) == ["/dev/stdout discreet"]


def test_the_proxys_own_pages_are_whole_and_ask_nothing_of_the_portal():
    named = re.findall(r"error_page ([\d ]+) /proxy/(\w+\.html);", TEMPLATE)
    assert [codes for codes, _page in named] == ["413", "429", "502 503 504"]
    for _codes, page in named:
        html = (PAGES / page).read_text()
        assert markup.faults(html) == []
        assert re.findall(r'(?:src|href)="([^"]+)"', html) == ["/proxy/page.css", "/"]
    assert "url(" not in (PAGES / "page.css").read_text()
    assert "./deploy/pages:/etc/nginx/pages:ro" in Path(settings.BASE_DIR, "docker-compose.yml").read_text()
