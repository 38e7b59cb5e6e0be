"""Personal links: a GET shows, a POST acts; expired, replayed, altered ones say so and change nothing."""

import json
import logging
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import links
from actors import actions as actors
from actors.models import Contact
from invitations import actions, emails
from invitations.models import Invitation
from outbox.models import Letter
from outbox.reading import readable_text
from smartrural.logs import JSONFormatter
from tests.factories.actors import EnterpriseFactory
from tests.factories.invitations import InvitationFactory, launched_campaign, writable_contact
from tests.responses import without_entrance

pytestmark = pytest.mark.django_db


def path_of(url: str) -> str:
    return url.removeprefix("http://testserver")


@pytest.fixture
def invitation():
    return InvitationFactory(
        contact=writable_contact(name="Zélie Secrète"), actor=EnterpriseFactory(name="Brasserie Imaginaire")
    )


@pytest.fixture
def path(invitation):
    return path_of(emails.link(invitation))


def state(invitation) -> tuple:
    invitation.refresh_from_db()
    return invitation.begun_at, invitation.answered_at


def test_a_get_shows_and_changes_nothing(client, invitation, path):
    for method in (client.get, client.head, client.get):
        assert method(path).status_code == 200
    page = client.get(path).content.decode()
    assert invitation.campaign.title in page
    assert "Brasserie Imaginaire" in page
    assert "Zélie" not in page
    assert state(invitation) == (None, None)
    assert "invitation" not in client.session


def test_a_page_behind_a_link_is_kept_by_nobody(client, path):
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_a_post_begins_and_leads_to_the_page(client, invitation, path):
    response = client.post(path)
    assert (response.status_code, response["Location"]) == (302, "/territoire/")
    assert client.session["invitation"] == str(invitation.public_id)
    assert state(invitation)[0] is not None


def test_what_a_link_opens_is_not_for_who_knew_the_session_before(client, invitation, path):
    session = client.session
    session["vu"] = "avant"
    session.save()
    known = session.session_key
    client.post(path)
    assert (client.session["vu"], client.session["invitation"]) == ("avant", str(invitation.public_id))
    assert client.session.session_key != known
    assert not client.session.exists(known)


def test_a_post_needs_the_form_of_the_page(path, invitation):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert state(invitation) == (None, None)


def test_a_link_replayed_goes_on_while_it_is_open(client, invitation, path):
    client.post(path)
    before = state(invitation)
    assert "Continuer" in client.get(path).content.decode()
    assert Client().post(path).status_code == 302
    assert state(invitation) == before


def test_a_link_replayed_after_the_answer_says_so_and_changes_nothing(client, invitation, path):
    actions.mark_answered(invitation.public_id)
    before = state(invitation)
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 200
        assert "C’est déjà fait" in response.content.decode()
    assert state(invitation) == before
    assert "invitation" not in client.session


def test_an_expired_link_offers_a_new_one_without_naming_anybody(client, invitation, path):
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        invitation.campaign.deadline = timezone.now() + timedelta(days=5)
        invitation.campaign.save()
        response = client.get(path)
        assert response.status_code == 410
        page = response.content.decode()
        assert "Recevoir un nouveau lien" in page
        for identity in ("Zélie", invitation.contact.email, "Brasserie"):
            assert identity not in page
        assert Letter.objects.count() == 0
        assert client.post(path).status_code == 200
        letter = Letter.objects.get()
        assert letter.addresses == [invitation.contact.email]
        new = path_of(emails.link(invitation))
        assert client.get(new).status_code == 200
    assert state(invitation) == (None, None)


@pytest.mark.parametrize("end", [actions.close, actions.cancel])
def test_a_link_of_a_campaign_that_is_over_says_so(client, invitation, path, end):
    end(invitation.campaign, by=None)
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "Cette invitation est terminée" in response.content.decode()
    assert state(invitation) == (None, None)


def test_altered_links_and_links_of_another_purpose_get_the_same_404(client, invitation, path):
    token = path.split("/")[2]
    opt_out = path_of(emails.opt_out_link(invitation.contact)).split("/")[2]
    expires = timezone.now() + timedelta(days=1)
    strange = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace(":", "", 1),
        opt_out,
        links.make("registration.manage", invitation.public_id, expires=expires),
        links.make(emails.OPEN, invitation.public_id, version=2, expires=expires),
        links.make(emails.OPEN, "00000000-0000-4000-8000-000000000000", expires=expires),
        "x" * 3000,
        "%00",
    ]
    known = without_entrance(client.get("/nulle-part/"))
    for wrong in strange:
        for method in (client.get, client.post):
            response = method(f"/invitation/{wrong}/")
            assert (response.status_code, without_entrance(response)) == (404, known)
    assert client.get(f"/desinscription/{token}/").status_code == 404
    assert state(invitation) == (None, None)


# Opt-out -------------------------------------------------------------------------------------------------


def test_opting_out_takes_a_button(client):
    contact = writable_contact()
    path = path_of(emails.opt_out_link(contact))
    assert "Me désinscrire" in client.get(path).content.decode()
    assert Contact.objects.get().opted_out_at is None
    assert "Vous êtes désinscrit" in client.post(path).content.decode()
    assert list(Contact.objects.writable()) == []


def test_one_click_opt_out_without_cookie_or_form(invitation):
    path = path_of(emails.opt_out_link(invitation.contact))
    program = Client(enforce_csrf_checks=True)
    first = program.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    opted_out_at = Contact.objects.get().opted_out_at
    again = Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert opted_out_at is not None
    assert Contact.objects.get().opted_out_at == opted_out_at


def test_the_right_to_object_has_no_end(client):
    path = path_of(emails.opt_out_link(writable_contact()))
    with time_machine.travel(timezone.now() + timedelta(days=5000)):
        assert client.post(path).status_code == 200
    assert Contact.objects.get().opted_out_at is not None


@pytest.mark.parametrize("both_invited", [False, True])
def test_an_old_letter_opts_out_the_contact_that_its_own_was_merged_into(client, both_invited):
    lost, middle, kept = (writable_contact() for _ in range(3))
    path = path_of(emails.opt_out_link(lost))
    if both_invited:  # then the emptied row stays, for its invitation could not follow
        campaign = InvitationFactory(contact=lost).campaign
        InvitationFactory(campaign=campaign, contact=middle)
    actors.merge_contacts(lost, into=middle, by=None)
    actors.merge_contacts(middle, into=kept, by=None)
    assert Contact.objects.filter(pk=lost.pk).exists() is both_invited
    assert "Me désinscrire" in client.get(path).content.decode()
    assert "Vous êtes désinscrit" in client.post(path).content.decode()
    kept.refresh_from_db()
    assert kept.opted_out_at is not None


def test_nobody_is_opted_out_by_a_link_to_somebody_who_never_was(client):
    expires = timezone.now() + timedelta(days=1)
    token = links.make(emails.OPT_OUT, "00000000-0000-4000-8000-000000000000", expires=expires)
    assert client.get(f"/desinscription/{token}/").status_code == 404


# Tokens are told to nobody -------------------------------------------------------------------------------


def line(message: str, *args) -> str:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    return json.loads(JSONFormatter().format(record))["message"]


def test_tokens_never_stand_in_logs(invitation, path):
    opt_out = path_of(emails.opt_out_link(invitation.contact))
    assert line("Not Found: %s", path) == "Not Found: /invitation/…/"
    assert line("GET %s?a=b 200", opt_out) == "GET /desinscription/…/?a=b 200"
    assert line(f'"GET {path} HTTP/1.1" 500') == '"GET /invitation/…/ HTTP/1.1" 500'


def test_a_refused_link_is_not_written_whole(client, path, caplog):
    client.get(path[:-2] + "x/")
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    token = path.split("/")[2]
    assert token[:20] in record.getMessage()
    assert token[:20] not in JSONFormatter().format(record)


def test_a_letter_read_at_the_desk_holds_no_way_in():
    launched_campaign(1)
    text = readable_text(Letter.objects.get())
    token = emails.link(Invitation.objects.get()).split("/")[4]
    assert "http://testserver/invitation/…" in text
    assert token[:20] not in text
