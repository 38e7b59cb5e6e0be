"""Actors from tables: what is new, what changes, what may be the same; asked twice, nothing."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from accounts.models import JournalEntry
from actors.choices import Kind, State
from actors.models import Actor
from imports import actions
from imports.actions import writing
from imports.admin import summary
from imports.choices import State as ImportState
from imports.models import Import, Known, Row
from tests.factories.accounts import TeamFactory
from tests.factories.actors import ActorFactory, CommuneFactory
from tests.factories.imports import checked, previewed, received, written

DATA = Path(__file__).parents[1] / "tabular" / "data"
LIST = (
    "Nom;Type;N° BCE;Rue;N°;CP;Commune;Courriel;Tél\n"
    "Les Abeilles Fictives;ASBL;;Rue Haute;3;1315;Incourt;abeilles@exemple.invalid;010 00 00 01\n"
    "Brasserie Imaginaire;Entreprise;BE 0403.170.701;;;1350;Folx-les-Caves;;\n"
)


def told(run) -> list[tuple]:
    return [(row.line, row.outcome, row.label) for row in run.rows.all()]


def test_a_preview_writes_nothing_and_shows_each_field(places):
    run = previewed(LIST)
    assert (run.state, run.done, run.total) == (ImportState.READY, 2, 2)
    assert told(run) == [(2, "create", "Les Abeilles Fictives"), (3, "create", "Brasserie Imaginaire")]
    assert run.rows.first().changes == [
        ["type", "", "association"],
        ["rue et numéro", "", "Rue Haute 3"],
        ["commune ou village", "", "Incourt"],
        ["adresse e-mail", "", "abeilles@exemple.invalid"],
        ["téléphone", "", "010 00 00 01"],
    ]
    assert (Actor.objects.count(), Known.objects.count()) == (0, 0)


def test_a_confirmation_writes_what_was_shown_and_tells_the_journal(places):
    run = written(LIST, options={"state": "published"})
    assert (run.state, summary(run)) == (ImportState.DONE, "2 créations")
    bees, brewery = Actor.objects.order_by("pk")
    assert (bees.kind, bees.state, bees.street) == (Kind.ASSOCIATION, State.PUBLISHED, "Rue Haute 3")
    assert (brewery.enterprise_number, brewery.place) == ("0403170701", "Folx-les-Caves (Orp-Jauche)")
    verbs = list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "import.received",
        "import.confirmed",
        *["actor.created", "actor.published"] * 2,
        "import.written",
    ]


def test_the_same_file_again_says_no_change(places):
    written(LIST)
    before = list(Actor.objects.values())
    run = written(LIST)
    assert (summary(run), run.counts) == (
        "0 changement",
        {"create": 0, "change": 0, "same": 2, "duplicate": 0, "refused": 0},
    )
    assert list(Actor.objects.values()) == before


def test_what_changed_is_shown_field_by_field_and_an_empty_cell_empties_nothing(places):
    written(LIST)
    changed = LIST.replace("010 00 00 01", "010 00 00 02").replace("abeilles@exemple.invalid", "")
    run = written(changed)
    assert run.rows.get(line=2).changes == [["téléphone", "010 00 00 01", "010 00 00 02"]]
    bees = Actor.objects.get(name="Les Abeilles Fictives")
    assert (bees.phone, bees.email) == ("010 00 00 02", "abeilles@exemple.invalid")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Le Verger;;;;1315;Incourt;jardins@exemple.invalid", "même adresse e-mail"),
        ("Potager;0314.595.348;;;1315;Incourt;", "même numéro d’entreprise"),
        ("Jardin fictif ASBL;;;;1315;Incourt;", "nom proche dans la même commune"),
    ],
)
def test_what_may_be_the_same_is_left_to_a_person(gardens, line, why):
    run = written(f"Nom;BCE;Rue;N°;CP;Commune;Courriel\n{line}\n")
    row = run.rows.get()
    assert (row.outcome, row.candidates) == ("duplicate", [[str(gardens.pk), "Les Jardins Fictifs", why]])
    assert Actor.objects.count() == 1


@pytest.mark.parametrize(("choice", "names"), [("add", 2), ("same", 1), ("leave", 1)])
def test_a_person_decides_and_the_next_file_remembers(gardens, choice, names):
    text = "Nom;Commune;Tél\nJardin fictif ASBL;Incourt;010 00 00 03\n"
    run = previewed(text)
    decided = str(gardens.pk) if choice == "same" else choice
    row = actions.decide(run, run.rows.get(), choice=decided, by=run.by)
    assert row.outcome == {"add": "create", "same": "change", "leave": "duplicate"}[choice]
    actions.work(actions.confirm(run, by=run.by))
    assert Actor.objects.count() == names
    again = written(text)
    assert again.rows.get().outcome == ("duplicate" if choice == "leave" else "same")
    assert summary(again) == "0 changement"


def test_a_decision_that_is_not_offered_is_refused(gardens):
    run = previewed("Nom;Commune\nJardin fictif;Incourt\n")
    other = ActorFactory()
    for choice in (str(other.pk), "effacer"):
        with pytest.raises(ValidationError, match="n’existe pas"):
            actions.decide(run, run.rows.get(), choice=choice, by=run.by)


def test_two_lines_of_one_file_are_told_apart_or_not(places):
    run = written(
        "Nom;Commune;Tél\n"
        "Club A;Incourt;010000001\n"
        "Club A;Incourt;010000001\n"
        "Club A;Incourt;010000002\n"
        "Club A;Orp-Jauche;010000001\n"
        "Justice de paix I;Incourt;\n"
        "Justice de paix II;Incourt;\n"
    )
    assert [(row.line, row.outcome, row.reasons) for row in run.rows.all()] == [
        (2, "create", []),
        (3, "same", ["déjà à la ligne 2"]),
        (4, "duplicate", []),
        (5, "create", []),
        (6, "create", []),
        (7, "create", []),
    ]
    assert run.rows.get(line=4).candidates[0][1:] == ["Club A", "déjà à la ligne 2"]


def test_refused_lines_say_what_is_wrong_and_a_bad_cell_may_be_left_out(places):
    text = (
        "Nom;Commune;Courriel;BCE;CP\n"
        ";Incourt;;;\n"
        "Sans lieu;Ailleurs;;;\n"
        "Mauvais;Incourt;pas une adresse;0314.595.349;\n"
        "Loin;Incourt;;;4000\n"
    )
    run = previewed(text)
    assert [(row.line, row.reasons) for row in run.rows.all()] == [
        (2, ["« nom » manque"]),
        (3, ["« Ailleurs » n’est pas une commune ni un village connus ici"]),
        (
            4,
            [
                "numéro d’entreprise\u00a0: «\u00a00314.595.349\u00a0» n’est pas un numéro d’entreprise\u00a0: dix chiffres "
                "attendus, par exemple 0314.595.348.",
                "adresse e-mail\u00a0: « pas une adresse » n’est pas une adresse e-mail",
            ],
        ),
        (5, ["Incourt n’a pas le code postal 4000"]),
    ]
    kept = previewed(text, options={"lenient": "on", "strangers": "keep"})
    assert told(kept)[1:] == [(3, "create", "Sans lieu"), (4, "create", "Mauvais"), (5, "create", "Loin")]


def test_a_commune_of_the_territory_keeps_its_one_sheet(places):
    commune = CommuneFactory(municipality=places["incourt"], name="Incourt")
    run = written("Nom;Type;Commune;Tél\nAdministration communale d’Incourt;commune;Incourt;010239580\n")
    assert run.rows.get().object_id == str(commune.pk)
    assert Actor.objects.get().phone == "010239580"


def test_courts_of_brabant_wallon_are_imported_once(places):
    from tests.factories.territory import MunicipalityFactory

    for name, code in (("Jodoigne", "1370"), ("Nivelles", "1400"), ("Wavre", "1300"), ("Gembloux", "5030")):
        MunicipalityFactory(name=name, slug=name.lower(), postal_codes=[code, "1401"])
    content = (DATA / "organismes.csv").read_bytes()
    first = written(content, options={"kind": "public_body"})
    names = ["Justice de paix de Jodoigne", "Justice de paix de Wavre I", "Justice de paix de Wavre II"]
    assert list(Actor.objects.filter(name__in=names).order_by("name").values_list("phone", flat=True)) == [
        "+3210818550",
        "+3210471630",
        "+3210868200",
    ]
    again = written(content, options={"kind": "public_body"})
    assert (first.counts["create"], summary(again)) == (Actor.objects.count(), "0 changement")
    refused = first.rows.filter(outcome="refused")
    assert [(row.label, row.reasons) for row in refused] == []


def test_a_column_that_says_the_same_twice_tells_no_records_apart(places):
    text = "code_insee;nom\n25043;Les Abeilles\n25120;Le Verger\n"
    assert received(text).mapping == {"code_insee": "reference", "nom": "name"}
    assert received(text + "25043;Le Club\n", source="Une autre").mapping == {"nom": "name"}


def test_a_column_of_whole_numbers_is_no_position(places):
    """The directory's categories (1 to 7) and short codes (017, 140) would put its sheets anywhere."""
    assert received((DATA / "haut_anjou.csv").read_bytes()).mapping == {
        "ID_LieuMed": "reference",
        "NOM_STRUCTURE": "name",
        "N°": "street",
        "ADRESSE": "street",
        "CP": "postal_code",
        "COMMUNE": "municipality",
        "NUM_TEL": "phone",
        "MAIL_STRUC": "email",
        "SITE_WEB": "website",
    }


def test_a_refused_line_is_known_by_its_name_not_by_its_number_in_the_file(places):
    run = previewed("Id;Nom;Commune\nLMN284;Service jeunesse;Ailleurs\nLMN285;;Ailleurs\n")
    assert told(run) == [(2, "refused", "Service jeunesse"), (3, "refused", "LMN285")]


def test_no_french_place_becomes_one_of_ours(places):
    from tests.factories.territory import MunicipalityFactory

    MunicipalityFactory(name="Liège", slug="liege", postal_codes=["4000"])
    run = previewed((DATA / "paca.csv").read_bytes())
    assert [row.outcome for row in run.rows.all()] == ["refused"] * 4
    assert run.rows.get(line=2).reasons[0].startswith("nom\u00a0: « Biblioth\ufffdque » a perdu")
    assert run.rows.get(line=3).reasons[-1].startswith("« DIGNE-LES-BAINS » n’est pas une commune")


def test_columns_are_remembered_for_their_source(places):
    text = "Qui;Où;Joindre\nLes Abeilles;Incourt;010000001\n"
    mapping = {"Qui": "name", "Où": "municipality", "Joindre": "phone"}
    run = received(text, source="Annuaire d’Incourt")
    actions.check(
        run, mapping=mapping, options={"kind": "other", "state": "draft", "strangers": "keep"}, by=run.by
    )
    again = received(text.replace("Joindre", "Joindre;Site"), source="annuaire d'incourt")
    assert again.mapping == mapping | {"Site": "website"}
    assert again.options["kind"] == "other"
    assert received(text, source="Autre").mapping.get("Qui") is None


def test_what_is_required_is_asked_before_the_preview(places):
    run = received("Qui;Où\nA;Incourt\n")
    with pytest.raises(ValidationError) as refusal:
        actions.check(run, mapping={"Où": "municipality", "Qui": "municipality"}, options={}, by=run.by)
    assert refusal.value.messages == [
        "Aucune colonne ne donne « nom ».",
        "Plusieurs colonnes donnent « commune ou village » : n’en gardez qu’une.",
    ]
    assert Import.objects.get().state == ImportState.COLUMNS


def test_what_changed_since_the_preview_is_left_as_it_is(places):
    written(LIST)
    run = previewed(LIST.replace("010 00 00 01", "010 00 00 02"))
    Actor.objects.filter(name="Les Abeilles Fictives").update(phone="010 00 00 09")
    done = actions.work(actions.confirm(run, by=run.by))
    row = done.rows.get(line=2)
    assert (row.outcome, row.reasons[-1]) == (
        "refused",
        "a changé depuis l’aperçu : laissée telle quelle, refaites un aperçu",
    )
    assert Actor.objects.get(name="Les Abeilles Fictives").phone == "010 00 00 09"
    assert summary(done) == "0 changement"


def test_a_killed_worker_leaves_whole_batches_and_the_next_goes_on(places, monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 2)
    text = "Nom;Commune\n" + "".join(f"Club {sign * 4};Incourt\n" for sign in "ABCDE")
    run = actions.confirm(previewed(text), by=TeamFactory())
    wrote = []

    def dies(held, session, row, known, real=writing.write_row):
        wrote.append(row.line)
        if len(wrote) == 4:
            raise KeyboardInterrupt
        real(held, session, row, known)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "write_row", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.work(run)
    assert Actor.objects.count() == 2
    assert actions.work(run).state == ImportState.WRITING  # the lease still runs
    Import.objects.update(leased_until=None)
    done = actions.work(run)
    assert (done.state, summary(done), Actor.objects.count()) == (ImportState.DONE, "5 créations", 5)


def test_what_fails_three_times_is_shown_as_interrupted(places):
    run = checked(LIST)
    Import.objects.update(attempts=3)
    assert actions.work(run).error == "Le travail s’est interrompu 3 fois de suite."
    again = actions.check(run, mapping=run.mapping, options=run.options, by=run.by)
    assert actions.work(again).state == ImportState.READY


def test_a_dropped_import_keeps_neither_file_nor_rows(places, media, django_capture_on_commit_callbacks):
    run = previewed(LIST)
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop(run, by=run.by)
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert (Row.objects.count(), Import.objects.get().state) == (0, ImportState.DROPPED)


def test_files_and_previews_are_erased_by_retention_but_not_what_was_told(
    places, media, django_capture_on_commit_callbacks
):
    done, waiting = written(LIST), previewed("Nom;Commune\nAutre;Incourt\n", source="Autre")
    with django_capture_on_commit_callbacks(execute=True):
        assert (actions.erase_old(days=30), actions.erase_old(days=0)) == (0, 2)
    assert ([path for path in media.rglob("*") if path.is_file()], Row.objects.count()) == ([], 0)
    states = {run.pk: (run.state, summary(run)) for run in Import.objects.all()}
    assert states[done.pk] == (ImportState.DONE, "2 créations")
    assert states[waiting.pk][0] == ImportState.DROPPED
    assert summary(written(LIST)) == "0 changement"


def test_json_and_workbooks_are_read_alike(places):
    content = json.dumps(
        [{"nom": "Les Abeilles", "commune": "Incourt", "latitude": 50.69, "longitude": 4.78}]
    )
    run = written(content, name="liste.json")
    assert [(actor.name, actor.lat) for actor in Actor.objects.all()] == [("Les Abeilles", 50.69)]
    row = run.rows.get()
    assert row.line == 1
    assert [change[1:] for change in row.changes if "itude" in change[0]] == [["", "50,69"], ["", "4,78"]]


def test_a_preview_asks_the_same_whatever_the_number_of_lines(places, django_assert_num_queries):
    for n in (1, 3):
        text = "Nom;Commune\n" + "".join(f"Club {sign * 4};Incourt\n" for sign in "ABC"[:n])
        run = checked(text, source=f"source {n}")
        with django_assert_num_queries(19):
            actions.work(run)
