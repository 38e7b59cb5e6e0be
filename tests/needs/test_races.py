"""An answer saved while the response is sent: either it is in what was sent, or its writer is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection

from needs import actions
from needs.actions import responses
from needs.choices import ResponseState
from needs.models import Answer, Response
from needs.querysets import ResponseQuerySet
from tests.factories.needs import ReferentFactory, ResponseFactory, small_questionnaire

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def response():
    response = ResponseFactory(survey__questionnaire=small_questionnaire())
    question = response.survey.questionnaire.questions.get(code="besoin")
    need = {"text": "Un agenda commun", "horizon": "", "pool": ""}
    author = ReferentFactory(actor=response.actor).user
    Answer.objects.create(response=response, question=question, value=need, author=author)
    return response


@pytest.fixture
def meeting(monkeypatch):
    """Make a save and a submission wait for each other once both have seen that the response may change.

    A lock keeps them apart, and then the first waits in vain.
    """
    barrier, look = threading.Barrier(2), responses.refuse_when_closed
    wait = {"seconds": 1.0}

    def look_and_wait(response):
        look(response)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(wait["seconds"])

    monkeypatch.setattr(responses, "refuse_when_closed", look_and_wait)
    return wait


def save_and_submit(response) -> tuple[str, str]:
    """Save an answer and submit the response on two connections; return what came of each."""
    user = response.actor.memberships.get().user
    question = response.survey.questionnaire.questions.get(code="texte")
    given = actions.Given(question, "Écrit au dernier moment", False, actions.mark(None))

    def run(act) -> str:
        try:
            act()
        except (actions.NoLongerEditable, actions.StaleReview) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    acts = [
        lambda: actions.save_answers(response, given=[given], by=user),
        lambda: actions.submit(response, version=0, by=user),
    ]
    with ThreadPoolExecutor(2) as pool:
        saved, submitted = pool.map(run, acts)
    return saved, submitted


def outcome(response) -> tuple[str, bool]:
    """The state of the response, and whether the late answer stands."""
    response = Response.objects.get(pk=response.pk)
    return response.state, response.answers.filter(question__code="texte").exists()


def test_an_answer_and_a_submission_at_once_exclude_each_other(response, meeting):
    saved, submitted = save_and_submit(response)
    assert (saved, submitted, *outcome(response)) in [
        ("done", "StaleReview", ResponseState.DRAFT, True),
        ("NoLongerEditable", "done", ResponseState.SUBMITTED, False),
    ]


def test_without_the_lock_an_answer_slips_into_what_was_sent_unread(response, meeting, monkeypatch):
    meeting["seconds"] = 30
    monkeypatch.setattr(ResponseQuerySet, "select_for_update", lambda self, **options: self)
    assert save_and_submit(response) == ("done", "done")
    assert outcome(response) == (ResponseState.SUBMITTED, True)


def test_two_people_who_begin_at_once_share_one_response(response):
    actor, survey = response.actor, response.survey
    user = actor.memberships.get().user
    response.delete()

    def begin(_number):
        try:
            return actions.start(survey, actor=actor, by=user).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(begin, range(4)))) == 1
