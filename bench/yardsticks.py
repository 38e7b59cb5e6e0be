"""Yardsticks: bare views on the same server, beside the portal's own addresses."""

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def row_lock(request: HttpRequest) -> HttpResponse:
    """The least a seat can cost: lock one row, insert two."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM bench_session WHERE id = 1 FOR UPDATE")
        cursor.execute("INSERT INTO bench_seat (name) VALUES (%s)", ["Personne Fictive"])
        cursor.execute("INSERT INTO bench_seat (name) VALUES (%s)", ["Personne Fictive"])
    return HttpResponse("fait", content_type="text/plain")


urlpatterns = [path("bench/verrou", row_lock), path("", include("smartrural.urls"))]
