"""Letters as a mail program reads them: headers, text, HTML, one action, one way out."""

import email
import email.policy
import re

import html5lib
import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from invitations import actions, emails
from invitations.models import Invitation
from outbox.models import Letter
from tests.factories.actors import EnterpriseFactory
from tests.factories.invitations import CampaignFactory, InvitationFactory, writable_contact
from tests.factories.territory import LAGFactory

pytestmark = pytest.mark.django_db


def letter_to(contact, **facts):
    """Launch a campaign to this contact; return its letter as a MIME parser reads it."""
    campaign = CampaignFactory(**facts)
    actions.prepare(campaign, contacts=[contact], by=None)
    actions.launch(campaign, by=None)
    return email.message_from_bytes(bytes(Letter.objects.get().message), policy=email.policy.default)


def part(message, kind: str) -> str:
    return message.get_body(preferencelist=(kind,)).get_content().replace("\r\n", "\n")


def test_its_headers_say_what_it_is_and_how_to_leave():
    message = letter_to(writable_contact(email="ada@exemple.invalid"))
    letter = Letter.objects.get()
    assert message["To"] == "ada@exemple.invalid"
    assert message["Reply-To"] == "equipe@gal.invalid"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://testserver/desinscription/[\w:.-]+/>", message["List-Unsubscribe"].strip())
    assert message["Message-ID"] == letter.message_id
    assert letter.lane == "bulk"
    assert [name for name in message if name.lower().startswith("x-")] == []


def test_text_and_html_hold_the_same_link_and_the_way_out():
    LAGFactory(funders="Cofinancé par l’Union européenne d’essai")
    message = letter_to(writable_contact(name="Ada Fictive"))
    text, html = part(message, "plain"), part(message, "html")
    html5lib.HTMLParser(strict=True).parse(html)
    for path in ("/invitation/", "/desinscription/"):
        (link,) = set(re.findall(rf"http://testserver{path}[\w:.-]+/", text))
        assert link in html
    for words in ("Bonjour Ada Fictive,", "Groupe d’action locale d’essai", "Cofinancé par l’Union"):
        assert words in text
        assert words in html
    assert "<img" not in html
    assert "{" not in text


def test_a_text_without_link_gets_it_at_the_end():
    message = letter_to(writable_contact(), body="Bonjour.\r\n\r\nÀ bientôt.")
    assert re.search(r"À bientôt\.\s+http://testserver/invitation/\S+\s", part(message, "plain"))
    assert ">Commencer</a>" in part(message, "html")


def test_a_link_in_a_sentence_stays_in_it():
    message = letter_to(writable_contact(), body="Cliquez sur {lien} & merci")
    html = part(message, "html")
    assert re.search(r'sur <a href="(http://testserver/invitation/[^"]+)">\1</a> &amp; merci', html)
    assert ">Commencer</a>" not in html


def test_names_are_escaped_in_html_and_plain_in_text():
    actor = EnterpriseFactory(name="<script>alert(1)</script> & Fils")
    contact = writable_contact(name="<b>Ada</b> {lien}", actors=[actor])
    message = letter_to(contact, body="{prenom} {nom} de {organisation} <i>\n\n{lien}")
    html = part(message, "html")
    assert "<script>" not in html
    assert "<b>Ada" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Fils &lt;i&gt;" in html
    assert "<b>Ada</b> {lien} de <script>alert(1)</script> & Fils <i>" in part(message, "plain")


@pytest.mark.parametrize(
    "name", ["Ada\r\nBcc: autre@exemple.invalid", "Ada\nSubject: autre", "Ada\x00\u2028Bcc: x@y.be"]
)
def test_a_name_cannot_add_a_header(name):
    # As an import could bring it: forms refuse line breaks. PostgreSQL itself refuses NUL.
    contact = writable_contact(email="ada@exemple.invalid")
    contact.name = name
    message = emails.trial(CampaignFactory(subject="{prenom} {nom}"), contact, None, to=contact.email)
    message.send()
    letter = Letter.objects.get()
    read = email.message_from_bytes(bytes(letter.message), policy=email.policy.default)
    assert letter.addresses == ["ada@exemple.invalid"]
    assert read["Bcc"] is None
    assert len(read.get_all("Subject")) == 1
    assert read["Subject"].startswith("[Essai] Ada")


# As servers and programs receive it ----------------------------------------------------------------------

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 40
"""One word longer than a line of a letter may be."""


def raw(letter: Letter) -> tuple[list[bytes], list[bytes]]:
    """The lines of a letter as they travel: those of its headers, and those of its bodies."""
    head, _blank, body = bytes(letter.message).partition(b"\r\n\r\n")
    return head.split(b"\r\n"), body.split(b"\r\n")


SUBJECTS = [
    "Votre avis, {prenom}",
    "Été, cœur, maïs\u202f: l’enquête « À vous\u00a0! » — €",
    "🌾 Récoltons vos idées 🚜👩🏽‍🌾",
    "é" * 150,
    "🌾" * 150,
    "mot " * 37,
    "x" * 150,
    '& <b> "x" ; a@b',
]


@pytest.mark.parametrize("subject", SUBJECTS, ids=range(len(SUBJECTS)))
def test_any_subject_is_read_back_as_it_was_written(subject):
    message = letter_to(writable_contact(name="Zoé Fictive"), subject=subject)
    written = " ".join(re.split(r"[^\S\u00a0\u202f]+", subject.replace("{prenom}", "Zoé").strip()))
    assert message["Subject"].strip() == written  # a long one begins on a line of its own
    assert message.defects == []
    assert Letter.objects.get().subject == written


@pytest.mark.parametrize(
    "body",
    [
        "Bonjour {prenom}",
        f"Un mot\u00a0: {LONG}.",
        "🌾 {prenom}, ça y est\u202f!\n\n.\n\nFrom ici",
        "é" * 9000,
        " ",
    ],
    ids=["plain", "long word", "emoji", "long line", "blank"],
)
def test_any_text_is_read_back_as_it_was_written_in_both_parts(body):
    message = letter_to(writable_contact(name="Zoé Fictive"), body=body)
    assert message.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
    assert [one.get_content_charset() for one in message.iter_parts()] == ["utf-8", "utf-8"]
    assert [one.defects for one in message.walk()] == [[], [], []]
    written = body.replace("{prenom}", "Zoé").strip()
    assert part(message, "plain").startswith(f"{written}\n" if written else "http")
    shown = "".join(
        html5lib.parse(part(message, "html"), namespaceHTMLElements=False).find("body").itertext()
    )
    for paragraph in written.split("\n\n"):
        assert paragraph in shown


@pytest.mark.parametrize("subject", SUBJECTS, ids=range(len(SUBJECTS)))
def test_no_line_is_longer_than_servers_take(subject):
    name = "Marie-Élisabeth Anne Charlotte de la Très Longue Fictive-Imaginaire, " * 2
    contact = writable_contact(name=name, email=f"{'m' * 60}@{'sous-domaine.' * 10}exemple.invalid")
    letter_to(contact, subject=subject, body=f"{LONG} {{nom}}\n\n{'é' * 3000}")
    head, body = raw(Letter.objects.get())
    assert max(map(len, [*head, *body])) <= 998
    assert [line for line in (*head, *body) if b"\n" in line or b"\r" in line] == []
    # RFC 5322, 2.1.1: 78 where a line can be folded; an address without a space cannot.
    assert [line for line in head if len(line) > 78 and b" " in line.strip().partition(b": ")[2]] == []


def test_the_headers_that_programs_act_upon_are_alone_and_plain():
    """RFC 8058: List-Unsubscribe holds one HTTPS address, and the other header this very value."""
    message = letter_to(writable_contact(name="Zoé Fictive"))
    for name in (
        *("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version"),
        *("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted"),
    ):
        assert len(message.get_all(name)) == 1
    assert re.fullmatch(r"<[0-9a-f-]{36}@[\w.-]+>", message["Message-ID"])
    assert str(message["List-Unsubscribe"]).isascii()
    assert message["Date"].datetime is not None


def test_each_letter_has_a_message_id_of_its_own():
    campaign = CampaignFactory()
    actions.prepare(campaign, contacts=[writable_contact() for _ in range(3)], by=None)
    actions.launch(campaign, by=None)
    told = [
        email.message_from_bytes(bytes(one.message), policy=email.policy.default)["Message-ID"]
        for one in Letter.objects.order_by("pk")
    ]
    assert told == list(Letter.objects.order_by("pk").values_list("message_id", flat=True))
    assert len(set(told)) == 3


def test_the_way_out_that_a_letter_holds_is_one_post(client):
    contact = writable_contact()
    message = letter_to(contact)
    way_out = message["List-Unsubscribe"].strip("<> ").removeprefix("http://testserver")
    program = Client(enforce_csrf_checks=True)
    name, value = message["List-Unsubscribe-Post"].split("=")
    assert program.post(way_out, {name: value}).status_code == 200
    contact.refresh_from_db()
    assert contact.opted_out_at is not None


@pytest.mark.parametrize("field", ["subject", "reply_to"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_campaign_cannot_add_a_header(field, end):
    campaign = CampaignFactory.build(**{field: f"equipe@gal.invalid{end}Bcc: autre@exemple.invalid"})
    with pytest.raises(ValidationError) as refusal:
        actions.save(campaign, by=None)
    assert set(refusal.value.message_dict) == {field}


def test_the_message_id_is_the_same_at_each_try(smtp_server):
    from outbox import actions as outbox

    letter_to(writable_contact())
    smtp_server.answers = ["450 4.2.1 Plus tard"]
    outbox.sweep()
    Letter.objects.update(next_try_at="2026-01-01T00:00Z")
    outbox.sweep()
    assert [one.message["Message-ID"] for one in smtp_server.letters] == [Letter.objects.get().message_id]


def test_the_trial_leads_to_the_page_and_holds_no_way_in():
    contact = writable_contact()
    message = emails.trial(CampaignFactory(), contact, None, to="equipe@gal.invalid")
    assert message.to == ["equipe@gal.invalid"]
    assert "/invitation/" not in message.body
    assert "http://testserver/territoire/" in message.body
    assert Invitation.objects.count() == 0


def test_the_trial_says_in_place_of_the_opt_out_that_it_has_none_and_a_letter_has_its_link():
    text, html = "Pour ne plus recevoir d’invitations\u00a0:", "Ne plus recevoir d’invitations"
    inactive = "(lien personnel, inactif dans cet essai)"
    trial = emails.trial(CampaignFactory(), writable_contact(), None, to="equipe@gal.invalid")
    assert f"{text} {inactive}" in trial.body
    assert f"{html} {inactive}" in trial.alternatives[0][0]
    assert set(re.findall(r'href="([^"]*)"', trial.alternatives[0][0])) == {"http://testserver/territoire/"}
    letter = emails.written(InvitationFactory(), lag=None)
    assert f"{text} http://testserver/desinscription/" in letter.body
    assert inactive not in letter.body + letter.alternatives[0][0]
