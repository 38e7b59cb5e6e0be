"""The shared cache may be away; pages and limits go on."""

import time

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RefusedError

from smartrural.caches import SoftRedisCache

pytestmark = pytest.mark.redis
OPTIONS = {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}}


@pytest.fixture(autouse=True)
def awake():
    SoftRedisCache._away.clear()


def test_a_running_redis_is_shared(redis_servers):
    server = redis_servers()
    one, other = SoftRedisCache(server.url, OPTIONS), SoftRedisCache(server.url, OPTIONS)
    one.set("essais", 2)
    assert other.incr("essais") == 3
    assert one.get("essais") == 3


def test_a_refused_redis_is_counted_in_memory_where_djangos_own_fails(redis_servers):
    server = redis_servers()
    cache = SoftRedisCache(server.url, OPTIONS)
    server.stop()
    with pytest.raises(RefusedError):
        RedisCache(server.url, OPTIONS).get("essais")
    assert cache.add("essais", 1) is True
    assert cache.incr("essais") == 2
    assert cache.get_many(["essais", "rien"]) == {"essais": 2}


def test_a_silent_redis_is_asked_once_then_left_alone(redis_servers, monkeypatch):
    server = redis_servers()
    cache = SoftRedisCache(server.url, OPTIONS)
    asked = []
    monkeypatch.setattr(
        SoftRedisCache, "_rest", lambda self, rest=SoftRedisCache._rest: (asked.append(1), rest(self))
    )
    server.pause()
    try:
        assert [cache.get("essais", "rien") for _ in range(5)] == ["rien"] * 5
    finally:
        server.resume()
    assert asked == [1]


def test_redis_is_asked_again_when_it_is_back(redis_servers):
    server = redis_servers()
    cache = SoftRedisCache(server.url, OPTIONS)
    server.stop()
    cache.set("essais", 1)
    server.start()
    SoftRedisCache._away[cache._address] = time.monotonic()
    assert cache.get("essais") is None
    cache.set("essais", 5)
    assert RedisCache(server.url, OPTIONS).get("essais") == 5
