"""The SMTP server of the tests behaves, and misbehaves, as told."""

import smtplib
from email.message import EmailMessage

import pytest


@pytest.fixture
def letter():
    message = EmailMessage()
    message["From"] = "portail@exemple.invalid"
    message["To"] = "camille@exemple.invalid"
    message["Subject"] = "Votre place est confirmée"
    message.set_content("À bientôt !")
    return message


def send(server, message, timeout=10):
    with smtplib.SMTP(server.host, server.port, timeout=timeout) as line:
        line.send_message(message)


def test_it_keeps_the_letters_it_accepted(smtp_server, letter, settings):
    assert smtp_server.port == settings.EMAIL_PORT
    send(smtp_server, letter)
    (received,) = smtp_server.letters
    assert received.recipients == ["camille@exemple.invalid"]
    assert received.message["Subject"] == "Votre place est confirmée"
    assert received.text == "À bientôt !\n"


@pytest.mark.parametrize("code", [421, 450, 550])
def test_it_refuses_once_with_the_code_asked_for(smtp_server, letter, code):
    smtp_server.answers = [f"{code} non"]
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(smtp_server, letter)
    assert refusal.value.recipients == {"camille@exemple.invalid": (code, b"non")}
    assert smtp_server.letters == []
    send(smtp_server, letter)
    assert len(smtp_server.letters) == 1
    assert smtp_server.attempts == 2


def test_it_hangs_until_released(smtp_server, letter):
    smtp_server.hang()
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(smtp_server, letter, timeout=2)
    smtp_server.release()
    send(smtp_server, letter)


def test_it_drops_the_line_after_it_took_the_letter(smtp_server, letter):
    smtp_server.drop()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_server, letter)
    assert len(smtp_server.letters) == 1
