"""Letters in the desk: who reads what, and the two things that staff may do."""

import pytest
from django.urls import reverse

from accounts.models import User
from outbox import actions
from outbox.models import Letter
from tests.factories.outbox import write_letter, write_many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]
LIST = reverse("admin:outbox_letter_changelist")


@pytest.fixture
def desk(client):
    client.force_login(User.objects.create_superuser("chef@gal.example"))
    return client


def sheet(client, letter) -> str:
    return client.get(reverse("admin:outbox_letter_change", args=[letter.pk])).content.decode()


def test_a_letter_is_read_as_text_without_its_ways_in(desk):
    token = "eyJhbGciOi" * 5
    letter = write_letter(
        text=f"Bonjour <Ada>,\nhttps://gal.example/lien/{token}/\nhttps://gal.example/f?t={token}"
    )
    page = sheet(desk, letter)
    assert "Bonjour &lt;Ada&gt;,<br>https://gal.example/lien/…<br>https://gal.example/f?t=…" in page
    assert token not in page


def test_a_secret_is_never_read(desk):
    letter = write_letter(subject="Code 987-654", text="Votre code : 987-654", secret=True, kind="login-code")
    for page in (sheet(desk, letter), desk.get(LIST).content.decode()):
        assert "987-654" not in page
        assert "code de connexion" in page


def test_a_secret_is_not_guessed_by_filtering(desk):
    write_letter(text="Votre code : 987-654", secret=True, kind="login-code")
    for lookup in ("message__regex", "message__contains", "message"):
        assert desk.get(LIST, {lookup: "987"}).status_code == 400
    assert "login-code" in desk.get(LIST, {"kind": "login-code"}).content.decode()


def test_an_emptied_letter_says_so(desk, smtp_server, settings):
    settings.OUTBOX_KEEP_BODIES_DAYS = -1
    letter = write_letter()
    actions.sweep()
    actions.empty_bodies()
    assert "Le texte n’est plus conservé." in sheet(desk, letter)


def test_a_list_costs_the_same_for_one_and_for_three(desk, django_assert_num_queries):
    write_letter()
    desk.get(LIST)
    for _ in range(2):
        with django_assert_num_queries(6):
            desk.get(LIST)
        write_many(2, lane="bulk")


def test_search_finds_a_recipient(desk):
    write_letter(to="ada@commune.example", subject="Pour Ada")
    write_letter(to="bea@commune.example", subject="Pour Béa")
    page = desk.get(LIST, {"q": "ada@"}).content.decode()
    assert ("Pour Ada" in page, "Pour Béa" in page) == (True, False)


def act(client, action, *letters):
    return client.post(
        LIST, {"action": action, "_selected_action": [letter.pk for letter in letters]}, follow=True
    ).content.decode()


def test_staff_resend_what_failed_and_are_told_why_others_stay(desk, smtp_server):
    smtp_server.on_recipient = lambda address: "550 5.1.1 gone"
    failed = write_letter()
    actions.sweep()
    waiting = write_letter()
    page = act(desk, "resend", failed, waiting)
    assert "1 lettre est remise en route." in page
    assert (
        "Cette lettre est «\u00a0en attente\u00a0»\u00a0: elle ne peut pas devenir «\u00a0en attente\u00a0»."
        in page
    )
    failed.refresh_from_db()
    assert (failed.state, failed.resent_by) == ("queued", "chef@gal.example")


def test_staff_cancel_what_waits(desk):
    letter = write_letter()
    assert "1 lettre ne partira pas." in act(desk, "cancel", letter)
    letter.refresh_from_db()
    assert letter.state == "cancelled"


def test_nobody_writes_or_deletes_a_letter_here(desk):
    letter = write_letter()
    assert desk.get(reverse("admin:outbox_letter_add")).status_code == 403
    assert (
        desk.post(reverse("admin:outbox_letter_delete", args=[letter.pk]), {"post": "yes"}).status_code == 403
    )
    address = reverse("admin:outbox_letter_change", args=[letter.pk])
    assert desk.post(address, {"state": "sent"}).status_code == 403
    assert Letter.objects.get().state == "queued"
