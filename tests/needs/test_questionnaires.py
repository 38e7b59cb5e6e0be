"""Questionnaires: a published version is frozen by whatever door, files are read or refused with their place."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from needs import actions, questionnaire_files
from needs.choices import QuestionKind, SurveyState
from needs.management.commands.load_questionnaire import SHIPPED
from needs.models import Choice, Question, Questionnaire, Section
from needs.models.questionnaires import Frozen
from tests.factories.accounts import TeamFactory
from tests.factories.needs import (
    QuestionFactory,
    QuestionnaireFactory,
    SectionFactory,
    SurveyFactory,
    small_questionnaire,
)
from tests.factories.territory import DimensionFactory

pytestmark = pytest.mark.django_db
CODES = ("living", "mobility", "environment", "economy", "people", "governance")


@pytest.fixture
def dimensions():
    return [DimensionFactory(code=code) for code in CODES]


def test_nothing_of_a_published_questionnaire_changes_through_its_models(dimensions):
    questionnaire = small_questionnaire(dimensions)
    section = questionnaire.sections.first()
    question, choice = Question.objects.last(), Choice.objects.last()
    for part in (section, question, choice):
        with pytest.raises(Frozen):
            part.save()
        with pytest.raises(Frozen):
            part.delete()
    with pytest.raises(Frozen):
        SectionFactory(questionnaire=questionnaire)
    with pytest.raises(Frozen):
        QuestionFactory(section=section)


def test_a_part_read_before_publication_is_refused_after_it():
    question = QuestionFactory()
    actions.publish_questionnaire(question.questionnaire, by=TeamFactory())
    with pytest.raises(Frozen):
        question.save()


def test_a_published_questionnaire_is_not_published_again(dimensions):
    with pytest.raises(Frozen):
        actions.publish_questionnaire(small_questionnaire(dimensions), by=TeamFactory())


def test_a_questionnaire_that_asks_nothing_is_not_published():
    with pytest.raises(ValidationError, match="aucune question"):
        actions.publish_questionnaire(QuestionnaireFactory(), by=TeamFactory())


def test_a_choice_without_choices_is_not_published():
    question = QuestionFactory(kind=QuestionKind.SINGLE, label="Votre fonction")
    with pytest.raises(ValidationError, match="Votre fonction.*n’offre aucun choix"):
        actions.publish_questionnaire(question.questionnaire, by=TeamFactory())


def test_the_next_version_says_the_same_and_may_change(dimensions):
    questionnaire = small_questionnaire(dimensions)
    draft = actions.next_version(questionnaire, by=TeamFactory())
    assert (draft.code, draft.version, draft.is_frozen) == (questionnaire.code, 2, False)
    assert actions.content_of(draft) == actions.content_of(questionnaire)
    assert actions.next_version(questionnaire, by=TeamFactory()) == draft
    draft.sections.first().save()


def test_two_questions_of_a_questionnaire_never_share_a_code():
    question = QuestionFactory()
    other = SectionFactory(questionnaire=question.questionnaire)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionFactory(section=other, code=question.code)
    with pytest.raises(ValidationError, match="déjà ce code"):
        Question(section=other, code=question.code, kind="note", label="x").full_clean()


def test_a_section_takes_no_address_of_the_portal():
    with pytest.raises(IntegrityError), transaction.atomic():
        SectionFactory(code="relire")


def test_a_survey_opens_on_a_published_questionnaire_only():
    survey = SurveyFactory(questionnaire=QuestionFactory().questionnaire, state=SurveyState.DRAFT)
    with pytest.raises(ValidationError, match="n’est pas publié"):
        actions.open_survey(survey, by=TeamFactory())
    survey.refresh_from_db()
    assert survey.state == SurveyState.DRAFT


def test_an_open_survey_is_not_opened_again_and_the_refusal_names_both_states():
    with pytest.raises(ValidationError, match="ouverte.*ouverte"):
        actions.open_survey(SurveyFactory(), by=TeamFactory())


def test_the_shipped_questionnaire_holds_in_twenty_five_minutes():
    code, version, own, sections = questionnaire_files.read(SHIPPED)
    questions = [question for _section, asked in sections for question, _choices in asked]
    criteria = [question for question in questions if question["criterion"]]
    assert (code, version, own["minutes"], len(questions), len(criteria)) == ("commune", 1, 25, 50, 24)
    assert {one["dimension"] for one in criteria} == set(CODES)
    notes = [one["dimension"] for one in questions if one["kind"] == "scale" and one["dimension"]]
    assert sorted(notes) == sorted(CODES)
    sentences = [
        [choice["label"] for choice in choices]
        for _section, asked in sections
        for question, choices in asked
        if question["criterion"]
    ]
    assert all(len(set(five)) == 5 for five in sentences)


def test_the_shipped_file_that_changes_asks_for_a_new_version(dimensions, tmp_path):
    call_command("load_questionnaire", verbosity=0)
    changed = tmp_path / "commune.toml"
    changed.write_text(SHIPPED.read_text().replace("Avoir du réseau partout", "Capter partout"))
    with pytest.raises(CommandError, match="version suivante"):
        call_command("load_questionnaire", str(changed))
    assert not Question.objects.filter(label="Capter partout").exists()
    changed.write_text(changed.read_text().replace("version = 1", "version = 2"))
    call_command("load_questionnaire", str(changed), "--draft")
    assert list(Questionnaire.objects.values_list("version", "state")) == [(2, "draft"), (1, "published")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "title"),
        ("code = 'x", "x.toml"),
        ("code='x'\nversion=1\ntitle='T'\n[[section]]\ntitle='S'", "section 1.*code"),
        (
            "code='x'\nversion=1\ntitle='T'\n[[section]]\ncode='a'\ntitle='S'\n[[section.question]]\ncode='q'\nkind='dance'",
            "a, q.*dance",
        ),
        (
            "code='x'\nversion=1\ntitle='T'\n[[section]]\ncode='a'\ntitle='S'\n[[section.question]]\ncode='q'\nlabel='Q'\nlevels=['un']",
            "a, q.*cinq phrases",
        ),
        (
            "code='x'\nversion=1\ntitle='T'\n[[section]]\ncode='a'\ntitle='S'\ndimension='lune'\n[[section.question]]\ncode='q'\nlabel='Q'\nlevels=['1','2','3','4','5']",
            "Dimension inconnue.*lune",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_place_and_writes_nothing(tmp_path, text, told):
    file = tmp_path / "x.toml"
    file.write_text(text)
    with pytest.raises(CommandError, match=told):
        call_command("load_questionnaire", str(file))
    assert (Questionnaire.objects.count(), Section.objects.count()) == (0, 0)
