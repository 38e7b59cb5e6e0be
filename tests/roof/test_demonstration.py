"""The demonstration: loaded once, fictitious to the last address, something on every line of the desk."""

import io
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import JournalEntry, User
from actors.choices import State
from actors.models import Actor, Contact, Digest, Interaction, Subscription
from diagnostics.models import Diagnostic
from invitations.models import Campaign
from needs import figures
from needs.models import Need, Response, SharedNeed, Survey
from outbox.models import Letter
from projects.models import Milestone, Project
from smartrural.demonstration import programme
from smartrural.demonstration.cast import CITIZEN
from smartrural.demonstration.handouts import ODT
from tests import real
from tests.factories.actors import ActorFactory
from trainings import figures as training_figures
from trainings.models import (
    Certificate,
    Registration,
    Trainer,
    Training,
    TrainingDocument,
    TrainingSession,
)


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """The demonstration on the real territory, in a transaction that the module's end takes back."""
    with django_db_blocker.unblock(), real.territory():
        written = programme.load()
        connection.check_constraints()
        yield written


@pytest.fixture
def loaded(story, db):
    """How many rows the loading wrote."""
    return story


def load():
    """Run the command; return what it says last."""
    told = io.StringIO()
    call_command("load_demo", stdout=told)
    return told.getvalue().splitlines()[-1]


# Loaded once ---------------------------------------------------------------------------------------------


def test_a_second_run_says_0_changement_and_writes_nothing(loaded):
    assert loaded > 2000
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert load() == "Programme de démonstration\u00a0: 0 changement"
    words = {query["sql"].split()[0] for query in asked}
    assert words == {"SAVEPOINT", "SELECT", "RELEASE"}


def test_some_people_come_back_from_the_same_place(loaded):
    sessions, homes = defaultdict(set), defaultdict(set)
    for one in Registration.objects.exclude(email=CITIZEN[0]):
        sessions[one.email].add(one.session_id)
        homes[one.email].add((one.actor_id, one.municipality_id))
    times = Counter(len(keys) for keys in sessions.values())
    assert ({*times}, times[1] > times[2] > times[3]) == ({1, 2, 3}, True)
    assert {len(places) for places in homes.values()} == {1}
    held = training_figures.activity(TrainingSession.objects.held())
    assert held.people_different < held.attended


def test_two_trainings_show_a_drawing_and_hand_out_what_opens(loaded):
    shown = Training.objects.exclude(image="")
    assert {(one.image_width, one.image_alt.startswith("Dessin de démonstration")) for one in shown} == {
        (800, True)
    }
    kept = [one.document for one in TrainingDocument.objects.select_related("document")]
    assert sorted((one.content_type, one.private) for one in kept) == [
        (ODT, False),
        (ODT, False),
        (ODT, True),
    ]
    assert sorted(str(one) for one in Trainer.objects.all()) == [
        *("Adélaïde Exemple, Espace numérique de la Gette", "La Passerelle", "Sidonie Fictive")
    ]


def test_what_people_did_since_is_left_as_it_is(loaded):
    kept = Registration.objects.exclude(certificates=None).distinct().count()
    Registration.objects.filter(certificates=None).delete()
    ActorFactory()
    assert load() == "Programme de démonstration\u00a0: 0 changement"
    assert Registration.objects.count() == kept


def test_who_came_to_a_closed_session_holds_a_certificate_and_was_asked_what_it_was_worth(loaded):
    closed = TrainingSession.objects.filter(state="closed")
    assert closed.count() == 3
    for session in closed:
        came = session.registrations.confirmed().filter(attended=True).count()
        opinion = training_figures.opinion(session)
        assert Certificate.objects.of_session(session).count() == came
        assert (opinion.asked, opinion.answered >= training_figures.FEWEST) == (came, True)


def test_it_tells_how_to_enter(loaded):
    first, second, citizen, visitor = programme.doors()
    assert first.split() == [
        "référent,",
        "Jodoigne",
        "referent.jodoigne@exemple.invalid",
        "fictif-jodoigne",
    ]
    assert second.split()[-2:] == ["referent.orp-jauche@exemple.invalid", "fictif-orp-jauche"]
    assert citizen.split() == ["citoyen", "citoyen@exemple.invalid", "fictif-citoyen"]
    assert visitor.partition("\u00a0: ")[2].startswith("http://testserver/inscriptions/")


def test_the_clock_and_the_post_office_are_the_usual_ones_afterwards(loaded):
    assert vars(timezone)["datetime"] is datetime
    assert settings.EMAIL_BACKEND == "django.core.mail.backends.locmem.EmailBackend"


# Nobody is real, nothing leaves --------------------------------------------------------------------------


def test_every_address_leads_nowhere(loaded):
    addresses = [
        *User.objects.values_list("email", flat=True),
        *Contact.objects.values_list("email", flat=True),
        *Actor.objects.values_list("email", flat=True),
        *Registration.objects.values_list("email", flat=True),
        *Subscription.objects.values_list("email", flat=True),
        *Campaign.objects.values_list("reply_to", flat=True),
    ]
    addresses += [one for letter in Letter.objects.all() for one in letter.addresses]
    assert {address.rpartition("@")[2] for address in addresses} == {"exemple.invalid"}


def test_every_actor_says_that_it_is_invented(loaded):
    told = set(Actor.objects.values_list("description", flat=True))
    last_lines = {text.rpartition("\n")[2] for text in told}
    assert last_lines == {"Fiche de démonstration\u00a0: cet acteur et ces personnes sont inventés."}


def test_no_letter_leaves_and_none_waits(loaded):
    assert mail.outbox == []
    counted = dict(Letter.objects.count_by_state())
    assert counted.pop("sent") > 150
    assert counted == {"queued": 0, "claimed": 0, "sending": 0, "failed": 1, "uncertain": 1, "cancelled": 0}


def test_nothing_is_dated_tomorrow(loaded):
    now = timezone.now()
    assert JournalEntry.objects.filter(at__gt=now).count() == 0
    assert Registration.objects.filter(registered_at__gt=now).count() == 0
    assert Letter.objects.filter(created_at__gt=now).count() == 0


# The story -----------------------------------------------------------------------------------------------


def test_every_line_of_the_desk_has_something_to_show(loaded):
    assert [actor.name for actor in Actor.objects.filter(state=State.PENDING)] == ["Le Bibliobus du dimanche"]
    survey = Survey.objects.get(state="open")
    sent = Response.objects.submitted().filter(survey=survey)
    silent = Actor.objects.filter(kind="municipality").exclude(survey_responses__in=sent)
    assert [str(commune) for commune in silent] == ["Hélécine", "Orp-Jauche"]
    full = TrainingSession.objects.full_with_people_waiting().order_by("starts_at")
    assert [(one.training.slug, one.confirmed) for one in full] == [
        ("petit-dej-rural", 10),
        ("communication-web", 7),
    ]
    offered = Registration.objects.offered().get()
    assert (offered.session, offered.told) == (full[1], "offered")
    assert offered.session.registrations.waiting().first().rank == 1
    few = TrainingSession.objects.to_decide()
    assert [(one.training.slug, one.confirmed, one.minimum) for one in few] == [
        ("intelligence-collective", 8, 10)
    ]
    assert Letter.objects.needing_a_person().count() == 2
    forgotten = TrainingSession.objects.without_attendance().order_by("starts_at")
    assert [one.training.slug for one in forgotten] == ["intelligence-collective", "midi-du-smart"]
    assert [str(one.municipality) for one in Diagnostic.objects.in_progress()] == ["Jodoigne"]
    today = timezone.localdate()
    assert [one.next_step for one in Interaction.objects.late(today)] == ["Rappeler pour l’enquête"]
    assert [one.next_step for one in Interaction.objects.due(today)] == ["Demander les mesures de couverture"]


def test_seven_communes_answered_last_time_and_grew_since(loaded):
    now = Survey.objects.get(state="open")
    assert figures.participation(now.previous) == figures.Participation(invited=7, begun=7, submitted=7)
    assert figures.participation(now) == figures.Participation(invited=7, begun=6, submitted=5)
    before, after = figures.maturities(now.previous), figures.maturities(now)
    gains = {code: maturity.overall.value - before[code].overall.value for code, maturity in after.items()}
    assert len(gains) == 5
    assert all(Decimal("0.03") < gain < Decimal("0.2") for gain in gains.values())


def test_citizens_are_kept_posted(loaded):
    states = Subscription.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["active"] * 5 + ["stopped", "pending"]
    assert Digest.objects.get().finished_at is not None


def test_needs_are_pooled_and_answered(loaded):
    states = SharedNeed.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["answered", "planned", "planned", "planned"]
    assert set(Need.objects.values_list("state", flat=True)) == {
        "submitted",
        "qualified",
        "planned",
        "answered",
        "declined",
    }
    projects = Project.objects.filter(published=True).order_by("pk").values_list("state", flat=True)
    assert list(projects) == ["completed", "running", "approved", "announced", "running"]
    late = Milestone.objects.filter(done_on=None, due_on__lt=timezone.localdate())
    assert late.count() == 2


def test_sessions_are_held_on_working_days_around_today(loaded):
    sessions = TrainingSession.objects.all()
    assert {one.starts_at.weekday() < 5 for one in sessions} == {True}
    assert sessions.upcoming().count() == 7
    assert sessions.held().count() == 6


def test_the_same_people_come_whatever_the_day(loaded):
    first = TrainingSession.objects.earliest("starts_at")
    assert list(first.registrations.order_by("position").values_list("name", flat=True)) == [
        "Colette Pseudonyme",
        "Rose Exemple",
        "Quentin Modèle",
        "Loïc Semblant",
        "Tania Fictif",
        "Aline Fictif",
        "Henri Semblant",
        "Victoire Essai",
        "Gisèle Fictif",
        "Zoé Exemple",
    ]
