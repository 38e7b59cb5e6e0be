"""Yardsticks: bare views on the same server, beside the portal's own addresses."""

from functools import cache

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, Template
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from territory.models import Municipality


@csrf_exempt
def row_lock(request: HttpRequest) -> HttpResponse:
    """The least a seat can cost: lock one row, insert two."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_session WHERE id = 1 FOR UPDATE")
        cursor.execute("INSERT INTO bench_seat (name) VALUES (%s)", ["Personne Fictive"])
        cursor.execute("INSERT INTO bench_seat (name) VALUES (%s)", ["Personne Fictive"])
    return HttpResponse("fait", content_type="text/plain")


def bare_page(request: HttpRequest, size: int) -> HttpResponse:
    """The least a page of `size` bytes can cost: one query, one compiled template."""
    first = Municipality.objects.order_by("code").first()
    return HttpResponse(_of_size(size).render(Context({"municipality": first})))


@cache
def _of_size(size: int) -> Template:
    head = "<!doctype html><title>{{ municipality.name }}</title><p>"
    return Engine.get_default().from_string(head + "x" * max(0, size - len(head)))


urlpatterns = [
    path("bench/verrou", row_lock),
    path("bench/page/<int:size>", bare_page),
    path("", include("smartrural.urls")),
]
