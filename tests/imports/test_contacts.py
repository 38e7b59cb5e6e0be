"""People from tables: two on one address, one in three associations, some without e-mail; consent has an origin."""

import pytest

from accounts.actions import erase
from accounts.erasure import Person
from actors import actions as people
from actors.models import Contact
from imports import actions
from imports.admin import summary
from tests.factories.actors import ActorFactory, ContactFactory
from tests.factories.imports import previewed, received, written

LIST = (
    "Prénom;Nom;Fonction;Courriel;GSM;Association\n"
    "Odile;Fictive;présidente;Odile@Exemple.invalid;;Les Abeilles\n"
    "Odile;Fictive;secrétaire;odile@exemple.invalid;;Les Jardins\n"
    "Odile;Fictive;membre;odile@exemple.invalid;;Le Verger\n"
    "Basile;Fictif;trésorier;odile@exemple.invalid;475 00 00 01;Les Abeilles\n"
    "Zoé;Sans-Mail;;;;Le Verger\n"
)
GIVEN = {
    "consent": "file",
    "consent_source": "fiche papier du 12/01/2026",
    "consent_text": "2026-01",
    "consent_day": "12/01/2026",
}


@pytest.fixture
def clubs(places):
    return [ActorFactory(name=name) for name in ("Les Abeilles", "Les Jardins", "Le Verger")]


def imported(text=LIST, **facts):
    return written(text, target="contacts", **facts)


def test_one_person_in_three_associations_is_one_contact(clubs):
    run = imported()
    odile = Contact.objects.get(email="odile@exemple.invalid")
    assert (odile.name, odile.function) == ("Odile Fictive", "présidente")
    assert set(odile.actors.all()) == set(clubs)
    assert [(row.line, row.outcome, row.written) for row in run.rows.all()] == [
        (2, "create", True),
        (3, "change", True),
        (4, "change", True),
        (5, "duplicate", False),
        (6, "create", True),
    ]
    assert run.rows.get(line=3).reasons == ["même personne qu’à la ligne 2"]


def test_the_same_file_again_says_no_change_even_for_who_has_no_address(clubs):
    imported()
    before = list(Contact.objects.values())
    assert summary(imported()) == "0 changement"
    assert list(Contact.objects.values()) == before
    assert Contact.objects.get(email="").name == "Zoé Sans-Mail"


def test_the_second_person_of_an_address_is_added_without_it(clubs):
    run = previewed(LIST, target="contacts")
    row = actions.decide(run, run.rows.get(line=5), choice="add", by=run.by)
    assert row.reasons == ["ajoutée sans adresse e-mail : elle est celle d’une autre personne"]
    actions.work(actions.confirm(run, by=run.by))
    basile = Contact.objects.get(name="Basile Fictif")
    assert (basile.email, basile.phone) == ("", "0475 00 00 01")
    assert summary(imported()) == "0 changement"


def test_a_consent_is_said_for_the_whole_file_with_its_origin(clubs):
    imported(options=GIVEN)
    odile = Contact.objects.get(email="odile@exemple.invalid")
    assert [(one.source, one.text_version, f"{one.given_at:%d/%m/%Y}") for one in odile.consents.all()] == [
        ("fiche papier du 12/01/2026", "2026-01", "12/01/2026")
    ]
    assert odile in Contact.objects.writable()
    assert summary(imported(options=GIVEN)) == "0 changement"


def test_a_consent_without_origin_is_refused_and_none_is_a_choice_too(db):
    form = received("Nom\nZoé\n", target="contacts").kind.form
    assert set(form({}).errors) == {"consent"}
    assert set(form({"consent": "file"}).errors) == {"consent_source", "consent_text", "consent_day"}
    assert form({"consent": "none"}).is_valid()


def test_a_column_says_who_agreed(places):
    imported(
        "Nom;Courriel;Newsletter\nOui;oui@exemple.invalid;oui\nNon;non@exemple.invalid;non\nRien;rien@exemple.invalid;\n",
        options=GIVEN | {"consent": "column"},
    )
    assert [contact.name for contact in Contact.objects.writable()] == ["Oui"]


def test_who_opted_out_stays_out_whatever_the_file_says(clubs):
    odile = ContactFactory(name="Odile Fictive", email="odile@exemple.invalid")
    people.opt_out(odile)
    run = imported(options=GIVEN)
    odile.refresh_from_db()
    assert odile.opted_out_at is not None
    assert odile.consents.count() == 0
    told = "s’est désinscrite ou a retiré son accord : le consentement n’est pas réécrit"
    assert told in run.rows.get(line=2).reasons


def test_an_organisation_that_nobody_knows_is_told(clubs):
    run = imported("Nom;Association\nZoé Fictive;Club inconnu\n")
    assert run.rows.get().reasons == ["aucun acteur ne s’appelle « Club inconnu » : gardée sans lui"]


def test_who_asked_to_be_erased_is_not_brought_back_by_the_file_of_next_year(clubs, settings, tmp_path):
    settings.ERASURE_REGISTER = tmp_path / "effacements.jsonl"
    imported()
    odile = Contact.objects.get(email="odile@exemple.invalid")
    erase(Person().plus(rows=[odile]), by=None)
    run = imported()
    refused = {row.line: row.reasons for row in run.rows.filter(outcome="refused")}
    told = "a demandé l’effacement de ses données\u00a0: ajoutez-la à la main si elle revient d’elle-même"
    assert refused == {line: [told] for line in (2, 3, 4, 5)}
    assert Contact.objects.filter(email="odile@exemple.invalid").count() == 0
    people.add_contact(name="Odile Fictive", email="odile@exemple.invalid", by=None)
    assert previewed(LIST, target="contacts").rows.filter(outcome="refused").count() == 0


HEAD = "Nom;Courriel;Association\n"


def said(run) -> list[tuple]:
    return [(row.line, row.outcome, row.written) for row in run.rows.all()]


def test_a_person_already_there_gains_an_organisation_on_each_of_their_lines(clubs):
    odile = ContactFactory(name="Odile Fictive", email="odile@exemple.invalid", actors=clubs[:1])
    text = HEAD + "".join(f"Odile Fictive;odile@exemple.invalid;{club.name}\n" for club in clubs)
    run = imported(text + "Odile Fictive;odile@exemple.invalid;Le Verger\n")
    assert said(run) == [(2, "same", False), (3, "change", True), (4, "change", True), (5, "same", False)]
    assert set(odile.actors.all()) == set(clubs)


def test_the_lines_of_a_person_may_be_far_apart(clubs):
    odile = ContactFactory(name="Odile Fictive", email="odile@exemple.invalid")
    between = "".join(f"Personne {n};p{n}@exemple.invalid;\n" for n in range(210))
    lines = [f"Odile Fictive;odile@exemple.invalid;{club.name}\n" for club in clubs]
    run = imported(HEAD + lines[0] + between + lines[1] + lines[2] + lines[1])
    assert said(run)[0] == (2, "change", True)
    assert said(run)[-3:] == [(213, "change", True), (214, "change", True), (215, "same", False)]
    assert set(odile.actors.all()) == set(clubs)


def test_a_new_consent_of_a_person_on_several_lines_is_written_once(clubs):
    imported(options=GIVEN)
    run = imported(options={**GIVEN, "consent_text": "2027-01"})
    odile = Contact.objects.get(email="odile@exemple.invalid")
    assert [one.text_version for one in odile.consents.order_by("text_version")] == ["2026-01", "2027-01"]
    assert run.rows.filter(outcome="refused").count() == 0


def test_a_new_person_whose_line_is_there_twice_gains_what_a_third_line_says(clubs):
    line = "{0};{0}@exemple.invalid;{1}\n"
    twice = [line.format(name, "Les Abeilles") * 2 for name in ("odile", "basile", "zoe")]
    run = imported(HEAD + "".join(twice) + line.format("odile", "Le Verger"))
    assert said(run)[:2] + said(run)[-1:] == [(2, "create", True), (3, "same", False), (8, "change", True)]
    assert set(Contact.objects.get(name="odile").actors.all()) == {clubs[0], clubs[2]}
