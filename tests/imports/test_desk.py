"""An import at the desk: each step has its page, and the same number of questions whatever the file's length."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actors.models import Actor
from imports import actions
from imports.choices import State
from imports.models import Import
from tests.factories.accounts import TeamFactory
from tests.factories.imports import ACTORS, previewed, received, written


@pytest.fixture
def desk(client, places):
    client.force_login(TeamFactory())
    return client


def at(name: str, run: Import) -> str:
    return reverse(f"admin:imports_import_{name}", args=[run.pk])


def left(desk, content: bytes, name="liste.csv", **fields):
    data = {"target": "actors", "source": "Essai", "upload": SimpleUploadedFile(name, content)} | fields
    return desk.post(reverse("admin:imports_import_add"), data)


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_file_goes_from_the_list_of_actors_to_the_directory(desk):
    listed = desk.get(reverse("admin:actors_actor_changelist"))
    assert f'href="{reverse("admin:imports_import_add")}?type=actors"' in listed.text
    response = left(desk, ACTORS.encode())
    run = Import.objects.get()
    assert response["Location"] == at("columns", run)
    page = desk.get(at("columns", run))
    assert page.context["written_as"] == "CSV, UTF-8, point-virgule, titres à la ligne 1"
    fields = {"c0": "name", "c1": "municipality", "c2": "email"}
    answers = {"kind": "association", "state": "draft", "strangers": "refuse"}
    assert desk.post(at("columns", run), fields | answers)["Location"] == at("preview", run)
    assert desk.get(at("advance", run)).json() == {
        "done": 0,
        "total": 1,
        "text": "En attente : le travail commence dans un instant",
        "finished": False,
    }
    actions.work(run)
    page = desk.get(at("preview", run))
    assert "Écrire cette ligne" in page.text
    assert Actor.objects.count() == 0
    desk.post(at("confirm", run))
    desk.post(at("confirm", run))  # twice: once
    run.refresh_from_db()
    actions.work(run)
    assert "1 création" in desk.get(at("preview", run)).text
    assert Actor.objects.get().name == "Les Abeilles Fictives"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Ce fichier est vide. Choisissez-en un autre."),
        (
            b"%PDF-1.7",
            "Ce fichier n’est pas un tableau lisible ici. Enregistrez-le en « .xlsx » ou en « .csv ».",
        ),
        (
            b"Nom;Commune\n" + b"Club;Incourt\n" * 6000,
            "Ce fichier a plus de 5\u202f000 lignes. Coupez-le en plusieurs fichiers.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_beside_its_field(desk, content, why):
    page = left(desk, content)
    assert page.context["form"].errors == {"upload": [why]}
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Nom;Commune\nLes Abeilles;Ailleurs\n", "Rien ne peut être écrit"),
        ("Nom;Commune\nLes Abeilles;Incourt\nLes Abeille;Incourt\n", "Écrire cette ligne"),
        (ACTORS, "0 changement"),
    ],
)
def test_a_preview_says_what_is_to_be_done_next(desk, places, content, told):
    written(source="Autre")
    run = previewed(content)
    page = desk.get(f"/bureau/imports/import/{run.pk}/preview/").text
    assert [one in page for one in ("Rien ne peut être écrit", "Écrire cette ligne", "0 changement")] == [
        one == told for one in ("Rien ne peut être écrit", "Écrire cette ligne", "0 changement")
    ]


def test_a_name_from_elsewhere_is_harmless(desk):
    left(desk, ACTORS.encode(), name="../../etc/passwd\u202e.csv", source="<script>alert(1)</script>")
    run = Import.objects.get()
    assert (run.name, run.file.name.count("/")) == ("passwd.csv", 1)
    assert "<script>alert" not in desk.get(at("columns", run)).text


def test_a_required_column_that_is_missing_is_told_and_choices_are_kept(desk):
    run = received()
    page = desk.post(
        at("columns", run),
        {"c0": "", "c1": "municipality", "kind": "other", "state": "draft", "strangers": "keep"},
    )
    assert page.context["errors"] == ["Aucune colonne ne donne « nom »."]
    assert '<option value="other" selected>' in page.text


def test_letters_badly_read_are_read_again(desk):
    run = received("Nom;Commune\nBibliothèque;Hélécine\n".encode("cp850"))
    desk.post(at("reread", run), {"encoding": "cp850", "delimiter": ";", "header": 1})
    assert "Bibliothèque" in desk.get(at("columns", run)).text
    wrong = desk.post(at("reread", run), {"encoding": "utf-8-sig", "delimiter": ";"}, follow=True)
    assert told(wrong) == ["Ce fichier n’est pas écrit en UTF-8. Choisissez un autre codage."]
    assert "Bibliothèque" in desk.get(at("columns", run)).text


def test_decisions_are_taken_from_the_page(desk, gardens):
    run = previewed("Nom;Commune;Tél\nJardin fictif;Incourt;010000003\n")
    page = desk.get(at("preview", run))
    assert page.context["chosen"] == "duplicate"
    row = run.rows.get()
    response = desk.post(
        at("decide", run), {f"row-{row.pk}": str(gardens.pk), "row-999999": "add"}, follow=True
    )
    assert told(response) == ["1 décision est enregistrée."]
    row.refresh_from_db()
    assert row.changes == [["téléphone", "", "010000003"]]
    assert row.reasons == ["dans le fichier : « Jardin fictif » ; la fiche garde son nom"]


def test_what_is_given_up_is_erased_and_what_is_written_cannot_be(desk):
    run, done = received(), written(source="Autre")
    assert told(desk.post(at("drop", run), follow=True)) == [
        "L’import est abandonné, son fichier est effacé. Rien n’a été écrit."
    ]
    assert told(desk.post(at("drop", done), follow=True)) == [
        "Cet import est « terminé » : il ne peut pas devenir « abandonné »."
    ]
    assert Import.objects.get(pk=run.pk).state == State.DROPPED


@pytest.mark.parametrize("n", [1, 3])
def test_pages_ask_the_same_whatever_the_length(desk, django_assert_num_queries, n):
    text = "Nom;Commune\n" + "".join(f"Club {sign * 4};Incourt\n" for sign in "ABC"[:n])
    for k in range(n):
        run = previewed(text, source=f"source {k}")
    desk.get(at("preview", run))
    with django_assert_num_queries(8):
        desk.get(at("preview", run))
    with django_assert_num_queries(6):
        desk.get(reverse("admin:imports_import_changelist"))
