"""Delivery, letter by letter: what each answer of a server does, who may stop a letter, what is kept."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone

from outbox import actions, signals, vetoes
from outbox.choices import Lane, State
from outbox.models import Letter
from tests.factories.outbox import write_letter, write_many

pytestmark = pytest.mark.django_db


def fate(letter):
    letter.refresh_from_db()
    return letter.state, letter.attempts, letter.last_error


def make_due():
    Letter.objects.filter(state=State.QUEUED).update(next_try_at=timezone.now())


@pytest.fixture
def bounces():
    told = []

    def listen(sender, letter, address, code, answer, **kwargs):
        told.append((address, code))

    signals.bounced.connect(listen)
    yield told
    signals.bounced.disconnect(listen)


# What servers answer


@pytest.mark.parametrize("answer", ["450 4.2.0 greylisted", "451 later", "452 4.2.2 mailbox full"])
def test_a_temporary_refusal_is_tried_again_and_shown(smtp_server, bounces, answer):
    letter = write_letter()
    smtp_server.on_recipient = lambda address: answer
    assert actions.sweep() == 0
    assert fate(letter) == ("queued", 1, answer)
    assert letter.next_try_at > timezone.now()
    assert actions.sweep() == 0, "it is not due yet"
    smtp_server.on_recipient = lambda address: None
    make_due()
    assert actions.sweep() == 1
    assert fate(letter) == ("sent", 2, "")
    assert bounces == []


def test_421_is_tried_again_without_blame_and_ends_the_turn(smtp_server, bounces):
    first, second = write_many(2, lane="bulk")
    smtp_server.on_sender = lambda address: "421 4.3.2 shutting down"
    assert actions.sweep() == 0
    assert fate(first) == ("queued", 1, "421 4.3.2 shutting down")
    assert fate(second) == ("queued", 0, "")
    assert bounces == []


def test_550_bounces_at_once_and_is_not_tried_again(smtp_server, bounces):
    letter = write_letter(to="gone@commune.example")
    smtp_server.on_recipient = lambda address: f"550 5.1.1 no mailbox {address}"
    actions.sweep()
    assert fate(letter) == ("failed", 1, "550 5.1.1 no mailbox …")
    assert bounces == [("gone@commune.example", 550)]
    make_due()
    actions.sweep()
    assert fate(letter)[1] == 1


def test_550_on_the_text_bounces_too(smtp_server, bounces):
    letter = write_letter()
    smtp_server.on_text = lambda received: "550 5.1.1 unknown after all"
    actions.sweep()
    assert fate(letter) == ("failed", 1, "550 5.1.1 unknown after all")
    assert bounces == [("ada@commune.example", 550)]


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 blocked by policy", "554 5.6.0 looks like spam", "552 too big"]
)
def test_a_refusal_of_the_text_fails_without_blaming_the_mailbox(smtp_server, bounces, answer):
    letter = write_letter()
    smtp_server.on_text = lambda received: answer
    actions.sweep()
    assert fate(letter) == ("failed", 1, answer)
    assert bounces == []


@pytest.mark.parametrize("answer", ["530 5.7.0 authentication required", "550 5.7.1 sender not allowed"])
def test_a_server_that_refuses_us_is_no_bounce(smtp_server, bounces, answer):
    letter = write_letter()
    smtp_server.on_sender = lambda address: answer
    actions.sweep()
    assert fate(letter) == ("queued", 1, answer)
    assert bounces == []


def test_wrong_credentials_are_no_bounce(smtp_server, bounces, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portail", "faux"
    letter = write_letter()
    actions.sweep()
    state, attempts, error = fate(letter)
    assert (state, attempts, bounces) == ("queued", 1, [])
    assert error.startswith("SMTPNotSupportedError")


def test_nobody_listens(settings, free_port):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port
    first, second = write_letter(), write_letter()
    assert actions.sweep() == 0
    assert fate(first)[:2] == ("queued", 1)
    assert "ConnectionRefusedError" in first.last_error
    assert fate(second) == ("queued", 0, ""), "one letter tries the server, the others keep their place"


def test_a_server_that_hangs_is_left_after_the_timeout(silent_port, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", silent_port, 0.3
    letter = write_letter()
    assert actions.sweep() == 0
    assert fate(letter)[:2] == ("queued", 1)
    assert "TimeoutError" in letter.last_error or "timed out" in letter.last_error


def test_the_shipped_timeout_is_ten_seconds():
    from smartrural import settings as shipped

    assert shipped.EMAIL_TIMEOUT == 10


def test_each_recipient_has_an_own_fate(smtp_server, bounces):
    EmailMessage("Réunion", "…", "p@gal.example", ["a@x.example", "b@x.example"], ["gone@x.example"]).send()
    (letter,) = Letter.objects.all()
    answers = {"b@x.example": "450 later", "gone@x.example": "550 5.1.1 gone"}
    smtp_server.on_recipient = answers.get
    actions.sweep()
    assert fate(letter)[:2] == ("queued", 1)
    assert (letter.pending, letter.refused) == ("b@x.example", "gone@x.example")
    answers.clear()
    make_due()
    actions.sweep()
    assert fate(letter)[:2] == ("sent", 2)
    assert [received.recipients for received in smtp_server.letters] == [["a@x.example"], ["b@x.example"]]
    assert bounces == [("gone@x.example", 550)]


def test_all_recipients_refused_one_after_the_other_is_a_failure(smtp_server):
    EmailMessage("Réunion", "…", "p@gal.example", ["a@x.example", "b@x.example"]).send()
    (letter,) = Letter.objects.all()
    answers = {"a@x.example": "450 later", "b@x.example": "550 5.1.1 gone"}
    smtp_server.on_recipient = answers.get
    actions.sweep()
    answers["a@x.example"] = "550 5.1.1 gone as well"
    make_due()
    actions.sweep()
    assert fate(letter)[0] == "failed"
    assert letter.refused_addresses == ["b@x.example", "a@x.example"]


def test_a_transactional_letter_cut_off_in_its_text_leaves_again_under_the_same_id(smtp_server):
    letter = write_letter()
    smtp_server.hang_up_after_text = True
    actions.sweep()
    assert fate(letter)[:2] == ("queued", 1)
    smtp_server.hang_up_after_text = False
    make_due()
    actions.sweep()
    assert fate(letter)[:2] == ("sent", 2)
    assert smtp_server.times_by_id == {letter.message_id: 2}


@pytest.mark.parametrize("when", ["hang_up_in_text", "hang_up_after_text"])
def test_a_bulk_letter_cut_off_in_its_text_is_uncertain(smtp_server, when):
    first, second = write_many(2, lane="bulk")
    setattr(smtp_server, when, True)
    actions.sweep()
    assert fate(first)[:2] == ("uncertain", 1)
    assert fate(second) == ("queued", 0, "")
    setattr(smtp_server, when, False)
    actions.sweep()
    actions.sweep()
    assert fate(first)[:2] == ("uncertain", 1), "only a person sends it again"
    assert fate(second)[:2] == ("sent", 1)


def test_a_server_that_serves_few_letters_a_connection_is_called_again(smtp_server):
    served = {}

    def after_two(address):
        served[smtp_server.connections] = served.get(smtp_server.connections, 0) + 1
        return "421 too many letters" if served[smtp_server.connections] > 2 else None

    write_many(5, lane="bulk")
    before = smtp_server.connections
    smtp_server.on_sender = after_two
    assert actions.sweep() == 5
    assert smtp_server.connections - before == 3


def test_a_batch_uses_one_connection(smtp_server):
    write_many(45, lane="bulk")
    before = smtp_server.connections
    assert actions.deliver_due(Lane.BULK, seconds=60).sent == 45
    assert smtp_server.connections - before == 1


# Patience


def test_waits_double_up_to_six_hours(monkeypatch):
    monkeypatch.setattr(actions.random, "uniform", lambda low, high: 1.0)
    waits = [actions.wait_before(attempt) for attempt in (2, 3, 4, 11, 12)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 360, 360)]


def test_a_letter_is_given_up_after_the_last_try(smtp_server, settings):
    settings.OUTBOX_TRIES = 2
    smtp_server.on_recipient = lambda address: "450 later"
    letter = write_letter()
    for _ in range(3):
        make_due()
        actions.sweep()
    assert fate(letter) == ("failed", 2, "450 later")


def test_a_code_is_not_tried_for_days(smtp_server):
    smtp_server.on_recipient = lambda address: "450 later"
    letter = write_letter(secret=True)
    Letter.objects.update(created_at=timezone.now() - timedelta(hours=2))
    actions.sweep()
    assert fate(letter)[0] == "failed"
    assert bytes(letter.message) == b""


# Vetoes


def test_a_veto_between_writing_and_sending_stops_the_letter(smtp_server):
    stopped, leaving = write_letter(about="contact:1"), write_letter(about="contact:2")
    vetoes.register(lambda letter: "La personne s’est désinscrite." if letter.about == "contact:1" else None)
    assert actions.sweep() == 1
    assert fate(stopped)[::2] == ("cancelled", "La personne s’est désinscrite.")
    assert [received.message_id for received in smtp_server.letters] == [leaving.message_id]


def test_a_veto_is_asked_again_for_letters_already_claimed(smtp_server):
    first, second = write_many(2, lane="bulk")
    erased = []
    smtp_server.on_text = lambda received: erased.append(second.pk)
    vetoes.register(lambda letter: "Effacée" if letter.pk in erased else None)
    actions.sweep()
    assert (fate(first)[0], fate(second)[0]) == ("sent", "cancelled")


def test_a_veto_that_fails_is_no_permission(smtp_server, caplog):
    letter = write_letter()
    vetoes.register(lambda letter: 1 / 0)
    assert actions.sweep() == 0
    assert fate(letter) == ("queued", 1, "La vérification avant envoi a échoué.")
    assert smtp_server.letters == []


# Silent workers


def test_a_claim_that_was_not_begun_goes_back(smtp_server):
    letters = write_many(2, lane="bulk") + [write_letter()]
    for lane in Lane.values:
        actions.claim_next(lane)
    assert [fate(letter)[0] for letter in letters] == ["claimed"] * 3
    actions.recover()
    assert [fate(letter)[0] for letter in letters] == ["claimed"] * 3, "the lease is not over"
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    actions.recover()
    assert [fate(letter)[:2] for letter in letters] == [("queued", 0)] * 3


def test_what_had_begun_is_sent_again_or_uncertain_by_lane():
    bulk, urgent = write_letter(lane="bulk"), write_letter()
    for lane in Lane.values:
        (claimed,) = actions.claim_next(lane)
        assert actions._begin(claimed)
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    actions.recover()
    assert (fate(bulk)[0], fate(urgent)[0]) == ("uncertain", "queued")


def test_a_worker_that_comes_back_resolves_the_doubt():
    write_letter(lane="bulk")
    (claimed,) = actions.claim_next(Lane.BULK)
    assert actions._begin(claimed)
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    actions.recover()
    actions._settle(claimed, actions.Outcome(reached=["ada@commune.example"]))
    assert fate(claimed)[0] == "sent"


def test_a_worker_that_comes_back_never_touches_anothers_claim(caplog):
    write_letter()
    (slow,) = actions.claim_next(Lane.TRANSACTIONAL)
    Letter.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    actions.recover()
    (quick,) = actions.claim_next(Lane.TRANSACTIONAL)
    assert actions._begin(slow) is False
    assert actions._begin(quick) is True


# Lanes and rates


def test_a_code_asked_for_during_a_campaign_passes_in_front(smtp_server, monkeypatch):
    write_many(60, lane="bulk")
    written = []

    def ask_for_a_code(letter):
        if letter.lane == "bulk" and not written:
            written.append(write_letter(secret=True))

    vetoes.register(ask_for_a_code)
    actions.deliver_due(Lane.BULK, seconds=60)
    ids = [received.message_id for received in smtp_server.letters]
    assert ids.index(written[0].message_id) == actions.BATCH


def test_a_turn_ends_in_time_and_gives_back_what_it_had_claimed(smtp_server):
    write_many(30, lane="bulk")
    smtp_server.pause = 0.05
    turn = actions.deliver_due(Lane.BULK, seconds=0.2)
    assert turn.more is True
    assert dict(Letter.objects.count_by_state())["claimed"] == 0
    assert 0 < turn.sent < 30


def test_rates_are_kept_in_all_and_by_host(smtp_server, settings):
    settings.OUTBOX_BULK_PER_MINUTE, settings.OUTBOX_BULK_PER_HOST_PER_MINUTE = 50, 30
    write_many(40, lane="bulk")
    for number in range(25):
        write_letter(to=f"a{number}@ville.example", lane="bulk")
    assert actions.sweep() == 50
    hosts = [received.recipients[0].partition("@")[2] for received in smtp_server.letters]
    assert (hosts.count("village.example"), hosts.count("ville.example")) == (30, 20)
    assert actions.sweep() == 0
    Letter.objects.update(claimed_at=timezone.now() - timedelta(seconds=61))
    assert actions.sweep() == 15


def test_rates_do_not_hold_transactional_letters(smtp_server, settings):
    settings.OUTBOX_BULK_PER_MINUTE = 1
    write_many(3, lane="transactional")
    assert actions.sweep() == 3


# A person's decisions


def test_resend_keeps_the_id_and_says_who(smtp_server):
    letter = write_letter(lane="bulk")
    smtp_server.hang_up_after_text = True
    actions.sweep()
    smtp_server.hang_up_after_text = False
    heard = []

    def hear(sender, letter, verb, by, **kw):
        heard.append((verb, by))

    signals.handled.connect(hear)
    try:
        letter.refresh_from_db()
        actions.resend(letter, by="Anne")
    finally:
        signals.handled.disconnect(hear)
    assert heard == [("letter.resent", "Anne")]
    assert actions.sweep() == 1
    assert fate(letter)[0] == "sent"
    assert letter.resent_by == "Anne"
    assert smtp_server.times_by_id == {letter.message_id: 2}


def test_resend_after_a_refusal_writes_to_the_refused(smtp_server):
    letter = write_letter()
    smtp_server.on_recipient = lambda address: "550 5.1.1 gone"
    actions.sweep()
    smtp_server.on_recipient = lambda address: None
    actions.resend(letter, by="Anne")
    assert actions.sweep() == 1
    assert fate(letter)[:1] == ("sent",)


def test_illegal_moves_name_both_states(smtp_server):
    letter = write_letter()
    with pytest.raises(
        actions.IllegalMove,
        match="«\u00a0en attente\u00a0»\u00a0: elle ne peut pas devenir «\u00a0en attente\u00a0»",
    ):
        actions.resend(letter, by="Anne")
    actions.sweep()
    with pytest.raises(
        actions.IllegalMove,
        match="«\u00a0envoyée\u00a0»\u00a0: elle ne peut pas devenir «\u00a0annulée\u00a0»",
    ):
        actions.cancel(letter, by="Anne")


def test_cancel_keeps_a_letter_here(smtp_server):
    letter = write_letter(secret=True)
    actions.cancel(letter, by="Anne")
    assert actions.sweep() == 0
    assert fate(letter)[::2] == ("cancelled", "Annulée par Anne")
    assert bytes(letter.message) == b""


# What is kept


def test_a_secret_is_emptied_as_soon_as_it_is_sent(smtp_server):
    letter = write_letter(secret=True, subject="Code 4321")
    actions.sweep()
    letter.refresh_from_db()
    assert (letter.state, bytes(letter.message), letter.subject) == ("sent", b"", "")
    assert letter.emptied_at is not None
    assert smtp_server.letters[0].message["Subject"] == "Code 4321"


def test_bodies_are_emptied_by_retention_and_rows_stay(smtp_server, settings):
    settings.OUTBOX_KEEP_BODIES_DAYS = 90
    old, waiting = write_letter(subject="Ancienne"), write_letter()
    write_letter(subject="Récente")
    Letter.objects.filter(pk=waiting.pk).update(next_try_at=timezone.now() + timedelta(days=1))
    actions.sweep()
    Letter.objects.filter(pk__in=[old.pk, waiting.pk]).update(changed_at=timezone.now() - timedelta(days=91))
    assert actions.empty_bodies() == 1
    assert list(Letter.objects.filter(message=b"").values_list("subject", flat=True)) == ["Ancienne"]
    assert actions.empty_bodies() == 0
    old.refresh_from_db()
    Letter.objects.filter(pk=old.pk).update(state="failed", sent_at=None)
    with pytest.raises(actions.IllegalMove, match="n’est plus conservé"):
        actions.resend(old, by="Anne")


def test_erase_forgets_an_address_everywhere(smtp_server):
    sent = write_letter(to="ada@commune.example")
    actions.sweep()
    waiting, other = write_letter(to="Ada <ADA@commune.example>"), write_letter(to="zada@commune.example")
    assert actions.erase(address="ada@commune.example") == 2
    assert (fate(sent)[0], fate(waiting)[0], fate(other)[0]) == ("sent", "cancelled", "queued")
    assert (sent.recipients, waiting.recipients) == (actions.ERASED, actions.ERASED)
    assert [bytes(letter.message) for letter in (sent, waiting)] == [b"", b""]
    assert actions.sweep() == 1


# The database keeps the promises


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lost"},
        {"lane": "express"},
        {"state": "sent"},
        {"sent_at": timezone.now()},
        {"state": "claimed"},
        {"state": "uncertain"},
        {"state": "failed", "secret": True},
        {"secret": True, "subject": "Code"},
        {"emptied_at": timezone.now()},
    ],
)
def test_the_database_refuses_what_cannot_be(fields):
    letter = write_letter()
    if fields.get("state") == "failed":
        fields = {**fields, "subject": ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**fields)
