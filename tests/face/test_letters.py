"""The letters of accounts: French, text and HTML, one thing to do."""

import re

import html5lib
from django.core import mail
from django.test import Client


def links(text: str) -> set[str]:
    return set(re.findall(r"https?://[^\s\"<]+", text))


def test_login_code_arrives_in_text_and_html_without_any_link(client, person):
    client.post("/compte/login/code/", {"email": person.email})
    (letter,) = mail.outbox
    assert letter.subject == "Votre code de connexion"
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    html5lib.HTMLParser(strict=True).parse(html)
    (code,) = re.findall(r"^[A-Z0-9]{3,}-?[A-Z0-9]+$", letter.body, re.MULTILINE)
    assert code in html
    assert links(letter.body) == set()
    assert "<img" not in html


def test_the_mailed_code_logs_in(client, person):
    client.post("/compte/login/code/", {"email": person.email})
    (code,) = re.findall(r"^[A-Z0-9]{3,}-?[A-Z0-9]+$", mail.outbox[0].body, re.MULTILINE)
    response = client.post("/compte/login/code/confirm/", {"code": code})
    assert response.status_code == 302
    assert client.get("/compte/").status_code == 200


def test_unknown_address_gets_one_link_to_sign_up_and_the_same_page(client, person):
    known = client.post("/compte/login/code/", {"email": person.email})
    unknown = Client().post("/compte/login/code/", {"email": "inconnue@exemple.be"})
    assert unknown.status_code == known.status_code
    assert unknown.url == known.url
    letter = mail.outbox[-1]
    assert letter.subject == "Pas de compte à cette adresse"
    assert links(letter.body) == {"http://testserver/compte/signup/"}
    assert links(letter.alternatives[0][0]) == {"http://testserver/compte/signup/"}


def test_changed_password_is_told_with_its_moment(client, person):
    client.force_login(person)
    client.post(
        "/compte/password/change/",
        {
            "oldpassword": "une phrase pour essai",
            "password1": "une autre phrase pour essai",
            "password2": "une autre phrase pour essai",
        },
    )
    (letter,) = mail.outbox
    assert letter.subject == "Votre mot de passe a changé"
    assert "changez de mot de passe sans attendre" in letter.body
