"""A message of the team's own words to the people of a session: once each, whatever is clicked."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import JournalEntry
from tests.factories.accounts import TeamFactory
from tests.factories.trainings import RegistrationFactory, TrainingSessionFactory
from tests.trainings.test_races import at_once
from trainings import actions, emails
from trainings.models import SessionMessage

NONCE = "a" * 32


@pytest.fixture
def team(db):
    return TeamFactory(name="Odile Fictive", email="odile@exemple.invalid")


@pytest.fixture
def desk(client, team):
    """A client of the LAG's team."""
    client.force_login(team)
    return client


@pytest.fixture
def session(jodoigne):
    """Two people with a seat, one of them without an address, one who waits, one who gave up."""
    session = TrainingSessionFactory(municipality=jodoigne, training__title="Les haies")
    RegistrationFactory(session=session, name="Aline Fictive", email="aline@exemple.invalid", position=1)
    RegistrationFactory(
        session=session, name="Denis Fictif", email="", entered_by="x", phone="010", position=2
    )
    RegistrationFactory(
        session=session, name="Basile Fictif", email="basile@exemple.invalid", state="waiting", position=3
    )
    RegistrationFactory(session=session, name="Zoé Fictive", state="cancelled", position=4)
    return session


def address(session):
    return reverse("admin:trainings_session_message", args=[session.pk])


def typed(**fields):
    return {"audience": "seated", "subject": "Le parking", "body": "Bonjour {nom},", "nonce": NONCE} | fields


def written():
    return [letter.to[0] for letter in mail.outbox]


@pytest.mark.parametrize(
    ("audience", "to"),
    [
        ("seated", ["aline@exemple.invalid"]),
        ("waiting", ["basile@exemple.invalid"]),
        ("all", ["aline@exemple.invalid", "basile@exemple.invalid"]),
    ],
)
def test_it_goes_to_those_it_is_meant_for_and_answers_come_to_the_team(desk, session, audience, to):
    desk.post(address(session), typed(audience=audience, envoyer="1"))
    assert written() == to
    assert {tuple(letter.reply_to) for letter in mail.outbox} == {("bonjour@exemple.invalid",)}
    entry = JournalEntry.objects.get(verb="session.message_sent")
    assert entry.facts == {"audience": audience, "letters": len(to)}


def test_each_letter_holds_what_it_says_of_its_person_and_of_the_session(desk, session):
    body = "Bonjour {nom},\r\n\r\n« {formation} » : {date}, {lieu}.\r\nVotre lien : {lien}"
    desk.post(address(session), typed(subject="{formation} : le parking", body=body, envoyer="1"))
    (letter,) = mail.outbox
    assert letter.subject == "Les haies : le parking"
    text = letter.body
    assert "Bonjour Aline Fictive,\n\n« Les haies » : " in text
    assert ", de 19\u00a0h à 21\u00a0h, Ferme du Tilleul, Jodoigne.\nVotre lien : http" in text
    html = letter.alternatives[0][0]
    assert "Bonjour Aline Fictive," in html
    link = emails.manage_url(session.registrations.get(position=1)).rpartition("/inscriptions/")[0]
    assert f'<a href="{link}/inscriptions/' in html
    assert letter.extra_headers["X-Letter-Kind"] == "registration.message"


def test_sent_twice_it_leaves_once_and_the_page_says_so(desk, session):
    for _click in range(2):
        response = desk.post(address(session), typed(envoyer="1"), follow=True)
    assert [str(one) for one in response.context["messages"]] == [
        "Ce message était déjà parti. Rien n’est envoyé une seconde fois."
    ]
    assert (written(), SessionMessage.objects.count()) == (["aline@exemple.invalid"], 1)


def test_the_preview_writes_nothing_and_a_trial_writes_to_its_author_alone(desk, session, team):
    response = desk.post(address(session), typed(montrer="1"))
    assert response.context["letter"].to == ["aline@exemple.invalid"]
    assert [one.name for one in response.context["without"]] == ["Denis Fictif"]
    assert mail.outbox == []
    desk.post(address(session), typed(essai="1"))
    assert written() == [team.email]
    assert "Bonjour Odile Fictive," in mail.outbox[0].body
    assert SessionMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "Bonjour {prenom}"}, "body"),
        ({"subject": "{lien}"}, "subject"),
        ({"subject": " "}, "subject"),
        ({"audience": "world"}, "audience"),
    ],
)
def test_what_cannot_be_written_is_said_beside_its_field(desk, session, wrong, field):
    response = desk.post(address(session), typed(envoyer="1", **wrong))
    assert list(response.context["form"].errors) == [field]
    assert mail.outbox == []


def test_line_breaks_in_the_subject_and_markup_in_the_text_stay_text(desk, session, team):
    broken = "Parking\r\nBcc: autre@exemple.invalid"
    response = desk.post(address(session), typed(subject=broken, envoyer="1"))
    assert list(response.context["form"].errors) == ["subject"]
    # The verb itself makes one line of it, whoever calls.
    actions.write_message(
        session, audience="seated", subject=broken, body="<script>x</script>", nonce=NONCE, by=team
    )
    (letter,) = mail.outbox
    assert letter.subject == "Parking Bcc: autre@exemple.invalid"
    assert "&lt;script&gt;x&lt;/script&gt;" in letter.alternatives[0][0]


def test_words_between_braces_in_a_name_are_not_read_again(desk, session):
    session.registrations.filter(position=1).update(name="{lien} Fictive")
    desk.post(address(session), typed(body="Bonjour {nom}", envoyer="1"))
    assert "Bonjour {lien} Fictive" in mail.outbox[0].body


def test_where_nobody_has_an_address_nothing_is_sent_and_the_page_says_it(desk, jodoigne):
    session = TrainingSessionFactory()
    response = desk.post(address(session), typed(envoyer="1"))
    assert response.context["form"].non_field_errors() == [
        "Personne n’a d’adresse e-mail parmi ces personnes. Rien n’est envoyé."
    ]


def test_the_database_keeps_one_message_a_form_and_none_that_is_empty(session):
    def write(**fields):
        fields = {"nonce": NONCE, "subject": "a", "body": "b", "letters": 1} | fields
        return SessionMessage.objects.create(session=session, **fields)

    write()
    for wrong in (
        {},
        {"nonce": "b", "subject": ""},
        {"nonce": "c", "letters": 0},
        {"nonce": "d", "audience": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write(**wrong)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_five_clicks_at_once_write_one_letter():
    team = TeamFactory()
    session = RegistrationFactory().session
    done = at_once(
        [
            lambda: actions.write_message(
                session, audience="all", subject="Parking", body="Bonjour", nonce=NONCE, by=team
            )
        ]
        * 5
    )
    assert sorted(new for _message, new in done) == [False] * 4 + [True]
    assert SessionMessage.objects.get().letters == 1
