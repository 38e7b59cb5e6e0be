"""Answers that go a month after the session, because the form promised it; the others stay."""

from datetime import date, timedelta
from importlib import import_module

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, RegistrationQuestionFactory, TrainingSessionFactory
from tests.trainings.test_admin import change_address
from tests.trainings.test_questions import questions_posted
from trainings import actions, tasks
from trainings.models import RegistrationAnswer, RegistrationQuestion

PROMISE = "Effacé 30 jours après la séance."


def asked(session, label, **fields):
    """A question of the session that one person answered."""
    question = RegistrationQuestionFactory(session=session, label=label, **fields)
    RegistrationFactory(session=session).answers.create(question=question, text="oui, merci")
    return question


def left():
    return sorted(RegistrationAnswer.objects.values_list("question__label", flat=True))


@pytest.mark.parametrize(
    ("after", "kept"),
    [(timedelta(0), ["Allergies", "Tableur"]), (timedelta(seconds=1), ["Tableur"])],
    ids=["on the thirtieth day", "past it"],
)
def test_answers_go_thirty_days_after_the_session_where_that_was_promised(db, after, kept):
    session = TrainingSessionFactory(days=[date(2026, 11, 2)])
    asked(session, "Allergies")
    asked(session, "Tableur", erase_answers=False)
    with time_machine.travel(session.ends_at + timedelta(days=30) + after, tick=False):
        tasks.erase_access_needs()
    assert left() == kept


def test_a_closed_question_keeps_its_promise_and_a_session_to_come_its_answers(db):
    over, ahead = TrainingSessionFactory(), TrainingSessionFactory(days=[date(2027, 6, 1)])
    asked(over, "Repas", closed=True)
    asked(ahead, "Garde")
    with time_machine.travel(over.ends_at + timedelta(days=31), tick=False):
        assert actions.erase_answers() == 1
    assert left() == ["Garde"]


def test_the_form_promises_it_for_the_questions_that_it_concerns_and_for_a_colleague_too(client, jodoigne):
    session = TrainingSessionFactory()
    goes = RegistrationQuestionFactory(session=session, choices="Soupe\nTartine")
    yes_or_no = RegistrationQuestionFactory(session=session, kind="yes_no")
    words = RegistrationQuestionFactory(session=session)
    stays = RegistrationQuestionFactory(session=session, erase_answers=False)
    address = reverse("trainings:register", args=[session.public_id])
    form = client.post(address, {"people": "1", "ajouter": "1"}).context["form"]
    told = {name: str(form.fields[name].help_text) for name in form.fields if name.startswith("question_")}
    going = [f"question_{one.pk}{who}" for one in (goes, yes_or_no, words) for who in ("", "_2")]
    staying = [f"question_{stays.pk}{who}" for who in ("", "_2")]
    assert told == dict.fromkeys(going, PROMISE) | dict.fromkeys(staying, "")


# The desk ------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, db):
    client.force_login(TeamFactory())
    return client


def save(desk, question, **typed):
    """Save the session's form with this question's row as typed; return what its formset says."""
    response = desk.post(
        change_address(question.session),
        questions_posted(question.session, (question, typed)) | {"capacity": question.session.capacity},
    )
    question.refresh_from_db()
    return [] if response.status_code == 302 else response.context["errors"]


def test_a_promise_that_somebody_answered_under_is_not_taken_back(desk):
    question = asked(TrainingSessionFactory(), "Allergies")
    assert save(desk, question, erase_answers="") == [
        "On a promis d’effacer les réponses à «\u00a0Allergies\u00a0»\u00a0: fermez-la et posez-en une autre."
    ]
    assert question.erase_answers is True


def test_it_may_be_made_later_and_taken_back_while_nobody_reads_the_form(desk):
    answered = asked(TrainingSessionFactory(), "Allergies", erase_answers=False)
    assert save(desk, answered, erase_answers="on") == []
    assert answered.erase_answers is True
    unread = RegistrationQuestionFactory(session__state="draft")
    assert save(desk, unread, erase_answers="") == []
    assert unread.erase_answers is False


def test_a_new_question_promises_it_unless_staff_say_otherwise(desk):
    page = desk.get(change_address(TrainingSessionFactory()))
    new = next(one for one in page.context["inline_admin_formsets"] if one.opts.model is RegistrationQuestion)
    assert new.formset.empty_form["erase_answers"].value() is True


def test_questions_asked_before_the_promise_existed_keep_their_answers():
    migration = import_module("trainings.migrations.0006_answers_erased_and_who_brings").Migration
    added, altered = migration.operations[:2]
    assert (added.field.default, altered.field.default) == (False, True)


def test_a_series_makes_the_same_promises(db):
    session = TrainingSessionFactory()
    for erased in (True, False):
        RegistrationQuestionFactory(session=session, erase_answers=erased)
    later = timezone.localdate() + timedelta(days=40)
    copies = actions.make_series(session, starts=[later], by=TeamFactory(), nonce="c" * 32)
    assert list(copies[0].questions.values_list("erase_answers", flat=True)) == [True, False]
