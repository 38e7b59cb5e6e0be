"""Pages kept a minute for visitors without a session: never somebody's, never older than said."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.constants import INFO
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache, caches
from django.db.models.signals import post_delete, post_save
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input
from django.test import Client, RequestFactory
from django.urls import resolve

from smartrural import context, kept
from smartrural.caches import SoftRedisCache
from smartrural.kept import KeptPages, address_of
from tests.factories.accounts import ManagerFactory, TeamFactory, UserFactory
from tests.factories.actors import ActorFactory
from tests.factories.portal import small_territory
from tests.factories.trainings import TrainingSessionFactory
from trainings import actions

LOGIN = "Se connecter"
ACCOUNT = "Mon compte"


@pytest.fixture(autouse=True)
def keeping(settings):
    """Keep pages, as an installation does."""
    settings.KEPT_PAGES_SECONDS = 60


def text(client, path: str) -> str:
    """Return a page as one reads it; it is there."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def written(path: str = "/", **extra):
    """Return a request that has its place in the table, as the last middleware sees it."""
    request = RequestFactory().get(path, **extra)
    request.resolver_match = resolve(request.path_info)
    return request


@pytest.mark.parametrize(
    "path", ["/", "/territoire/", "/communes/val-fictif-1/", "/acteurs/?q=&famille=communes"]
)
def test_a_page_is_made_once_and_then_costs_no_query(db, client, django_assert_num_queries, path):
    small_territory()
    first = text(client, path)
    with django_assert_num_queries(0):
        assert text(Client(), path) == first


@pytest.mark.parametrize("path", ["/", "/acteurs/", "/communes/val-fictif-1/"])
def test_everybody_has_their_own_header_whoever_came_before(db, path):
    small_territory()
    visitors = {"nobody": Client(), "citizen": Client(), "manager": Client(), "team": Client()}
    for name, user in (("citizen", UserFactory()), ("manager", ManagerFactory()), ("team", TeamFactory())):
        visitors[name].force_login(user)
    for order in (list(visitors), list(reversed(visitors))):
        cache.clear()
        seen = {name: text(visitors[name], path) for name in order}
        assert {
            name: (LOGIN in page, ACCOUNT in page, ">Bureau<" in page) for name, page in seen.items()
        } == {
            "nobody": (True, False, False),
            "citizen": (False, True, False),
            "manager": (False, True, False),
            "team": (False, True, True),
        }


def test_what_only_a_manager_is_offered_is_kept_for_nobody(db, client):
    small_territory()
    manager = Client()
    manager.force_login(ManagerFactory())
    offers = [
        "Demander le diagnostic" in text(who, "/communes/val-fictif-1/") for who in (manager, client, manager)
    ]
    assert offers == [True, False, True]


def test_who_logs_out_is_nobody_again(db, client):
    small_territory()
    client.force_login(UserFactory())
    assert ACCOUNT in text(client, "/")
    client.logout()
    assert LOGIN in text(client, "/")


def test_any_cookie_but_the_form_tokens_is_answered_anew(settings):
    addresses = []
    for cookie in (settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_NAME, "messages", "autre"):
        request = written()
        request.COOKIES[cookie] = "x"
        addresses.append(address_of(request))
    assert addresses == ["http://testserver/", None, None, None]


def answered(view, user=None) -> list[bytes]:
    """Ask twice for what `view` answers in the place of home; return the two bodies."""
    bodies = []
    for _again in range(2):
        request = written()
        request.user, request.session = user or AnonymousUser(), SessionStore()
        bodies.append(KeptPages(view).process_view(request, view, (), {}).content)
    return bodies


def counting(answer):
    """Return a view that numbers its answers."""
    numbers = iter("123456789")

    def view(request):
        return answer(request, next(numbers))

    return view


def with_token(request, number):
    return HttpResponse(number + get_token(request))


def with_cookie(request, number):
    response = HttpResponse(number)
    response.set_cookie("choix", number)
    return response


def with_session(request, number):
    request.session["choix"] = number
    return HttpResponse(number)


def never_kept(request, number):
    return HttpResponse(number, headers={"Cache-Control": "no-store"})


def missing(request, number):
    return HttpResponse(number, status=404)


def plain(request, number):
    return HttpResponse(number)


@pytest.mark.parametrize("answer", [with_token, with_cookie, with_session, never_kept, missing])
def test_an_answer_made_for_one_visitor_is_not_kept(answer):
    first, second = answered(counting(answer))
    assert (first[:1], second[:1]) == (b"1", b"2")


def test_a_form_is_not_kept_with_the_token_of_who_brings_its_cookie(settings):
    view = counting(lambda request, number: HttpResponse(f"{number}{csrf_input(request)}"))
    bodies = []
    for _again in range(2):
        request = written()
        request.user, request.session = AnonymousUser(), SessionStore()
        request.COOKIES[settings.CSRF_COOKIE_NAME] = request.META["CSRF_COOKIE"] = "a" * 32
        bodies.append(KeptPages(view).process_view(request, view, (), {}).content)
    assert [body[:1] for body in bodies] == [b"1", b"2"]


def test_an_answer_for_everybody_is_kept_but_not_that_of_somebody_logged_in_without_a_cookie():
    assert answered(counting(plain), user=UserFactory.build()) == [b"1", b"2"]
    assert answered(counting(plain)) == [b"1", b"1"]


def test_a_message_is_shown_to_who_earned_it_alone(db, client):
    small_territory()
    text(client, "/")
    told, response, messages = Client(), HttpResponse(), CookieStorage(written())
    messages.add(INFO, "Rien que pour vous.")
    messages.update(response)
    told.cookies["messages"] = response.cookies["messages"].value
    assert "Rien que pour vous." in text(told, "/")
    assert "Rien que pour vous." not in text(client, "/")


def test_the_same_filters_are_one_page_and_a_search_is_none():
    same = [
        "/acteurs/?famille=communes&commune=incourt",
        "/acteurs/?q=&commune=incourt&famille=communes&page=",
    ]
    assert {address_of(written(path)) for path in same} == {
        "http://testserver/acteurs/?commune=incourt&famille=communes"
    }
    others = [
        "/acteurs/?q=potager",
        "/acteurs/?famille=communes&famille=entreprises",
        "/acteurs/?utm_source=",
        "/acteurs/?theme=%3Cb%3E",
        "/acteurs/?page=99999",
        "/?page=2",
        "/acteurs/familles/communes/?commune=incourt",
        "/acteurs/une-fiche/",
        "/formations/",
        "/compte/login/",
        "/bureau/",
    ]
    assert [address_of(written(path)) for path in others] == [None] * len(others)


def test_two_pages_that_share_a_slot_are_not_taken_for_each_other(db, client, monkeypatch):
    monkeypatch.setattr(kept, "SLOTS", 1)
    small_territory()
    ActorFactory(name="Le Potager fictif")
    paths = ["/acteurs/?famille=associations", "/acteurs/?famille=entreprises", "/?carte=population"]
    fresh = [text(client, path) for path in paths]
    assert len(set(fresh)) == 3
    assert [text(client, path) for path in paths] == fresh


def test_pages_with_a_query_take_no_more_room_than_their_slots():
    slots = {kept._slot(f"http://testserver/acteurs/?commune=village-{n}") for n in range(5000)}
    assert len(slots) == kept.SLOTS


def test_another_host_has_its_own_page(settings):
    settings.ALLOWED_HOSTS = ["testserver", "autre.exemple"]
    addresses = [address_of(written(headers={"host": host})) for host in ("testserver", "autre.exemple")]
    assert addresses == ["http://testserver/", "http://autre.exemple/"]


def test_only_questions_are_kept(db, client):
    small_territory()
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200
    assert LOGIN in text(client, "/")


def test_a_change_shows_as_soon_as_it_is_written(db, client, django_capture_on_commit_callbacks):
    small_territory()
    actor = ActorFactory(name="Le Potager fictif")
    assert "Le Potager fictif" in text(client, "/acteurs/")
    with django_capture_on_commit_callbacks(execute=True):
        actor.name = "Le Verger fictif"
        actor.save()
    assert "Le Verger fictif" in text(client, "/acteurs/")


def test_a_seat_taken_or_given_back_forgets_every_page(db, django_capture_on_commit_callbacks):
    session = TrainingSessionFactory()
    generations = [cache.get(kept.GENERATION)]
    with django_capture_on_commit_callbacks(execute=True):
        person = actions.Person(name="Clémence Fictive", email="clemence@exemple.invalid")
        (registration,) = actions.register(session=session, people=[person], by=None).registrations
    generations.append(cache.get(kept.GENERATION))
    with django_capture_on_commit_callbacks(execute=True):
        actions.cancel(registration, by=None)
    generations.append(cache.get(kept.GENERATION))
    assert len(set(generations)) == 3


def test_a_change_that_passes_by_the_signals_shows_after_a_minute(db, client, monkeypatch):
    small_territory()
    actor = ActorFactory(name="Le Potager fictif")
    text(client, "/acteurs/")
    type(actor).objects.update(name="Le Verger fictif")
    assert "Le Potager fictif" in text(client, "/acteurs/")
    lives = []
    monkeypatch.setattr(cache, "set", lambda key, value, life: lives.append(life))
    text(client, "/acteurs/?page=2")
    assert set(lives) == {60}


def test_the_lag_is_asked_for_once_and_anew_when_it_changes(
    db, django_assert_num_queries, django_capture_on_commit_callbacks
):
    lag = small_territory()
    context.lag()
    with django_assert_num_queries(0):
        assert context.lag() == lag
    with django_capture_on_commit_callbacks(execute=True):
        lag.programme = "Autre programme"
        lag.save()
    assert context.lag().programme == "Autre programme"


def test_a_page_overtaken_by_a_change_is_answered_to_nobody_else():
    def overtaken(request, number):
        kept.forget()
        return HttpResponse(number)

    assert answered(counting(overtaken)) == [b"1", b"2"]


def test_each_model_shown_is_watched():
    for name in kept.SHOWN:
        for signal in (post_save, post_delete):
            listening, _async = signal._live_receivers(apps.get_model(name))
            assert kept.forget_once_written in listening, name


def test_each_name_of_the_table_is_a_page():
    paths = ["/", "/territoire/", "/communes/incourt/", "/acteurs/", "/acteurs/familles/communes/"]
    assert [resolve(path).view_name for path in paths] == list(kept.PAGES)


def test_the_browser_is_told_to_ask_again_and_is_spared_what_it_has(db, client):
    small_territory()
    for _again in range(2):
        response = client.get("/")
        assert (response["Cache-Control"], response["Vary"]) == ("private, no-cache", "Cookie")
    unchanged = client.get("/", headers={"if-none-match": response["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    client.force_login(UserFactory())
    assert client.get("/", headers={"if-none-match": response["ETag"]}).status_code == 200


@pytest.mark.redis
@pytest.mark.parametrize("fault", ["stop", "pause"])
def test_pages_are_answered_while_the_shared_cache_is_refused_or_silent(
    db, client, redis_servers, settings, fault
):
    SoftRedisCache._away.clear()
    server = redis_servers()
    options = {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}
    settings.CACHES = {
        "default": {"BACKEND": "smartrural.caches.SoftRedisCache", "LOCATION": server.url, **options}
    }
    small_territory()
    before = text(client, "/")
    getattr(server, fault)()
    try:
        assert [text(client, "/") for _again in range(3)] == [before] * 3
        # Another process would not hear of a change: pages are made anew until the cache is back.
        assert address_of(written()) is None
        kept.forget()
        assert text(client, "/") == before
    finally:
        if fault == "pause":
            server.resume()
        SoftRedisCache._away.clear()
        caches["default"]._memory.clear()
