"""Templates: all compile, all are used, none names a variable that its view does not give."""

import re

import pytest
from django.conf import settings
from django.template import Context, engines
from django.template.loader import get_template

from tests.contracts.strictness import MissingVariable

FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*") if path.is_file())
# Looked up by name by Django and by allauth, whose own templates these replace.
LOOKED_UP = re.compile(
    r"^(400|403|403_csrf|404|410|429|500|503)\.html$|^(account|mfa|usersessions|allauth|admin)/|^registration/"
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name):
    assert get_template(name) is not None


def test_every_template_is_used():
    texts = [path.read_text() for path in FOLDER.rglob("*.*") if path.is_file()]
    texts += [
        path.read_text()
        for path in settings.BASE_DIR.rglob("*.py")
        if not {".venv", "tests", "var"} & set(path.relative_to(settings.BASE_DIR).parts)
    ]
    whole = "\n".join(texts)
    unused = [
        name
        for name in TEMPLATES
        if not LOOKED_UP.match(name)
        and f'"{name}"' not in whole
        and f"'{name}'" not in whole
        and f'"{name.rsplit(".", 1)[0]}"' not in whole
    ]
    assert unused == []


def test_a_missing_variable_of_ours_is_an_error():
    template = get_template("base.html").template
    with pytest.raises(MissingVariable, match="absente"):
        engine = engines["django"].engine
        broken = engine.from_string("{{ absente }}")
        broken.origin = template.origin
        broken.render(Context())


def test_a_missing_variable_of_others_is_empty():
    assert engines["django"].from_string("{{ absente }}").render({}) == ""
