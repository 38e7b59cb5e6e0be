"""How often something may be asked for: counted in the shared cache, by whatever names who asks."""

import hashlib
import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def spend(purpose: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more use for `who` (kept as a digest); False once there were `most` in this span of `seconds`.

    0 for `most` is no limit, nor is there one for nobody (""). Where the cache cannot count in one step, a few
    more may pass at once.
    """
    if not most or not who:
        return True
    span = int(time.time() // seconds)
    key = f"limit.{purpose}.{span}.{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    if cache.add(key, 1, seconds):
        return True
    try:
        used = cache.incr(key)
    except ValueError:  # it ended between the two
        return True
    cache.touch(key, seconds)  # a cache in the database forgets sooner what it has counted up
    return used <= most


def visitor(request: HttpRequest) -> str:
    """Return the network address that asks, as our own proxies say it; the /64 of an IPv6, which one person holds.

    What a visitor claims in X-Forwarded-For beyond TRUSTED_PROXY_COUNT counts for nothing.
    """
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # no address that a proxy of ours vouches for
        return ""
    try:
        version6 = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    return str(ipaddress.IPv6Network((version6, 64), strict=False).network_address)
