"""A shared cache that may be away: while Redis is refused or silent, each process counts in its own memory.

What stands in the cache is never the only copy: rate limits, and fragments that can be made again.
"""

import logging
import time
from functools import wraps

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RefusedError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as SilentError
from redis.retry import Retry

logger = logging.getLogger(__name__)

REST = 10
"""Seconds during which Redis is left alone after it failed, so that a silent one does not slow every page."""


def _else_in_memory(name: str):
    asked = getattr(RedisCache, name)

    @wraps(asked)
    def soft(self, *args, **kwargs):
        if time.monotonic() >= self._away_until:
            try:
                return asked(self, *args, **kwargs)
            except (RefusedError, SilentError, RedisError, OSError) as error:
                logger.warning("shared cache away: %s", type(error).__name__)
                self._rest()
        return getattr(self._memory, name)(*args, **kwargs)

    return soft


class SoftRedisCache(RedisCache):
    """Django's Redis cache; when Redis fails, the same questions are asked of this process's memory."""

    # Shared by the instances that Django makes for each thread.
    _away: dict[str, float] = {}

    def __init__(self, server, params):
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self._address = str(server)
        self._memory = LocMemCache(f"while-away:{server}", {})

    @property
    def _away_until(self) -> float:
        return self._away.get(self._address, 0.0)

    @property
    def is_shared(self) -> bool:
        """Whether other processes see what is written here now."""
        return time.monotonic() >= self._away_until

    def _rest(self) -> None:
        self._away[self._address] = time.monotonic() + REST

    add = _else_in_memory("add")
    get = _else_in_memory("get")
    set = _else_in_memory("set")
    touch = _else_in_memory("touch")
    delete = _else_in_memory("delete")
    get_many = _else_in_memory("get_many")
    has_key = _else_in_memory("has_key")
    incr = _else_in_memory("incr")
    set_many = _else_in_memory("set_many")
    delete_many = _else_in_memory("delete_many")
    clear = _else_in_memory("clear")
