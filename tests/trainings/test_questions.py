"""Questions asked at registration: each person answers for themselves, and the answers go with the person."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import erasure
from actors.models import Contact
from portal import extracts
from tests.contracts import markup
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import (
    RegistrationFactory,
    RegistrationQuestionFactory,
    TrainingSessionFactory,
)
from tests.trainings.test_admin import change_address, posted
from trainings import actions, emails, erasing
from trainings.actions import Person
from trainings.models import Registration, RegistrationAnswer, RegistrationQuestion


@pytest.fixture
def desk(client, db):
    """A client of the LAG's team."""
    client.force_login(TeamFactory(name="Odile Fictive"))
    return client


@pytest.fixture
def session(jodoigne):
    """A session of five seats that asks three things: a meal (required), a tool, whether one needs a lift."""
    session = TrainingSessionFactory(capacity=5)
    RegistrationQuestionFactory(
        session=session, rank=1, label="Repas", choices="Soupe\nTartine", required=True
    )
    RegistrationQuestionFactory(session=session, rank=2, label="Votre tableur")
    RegistrationQuestionFactory(session=session, rank=3, label="Covoiturage", kind="yes_no")
    return session


def keys(session):
    """Return the keys of the session's questions, in their order."""
    return list(session.questions.order_by("rank").values_list("pk", flat=True))


def filled(session, **fields):
    meal, tool, lift = keys(session)
    return {
        "name": "Basile Fictif",
        "email": "basile@exemple.invalid",
        "municipality": "jodoigne",
        "consent": "on",
        "people": "1",
        "nonce": "a" * 32,
        f"question_{meal}": "Soupe",
        f"question_{tool}": "LibreOffice",
        f"question_{lift}": "oui",
    } | fields


def address(session):
    return reverse("trainings:register", args=[session.public_id])


def told(registration):
    """Return what a person answered: question → text."""
    return {one.question.label: one.text for one in registration.answers.select_related("question")}


def errors(response):
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# The public form -----------------------------------------------------------------------------------------


def test_the_form_asks_in_order_and_the_answers_are_kept_with_the_person(client, session):
    html = client.get(address(session)).content.decode()
    assert markup.faults(html) == []
    assert html.index("Repas") < html.index("Votre tableur") < html.index("Covoiturage")
    client.post(address(session), filled(session))
    assert told(Registration.objects.get()) == {
        "Repas": "Soupe",
        "Votre tableur": "LibreOffice",
        "Covoiturage": "oui",
    }


def test_a_required_answer_that_is_missing_keeps_the_form_and_registers_nobody(client, session):
    meal, tool, _lift = keys(session)
    response = client.post(address(session), filled(session, **{f"question_{meal}": ""}))
    assert errors(response) == {f"question_{meal}": ["Répondez à cette question."]}
    assert response.context["form"][f"question_{tool}"].value() == "LibreOffice"
    assert Registration.objects.count() == 0


def test_a_choice_that_is_not_offered_is_refused_kindly(client, session):
    meal, _tool, lift = keys(session)
    wrong = {f"question_{meal}": "Caviar", f"question_{lift}": "peut-être"}
    response = client.post(address(session), filled(session, **wrong))
    assert errors(response) == {
        f"question_{meal}": ["Choisissez dans la liste."],
        f"question_{lift}": ["Choisissez dans la liste."],
    }
    with pytest.raises(actions.Refused, match="« Caviar » n’est pas un choix de « Repas »"):
        register(session, answers={meal: "Caviar"})
    assert Registration.objects.count() == 0


def test_each_colleague_answers_and_one_who_does_not_come_is_not_asked(client, session):
    meal, _tool, _lift = keys(session)
    people = {"people": "3", "name_2": "Aline Fictive", "name_3": ""}
    response = client.post(address(session), filled(session, **people))
    assert errors(response) == {f"question_{meal}_2": ["Répondez aussi pour ce collègue."]}
    client.post(address(session), filled(session, **people, **{f"question_{meal}_2": "Tartine"}))
    assert [told(one) for one in Registration.objects.order_by("position")] == [
        {"Repas": "Soupe", "Votre tableur": "LibreOffice", "Covoiturage": "oui"},
        {"Repas": "Tartine"},
    ]


def register(session, **fields):
    person = Person(name="Basile Fictif", email="basile@exemple.invalid", **fields)
    return actions.register(session=session, people=[person], by=None, nonce="a" * 32).registrations[0]


def test_an_answer_to_another_session_s_question_or_to_a_closed_one_is_left_out(session):
    meal, tool, _lift = keys(session)
    foreign = RegistrationQuestionFactory()
    RegistrationQuestion.objects.filter(pk=tool).update(closed=True)
    registration = register(session, answers={meal: "Soupe", tool: "Calc", foreign.pk: "x", 0: "y"})
    assert told(registration) == {"Repas": "Soupe"}


def test_the_same_form_twice_keeps_one_set_of_answers(client, session):
    for _click in range(2):
        client.post(address(session), filled(session))
    assert (Registration.objects.count(), RegistrationAnswer.objects.count()) == (1, 3)


def test_markup_and_control_characters_of_an_answer_are_text_and_nothing_else(client, desk, session):
    _meal, tool, _lift = keys(session)
    client.post(
        address(session), filled(session, **{f"question_{tool}": "<script>x</script>\u202e\r\nBcc: y"})
    )
    assert told(Registration.objects.get())["Votre tableur"] == "<script>x</script> Bcc: y"
    html = desk.get(reverse("admin:trainings_session_people", args=[session.pk])).content.decode()
    assert "&lt;script&gt;x&lt;/script&gt; Bcc: y" in html


def test_somebody_on_the_phone_is_not_asked_what_is_required(desk, session):
    phone = {"name": "Denis Fictif", "phone": "010 00 00 00", "nonce": "b" * 32}
    desk.post(reverse("admin:trainings_session_people", args=[session.pk]), phone)
    assert told(Registration.objects.get()) == {}


# The desk ------------------------------------------------------------------------------------------------


def test_who_comes_shows_each_answer_and_counts_the_choices(client, desk, session):
    client.post(address(session), filled(session))
    client.post(
        address(session), filled(session, name="Aline Fictive", email="aline@exemple.invalid", nonce="d" * 32)
    )
    Registration.objects.filter(name="Aline Fictive").update(state="waiting")
    answers = desk.get(reverse("admin:trainings_session_people", args=[session.pk])).context["answers"]
    assert [(one.name, texts) for one, texts in answers.rows] == [
        ("Basile Fictif", ["Soupe", "LibreOffice", "oui"]),
        ("Aline Fictive", ["Soupe", "LibreOffice", "oui"]),
    ]
    # Who waits has no soup yet: only those who have a seat count.
    assert [(question.label, counts) for question, counts in answers.counted] == [
        ("Repas", [("Soupe", 1), ("Tartine", 0)]),
        ("Covoiturage", [("oui", 1), ("non", 0)]),
    ]


def questions_posted(session, *rows):
    """What the session's form holds, with these questions: (instance or None, fields)."""
    fields = {
        "questions-TOTAL_FORMS": str(len(rows)),
        "questions-INITIAL_FORMS": str(sum(one is not None for one, _ in rows)),
    }
    for number, (one, typed) in enumerate(rows):
        stored = (
            {"rank": one.rank, "label": one.label, "kind": one.kind, "choices": one.choices} if one else {}
        )
        kept = {"erase_answers": "on"} if one and one.erase_answers else {}
        row = {"id": one.pk if one else "", "session": session.pk, **stored, **kept, **typed}
        fields |= {f"questions-{number}-{name}": value for name, value in row.items()}
    return posted(session, capacity="5", **fields)


def test_staff_write_questions_beside_the_days_and_nobody_is_mailed(desk, jodoigne, mailoutbox):
    registration = RegistrationFactory(session=TrainingSessionFactory(capacity=5))
    session = registration.session
    new = {"rank": "1", "label": "Repas ?", "kind": "choice", "choices": "Soupe\r\n\r\nTartine\r\nSoupe"}
    response = desk.post(change_address(session), questions_posted(session, (None, new)))
    assert response.status_code == 302
    question = session.questions.get()
    assert (question.label, question.choices) == ("Repas ?", "Soupe\nTartine")
    assert mailoutbox == []


def test_a_choice_without_choices_and_a_seventh_question_are_refused(desk, jodoigne):
    session = TrainingSessionFactory(capacity=5)
    bare = {"rank": "1", "label": "Repas ?", "kind": "choice", "choices": "Soupe"}
    response = desk.post(change_address(session), questions_posted(session, (None, bare)))
    assert "Donnez de 2 à 20 choix courts" in str(response.context["errors"])
    seven = [(None, {"rank": "1", "label": f"Question {n}", "kind": "text"}) for n in range(7)]
    response = desk.post(change_address(session), questions_posted(session, *seven))
    assert "Posez 6 questions au plus" in str(response.context["errors"])
    assert session.questions.count() == 0


def test_a_question_with_answers_is_closed_where_it_would_be_deleted_another_goes(client, desk, session):
    client.post(address(session), filled(session, **{f"question_{keys(session)[1]}": ""}))
    meal, tool, lift = session.questions.order_by("rank")
    gone = {"DELETE": "on"}
    rows = [(meal, gone | {"required": "on"}), (tool, gone), (lift, {})]
    response = desk.post(change_address(session), questions_posted(session, *rows))
    assert response.status_code == 302
    assert list(session.questions.order_by("rank").values_list("label", "closed")) == [
        ("Repas", True),
        ("Covoiturage", False),
    ]
    assert told(Registration.objects.get()) == {"Repas": "Soupe", "Covoiturage": "oui"}


def test_a_series_asks_the_same_questions(session):
    session.questions.filter(label="Covoiturage").update(closed=True)
    later = session.days.get().date.replace(day=1, month=1, year=session.days.get().date.year + 1)
    (copy,) = actions.make_series(session, starts=[later], by=TeamFactory(), nonce="c" * 32)
    assert list(copy.questions.values_list("label", "choices", "required")) == [
        ("Repas", "Soupe\nTartine", True),
        ("Votre tableur", "", False),
    ]
    assert session.questions.count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_who_comes_asks_the_same_queries_for_one_and_three_answers(
    desk, django_assert_num_queries, session, count
):
    for position in range(1, count + 1):
        registration = RegistrationFactory(session=session, position=position)
        registration.answers.create(question=session.questions.first(), text="Soupe")
    with django_assert_num_queries(10):
        desk.get(reverse("admin:trainings_session_people", args=[session.pk]))


# The person, and what the tables keep --------------------------------------------------------------------


def test_the_extract_of_a_person_tells_what_they_answered(session):
    registration = register(session, answers={keys(session)[0]: "Soupe"})
    contact = Contact.objects.create(name=registration.name, email=registration.email)
    (row,) = extracts.of_contact(contact)["inscriptions"]
    assert row["réponses à l’inscription"] == {"Repas": "Soupe"}


def test_the_person_and_the_desk_read_the_answers_beside_the_registration(client, session):
    registration = register(session, answers={keys(session)[0]: "Soupe"})
    link = emails.manage_url(registration).partition("/inscriptions/")[2]
    html = client.get(f"/inscriptions/{link}").content.decode()
    assert markup.faults(html) == []
    assert "<dt>Repas</dt><dd>Soupe</dd>" in html
    client.force_login(TeamFactory())
    address = reverse("admin:trainings_registration_change", args=[registration.pk])
    assert "Repas <strong>Soupe</strong>" in client.get(address).content.decode()


def test_answers_are_erased_with_the_person(session):
    registration = register(session, answers={keys(session)[0]: "Soupe"})
    erasing.forget(erasure.Person().plus(rows=[registration]))
    assert RegistrationAnswer.objects.count() == 0


def test_the_database_refuses_two_answers_and_a_choice_without_choices(session):
    registration = register(session, answers={keys(session)[0]: "Soupe"})
    question = session.questions.first()
    for wrong in (
        lambda: registration.answers.create(question=question, text="Tartine"),
        lambda: RegistrationFactory(session=session, position=9).answers.create(question=question, text=""),
        lambda: RegistrationQuestionFactory(session=session, kind="choice"),
        lambda: RegistrationQuestionFactory(session=session, kind="text", choices="a\nb"),
        lambda: RegistrationQuestionFactory(session=session, kind="dance"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
