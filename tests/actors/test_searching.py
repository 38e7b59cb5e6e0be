"""Search: accents, villages, themes, renames, contacts; on PostgreSQL, by its index."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection

from actors import naming
from actors.models import Actor, Contact
from tests.factories.actors import ActorFactory, ContactFactory
from tests.factories.territory import LocalityFactory, ThemeFactory
from typography.folding import fold

MIGRATION = "actors.migrations.0002_search_by_trigrams"


def found(typed, model=Actor):
    return sorted(model.objects.matching(typed).values_list("name", flat=True))


def test_a_village_finds_every_actor_of_its_municipality(places):
    ActorFactory(name="Atelier Fictif", municipality=places["orp"])
    ActorFactory(name="Brasserie Imaginaire", municipality=places["incourt"])
    ActorFactory(name="Sans Siège Connu")
    for typed in ("Folx-les-Caves", "folx les CAVES", "1350 atelier", "orp jauche"):
        assert found(typed) == ["Atelier Fictif"]


def ranked(typed) -> list[str]:
    return list(Actor.objects.matching(typed).nearest_first(typed).values_list("name", flat=True))


def test_a_village_puts_its_own_actors_before_those_of_its_municipality(places):
    folx = places["orp"].localities.get()
    jauche = LocalityFactory(municipality=places["orp"], name="Jauche", postal_code="1350")
    ActorFactory(name="Atelier de vélos", municipality=places["orp"], locality=jauche)
    ActorFactory(name="Brocante de vélos", municipality=places["orp"])
    ActorFactory(name="Vélos du tilleul", municipality=places["orp"], locality=folx)
    ActorFactory(name="Zone de vélos", municipality=places["orp"], locality=folx)
    of_folx = ["Vélos du tilleul", "Zone de vélos", "Atelier de vélos", "Brocante de vélos"]
    for typed in ("Folx-les-Caves", "folx", "vélos FOLX les caves"):
        assert ranked(typed) == of_folx
    assert ranked("jauche")[0] == "Atelier de vélos"
    # No village is meant: the order of names.
    for typed in ("vélos", "1350", "les", ""):
        assert ranked(typed) == sorted(of_folx, key=fold)[: len(ranked(typed))]


def test_each_word_must_tell_something(places):
    ActorFactory(name="Atelier Fictif", description="On y répare des vélos.", municipality=places["orp"])
    ActorFactory(name="Vélos Imaginaires", municipality=places["incourt"])
    assert found("velo") == ["Atelier Fictif", "Vélos Imaginaires"]
    assert found("vélos folx-les-caves") == ["Atelier Fictif"]
    assert found("vélos folx-les-caves brasserie") == []
    assert found("") == found("’ - %") == ["Atelier Fictif", "Vélos Imaginaires"]


def test_a_theme_finds_its_actors(places):
    mobility = ThemeFactory(name="Mobilité douce")
    ActorFactory(name="Atelier Fictif", themes=[mobility], municipality=places["orp"])
    ActorFactory(name="Autre Atelier", municipality=places["orp"])
    assert found("MOBILITE") == ["Atelier Fictif"]
    assert found("mobilité folx autre") == []


def test_a_renamed_village_is_found_at_once_by_its_new_name_alone(places):
    ActorFactory(name="Atelier Fictif", municipality=places["orp"])
    assert found("folx") == ["Atelier Fictif"]
    village = places["orp"].localities.get()
    village.name = "Val-Imaginaire"
    village.save()
    assert (found("val imaginaire"), found("folx")) == (["Atelier Fictif"], [])
    places["orp"].name = "Orp-la-Nouvelle"
    places["orp"].save()
    assert (found("nouvelle"), found("jauche")) == (["Atelier Fictif"], [])
    LocalityFactory(municipality=places["orp"], name="Hameau-Neuf", postal_code="1350")
    assert found("hameau neuf") == ["Atelier Fictif"]


def test_a_village_renamed_by_a_territory_loaded_again_is_found(
    db, settings, tmp_path, django_capture_on_commit_callbacks
):
    folder = tmp_path / "territoire"
    shutil.copytree(Path(settings.TERRITORY_DIR), folder)

    def load():
        with django_capture_on_commit_callbacks(execute=True):
            call_command("load_territory", folder=folder, stdout=io.StringIO())

    load()
    from territory.models import Municipality

    ActorFactory(name="Atelier Fictif", municipality=Municipality.objects.get(name="Orp-Jauche"))
    assert found("folx les caves") == ["Atelier Fictif"]
    villages = folder / "localites.csv"
    villages.write_text(villages.read_text().replace("Folx-les-Caves", "Les Grottes"))
    load()
    assert found("les grottes") == ["Atelier Fictif"]


def test_names_that_a_process_read_before_a_commit_are_read_again_after_it(
    places, django_capture_on_commit_callbacks
):
    village = places["orp"].localities.get()
    with django_capture_on_commit_callbacks() as callbacks:
        village.save()
    cache.set(
        "actors.naming.places", [naming.Place(places["orp"].pk, "perime", [])]
    )  # read by another, before the commit
    for callback in callbacks:
        callback()
    ActorFactory(name="Atelier Fictif", municipality=places["orp"])
    assert (found("perime"), found("folx")) == ([], ["Atelier Fictif"])


def test_contacts_are_found_by_name_address_phone_and_organisation(db):
    garden = ActorFactory(name="Les Jardins de l’Écurie", description="Du miel.")
    ContactFactory(name="Éloïse Fictive", email="e.fictive@exemple.invalid", actors=[garden])
    ContactFactory(name="Basile Inventé", email="", phone="010/81.12.34", function="Échevin")
    for typed in ("eloise", "E.FICTIVE@exemple.invalid", "écurie jardins", "eloise ecurie"):
        assert found(typed, Contact) == ["Éloïse Fictive"]
    for typed in ("010 81 12 34", "invente echevin"):
        assert found(typed, Contact) == ["Basile Inventé"]
    # What an organisation does is not its name.
    assert found("miel", Contact) == []
    assert found("", Contact) == ["Basile Inventé", "Éloïse Fictive"]


# PostgreSQL's index ---------------------------------------------------------------------------------------


def plan(queryset) -> str:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return queryset.order_by().explain()


def many(places, *, actors=6000, contacts=6000):
    """Write rows of different words: all alike, any plan would do."""
    sheets = [
        Actor(
            name=f"Atelier {fold(hex(n * 7919))} fictif",
            slug=f"atelier-{n}",
            kind="association",
            state="published",
            municipality=places["namur"] if n % 10 else places["orp"],
            summary=f"Une association imaginaire, numéro {n * 104_729 % 99_991}, qui répare, plante et transmet.",
        )
        for n in range(actors)
    ]
    people = [
        Contact(name=f"Personne {n * 104_729 % 99_991}", email=f"p{n}@exemple.invalid")
        for n in range(contacts)
    ]
    for one in (*sheets, *people):
        one.fold_words()
    Actor.objects.bulk_create(sheets)
    Contact.objects.bulk_create(people)


@pytest.mark.postgresql
def test_a_search_among_thousands_reads_the_index_of_trigrams(places):
    many(places)
    ActorFactory(name="Les Pommiers", municipality=places["orp"])
    ContactFactory(name="Odile Inventée")
    assert found("pommier") == ["Les Pommiers"]
    assert "actor_search" in plan(Actor.objects.published().matching("pommier"))
    # A word that names a village too: the index and the seat's, joined in one bitmap.
    both = plan(Actor.objects.published().matching("folx pommier"))
    assert "actor_search" in both and "Seq Scan on actors_actor" not in both
    people = plan(Contact.objects.matching("odile inventée"))
    assert "contact_search" in people and "Seq Scan on actors_contact " not in people


@pytest.mark.postgresql
def test_without_the_index_the_whole_table_is_read(places):
    many(places, contacts=0)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX actor_search")
    assert "Seq Scan on actors_actor" in plan(Actor.objects.matching("pommier"))


@pytest.mark.postgresql
def test_a_role_that_may_not_create_the_extension_is_told_what_to_type(db):
    from importlib import import_module

    from django.core.exceptions import ImproperlyConfigured

    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE petit_role")
        cursor.execute("SET LOCAL ROLE petit_role")
    with pytest.raises(ImproperlyConfigured, match="CREATE EXTENSION pg_trgm;") as refusal:
        import_module(MIGRATION).create(None, connection.schema_editor())
    assert isinstance(refusal.value.__cause__, DatabaseError)
