"""Letters are rows of the caller's transaction."""

import pytest
from django.core.mail import EmailMessage, send_mail
from django.db import transaction

from outbox import actions
from outbox.models import Letter

pytestmark = pytest.mark.django_db


def test_a_letter_is_a_row_and_leaves_by_a_sweep(smtp_server):
    assert send_mail("Votre inscription", "À jeudi !", "portail@gal.example", ["ada@commune.example"]) == 1
    assert smtp_server.letters == []
    assert actions.sweep() == 1
    received = [(letter.recipients, letter.message["Subject"]) for letter in smtp_server.letters]
    assert received == [(["ada@commune.example"], "Votre inscription")]
    assert list(Letter.objects.values_list("state", "attempts", "pending")) == [("sent", 1, "")]


def test_a_rolled_back_caller_sends_nothing(smtp_server):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        EmailMessage("Confirmation", "…", None, ["ada@commune.example"]).send()
        _ = 1 / 0
    assert actions.sweep() == 0
    assert smtp_server.letters == []
