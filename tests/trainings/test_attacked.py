"""What somebody with bad intentions tried on sessions and queues, and what they get."""

import io
import zipfile
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.territory import LAGFactory, MunicipalityFactory
from tests.factories.trainings import (
    RegistrationFactory,
    RegistrationQuestionFactory,
    TrainingSessionFactory,
    held,
    paper,
)
from tests.responses import let_go
from tests.trainings.test_admin import posted
from trainings import actions, emails, proof
from trainings.actions import Answer, Person
from trainings.models import RegistrationQuestion, SessionDay, TrainingSession

pytestmark = pytest.mark.django_db

BASILE = Person(name="Basile Fictif", email="basile@exemple.invalid")
BRUSSELS = ZoneInfo("Europe/Brussels")


def form(**fields) -> dict:
    typed = {
        "name": BASILE.name,
        "email": BASILE.email,
        "municipality": "outside",
        "consent": "on",
        "people": "1",
    }
    return typed | {"nonce": "b" * 32} | fields


def address(session) -> str:
    return f"{session.get_absolute_url()}inscription/"


def test_of_a_session_that_is_over_nobody_learns_who_came(client):
    session = held()
    RegistrationFactory(session=session, name=BASILE.name, email=BASILE.email, folded_name="basile fictif")
    answers = [client.post(address(session), form(name=name)) for name in (BASILE.name, "Personne Inconnue")]
    assert [answer.status_code for answer in answers] == [409, 409]


def test_the_same_form_again_is_answered_as_before_though_the_session_closed_meanwhile(client):
    session = TrainingSessionFactory()
    first = client.post(address(session), form())
    TrainingSession.objects.filter(pk=session.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    again = client.post(address(session), form())
    assert (first.status_code, again.status_code, session.registrations.count()) == (302, 302, 1)


def test_a_closed_session_uses_up_nobodys_share_of_letters(client, settings):
    settings.REGISTRATIONS_PER_EMAIL_PER_DAY = 2
    over, ahead = held(), TrainingSessionFactory()
    for number in range(3):
        assert client.post(address(over), form(nonce=f"{number:032x}")).status_code == 409
    assert client.post(address(ahead), form()).status_code == 302


def test_people_who_came_together_are_not_seated_one_by_one():
    session = TrainingSessionFactory(capacity=2)
    seated = [RegistrationFactory(session=session, position=n) for n in (1, 2)]
    pair = [Person(name=f"Gémeau {n}", email=f"gemeau{n}@exemple.invalid") for n in (1, 2)]
    first, second = actions.register(session=session, people=pair, by=None).registrations
    actions.cancel(seated[0], by=None)
    assert actions.accept(first, by=None) == Answer.NONE_LEFT
    actions.cancel(seated[1], by=None)
    assert [actions.accept(one, by=None) for one in (first, second)] == [Answer.SEATED] * 2


def test_an_offer_does_not_outlive_a_session_that_is_moved_earlier(time_machine):
    time_machine.move_to(datetime(2027, 1, 4, 9, tzinfo=BRUSSELS), tick=False)
    session = TrainingSessionFactory(days=[date(2027, 1, 28)])
    until = datetime(2027, 1, 6, 9, tzinfo=BRUSSELS)
    offered = RegistrationFactory(session=session, state="offered", offered_until=until)
    day = session.days.get()
    when = [(date(2027, 1, 6), day.start_time, day.end_time)]
    actions.change_when_where(session, days=when, by=TeamFactory())
    offered.refresh_from_db()
    assert offered.offered_until == datetime(
        2027, 1, 4, 21, tzinfo=BRUSSELS
    )  # 12 hours: less than four days are left


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_day_at_the_ends_of_the_calendar_is_refused(year):
    with pytest.raises(ValidationError, match="entre 2000 et 2099"):
        SessionDay(date=date(year, 12, 31)).clean()
    session = TrainingSession(closes_at=datetime(year, 6, 1, tzinfo=BRUSSELS))
    with pytest.raises(ValidationError, match="entre 2000 et 2099"):
        session.clean()


def test_a_question_that_has_answers_keeps_its_words():
    session = TrainingSessionFactory()
    question = RegistrationQuestion.objects.create(session=session, label="Que mangez-vous ?")
    question.answers.create(registration=RegistrationFactory(session=session), text="De tout")
    client = logged_in(TeamFactory())
    path = reverse("admin:trainings_trainingsession_change", args=[session.pk])
    fields = client.get(path).context["inline_admin_formsets"]
    typed = {"training": session.training.pk, "format": session.format, "price": "0", "minimum": "0"}
    for inline in fields:
        for hidden in inline.formset.management_form:
            typed[hidden.html_name] = hidden.value()
        for one in inline.formset.initial_forms:
            typed |= {bound.html_name: bound.value() for bound in one if bound.value() not in (None, False)}
    typed["questions-0-label"] = "Acceptez-vous d’être photographié ?"
    page = client.post(path, typed)
    assert page.status_code == 200
    assert "qui changeraient de sens" in page.content.decode()
    question.refresh_from_db()
    assert question.label == "Que mangez-vous ?"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("trainings/registration/add/", {"session": "abc"}),
        ("trainings/registration/add/", {"actor": "9" * 30}),
        ("trainings/trainingsession/add/", {"training": "abc"}),
        ("invitations/campaign/add/", {"action_sheet": "abc"}),
    ],
)
def test_what_is_no_row_is_answered_at_the_desk(path, typed):
    assert logged_in(TeamFactory()).post(f"/bureau/{path}", typed).status_code in (200, 400)


@pytest.mark.parametrize("query", ["starts_at__year=9999", "starts_at__year=0"])
def test_a_year_after_which_none_comes_is_answered_at_the_desk(query):
    client = logged_in(TeamFactory())
    assert client.get(f"/bureau/trainings/trainingsession/?{query}").status_code in (200, 302, 400)


def test_a_long_reason_is_cut_where_its_column_ends():
    session = TrainingSessionFactory()
    actions.cancel_session(session, reason="Neige " * 200, by=TeamFactory())
    session.refresh_from_db()
    assert len(session.cancellation_reason) <= 300


def test_the_mark_of_a_form_is_good_for_one_session():
    LAGFactory(area__municipalities=[MunicipalityFactory()])
    first, second = (RegistrationFactory().session for _number in range(2))
    told = {
        "audience": "seated",
        "subject": "Un mot",
        "body": "Bonjour",
        "nonce": "c" * 32,
        "by": TeamFactory(),
    }
    actions.write_message(first, **told)
    with pytest.raises(actions.Refused, match="déjà servi ailleurs"):
        actions.write_message(second, **told)


def test_a_wrong_year_moves_no_session_and_writes_to_nobody(mailoutbox):
    person = RegistrationFactory()
    session, day = person.session, person.session.days.get()
    client = logged_in(TeamFactory())
    last_year = day.date.replace(year=day.date.year - 2, day=1)
    page = client.post(
        reverse("admin:trainings_trainingsession_change", args=[session.pk]),
        posted(session, **{"days-0-date": last_year.isoformat()}),
    )
    assert "relisez l’année" in page.content.decode()
    with pytest.raises(actions.Refused, match="relisez l’année"):
        wanted = [(last_year, day.start_time, day.end_time)]
        actions.change_when_where(session, days=wanted, by=TeamFactory())
    assert (session.days.get().date, len(mailoutbox)) == (day.date, 0)


def test_the_letter_of_a_change_says_what_it_was_and_the_desk_who_was_told(mailoutbox):
    person = RegistrationFactory()
    session, was = person.session, person.session.when
    client = logged_in(TeamFactory())
    page = client.post(
        reverse("admin:trainings_trainingsession_change", args=[session.pk]),
        posted(session, venue="Grange du Haut"),
        follow=True,
    )
    assert "1 personne est prévenue du changement par lettre." in page.content.decode()
    [letter] = mailoutbox
    before, _breaks, after = letter.body.partition("Votre place est gardée")
    assert "Ferme du Tilleul" in before
    assert was[0].capitalize() in before
    assert "Grange du Haut" in after


def test_a_caller_uses_the_share_of_their_municipality():
    jodoigne = MunicipalityFactory(name="Jodoigne", slug="jodoigne")
    LAGFactory(area__municipalities=[jodoigne])
    session = TrainingSessionFactory(capacity=6, share=1, share_of="municipality", share_days=1)
    client = logged_in(TeamFactory())
    for number in (1, 2):
        typed = {
            "name": f"Voix Fictive {number}",
            "phone": f"010 00 00 0{number}",
            "municipality": "jodoigne",
        }
        client.post(f"/bureau/trainings/trainingsession/{session.pk}/inscriptions/", typed)
    states = session.registrations.order_by("position").values_list("municipality__slug", "state")
    assert list(states) == [("jodoigne", "confirmed"), ("jodoigne", "waiting")]


# Names that are none, links posted in a loop, files that went ---------------------------------------------


@pytest.mark.parametrize("name", ["¨", "´", "\u0301", "\u00a8 \u00b4"])
def test_a_dead_key_alone_is_no_name(client, name):
    session = TrainingSessionFactory()
    answer = client.post(address(session), form(name=name))
    assert (answer.status_code, session.registrations.count()) == (200, 0)
    assert "name" in answer.context["form"].errors
    with pytest.raises(actions.Refused, match="Il manque un nom"):
        actions.register(session=session, people=[Person(name=name, email=BASILE.email)], by=None)
    with pytest.raises(actions.Refused, match="Il manque un nom"):
        actions.amend(RegistrationFactory(session=session), person=Person(name=name))


def test_a_name_whose_signs_fold_to_many_is_kept(client):
    session = TrainingSessionFactory()
    assert client.post(address(session), form(name="\ufdfa" * 20)).status_code == 302
    assert len(session.registrations.get().folded_name) <= 300


def test_a_link_posted_in_a_loop_is_told_to_wait_and_keeps_what_is_typed(client, monkeypatch):
    monkeypatch.setattr("trainings.views.registering.AMENDMENTS_PER_HOUR", 1)
    registration = RegistrationFactory(name="Basile Fictif")
    link = emails.amend_url(registration).partition("/inscriptions/")[2]
    typed = {"name": "Basile Fictiv", "municipality": "outside"}
    answers = [client.post(f"/inscriptions/{link}", typed | {"phone": number}) for number in ("1", "2")]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert answers[1].context["form"]["phone"].value() == "2"
    registration.refresh_from_db()
    assert registration.phone == "1"


def test_what_a_form_promised_to_erase_is_not_kept_after_all():
    session = TrainingSessionFactory()
    question = RegistrationQuestionFactory(session=session, erase_answers=True)
    team = logged_in(TeamFactory())
    page = reverse("admin:trainings_trainingsession_change", args=[session.pk])
    typed = {
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "1",
        "questions-0-id": question.pk,
        "questions-0-session": session.pk,
        "questions-0-rank": question.rank,
        "questions-0-label": question.label,
        "questions-0-kind": question.kind,
        "questions-0-choices": question.choices,
    }
    answer = team.post(page, posted(session, **typed))
    assert "On a promis d’effacer" in answer.content.decode()
    question.refresh_from_db()
    assert question.erase_answers


def test_a_file_that_the_disk_lost_does_not_hold_the_proof_back(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    session = held()
    kept = paper(session.training, name="programme.pdf")
    kept.document.file.storage.delete(kept.document.file.name)
    content = proof.archive(TrainingSession.objects.with_proof().get(), made=timezone.now())
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        assert "8-documents/01-programme.pdf-absent.txt" in names
        assert "1-sommaire.txt" in names


def test_who_waits_reads_nothing_of_those_who_have_a_seat(client):
    registration = RegistrationFactory(state="waiting")
    kept = paper(registration.session.training, private=True)
    token = emails.manage_url(registration).rstrip("/").rpartition("/")[2]
    where = reverse("trainings:registration_document", args=[token, kept.document.public_id])
    assert client.get(where).status_code == 404
    registration.state = "confirmed"
    registration.save(update_fields=["state"])
    response = client.get(where)
    assert response.status_code == 200
    let_go(response)


def test_a_button_that_announces_a_session_keeps_what_is_typed_above_it():
    session = TrainingSessionFactory(state="draft")
    team = logged_in(TeamFactory())
    page = reverse("admin:trainings_trainingsession_change", args=[session.pk])
    typed = posted(session, access_notes="Par la cour", vers="publish")
    assert team.post(page, typed).status_code == 302
    session.refresh_from_db()
    assert (session.state, session.access_notes) == ("published", "Par la cour")


def test_nothing_is_held_before_it_starts():
    session = TrainingSessionFactory(state="confirmed")
    team = logged_in(TeamFactory())
    page = reverse("admin:trainings_trainingsession_change", args=[session.pk])
    assert "Marquer comme tenue" not in team.get(page).content.decode()
