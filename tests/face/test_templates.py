"""Every template compiles and keeps the house's rules: no inline code, no placeholder, well-set French."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = settings.BASE_DIR / "templates"
ALL = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file())
# Mail programs know no style sheet: there, and only there, style stands in the markup.
PAGES = [name for name in ALL if name.endswith(".html") and "/email/" not in f"/{name}"]
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|=\s*[\"']data:"
    r"|<script(?![^>]*(\bsrc=|type=\"application/(ld\+)?json\"))",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", ALL)
def test_template_compiles(name):
    assert get_template(name).template.name == name


def test_no_page_carries_inline_style_script_or_handler():
    assert [name for name in PAGES if INLINE.search((ROOT / name).read_text())] == []


def test_no_page_uses_a_placeholder():
    assert [name for name in PAGES if "placeholder=" in (ROOT / name).read_text()] == []


def test_no_template_names_a_territory():
    named = re.compile(r"Jodoigne|Culturalit|Brabant|Hesbaye|Ramillies|Perwez|Incourt|Beauvechain")
    assert [name for name in ALL if named.search((ROOT / name).read_text())] == []


def test_french_in_templates_has_its_no_break_spaces_and_apostrophes():
    faults = {}
    for name in ALL:
        text = (ROOT / name).read_text()
        sentences = re.findall(r"{% translate \"([^\"]+)\"", text)
        sentences += re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL)
        wrong = [s for s in sentences if re.search(r"\w [;:!?»]|« |\w'\w|\.\.\.", s)]
        if wrong:
            faults[name] = wrong
    assert faults == {}
