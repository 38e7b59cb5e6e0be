"""What was said with people: written down with somebody, followed up, told in the journal without a name."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import JournalEntry
from actors import actions
from actors.models import Interaction
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.actors import ActorFactory, ContactFactory
from tests.factories.interactions import InteractionFactory

LIST = "/bureau/actors/interaction/"


@pytest.fixture
def team(db):
    return TeamFactory(name="Aline Sillon")


def typed(team, **facts) -> dict:
    """What the form posts."""
    today = timezone.localdate().isoformat()
    given = {
        "date": today,
        "initial-date": today,
        "kind": "call",
        "staff": team.pk,
        "summary": "Le four banal.",
    }
    return {**given, "next_step": "", "next_step_on": "", "action_sheet": "", **facts}


def test_an_exchange_is_noted_from_the_sheet_of_a_person(team):
    contact = ContactFactory(name="Basile Moissonneur")
    client = logged_in(team)
    sheet = client.get(f"/bureau/actors/contact/{contact.pk}/change/").content.decode()
    address = f"{LIST}add/?contacts={contact.pk}"
    assert f'href="{address}"' in sheet
    form = client.get(address).context["adminform"].form
    assert (form.initial["contacts"], form.initial["staff"]) == ([str(contact.pk)], team.pk)
    client.post(address, typed(team, contacts=[contact.pk]))
    [noted] = Interaction.objects.all()
    assert ([*noted.contacts.all()], noted.staff, noted.kind) == ([contact], team, "call")


def test_the_journal_tells_neither_names_nor_words(team):
    contact, actor = ContactFactory(name="Basile Moissonneur"), ActorFactory(name="Le Four Fictif")
    client = logged_in(team)
    client.post(f"{LIST}add/", typed(team, contacts=[contact.pk], actors=[actor.pk], summary="Une dispute"))
    noted = Interaction.objects.get()
    client.post(f"{LIST}{noted.pk}/change/", typed(team, actors=[actor.pk], summary="Un accord"))
    lines = JournalEntry.objects.filter(verb__startswith="interaction.").order_by("pk")
    day = str(noted)
    assert [(line.verb, line.object_label, line.facts) for line in lines] == [
        ("interaction.recorded", day, {"kind": "call"}),
        ("interaction.corrected", day, {"fields": ["contacts", "summary"]}),
    ]
    assert day.startswith("appel du ")


def test_nobody_is_nobody(team):
    page = logged_in(team).post(f"{LIST}add/", typed(team))
    assert "une personne ou un acteur au moins" in page.content.decode()
    with pytest.raises(ValidationError, match="une personne ou un acteur au moins"):
        actions.record(InteractionFactory.build(staff=team), by=team, contacts=[], actors=[])
    assert Interaction.objects.count() == 0


def test_a_step_is_done_once_and_an_exchange_without_a_step_has_none_to_do(team):
    noted = InteractionFactory(next_step="Rappeler", next_step_on=timezone.localdate())
    client = logged_in(team)
    form = typed(team, contacts=[noted.contacts.get().pk], next_step="Rappeler")
    form |= {"next_step_on": noted.next_step_on.isoformat(), "_verb_done": "1"}
    for _again in range(2):
        client.post(f"{LIST}{noted.pk}/change/", form)
        noted.refresh_from_db()
        moment = noted.next_step_done_at
        assert moment is not None
    assert JournalEntry.objects.filter(verb="interaction.step_done").count() == 1
    with pytest.raises(ValidationError, match="pas de prochaine étape"):
        actions.done(InteractionFactory(), by=team)


def test_a_step_put_off_is_to_be_done_again(team):
    yesterday = timezone.localdate() - timedelta(days=1)
    noted = InteractionFactory(next_step="Rappeler", next_step_on=yesterday)
    actions.done(noted, by=team)
    noted.next_step_on = timezone.localdate()
    actions.correct(noted, by=team, contacts=noted.contacts.all(), actors=[], changed=["next_step_on"])
    noted.refresh_from_db()
    assert noted.next_step_done_at is None


@pytest.mark.parametrize(
    "broken", [{"next_step": "Rappeler"}, {"next_step_on": "2027-01-12"}, {"summary": ""}, {"kind": "fax"}]
)
def test_the_database_refuses_what_makes_no_sense(team, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        InteractionFactory(**broken)


def test_lists_tell_late_steps_from_those_of_today_and_those_to_come(team):
    today = timezone.localdate()
    late, now, later = (
        InteractionFactory(next_step="Rappeler", next_step_on=today + timedelta(days=days))
        for days in (-1, 0, 1)
    )
    InteractionFactory(next_step="Rappeler", next_step_on=today, next_step_done_at=timezone.now())
    text = InteractionFactory(to_reread=True)

    def listed(wanted):
        page = logged_in(team).get(LIST, {"a_faire": wanted})
        return [*page.context["cl"].result_list]

    assert listed("retard") == [late]
    assert listed("jour") == [now]
    assert sorted(one.pk for one in listed("etape")) == [late.pk, now.pk, later.pk]
    assert listed("relire") == [text]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_number_of_queries_whatever_it_holds(team, django_assert_num_queries, rows):
    for _n in range(rows):
        InteractionFactory(contacts=[ContactFactory(), ContactFactory()], actors=[ActorFactory()])
    client = logged_in(team)
    client.get(LIST)
    with django_assert_num_queries(11):
        client.get(LIST)


def test_what_was_said_follows_two_contacts_that_are_merged(team):
    kept, lost = ContactFactory(), ContactFactory()
    alone, together = InteractionFactory(contacts=[lost]), InteractionFactory(contacts=[kept, lost])
    actions.merge_contacts(lost, into=kept, by=team)
    assert [[*one.contacts.all()] for one in (alone, together)] == [[kept], [kept]]
