"""Letters as a mail program reads them: headers, text, HTML, one action, one way out."""

import email
import email.policy
import re

import html5lib
import pytest

from invitations import actions, emails
from invitations.models import Invitation
from outbox.models import Letter
from tests.factories.actors import EnterpriseFactory
from tests.factories.invitations import CampaignFactory, writable_contact
from tests.factories.territory import LAGFactory

pytestmark = pytest.mark.django_db


def letter_to(contact, **facts):
    """Launch a campaign to this contact; return its letter as a MIME parser reads it."""
    campaign = CampaignFactory(**facts)
    actions.prepare(campaign, contacts=[contact], by=None)
    actions.launch(campaign, by=None)
    return email.message_from_bytes(bytes(Letter.objects.get().message), policy=email.policy.default)


def part(message, kind: str) -> str:
    return message.get_body(preferencelist=(kind,)).get_content()


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
