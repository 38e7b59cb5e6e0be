"""What hostile or clumsy people put in addresses and forms: answered in words, never by an error of ours."""

from urllib.parse import quote

import pytest
import time_machine
from django.contrib import admin
from django.db.models import DateTimeField
from django.test import Client

from tests.factories.accounts import PASSWORD, AdministratorFactory, UserFactory, logged_in

FARAWAY = "9" * 20
"""A number that no column holds."""


def asked_of(model) -> list[str]:
    """Return the parameters of a list of the desk that name a number, a day or another row."""
    desk = admin.site._registry[model]
    names = [field.name for field in model._meta.fields if field.is_relation or field.primary_key]
    for one in desk.list_filter:
        name = one[0] if isinstance(one, tuple) else one
        names += [f"{name}__exact", f"{name}__id__exact"] if isinstance(name, str) else [one.parameter_name]
    days = (
        [f"{desk.date_hierarchy}__{part}" for part in ("year", "month", "day")] if desk.date_hierarchy else []
    )
    return [*names, *days, "p", "o", "q", "e"]


@pytest.mark.parametrize("value", [FARAWAY, "\x00"], ids=["faraway", "nul"])
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_a_list_of_the_desk_answers_whatever_its_address_asks(db, model, value):
    client = logged_in(AdministratorFactory())
    client.raise_request_exception = False
    address = f"/bureau/{model._meta.app_label}/{model._meta.model_name}/"
    answers = {name: client.get(address, {name: value}).status_code for name in asked_of(model)}
    assert {name: answer for name, answer in answers.items() if answer not in (200, 302, 400)} == {}


@pytest.mark.parametrize("value", [FARAWAY, "x"], ids=["faraway", "no number"])
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_a_new_row_of_the_desk_answers_whatever_its_address_proposes(db, model, value):
    client = logged_in(AdministratorFactory())
    client.raise_request_exception = False
    address = f"/bureau/{model._meta.app_label}/{model._meta.model_name}/add/"
    fields = [field for field in model._meta.get_fields() if field.concrete]
    names = [one.name for one in fields if one.is_relation or isinstance(one, DateTimeField)]
    answers = {name: client.get(address, {name: value}).status_code for name in names}
    assert {name: answer for name, answer in answers.items() if answer not in (200, 302, 400, 403)} == {}


def test_nobody_asks_the_desk_by_a_pattern(db):
    client = logged_in(AdministratorFactory())
    for pattern in ("[", "(a+)+$", "a"):
        assert client.get("/bureau/actors/contact/", {"email__regex": pattern}).status_code == 400


PLACES = [
    "/bureau/actors/actor/%00/change/",
    f"/bureau/actors/actor/{'9' * 5000}/change/",
    f"/bureau/trainings/trainingsession/{FARAWAY}/inscriptions/",
    f"/bureau/trainings/trainingsession/{'9' * 400}/change/",
    f"/bureau/invitations/campaign/{FARAWAY}/preview/",
    f"/bureau/r/1/{FARAWAY}/",
    "/communes/%00/",
    "/acteurs/a%00b/",
    "/projets/%ED%A0%80/",
    "/invitation/%ED%A0%80/",
    "/inscriptions/%00/",
    "/membre/lien/%00/",
    "/abonnement/arret/lien/%00/",
    "/abonnement/choix/lien/%ED%A0%80/",
    "/static/%2e%2e/manage.py",
    f"/{'a' * 9000}",
]


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path[:40])
def test_an_address_that_leads_nowhere_is_not_found(db, path):
    client = logged_in(AdministratorFactory())
    client.raise_request_exception = False
    # The desk says « no longer exists » on its front page.
    expected = (200, 404) if path.startswith("/bureau/") else (404,)
    assert client.get(path, follow=True).status_code in expected


def test_a_host_that_is_not_ours_is_refused(db):
    for host in ("ailleurs.invalid", "testserver.ailleurs.invalid", "testserver@ailleurs.invalid", "a b"):
        answer = Client(raise_request_exception=False).get("/", headers={"Host": host})
        assert (host, answer.status_code) == (host, 400)


@pytest.mark.parametrize("claimed", ["X-Forwarded-Host", "X-Host", "X-Original-Url", "Forwarded"])
def test_what_a_visitor_claims_of_the_host_counts_for_nothing(db, claimed):
    answer = Client().get("/mon-espace/", headers={claimed: "ailleurs.invalid"})
    assert (answer.status_code, answer["Location"]) == (302, "/compte/login/?next=/mon-espace/")


@pytest.mark.parametrize(
    "target", ["//ailleurs.invalid/x", "https://ailleurs.invalid", "/\\ailleurs.invalid", "javascript:1"]
)
def test_nobody_is_sent_elsewhere_after_a_form(db, target):
    user = UserFactory()
    entered = Client().post(
        f"/compte/login/?next={quote(target)}", {"login": user.email, "password": PASSWORD}
    )
    assert (entered.status_code, entered["Location"]) == (302, "/mon-espace/")
    assert logged_in(user).post("/compte/logout/", {"next": target})["Location"] == "/"


@time_machine.travel("2026-11-22 08:10+00:00", tick=False)
def test_codes_are_limited_whoever_the_visitor_claims_to_be_and_whether_the_address_is_known(db, mailoutbox):
    UserFactory(email="aline@exemple.invalid")

    def ask(address: str, n: int):
        claimed = {"X-Forwarded-For": f"203.0.113.{n}"}
        return Client().post(
            "/compte/login/code/", {"email": address}, headers=claimed, REMOTE_ADDR="192.0.2.1"
        )

    for address in ("aline@exemple.invalid", "inconnue@exemple.invalid"):
        answers = [ask(address, n) for n in range(5)]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 200, 200]
        assert {answer["Location"] for answer in answers[:3]} == {"/compte/login/code/confirm/"}
        assert "Trop d’essais" in answers[4].content.decode()
    others = [ask(f"personne{n}@exemple.invalid", n).status_code for n in range(12)]
    # 20 a minute from one network, those refused above among them.
    assert others == [302] * 10 + [200] * 2
    assert [letter.to for letter in mailoutbox].count(["aline@exemple.invalid"]) == 3
