"""Answering: drafts, two people on one answer, submission, and what the hostile try."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import JournalEntry
from actors.choices import MembershipRole, MembershipState
from needs import actions, figures
from needs.choices import ResponseState, SurveyState
from needs.models import Answer, Response, Survey
from tests.factories.accounts import TeamFactory, UserFactory, logged_in
from tests.factories.actors import ActorFactory, MembershipFactory
from tests.factories.needs import AnswerFactory, ReferentFactory, ResponseFactory, SurveyFactory

pytestmark = pytest.mark.django_db


# Two people on one answer --------------------------------------------------------------------------------


def test_the_second_of_two_editors_sees_both_versions_and_nothing_is_lost(writing):
    seen_by_both = writing.page()
    writing.post(writing.editor, seen_by_both | {"texte": "Deux bornes depuis juin."})
    answer = writing.post(writing.referent, seen_by_both | {"texte": "Un essai en mai."})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert writing.said() == {"texte": "Deux bornes depuis juin."}
    assert page.count("Deux bornes depuis juin.") == 1
    assert page.count("Un essai en mai.") == 2  # beside the other version, and still in its field
    assert "Celle de Denis Labour" in page
    assert "checked" not in page.partition('class="versions"')[2].partition("</div>")[0]


def test_a_conflict_stays_until_one_of_the_two_is_chosen(writing):
    seen = writing.page()
    writing.post(writing.editor, seen | {"texte": "Le sien"})
    for _again in range(2):
        assert (
            "Deux réponses différentes"
            in writing.post(writing.referent, seen | {"texte": "Le mien"}).content.decode()
        )
    mark = actions.mark(Answer.objects.get())
    assert (
        writing.post(writing.referent, seen | {"texte": "Le mien", "texte-keep": f"mine.{mark}"}).status_code
        == 302
    )
    assert writing.said() == {"texte": "Le mien"}


def test_choosing_the_other_version_leaves_it(writing):
    seen = writing.page()
    writing.post(writing.editor, seen | {"texte": "Le sien"})
    writing.post(writing.referent, seen | {"texte": "Le mien", "texte-keep": "theirs"})
    assert writing.said() == {"texte": "Le sien"}


def test_a_choice_made_against_a_version_that_has_changed_again_is_a_conflict_again(writing):
    seen = writing.page()
    writing.post(writing.editor, seen | {"texte": "Le sien"})
    old = actions.mark(Answer.objects.get())
    writing.post(writing.editor, writing.page(texte="Le sien, mieux"))
    writing.post(writing.referent, seen | {"texte": "Le mien", "texte-keep": f"mine.{old}"})
    assert writing.said() == {"texte": "Le sien, mieux"}


def test_a_question_that_one_did_not_touch_keeps_what_a_colleague_wrote_meanwhile(writing):
    seen = writing.page()
    writing.post(writing.editor, seen | {"texte": "Le sien"})
    answer = writing.post(writing.referent, seen | {"besoin": "Un agenda"})
    assert answer.status_code == 302
    need = {"text": "Un agenda", "horizon": "", "pool": ""}
    assert writing.said() == {"texte": "Le sien", "besoin": need}


def test_two_people_who_write_the_same_do_not_disagree(writing):
    seen = writing.page()
    for who in (writing.editor, writing.referent):
        assert writing.post(who, seen | {"texte": "Pareil"}).status_code == 302
    assert list(Answer.objects.values_list("version", "author__name")) == [(1, "Denis Labour")]


def test_one_person_saving_twice_from_one_page_meets_no_conflict(writing):
    seen = writing.page()
    for text in ("Un", "Un deux", "Un deux trois"):
        assert writing.autosave(writing.editor, seen | {"texte": text}).status_code == 200
    assert writing.said() == {"texte": "Un deux trois"}


def test_an_emptied_answer_keeps_its_version_so_that_nobody_overwrites_it_unseen(writing):
    writing.post(writing.editor, writing.page(texte="Là"))
    seen = writing.page()
    writing.post(writing.editor, writing.page(texte=""))
    writing.post(writing.referent, seen | {"texte": "Là aussi"})
    assert writing.said() == {"texte": None}


def test_a_page_that_does_not_send_a_question_does_not_empty_it(writing):
    writing.post(writing.editor, writing.page(texte="Gardé"))
    assert writing.post(writing.referent, {"autre": "x"}).status_code == 302
    assert writing.said() == {"texte": "Gardé"}


# Autosave ------------------------------------------------------------------------------------------------


def test_autosave_says_when_and_gives_the_marks_of_what_it_kept(writing):
    told = writing.autosave(writing.editor, writing.page(texte="En route")).json()
    assert told["text"].startswith("Enregistré à ")
    assert told["seen"]["texte-seen"] == actions.mark(Answer.objects.get())


def test_autosave_names_who_answered_otherwise_and_keeps_the_old_mark(writing):
    seen = writing.page()
    writing.autosave(writing.editor, seen | {"texte": "Le sien"})
    told = writing.autosave(writing.referent, seen | {"texte": "Le mien"}).json()
    assert (told["tone"], "Denis Labour" in told["text"], "texte-seen" in told["seen"]) == (
        "late",
        True,
        False,
    )


def test_autosave_after_submission_gets_409_and_changes_nothing(writing):
    data = writing.page(texte="Trop tard")
    Response.objects.update(state=ResponseState.SUBMITTED, submitted_at=timezone.now())
    answer = writing.autosave(writing.editor, data)
    assert (answer.status_code, writing.said()) == (409, {})
    assert "elle ne change plus" in answer.json()["text"]


def test_a_form_after_submission_is_refused_and_shows_why(writing):
    data = writing.page(texte="Trop tard")
    Response.objects.update(state=ResponseState.SUBMITTED, submitted_at=timezone.now())
    answer = writing.post(writing.editor, data)
    assert (answer.status_code, writing.said()) == (409, {})
    assert "elle ne change plus" in answer.content.decode()


@pytest.mark.parametrize("days", [(-9, -1), (1, 9)])
def test_outside_its_dates_a_survey_is_read_and_not_written(writing, days):
    now = timezone.now()
    Survey.objects.update(opens_at=now + timedelta(days[0]), closes_at=now + timedelta(days[1]))
    assert writing.autosave(writing.editor, writing.page(texte="x")).status_code == 409
    page = logged_in(writing.editor).get(f"{writing.base}mots/").content.decode()
    assert "ne prend pas de réponses en ce moment" in page
    assert "<textarea" not in page


def test_a_closed_survey_is_read_and_not_written(writing):
    actions.close_survey(writing.response.survey, by=TeamFactory())
    assert writing.post(writing.editor, writing.page(texte="x")).status_code == 409


# A session that ends -------------------------------------------------------------------------------------


def test_what_was_written_after_the_session_ended_is_there_after_login(writing):
    client = Client()
    data = writing.page(texte="Une longue réponse")
    refused = client.post(f"{writing.base}mots/", data)
    assert refused["Location"] == f"/compte/login/?next={writing.base}mots/"
    client.force_login(writing.editor)
    page = client.get(f"{writing.base}mots/").content.decode()
    assert "Une longue réponse" in page
    assert writing.said() == {}
    assert "Une longue réponse" not in client.get(f"{writing.base}mots/").content.decode()
    assert client.post(f"{writing.base}mots/", data).status_code == 302
    assert writing.said() == {"texte": "Une longue réponse"}


def test_nothing_is_kept_for_a_stranger_who_posts_to_no_response(writing):
    client = Client()
    client.post(f"/enquetes/rien/{UserFactory().public_id}/mots/", {"texte": "x" * 1000})
    assert not client.session.keys()


def test_autosave_without_a_session_says_so(writing):
    answer = Client().post(f"{writing.base}mots/enregistrer", writing.page(texte="x"))
    assert (answer.status_code, answer.json()["tone"]) == (401, "late")


def test_a_post_without_its_token_is_refused(writing):
    client = Client(enforce_csrf_checks=True)
    client.force_login(writing.editor)
    assert client.post(f"{writing.base}mots/enregistrer", writing.page(texte="x")).status_code == 403
    assert writing.said() == {}


# Submission ----------------------------------------------------------------------------------------------


def complete(writing):
    for question in writing.response.survey.questionnaire.questions.filter(required=True):
        value = {"text": "Un agenda", "horizon": "", "pool": ""} if question.code == "besoin" else 3
        AnswerFactory(response=writing.response, question=question, value=value, author=writing.referent)


def test_a_response_is_sent_once_complete_and_its_sender_gets_a_receipt(writing, mailoutbox):
    complete(writing)
    answer = logged_in(writing.referent).post(f"{writing.base}relire/", {"version": 0})
    assert answer["Location"] == writing.base
    writing.response.refresh_from_db()
    assert (writing.response.state, writing.response.submitter) == ("submitted", writing.referent)
    assert [(letter.to, letter.extra_headers["X-Lane"]) for letter in mailoutbox] == [
        ([writing.referent.email], "transactional")
    ]
    assert JournalEntry.objects.filter(verb="response.submitted").count() == 1


def test_sending_twice_is_refused_and_writes_once(writing, mailoutbox):
    complete(writing)
    for _again in range(2):
        logged_in(writing.referent).post(f"{writing.base}relire/", {"version": 0})
    assert len(mailoutbox) == 1


def test_an_incomplete_response_is_not_sent_and_says_what_is_missing(writing, mailoutbox):
    with pytest.raises(ValidationError) as refused:
        actions.submit(writing.response, version=0, by=writing.referent)
    assert refused.value.messages == [
        "Il manque une réponse\u00a0: «\u00a0Un besoin\u00a0» (Nos mots).",
        *(f"Il manque une réponse\u00a0: «\u00a0Critère {n}\u00a0» (Nos niveaux)." for n in range(3)),
    ]
    assert mailoutbox == []
    page = logged_in(writing.referent).get(writing.base).content.decode()
    assert f"{writing.base}niveaux/#question-niveau_0" in page


def test_what_changed_since_the_review_is_not_sent_unread(writing, mailoutbox):
    complete(writing)
    writing.post(writing.editor, writing.page(texte="Ajouté pendant la relecture"))
    logged_in(writing.referent).post(f"{writing.base}relire/", {"version": 0})
    writing.response.refresh_from_db()
    assert (writing.response.state, mailoutbox) == ("draft", [])


def test_an_editor_does_not_send(writing):
    complete(writing)
    logged_in(writing.editor).post(f"{writing.base}relire/", {"version": 0})
    writing.response.refresh_from_db()
    assert writing.response.state == ResponseState.DRAFT


def test_the_college_has_not_met_tomorrow(writing):
    complete(writing)
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    answer = logged_in(writing.referent).post(
        f"{writing.base}relire/", {"version": 0, "approved_on": tomorrow}
    )
    assert "pas encore venue" in answer.content.decode()


def test_a_reopened_response_says_why_and_is_written_again(writing):
    complete(writing)
    actions.submit(writing.response, version=0, by=writing.referent)
    with pytest.raises(ValidationError, match="pourquoi"):
        actions.reopen(writing.response, reason=" ", by=TeamFactory())
    actions.reopen(writing.response, reason="Le Collège a changé d’avis.", by=TeamFactory())
    assert writing.post(writing.editor, writing.page(texte="Corrigé")).status_code == 302
    assert "Le Collège a changé d’avis." in logged_in(writing.editor).get(writing.base).content.decode()


# Who may -------------------------------------------------------------------------------------------------


def test_another_communes_response_is_not_there_and_the_attempt_leaves_a_line(writing, caplog):
    stranger = ReferentFactory().user
    client = logged_in(stranger)
    paths = ["", "mots/", "relire/"]
    with caplog.at_level(logging.WARNING, logger="security"):
        assert [client.get(writing.base + path).status_code for path in paths] == [404] * 3
        assert writing.post(stranger, writing.page(texte="x")).status_code == 404
        assert writing.autosave(stranger, writing.page(texte="x")).status_code == 404
        assert client.post(f"{writing.base}relire/", {"version": 0}).status_code == 404
    lines = [record.getMessage() for record in caplog.records if record.name == "security"]
    assert len(lines) == 6
    assert all(str(stranger.public_id) in line and stranger.email not in line for line in lines)
    assert writing.said() == {}


def test_the_right_identifier_under_another_survey_is_not_there(writing):
    path = f"/enquetes/{SurveyFactory().slug}/{writing.response.public_id}/"
    assert logged_in(writing.editor).get(path).status_code == 404


@pytest.mark.parametrize(
    "state", [MembershipState.INVITED, MembershipState.REQUESTED, MembershipState.REVOKED]
)
def test_a_membership_that_is_not_active_opens_nothing(writing, state):
    user = UserFactory()
    MembershipFactory(user=user, actor=writing.response.actor, state=state)
    assert list(Response.objects.visible_to(user)) == []


def test_a_mere_member_and_the_staff_read_without_writing(writing):
    member = MembershipFactory(actor=writing.response.actor, role=MembershipRole.MEMBER).user
    for reader in (member, TeamFactory()):
        assert logged_in(reader).get(f"{writing.base}mots/").status_code == 200
        assert writing.post(reader, writing.page(texte="x")).status_code == 404
    assert writing.said() == {}


def test_fields_that_are_not_in_the_form_are_ignored(writing):
    other = ResponseFactory()
    writing.post(
        writing.editor,
        writing.page(texte="x", actor=str(other.actor.pk), state="submitted", author="1", version="99"),
    )
    writing.response.refresh_from_db()
    assert (writing.response.state, writing.response.version) == ("draft", 1)
    assert writing.response.actor != other.actor


# Beginning -----------------------------------------------------------------------------------------------


def test_beginning_twice_gives_one_response():
    survey, membership = SurveyFactory(), ReferentFactory()
    first = actions.start(survey, actor=membership.actor, by=membership.user)
    assert actions.start(survey, actor=membership.actor, by=membership.user) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(survey=survey, actor=membership.actor)


def test_a_get_begins_nothing():
    survey, membership = SurveyFactory(), ReferentFactory()
    logged_in(membership.user).get("/enquetes/")
    logged_in(membership.user).get(f"/enquetes/{survey.slug}/commencer/")
    assert Response.objects.count() == 0


def test_an_actor_of_another_family_or_of_another_person_does_not_begin():
    survey, membership = SurveyFactory(), ReferentFactory()
    association = MembershipFactory(user=membership.user, actor=ActorFactory())
    client, path = logged_in(membership.user), f"/enquetes/{survey.slug}/commencer/"
    client.post(path, {"acteur": association.actor.slug})
    assert client.post(path, {"acteur": ReferentFactory().actor.slug}).status_code == 404
    assert client.post(path, {"acteur": "\x00"}).status_code == 404
    assert Response.objects.count() == 0


def test_a_survey_that_is_not_open_is_not_begun():
    survey, membership = SurveyFactory(state=SurveyState.CLOSED), ReferentFactory()
    logged_in(membership.user).post(f"/enquetes/{survey.slug}/commencer/", {"acteur": membership.actor.slug})
    assert Response.objects.count() == 0


# Values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"niveau_0": "5"},
        {"niveau_0": "-1"},
        {"niveau_0": "9" * 5000},
        {"niveau_0": "\ud800".encode("utf-8", "surrogatepass")},
        {"niveau_0": ["1", "deux"]},
        {"niveau_0": "0x1"},
    ],
)
def test_a_level_that_is_none_of_the_five_is_not_kept(writing, data):
    answer = writing.post(writing.editor, {"niveau_0-seen": "0."} | data, section="niveaux")
    assert answer.status_code == 200
    assert writing.said() == {}


def test_a_mark_that_is_no_mark_overwrites_nobody(writing):
    writing.post(writing.editor, writing.page(texte="Le sien"))
    for mark in ("", "x" * 5000, "9" * 5000, "\x00"):
        answer = writing.post(writing.referent, {"texte": "Le mien", "texte-seen": mark})
        assert answer.status_code == 200
    assert writing.said() == {"texte": "Le sien"}


def test_words_are_kept_as_typed_and_shown_as_words(writing):
    text = "<script>alert(1)</script> & « Orp »"
    writing.post(writing.editor, writing.page(texte=text))
    assert writing.said() == {"texte": text}
    page = logged_in(writing.referent).get(f"{writing.base}relire/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("text", ["x" * 4001, "a\x00b"])
def test_words_that_cannot_be_kept_are_told_and_the_rest_is_saved(writing, text):
    answer = writing.post(writing.editor, writing.page(texte=text, besoin="Un agenda"))
    assert "Rien n’est perdu" in answer.content.decode()
    assert writing.said() == {"besoin": {"text": "Un agenda", "horizon": "", "pool": ""}}


def test_not_concerned_has_no_value(writing):
    data = {"niveau_0-seen": actions.mark(None), "niveau_0": "nc"}
    writing.post(writing.editor, data, section="niveaux")
    kept = Answer.objects.get()
    assert (kept.value, kept.not_concerned, kept.said) == (None, True, "Non concerné")
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(value=json.loads("2"))


def test_progress_counts_what_is_asked_answered_and_missing(writing):
    AnswerFactory(
        response=writing.response,
        question=writing.response.survey.questionnaire.questions.get(code="niveau_0"),
        value=None,
        not_concerned=True,
    )
    progress = figures.progress(figures.sections_of(writing.response), figures.answers_of(writing.response))
    assert (progress.asked, progress.answered) == (5, 1)
    assert [question.code for _section, question in progress.missing] == ["besoin", "niveau_1", "niveau_2"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_surveys_asks_the_same_of_the_database(count, django_assert_num_queries):
    membership = ReferentFactory()
    for _n in range(count):
        ResponseFactory(actor=membership.actor)
        SurveyFactory()
    client = logged_in(membership.user)
    with django_assert_num_queries(6):
        client.get("/enquetes/")
