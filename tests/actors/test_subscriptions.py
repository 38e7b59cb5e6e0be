"""« Me tenir au courant »: asked, confirmed by letter, changed, stopped; nobody is told who reads it."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings as shipped
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import links
from accounts.models import JournalEntry
from actors import actions, emails, tasks
from actors.choices import SubscriptionState
from actors.models import Contact, DigestCopy, Subscription
from outbox import signals
from outbox.models import Letter
from tests.factories.actors import ConsentFactory, ContactFactory, SubscriptionFactory
from tests.factories.outbox import write_many
from tests.factories.territory import MunicipalityFactory, ThemeFactory

FORM = "/me-tenir-au-courant/"
AT = timezone.make_aware(datetime(2026, 11, 22, 10))


@pytest.fixture
def mobility(db):
    return ThemeFactory(code="mobilite", name="Mobilité")


def ask(client=None, **data):
    return (client or Client()).post(FORM, {"email": "zelie@exemple.invalid", **data})


def link(purpose: str, subscription: Subscription, *, age=timedelta(), version=None) -> str:
    """The address of a link made `age` ago."""
    life, page = {
        emails.CONFIRM: (emails.CONFIRM_LIFE, "actors:subscription_confirm"),
        emails.MANAGE: (emails.MANAGE_LIFE, "actors:subscription_manage"),
        emails.STOP: (emails.STOP_LIFE, "actors:subscription_stop"),
    }[purpose]
    expires = timezone.now() + life - age
    version = version or subscription.version
    return reverse(page, args=[links.make(purpose, subscription.public_id, version=version, expires=expires)])


def main(answer) -> str:
    """What a page says, without its frame."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def mailed(kind: str) -> str:
    """The path of the first link of the last letter, which is of this kind."""
    letter = mail.outbox[-1]
    assert letter.extra_headers["X-Letter-Kind"] == kind
    return re.findall(r"http://testserver(/abonnement/\S+)", letter.body)[0]


def choices(subscription: Subscription) -> tuple:
    subscription.refresh_from_db()
    return (
        [subject.value for subject in subscription.subjects],
        [theme.code for theme in subscription.themes.all()],
        [place.slug for place in subscription.municipalities.all()],
    )


# Asked ---------------------------------------------------------------------------------------------------


def test_from_the_form_to_the_confirmation_without_an_account(places, mobility, client):
    answer = ask(client, email=" Zelie@Exemple.invalid ", sujets=["trainings"], themes=["mobilite"])
    assert (answer.status_code, answer["Location"]) == (302, f"{FORM}lettre-envoyee/")
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.state) == ("zelie@exemple.invalid", "pending")
    assert choices(subscription) == (["trainings"], ["mobilite"], [])
    assert mail.outbox[0].to == ["zelie@exemple.invalid"]
    address = mailed(emails.CONFIRM)
    shown = client.get(address)
    assert "Mobilité" in shown.content.decode()
    assert shown["X-Robots-Tag"] == "noindex"
    subscription.refresh_from_db()
    assert subscription.state == "pending", "mail scanners open links"
    done = client.post(address, follow=True)
    assert "C’est fait" in done.content.decode()
    subscription.refresh_from_db()
    assert subscription.state == "active"
    assert (subscription.text_version, subscription.source) == (
        actions.SUBSCRIPTION_TEXT,
        "page «\u00a0Me tenir au courant\u00a0»",
    )
    assert JournalEntry.objects.get(verb="subscription.confirmed").object_label.startswith("abonnement ")


def test_nothing_ticked_is_everything(places, mobility):
    ask()
    assert choices(Subscription.objects.get()) == (["trainings", "projects", "needs"], [], [])


def told(client) -> list[str]:
    """What the confirmation says was chosen: of what, which themes, where."""
    return re.findall(r"<dd>(.*?)</dd>", client.get(mailed(emails.CONFIRM)).content.decode())


def test_the_form_begins_with_nothing_ticked_and_the_confirmation_then_says_everything(
    places, mobility, client
):
    assert "checked" not in main(client.get(FORM))
    ask()
    assert told(client) == ["Tout", "Tous", "Tout le territoire"]


def test_one_subject_ticked_is_that_subject_alone(places, mobility, client):
    ask(sujets=["trainings"])
    assert choices(Subscription.objects.get()) == (["trainings"], [], [])
    assert told(client) == ["Formations et rencontres", "Tous", "Tout le territoire"]


def test_an_address_may_tick_a_commune_beforehand_and_nothing_that_does_not_exist(places, mobility, client):
    page = client.get(f"{FORM}?commune=incourt&commune=namur&theme=mobilite&theme=%00rien")
    form = page.context["form"]
    assert form.initial == {"themes": ["mobilite"], "communes": ["incourt"]}


@pytest.mark.parametrize("state", [None, *SubscriptionState.values])
def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(places, state):
    if state:
        SubscriptionFactory(email="zelie@exemple.invalid", state=state)
    first = ask()
    page = Client().get(first["Location"])
    assert (first.status_code, first["Location"], len(mail.outbox)) == (302, f"{FORM}lettre-envoyee/", 1)
    assert "zelie" not in page.content.decode()
    assert first.content + page.content == Client().get(first["Location"]).content


def test_a_stranger_cannot_change_what_an_active_subscription_is_about(places, mobility):
    subscription = SubscriptionFactory(email="zelie@exemple.invalid", themes=[mobility])
    ask(sujets=["needs"], communes=["incourt"])
    assert choices(subscription) == (["trainings", "projects", "needs"], ["mobilite"], [])
    assert subscription.state == "active"
    assert mailed(emails.MANAGE).startswith("/abonnement/choix/lien/")


def test_asked_again_before_it_is_confirmed_the_last_choices_count_and_both_letters_work(places, client):
    ask(communes=["incourt"])
    first = mailed(emails.CONFIRM)
    ask(communes=["orp-jauche"])
    assert choices(Subscription.objects.get()) == (
        ["trainings", "projects", "needs"],
        [],
        ["orp-jauche"],
    )
    client.post(first)
    assert Subscription.objects.get().state == "active"


@pytest.mark.parametrize(
    "data",
    [
        {"email": ""},
        {"email": "zelie@exemple.invalid\r\nBcc: tous@exemple.invalid"},
        {"email": "zelie@exemple.invalid\nBcc: tous@exemple.invalid"},
        {"email": f"{'z' * 300}@exemple.invalid"},
        {"email": "z@" + "a" * 300},
        {"email": "zelie\x00@exemple.invalid"},
        {"email": "zelie@exemple.invalid, tous@exemple.invalid"},
        {"email": "Zélie <zelie@exemple.invalid>"},
        {"themes": ["n’existe pas"]},
        {"themes": ["mobilite", "\x00"]},
        {"communes": ["namur"]},
        {"communes": ["9" * 400]},
        {"sujets": ["surveys"]},
        {"sujets": ["about_trainings' OR 1=1 --"]},
    ],
    ids=str,
)
def test_what_is_hostile_or_clumsy_is_refused_in_words_and_writes_nothing(places, mobility, data):
    answer = ask(**data)
    assert answer.status_code == 200
    assert "Une réponse à revoir" in answer.content.decode()
    assert (Subscription.objects.count(), len(mail.outbox)) == (0, 0)


def test_one_address_gets_three_letters_a_day_and_one_network_sixty_forms_an_hour(places):
    answers = [ask().status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert len(mail.outbox) == 3
    cache.clear()
    refused = [ask(email=f"personne{n}@exemple.invalid") for n in range(61)]
    assert [one.status_code for one in refused] == [302] * 60 + [429]
    kept = refused[-1].content.decode()
    assert "Rien n’est enregistré" in kept
    assert "personne60@exemple.invalid" in kept, "what was written is not lost"


def test_whoever_a_visitor_claims_to_be_the_network_is_counted(places, settings):
    settings.SUBSCRIPTIONS_PER_HOUR = 2

    def claim(n: int) -> int:
        data = {"email": f"personne{n}@exemple.invalid"}
        return Client().post(FORM, data, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code

    assert [claim(n) for n in range(3)] == [302, 302, 429]


def test_an_address_that_no_letter_can_be_sent_to_does_not_fail(db, settings):
    settings.EMAIL_BACKEND = "outbox.backend.OutboxBackend"
    actions.ask_subscription(email="pas une adresse", source="essai")
    assert Letter.objects.count() == 0


# Links ---------------------------------------------------------------------------------------------------


def test_a_link_opened_again_says_that_it_is_done(db, client):
    subscription = SubscriptionFactory()
    before = subscription.confirmed_at
    for answer in (client.get(link(emails.CONFIRM, subscription)),):
        assert "C’est fait" in answer.content.decode()
    assert client.post(link(emails.CONFIRM, subscription), follow=True).status_code == 200
    subscription.refresh_from_db()
    assert subscription.confirmed_at == before


@pytest.mark.parametrize("purpose", [emails.CONFIRM, emails.MANAGE, emails.STOP])
def test_a_link_that_was_altered_or_made_for_something_else_is_not_found(db, client, purpose):
    subscription = SubscriptionFactory()
    path = link(purpose, subscription)
    for other in (emails.CONFIRM, emails.MANAGE, emails.STOP):
        token = link(other, subscription).rstrip("/").rpartition("/")[2]
        borrowed = f"{path.rstrip('/').rpartition('/')[0]}/{token}/"
        assert client.get(borrowed).status_code == (200 if other == purpose else 404)
    assert client.get(path.rstrip("/") + "x/").status_code == 404
    assert client.post(path.rstrip("/") + "x/").status_code == 404


def test_a_link_whose_time_is_over_offers_a_new_one(db, client):
    subscription = SubscriptionFactory(state="pending")
    old = link(emails.CONFIRM, subscription, age=timedelta(days=8))
    answer = client.get(old)
    assert (answer.status_code, len(mail.outbox)) == (410, 0)
    assert "Recevoir un nouveau lien" in answer.content.decode()
    assert client.post(old).status_code == 200
    client.post(mailed(emails.CONFIRM))
    subscription.refresh_from_db()
    assert subscription.state == "active"


def test_a_new_link_is_asked_for_three_times_a_day_at_most(db, client):
    old = link(emails.MANAGE, SubscriptionFactory(), age=timedelta(days=400))
    assert [client.post(old).status_code for _ in range(5)] == [200] * 5
    assert [letter.extra_headers["X-Letter-Kind"] for letter in mail.outbox] == [emails.MANAGE] * 3


def test_the_page_of_an_old_link_does_not_say_whether_the_address_is_still_known(db, client):
    known, gone = (SubscriptionFactory(state="pending") for _ in range(2))
    old = link(emails.CONFIRM, gone, age=timedelta(days=8))
    fresh = link(emails.CONFIRM, gone)
    gone.delete()
    here = client.post(link(emails.CONFIRM, known, age=timedelta(days=8)))
    assert main(client.post(old)) == main(here)
    assert (client.get(fresh).status_code, len(mail.outbox)) == (410, 1)


def test_links_of_before_a_stop_neither_confirm_nor_change_the_new_subscription(places, client):
    subscription = SubscriptionFactory(email="zelie@exemple.invalid", state="stopped")
    ask()
    subscription.refresh_from_db()
    assert (subscription.state, subscription.version) == ("pending", 2)
    assert client.get(link(emails.CONFIRM, subscription, version=1)).status_code == 404
    assert client.get(link(emails.MANAGE, subscription, version=1)).status_code == 404
    client.post(link(emails.STOP, subscription, version=1))
    subscription.refresh_from_db()
    assert subscription.state == "stopped", "the right to stop has no end"


def test_choices_are_changed_by_the_link_and_shown_ticked(places, mobility, client):
    subscription = SubscriptionFactory(themes=[mobility], municipalities=[places["incourt"]])
    path = link(emails.MANAGE, subscription)
    shown = client.get(path).content.decode()
    assert re.findall(r'value="([\w-]+)"[^>]*checked', shown) == [
        *("trainings", "projects", "needs"),
        *("mobilite", "incourt"),
    ]
    answer = client.post(path, {"sujets": ["needs"], "communes": ["orp-jauche"]}, follow=True)
    assert "C’est noté" in answer.content.decode()
    assert choices(subscription) == (["needs"], [], ["orp-jauche"])


def test_a_commune_that_left_the_territory_may_stay_chosen(places, client):
    subscription = SubscriptionFactory(municipalities=[places["namur"]])
    path = link(emails.MANAGE, subscription)
    client.post(path, {"communes": ["namur", "incourt"]})
    assert sorted(choices(subscription)[2]) == ["incourt", "namur"]


# Stopped -------------------------------------------------------------------------------------------------


def test_one_click_stops_without_cookie_or_token_and_twice_changes_nothing(db):
    subscription = SubscriptionFactory()
    path = link(emails.STOP, subscription)
    strict = Client(enforce_csrf_checks=True)
    assert "Un clic suffit" in strict.get(path).content.decode()
    subscription.refresh_from_db()
    assert subscription.state == "active"
    answers = [strict.post(path, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    assert ["C’est arrêté" in answer.content.decode() for answer in answers] == [True, True]
    subscription.refresh_from_db()
    assert subscription.state == "stopped"
    assert JournalEntry.objects.filter(verb="subscription.stopped").count() == 1


def test_a_stop_works_ten_years_later_and_after_the_erasure(db, client):
    subscription = SubscriptionFactory()
    old = link(emails.STOP, subscription, age=timedelta(days=4000))
    client.post(old)
    subscription.refresh_from_db()
    assert subscription.state == "stopped"
    subscription.delete()
    for answer in (client.get(old), client.post(old)):
        assert (answer.status_code, "C’est arrêté" in answer.content.decode()) == (200, True)


def test_who_never_confirmed_may_refuse(db, client):
    subscription = SubscriptionFactory(state="pending")
    client.post(link(emails.STOP, subscription))
    assert "C’est arrêté" in client.get(link(emails.CONFIRM, subscription)).content.decode()
    client.post(link(emails.CONFIRM, subscription))
    subscription.refresh_from_db()
    assert (subscription.state, subscription.confirmed_at) == ("stopped", None)


def test_the_page_of_choices_says_when_it_is_stopped(db, client):
    subscription = SubscriptionFactory(state="stopped")
    path = link(emails.MANAGE, subscription)
    for answer in (client.get(path), client.post(path, {"sujets": ["needs"]})):
        assert "C’est arrêté" in answer.content.decode()
    assert choices(subscription)[0] == ["trainings", "projects", "needs"]


def test_an_address_refused_for_good_is_no_more_written_to(db):
    subscription = SubscriptionFactory(email="zelie@exemple.invalid")
    (letter,) = write_many(1, lane="bulk")
    for _ in range(2):
        signals.bounced.send(
            sender=Letter, letter=letter, address="Zelie@exemple.invalid", code=550, answer=""
        )
    subscription.refresh_from_db()
    assert subscription.state == "stopped"


# Of a contact --------------------------------------------------------------------------------------------


def test_a_subscription_makes_no_contact_and_leaves_a_contact_as_it_is(places, client):
    contact = ContactFactory(email="zelie@exemple.invalid")
    ConsentFactory(contact=contact)
    actions.opt_out(contact)
    ask()
    client.post(mailed(emails.CONFIRM))
    contact.refresh_from_db()
    assert (Contact.objects.count(), contact.opted_out_at is not None) == (1, True)
    assert not Contact.objects.writable().exists()
    actions.stop_subscription(Subscription.objects.get())
    actions.give_consent(contact, text_version="2", source="essai", by=None)
    assert Contact.objects.writable().get() == contact
    assert Subscription.objects.get().state == "stopped"


# Erased --------------------------------------------------------------------------------------------------


def test_what_nobody_confirmed_is_erased_after_a_fortnight_and_what_was_stopped_after_a_month(db):
    with time_machine.travel(AT, tick=False):
        for state in SubscriptionState.values:
            SubscriptionFactory(email=f"{state}@exemple.invalid", state=state)

    def left(after: timedelta) -> list[str]:
        with time_machine.travel(AT + after, tick=False):
            tasks.erase_subscriptions()
        return sorted(Subscription.objects.values_list("state", flat=True))

    second = timedelta(seconds=1)
    assert left(timedelta(days=14)) == ["active", "pending", "stopped"]
    assert left(timedelta(days=14) + second) == ["active", "stopped"]
    assert left(timedelta(days=30)) == ["active", "stopped"]
    assert left(timedelta(days=30) + second) == ["active"]
    assert left(timedelta(days=4000)) == ["active"]


def test_asked_again_it_waits_a_fortnight_more(places):
    with time_machine.travel(AT, tick=False):
        ask()
    with time_machine.travel(AT + timedelta(days=10), tick=False):
        ask()
    with time_machine.travel(AT + timedelta(days=20), tick=False):
        assert actions.erase_old_subscriptions() == 0


def test_the_number_erased_counts_subscriptions_alone(db):
    subscription = SubscriptionFactory(state="stopped", themes=[ThemeFactory()])
    Subscription.objects.update(stopped_at=AT - timedelta(days=40))
    digest = actions.open_digest(AT)
    DigestCopy.objects.create(digest=digest, subscription=subscription)
    with time_machine.travel(AT, tick=False):
        assert actions.erase_old_subscriptions() == 1


def test_who_got_which_digest_is_forgotten_after_a_year_and_the_subscription_stays(db):
    with time_machine.travel(AT, tick=False):
        subscription = SubscriptionFactory()
        Subscription.objects.update(confirmed_at=AT - timedelta(days=1))
        digest = actions.open_digest(AT)
        actions.write_next_copies(digest, compose=lambda one: EmailMessage(to=[one.email]))
    assert DigestCopy.objects.count() == 1
    with time_machine.travel(AT + timedelta(days=366), tick=False):
        assert actions.erase_old_subscriptions() == 0
    assert (DigestCopy.objects.count(), Subscription.objects.get()) == (0, subscription)


def test_beat_asks_for_it():
    asked = {entry["task"] for entry in shipped.CELERY_BEAT_SCHEDULE.values()}
    assert {tasks.erase_subscriptions.name, tasks.erase_suggestions.name} - asked == set()


# Promises of the database --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [
        {"email": "Zelie@exemple.invalid"},
        {"email": ""},
        {"state": "elsewhere"},
        {"about_trainings": False, "about_projects": False, "about_needs": False},
        {"source": ""},
        {"text_version": ""},
        {"state": "active", "confirmed_at": None},
        {"state": "pending", "confirmed_at": AT},
        {"state": "stopped", "stopped_at": None},
        {"state": "active", "stopped_at": AT},
    ],
    ids=str,
)
def test_the_database_refuses(db, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        SubscriptionFactory(**facts)


def test_an_address_has_one_subscription(db):
    SubscriptionFactory(email="zelie@exemple.invalid", state="stopped")
    with pytest.raises(IntegrityError), transaction.atomic():
        SubscriptionFactory(email="zelie@exemple.invalid")


# Letters and lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["pending", "active"])
def test_letters_are_in_text_and_html_with_the_same_links(places, state):
    SubscriptionFactory(email="zelie@exemple.invalid", state=state)
    ask()
    (letter,) = mail.outbox
    ((html, kind),) = letter.alternatives

    def found(text):
        # Two links of one second are the same: nothing in them is random.
        return set(re.findall(r"http://testserver/abonnement/[^\s\"<]+", text))

    assert kind == "text/html"
    assert found(letter.body) == found(html)
    assert len(found(html)) == 2
    assert "GAL Essai" in letter.body or "Groupe d’action locale" in letter.body


@pytest.mark.parametrize("n", [1, 3])
def test_the_form_costs_as_many_queries_whatever_the_territory(places, client, django_assert_num_queries, n):
    for _ in range(n):
        ThemeFactory()
        places["orp"].areas.first().municipalities.add(MunicipalityFactory())
    with django_assert_num_queries(3):
        client.get(FORM)
