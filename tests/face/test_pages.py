"""Pages are valid HTML; error pages stand without context or database; forms speak one markup."""

import html5lib
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.face.urls import Registration

OPEN = ["/compte/login/", "/compte/signup/", "/compte/login/code/", "/compte/password/reset/"]
OWN = [
    "/compte/",
    "/compte/email/",
    "/compte/password/change/",
    "/compte/2fa/",
    "/compte/sessions/",
    "/compte/logout/",
]


def parse(text: str):
    """Return the document; any parse error of HTML raises."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "410", "429", "500", "503"])
def test_error_page_stands_without_context_or_database(name):
    document = parse(render_to_string(f"{name}.html"))
    assert len(document.findall(".//h1")) == 1
    assert document.find(".//main[@id='contenu']") is not None


@pytest.mark.urls("tests.face.urls")
@pytest.mark.parametrize("query", ["", "?erreurs"])
def test_component_page_is_valid(client, db, query):
    response = client.get(f"/composants{query}")
    assert response.status_code == 200
    parse(response.content.decode())


@pytest.mark.parametrize("address", OPEN)
def test_open_account_page_is_valid(client, db, address):
    response = client.get(address)
    assert response.status_code == 200
    parse(response.content.decode())


@pytest.mark.parametrize("address", OWN)
def test_own_account_page_is_valid(client, person, address):
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200
    document = parse(response.content.decode())
    assert len(document.findall(".//h1")) == 1


def test_account_home_asks_for_a_login(client, db):
    response = client.get("/compte/")
    assert response.status_code == 302
    assert response.url == "/compte/login/?next=/compte/"


def test_wrong_form_links_each_error_to_its_control():
    form = Registration({"name": "", "email": "basile@exemple", "audience": "b"})
    document = parse(f"<!doctype html><title>t</title><form>{form}</form>")
    links = [a.get("href") for a in document.findall(".//div[@class='errors stack-small']//a")]
    assert links == ["#id_name", "#id_email", "#id_commune", "#id_consent"]
    for link in links:
        control = document.find(f".//*[@id='{link[1:]}']")
        assert control.get("aria-invalid") == "true"
        described = control.get("aria-describedby").split()
        assert all(document.find(f".//*[@id='{name}']") is not None for name in described)
        assert f"{link[1:]}_error" in described


def test_choices_stand_under_a_legend_and_their_error_links_to_the_first():
    document = parse(f"<!doctype html><title>t</title><form>{Registration({})}</form>")
    assert [legend.text.strip() for legend in document.findall(".//fieldset/legend")] == ["Vous venez pour"]
    links = [a.get("href") for a in document.findall(".//div[@class='errors stack-small']//a")]
    assert "#id_audience_0" in links
    assert document.find(".//*[@id='id_audience_0']") is not None


def test_optional_fields_say_so():
    text = str(Registration())
    assert text.count("(facultatif)") == 2
    assert "placeholder" not in text


def test_sign_up_keeps_its_trap_out_of_sight_without_inline_style(client, db):
    text = client.get("/compte/signup/").content.decode()
    assert 'name="site_web" class="trap" tabindex="-1" autocomplete="off"' in text
    assert "style=" not in text


def test_a_sign_up_that_falls_into_the_trap_creates_nobody(client, db, django_user_model):
    client.post(
        "/compte/signup/",
        {"email": "robot@exemple.be", "password1": "une phrase pour essai", "site_web": "http://exemple.be"},
    )
    assert django_user_model.objects.count() == 0


def test_csrf_failure_is_told_in_french(rf: RequestFactory, db):
    from smartrural.views import csrf_failure

    request = rf.post("/")
    response = csrf_failure(request)
    assert response.status_code == 403
    assert "Le formulaire a expiré" in response.content.decode()
