"""The mailbox of returned letters: read as mbox or Maildir, believed only about what we sent."""

import email
import mailbox

import pytest
from django.core.management import CommandError, call_command

from outbox import bounces
from outbox.models import Letter
from outbox.signals import bounced
from tests.factories.outbox import write_letter

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@exemple.invalid
To: portail@exemple.invalid
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Regrets.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.invalid

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: {kind}

Subject: Votre avis
Message-ID: {message_id}

--b--
"""


def report(letter, **facts) -> email.message.Message:
    told = {
        "address": letter.recipients,
        "action": "failed",
        "status": "5.1.1",
        "words": "550 5.1.1 User unknown",
        "kind": "text/rfc822-headers",
        "message_id": letter.message_id,
        **facts,
    }
    return email.message_from_bytes(REPORT.format(**told).encode())


@pytest.fixture
def told():
    """The addresses that rooms above were told of."""
    found = []

    def listen(sender, letter, address, **kwargs):
        found.append(address)

    bounced.connect(listen)
    yield found
    bounced.disconnect(listen)


def read(tmp_path, *messages, kind=mailbox.mbox) -> None:
    box = kind(tmp_path / "retours")
    for message in messages:
        box.add(message)
    box.close()
    call_command("read_bounces", str(tmp_path / "retours"))


@pytest.mark.parametrize("kind", [mailbox.mbox, mailbox.Maildir])
@pytest.mark.parametrize("handed_back", ["text/rfc822-headers", "message/rfc822"])
def test_a_returned_letter_is_known_by_its_message_id_and_told_once(
    tmp_path, told, capsys, kind, handed_back
):
    letter = write_letter(lane="bulk")
    read(tmp_path, report(letter, kind=handed_back), kind=kind)
    call_command("read_bounces", str(tmp_path / "retours"))
    assert told == [letter.recipients]
    letter.refresh_from_db()
    assert (letter.refused_addresses, letter.last_error) == (
        [letter.recipients],
        "550 550 5.1.1 User unknown",
    )
    assert capsys.readouterr().out.splitlines() == [
        "1 messages lus, 1 adresses nouvellement refusées.",
        "1 messages lus, 0 adresses nouvellement refusées.",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"message_id": "<inconnu@exemple.invalid>"},
        {"message_id": "rien"},
        {"address": "autre@exemple.invalid"},
        {"action": "delayed"},
        {"status": "4.2.2", "words": "450 4.2.2 Boîte pleine"},
        {"status": "5.7.1", "words": "550 5.7.1 Refusé par règle"},
    ],
)
def test_what_is_no_lasting_refusal_of_our_letter_is_not_believed(tmp_path, told, facts):
    letter = write_letter(lane="bulk")
    read(tmp_path, report(letter, **facts))
    assert (told, Letter.objects.get().refused) == ([], "")


@pytest.mark.parametrize(
    "source",
    [b"", b"Subject: Bonjour\n\nMerci.", b"Content-Type: multipart/report\n\nrien", b"\xff\x00\n\n\xff"],
)
def test_any_other_message_says_nothing(source):
    assert list(bounces.read(email.message_from_bytes(source))) == []


def test_a_status_without_words_is_enough(tmp_path, told):
    letter = write_letter(lane="bulk")
    read(tmp_path, report(letter, words=""))
    assert told == [letter.recipients]


def test_a_path_that_holds_no_mailbox_is_told(tmp_path):
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("read_bounces", str(tmp_path / "rien"))
