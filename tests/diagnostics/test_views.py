"""Pages and downloads: who reads what, and what leaves the server."""

import hashlib

import pytest
from django.urls import reverse

from diagnostics import snapshots, tasks
from diagnostics.choices import Publication, State
from diagnostics.models import Diagnostic
from tests.factories.accounts import ManagerFactory, TeamFactory, UserFactory
from tests.factories.diagnostics import PDF, DiagnosticFactory, ready
from tests.factories.territory import AreaFactory, LAGFactory, MunicipalityFactory
from tests.responses import let_go

pytestmark = pytest.mark.django_db
DOWNLOADS = ("sheet_pdf", "report_pdf", "snapshot_json", "table_csv")


@pytest.fixture
def queue(monkeypatch):
    """What was sent to the queue."""
    sent = []
    monkeypatch.setattr(tasks.produce, "delay", sent.append)
    return sent


def address(name: str, diagnostic: Diagnostic) -> str:
    arguments = {"public_id": diagnostic.public_id}
    if name == "table_csv":
        arguments["key"] = "3-1"
    return reverse(f"diagnostics:{name}", kwargs=arguments)


@pytest.mark.parametrize("name", ["diagnostic_page", "diagnostic_progress", *DOWNLOADS])
def test_a_private_diagnostic_does_not_exist_for_the_public(client, name):
    diagnostic = ready()
    assert client.get(address(name, diagnostic)).status_code == 404
    client.force_login(UserFactory())
    assert client.get(address(name, diagnostic)).status_code == 404


@pytest.mark.parametrize("name", ["diagnostic_page", *DOWNLOADS])
def test_a_published_diagnostic_is_read_by_everybody(client, name):
    response = client.get(address(name, ready(publication=Publication.PUBLIC)))
    assert response.status_code == 200
    let_go(response)


@pytest.mark.parametrize("factory", [ManagerFactory, TeamFactory])
def test_managers_and_staff_read_all(client, factory):
    client.force_login(factory())
    for diagnostic in (ready(), DiagnosticFactory(version=2)):
        assert client.get(diagnostic.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_download_is_kept_by_no_cache_and_saved_under_a_plain_name(client, name):
    response = client.get(address(name, ready(publication=Publication.PUBLIC)))
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    let_go(response)


def test_the_stored_file_is_what_is_downloaded(client):
    diagnostic = ready(publication=Publication.PUBLIC)
    response = client.get(address("report_pdf", diagnostic))
    content = b"".join(response.streaming_content)
    let_go(response)
    assert content == PDF
    assert hashlib.sha256(content).hexdigest() == diagnostic.report_sha256


def test_the_downloaded_data_have_the_printed_fingerprint(client):
    diagnostic = ready(publication=Publication.PUBLIC)
    content = client.get(address("snapshot_json", diagnostic)).content
    assert hashlib.sha256(content).hexdigest() == diagnostic.snapshot.sha256
    assert content == snapshots.canonical(diagnostic.snapshot.data)


def test_a_table_is_downloaded_as_csv_and_an_unknown_one_is_404(client):
    diagnostic = ready(publication=Publication.PUBLIC)
    lines = client.get(address("table_csv", diagnostic)).content.decode("utf-8-sig").splitlines()
    assert lines[1] == "Habitants;2020;14357;7205;3644;5522;8981;9461;6548;55718;406019;3645243"
    unknown = reverse("diagnostics:table_csv", args=[diagnostic.public_id, "9-9"])
    assert client.get(unknown).status_code == 404


@pytest.mark.parametrize("name", DOWNLOADS)
def test_nothing_is_downloaded_before_it_is_ready(client, name):
    client.force_login(ManagerFactory())
    assert client.get(address(name, DiagnosticFactory())).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_and_three(
    client, rows, django_assert_num_queries
):
    LAGFactory()
    for version in range(1, rows + 1):
        ready(version=version, publication=Publication.PUBLIC)
    with django_assert_num_queries(2):
        response = client.get(reverse("diagnostics:diagnostic_list"))
    assert len(response.context["diagnostics"]) == rows


def test_the_list_shows_the_public_only_what_is_published(client):
    published = ready(publication=Publication.PUBLIC)
    ready(version=2)
    response = client.get(reverse("diagnostics:diagnostic_list"))
    assert list(response.context["diagnostics"]) == [published]


def ask(client, place: str):
    return client.post(reverse("diagnostics:diagnostic_request"), {"place": place, "edition": "2026"})


def test_a_manager_asks_and_follows_the_progress(client, queue, django_capture_on_commit_callbacks):
    place = MunicipalityFactory()
    LAGFactory(area__municipalities=[place])
    client.force_login(ManagerFactory())
    with django_capture_on_commit_callbacks(execute=True):
        response = ask(client, f"commune:{place.code}")
    diagnostic = Diagnostic.objects.get()
    assert (response.status_code, response["Location"]) == (302, diagnostic.get_absolute_url())
    assert queue == [diagnostic.pk]
    assert client.get(address("diagnostic_progress", diagnostic)).json() == {
        "done": 0,
        "total": 4,
        "text": "En attente",
        "finished": False,
    }
    page = client.get(diagnostic.get_absolute_url()).content.decode()
    assert address("diagnostic_progress", diagnostic) in page


def test_the_form_begins_with_the_place_one_comes_from(client):
    place = MunicipalityFactory()
    LAGFactory(area__municipalities=[place, MunicipalityFactory()])
    client.force_login(ManagerFactory())
    address = reverse("diagnostics:diagnostic_request")
    page = client.get(address, {"territoire": f"commune:{place.code}"}).content.decode()
    assert page.count(" selected") == 1
    assert f'<option value="commune:{place.code}" selected>' in page
    assert " selected" not in client.get(address, {"territoire": "\0<script>"}).content.decode()


def test_a_silent_broker_does_not_lose_the_request(client, monkeypatch, django_capture_on_commit_callbacks):
    def refused(pk):
        raise OSError("connection refused")

    monkeypatch.setattr(tasks.produce, "delay", refused)
    place = MunicipalityFactory()
    LAGFactory(area__municipalities=[place])
    client.force_login(ManagerFactory())
    with django_capture_on_commit_callbacks(execute=True):
        assert ask(client, f"commune:{place.code}").status_code == 302
    assert Diagnostic.objects.get().state == State.REQUESTED


def test_an_unknown_place_or_a_bad_year_is_an_error_of_the_form(client, queue):
    LAGFactory()
    client.force_login(ManagerFactory())
    assert ask(client, "commune:00000").status_code == 200
    response = client.post(
        reverse("diagnostics:diagnostic_request"), {"place": "commune:1", "edition": "20261"}
    )
    assert set(response.context["form"].errors) == {"place", "edition"}
    assert Diagnostic.objects.count() == 0


def test_an_area_emptied_meanwhile_is_an_error_of_the_form(client, queue):
    LAGFactory(area=AreaFactory(kind="lag"))
    client.force_login(ManagerFactory())
    area = LAGFactory._meta.model.objects.get().area
    response = ask(client, f"zone:{area.code}")
    assert "ne contient aucune commune" in response.content.decode()


def test_citizens_do_not_know_of_the_request_form(client):
    assert client.get(reverse("diagnostics:diagnostic_request")).status_code == 302
    client.force_login(UserFactory())
    assert client.get(reverse("diagnostics:diagnostic_request")).status_code == 404


def test_a_failure_is_shown_with_its_cause_and_retried(client, queue, django_capture_on_commit_callbacks):
    diagnostic = DiagnosticFactory(state=State.FAILED, error="La mise en page a dépassé 120 s.")
    client.force_login(ManagerFactory())
    assert "La mise en page a dépassé 120 s." in client.get(diagnostic.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("diagnostic_retry", diagnostic))
    diagnostic.refresh_from_db()
    assert (diagnostic.state, queue) == (State.REQUESTED, [diagnostic.pk])


def test_the_page_shows_the_frozen_figures_and_no_inline_style(client):
    page = client.get(ready(publication=Publication.PUBLIC).get_absolute_url()).content.decode()
    assert "La commune grandit plus de deux fois plus vite que la région." in page
    assert "14\u202f357" in page
    assert " style=" not in page
    assert "<style" not in page
