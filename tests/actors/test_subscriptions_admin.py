"""Subscriptions at the desk: read and filtered, counted by theme, stopped on demand, taken away with a proof."""

import csv
import io

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import JournalEntry
from actors import actions
from actors.models import DigestCopy, Subscription
from portal import digest
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import SubscriptionFactory
from tests.factories.territory import MunicipalityFactory, ThemeFactory

LIST = "/bureau/actors/subscription/"


@pytest.fixture
def desk(db):
    return logged_in(TeamFactory())


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_as_many_queries_with_one_row_and_with_three(desk, n, django_assert_num_queries):
    theme = ThemeFactory()
    for _ in range(n):
        SubscriptionFactory(themes=[theme], municipalities=[MunicipalityFactory()])
    with django_assert_num_queries(10):
        assert desk.get(LIST).status_code == 200


def addresses(answer) -> list[str]:
    return sorted(one.email for one in answer.context["cl"].queryset)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["a@exemple.invalid", "b@exemple.invalid", "c@exemple.invalid"]),
        ("state__exact=active", ["a@exemple.invalid", "b@exemple.invalid"]),
        ("sujet=needs", ["a@exemple.invalid", "c@exemple.invalid"]),
        ("sujet=rien", ["a@exemple.invalid", "b@exemple.invalid", "c@exemple.invalid"]),
        ("themes__id__exact=71", ["b@exemple.invalid"]),
        ("municipalities__id__exact=72", ["c@exemple.invalid"]),
        ("q=c@exemple", ["c@exemple.invalid"]),
    ],
)
def test_the_list_is_filtered_and_searched(desk, query, expected):
    SubscriptionFactory(email="a@exemple.invalid")
    SubscriptionFactory(email="b@exemple.invalid", about_needs=False, themes=[ThemeFactory(pk=71)])
    SubscriptionFactory(
        email="c@exemple.invalid", state="stopped", municipalities=[MunicipalityFactory(pk=72)]
    )
    assert addresses(desk.get(f"{LIST}?{query}")) == expected


def test_who_chose_nothing_is_found_by_the_words_that_say_so(desk):
    SubscriptionFactory(email="tout@exemple.invalid")
    chosen = {"themes": [ThemeFactory()], "municipalities": [MunicipalityFactory()]}
    SubscriptionFactory(email="un@exemple.invalid", **chosen)
    page = desk.get(LIST)
    choices = [
        choice
        for spec in page.context["cl"].filter_specs
        for choice in spec.choices(page.context["cl"])
        if str(choice["display"]) in ("tous les thèmes", "tout le territoire")
    ]
    assert [addresses(desk.get(LIST + choice["query_string"])) for choice in choices] == [
        ["tout@exemple.invalid"],
        ["tout@exemple.invalid"],
    ]


def test_active_subscriptions_are_counted_by_theme(desk):
    mobility, energy = ThemeFactory(name="Mobilité", order=1), ThemeFactory(name="Énergie", order=2)
    ThemeFactory(name="Culture", order=3)
    SubscriptionFactory(themes=[mobility, energy])
    SubscriptionFactory(themes=[mobility])
    SubscriptionFactory()
    SubscriptionFactory(themes=[energy], state="pending")
    assert desk.get(LIST).context["by_theme"] == [
        ("tous les thèmes", 1),
        ("Mobilité", 2),
        ("Énergie", 1),
        ("Culture", 0),
    ]


def test_without_anybody_nothing_is_counted(desk):
    ThemeFactory()
    answer = desk.get(LIST)
    assert answer.context["by_theme"] == []
    assert "Abonnements actifs" not in answer.content.decode()


def test_who_asks_by_telephone_is_stopped_by_a_button_and_choices_are_only_read(desk):
    subscription = SubscriptionFactory(themes=[ThemeFactory()])
    page = f"{LIST}{subscription.pk}/change/"
    desk.post(page, {"email": "autre@exemple.invalid", "about_needs": "", "_verb_stop": "1"})
    stopped = Subscription.objects.get()
    assert (stopped.state, stopped.email, stopped.about_needs) == ("stopped", subscription.email, True)
    assert JournalEntry.objects.get(verb="subscription.stopped").by_label != "système"
    assert "_verb_stop" not in desk.get(page).content.decode()


def test_the_journal_and_the_title_do_not_keep_the_address(desk):
    subscription = SubscriptionFactory(email="zelie@exemple.invalid")
    desk.post(f"{LIST}{subscription.pk}/change/", {"_verb_stop": "1"})
    told = " ".join(f"{one.object_label} {one.facts}" for one in JournalEntry.objects.all())
    assert "zelie" not in told


def test_addresses_are_taken_away_only_by_who_has_just_proved_to_be_there(db):
    user = TeamFactory()
    stale = Client()
    stale.force_login(user)
    asked = stale.get(f"{LIST}exporter/csv/")
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/compte/reauthenticate/")
    assert not JournalEntry.objects.filter(verb="subscription.exported").exists()


def test_the_list_is_taken_away_as_it_is_filtered_without_formulas(desk):
    SubscriptionFactory(
        email="=cmd@exemple.invalid", themes=[ThemeFactory(name="Mobilité")], about_projects=False
    )
    SubscriptionFactory(state="stopped")
    answer = desk.get(f"{LIST}exporter/csv/?state__exact=active")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (head, row) = csv.reader(io.StringIO(text), delimiter=";")
    assert head[:5] == ["Adresse e-mail", "État", "À propos", "Thèmes", "Communes"]
    assert row[:5] == [
        "'=cmd@exemple.invalid",
        "actif",
        "formations et rencontres, besoins partagés",
        "Mobilité",
        "",
    ]
    assert JournalEntry.objects.get(verb="subscription.exported").facts["rows"] == 1


def test_the_sheet_says_when_the_last_digest_was_written(desk):
    subscription = SubscriptionFactory()
    issue = actions.open_digest(digest.due(timezone.now()))
    copy = DigestCopy.objects.create(digest=issue, subscription=subscription)
    answer = desk.get(LIST)
    assert answer.context["cl"].queryset.get().last == copy.written_at
