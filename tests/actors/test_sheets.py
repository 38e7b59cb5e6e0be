"""Those who keep a sheet write it: what two change at once is shown to the second, the logo is made safe."""

import io
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from accounts.models import JournalEntry
from actors import actions, sheets
from actors.choices import Kind, MembershipRole, MembershipState, State
from actors.querysets import ActorQuerySet
from documents import actions as documents
from documents import images
from documents.storage import PrivateStorage, StorageFull
from tests.documents.test_images import pixel_bomb
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import ActorFactory, MembershipFactory
from tests.factories.territory import DimensionFactory, ThemeFactory
from tests.pictures import picture
from tests.responses import let_go

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Stored files of a test live and die with it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def referent(places):
    """The referent of an association of Orp-Jauche."""
    return MembershipFactory(
        actor__name="Les Jardins Fictifs",
        actor__slug="jardins",
        actor__summary="Des haies.",
        actor__municipality=places["orp"],
        user__name="Colette Haie",
    )


@pytest.fixture
def colette(referent):
    return logged_in(referent.user)


def stored(media) -> list[Path]:
    return [path for path in Path(media).rglob("*") if path.is_file()]


def typed(client, **changes) -> dict:
    """Return what a browser sends back of the form as it is shown, with these changes."""
    form = client.get("/espace/jardins/fiche/").context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, False, ""):
            data[field.html_name] = value
    return {**data, **changes}


def send(client, **data):
    return client.post("/espace/jardins/fiche/", data)


def sent_picture(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# Telephone


@pytest.mark.parametrize(
    "phone",
    [
        *("010 00 00 00", "010/00.00.00", "+32 (0)10 00 00 00", "(+32) 10 00 00 00", "0470-00-00-01"),
        *("010 00 00 00 ext. 12", "010000000 EXT 7", "", "123456789012345"),
    ],
)
def test_a_telephone_is_kept_as_people_write_it(colette, referent, phone):
    assert send(colette, **typed(colette, phone=phone)).status_code == 302
    referent.actor.refresh_from_db()
    assert referent.actor.phone == phone


@pytest.mark.parametrize(
    "phone",
    [
        *("abc", "12", "1234567", "1234567890123456", "12345678901234567890123", "010 00 00 00 demander Zoé"),
        *("ext. 12345678", "1234 ext. 5678", "٠١٠٠٠٠٠٠٠", "010+00+00+00", "+", "()()()()"),
    ],
)
def test_what_nobody_could_call_is_refused_with_an_example(colette, referent, phone):
    answer = send(colette, **typed(colette, phone=phone))
    (told,) = answer.context["form"].errors["phone"]
    assert told.startswith("Donnez un numéro de 8 à 15 chiffres, par exemple «\u00a0010 00 00 00\u00a0»")
    referent.actor.refresh_from_db()
    assert referent.actor.phone == ""


# Words


def test_a_member_changes_what_everybody_reads_and_the_journal_keeps_what_it_said(colette, referent, places):
    theme, dimension = ThemeFactory(), DimensionFactory()
    village = places["orp"].localities.get()
    answer = send(
        colette,
        **typed(
            colette,
            summary="Des haies et\tdes mares.",
            description="Le samedi.\r\n\r\nToute l’année.",
            email="haies@exemple.invalid",
            website="exemple.invalid/haies",
            locality=village.pk,
            themes=[theme.pk],
            dimensions=[dimension.pk],
            municipalities_served=[places["orp"].pk, places["incourt"].pk],
        ),
    )
    assert answer["Location"] == "/acteurs/jardins/"
    actor = referent.actor
    actor.refresh_from_db()
    assert (actor.summary, actor.description) == ("Des haies et des mares.", "Le samedi.\n\nToute l’année.")
    assert (actor.website, actor.locality) == ("https://exemple.invalid/haies", village)
    assert (list(actor.themes.all()), list(actor.dimensions.all())) == ([theme], [dimension])
    assert list(actor.municipalities_served.all()) == [places["incourt"], places["orp"]]
    assert actor.state == State.PUBLISHED
    assert actor.confirmed_at is not None
    changed, confirmed = JournalEntry.objects.order_by("pk")
    assert (changed.verb, changed.by_label) == ("actor.changed", "Colette Haie")
    assert changed.facts == {
        "fields": [
            "description",
            "dimensions",
            "email",
            "locality",
            "municipalities_served",
            "summary",
            "themes",
            "website",
        ],
        "before": {"summary": "Des haies.", "description": ""},
    }
    assert confirmed.verb == "actor.confirmed"


def test_the_desk_reads_who_changed_what(colette, referent):
    send(colette, **typed(colette, summary="Des mares."))
    page = logged_in(TeamFactory()).get(f"/bureau/actors/actor/{referent.actor.pk}/change/").text
    assert "Colette Haie\u00a0: a changé en une phrase (avant\u00a0: «\u00a0Des haies.\u00a0»)" in page


def test_fields_that_are_not_in_the_form_are_ignored(colette, referent):
    posted = typed(
        colette,
        name="Autre",
        kind=Kind.ENTERPRISE,
        state=State.ARCHIVED,
        slug="x",
        enterprise_number="0314595348",
    )
    assert send(colette, **posted).status_code == 302
    actor = referent.actor
    actor.refresh_from_db()
    assert (actor.name, actor.kind, actor.state, actor.slug, actor.enterprise_number) == (
        "Les Jardins Fictifs",
        Kind.ASSOCIATION,
        State.PUBLISHED,
        "jardins",
        "",
    )


@pytest.mark.parametrize(
    ("role", "state", "answer"),
    [
        (MembershipRole.REFERENT, MembershipState.ACTIVE, 200),
        (MembershipRole.EDITOR, MembershipState.ACTIVE, 200),
        (MembershipRole.MEMBER, MembershipState.ACTIVE, 404),
        (MembershipRole.REFERENT, MembershipState.REQUESTED, 404),
        (MembershipRole.REFERENT, MembershipState.REVOKED, 404),
    ],
)
def test_referents_and_editors_alone_write_the_sheet(db, role, state, answer):
    member = MembershipFactory(role=role, state=state)
    address = f"/espace/{member.actor.slug}/fiche/"
    assert logged_in(member.user).get(address).status_code == answer
    assert logged_in(member.user).post(address, {"summary": "À moi."}).status_code == (
        answer if answer == 404 else 409
    )


def test_what_is_typed_wrong_is_kept_and_said(colette, referent):
    page = send(
        colette, **typed(colette, summary="Des mares.", email="haies@", website="ftp://exemple.invalid")
    )
    assert (page.status_code, sorted(page.context["form"].errors)) == (200, ["email", "website"])
    assert page.context["form"]["summary"].value() == "Des mares."
    referent.actor.refresh_from_db()
    assert referent.actor.summary == "Des haies."


def test_a_village_of_elsewhere_is_refused(colette, referent):
    page = send(colette, **typed(colette, locality=999999))
    assert list(page.context["form"].errors) == ["locality"]


# Two people at once


@pytest.fixture
def denis(referent):
    return logged_in(MembershipFactory(actor=referent.actor, role=MembershipRole.EDITOR).user)


def test_the_second_of_two_sees_both_versions_and_decides(colette, denis, referent):
    hers = typed(colette, summary="Des mares.", phone="010 00 00 01")
    his = typed(denis, summary="Des vergers.", street="Rue Fictive 1")
    assert send(denis, **his).status_code == 302
    page = send(colette, **hers)
    assert page.status_code == 409
    assert page.context["overtaken"] == [
        {"name": "summary", "label": "En une phrase", "mine": "Des mares.", "theirs": "Des vergers."}
    ]
    referent.actor.refresh_from_db()
    assert (referent.actor.summary, referent.actor.phone) == ("Des vergers.", "")
    again = page.context["form"]
    # Hers stay in the form; what he alone changed is taken.
    assert [again[name].value() for name in ("summary", "phone", "street")] == [
        "Des mares.",
        "010 00 00 01",
        "Rue Fictive 1",
    ]
    data = {field.html_name: field.value() for field in again if field.value() not in (None, False)}
    assert send(colette, **data).status_code == 302
    referent.actor.refresh_from_db()
    assert (referent.actor.summary, referent.actor.phone, referent.actor.street) == (
        "Des mares.",
        "010 00 00 01",
        "Rue Fictive 1",
    )


def test_two_who_change_different_things_do_not_meet(colette, denis, referent):
    hers, his = typed(colette, summary="Des mares."), typed(denis, phone="010 00 00 02")
    assert [send(denis, **his).status_code, send(colette, **hers).status_code] == [302, 302]
    referent.actor.refresh_from_db()
    assert (referent.actor.summary, referent.actor.phone) == ("Des mares.", "010 00 00 02")


def test_without_what_the_person_had_seen_the_first_words_would_be_lost(colette, denis, referent):
    hers, his = typed(colette, summary="Des mares."), typed(denis, summary="Des vergers.")
    send(denis, **his)
    referent.actor.refresh_from_db()
    hers["seen"] = sheets.seal(referent.actor, sheets.read(referent.actor))  # as a form without memory
    assert send(colette, **hers).status_code == 302
    referent.actor.refresh_from_db()
    assert referent.actor.summary == "Des mares."


@pytest.mark.parametrize("seen", ["", "abc", "x" * 9000])
def test_a_forged_memory_makes_every_change_a_question(colette, referent, seen):
    page = send(colette, **typed(colette, summary="Des mares.", seen=seen))
    assert (page.status_code, [one["name"] for one in page.context["overtaken"]]) == (409, ["summary"])


# The logo


def test_a_logo_is_written_anew_and_shown_where_the_actor_is(colette, referent, client, media):
    assert (
        send(
            colette, **typed(colette, logo=sent_picture(picture("JPEG", (1200, 600)), "x.svg.png"))
        ).status_code
        == 302
    )
    actor = referent.actor
    actor.refresh_from_db()
    assert (actor.logo_width, actor.logo_height) == (320, 160)
    [kept] = stored(media)
    assert kept.suffix == ".webp"
    answer = client.get("/acteurs/jardins/logo")
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "image/webp",
        "public, max-age=604800, immutable",
    )
    assert (answer["X-Content-Type-Options"], answer["Content-Disposition"]) == (
        "nosniff",
        'inline; filename="logo-jardins.webp"',
    )
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (320, 160)
    let_go(answer)
    src = f'src="{actor.logo_address}"'
    assert (
        f'{src} width="320" height="160" alt="Logo de Les Jardins Fictifs"'
        in client.get("/acteurs/jardins/").text
    )
    assert f'{src} width="320" height="160" alt=""' in client.get("/acteurs/").text
    assert f'{src} width="320" height="160" alt=""' in colette.get("/espace/jardins/").text


def test_a_logo_of_a_sheet_that_is_not_public_is_its_members_alone(colette, referent, client):
    send(colette, **typed(colette, logo=sent_picture(picture())))
    type(referent.actor).objects.update(state=State.ARCHIVED)
    assert client.get("/acteurs/jardins/logo").status_code == 404
    answer = colette.get("/acteurs/jardins/logo")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    let_go(answer)


def test_the_former_file_goes_when_another_takes_its_place(
    colette, referent, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(colette, **typed(colette, logo=sent_picture(picture())))
    [first] = stored(media)
    with django_capture_on_commit_callbacks(execute=True):
        send(colette, **typed(colette, logo=sent_picture(picture(size=(90, 90)))))
    [second] = stored(media)
    assert first != second
    with django_capture_on_commit_callbacks(execute=True):
        send(colette, **typed(colette, without_logo="on"))
    assert stored(media) == []
    referent.actor.refresh_from_db()
    assert (referent.actor.logo.name, referent.actor.logo_width, referent.actor.logo_address) == ("", 0, "")


def test_the_sweep_of_files_leaves_a_logo_and_takes_what_no_sheet_names(colette, media):
    send(colette, **typed(colette, logo=sent_picture(picture())))
    [kept] = stored(media)
    lost = kept.with_name("perdu.webp")
    lost.write_bytes(b"x")
    for path in (kept, lost):
        os.utime(path, (0, 0))
    assert (documents.sweep_orphans(), stored(media)) == (1, [kept])


def test_a_logo_whose_row_is_not_written_leaves_no_file(referent, media, monkeypatch):
    def fail(self, *args, **kwargs):
        raise RuntimeError

    safe = images.small(picture(), width=320)
    monkeypatch.setattr(type(referent.actor), "save", fail)
    with pytest.raises(RuntimeError):
        actions.set_logo(referent.actor, picture=safe, by=referent.user)
    assert stored(media) == []


def test_a_full_disk_is_said_and_changes_nothing(colette, referent, monkeypatch, media):
    def full(self, name, content):
        raise StorageFull(28, "Il n’y a plus de place sur le serveur.")

    monkeypatch.setattr(PrivateStorage, "_save", full)
    page = send(colette, **typed(colette, logo=sent_picture(picture())))
    assert page.context["form"].errors["logo"] == ["Il n’y a plus de place sur le serveur."]
    referent.actor.refresh_from_db()
    assert referent.actor.logo.name == ""


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (SVG, "logo.svg", "SVG ne sont pas acceptées"),
        (SVG, "logo.png", "SVG ne sont pas acceptées"),
        (b"GIF89a<html><script>alert(1)</script>", "logo.png", "pas une image lisible"),
        (picture()[:60], "logo.png", "pas une image lisible"),
        (b"", "logo.png", "vide"),
        (pixel_bomb(30_000), "logo.png", "trop de pixels"),
        (picture(size=(10, 900)), "logo.png", "ruban"),
        (picture(size=(1, 1)), "logo.png", "trop petite (1\u00a0×\u00a01 pixels)"),
        (picture(size=(90, 31)), "logo.png", "au moins 32\u00a0×\u00a032 pixels"),
    ],
    ids=["svg", "svg-as-png", "gif-html", "truncated", "empty", "bomb", "ribbon", "pixel", "low"],
)
def test_hostile_and_useless_pictures_are_refused_in_words(colette, referent, content, name, said, media):
    page = send(colette, **typed(colette, logo=sent_picture(content, name), summary="Des mares."))
    assert said in " ".join(page.context["form"].errors["logo"])
    assert stored(media) == []
    referent.actor.refresh_from_db()
    assert referent.actor.summary == "Des haies."


def test_a_script_behind_a_picture_does_not_come_through(colette, referent, media):
    send(colette, **typed(colette, logo=sent_picture(picture() + b"<script>alert(1)</script>", "logo.html")))
    [kept] = stored(media)
    assert b"script" not in kept.read_bytes()


def test_a_logo_without_its_file_is_not_found(referent, client):
    actor = referent.actor
    actor.logo, actor.logo_width, actor.logo_height = "aa/perdu.webp", 10, 10
    actor.save()
    assert client.get("/acteurs/jardins/logo").status_code == 404


@pytest.mark.parametrize("things", [1, 3])
def test_the_directory_asks_as_much_with_logos_as_without(client, places, django_assert_num_queries, things):
    for n in range(things):
        ActorFactory(logo=f"aa/{n}.webp", logo_width=10, logo_height=10, municipality=places["orp"])
    cache.clear()
    with django_assert_num_queries(9):
        client.get("/acteurs/")


@pytest.mark.parametrize("things", [1, 3])
def test_the_form_asks_the_same_whatever_it_offers(colette, referent, django_assert_num_queries, things):
    referent.actor.themes.set(ThemeFactory.create_batch(things))
    referent.actor.dimensions.set(DimensionFactory.create_batch(things))
    with django_assert_num_queries(12):
        colette.get("/espace/jardins/fiche/")


def test_nobody_edits_without_logging_in(referent):
    answer = Client().get("/espace/jardins/fiche/")
    assert answer["Location"] == "/compte/login/?next=/espace/jardins/fiche/"


def test_the_row_is_locked_before_it_is_compared(referent, monkeypatch):
    locked = []
    lock = ActorQuerySet.select_for_update
    monkeypatch.setattr(
        ActorQuerySet,
        "select_for_update",
        lambda self, *args, **kw: locked.append(1) or lock(self, *args, **kw),
    )
    now = sheets.read(referent.actor)
    assert actions.edit(referent.actor, values=now, seen=now, by=referent.user) == []
    assert locked == [1]


def test_a_sheet_says_what_is_announced_in_which_languages_and_of_what_size(client, db):
    actor = ActorFactory(
        kind="enterprise",
        nace_section="F",
        size_class="5",
        languages="français, néerlandais",
        events="Portes ouvertes le 12 mai 2027\nMarché le 3 juin 2027",
    )
    page = client.get(actor.get_absolute_url()).content.decode()
    for told in ("Construction", "5 à 9 personnes", "français, néerlandais", "le 12 mai 2027<br>Marché"):
        assert told in page
    assert "F · " not in page


@pytest.mark.parametrize("facts", [{"nace_section": "Z"}, {"size_class": "3"}])
def test_a_section_or_a_size_that_nobody_knows_is_refused_by_the_database(db, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        ActorFactory(**facts)
