"""Erasing a person: nothing names them any more in any room, but evidence until its day; a restore undoes nothing."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from accounts import actions, erasure
from accounts.erasure import NOBODY, Person
from accounts.models import Erasure, JournalEntry, User
from actors.models import Actor, Contact, Interaction, Membership
from imports.models import Import
from invitations import actions as invitations
from invitations import emails
from invitations.models import Invitation, Sending
from invitations.refusals import why_not
from needs.models import Answer, Need, Response
from outbox import actions as outbox
from outbox import nudge
from outbox.choices import State as LetterState
from outbox.models import Letter
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory, logged_in
from tests.factories.actors import ActorFactory, ContactFactory, MembershipFactory
from tests.factories.interactions import EMAIL, NAME, busy_person, written_to
from tests.factories.invitations import CampaignFactory, writable_contact
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from trainings.choices import RegistrationState
from trainings.models import Certificate, Registration

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)


@pytest.fixture(autouse=True)
def register(settings, tmp_path):
    """A register of this test alone."""
    settings.ERASURE_REGISTER = tmp_path / "registre" / "effacements.jsonl"
    return settings.ERASURE_REGISTER


def erase(contact: Contact) -> erasure.Report:
    return actions.erase(Person().plus(rows=[contact]), by=None)


def places(*words: str) -> list[str]:
    """Return "room.model.column" of every text column of every table in which one of the words still stands."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        columns = [field for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
        for field in columns:
            for value in model._base_manager.values_list(field.attname, flat=True):
                text = (
                    bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value
                )
                text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
                if any(word.lower() in text.lower() for word in words):
                    found.append(f"{model._meta.label}.{field.name}")
    return sorted({*found})


HISTORY = [
    "account.EmailAddress.email",
    "accounts.JournalEntry.by_label",
    "accounts.JournalEntry.object_label",
    "accounts.User.email",
    "accounts.User.name",
    "actors.Actor.email",
    "actors.Consent.source",
    "actors.Contact.email",
    "actors.Contact.name",
    "actors.Correction.email",
    "actors.Correction.text",
    "actors.Interaction.next_step",
    "actors.Interaction.summary",
    "actors.Membership.email",
    "actors.Proposal.email",
    "actors.Proposal.name",
    "actors.Subscription.email",
    "admin.LogEntry.object_repr",
    "imports.Row.label",
    "imports.Row.values",
    "needs.Answer.value",
    "needs.Need.description",
    "outbox.Letter.last_error",
    "outbox.Letter.message",
    "outbox.Letter.recipients",
    "outbox.Letter.subject",
    "trainings.Certificate.name",
    "trainings.Registration.email",
    "trainings.Registration.name",
]
"""Where the person of `history` stands before: what the proof proves something about."""


def history() -> Contact:
    """A person whom every room knows."""
    contact = busy_person(2)
    Letter.objects.filter(pk=written_to(EMAIL).pk).update(pending=EMAIL, refused="")
    ActorFactory(email=EMAIL, name="Le Verger Fictif")
    typed = {"name": NAME, "language": "fr", "email": EMAIL, "phone": "010 00 00 98", "function": ""}
    typed |= {"consents-TOTAL_FORMS": "0", "consents-INITIAL_FORMS": "0"}
    client = logged_in(AdministratorFactory())
    assert client.post(f"/bureau/actors/contact/{contact.pk}/change/", typed).status_code == 302
    return contact


EVIDENCE = ["trainings.Certificate.name", "trainings.Registration.name"]


def test_the_person_of_these_tests_stands_in_every_room(db):
    history()
    seen = [place for place in places(EMAIL, NAME) if place != "outbox.Letter.pending"]
    assert seen == HISTORY


def test_an_erased_address_stands_in_no_text_column_of_any_table_and_the_name_only_in_evidence(db):
    contact = history()
    erase(contact)
    assert places(EMAIL) == []
    assert places(NAME) == EVIDENCE


def test_after_the_hold_nothing_names_the_person(db, settings):
    erase(history())
    until = Erasure.objects.get().holds_until
    last = timezone.localdate() - timedelta(days=7)
    assert until == last.replace(year=last.year + settings.EVIDENCE_YEARS)
    with time_machine.travel(timezone.make_aware(timezone.datetime(until.year, until.month, until.day, 12))):
        assert actions.finish_erasures() == 0
        assert places(NAME) == EVIDENCE
    with time_machine.travel(
        timezone.make_aware(timezone.datetime(until.year, until.month, until.day, 12)) + timedelta(days=1)
    ):
        assert actions.finish_erasures() == 4
        assert actions.finish_erasures() == 0
    assert places(EMAIL, NAME) == []
    assert Erasure.objects.get().finished_at is not None


@pytest.mark.parametrize("room", ["accounts", "actors", "imports", "invitations", "needs", "trainings"])
def test_each_room_has_its_part_in_it(db, monkeypatch, room):
    contact = history()
    links = {*Invitation.objects.values_list("pk", "link_version")}
    others = [one for one in erasure._erasers if one.__module__ != f"{room}.erasing"]
    assert len(others) == len(erasure._erasers) - 1
    monkeypatch.setattr(erasure, "_erasers", others)
    erase(contact)
    dead = links.isdisjoint(Invitation.objects.values_list("pk", "link_version"))
    assert places(EMAIL) != [] or not dead


def test_every_model_that_holds_an_address_belongs_to_a_room_with_a_part_or_to_no_person(db):
    """A new model with an address fails here until its room says what an erasure does with it."""
    rooms = {one.__module__.partition(".")[0] for one in erasure._erasers}
    known = {"account.EmailAddress": "accounts", "invitations.Campaign": "invitations"}
    left_out = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.EmailField)
        and known.get(model._meta.label, model._meta.app_label) not in rooms
    ]
    assert left_out == ["territory.LAG.email"]


def test_what_others_said_and_did_stays(db):
    contact = history()
    other = RegistrationFactory(name="Basile Fictif")
    counts = {
        model: model.objects.count()
        for model in (Actor, Answer, Interaction, Invitation, Letter, Need, Response)
    }
    registrations = Registration.objects.count()
    erase(contact)
    assert {model: model.objects.count() for model in counts} == counts
    assert Registration.objects.count() == registrations
    other.refresh_from_db()
    assert (other.name, other.email != "") == ("Basile Fictif", True)
    assert Answer.objects.exclude(value=None).count() == 2


def test_evidence_keeps_a_name_and_nothing_else_of_the_person(db):
    erase(history())
    kept = Registration.objects.exclude(erase_on=None)
    assert [*kept.order_by("name").values_list("name", flat=True).distinct()] == [NAME]
    assert kept.count() == 4
    assert {(one.email, one.phone, one.access_needs, one.contact_id, one.user_id) for one in kept} == {
        ("", "", "", None, None)
    }
    assert {*Certificate.objects.values_list("name", flat=True)} == {NAME}
    gone = Registration.objects.filter(erase_on=None)
    assert {*gone.values_list("name", flat=True)} == {NOBODY}


def test_a_session_with_a_signed_sheet_is_evidence_too(db, settings):
    settings.EVIDENCE_YEARS = 1
    long_ago = RegistrationFactory(
        name=NAME,
        email=EMAIL,
        attended=True,
        session=TrainingSessionFactory(days=[timezone.localdate() - timedelta(days=800)]),
    )
    erase(ContactFactory(name=NAME, email=EMAIL))
    long_ago.refresh_from_db()
    assert (long_ago.name, long_ago.erase_on) == (NOBODY, None)
    assert Erasure.objects.get().holds_until is None


def test_a_seat_to_come_is_offered_to_who_waits(db):
    session = TrainingSessionFactory(capacity=1)
    seat = RegistrationFactory(session=session, name=NAME, email=EMAIL)
    waiting = RegistrationFactory(session=session, state=RegistrationState.WAITING)
    erase(ContactFactory(name=NAME, email=EMAIL))
    seat.refresh_from_db()
    waiting.refresh_from_db()
    assert (seat.state, seat.name) == ("cancelled", NOBODY)
    assert waiting.state == "offered"


def test_somebody_else_at_the_same_address_keeps_name_and_seat(db):
    contact = ContactFactory(name=NAME, email=EMAIL)
    partner = RegistrationFactory(name="Hubert Haiefictive", email=EMAIL)
    report = erase(contact)
    partner.refresh_from_db()
    assert (partner.name, partner.state, partner.email) == ("Hubert Haiefictive", "confirmed", "")
    told = [part.erased for part in report.parts if part.label.startswith("Inscriptions d’autres")]
    assert told == [1]


def test_nothing_is_sent_any_more_during_a_campaign(db, settings, monkeypatch):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    monkeypatch.setattr(nudge.current_app, "send_task", lambda name, **options: None)
    contact, other = writable_contact(email=EMAIL, name=NAME), writable_contact()
    campaign = CampaignFactory()
    invitations.prepare(campaign, contacts=[contact, other], by=None)
    invitations.launch(campaign, by=None)
    erase(contact)
    states = dict(Letter.objects.values_list("recipients", "state"))
    assert states == {outbox.ERASED: LetterState.CANCELLED, other.email: LetterState.QUEUED}
    late = written_to(EMAIL)  # by somebody who had read the address before
    Letter.objects.filter(pk=late.pk).update(kind=emails.FIRST)
    Sending.objects.filter(invitation__contact=contact).update(letter=late)
    late.refresh_from_db()
    assert why_not(late) == "L’adresse a été effacée ou changée."
    assert [one.pk for one in Contact.objects.writable()] == [other.pk]


def test_a_letter_that_is_leaving_is_erased_the_next_night(db):
    contact = ContactFactory(email=EMAIL, name=NAME)
    letter, now = written_to(EMAIL), timezone.now()
    held_by = {"claimed_at": now, "claimed_by": "w", "lease_until": now + timedelta(minutes=1)}
    Letter.objects.filter(pk=letter.pk).update(state="sending", **held_by)
    report = erase(contact)
    assert [(part.waits, part.remark != "") for part in report.parts if part.label == "Lettres"] == [
        (1, True)
    ]
    Letter.objects.filter(pk=letter.pk).update(
        state="sent", sent_at=now, lease_until=None, claimed_by="", claimed_at=None
    )
    assert actions.finish_erasures() == 1
    assert places(EMAIL) == []


def test_the_text_of_an_exchange_is_read_again_by_somebody(db):
    erase(busy_person())
    noted = Interaction.objects.get()
    assert (noted.summary, noted.next_step, noted.to_reread) == ("[…] préfère […].", "Rappeler […]", True)


def test_a_short_name_is_not_cut_out_of_other_words():
    person = Person(names=frozenset({"Al"}), emails=frozenset({"al@x.be"}))
    assert (
        erasure.redacted("Al a vu le Local, mal@x.be et AL@X.BE", person)
        == "[…] a vu le Local, mal@x.be et […]"
    )


def test_a_colleague_is_refused_and_nothing_is_erased(db, register):
    contact = ContactFactory(name=NAME, user=TeamFactory(email=EMAIL))
    with pytest.raises(ValidationError, match="Cette personne a un rôle ici"):
        erase(contact)
    contact.refresh_from_db()
    assert (contact.name, Erasure.objects.count(), register.exists()) == (NAME, 0, False)


def test_who_adds_the_address_of_another_to_their_account_is_not_erased_with_them(db):
    stranger = UserFactory(name="Fouine Fictive")
    stranger.emailaddress_set.create(email=EMAIL, verified=False, primary=False)
    erase(ContactFactory(name=NAME, email=EMAIL))
    stranger.refresh_from_db()
    assert (stranger.name, stranger.is_active) == ("Fouine Fictive", True)
    assert stranger.emailaddress_set.count() == 1


def test_a_register_that_cannot_be_written_stops_the_erasure(db, register):
    register.parent.parent.joinpath("registre").write_text("un fichier là où il faut un dossier")
    contact = ContactFactory(name=NAME, email=EMAIL)
    with pytest.raises(OSError):
        erase(contact)
    contact.refresh_from_db()
    assert (contact.name, Erasure.objects.count()) == (NAME, 0)


def test_an_actor_that_nobody_answers_for_any_more_is_named(db):
    member = MembershipFactory(user__email=EMAIL, actor__name="Le Verger Fictif")
    report = erase(ContactFactory(email=EMAIL, name=NAME, user=member.user))
    assert [part.remark for part in report.parts if part.label.startswith("Accès")] == [
        "N’a plus de référent\u00a0: Le Verger Fictif."
    ]
    assert Membership.objects.count() == 0


# The register and what a restore brings back --------------------------------------------------------------


def test_the_register_holds_no_name_and_no_address(db, register):
    erase(history())
    text = register.read_text()
    [line] = [json.loads(line) for line in text.splitlines() if line]
    assert sorted(line) == ["at", "id", "marks", "until"]
    assert EMAIL not in text
    assert "glantine" not in text
    assert {len(mark) for mark in line["marks"]} == {64}
    assert line["marks"] == Erasure.objects.get().marks


def test_the_register_only_grows_and_a_broken_line_spoils_no_other(db, register, caplog):
    erase(ContactFactory(email="a@exemple.invalid"))
    with register.open("a") as file:
        file.write('{"id": "coupée, "at"')
    erase(ContactFactory(email="b@exemple.invalid"))
    found = erasure.entries(register)
    assert [entry.public_id for entry in found] == [
        str(one.public_id) for one in Erasure.objects.order_by("at")
    ]
    assert caplog.messages == ["register of erasures: line 3 cannot be read"]


def dump(path: Path) -> Path:
    call_command(
        "dumpdata", "--natural-foreign", exclude=["contenttypes", "auth"], output=str(path), verbosity=0
    )
    return path


def test_a_restored_backup_replays_the_erasures(transactional_db, register, tmp_path, capsys):
    """The backup is a real one: everything is dumped, the database emptied, everything loaded."""
    contact = history()
    backup = dump(tmp_path / "sauvegarde.json")
    erase(contact)
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", str(backup), verbosity=0)
    assert [place for place in places(EMAIL, NAME) if place != "outbox.Letter.pending"] == HISTORY
    call_command("replay_erasures")
    assert places(EMAIL) == []
    assert places(NAME) == EVIDENCE
    call_command("replay_erasures", str(register))
    assert capsys.readouterr().out.splitlines() == [
        "1 effacements lus, 1 appliqués à nouveau.",
        "1 effacements lus, 0 appliqués à nouveau.",
    ]
    assert JournalEntry.objects.filter(verb="person.erased_again").count() == 1
    [row] = Erasure.objects.all()
    assert (str(row.public_id), row.finished_at) == (erasure.entries(register)[0].public_id, None)


def test_a_person_without_address_is_found_again_by_the_key_of_their_row(db, register):
    contact = ContactFactory(name=NAME, email="")
    erase(contact)
    Contact.objects.filter(pk=contact.pk).update(name=NAME, erased_at=None)
    assert actions.replay_erasures(erasure.entries(register)) == 1
    assert places(NAME) == []


def test_a_role_that_a_restore_gave_back_goes_with_its_person(db, register):
    user = UserFactory(name=NAME, email=EMAIL)
    erase(ContactFactory(name=NAME, email=EMAIL, user=user))
    User.objects.filter(pk=user.pk).update(email=EMAIL, name=NAME, role="team", is_active=True)
    assert actions.replay_erasures(erasure.entries(register)) == 1
    user.refresh_from_db()
    assert (user.name, user.role, user.is_active) == (NOBODY, "", False)


def test_who_came_back_of_their_own_will_is_left_alone(db, register):
    erase(ContactFactory(name=NAME, email=EMAIL))
    ContactFactory(name=NAME, email=EMAIL)
    RegistrationFactory(name=NAME, email=EMAIL)
    written_to(EMAIL)
    assert actions.replay_erasures(erasure.entries(register)) == 0
    assert Contact.objects.filter(email=EMAIL, name=NAME).count() == 1
    assert Registration.objects.get().email == EMAIL


def test_a_key_that_was_changed_still_reads_the_register(db, register, settings):
    contact = ContactFactory(name=NAME, email="")
    erase(contact)
    Contact.objects.filter(pk=contact.pk).update(name=NAME, erased_at=None)
    settings.ERASURE_KEY, settings.SECRET_KEY_FALLBACKS = "une autre clé", []
    assert actions.replay_erasures(erasure.entries(register)) == 0
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    assert actions.replay_erasures(erasure.entries(register)) == 1


def test_a_register_that_is_not_there_is_said(db, register):
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("replay_erasures")


# The page -------------------------------------------------------------------------------------------------


def test_the_page_shows_what_goes_and_what_waits_then_does_it(db, register):
    contact, client = busy_person(), logged_in(TeamFactory(name="Aline Sillon"))
    address = f"/bureau/historique/personne/{contact.public_id}/effacer"
    page = client.get(address)
    shown = {part.label: (part.erased, part.waits) for part in page.context["report"].parts}
    assert shown == {
        "Inscriptions": (2, 2),
        "Places à venir": (1, 0),
        "Réponses envoyées pour une organisation": (1, 0),
        "Réponses à des questions": (1, 0),
        "Besoins": (1, 0),
        "Invitations": (1, 0),
        "Contact": (1, 0),
        "Échanges": (1, 0),
        "Accès comme membre d’un acteur": (2, 0),
        "Propositions et erreurs signalées": (2, 0),
        "Abonnement": (1, 0),
        "Consentements": (1, 0),
        "Lettres": (2, 0),
        "Fichiers importés qui la nomment": (1, 0),
        "Compte": (1, 0),
        "Lignes du journal qui la nomment": (1, 0),
    }
    assert (Contact.objects.get(pk=contact.pk).name, register.exists()) == (NAME, False)
    seen = {"vu": page.context["report"].fingerprint}
    for form in (seen, {"compris": "on", "vu": "autre chose"}):
        assert client.post(address, form).status_code == 200
        assert Contact.objects.get(pk=contact.pk).name == NAME
    assert client.post(address, {"compris": "on", **seen}).status_code == 302
    assert Contact.objects.get(pk=contact.pk).name == NOBODY
    assert client.get(address).status_code == 404
    line = JournalEntry.objects.get(verb="person.erased")
    assert (line.object_label, line.by_label) == ("Effacement", "Aline Sillon")


def test_the_page_asks_for_the_password_again(db):
    client = logged_in(TeamFactory())
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    answer = client.get(f"/bureau/historique/personne/{ContactFactory().public_id}/effacer")
    assert (answer.status_code, answer["Location"].startswith("/compte/")) == (302, True)


def test_files_that_name_the_person_go_with_the_import(db, django_capture_on_commit_callbacks):
    contact = busy_person()
    run = Import.objects.get()
    storage, name = run.file.storage, run.file.name
    with storage.open(name) as file:
        assert EMAIL.encode() in file.read()
    with django_capture_on_commit_callbacks(execute=True):
        erase(contact)
    run.refresh_from_db()
    assert (storage.exists(name), run.file.name, run.rows.count()) == (False, "", 0)
    assert User.objects.filter(email__endswith="@efface.invalid").count() == 1
