"""Pages and downloads: who reads what, and what leaves the server."""

import hashlib
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import JournalEntry
from diagnostics import report, snapshots, tasks
from diagnostics.choices import Publication, State
from diagnostics.models import Diagnostic
from tests.factories.accounts import ManagerFactory, TeamFactory, UserFactory
from tests.factories.actors import MembershipFactory
from tests.factories.diagnostics import PDF, DiagnosticFactory, ready
from tests.factories.needs import EditorFactory, ReferentFactory, SurveyFactory
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


def test_who_speaks_for_a_commune_reads_its_own_once_it_is_made(client):
    jodoigne, incourt = (ReferentFactory(actor__municipality__name=name) for name in ("Jodoigne", "Incourt"))
    own = ready(municipality=jodoigne.actor.municipality)
    waiting = DiagnosticFactory(municipality=jodoigne.actor.municipality, version=2)
    client.force_login(jodoigne.user)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(waiting.get_absolute_url()).status_code == 404
    client.force_login(incourt.user)
    assert client.get(own.get_absolute_url()).status_code == 404
    association = MembershipFactory(actor__municipality=jodoigne.actor.municipality)
    client.force_login(association.user)
    assert client.get(own.get_absolute_url()).status_code == 404


def test_the_page_names_the_members_of_a_commune_among_its_readers_as_the_rule_lets_them_in(client):
    member = EditorFactory(actor__municipality__name="Incourt")
    of_commune, of_area = (
        ready(municipality=member.actor.municipality),
        ready(municipality=None, area=AreaFactory()),
    )
    assert list(Diagnostic.objects.visible_to(member.user)) == [of_commune]
    client.force_login(ManagerFactory())
    told = {
        of_commune: "L’équipe, les gestionnaires et les membres de la fiche d’Incourt",
        of_area: "L’équipe et les gestionnaires",
    }
    for diagnostic, readers in told.items():
        page = client.get(diagnostic.get_absolute_url()).content.decode()
        assert f"<p>{readers} sont seuls à lire ce diagnostic.</p>" in page
        publish(client, diagnostic, "public")
        withdraw = reverse("diagnostics:diagnostic_publish", args=[diagnostic.public_id])
        page = client.post(withdraw, {"publication": "private"}, follow=True).content.decode()
        assert f"Ce diagnostic n’est plus publié. {readers} sont seuls à le lire." in page


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
    chosen = re.compile(r'<option value="(?:commune|zone):([^"]*)" selected>')
    assert chosen.findall(page) == [place.code]
    assert chosen.findall(client.get(address, {"territoire": "\0<script>"}).content.decode()) == []


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


def publish(client, diagnostic: Diagnostic, publication: str) -> int:
    address = reverse("diagnostics:diagnostic_publish", args=[diagnostic.public_id])
    return client.post(address, {"publication": publication}).status_code


@pytest.mark.parametrize("factory", [ManagerFactory, TeamFactory])
def test_who_asks_for_diagnostics_publishes_and_withdraws_them_from_their_own_page(client, factory):
    diagnostic, by = ready(), factory()
    client.force_login(by)
    page = client.get(diagnostic.get_absolute_url()).content.decode()
    assert 'value="public"' in page
    assert publish(client, diagnostic, "public") == 302
    diagnostic.refresh_from_db()
    assert diagnostic.is_public
    page = client.get(diagnostic.get_absolute_url()).content.decode()
    assert 'value="private"' in page
    assert publish(client, diagnostic, "private") == 302
    diagnostic.refresh_from_db()
    assert not diagnostic.is_public
    told = JournalEntry.objects.order_by("pk").values_list("verb", "by_label")
    assert list(told) == [("diagnostic.published", str(by)), ("diagnostic.withdrawn", str(by))]


def test_nobody_else_publishes_a_diagnostic_nor_sees_the_button(client):
    private, public = ready(), ready(version=2, publication=Publication.PUBLIC)
    assert publish(client, public, "private") == 302  # to the login page
    client.force_login(UserFactory())
    assert [publish(client, one, "private") for one in (private, public)] == [404, 404]
    assert 'name="publication"' not in client.get(public.get_absolute_url()).content.decode()
    public.refresh_from_db()
    assert public.is_public
    assert JournalEntry.objects.count() == 0


def test_publishing_takes_a_post_with_its_token_a_known_word_and_a_ready_diagnostic(client):
    diagnostic, unfinished = ready(), DiagnosticFactory(version=2)
    manager = ManagerFactory()
    client.force_login(manager)
    address = reverse("diagnostics:diagnostic_publish", args=[diagnostic.public_id])
    assert client.get(address).status_code == 405
    assert publish(client, diagnostic, "partout") == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)
    assert publish(strict, diagnostic, "public") == 403
    assert publish(client, unfinished, "public") == 302
    assert Diagnostic.objects.published().count() == 0


def test_the_survey_and_the_chapters_are_chosen_in_the_form(client, queue):
    place, survey = MunicipalityFactory(), SurveyFactory()
    LAGFactory(area__municipalities=[place])
    client.force_login(ManagerFactory())
    address = reverse("diagnostics:diagnostic_request")
    fields = {"place": f"commune:{place.code}", "edition": "2026"}
    client.post(address, fields | {"survey": survey.pk, "chapters": ["needs", "projects"]})
    diagnostic = Diagnostic.objects.get()
    assert (diagnostic.survey, diagnostic.chapters) == (survey, ["portrait", "needs", "projects"])
    refused = client.post(address, fields | {"survey": "0", "chapters": ["inconnu"]})
    assert set(refused.context["form"].errors) == {"survey", "chapters"}


def test_an_older_snapshot_is_still_shown_with_its_own_fingerprint(client):
    diagnostic = ready(publication=Publication.PUBLIC)
    data = {**diagnostic.snapshot.data, "schema": 1, "ranks": diagnostic.snapshot.data["portrait"]["ranks"]}
    for key in ("chapters", "left_out", "communes", "survey"):
        del data[key]
    for finding in data["findings"]:
        del finding["basis"]
    html = report.report_html(data)
    assert html.count('class="chapter">3') == 2
    assert snapshots.short(snapshots.fingerprint(data)) in html


def test_the_page_shows_the_frozen_figures_and_no_inline_style(client):
    page = client.get(ready(publication=Publication.PUBLIC).get_absolute_url()).content.decode()
    assert "La commune grandit plus de deux fois plus vite que la région." in page
    assert "14\u202f357" in page
    assert " style=" not in page
    assert "<style" not in page
