"""What goes with a training: its picture, its documents, those who give it."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from actors import actions as actors
from actors.choices import State
from documents import actions as documents
from documents.models import Document
from documents.storage import PrivateStorage, StorageFull
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory
from tests.factories.trainings import (
    PDF,
    RegistrationFactory,
    TrainerFactory,
    TrainingFactory,
    TrainingSessionFactory,
    held,
    paper,
    pictured,
)
from tests.pictures import picture
from tests.responses import let_go
from trainings import actions, emails, proof
from trainings.models import Trainer, Training, TrainingDocument, TrainingSession

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """A private place for files, so that they can be counted."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def desk(client, db):
    """A client of the LAG's team."""
    client.force_login(TeamFactory(name="Odile Fictive"))
    return client


def stored(media) -> list[Path]:
    return [path for path in Path(media).rglob("*") if path.is_file()]


def address(training) -> str:
    return reverse("admin:trainings_training_change", args=[training.pk])


def typed(training, **fields) -> dict:
    """What the form of a training holds, with other fields."""
    papers = list(training.documents.select_related("document"))
    rows = {}
    for rank, one in enumerate(papers):
        rows |= {
            f"documents-{rank}-id": one.pk,
            f"documents-{rank}-training": training.pk,
            f"documents-{rank}-title": one.document.title,
            f"documents-{rank}-private": "on" if one.document.private else "",
        }
    return {
        "title": training.title,
        "slug": training.slug,
        "state": training.state,
        "summary": training.summary,
        "level": training.level,
        "image_alt": training.image_alt,
        "trainers-TOTAL_FORMS": "0",
        "trainers-INITIAL_FORMS": "0",
        "documents-TOTAL_FORMS": str(len(papers)),
        "documents-INITIAL_FORMS": str(len(papers)),
        **rows,
        **fields,
    }


def with_file(content: bytes, name: str, **fields) -> dict:
    """One document more."""
    return {
        "documents-TOTAL_FORMS": "1",
        "documents-0-title": "Le programme",
        "documents-0-upload": SimpleUploadedFile(name, content),
    } | fields


def letter(registration) -> str:
    """The path of somebody's own page."""
    return "/" + emails.manage_url(registration).split("/", 3)[3]


# The picture ---------------------------------------------------------------------------------------------


def test_a_picture_is_written_anew_and_shown_with_its_words_and_its_size(desk, media, client):
    training = TrainingFactory(slug="haies")
    sent = SimpleUploadedFile("x.svg.png", picture("JPEG", (1600, 800)))
    answer = desk.post(address(training), typed(training, picture=sent, image_alt="Une haie  en mai"))
    assert answer.status_code == 302
    training.refresh_from_db()
    assert (training.image_width, training.image_height, training.image_alt) == (800, 400, "Une haie en mai")
    assert [path.suffix for path in stored(media)] == [".webp"]
    client.logout()
    shown = f'src="{training.image_address}" width="800" height="400" alt="Une haie en mai" loading="lazy"'
    assert shown in client.get("/formations/haies/").content.decode()
    answer = client.get(training.image_address)
    assert [answer[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")] == [
        "image/webp",
        'inline; filename="haies.webp"',
        "nosniff",
    ]
    assert answer["Cache-Control"] == "public, max-age=604800, immutable"
    let_go(answer)
    # Under the bare address another picture may be shown tomorrow, or none.
    answer = client.get("/formations/haies/image")
    assert "no-store" in answer["Cache-Control"]
    let_go(answer)


def test_the_page_of_a_date_shows_the_picture_and_tells_search_engines(client, db, settings):
    session = TrainingSessionFactory()
    page = client.get(session.get_absolute_url()).content.decode()
    assert ("offer-picture" in page, '"image"' in page) == (False, False)
    training = pictured(session.training)
    page = client.get(session.get_absolute_url()).content.decode()
    assert page.count('class="offer-picture"') == 1
    assert f'"image": "{settings.SITE_URL}{training.image_address}"' in page


def test_a_picture_without_words_is_refused_and_nothing_is_kept(desk, media):
    training = TrainingFactory()
    sent = SimpleUploadedFile("a.png", picture())
    page = desk.post(address(training), typed(training, picture=sent, image_alt=" "))
    assert page.context["adminform"].form.errors == {
        "image_alt": ["Dites en quelques mots ce que montre l’image. Elle n’est pas encore gardée."]
    }
    assert stored(media) == []
    training = pictured(training)
    assert desk.post(address(training), typed(training, image_alt="")).status_code == 200
    training.refresh_from_db()
    assert training.image_alt == "Six personnes autour d’une carte"


def test_the_database_wants_words_and_a_size_with_a_picture(db):
    training = pictured(TrainingFactory())
    for fields in ({"image_alt": ""}, {"image_width": 0}, {"image": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Training.objects.filter(pk=training.pk).update(**fields)


def test_another_picture_takes_the_place_and_none_leaves_none(
    desk, media, django_capture_on_commit_callbacks
):
    training = pictured(TrainingFactory())
    [former] = stored(media)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(
            address(training), typed(training, picture=SimpleUploadedFile("b.png", picture(size=(90, 90))))
        )
    [kept] = stored(media)
    assert kept != former
    training.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(address(training), typed(training, without_picture="on", image_alt=""))
    assert (answer.status_code, stored(media)) == (302, [])
    training.refresh_from_db()
    assert (training.image.name, training.image_width, training.image_alt, training.image_address) == (
        *("", 0, "", ""),
    )


def test_a_form_that_was_open_meanwhile_does_not_bring_the_former_picture_back(db, monkeypatch, client):
    """The admin reads the row, then writes it whole: between both, somebody changed the picture."""
    client.force_login(TeamFactory())
    training = TrainingFactory()
    clean = Training.full_clean

    def meanwhile(self, *args, **kwargs):
        pictured(Training.objects.get(pk=self.pk))
        return clean(self, *args, **kwargs)

    monkeypatch.setattr(Training, "full_clean", meanwhile)
    client.post(address(training), typed(training, title="Autre titre", image_alt="Autre"))
    monkeypatch.undo()
    training.refresh_from_db()
    assert (training.title, training.image_width) == ("Autre titre", 600)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SVG, "SVG ne sont pas acceptées"),
        (b"", "vide"),
        (picture()[:60], "pas une image lisible"),
        (picture(size=(10, 900)), "ruban"),
    ],
    ids=["svg", "empty", "truncated", "ribbon"],
)
def test_a_hostile_picture_is_refused_in_words(desk, media, content, said):
    training = TrainingFactory()
    sent = SimpleUploadedFile("a.png", content)
    page = desk.post(address(training), typed(training, picture=sent, image_alt="Une haie"))
    assert said in " ".join(page.context["adminform"].form.errors["picture"])
    assert stored(media) == []


def test_a_full_disk_is_said_and_changes_nothing(desk, monkeypatch):
    def full(self, name, content):
        raise StorageFull(28, "Il n’y a plus de place sur le serveur.")

    training = TrainingFactory(title="Les haies")
    monkeypatch.setattr(PrivateStorage, "_save", full)
    for more in (
        {"picture": SimpleUploadedFile("a.png", picture()), "image_alt": "Une haie"},
        with_file(PDF, "a.pdf"),
    ):
        answer = desk.post(address(training), typed(training, title="Autre", **more), follow=True)
        assert [str(one) for one in answer.context["messages"]] == ["Il n’y a plus de place sur le serveur."]
    training.refresh_from_db()
    assert (training.title, Document.objects.count()) == ("Les haies", 0)


# Documents -----------------------------------------------------------------------------------------------


def test_a_document_of_everybody_is_listed_and_downloaded_with_care(desk, client):
    session = TrainingSessionFactory()
    training = session.training
    answer = desk.post(address(training), typed(training, **with_file(PDF, "../../programme\u202efdp.pdf")))
    assert answer.status_code == 302
    client.logout()
    kept = training.documents.get()
    for page in (training.get_absolute_url(), session.get_absolute_url()):
        shown = client.get(page).content.decode()
        assert (kept.get_absolute_url() in shown, "PDF, 18\u00a0octets" in shown) == (True, True)
    answer = client.get(kept.get_absolute_url())
    assert b"".join(answer.streaming_content) == PDF
    assert {
        name: answer[name]
        for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Cache-Control")
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="programmefdp.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    let_go(answer)


def test_a_document_of_the_participants_is_on_the_page_of_who_is_registered_and_nowhere_else(client, db):
    registration = RegistrationFactory()
    training = registration.session.training
    kept = paper(training, title="Les supports", private=True)
    for page in (training.get_absolute_url(), registration.session.get_absolute_url()):
        assert "Les supports" not in client.get(page).content.decode()
    assert client.get(kept.get_absolute_url()).status_code == 404
    own = letter(registration)
    theirs = f"{own}documents/{kept.document.public_id}/"
    assert theirs in client.get(own).content.decode()
    answer = client.get(theirs)
    assert (answer.status_code, answer["Content-Disposition"][:10]) == (200, "attachment")
    let_go(answer)
    actions.cancel(registration, by=None)
    assert "Les supports" not in client.get(own).content.decode()
    assert client.get(theirs).status_code == 404


def test_the_link_of_one_training_opens_no_document_of_another(client, db):
    registration = RegistrationFactory()
    other = paper(TrainingFactory(), private=True)
    assert client.get(f"{letter(registration)}documents/{other.document.public_id}/").status_code == 404
    assert client.get(f"/inscriptions/x/documents/{other.document.public_id}/").status_code == 404


def test_the_team_sees_the_documents_of_the_participants_on_the_page(desk):
    kept = paper(TrainingFactory(), title="Les supports", private=True)
    page = desk.get(kept.training.get_absolute_url()).content.decode()
    assert (kept.get_absolute_url() in page, "pour les participants" in page) == (True, True)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"<html><script>alert(1)</script>", "programme.pdf", "ne correspond pas à son extension"),
        (b"", "programme.pdf", "vide"),
        (SVG, "dessin.svg", "pas accepté"),
        (SVG, "dessin.png", "SVG ne sont pas acceptées"),
        (b"MZ", "programme\u202efdp.exe", "pas accepté"),
        (b"%PDF-" + b"0" * actions.DOCUMENT_BYTES, "programme.pdf", "plus de 10\u00a0Mio"),
    ],
    ids=["html", "empty", "svg", "svg-as-png", "reversed", "heavy"],
)
def test_a_hostile_document_is_refused_in_words_and_nothing_is_kept(desk, media, content, name, said):
    training = TrainingFactory(title="Les haies")
    page = desk.post(address(training), typed(training, title="Autre", **with_file(content, name)))
    [*_others, formset] = page.context["inline_admin_formsets"]
    assert said in " ".join(formset.formset.forms[0].errors["upload"])
    training.refresh_from_db()
    assert (training.title, stored(media), Document.objects.count()) == ("Les haies", [], 0)


def test_a_document_changes_its_title_and_its_readers_and_keeps_its_file(desk):
    kept = paper(TrainingFactory())
    former = kept.document.file.name
    fields = {"documents-0-title": "Les supports", "documents-0-private": "on"}
    assert desk.post(address(kept.training), typed(kept.training, **fields)).status_code == 302
    document = Document.objects.get()
    assert (document.title, document.private, document.file.name) == ("Les supports", True, former)


def test_the_desk_shows_what_is_kept_and_leads_to_it(desk):
    training = pictured(paper(TrainingFactory()).training)
    page = desk.get(address(training)).content.decode()
    kept = training.documents.get()
    assert f'<a href="{kept.get_absolute_url()}">PDF, 18\u00a0octets</a>' in page
    assert f'src="{training.image_address}" width="600" height="300"' in page


def test_the_file_goes_with_the_row_whoever_deletes_it(desk, media, django_capture_on_commit_callbacks):
    kept = paper(TrainingFactory())
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(address(kept.training), typed(kept.training, **{"documents-0-DELETE": "on"}))
    assert (Document.objects.count(), stored(media)) == (0, [])
    kept = paper(TrainingFactory())
    with django_capture_on_commit_callbacks(execute=True):
        kept.training.delete()
    assert (TrainingDocument.objects.count(), Document.objects.count(), stored(media)) == (0, 0, [])


def test_the_sweep_leaves_pictures_and_documents(db, media):
    pictured(paper(TrainingFactory()).training)
    for path in stored(media):
        os.utime(path, (0, 0))
    assert (documents.sweep_orphans(), len(stored(media))) == (0, 2)


def test_a_training_takes_ten_documents(desk):
    training = TrainingFactory()
    for _n in range(10):
        paper(training)
    rows = typed(training) | {
        "documents-TOTAL_FORMS": "11",
        "documents-10-title": "Un de trop",
        "documents-10-upload": SimpleUploadedFile("a.pdf", PDF),
    }
    assert desk.post(address(training), rows).status_code == 200
    assert training.documents.count() == 10


def test_what_everybody_may_read_is_in_the_proof_file_of_each_session(db):
    session = held()
    paper(session.training, name="programme.pdf")
    paper(session.training, name="supports.pdf", private=True)
    paper(session.training, name="programme.pdf", content=b"%PDF-1.4 bis")
    content = proof.archive(TrainingSession.objects.with_proof().get(), made=timezone.now())
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        found = {name: packed.read(name) for name in packed.namelist() if name.startswith("8-")}
    assert found == {"8-documents/01-programme.pdf": PDF, "8-documents/02-programme.pdf": b"%PDF-1.4 bis"}


# Those who give it ---------------------------------------------------------------------------------------


def test_those_who_give_it_are_on_the_page_actors_with_a_way_to_their_sheet(desk, client):
    training = TrainingFactory()
    actor = ActorFactory(name="Atelier Fictif")
    fields = {
        "trainers-TOTAL_FORMS": "3",
        "trainers-0-name": "Odile  Fictive",
        "trainers-0-actor": actor.pk,
        "trainers-1-name": "Basile Fictif, Ferme du Tilleul",
        "trainers-2-name": "",
    }
    assert desk.post(address(training), typed(training, **fields)).status_code == 302
    page = client.get(training.get_absolute_url()).content.decode()
    link = f'<a href="{actor.get_absolute_url()}">Atelier Fictif</a>'
    assert (
        f"<strong>Odile Fictive</strong>, {link} et <strong>Basile Fictif, Ferme du Tilleul</strong>." in page
    )


def test_what_a_session_says_of_its_trainers_comes_first(client, db):
    session = TrainingSessionFactory(trainers="Élise Fictive")
    TrainerFactory(training=session.training, name="Odile Fictive")
    page = client.get(session.get_absolute_url()).content.decode()
    assert ("Élise Fictive" in page, "Odile Fictive" in page) == (True, False)
    TrainingSession.objects.update(trainers="")
    page = client.get(session.get_absolute_url()).content.decode()
    assert ("Élise Fictive" in page, "Odile Fictive" in page) == (False, True)


def test_a_trainer_is_somebody(desk):
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainerFactory(name=" ")
    training = TrainingFactory()
    hidden = ActorFactory(state=State.PENDING)
    page = desk.post(
        address(training), typed(training, **{"trainers-TOTAL_FORMS": "1", "trainers-0-actor": hidden.pk})
    )
    assert (page.status_code, Trainer.objects.count()) == (200, 0)


def test_an_actor_that_left_the_directory_stays_without_a_link(desk, client):
    trainer = TrainerFactory(name="", actor=ActorFactory(name="Atelier Fictif"))
    trainer.actor.state = State.ARCHIVED
    trainer.actor.save()
    row = {
        "trainers-TOTAL_FORMS": "1",
        "trainers-INITIAL_FORMS": "1",
        "trainers-0-id": trainer.pk,
        "trainers-0-training": trainer.training_id,
        "trainers-0-actor": trainer.actor_id,
    }
    assert desk.post(address(trainer.training), typed(trainer.training, **row)).status_code == 302
    page = client.get(trainer.training.get_absolute_url()).content.decode()
    assert ("Atelier Fictif" in page, trainer.actor.get_absolute_url() in page) == (True, False)


def test_merging_two_sheets_moves_what_they_give_and_names_it_once(db):
    training = TrainingFactory()
    kept, lost = ActorFactory(), ActorFactory()
    for actor in (kept, lost):
        TrainerFactory(training=training, name="", actor=actor)
    report = actors.merge(lost, into=kept, by=TeamFactory())
    assert report.counts == {"Formateurs et formatrices (acteur)": 1}
    assert {*training.trainers.values_list("actor", flat=True)} == {kept.pk}
    assert [one.actor for one in training.given_by] == [kept]


@pytest.mark.parametrize(("private", "there"), [(False, True), (True, False)])
def test_a_programme_may_be_a_document_of_everybody(db, private, there):
    session = held()
    paper(session.training, name="programme.pdf", private=private)
    (programme, *_others) = proof.pieces(TrainingSession.objects.with_proof().get())
    assert (programme.name, programme.there) == ("Programme", there)
