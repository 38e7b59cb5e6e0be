"""What a message becomes: headers that leave and those that do not, addresses, hostile texts."""

import email
import email.policy

import pytest
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives

from outbox.letters import InvalidAddress, compose
from outbox.models import Letter


def parsed(letter):
    return email.message_from_bytes(letter.message, policy=email.policy.default)


def message(**changes):
    fields = {
        "subject": "Séance confirmée",
        "body": "Bonjour",
        "from_email": "GAL Hélécine <portail@gal.example>",
        "to": ["Zoé Piéton <zoe@commune.example>"],
    }
    return EmailMultiAlternatives(**{**fields, **changes})


def test_one_letter_a_message_with_everyone_it_goes_to():
    letter = compose(
        message(
            cc=["b@x.example"], bcc=["Secret <c@x.example>", "b@x.example"], reply_to=["Équipe <e@x.example>"]
        )
    )
    assert letter.addresses == ["zoe@commune.example", "b@x.example", "c@x.example"]
    assert letter.pending == letter.recipients
    assert (letter.sender, letter.host) == ("portail@gal.example", "commune.example")
    leaving = parsed(letter)
    assert {name: str(leaving[name]) for name in ("From", "To", "Cc", "Reply-To", "Subject")} == {
        "From": "GAL Hélécine <portail@gal.example>",
        "To": "Zoé Piéton <zoe@commune.example>",
        "Cc": "b@x.example",
        "Reply-To": "Équipe <e@x.example>",
        "Subject": "Séance confirmée",
    }
    assert b"c@x.example" not in letter.message
    assert letter.message.isascii()


def test_marks_choose_the_lane_and_never_leave():
    sent = message(
        headers={
            "x-lane": "bulk",
            "X-Letter-Kind": "invitation",
            "X-Secret": "1",
            "X-About": "invitation:7f",
            "List-Unsubscribe": "<https://gal.example/x>",
        }
    )
    letter = compose(sent)
    assert (letter.lane, letter.kind, letter.secret, letter.about) == (
        "bulk",
        "invitation",
        True,
        "invitation:7f",
    )
    assert sorted(parsed(letter).keys()) == sorted(
        [
            "Content-Type",
            "MIME-Version",
            "Content-Transfer-Encoding",
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "List-Unsubscribe",
        ]
    )
    assert "x-lane" in sent.extra_headers, "the sender's message stays as it was"


def test_a_letter_says_nothing_and_is_transactional():
    letter = compose(message())
    assert (letter.lane, letter.kind, letter.secret, letter.about) == ("transactional", "", False, "")
    assert letter.message_id == f"<{letter.public_id}@gal.example>" == str(parsed(letter)["Message-ID"])


def test_the_senders_message_id_is_kept():
    assert compose(message(headers={"message-id": "<7@gal.example>"})).message_id == "<7@gal.example>"


def test_an_unknown_lane_is_refused():
    with pytest.raises(ValueError, match="X-Lane: express"):
        compose(message(headers={"X-Lane": "express"}))


def test_a_secret_keeps_its_subject_to_itself():
    assert compose(message(subject="Code 1234", headers={"X-Secret": "1"})).subject == ""


def test_a_reset_link_makes_a_letter_secret_by_itself():
    link = "https://gal.example/compte/password/reset/key/1-c0ffee/"
    assert compose(message(body=f"Cliquez : {link}")).secret is True
    html = message()
    html.attach_alternative(f'<a href="{link}">x</a>', "text/html")
    assert compose(html).secret is True


def test_a_calendar_keeps_its_method():
    sent = message()
    sent.attach("séance.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; method=PUBLISH")
    (calendar,) = parsed(compose(sent)).iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params["method"] == "PUBLISH"
    assert calendar.get_filename() == "séance.ics"
    assert calendar.get_content().splitlines() == ["BEGIN:VCALENDAR", "END:VCALENDAR"]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Bonjour\r\nBcc: tous@x.example"},
        {"subject": "Bonjour\nBcc: tous@x.example"},
        {"to": ["Zoé\r\nBcc: x@x.example <zoe@commune.example>"]},
        {"to": ["zoe@commune.example\n"]},
        {"cc": ["a@x.example\r\nBcc: b@x.example"]},
        {"bcc": ["a@x.example\r\nRCPT TO:<b@x.example>"]},
        {"from_email": "GAL\nBcc: x@x.example <portail@gal.example>"},
        {"reply_to": ["Zoé\r\nBcc: x@x.example <zoe@commune.example>"]},
        {"headers": {"X-About": "1\r\nBcc: x@x.example"}},
        {"headers": {"List-Unsubscribe": "<x>\nBcc: x@x.example"}},
        {"headers": {"X-A\r\nBcc": "x@x.example"}},
        {"attachments": [("a.txt\r\nBcc: x@x.example", "texte", "text/plain")]},
    ],
)
def test_a_line_break_in_a_header_is_refused(changes):
    with pytest.raises(BadHeaderError):
        compose(message(**changes))


@pytest.mark.parametrize(
    "address",
    [" ", "zoe", "zoe@", "@x.example", "zoe@x y.example", "zoé@x.example", "a@x.example, b@x.example"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InvalidAddress):
        compose(message(to=["ok@x.example", address]))


def test_a_domain_with_accents_travels_in_ascii():
    letter = compose(message(to=["Zoé <zoe@hélécine.example>"]))
    assert (letter.recipients, letter.host) == ("zoe@xn--hlcine-bvab.example", "xn--hlcine-bvab.example")


def test_lone_surrogates_and_nuls_do_no_harm():
    sent = message(
        subject="Sé\ud800ance\x00",
        body="Bon\udfffjour \U0001f69c",
        to=["Zo\ud800 <zoe@commune.example>"],
        headers={"X-Note": "a\ud800b"},
    )
    sent.attach_alternative("<p>\ud800</p>", "text/html")
    sent.attach("a\ud800.txt", "b\ud800", "text/plain")
    letter = compose(sent)
    assert letter.subject == "Sé\ufffdance"
    leaving = parsed(letter)
    assert str(leaving["Subject"]) == "Sé\ufffdance"
    assert leaving.get_body(("plain",)).get_content().strip() == "Bon\ufffdjour \U0001f69c"


@pytest.mark.django_db
def test_a_refused_message_writes_no_row():
    with pytest.raises(BadHeaderError):
        message(subject="a\nb").send()
    assert message(subject="a\nb").send(fail_silently=True) == 0
    assert message(to=["zoe"]).send(fail_silently=True) == 0
    assert EmailMessage("a", "b", "c@x.example", []).send() == 0
    assert Letter.objects.count() == 0
